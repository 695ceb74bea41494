"""A text is never given too few lines, and its row never too little height: LibreOffice is asked."""

import random
import re
from collections.abc import Sequence
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from ledgergen.workbook.limits import ROW_HEIGHT
from ledgergen.workbook.look import _PIECE, _RUN_OR_PIECE, fitting, height_of_lines, lines_of, row_height
from write_cases import LIMITS, MEASURES, NAMES, REQUIREMENTS, SHIPPED, in_libreoffice, shipped

_SOURCE = "。".join((*REQUIREMENTS, *MEASURES, *filter(None, LIMITS)))
_RANDOM = random.Random(58)  # noqa: S311 - slices that are the same in every run
SLICES = tuple(
    _SOURCE[start : start + _RANDOM.randint(1, 150)] for start in (_RANDOM.randrange(len(_SOURCE)) for _ in range(60))
)
WIDTHS = (5, 8, 12, 18, 26, 40, 80)
SIZES = (7, 9, 10.5, 12, 16, 22)
TEXTS = (
    *REQUIREMENTS,
    *MEASURES,
    *filter(None, LIMITS),
    *NAMES,
    "政策文件" * 30,
    "一二三四五六七八九，一二三四五六七八九。" * 4,
    "（一）（二）（三）（四）（五）《办法》《规定》《条例》“甲”“乙”“丙”",
    "…………——————，，，，。。。。；；；；！！！！",
    "7K2F9Q-5-1-X",
    "https://www.example.invalid/zwgk/2022/06/15/index.html?id=1234567890&from=list",
    "The quick brown fox jumps over the lazy dog, and WWW MMM @@@ follow it",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 3,
    "公开各类信息1,234条，其中政策文件56件、解读材料78件（占比12.5%），较上年+3.4%",
    "第一行\n第二行比第一行长得多，长得多，长得多\n\n第四行",
    "张三 李四 王五 赵六 " * 6,
    "前面有  许多    空格      的文字" * 3,
    "①建立台账②明确责任③按时公开℃№√☑",
    "😀表情😀也要算够😀" * 3,
    "Ａ全角字母ＡＢＣ１２３" * 4,
    "x",
    "",
)

