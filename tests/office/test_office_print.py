"""Every ledger of the example opens in LibreOffice and prints: nothing is cut off, nothing lies over something else.

A text that does not fit into its row is cut off: lines that are wholly outside do not come into the PDF at all, others
stand out of their row. Both are looked for, and one ledger with rows that are too low shows that they are found.
"""

import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import need
from office_cases import FINANCE, converted, issued_example, ledgers, made_once
from office_pdf import Printed, bare, joined

TEXTS = ("task", "requirement", "time_limit")
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>仿宋_GB2312</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>方正小标宋简体</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>黑体</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
</fontconfig>"""
WITH_FONTS = (FINANCE, "区住房城乡建设局", "区政府办公室", "昆仑镇", "区档案馆", "区司法局")
LOWERED = "rows too low"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issued_example(tmp_path_factory)


@pytest.fixture(scope="module")
def printed(example: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Printed]:
    """Print all ledgers as a machine without the Windows fonts does, and the one with rows that are too low."""

    def make(folder: Path) -> None:
        spoilt = lowered(ledgers(example)[FINANCE], folder / f"{LOWERED}.xlsx")
        converted([*ledgers(example).values(), spoilt], "pdf", folder)

    folder = made_once(tmp_path_factory, "printed", make)
    sources = {**ledgers(example), LOWERED: folder / f"{LOWERED}.xlsx"}
    return {name: Printed(path, folder / f"{path.stem}.pdf") for name, path in sources.items()}


@pytest.fixture(scope="module")
def sound(printed: dict[str, Printed]) -> list[Printed]:
    return [each for name, each in printed.items() if name != LOWERED]


@pytest.fixture(scope="module")
def printed_with_fonts(example: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Printed]:
    """Print a few with fonts that are like the Windows fonts in the stead of those."""
    folder = tmp_path_factory.mktemp("fonts")
    (folder / "fonts.conf").write_text(FONTS, encoding="utf-8")
    paths = [ledgers(example)[unit] for unit in WITH_FONTS]
    converted(paths, "pdf", folder, {"FONTCONFIG_FILE": str(folder / "fonts.conf")})
    return [Printed(path, folder / f"{path.stem}.pdf") for path in paths]


def lowered(source: Path, target: Path) -> Path:
    """Take one line off the height of every body row."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                pattern = re.compile(r'(<row r="[1-9][0-9]"[^>]* ht=")([0-9.]+)"')
                data = pattern.sub(lambda row: f'{row[1]}{float(row[2]) - 16}"', data.decode()).encode()
            new.writestr(name, data)
    return target


def missing_texts(each: Printed) -> Iterator[tuple[str, str]]:
    """Find the office's texts that are not whole in their very cell."""
    tasks = {str(each.ledger.cell(task, "seq").value): task for task in each.ledger.rows()}
    for page in each.pages:
        for band in each.bands(page):
            task = tasks.pop(str(band.number))
            for column in TEXTS:
                wanted = bare(str(each.ledger.cell(task, column).value or ""))
                if joined(each.cell(page, band, column)) != wanted:
                    yield task, wanted
    assert not tasks


def outside(each: Printed) -> list[object]:
    return [found for page in each.pages for found in (*each.overlaps(page), *each.beyond(page))]


def test_every_page_is_a4_landscape(printed: dict[str, Printed]) -> None:
    assert len(printed) == 48 + 1
    for each in printed.values():
        assert {(round(page.width), round(page.height)) for page in each.pages} == {(842, 595)}


def test_pdfinfo_says_a4_too(printed: dict[str, Printed]) -> None:
    for each in list(printed.values())[::8]:
        said = subprocess.run([need("pdfinfo"), each.pdf], capture_output=True, text=True, check=True).stdout
        assert re.search(r"Page size: +841\.89 x 595\.\d+ pts \(A4\)", said), said


def test_the_column_titles_stand_on_every_page(sound: list[Printed]) -> None:
    for each in sound:
        for page in each.pages:
            for column in each.ledger.layout.columns:
                assert joined(each.column(page, column.id)).startswith(bare(column.title)), (column, page.footer)


def test_every_page_says_which_it_is_and_of_which_ledger(sound: list[Printed]) -> None:
    for each in sound:
        number = bare(str(each.ledger.sheet.cell(2, 1).value))
        assert number.startswith("台账编号：")
        feet = [page.footer for page in each.pages]
        assert feet == [f"{number}第{place}页共{len(feet)}页" for place in range(1, len(feet) + 1)]


def test_every_text_of_the_office_is_printed_whole(sound: list[Printed]) -> None:
    assert [(each.ledger.head_cell("unit").value, *found) for each in sound for found in missing_texts(each)] == []
    assert sum(len(each.ledger.rows()) for each in sound) == 1118


def test_what_stands_above_the_table_is_printed_whole(sound: list[Printed]) -> None:
    for each in sound:
        sheet = each.ledger.sheet
        text = each.pages[0].text
        cells = [cell for row in sheet.iter_rows(max_row=each.ledger.header - 1) for cell in row if cell.value]
        assert len(cells) > 15
        assert [cell for cell in cells if bare(str(cell.value)) not in text] == []


def test_nothing_lies_over_something_else_or_stands_out_of_its_row(sound: list[Printed]) -> None:
    assert [found for each in sound for found in outside(each)] == []


def test_with_fonts_like_those_of_windows_too(printed_with_fonts: list[Printed]) -> None:
    for each in printed_with_fonts:
        assert list(missing_texts(each)) == []
        assert outside(each) == []


def test_a_code_stands_on_one_line(sound: list[Printed]) -> None:
    broken = [
        joined(each.cell(page, band, "code"))
        for each in sound
        for page in each.pages
        for band in each.bands(page)
        if len(each.cell(page, band, "code")) != 1
    ]
    assert broken == []


def test_rows_that_are_too_low_are_found(printed: dict[str, Printed]) -> None:
    # Shows that the tests above can fail: one line is missing in every row.
    spoilt = printed[LOWERED]
    found = outside(spoilt)
    assert len(found) > len(spoilt.ledger.rows()) / 2
