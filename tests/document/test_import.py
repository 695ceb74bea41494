"""``ledgergen import``: a new campaign out of a document; a document put again into one that was edited since."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from commands import ledgergen
from ledgergen.document.draft import DraftTask
from ledgergen.document.identifiers import identifiers
from ledgergen.document.plan_text import name_of

FIRST = """\
青山县人民政府办公室关于印发2023年政务公开工作要点的通知
青政办发〔2023〕7号
各镇人民政府，县政府各部门：
现将《2023年青山县政务公开工作要点》印发给你们，请认真贯彻落实。
青山县人民政府办公室
2023年4月6日
2023年青山县政务公开工作要点
一、深化政策公开
1.公布现行有效的行政规范性文件，年底前完成。（责任单位：县司法局、县发展和改革委员会、各镇人民政府）
2.公布政策解读材料，做好政策咨询。（责任单位：县发改局）
二、强化保障
3.每季度检查一次政府网站的信息更新情况。（责任单位：县政府办公室等有关部门）
"""
CHANGED = (
    FIRST.replace("公布政策解读材料，做好政策咨询", "公布政策解读材料，持续做好政策咨询")
    .replace("（责任单位：县司法局、", "（责任单位：县司法局、县财政局、")
    .replace("二、强化保障", "3.公布财政预算和决算。\n二、强化保障")
    .replace("3.每季度", "4.每季度")
)


def written(folder: Path, text: str, name: str = "要点.txt") -> Path:
    """Write a document."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def plan_of(folder: Path) -> dict[str, dict[str, object]]:
    """Read the tasks of a campaign by their ids."""
    tasks = YAML(typ="safe").load(folder / "plan.yaml")["tasks"]
    return {task["id"]: task for task in tasks}


def units_of(folder: Path) -> dict[str, dict[str, object]]:
    """Read the units and groups of a campaign by their names."""
    found = YAML(typ="safe").load(folder / "units.yaml")
    return {each["name"]: each for each in (*found["units"], *found["groups"])}


def held(folder: Path) -> dict[Path, bytes]:
    """Read every file of a campaign but the lock."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "lock"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Import the first state of the document into a new folder."""
    monkeypatch.chdir(tmp_path)
    done = ledgergen("import", written(tmp_path, FIRST), "--into", "2023")
    assert done.code == 0, done.err
    assert done.out.split() == ["new", "2023/ledgergen.yaml", "new", "2023/plan.yaml", "new", "2023/units.yaml"]
    return tmp_path / "2023"


def test_a_document_becomes_a_campaign_that_holds(place: Path) -> None:
    plan = plan_of(place)
    assert list(plan) == ["1.1", "1.2", "2.3"]
    assert plan["1.1"]["responsible"] == ["县司法局", "县发展和改革委员会", "各镇人民政府"]
    assert plan["1.1"]["time_limit"] == "年底前完成"
    assert plan["1.2"]["section"] == ["一、深化政策公开"]
    units = units_of(place)
    assert units["县发展和改革委员会"]["aliases"] == ["县发改局"]
    assert units["各镇人民政府"]["kinds"] == ["镇"]
    settings = (place / "ledgergen.yaml").read_text(encoding="utf-8")
    assert 'name: "2023年青山县政务公开工作要点"' in settings
    text = (place / "plan.yaml").read_text(encoding="utf-8")
    assert "\n# 一、深化政策公开\n" in text
    assert "文号" not in text
    found = json.loads(ledgergen("check", "--json", at=place).out)
    assert found["tasks"] == 3
    assert {each["code"] for each in found["findings"] if each["severity"] == "error"} <= {"group-kind-unknown"}


def test_unnamed_units_are_a_group_of_their_own_and_are_marked(tmp_path: Path) -> None:
    path = written(tmp_path, FIRST.replace("县发改局）", "县发改局、有关部门）"))
    done = ledgergen("import", path, "--into", tmp_path / "2023")
    assert "document-group-pending" in done.err
    place = tmp_path / "2023"
    pending = [each for each in units_of(place).values() if each.get("pending")]
    assert [each["name"] for each in pending] == ["有关部门"]
    assert "# 待核：文件没有说明“有关部门”是哪些单位（1 项任务）" in (place / "units.yaml").read_text(encoding="utf-8")
    assert "  # 注：原文的单位名单以“等”结尾，可能没有列全" in (place / "plan.yaml").read_text(encoding="utf-8")


