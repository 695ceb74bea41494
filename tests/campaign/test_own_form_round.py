"""The whole round with an office's own form: out as copies, filled by clerks, back, and every typed cell there."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from openpyxl.utils import get_column_letter

from commands import ledgergen
from ledgergen.campaign.design import form_faults
from ledgergen.workbook.layout import HIDDEN_CODE_TITLE
from own_form_rounds import (
    FORMS,
    ROUND,
    Office,
    OwnLedger,
    campaign_with,
    collected,
    converted,
    fields,
    generated,
    opened_office,
    schema_faults,
    table,
)

UNIT = "区财政局"
# What a clerk types into each form, by title, for every task; every column that the units fill is there.
TYPED: Mapping[str, Mapping[str, str]] = {
    "red_head": {"落实措施": "措施", "责任科室": "公开科", "进展情况": "=进展"},
    "two_rows": {"分管领导": "李某", "责任科室": "公开科", "状态": "推进中", "进展情况": "+进展", "备注": "-备注"},
    "emblem": {"工作措施": "@措施", "落实情况": "落实\n两行"},
    "protected": {"工作举措": "措施", "状态": "已完成", "完成情况": "完成"},
    "example": {"责任领导": "王某", "工作进展": "进展", "备注": "无"},
    "furnished": {"落实状态": "在办", "进展情况": "进展", "经验做法": "做法"},
    "plain_lines": {"措施": "措施", "进展": "进展"},
}
INPUTS = {
    "red_head": ("measure", "office", "progress"),
    "two_rows": ("leader", "office", "status", "progress", "note"),
    "emblem": ("measure", "progress"),
    "protected": ("measure", "status", "progress"),
    "example": ("leader", "progress", "note"),
    "furnished": ("status", "progress", "own_6c04a195"),
    "plain_lines": ("measure", "progress"),
}


def typed_in(ledger: OwnLedger, name: str) -> dict[str, dict[str, str]]:
    """Type something different into every input of every row; gives it by task and column id."""
    wanted: dict[str, dict[str, str]] = {}
    for task in ledger.rows:
        for column, (title, text) in zip(INPUTS[name], TYPED[name].items(), strict=True):
            value = text if column == "status" else f"{text}{task}"
            ledger.type({(task, title): value})
            wanted.setdefault(task, {})[column] = value
    return wanted


@pytest.mark.parametrize("name", FORMS)
def test_every_typed_cell_comes_out_and_an_unedited_copy_changes_nothing(name: str, tmp_path: Path) -> None:
    folder = campaign_with(tmp_path, FORMS[name]())
    paths = generated(folder)
    assert {each["verb"] for each in ledgergen("generate", "--json", at=folder).json["ledgers"]} == {"same"}
    (unedited,) = collected(folder, paths[UNIT]).json
    assert [each["changed"] for each in unedited["returns"]] == [0]
    assert [each["code"] for each in unedited["findings"]] == ["nothing-filled"]
    ledger = OwnLedger(paths[UNIT])
    wanted = typed_in(ledger, name)
    (back,) = collected(folder, ledger.save(tmp_path / "inbox" / "财政.xlsx")).json
    assert back["findings"] == []
    assert fields(folder) == wanted
    assert ledgergen("verify", at=folder).code == 0


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_through_libreoffice_every_typed_cell_comes_out_too(kind: str, tmp_path: Path) -> None:
    wanted, folders, files = {}, {}, []
    for name in FORMS:
        folders[name] = campaign_with(tmp_path / name, FORMS[name]())
        path = generated(folders[name])[UNIT]
        files.append(shutil.copy(path, tmp_path / f"{name}-unedited.xlsx"))
        ledger = OwnLedger(path)
        wanted[name] = typed_in(ledger, name)
        files.append(ledger.save(tmp_path / f"{name}-typed.xlsx"))
    saved = tmp_path / "saved"
    saved.mkdir()
    converted([Path(each) for each in files], kind, saved)
    for name, folder in folders.items():
        (unedited,) = collected(folder, saved / f"{name}-unedited.{kind}").json
        assert [each["changed"] for each in unedited["returns"]] == [0], name
        assert {each["code"] for each in unedited["findings"]} <= {"nothing-filled"}, name
        (back,) = collected(folder, saved / f"{name}-typed.{kind}").json
        assert back["findings"] == [], name
        assert fields(folder) == wanted[name]


def test_forms_that_libreoffice_has_saved_are_filled_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "saved").mkdir()
    for name, form in FORMS.items():
        (tmp_path / "forms" / f"{name}.xlsx").write_bytes(form())
    converted(sorted((tmp_path / "forms").iterdir()), "xlsx", tmp_path / "saved")
    for name in FORMS:
        folder = campaign_with(tmp_path / name, (tmp_path / "saved" / f"{name}.xlsx").read_bytes())
        path = generated(folder)[UNIT]
        assert schema_faults(path.read_bytes(), tmp_path) == [], name
        ledger = OwnLedger(path)
        wanted = typed_in(ledger, name)
        (back,) = collected(folder, ledger.save(tmp_path / f"{name}.xlsx")).json
        assert back["findings"] == [], name
        assert fields(folder) == wanted


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as found:
        yield found


@pytest.mark.parametrize("name", ["two_rows", "protected"])
def test_rows_that_libreoffice_has_sorted_are_found(name: str, office: Office, tmp_path: Path) -> None:
    folder = campaign_with(tmp_path, FORMS[name]())
    ledger = OwnLedger(generated(folder)[UNIT])
    wanted = typed_in(ledger, name)
    path, target = ledger.save(tmp_path / "typed.xlsx"), tmp_path / "sorted.xlsx"
    body = (
        f"A{min(ledger.rows.values())}:{get_column_letter(ledger.column(HIDDEN_CODE_TITLE))}{max(ledger.rows.values())}"
    )
    how = {"ByRows": True, "HasHeader": False, "UserDefIndex": 0, "Col1": 1, "Ascending1": False}
    office.edit(path, [["go", body], ["do", "DataSort", how]], xlsx=target)
    rows = OwnLedger(target).rows
    assert sorted(rows, key=lambda task: rows[task]) == sorted(rows, reverse=True)
    (back,) = collected(folder, target).json
    assert back["findings"] == []
    assert fields(folder) == wanted


def test_labels_that_share_a_cell_with_their_values_are_read(tmp_path: Path) -> None:
    folder = campaign_with(tmp_path, FORMS["protected"]())
    ledger = OwnLedger(generated(folder)[UNIT])
    text = ledger.sheet["A2"].value
    assert text.startswith("填报单位：区财政局  ")
    ledger.sheet["A2"].value = text.replace("填报人：", "填报人：张某").replace("联系电话：", "联系电话：0000-12")
    (back,) = collected(folder, ledger.save(tmp_path / "a.xlsx")).json
    assert back["findings"] == []
    assert {(row["filled_by"], row["phone"]) for row in fields(folder).values()} == {("张某", "0000-12")}


def test_signatures_below_the_table_are_no_rows_of_it(tmp_path: Path) -> None:
    folder = campaign_with(tmp_path, FORMS["red_head"]())
    ledger = OwnLedger(generated(folder)[UNIT])
    row = max(ledger.rows.values()) + 2
    text = ledger.sheet.cell(row, 1).value
    ledger.sheet.cell(row, 1).value = text.replace("审核人：", "审核人：赵某")
    ledger.sheet["E3"].value = "7月8日"
    (back,) = collected(folder, ledger.save(tmp_path / "a.xlsx")).json
    assert back["findings"] == []
    assert {(each["reviewer"], each["filled_on"]) for each in fields(folder).values()} == {("赵某", "7月8日")}


def test_an_inserted_row_is_a_further_measure(tmp_path: Path) -> None:
    folder = campaign_with(tmp_path, FORMS["emblem"]())
    ledger = OwnLedger(generated(folder)[UNIT])
    last = max(ledger.rows.values())
    ledger.sheet.insert_rows(last + 1)
    for column in range(1, 9):
        ledger.sheet.cell(last + 1, column).value = ledger.sheet.cell(last, column).value
    ledger.sheet.cell(last + 1, ledger.column("工作措施")).value = "又一条措施"
    (back,) = collected(folder, ledger.save(tmp_path / "a.xlsx")).json
    assert back["returns"][0]["rows"]["new"] == 1
    assert [each["code"] for each in back["findings"]] == ["row-new"]


def test_what_is_written_outside_the_form_is_quoted(tmp_path: Path) -> None:
    folder = campaign_with(tmp_path, FORMS["furnished"]())
    ledger = OwnLedger(generated(folder)[UNIT])
    ledger.sheet["B1"].value = "海棠市任务台账（草稿）"
    ledger.workbook["填表说明"]["A5"].value = "另有附件"
    (back,) = collected(folder, ledger.save(tmp_path / "a.xlsx")).json
    quoted = {each["where"]: each["message"] for each in back["findings"] if each["code"] == "text-outside"}
    assert [place.rpartition(" › ")[2] for place in quoted] == ["B1", "A5"]
    assert "一、本表按月报送。" not in "".join(quoted.values())


def test_a_later_round_is_prefilled_and_needs_the_form_of_then_no_more(tmp_path: Path) -> None:
    folder = campaign_with(tmp_path, FORMS["two_rows"]())
    ledger = OwnLedger(generated(folder)[UNIT])
    typed_in(ledger, "two_rows")
    assert collected(folder, ledger.save(tmp_path / "a.xlsx")).code == 0
    before = fields(folder)
    settings = folder / "ledgergen.yaml"
    text = settings.read_text(encoding="utf-8") + (
        "- {id: 2022Q3, name: 2022年第三季度, opens: 2022-09-15, due: 2022-10-10}\n"
    )
    settings.write_text(text, encoding="utf-8")
    (folder / "templates" / "our-form.xlsx").write_bytes(FORMS["red_head"]())
    ran = ledgergen("generate", "--round", "2022Q3", "--json", at=folder)
    assert ran.code == 0, ran.err
    later = OwnLedger(next((folder / "ledgers" / "2022Q3").glob("区财政局*")))
    assert later.cell("1", "责任科室").value == "公开科1"
    shown = ledgergen("show", "--entries", "--json", "--unit", UNIT, "--round", ROUND, at=folder).json
    assert {row["task"]: {key: each["text"] for key, each in row["fields"].items()} for row in shown} == before


def test_the_form_is_kept_and_named_in_the_journal(tmp_path: Path) -> None:
    form = FORMS["emblem"]()
    folder = campaign_with(tmp_path, form)
    generated(folder)
    (event,) = [json.loads(path.read_text("utf-8")) for path in (folder / ".ledgergen" / "journal").glob("*.json")]
    kept = {path.read_bytes() for path in (folder / ".ledgergen" / "originals").rglob("*") if path.is_file()}
    assert form in kept
    assert "form" in event["facts"]["plan"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("templates/nothing.xlsx", "form-missing"),
        ("../our-form.xlsx", "form-outside"),
        ("/etc/passwd", "form-outside"),
        ("templates\\\\our-form.xlsx", "form-outside"),
        ("templates/link.xlsx", "form-outside"),
    ],
)
def test_the_form_lies_in_the_campaigns_folder(written: str, code: str, tmp_path: Path) -> None:
    folder = campaign_with(tmp_path / "c", FORMS["emblem"]())
    (tmp_path / "our-form.xlsx").write_bytes(FORMS["emblem"]())
    (folder / "templates" / "link.xlsx").symlink_to(tmp_path / "our-form.xlsx")
    settings = folder / "ledgergen.yaml"
    text = settings.read_text(encoding="utf-8").replace("templates/our-form.xlsx", f'"{written}"')
    settings.write_text(text, encoding="utf-8")
    found = ledgergen("check", "--json", at=folder)
    assert found.code == 1
    assert [(each["where"], each["code"]) for each in found.json["findings"]] == [("ledgergen.yaml:3:20", code)]


def test_check_and_layout_check_say_what_is_unsure_and_the_answer_settles_it(tmp_path: Path) -> None:
    data = table(("序号", "工作任务", "工作举措", "完成时间"))
    unsure = campaign_with(tmp_path / "a", data)
    place = "templates/our-form.xlsx › Sheet1 › D1"
    for found in (ledgergen("check", "--json", at=unsure), ledgergen("layout", "check", "--json", at=unsure)):
        assert found.code == 1
        assert [(each["where"], each["code"]) for each in found.json["findings"]] == [(place, "form-title-near")]
    assert ledgergen("generate", at=unsure).code == 1
    settled = campaign_with(tmp_path / "b", data, "columns: {完成时间: time_limit}")
    assert ledgergen("check", "--json", at=settled).json["findings"] == []
    assert form_faults(settled) == []
    assert OwnLedger(generated(settled)[UNIT]).cell("2", "完成时间").value == "长期坚持"


def test_a_campaign_may_know_words_of_its_own(tmp_path: Path) -> None:
    folder = campaign_with(tmp_path, table(("顺号", "活儿", "咋办")))
    (folder / "templates" / "forms").mkdir()
    words = "columns: {seq: [顺号], task: [活儿], measure: [咋办], code: [编码]}\n"
    (folder / "templates" / "forms" / "words.yaml").write_text(words, encoding="utf-8")
    assert ledgergen("check", "--json", at=folder).json["findings"] == []
    assert OwnLedger(generated(folder)[UNIT]).cell("2", "活儿").value == "减税降费：推送各项减税政策"


def test_the_ledgers_are_no_bigger_a_question_than_the_form(tmp_path: Path) -> None:
    folder = campaign_with(tmp_path, FORMS["plain_lines"]())
    (found,) = [each for each in ledgergen("generate", "--json", at=folder).json["ledgers"] if each["unit"] == UNIT]
    assert (found["rows"], found["cells"]) == (3, 6)


def test_a_kick_back_of_an_own_form_comes_in_the_plain_look_and_is_known_again(tmp_path: Path) -> None:
    folder = campaign_with(tmp_path, FORMS["two_rows"]())
    paths = generated(folder)
    typed = {("1", "状态"): "差不多了", ("1", "进展情况"): "进展1", ("2", "备注"): "备注2"}
    assert collected(folder, OwnLedger(paths[UNIT]).type(typed).save(tmp_path / "inbox" / "财政.xlsx")).code == 0
    before = fields(folder)
    (made,) = ledgergen("answer", "--json", at=folder).json["answers"]
    assert (made["kind"], made["must"]) == ("kickback", 1)
    back = OwnLedger(folder / made["path"])
    (again,) = collected(folder, back.save(tmp_path / "inbox" / "原样.xlsx")).json
    assert (again["verdict"], [each["changed"] for each in again["returns"]]) == ("accepted", [0])
    assert fields(folder) == before
    (fixed,) = collected(folder, back.type({("1", "状态"): "推进中"}).save(tmp_path / "inbox" / "改.xlsx")).json
    assert (fixed["verdict"], [each["changed"] for each in fixed["returns"]]) == ("accepted", [1])
    assert fields(folder)["1"]["status"] == "推进中"
    assert schema_faults((folder / made["path"]).read_bytes(), tmp_path) == []
