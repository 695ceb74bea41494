"""Notice, brief, annual report and lists through the commands: drafts, signatures that freeze, edited files."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from builders import make_folder
from commands import ledgergen
from report_clerk import FIRST, ROUND, SECOND, TOWN, files, filled, kinds, report, returns
from word_files import paragraphs, tables, word_file


@pytest.fixture
def answered(issued_campaign: Path) -> Path:
    """Let one unit return in time, one late, one not at all."""
    returns(issued_campaign, FIRST, {**filled("1"), **filled("2"), **filled("3")})
    returns(issued_campaign, SECOND, {**filled("1", note="缺经费"), **filled("3")}, day="2022-07-12")
    return issued_campaign


def text(campaign: Path, name: str) -> str:
    return (campaign / "reports" / f"{name}.txt").read_text(encoding="utf-8-sig")


def test_the_notice_names_who_is_late_and_who_is_missing(answered: Path) -> None:
    ran = report(answered, "notice")
    assert ran.code == 0, ran.err
    said = text(answered, f"通报_{ROUND}_送审稿")
    assert f"未按要求报送台账的有{TOWN}，共1家" in said
    assert f"迟报台账的有{SECOND}，共1家" in said
    assert said.startswith("送审稿")
    assert "nobody has approved it" in ran.err


@pytest.mark.parametrize("kind", ["notice", "brief", "annual", "talk"])
def test_every_report_comes_in_three_forms_that_say_the_same(answered: Path, kind: str) -> None:
    ran = report(answered, kind, "--json")
    assert ran.code == 0, ran.out
    paths = [Path(each["path"]) for each in ran.json["files"]]
    assert [path.suffix for path in paths] == [".docx", ".txt", ".html"]
    word = paragraphs((answered / paths[0]).read_bytes())
    plain = (answered / paths[1]).read_text(encoding="utf-8-sig")
    html = (answered / paths[2]).read_text(encoding="utf-8")
    for line in filter(str.strip, word):
        assert line.strip() in plain
        assert line.strip() in html


def test_every_number_of_a_report_is_that_of_status(answered: Path) -> None:
    report(answered, "annual")
    status = ledgergen("status", "--json", "--as-of", "2022-07-20", at=answered).json
    (table,) = tables((answered / "reports" / f"年度报告素材_{ROUND}_送审稿.docx").read_bytes())
    stages = status["by_stage"]["tasks"]
    names = ("closed", "claimed", "on-track", "overdue", "silent", "not-concerned")
    assert table[-1] == ["合计", str(status["tasks"]["total"]), *(str(stages[name]) for name in names)]


def test_a_second_run_changes_nothing_and_a_dry_run_neither(answered: Path) -> None:
    dry = report(answered, "notice", "--dry-run")
    assert files(answered) == {}
    report(answered, "notice")
    before, events = files(answered), kinds(answered)
    again = report(answered, "notice", "--json")
    assert {each["verb"] for each in again.json["files"]} == {"same"}
    assert (files(answered), kinds(answered)) == (before, events)
    assert dry.out.splitlines() == report(answered, "notice", "--dry-run").out.replace("same", "new").splitlines()


def test_an_edited_report_is_kept(answered: Path) -> None:
    report(answered, "notice")
    edited = answered / "reports" / f"通报_{ROUND}_送审稿.txt"
    edited.write_text("领导改过", encoding="utf-8")
    returns(answered, TOWN, filled("3"), day="2022-07-13")
    ran = report(answered, "notice", "--json")
    verbs = {Path(each["path"]).suffix: each["verb"] for each in ran.json["files"]}
    assert verbs == {".docx": "changed", ".txt": "kept", ".html": "changed"}
    assert edited.read_text(encoding="utf-8") == "领导改过"


def approve(campaign: Path, *more: str) -> None:
    ran = report(campaign, "approve", "notice", "--by", "张三", "--on", "2022-07-21", *more)
    assert ran.code == 0, ran.err


def test_signing_freezes_the_figures_and_the_files(answered: Path) -> None:
    approve(answered)
    signed = {name: data for name, data in files(answered).items() if "送审稿" not in name}
    assert set(signed) == {f"通报_{ROUND}.{ending}" for ending in ("docx", "txt", "html")}
    assert "送审稿" not in text(answered, f"通报_{ROUND}")
    assert "2022年7月21日" in text(answered, f"通报_{ROUND}")
    returns(answered, TOWN, filled("3"), day="2022-07-13")
    ran = report(answered, "notice", "--json", as_of="")
    assert ran.json["approved"] == {"by": "张三", "on": "2022-07-21", "as_of": "2022-07-20"}
    assert {name: files(answered)[name] for name in signed} == signed


def test_a_signed_file_that_was_lost_or_edited_comes_back_as_it_was_signed(answered: Path) -> None:
    approve(answered)
    path = answered / "reports" / f"通报_{ROUND}.txt"
    signed = path.read_bytes()
    path.unlink()
    assert report(answered, "notice", as_of="").code == 0
    assert path.read_bytes() == signed
    path.write_text("改了", encoding="utf-8")
    ran = report(answered, "notice", "--json", as_of="")
    kept = next(each for each in ran.json["files"] if each["verb"] == "kept")
    assert (answered / kept["path"]).read_bytes() == signed


def test_a_template_changed_after_signing_changes_no_signed_report(answered: Path) -> None:
    approve(answered)
    signed = files(answered)
    make_folder(answered, {"templates/reports/.keep": ""})
    (answered / "templates/reports/notice.docx").write_bytes(word_file("另一个模板"))
    assert report(answered, "notice", as_of="").code == 0
    assert files(answered) == signed


def test_undo_takes_the_signature_back(answered: Path) -> None:
    approve(answered)
    assert ledgergen("undo", at=answered).code == 0
    ran = report(answered, "notice", "--json")
    assert ran.json["approved"] is None
    assert all("送审稿" in each["path"] for each in ran.json["files"])


def test_the_same_signature_again_adds_no_event_and_a_later_one_stands_over_it(answered: Path) -> None:
    approve(answered)
    events = kinds(answered)
    approve(answered)
    assert kinds(answered) == events
    returns(answered, TOWN, filled("3"), day="2022-07-13")
    approve(answered)
    assert kinds(answered).count("approved") == 2
    assert "未按要求报送" not in text(answered, f"通报_{ROUND}")


def test_another_day_than_the_one_signed_is_a_draft(answered: Path) -> None:
    approve(answered)
    ran = report(answered, "notice", "--json", as_of="2022-07-15")
    assert ran.json["approved"] is None


def test_the_file_that_was_edited_in_word_may_be_what_is_signed(answered: Path) -> None:
    edited = answered / "改过的.docx"
    edited.write_bytes(word_file("关于落实情况的通报", "领导改写的一段"))
    approve(answered, "--file", str(edited))
    assert (answered / "reports" / f"通报_{ROUND}.docx").read_bytes() == edited.read_bytes()
    assert "领导改写的一段" in text(answered, f"通报_{ROUND}")
    edited.unlink()
    (answered / "reports" / f"通报_{ROUND}.docx").unlink()
    assert report(answered, "notice", as_of="").code == 0
    assert paragraphs((answered / "reports" / f"通报_{ROUND}.docx").read_bytes())[1] == "领导改写的一段"


def test_a_signed_file_that_still_says_draft_is_a_finding(answered: Path) -> None:
    report(answered, "notice")
    draft = answered / "reports" / f"通报_{ROUND}_送审稿.docx"
    ran = report(answered, "approve", "notice", "--by", "张三", "--file", str(draft))
    assert ran.code == 0
    assert "approved-marked" in ran.err


@pytest.mark.parametrize(("what", "file"), [("page", "改过的.docx"), ("notice", "ledgergen.yaml")])
def test_only_a_word_file_of_a_report_in_word_may_be_signed(answered: Path, what: str, file: str) -> None:
    (answered / "改过的.docx").write_bytes(word_file("通报"))
    ran = report(answered, "approve", what, "--by", "张三", "--file", str(answered / file))
    assert ran.code == 2
    assert "approved" not in kinds(answered)


def test_every_original_that_an_approval_names_is_there(answered: Path) -> None:
    approve(answered)
    ran = ledgergen("verify", at=answered)
    assert ran.code == 0, ran.err


def test_a_dry_approval_leaves_no_trace(answered: Path) -> None:
    events = kinds(answered)
    assert report(answered, "approve", "notice", "--by", "张三", "--dry-run").code == 0
    assert (kinds(answered), files(answered)) == (events, {})


def test_the_office_s_own_template_goes_before_the_product_s(answered: Path) -> None:
    (answered / "templates/reports").mkdir(parents=True)
    (answered / "templates/reports/notice.docx").write_bytes(word_file("{{ campaign }}：{{ conclusion }}"))
    assert report(answered, "notice").code == 0
    assert text(answered, f"通报_{ROUND}_送审稿").strip().startswith("小型台账：截至2022年7月20日")


def test_a_faulty_template_is_named_and_nothing_is_written(answered: Path) -> None:
    (answered / "templates/reports").mkdir(parents=True)
    (answered / "templates/reports/notice.docx").write_bytes(word_file("{{ no_such_name }}"))
    ran = report(answered, "notice")
    assert ran.code == 2
    assert "templates/reports/notice.docx" in ran.err
    assert "template-faulty" in ran.err
    assert files(answered) == {}


def test_what_a_unit_typed_is_inert_in_all_forms(issued_campaign: Path) -> None:
    hostile = '=1+1{ INCLUDETEXT "x" }<script>alert(1)</script>{{ units }}'
    returns(issued_campaign, FIRST, filled("3", note=hostile))
    assert report(issued_campaign, "notice", as_of="2023-01-20").code == 0
    stem = issued_campaign / "reports" / f"通报_{ROUND}_送审稿"
    found = [cell for row in tables(stem.with_suffix(".docx").read_bytes())[0] for cell in row]
    assert hostile in found
    with ZipFile(stem.with_suffix(".docx")) as container:
        xml = container.read("word/document.xml").decode()
    assert "<w:fldSimple" not in xml
    assert "<w:instrText" not in xml
    assert "<script>" not in stem.with_suffix(".html").read_text(encoding="utf-8")


def test_annual_with_units_gives_every_unit_its_own_and_nothing_of_another(answered: Path) -> None:
    assert report(answered, "annual", "--units").code == 0
    place = answered / "reports" / "年度报告素材_各单位" / ROUND
    assert {path.stem for path in place.iterdir()} == {FIRST, SECOND, TOWN}
    said = "".join(paragraphs((place / f"{FIRST}.docx").read_bytes()))
    assert "承担《2022年工作方案》工作任务3项，其中牵头1项" in said
    assert SECOND not in said


def test_a_kind_that_does_not_exist_is_wrong_use(answered: Path) -> None:
    assert ledgergen("report", "nothing", at=answered).code == 2
    assert "notice" in ledgergen("report", "--help", at=answered).out
