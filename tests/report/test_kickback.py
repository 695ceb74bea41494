"""The kick-back file: clean, afresh from values, and recognised with nothing changed when it comes back untouched."""

import io
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgergen.campaign.checking import checked
from ledgergen.findings import Where, finding
from ledgergen.records import Role
from ledgergen.report.answers import Answer, answer_to
from ledgergen.report.kickback import SHEET
from ledgergen.report.told import points_of
from ledgergen.resources import resource_folder
from ledgergen.returns.accept import accept
from ledgergen.returns.decisions import Arrival, Verdict
from ledgergen.returns.shelf import Issued, Shelf
from ledgergen.workbook.layout import Face, Layout
from ledgergen.workbook.layout_file import load_layout
from ledgergen.workbook.pool import BoundedReader
from report_rounds import FACTS, Told, read_back, zichuan

sys.path.append(str(Path(__file__).resolve().parents[1] / "workbook"))
from write_cases import schema_faults

UNIT: Final = "区财政局"
LETTERS: Final = {
    name: (resource_folder("templates") / "answers" / name).read_text(encoding="utf-8")
    for name in ("kickback.txt.j2", "receipt.txt.j2")
}
WRONG: Final = {"status": "办结", "progress": '=HYPERLINK("http://bad.example.invalid","点这里")', "evidence": "@有"}


def layout_of(name: str, face: Face = Face.FIRST) -> Layout:
    data = (resource_folder("templates") / "layouts" / f"{name}.yaml").read_bytes()
    layout, findings = load_layout(data, name)
    assert layout is not None, findings
    return layout.for_face(face)


def told(layout: Layout | None = None) -> Told:
    made = Told(layout=layout or zichuan())
    return made.issue(UNIT, {"1": Role.LEAD, "2": (Role.RESPONSIBLE, 2), "3": Role.LEAD})


def answered(made: Told) -> Answer:
    (unit,) = made.progress.units
    return answer_to(unit.book, points_of(unit.book, checked([unit.book], {}, {})), FACTS, LETTERS)


def kicked_back(filled: Mapping[str | tuple[str, str], Mapping[str, str]], layout: Layout | None = None) -> Answer:
    return answered(told(layout).returns(UNIT, filled))


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return {name: container.read(name).decode("utf-8", "replace") for name in container.namelist()}


def test_the_validator_finds_no_fault_in_it(tmp_path: Path) -> None:
    assert schema_faults(kicked_back({"1": WRONG, ("2", "NABCD"): WRONG}).data, tmp_path) == []


def test_nothing_goes_out_but_values() -> None:
    made = parts(kicked_back({"1": WRONG}).data)
    assert not [
        name for name in made if any(each in name for each in ("external", "vba", "drawing", "comments", "media"))
    ]
    sheets = [text for name, text in made.items() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in text or "<hyperlink" in text for text in sheets)
    relations = "".join(text for name, text in made.items() if name.endswith(".rels"))
    assert "TargetMode" not in relations
    sheet = read_back(kicked_back({"1": WRONG}).data)[zichuan().sheet]
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if cell.value}
    assert (cells[WRONG["progress"]], cells["@有"]) == ("s", "s")


def test_the_same_state_is_the_same_bytes() -> None:
    assert kicked_back({"1": WRONG}).data == kicked_back({"1": WRONG}).data


def test_another_state_is_another_edition() -> None:
    one, other = (kicked_back({"1": {**WRONG, "note": text}}).ledger for text in ("甲", "乙"))
    assert one is not None
    assert other is not None
    assert one.edition != other.edition
    assert one.token == other.token


@pytest.mark.parametrize("face", list(Face))
@pytest.mark.parametrize("name", ["zichuan", "standard", "hazards", "internal"])
def test_on_every_layout_it_comes_back_as_it_went_out(name: str, face: Face, tmp_path: Path) -> None:
    layout = layout_of(name, face)
    done = next(each.text for each in layout.column("status").choices if each.reading == "已完成")
    made = told(layout).returns(UNIT, {"1": {"status": done}, ("2", "2"): {"progress": "召开会议1次"}})
    answer = answered(made)
    ledger = answer.ledger
    assert ledger is not None
    issued = Issued(ledger, layout, "1" * 64, "退.xlsx", "2022-07-09T00:00:00Z")
    with BoundedReader() as reader:
        workbook, faults = reader.read("退.xlsx", answer.data)
    arrival = Arrival("2" * 64, "退.xlsx", "2022-07-10T00:00:00Z")
    parcel = accept(workbook, faults, arrival, Shelf.of([*made.issued, issued]), {})
    assert parcel.verdict is Verdict.ACCEPTED
    assert {each.code for each in parcel.findings} <= {"nothing-filled", "round-earlier"}
    (returned,) = parcel.returns
    assert (returned.edition, returned.matched, returned.rows, dict(returned.head)) == (ledger.edition, 4, (), {})
    assert schema_faults(answer.data, tmp_path) == []


def test_what_was_said_when_a_return_was_decided_is_said_where_it_still_holds() -> None:
    cell, other = Where("区财政局.xlsx", sheet="台账", cell="L10"), Where("区财政局.xlsx", sheet="台账", cell="L12")
    formula = finding("formula-cell", cell, title="本期进展情况", text="=1+1")
    gone = finding("formula-cell", other, title="本期进展情况", text="=2+2")
    foreign = finding("row-of-another-book", cell, text="昆仑镇的行")
    made = told().returns(UNIT, {"1": {"status": "推进中", "progress": "=1+1"}}, findings=(formula, gone, foreign))
    answer = answered(made)
    assert [(point.code, point.came, point.must) for point in answer.points] == [("formula-cell", "台账 L10", True)]
    assert "昆仑镇" not in "".join(parts(answer.data).values())


def test_a_row_that_is_not_due_but_wrong_is_shown() -> None:
    made = told(layout_of("zichuan", Face.PROGRESS))
    (item,) = made.issued
    rows = tuple(row._replace(due=row.task != "1") for row in item.book.rows)
    made.issued = [replace(item, book=replace(item.book, rows=rows))]
    ledger = answered(made.returns(UNIT, {"1": WRONG})).ledger
    assert ledger is not None
    assert {row.task: row.due for row in ledger.rows} == {"1": True, "2": True, "3": True}


def test_the_list_speaks_of_every_point_and_the_letter_counts_them() -> None:
    answer = kicked_back({"1": WRONG, "3": {"status": "不涉及", "evidence": "有"}})
    rows = list(read_back(answer.data)[SHEET].iter_rows(values_only=True))
    header = next(index for index, row in enumerate(rows) if row[0] == "序号")
    assert [row[1] for row in rows[header + 1 :]] == ["须补正"] * 2 + ["请核对"] * 2
    assert any("有2处须补正，另有2处请核对" in str(row[0]) for row in rows[:header])
    assert all(all(row[index] for index in (2, 3, 4, 5, 7, 8)) for row in rows[header + 1 :])


@settings(max_examples=25)
@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_a_unit_wrote_goes_back_as_a_text(progress: str, note: str) -> None:
    texts = {name: text for name, text in (("progress", progress), ("note", note)) if text}
    data = kicked_back({"1": {"status": "办结", **texts}}).data
    sheet = read_back(data)[zichuan().sheet]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