def test_a_second_import_changes_nothing(place: Path) -> None:
    before = held(place)
    done = ledgergen("import", "要点.txt", at=place)
    assert done.out.split() == ["same", "plan.yaml", "same", "units.yaml"]
    assert held(place) == before


def test_what_somebody_has_edited_stays_and_the_rest_follows_the_document(place: Path) -> None:
    plan = place / "plan.yaml"
    text = plan.read_text(encoding="utf-8")
    text = text.replace("name: 公布政策解读材料", "name: 政策解读").replace("tasks:\n", "tasks:\n# 一个批注\n")
    text = text.replace("time_limit: 年底前完成", "time_limit: 11月底前完成")
    text = text.replace("做好政策咨询", "做好12345热线咨询")
    plan.write_text(text, encoding="utf-8")
    done = ledgergen("import", written(place.parent, CHANGED), at=place)
    assert done.code == 0, done.err
    after = plan_of(place)
    assert list(after) == ["1.1", "1.2", "1.3", "2.3"]
    assert after["1.1"]["responsible"] == ["县司法局", "县财政局", "县发展和改革委员会", "各镇人民政府"]
    assert after["1.1"]["time_limit"] == "11月底前完成"
    assert after["1.2"]["name"] == "政策解读"
    assert after["1.2"]["requirement"] == "公布政策解读材料，做好12345热线咨询。"
    assert after["1.3"]["requirement"] == "公布财政预算和决算。"
    text = plan.read_text(encoding="utf-8")
    assert "# 一个批注\n" in text
    added = text[text.index('- id: "1.3"') : text.index('- id: "2.3"')]
    assert "# 待核：没有写责任单位，请补上" in added
    assert "县财政局" in units_of(place)
    assert "import-kept" in done.err
    assert "公布政策解读材料，持续做好政策咨询" in done.err
    assert "+  responsible: [县司法局, 县财政局, 县发展和改革委员会, 各镇人民政府]" in done.out
    again = ledgergen("import", "要点.txt", at=place)
    assert again.out.split() == ["same", "plan.yaml", "same", "units.yaml"]
    assert "import-kept" not in again.err


def test_a_task_that_the_document_has_no_more_is_said_and_stays(place: Path) -> None:
    shorter = FIRST.replace("2.公布政策解读材料，做好政策咨询。（责任单位：县发改局）\n", "").replace("3.每", "2.每")
    done = ledgergen("import", written(place.parent, shorter), at=place)
    assert "import-gone" in done.err
    assert list(plan_of(place)) == ["1.1", "1.2", "2.3"]


def test_nothing_is_written_with_dry_run(place: Path) -> None:
    before = held(place)
    path = written(place.parent, CHANGED)
    dry = ledgergen("import", path, "--dry-run", at=place)
    assert held(place) == before
    assert ledgergen("import", path, at=place).out == dry.out
    fresh = ledgergen("import", path, "--into", "other", "--dry-run")
    assert fresh.out.split() == ["new", "other/ledgergen.yaml", "new", "other/plan.yaml", "new", "other/units.yaml"]
    assert not (place.parent / "other").exists()


def test_json_alone_writes_nothing_and_answers_the_contract(place: Path) -> None:
    before = held(place)
    answer = json.loads(ledgergen("import", written(place.parent, CHANGED), "--json", at=place).out)
    assert held(place) == before
    assert {key: answer[key] for key in ("title", "document_number", "issuer", "issued", "year")} == {
        "title": "2023年青山县政务公开工作要点", "document_number": "青政办发〔2023〕7号",
        "issuer": "青山县人民政府办公室", "issued": "2023-04-06", "year": 2023,
    }  # fmt: skip
    assert "files" not in answer
    assert set(answer["tasks"][0]) >= {
        "number", "part", "section", "name", "requirement", "lead", "responsible", "supporting", "groups_as_written",
        "open_list", "time_limit", "deadline", "inherited", "doubtful", "doubt",
    }  # fmt: skip
    assert answer["tasks"][3]["open_list"] is True
    assert set(answer["tasks"][0]["deadline"]) == {
        "kind", "due", "every", "event", "within", "unit", "by", "start", "times", "before", "also",
    }  # fmt: skip
    assert answer["findings"][0]["code"]


