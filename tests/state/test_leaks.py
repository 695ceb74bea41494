"""Nothing of one unit is in what another is sent: every string of every part of the very bytes is looked at."""

import io
import zipfile
from pathlib import Path

import pytest

from commands import ledgergen
from ledgergen.campaign.chronicle import read_chronicle
from ledgergen.journal.originals import Originals
from ledgergen.returns.shelf import Issued
from ledgergen.state.leaks import Leaks

MINE, THEIRS = "区财政局", "区发改局"
PREFILL = """\
entries:
- {task: "1", units: [区财政局], fields: {measure: 每季度公开一次, leader: 王某}}
- {task: "1", units: [区发改局], fields: {measure: 只由发改局办理的举措, leader: 李某某}}
"""


@pytest.fixture
def books(campaign: Path) -> dict[str, tuple[Issued, bytes]]:
    """Issue ledgers that are prefilled differently."""
    (campaign / "prefill.yaml").write_text(PREFILL, encoding="utf-8")
    assert ledgergen("generate", at=campaign).code == 0
    originals = Originals(campaign)
    return {each.book.unit: (each, originals.read(each.sha256)) for each in read_chronicle(campaign).history.generated}


def leaks(books: dict[str, tuple[Issued, bytes]]) -> Leaks:
    return Leaks.of(item for item, _ in books.values())


def with_part(data: bytes, name: str, content: str) -> bytes:
    """Put a text somewhere into the file."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info))
        new.writestr(name, content)
    return target.getvalue()


def test_every_ledger_as_issued_holds_its_own_rows_alone(books: dict[str, tuple[Issued, bytes]]) -> None:
    look = leaks(books)
    assert look.texts.keys() >= {"每季度公开一次", "只由发改局办理的举措", "李某某"}
    assert {unit: look.others_in(data, item) for unit, (item, data) in books.items()} == {unit: [] for unit in books}


def test_another_units_ledger_is_told_apart(books: dict[str, tuple[Issued, bytes]]) -> None:
    found = leaks(books).others_in(books[THEIRS][1], books[MINE][0])
    assert books[THEIRS][0].book.number in found
    assert "只由发改局办理的举措" in found
    assert any(each.startswith("-") for each in found)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/sharedStrings2.xml", "<sst><si><t>只由发改局办理的举措</t></si></sst>"),
        ("xl/sharedStrings2.xml", "<sst><si><r><t>只由发改局</t></r><r><t>办理的举措</t></r></si></sst>"),
        ("xl/comments9.xml", "<comments><text><t>李某某</t></text></comments>"),
        ("docProps/custom2.xml", '<property name="x" value="李某某"/>'),
        ("customXml/item1.xml", "<a b='李某某'/>"),
        ("xl/worksheets/hidden.xml", '<c t="inlineStr"><is><t>&#x674E;某某</t></is></c>'),
    ],
)
def test_what_was_prefilled_for_another_is_found_wherever_it_hides(
    books: dict[str, tuple[Issued, bytes]], name: str, content: str
) -> None:
    item, data = books[MINE]
    assert leaks(books).others_in(with_part(data, name, content), item) != []


def test_a_row_code_of_another_is_found_in_any_part(books: dict[str, tuple[Issued, bytes]]) -> None:
    item, data = books[MINE]
    code = books[THEIRS][0].book.rows[0].code
    assert leaks(books).others_in(with_part(data, "xl/media/a.bin", f"…{code}…"), item) == [code]
    assert leaks(books).others_in(with_part(data, "xl/a.xml", f"<t>见 {code.lower()}</t>"), item) == [code.lower()]


def test_what_both_have_is_nobodys_secret(books: dict[str, tuple[Issued, bytes]]) -> None:
    item, data = books[MINE]
    assert leaks(books).others_in(with_part(data, "xl/a.xml", "<t>王某</t><t>推进中</t><t>重要部署</t>"), item) == []


def test_a_ledger_without_one_of_its_rows_is_not_this_units_ledger(books: dict[str, tuple[Issued, bytes]]) -> None:
    item, data = books[MINE]
    gone = item.book.rows[0].code
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info).replace(gone.encode(), b"X"))
    assert leaks(books).others_in(target.getvalue(), item) == [f"-{gone}"]
