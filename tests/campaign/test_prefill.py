"""Filling in for the units, through the commands: what the ledgers show, what stands, and the workbook both ways."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from clerk import Ledger, put
from commands import Ran, ledgergen

FINANCE, PLANNING, TOWN = "区财政局", "区发改局", "昆仑镇"


def write(campaign: Path, yaml: str) -> None:
    (campaign / "prefill.yaml").write_text(yaml, encoding="utf-8")


def entries_text(campaign: Path) -> str:
    return (campaign / "prefill.yaml").read_text(encoding="utf-8")


def add_round(campaign: Path) -> None:
    settings = campaign / "ledgergen.yaml"
    line = "- {id: 2022Q3, name: 2022年第三季度, opens: 2022-09-20, due: 2022-10-10}\n"
    settings.write_text(settings.read_text(encoding="utf-8") + line, encoding="utf-8")


def ledger(campaign: Path, unit: str = FINANCE, round_id: str = "2022Q2") -> Ledger:
    (path,) = (campaign / "ledgers" / round_id).glob(f"{unit}_*.xlsx")
    return Ledger(path)


def fields(campaign: Path, round_id: str = "2022Q2") -> dict[tuple[str, str, str], dict[str, dict[str, Any]]]:
    rows = ledgergen("show", "--entries", "--json", "--round", round_id, at=campaign).json
    return {(row["unit"], row["task"], row["measure"]): row["fields"] for row in rows}


def events(campaign: Path) -> int:
    return len(list((campaign / ".ledgergen" / "journal").glob("*.json")))


def codes(ran: Ran) -> list[tuple[str, str]]:
    return [(found["where"], found["code"]) for found in ran.json["findings"]]


FILE = """\
# 代填
entries:
- {task: "1", units: [财政局], fields: {evidence: "https://www.example.invalid/a", published_on: 2022-06-30}}
- {task: "3", fields: {measure: 公布目录}}  # 各单位都一样
"""

# What the ledgers show, and what stands.


def test_what_is_filled_in_is_in_the_ledgers_of_its_units_only_and_not_asked_again(campaign: Path) -> None:
    asked = {each["unit"]: each["cells"] for each in ledgergen("generate", "--json", at=campaign).json["ledgers"]}
    write(campaign, FILE)
    ran = ledgergen("generate", "--json", at=campaign)
    assert ran.code == 0
    assert {each["unit"]: asked[each["unit"]] - each["cells"] for each in ran.json["ledgers"]} == {
        FINANCE: 1,  # of task 3; day and address were not asked as long as nothing is done
        PLANNING: 1,
        TOWN: 1,
    }
    mine, other = ledger(campaign), ledger(campaign, PLANNING)
    assert mine.cell("1", "evidence").value == "https://www.example.invalid/a"
    assert mine.cell("3", "measure").value == other.cell("3", "measure").value == "公布目录"
    assert other.cell("1", "evidence").value is None


def test_it_stands_with_the_ledger_as_its_source_until_the_unit_says_otherwise(campaign: Path) -> None:
    write(campaign, FILE)
    ledgergen("generate", at=campaign)
    found = fields(campaign)[FINANCE, "1", "1"]["published_on"]
    assert (found["text"], found["value"]) == ("2022-06-30", "2022-06-30")
    assert found["source"]["name"].startswith(FINANCE)
    assert found["source"]["received"] is None
    ledger(campaign).type({("1", "progress"): "已公开", ("3", "measure"): "编印目录"}).save(
        campaign / "inbox" / "a.xlsx"
    )
    ran = ledgergen("collect", "--json", at=campaign)
    assert ran.json[0]["returns"][0]["changed"] == 2
    stands = fields(campaign)
    assert stands[FINANCE, "1", "1"]["published_on"]["text"] == "2022-06-30"
    assert stands[FINANCE, "3", "1"]["measure"]["source"]["name"] == "a.xlsx"
    assert stands[PLANNING, "3", "1"]["measure"]["text"] == "公布目录"


def test_what_the_unit_wrote_in_an_earlier_round_wins_unless_the_entry_overrides(campaign: Path) -> None:
    add_round(campaign)
    ledgergen("generate", "--round", "2022Q2", at=campaign)
    ledger(campaign).type({("3", "measure"): "编印目录", ("1", "evidence"): "一季度网址"}).save(
        campaign / "inbox" / "a.xlsx"
    )
    ledgergen("collect", at=campaign)
    write(campaign, FILE)
    ledgergen("generate", "--round", "2022Q3", at=campaign)
    assert ledger(campaign, round_id="2022Q3").cell("3", "measure").value == "编印目录"
    assert ledger(campaign, round_id="2022Q3").cell("1", "evidence").value == "https://www.example.invalid/a"
    assert ledger(campaign, TOWN, "2022Q3").cell("3", "measure").value == "公布目录"
    write(campaign, FILE.replace('"3", ', '"3", override: true, '))
    ledgergen("generate", "--round", "2022Q3", at=campaign)
    assert ledger(campaign, round_id="2022Q3").cell("3", "measure").value == "公布目录"


def test_every_fault_is_said_by_check_and_stops_generating(campaign: Path) -> None:
    write(
        campaign,
        """\
