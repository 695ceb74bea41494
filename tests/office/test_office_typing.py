"""What is typed into a ledger comes out character for character, with the file, the sheet and the cell it stood in.

Every input cell of one ledger gets a text of its own, by openpyxl, and by LibreOffice as a program does it (setString)
and as a person does it (go to the cell, type, Enter). The cells have text format, so LibreOffice too keeps what is
typed; what it makes of a text that is put in as a *formula*, past the format, is told text by text.
"""

import hashlib
import random
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from clerk import Ledger, zichuan
from ledgergen.catalogue import CHECKS
from office_cases import FINANCE, Office, collected, copied, issued_example, ledgers, opened_office, shown

# Texts that can be had once only; {n} in the others makes each a text of its own.
ONCE = (
    *("TRUE", "FALSE", "true", "#N/A", "#DIV/0!", "#REF!", "=", "+", "-", "@", "'", '"', "''", "0", "-0", "1e400"),
    *("NaN", "inf", "None", "null", "１２", "√", "&lt;", "]]>", "_x", "\\", "😀", "𠮷", "\u200b甲", "\ufeff甲"),
)
MANY = (
    *("=1+{n}", "=SUM(A1:A{n})", '=HYPERLINK("https://www.example.invalid/{n}")', "=A1\n第二行{n}", "={n}中文"),
    *("+{n}", "+86 533 {n}", "-{n}.5", "-印发通知{n}", "@李某{n}", "=cmd|' /C calc'!A{n}", "{{=1+{n}}}"),
    *("'{n}", "'{n}'", '"{n}"', "“第{n}期”", "`{n}`", "{n};甲;乙", "{n},甲,乙", "<r><t>{n}</t></r>", "&amp;{n}&#10;"),
    *("\t行首制表{n}", "甲\t乙{n}", "第一行{n}\n第二行", "\n空行在前{n}", "空行在后{n}\n"),
    *("甲\n\n\n乙{n}", "{n}  ", "  {n}"),
    *("甲  乙{n}", "\u3000\u3000{n}", "{n}\u3000", "{n}\u3000内\u3000", "甲\u00a0{n}"),
    *("😀{n}👨‍👩‍👧", "𠮷{n}野家", "{n}𠀀𪚥", "e\u0301{n}"),
    *("_x000D_{n}", "_x005F_x000D_{n}", "{n}_x0041_", "\u202e{n}", "{n}é ñ ü ß", "ａｂｃ{n}", "第{n}㎡、①、Ⅳ、℃"),
    *("00{n}", "37030219800101{n:04}", "37030219800101{n:03}X", "{n}e5", "{n}E-5", "{n}/2", "{n}%"),
    *("{n}.30", "{n},234.50", "{n}:30", "{d}", "{d.year}/{d.month}/{d.day}", "{d.year}-{d.month}-{d.day}"),
    *("{d.year}年{d.month}月{d.day}日", "￥{n}", "{n}元", "0x{n}", "{n}.", ".{n}"),
    *("字" * 2990 + "{n}", "https://www.example.invalid/{n}?a=b&c=<d>", "详见附件{n}.docx"),
)
UNREADABLE = {"choice-unreadable", "date-unreadable"}  # notes on texts that are no status or no date; nothing else


class Place(NamedTuple):
    """An input cell: of a body row, or of the head block (no task)."""

    task: str
    column: str
    cell: str


def places(path: Path) -> list[Place]:
    """Give every input cell of a ledger."""
    made = Ledger(path)
    body = [(task, column.id) for task in made.rows() for column in made.layout.inputs]
    head = [item.id for item in made.layout.head_items if item.is_input]
    return [
        *(Place(task, column, made.cell(task, column).coordinate) for task, column in body),
        *(Place("", item, made.head_cell(item).coordinate) for item in head),
    ]


def canaries(count: int) -> dict[str, str]:
    """Make so many texts, no two alike, with their kinds; mixed, so that each kind comes into many columns."""
    texts = {text: text for text in ONCE}
    for number in range(count - len(ONCE)):
        kind = MANY[number % len(MANY)]
        texts[kind.format(n=number + 100, d=date(2022, 1, 1) + timedelta(days=number))] = kind
    assert len(texts) == count
    mixed = list(texts.items())
    random.Random(9).shuffle(mixed)  # noqa: S311 - the same in every run
    return dict(mixed)