ALIASES = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>仿宋_GB2312</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
</fontconfig>"""


def sheet_without_heights(rows: Sequence[tuple[str, float, float]]) -> bytes:
    """Write a text to a row, in the column that has its width; not by the product, which always says a height."""
    target = BytesIO()
    workbook = Workbook(target, {"in_memory": True})
    sheet = workbook.add_worksheet()
    look = {"font_name": "仿宋_GB2312", "text_wrap": True}
    formats = {size: workbook.add_format({**look, "font_size": size}) for size in {row[2] for row in rows}}
    widths = sorted({row[1] for row in rows})
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    for row, (text, width, size) in enumerate(rows):
        sheet.write_string(row, widths.index(width), text, formats[size])
    sheet.write_string(len(rows), 0, "end")
    workbook.close()
    return target.getvalue()


@pytest.mark.parametrize("aliased", [True, False], ids=["with the fonts' names", "with other fonts in their stead"])
def test_no_height_is_too_small_for_libreoffice(tmp_path: Path, aliased: bool) -> None:  # noqa: FBT001
    rows = [*product(TEXTS, WIDTHS, SIZES), *product(SLICES, (8, 12, 18, 26), (10.5, 12))]
    assert len(rows) > 2000
    (tmp_path / "fonts.conf").write_text(ALIASES, encoding="utf-8")
    (tmp_path / "texts.xlsx").write_bytes(sheet_without_heights(rows))
    fonts = {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf")} if aliased else {}
    wanted = in_libreoffice("heights", tmp_path / "texts.xlsx", environment=fonts)["wanted"]
    assert isinstance(wanted, list)
    ours = [row_height([(text, width, size, 1)]) for text, width, size in rows]
    low = [(*row, own, want) for row, own, want in zip(rows, ours, wanted, strict=False) if own < min(want, ROW_HEIGHT)]
    assert low == []
    seen = [(own, want) for own, want in zip(ours, wanted, strict=False) if want < ROW_HEIGHT]
    assert sum(own for own, _ in seen) < 1.35 * sum(want for _, want in seen)  # never too small, and no desert either


LATIN = (
    *("Excel", "WPS Office", "The plan was published on the website.", "PDF", "No. 12", "Word 2016 (docx)", "A4"),
    *("https://www.example.invalid/zwgk/2022/06/15/index.html", "Open data portal"),
)
DIGITS = (
    *("2022-06-30", "2022年6月30日", "0533-5180082", "1,234", "12.5%", "100%", "20", "3.31", "13800000000", "58"),
    *("2022.6.30", "1", "4", "0000-0000000"),
)


def five_hundred_texts() -> list[str]:
    """Make texts as they stand in ledgers: sentences, one character, Latin, digits, mixed, up to 60 lines."""
    made = []
    for _ in range(500):
        length = _RANDOM.choice((1, 2, 4, 6, 9, 14, 20, 30, 45, 60, 90, 150))
        start = _RANDOM.randrange(len(_SOURCE) - length)
        sentence = _SOURCE[start : start + length]
        lines = "\n".join(_SOURCE[start + line : start + line + 3] for line in range(_RANDOM.choice((2, 3, 5, 20, 60))))
        mixed = f"{sentence}{_RANDOM.choice(DIGITS)}{sentence[: length // 2]}{_RANDOM.choice(LATIN)}"
        kinds = (sentence, sentence[0], _RANDOM.choice(LATIN), _RANDOM.choice(DIGITS), mixed, lines)
        made.append(_RANDOM.choices(kinds, (55, 7, 10, 10, 8, 10))[0])
    return made


@pytest.mark.parametrize(("aliased", "most"), [(True, 0.15), (False, 0.16)], ids=["fonts named", "other fonts"])
def test_few_rows_are_a_line_too_high_at_any_width_used(tmp_path: Path, aliased: bool, most: float) -> None:  # noqa: FBT001
    """Addresses may be broken in several ways, of which the one that needs most lines counts; ``most`` is with them."""
    used = sorted(
        (column.width, layout.style.body_size)
        for layout in map(shipped, SHIPPED)
        for column in layout.columns
        if column.id != "code"
    )
    widths = sorted(set(used))
    texts = five_hundred_texts()
    rows = [
        (text, *widths[(7 * number + 11 * turn) % len(widths)])
        for number, text in enumerate(texts)
        for turn in range(4)
    ]
    (tmp_path / "fonts.conf").write_text(ALIASES, encoding="utf-8")
    (tmp_path / "texts.xlsx").write_bytes(sheet_without_heights(rows))
    fonts = {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf")} if aliased else {}
    wanted = in_libreoffice("heights", tmp_path / "texts.xlsx", environment=fonts)["wanted"]
    assert isinstance(wanted, list)
    ours = [row_height([(text, width, size, 1)]) for text, width, size in rows]
    seen = [(row, own, want) for row, own, want in zip(rows, ours, wanted, strict=False) if want < ROW_HEIGHT]
    assert [each for each in seen if each[1] < each[2]] == []
    high = [
        each for each in seen if each[1] - each[2] >= height_of_lines(1, each[0][2]) - height_of_lines(0, each[0][2])
    ]
    assert len(high) <= most * len(seen), len(high) / len(seen)
    plain = [each for each in seen if "http" not in each[0][0]]
    assert sum("http" not in each[0][0] for each in high) <= 0.13 * len(plain)


def test_closing_marks_begin_no_line_and_opening_marks_end_none() -> None:
    room = 10 * 7 / (10 * 96 / 72)  # 5.25 em in a column of 10 characters at 10 points
    assert 5 < room < 6
    assert lines_of("一二三四五", 10, 10) == 1
    assert lines_of("一二三四五六七八九", 10, 10) == 2
    assert lines_of("一二三四五，六七八九", 10, 10) == 3  # 一二三四 | 五，六七八 | 九
    assert lines_of("一二三四五六七八九十", 10, 10) == 2
    assert lines_of("一二三四（五六七八九", 10, 10) == 3  # 一二三四 | （五六七八 | 九


def test_words_are_whole_unless_longer_than_a_line() -> None:
    assert lines_of("一二三 word", 10, 10) == 2
    assert lines_of("word wo", 10, 10) == 1
    assert lines_of("word wo word", 10, 10) == 2
    assert lines_of("a" * 40, 10, 10) == 5
    assert lines_of("http://a.b/cdef/ghijklm", 10, 10) == 3  # http://a.b/ | cdef/ | ghijklm


def test_an_empty_text_is_a_line_and_so_is_an_empty_paragraph() -> None:
    assert lines_of("", 10, 10) == 1
    assert lines_of("一\n\n二", 10, 10) == 3


def test_a_row_is_as_high_as_its_highest_cell_needs() -> None:
    high = ("政策文件" * 10, 10, 12, 1)
    assert row_height([("x", 10, 12, 1), high]) == row_height([high])
    assert row_height([("", 10, 12, 3)]) == height_of_lines(3, 12)
    assert row_height([("政" * 2000, 10, 12, 1)]) == ROW_HEIGHT


@given(st.text(max_size=80), st.sampled_from(WIDTHS), st.sampled_from(SIZES))
def test_more_room_never_needs_more_lines(text: str, width: int, size: float) -> None:
    assert 1 <= lines_of(text, width * 2, size) <= lines_of(text, width, size)
    assert lines_of(text, width, size / 2) <= lines_of(text, width, size)


@given(st.text(alphabet=st.sampled_from("政公，。（）“”ab W1-\n "), max_size=60))
def test_a_longer_text_never_needs_fewer_lines(text: str) -> None:
    # (A closing mark may pull the character before it to the next line, never back.)
    assert lines_of(text, 12, 12) <= lines_of(text + "政", 12, 12)


MIXED = st.text(
    st.one_of(
        st.sampled_from("公开政策，。《》（）、“”’…—12aZ/?-:.%$+ ４ＡⅧ①😀é"), st.characters(exclude_characters="\n\t")
    )
)


@given(MIXED)
def test_a_run_is_pieces_of_one_character(text: str) -> None:
    pieces = [each for run, piece in _RUN_OR_PIECE.findall(text) for each in (run or [piece])]
    assert pieces == re.findall(_PIECE, text)


@given(MIXED.filter(bool), st.floats(1, 60), st.sampled_from([9.0, 11.0, 16.0]))
def test_what_stands_before_a_line_end_needs_as_many_lines_by_itself(text: str, width: float, size: float) -> None:
    assert lines_of(f"{text}\n{text}", width, size) == 2 * lines_of(text, width, size)


@given(
    st.text(st.sampled_from("公a W\t😀①“—4é"), max_size=40), st.floats(0.5, 60), st.sampled_from([8.0, 9.0, 11.0, 16.0])
)
def test_so_many_characters_surely_fit_into_a_line(text: str, width: float, size: float) -> None:
    assert lines_of(text[: fitting(width, size)], width, size) == 1
    short = text[: fitting(width, size)]
    assert row_height([(short, width, size, 1)]) == row_height([("", width, size, 1)])