entries:
- {task: "1", units: [昆仑镇], fields: {evidence: a}}
- {task: "2", fields: {published_on: 6月30日, status: 基本完成, progres: x}}
- {task: "2", measure: N7K2F, fields: {measure: a}}
""",
    )
    expected = [
        ("prefill.yaml:2:23", "prefill-not-theirs"),
        ("prefill.yaml:3:68", "prefill-column-unknown"),
        ("prefill.yaml:3:38", "prefill-not-date"),
        ("prefill.yaml:3:53", "prefill-not-choice"),
        ("prefill.yaml:4:10", "prefill-measure-unknown"),
    ]
    ran = ledgergen("check", "--json", at=campaign)
    assert ran.code == 1
    assert sorted(codes(ran)) == sorted(expected)
    assert ledgergen("generate", at=campaign).code == 1
    assert not (campaign / "ledgers").exists()


def test_the_file_is_kept_with_what_was_issued(campaign: Path) -> None:
    write(campaign, FILE)
    ledgergen("generate", at=campaign)
    kept = {path.read_bytes() for path in (campaign / ".ledgergen" / "originals").rglob("*") if path.is_file()}
    assert FILE.encode() in kept
    assert ledgergen("verify", at=campaign).code == 0


# The workbook.


class Sheet:
    """The exported workbook open in openpyxl: its cells by task, unit, measure and column title."""

    def __init__(self, path: Path) -> None:
        self.book: Workbook = load_workbook(path)
        self.sheet = cast("Worksheet", self.book.active)
        self.header = next(row for row in range(1, 10) if self.sheet.cell(row, 1).value == "任务编号")
        self.titles = {str(cell.value): int(cell.column or 0) for cell in self.sheet[self.header] if cell.value}

    def row(self, task: str, unit: str, measure: str = "1") -> int:
        """Find a row of the sheet."""
        wanted = (task, unit, measure)
        columns = [self.titles[title] for title in ("任务编号", "承担单位", "举措编号")]
        for row in range(self.header + 1, self.sheet.max_row + 1):
            if tuple(str(self.sheet.cell(row, column).value) for column in columns) == wanted:
                return row
        raise AssertionError(wanted)

    def cell(self, task: str, unit: str, title: str) -> Any:  # noqa: ANN401 - openpyxl's
        """Give a cell."""
        return self.sheet.cell(self.row(task, unit), self.titles[title])

    def type(self, typed: Mapping[tuple[str, str, str], object]) -> "Sheet":
        """Type; texts stay texts."""
        for (task, unit, title), value in typed.items():
            put(self.cell(task, unit, title), value)
        return self

    def save(self, path: Path) -> Path:
        """Save under a name."""
        self.book.save(path)
        return path


def exported(campaign: Path, *options: str) -> Path:
    path = campaign.parent / "代填.xlsx"
    path.unlink(missing_ok=True)
    ran = ledgergen("prefill", "export", path, *options, at=campaign)
    assert ran.code == 0, ran.err
    return path


def applied(campaign: Path, path: Path, *options: str) -> Ran:
    return ledgergen("prefill", "apply", path, "--json", *options, at=campaign)


def test_every_row_of_every_unit_is_there_with_what_is_known(campaign: Path) -> None:
    write(campaign, FILE)
    sheet = Sheet(exported(campaign))
    assert sheet.sheet.max_row - sheet.header == 6
    assert sheet.cell("3", TOWN, "工作举措").value == "公布目录"
    assert sheet.cell("1", FINANCE, "公开（完成）日期").value == "2022-06-30"
    assert sheet.cell("1", PLANNING, "公开（完成）日期").value is None


def test_some_units_and_tasks(campaign: Path) -> None:
    sheet = Sheet(exported(campaign, "--unit", "财政局", "--unit", TOWN, "--task", "3"))
    rows = sheet.sheet.iter_rows(min_row=sheet.header + 1, max_col=3, values_only=True)
    assert [(row[0], row[2]) for row in rows] == [("3", FINANCE), ("3", TOWN)]
    for option, name, code in (("--unit", "区财政厅", "unit-unknown-asked"), ("--task", "9", "prefill-task-asked")):
        ran = ledgergen("prefill", "export", option, name, at=campaign)
        assert (ran.code, code in ran.err) == (2, True)


def test_a_workbook_in_which_nothing_was_typed_changes_nothing(campaign: Path) -> None:
    for text in (None, FILE):
        if text:
            write(campaign, text)
        ledgergen("generate", at=campaign)
        path, before = exported(campaign), events(campaign)
        Sheet(path).save(path)
        ran = applied(campaign, path)
        assert (ran.code, ran.json["changes"], codes(ran)) == (0, [], [])
        assert (campaign / "prefill.yaml").exists() == bool(text)
        assert not text or entries_text(campaign) == text
        assert events(campaign) == before


def test_nor_does_one_that_was_exported_before_a_unit_reported(campaign: Path) -> None:
    add_round(campaign)
    ledgergen("generate", "--round", "2022Q2", at=campaign)
    path = exported(campaign, "--round", "2022Q3")
    ledger(campaign).type({("3", "measure"): "编印目录"}).save(campaign / "inbox" / "a.xlsx")
    ledgergen("collect", at=campaign)
    ran = applied(campaign, path)
    assert (ran.code, ran.json["changes"]) == (0, [])


def test_what_is_typed_goes_into_the_file_and_from_there_into_the_ledgers(campaign: Path) -> None:
    write(campaign, FILE)
    path = exported(campaign)
    typed = {
        ("1", FINANCE, "公开网址或佐证文件名"): "=SUM(A1)",
        ("2", FINANCE, "公开（完成）日期"): "6月28日",
        ("2", FINANCE, "落实状态"): "在办",
        ("3", TOWN, "工作举措"): "设公开栏\n每季更新",
        **{("1", unit, "本单位时限"): "季后10日内" for unit in (FINANCE, PLANNING)},
    }
    Sheet(path).type(typed).save(path)
    dry = applied(campaign, path, "--dry-run")
    assert entries_text(campaign) == FILE
    ran = applied(campaign, path)
    assert ran.json == dry.json
    assert (ran.code, codes(ran)) == (0, [])
    assert len(ran.json["changes"]) == 6
    assert (
        entries_text(campaign)
        == """\
