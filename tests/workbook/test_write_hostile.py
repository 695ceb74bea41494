"""Texts that look like something else come back as they were, character for character, or with U+FFFD as documented."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ledgergen.records import Book, Task
from ledgergen.workbook.limits import CUT_MARK, TEXT, length, writable
from write_cases import book, ledger, schema_faults, zichuan

AS_THEY_WERE = (
    *("=1+1", '=HYPERLINK("http://example.invalid")', "{=1}", "@x", "+1", "-1", "'x", "#REF!", "#DIV/0!", "TRUE"),
    *("_x000D_", "a_x0041_b", "_xFFFF_", "<r>", "<r></r>", "<r><t>&x;</t></r>", "<r>甲</r>", "]]>", "&amp;", "<!--"),
    *("00123", "3.31", "1e5", "2022-06-15", "  前后有空格  ", "\u3000全角空格", "a\tb", "a\nb", "\u200b零宽\ufeff"),
    *("http://example.invalid", "mailto:x@example.invalid", "internal:Sheet1!A1", "😀", "𠮷", "\u202eabc", '"', "&"),
    "字" * TEXT,
)  # fmt: skip
REPLACED = {
    "a\x00b\x07c": "a\ufffdb\ufffdc",
    "\x1b[31m": "\ufffd[31m",
    "a\ud800b": "a\ufffdb",
    "\udfff": "\ufffd",
    "\x7f\x85": "\ufffd\ufffd",
    "\ufffe\uffff": "\ufffd\ufffd",
    "a\r\nb\rc": "a\nb\nc",
}


def with_requirement(text: str) -> Book:
    return book(given=(Task("1", "任务", text),))


def read_back(made: Book) -> tuple[str, str]:
    """Read the requirement of the one row through openpyxl and through calamine."""
    data, column = ledger(made), [column.id for column in zichuan().columns].index("requirement")
    sheet = openpyxl.load_workbook(BytesIO(data))[zichuan().sheet]
    row = next(row for row in range(1, 30) if sheet.cell(row, 1).value == "序号") + 1
    lines = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(zichuan().sheet)
    return str(sheet.cell(row, column + 1).value), str(lines.to_python(skip_empty_area=False)[row - 1][column])


@pytest.mark.parametrize("text", AS_THEY_WERE, ids=lambda text: repr(text[:12]))
def test_it_comes_back_character_for_character(text: str) -> None:
    assert read_back(with_requirement(text)) == (text, text)


@pytest.mark.parametrize(("text", "shown"), REPLACED.items(), ids=repr)
def test_what_no_cell_can_hold_is_replaced(text: str, shown: str) -> None:
    assert read_back(with_requirement(text)) == (shown, shown)


@pytest.mark.parametrize("text", ["字" * 40_000, "😀" * 40_000, "a" * 40_000])
def test_what_is_too_long_is_cut_and_says_so(text: str) -> None:
    shown, again = read_back(with_requirement(text))
    assert shown == again
    assert TEXT - 1 <= length(shown) <= TEXT
    assert shown.endswith(CUT_MARK)
    assert text.startswith(shown.removesuffix(CUT_MARK))


@given(st.text(alphabet=st.characters(), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_any_text_comes_back_as_it_was_made_writable(text: str) -> None:
    shown = writable(text)
    _, calamine = read_back(with_requirement(text))
    assert calamine == shown
    assert writable(shown) == shown


def test_a_file_of_hostile_texts_is_still_a_clean_file(tmp_path: Path) -> None:
    texts = (*AS_THEY_WERE, *REPLACED)
    given_ = tuple(Task(str(number), text, text, time_limit=text) for number, text in enumerate(texts, start=1))
    assert schema_faults(ledger(book(given=given_, unit="=1&\x00<单位>")), tmp_path) == []