def escaped(text: str) -> str:
    """Write a text that looks like an escape as Excel itself does (ECMA-376, ST_Xstring).

    openpyxl writes it as it stands, and then the file says something else: ``_x000D_`` is a carriage return.
    """
    return re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)


def kept(text: str, kind: str) -> str:
    """Tell what a file holds that LibreOffice saved, where that is not the text as it was typed.

    In .xlsx LibreOffice 7.4 escapes ``_x000D_`` as it should, but no ``_x005F_``: such a text loses one layer, for
    LibreOffice itself too. In .xls all is there, but calamine 0.9 takes a byte order mark off a text's beginning.
    """
    if kind == "xlsx" and text.startswith("_x005F_x"):
        return text.removeprefix("_x005F")
    return text.removeprefix("\ufeff") if kind == "xls" else text


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issued_example(tmp_path_factory)


@pytest.fixture(scope="module")
def typed(example: Path) -> dict[Place, str]:
    found = places(ledgers(example)[FINANCE])
    assert len({place.cell for place in found}) == len(found) > 250
    return dict(zip(found, canaries(len(found)), strict=True))


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as opened:
        yield opened


def fields(campaign: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Give what stands: body fields by task and column; of the head block, which stands in every row, one of each."""
    head = {item.id for item in zichuan().head_items}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in shown(campaign):
        for name, field in row["fields"].items():
            known = found.setdefault(("" if name in head else row["task"], name), field)
            assert known == field
    return found


def assert_all_came(campaign: Path, path: Path, expected: Mapping[Place, str]) -> None:
    """Collect one file and compare what stands with what was typed, with its source."""
    (said,) = collected(campaign, path)
    (returned,) = said["returns"]
    assert returned["rows"] == {"matched": 28, "new": 0, "missing": 0, "doubtful": 0}
    assert returned["changed"] == len(expected)
    assert {found["code"] for found in said["findings"]} <= UNREADABLE | set(CHECKS)
    found = fields(campaign)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert {place: found[place[:2]]["text"] for place in expected} == expected
    for place in expected:
        source = found[place[:2]]["source"]
        assert (source["name"], source["sheet"], source["cell"]) == (path.name, "台账", place.cell)
        assert source["sha256"] == sha256
    assert found.keys() == {place[:2] for place in expected}


def test_the_canaries_meet_every_column(typed: Mapping[Place, str]) -> None:
    assert {place.column for place in typed} == {
        *(column.id for column in zichuan().inputs),
        *(item.id for item in zichuan().head_items if item.is_input),
    }
    assert len({place.task for place in typed} - {""}) == 28
    assert sum(len(text) >= 2990 for text in typed.values()) >= 3
    kinds: dict[str, set[str]] = {}
    for place, (text, kind) in zip(typed, canaries(len(typed)).items(), strict=True):
        assert typed[place] == text
        kinds.setdefault(kind, set()).add(place.column)
    assert set(kinds) == {*ONCE, *MANY}
    assert min(len(kinds[kind]) for kind in MANY) > 1


def test_typed_by_openpyxl(example: Path, typed: Mapping[Place, str], tmp_path: Path) -> None:
    campaign = copied(example, tmp_path / "c")
    made = Ledger(ledgers(campaign)[FINANCE])

    body = {(place.task, place.column): escaped(text) for place, text in typed.items() if place.task}
    head = {place.column: escaped(text) for place, text in typed.items() if not place.task}
    path = made.type(body, head).save(tmp_path / "财政局（经办人填）.xlsx")
    assert_all_came(campaign, path, typed)


@pytest.fixture(scope="module")
def by_office(
    example: Path, typed: Mapping[Place, str], office: Office, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Path]]:
    """Type all texts into the ledger, as a program and as a person, and save it in three formats."""
    saved: dict[str, dict[str, Path]] = {}
    for step in ("set_string", "enter"):
        folder = tmp_path_factory.mktemp(step)
        saved[step] = {kind: folder / f"财政局 {step}.{kind}" for kind in ("xlsx", "ods", "xls")}
        steps = [(step, place.cell, text) for place, text in typed.items()]
        office.edit(ledgers(example)[FINANCE], steps, **saved[step])
    return saved


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
@pytest.mark.parametrize("step", ["set_string", "enter"])
def test_typed_in_libreoffice(
    example: Path, typed: Mapping[Place, str], by_office: Mapping[str, Mapping[str, Path]], tmp_path: Path,
    step: str, kind: str,
) -> None:  # fmt: skip
    campaign = copied(example, tmp_path / "c")
    expected = {place: kept(text, kind) for place, text in typed.items()}
    assert sum(text != typed[place] for place, text in expected.items()) == {"xlsx": 4, "ods": 0, "xls": 1}[kind]
    assert_all_came(campaign, by_office[step][kind], expected)


# Put in as a formula (a program does so, a person does not): past the text format of the cell, which stays; so what
# became a number is saved without any hint of the form it was typed in, as LibreOffice shows it itself then.
AS_FORMULA = {
    "第一行\n第二行": "第一行\n第二行",
    "007甲": "007甲",
    "  两头空  ": "  两头空  ",
    "37030219800101124X": "37030219800101124X",  # its last place is no check digit: nobody's number
    "#N/A": "#N/A",
    "6月底前": "6月底前",
    "@李某": "@李某",
    "-印发通知": "-印发通知",
    "+4月底": "+4月底",
    "𠮷野家😀": "𠮷野家😀",
    "_x000D_": "_x000D_",
    "2022.6.30": "2022.6.30",  # in English no date
    "'007": "007",  # a leading apostrophe says "text" and is not part of it
    "007": "7",  # a number has no leading zeros
    "1e5": "100000",
    "50%": "0.5",
    "6.30": "6.3",
    "1,234.50": "1234.5",
    "12:30": "0.520833333333333",  # the part of a day
    "1/2": None,  # a day of the current year
    "2022-6-30": "44742",  # the number of a day
    "TRUE": "1",  # LibreOffice counts truth
    "370302198001012234": "370302198001012000",  # it keeps 15 digits
    "=1+1": "=1+1",
    '="甲"&"乙"': '="甲"&"乙"',
    "=A1": "=A1",
}
FORMULAS = {"=1+1", '="甲"&"乙"', "=A1"}


def test_put_in_as_a_formula_what_becomes_of_it(example: Path, office: Office, tmp_path: Path) -> None:
    campaign = copied(example, tmp_path / "c")
    source = ledgers(campaign)[FINANCE]
    free = [place for place in places(source) if place.column in ("progress", "measure")]
    given = dict(zip(free, AS_FORMULA, strict=False))
    assert len(given) == len(AS_FORMULA)
    path = tmp_path / "公式.xlsx"
    office.edit(source, [("set_formula", place.cell, text) for place, text in given.items()], xlsx=path)
    (said,) = collected(campaign, path)
    found = fields(campaign)
    got = {text: found[place[:2]]["text"] for place, text in given.items()}
    expected = {text: got[text] if text == "1/2" else became for text, became in AS_FORMULA.items()}
    assert got == expected
    assert got["1/2"].isdecimal()
    # A formula is taken as the text it is, and said; what it came to is nobody's statement.
    told = {(each["code"], each["where"].rpartition(" › ")[2]) for each in said["findings"]}
    assert {each for each in told if each[0] not in CHECKS} == {
        ("formula-cell", place.cell) for place, text in given.items() if text in FORMULAS
    }
    assert {found[place[:2]]["value"] for place, text in given.items() if text in FORMULAS} == FORMULAS


def test_a_day_typed_as_a_formula_is_still_the_day(example: Path, office: Office, tmp_path: Path) -> None:
    campaign = copied(example, tmp_path / "c")
    place = next(each for each in places(ledgers(campaign)[FINANCE]) if each.column == "published_on")
    path = tmp_path / "日期.xlsx"
    office.edit(ledgers(campaign)[FINANCE], [("set_formula", place.cell, "2022-6-30")], xlsx=path)
    collected(campaign, path)
    field = fields(campaign)[place[:2]]
    assert (field["text"], field["value"]) == ("44742", "2022-06-30")