# 代填
entries:
- {task: "1", units: [财政局], fields: {evidence: "=SUM(A1)", published_on: 2022-06-30}}
- {task: "3", units: [区财政局, 区发改局], fields: {measure: 公布目录}}  # 各单位都一样
- {task: "1", fields: {unit_limit: 季后10日内}}
- {task: "2", round: 2022Q2, fields: {status: 推进中, published_on: 2022-06-28}}
- {task: "3", units: [昆仑镇], fields: {measure: "设公开栏\\n每季更新"}}
"""
    )
    ledgergen("generate", at=campaign)
    assert ledger(campaign, TOWN).cell("3", "measure").value == "设公开栏\n每季更新"
    assert ledger(campaign).cell("1", "evidence").data_type == "s"
    before = events(campaign)
    assert applied(campaign, path).json["changes"] == []
    assert events(campaign) == before


def test_a_sorted_copy_with_moved_columns_and_a_further_row_is_understood(campaign: Path) -> None:
    path = exported(campaign)
    sheet = Sheet(path).type({("2", FINANCE, "工作举措"): "第一条"})
    lines = [[cell.value for cell in row] for row in sheet.sheet.iter_rows(min_row=sheet.header + 1)]
    further = list(lines[2])
    further[sheet.titles["举措编号"] - 1], further[sheet.titles["工作举措"] - 1] = "2", "第二条"
    book = Workbook()
    other = cast("Worksheet", book.active)
    titles = [cell.value for cell in sheet.sheet[sheet.header]]
    other.append(["某某的表"])
    for line in [titles, *sorted([*lines, further], key=str, reverse=True)]:
        other.append(["备注", *reversed(line)])
    book.save(path)
    ran = applied(campaign, path)
    assert [found["code"] for found in ran.json["findings"]] == ["prefill-book-unmarked"]
    ran = applied(campaign, path, "--round", "2022Q2")
    assert (ran.code, codes(ran)) == (0, [])
    assert [(each["measure"], each["after"]) for each in ran.json["changes"]] == [("2", "第二条"), ("1", "第一条")]
    ledgergen("generate", at=campaign)
    assert fields(campaign)[FINANCE, "2", "2"]["measure"]["text"] == "第二条"


def formula(sheet: Sheet) -> None:
    sheet.cell("1", FINANCE, "工作举措").value = "=1+1"


def bad_date(sheet: Sheet) -> None:
    sheet.type({("1", FINANCE, "公开（完成）日期"): "6月上旬"})


def bad_status(sheet: Sheet) -> None:
    sheet.type({("1", FINANCE, "落实状态"): "快了"})


def unknown_row(sheet: Sheet) -> None:
    line = [cell.value for cell in sheet.sheet[sheet.row("1", FINANCE)]][:-1]
    sheet.sheet.append(["2", line[1], TOWN, "1"])


def row_twice(sheet: Sheet) -> None:
    sheet.sheet.append([cell.value for cell in sheet.sheet[sheet.row("1", FINANCE)]])


def sorted_in_part(sheet: Sheet) -> None:
    one, other = sheet.row("1", FINANCE), sheet.row("3", TOWN)
    for column in (1, 2, 3):
        first, second = sheet.sheet.cell(one, column), sheet.sheet.cell(other, column)
        first.value, second.value = second.value, first.value


@pytest.mark.parametrize(
    ("change", "code", "cell"),
    [
        (formula, "prefill-cell-computed", "E5"),
        (bad_date, "prefill-not-date", "L5"),
        (bad_status, "prefill-not-choice", "I5"),
        (unknown_row, "prefill-row-unknown", "A11"),
        (row_twice, "prefill-row-twice", "A11"),
        (sorted_in_part, "prefill-row-shifted", "A5"),
    ],
)
def test_a_fault_is_at_its_cell_and_nothing_is_written(
    campaign: Path, change: Callable[[Sheet], None], code: str, cell: str
) -> None:
    path = exported(campaign)
    sheet = Sheet(path).type({("2", FINANCE, "工作举措"): "x"})
    change(sheet)
    sheet.save(path)
    ran = applied(campaign, path)
    assert ran.code == 1
    assert (f"代填.xlsx › 代填 › {cell}", code) in codes(ran)
    assert not (campaign / "prefill.yaml").exists()


def test_what_is_typed_over_the_units_words_overrides_and_says_so(campaign: Path) -> None:
    add_round(campaign)
    ledgergen("generate", "--round", "2022Q2", at=campaign)
    ledger(campaign).type({("3", "measure"): "编印目录"}).save(campaign / "inbox" / "a.xlsx")
    ledgergen("collect", at=campaign)
    path = exported(campaign, "--round", "2022Q3")
    Sheet(path).type({("3", FINANCE, "工作举措"): "按季编印目录"}).save(path)
    ran = applied(campaign, path)
    assert [found["code"] for found in ran.json["findings"]] == ["prefill-cell-overrides"]
    assert "override: true" in entries_text(campaign)
    path = exported(campaign, "--round", "2022Q3")
    assert Sheet(path).cell("3", FINANCE, "工作举措").value == "按季编印目录"
    Sheet(path).type({("3", FINANCE, "工作举措"): "清空"}).save(path)
    ran = applied(campaign, path)
    assert [found["code"] for found in ran.json["findings"]] == ["prefill-cell-stays"]
    assert "entries: []" in entries_text(campaign)


def test_applying_is_undone_and_done_again(campaign: Path) -> None:
    write(campaign, FILE)
    path = exported(campaign)
    Sheet(path).type({("3", TOWN, "工作举措"): "设公开栏"}).save(path)
    applied(campaign, path)
    changed = entries_text(campaign)
    assert ledgergen("undo", at=campaign).code == 0
    assert entries_text(campaign) == FILE
    assert ledgergen("undo", "2", at=campaign).code == 0
    assert entries_text(campaign) == changed


def test_an_export_that_was_typed_into_is_kept(campaign: Path) -> None:
    first = ledgergen("prefill", "export", "--json", at=campaign).json["files"][0]
    assert (first["path"], first["verb"], first["rows"]) == ("代填_2022Q2.xlsx", "new", 6)
    assert ledgergen("prefill", "export", "--json", at=campaign).json["files"][0]["verb"] == "same"
    path = campaign / first["path"]
    mine = Sheet(path).type({("3", TOWN, "工作举措"): "设公开栏"}).save(path).read_bytes()
    ran = ledgergen("prefill", "export", "--json", at=campaign)
    assert (ran.json["files"][0]["verb"], [found["code"] for found in ran.json["findings"]]) == ("kept", ["file-kept"])
    assert path.read_bytes() == mine
    assert applied(campaign, path).code == 0
    assert ledgergen("prefill", "export", "--json", at=campaign).json["files"][0]["verb"] == "changed"


def test_another_workbook_is_refused(campaign: Path, tmp_path: Path) -> None:
    ledgergen("generate", at=campaign)
    (path,) = (campaign / "ledgers" / "2022Q2").glob(f"{TOWN}*")
    assert [found["code"] for found in applied(campaign, path).json["findings"]] == ["prefill-book-unrecognised"]
    path = exported(campaign)
    settings = campaign / "ledgergen.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("id: small", "id: other"), encoding="utf-8")
    assert [found["code"] for found in applied(campaign, path).json["findings"]] == ["prefill-book-campaign"]
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04")
    assert applied(campaign, tmp_path / "x.xlsx").code == 1


def test_the_exported_workbook_is_no_return(campaign: Path) -> None:
    ledgergen("generate", at=campaign)
    ran = ledgergen("collect", exported(campaign), "--json", at=campaign)
    assert [found["code"] for found in ran.json[0]["findings"]] == ["own-report"]