def test_outside_a_campaign_the_draft_is_printed(tmp_path: Path) -> None:
    done = ledgergen("import", written(tmp_path, FIRST), at=tmp_path)
    assert [task["id"] for task in YAML(typ="safe").load(done.out)["tasks"]] == ["1.1", "1.2", "2.3"]
    assert [path.name for path in tmp_path.iterdir()] == ["要点.txt"]


def test_a_campaign_may_have_abbreviations_of_its_own(place: Path) -> None:
    table = place / "templates/abbreviations.yaml"
    table.parent.mkdir(exist_ok=True)
    (place / "units.yaml").unlink()
    table.write_text("families:\n- [发改局]\n- [司法局, 司法行政局]\n", encoding="utf-8")
    assert ledgergen("import", "要点.txt", at=place).code == 0
    assert {"县发展和改革委员会", "县发改局"} <= set(units_of(place))
    for fault in ("families: {}\n", "families: [发改局]\n", "families:\n- [发改局]\n- [发改局]\n", "names: []\n"):
        table.write_text(fault, encoding="utf-8")
        done = ledgergen("import", "要点.txt", at=place)
        assert (done.code, "templates/abbreviations.yaml" in done.err) == (1, True), fault


def test_the_starters_files_give_way_and_others_do_not(tmp_path: Path) -> None:
    path = written(tmp_path, FIRST)
    assert ledgergen("new", "started", at=tmp_path).code == 0
    assert ledgergen("import", path, at=tmp_path / "started").code == 0
    assert list(plan_of(tmp_path / "started")) == ["1.1", "1.2", "2.3"]
    (tmp_path / "full").mkdir()
    (tmp_path / "full/a.txt").write_text("a", encoding="utf-8")
    full = ledgergen("import", path, "--into", tmp_path / "full")
    assert full.code == 3
    assert "folder-not-empty" in full.err


def test_a_document_that_cannot_be_read_changes_nothing(place: Path) -> None:
    before = held(place)
    broken = place.parent / "坏.docx"
    broken.write_bytes(b"PK\3\4" + bytes(100))
    done = ledgergen("import", broken, at=place)
    assert done.code == 1
    assert "document-damaged" in done.err
    assert held(place) == before
    assert ledgergen("import", "没有.docx", at=place).code == 3


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        ([("1", ("一、甲", "（七）乙"), 0, False), ("1", ("一、甲", "（八）丙"), 0, False)], ["1.7.1", "1.8.1"]),
        ([("5", (), 1, False), ("5", (), 2, False)], ["5.1", "5.2"]),
        ([("1", ("一、甲",), 0, True), ("1", ("二、乙",), 0, True)], ["1", "2.1"]),
        ([("", (), 0, True), ("", (), 0, True)], ["N1", "N2"]),
        ([("（三）", (), 0, False), ("⑤", (), 0, False), ("第六条", (), 0, False)], ["3", "5", "6"]),
        ([("1.2", (), 0, True), ("1.2", (), 0, True)], ["1.2", "2T.1.2"]),
    ],
)
def test_ids_are_what_a_reader_sees(tasks: list[tuple[str, tuple[str, ...], int, bool]], expected: list[str]) -> None:
    made = [
        DraftTask(number, "做事", section=section, part=part or None, in_table=in_table)
        for number, section, part, in_table in tasks
    ]
    assert identifiers(made) == expected


@pytest.mark.parametrize(
    ("requirement", "name"),
    [
        ("坚持统筹兼顾，全面公开规划信息，做好服务。", "全面公开规划信息"),
        ("2023年6月底前，公布事项清单。", "公布事项清单"),
        ("做好。", "做好。"),
        ("", "（无名称）"),
    ],
)
def test_a_name_is_made_up_of_the_first_clause_that_says_something(requirement: str, name: str) -> None:
    assert name_of(DraftTask("1", requirement)) == name
