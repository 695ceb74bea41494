"""Summary sheets are inert: nothing that a unit wrote becomes a formula, in CSV or in a workbook."""

import csv
import io

import pytest

from ledgergen.records import Role
from ledgergen.report.sums import inert, sums, sums_csv, sums_workbook
from report_rounds import FACTS, Told, read_back


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_looks_like_a_formula_is_quoted(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["张三", "", "'=1", "1+1", " =1"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


def test_what_a_unit_wrote_as_its_leader_is_a_text_everywhere() -> None:
    told = Told().issue("区财政局", {"1": Role.LEAD}).issue("=cmd|' /C calc'!A0", {"1": Role.RESPONSIBLE})
    told.returns("区财政局", {"1": {"status": "推进中", "leader": '=HYPERLINK("x")'}})
    tables = sums(told.picture)
    leaders = next(each for each in tables if each.by == "leader")
    lines = list(csv.reader(io.StringIO(sums_csv(leaders).decode("utf-8-sig"))))
    assert [line[:2] for line in lines[1:3]] == [
        ["区财政局", '\'=HYPERLINK("x")'],
        ["'=cmd|' /C calc'!A0", "（未填）"],
    ]
    book = read_back(sums_workbook(FACTS, told.picture, tables))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}


def test_a_round_without_ledgers_has_tables_with_nothing_but_a_total() -> None:
    tables = sums(Told().picture)
    assert [len(each.rows) for each in tables] == [1, 1, 1, 1, 0]
    assert read_back(sums_workbook(FACTS, Told().picture, tables)).sheetnames[0] == "按单位"
