"""Give account of a parcel in the light of all returns: what became of it, and what it said otherwise than others."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final

from ledgergen.findings import Finding, Where, finding
from ledgergen.returns.decisions import Parcel, Verdict
from ledgergen.state.fold import BookState
from ledgergen.state.laying import Change, Disagreement, Held
from ledgergen.state.rulings import ReturnId
from ledgergen.state.standing import HEAD, Standing

_HELD: Final = {Held.REPLAYED: "return-replayed", Held.OUTDATED: "return-outdated"}
_CHANGES: Final = {
    Change.DIFFERS: "values-disagree",
    Change.CORRECTED: "value-corrected",
    Change.SET_BACK: "value-set-back",
    Change.BLANK: "value-kept",
}


def accounted(parcel: Parcel, books: Mapping[str, BookState]) -> Parcel:
    """Give a parcel with the verdict and the findings that follow from the other returns of its books, by token.

    An old file come back goes to review, one that is withdrawn is ignored, one of which nothing stands any more is
    superseded. Values that other returns contradict are named.
    """
    own = [books[token] for token in dict.fromkeys(returned.token for returned in parcel.returns) if token in books]
    if parcel.verdict not in (Verdict.ACCEPTED, Verdict.REVIEW) or not own:
        return parcel
    found = [each for book in own for each in _findings(parcel, book)]
    return replace(parcel, verdict=_verdict(parcel, own), findings=(*parcel.findings, *found))


def _verdict(parcel: Parcel, books: list[BookState]) -> Verdict:
    ids = [ReturnId(parcel.sha256, book.issued.book.token) for book in books]
    if any(each in book.held for each, book in zip(ids, books, strict=True)):
        return Verdict.REVIEW
    if all(any(gone.parcel.sha256 == parcel.sha256 for gone in book.withdrawn) for book in books):
        return Verdict.IGNORED
    whole = len(books) == len({returned.token for returned in parcel.returns})
    if whole and all(_is_overlaid(book, parcel.sha256) for book in books):
        return Verdict.SUPERSEDED
    return Verdict.ACCEPTED


def _is_overlaid(book: BookState, sha256: str) -> bool:
    """Tell whether a later return of the book came and nothing that this one brought still stands."""
    if not book.receipts or book.receipts[-1].parcel.sha256 == sha256:
        return False
    standing = [each for cells in book.cells.values() for each in cells.values()]
    return all(each.origin.sha256 != sha256 for each in (*standing, *book.head.values()))


def _findings(parcel: Parcel, book: BookState) -> Iterator[Finding]:
    held = book.held.get(ReturnId(parcel.sha256, book.issued.book.token))
    if held in _HELD:
        yield finding(_HELD[held], Where(parcel.name))
    for each in book.disagreements:
        for was, now in pairwise(each.values):
            if now.origin.sha256 == parcel.sha256 and was.origin != now.origin:
                yield change_finding(book, each, was, now)


def change_finding(book: BookState, disagreement: Disagreement, was: Standing, now: Standing) -> Finding:
    """Put into a finding that a value gave way to another; its place is that of the later one."""
    title = field_title(book, disagreement.field)
    task = "" if disagreement.key == HEAD else disagreement.key[0]
    place = Where(now.origin.name, sheet=now.origin.sheet, cell=now.cell)
    facts = {"task": task or "—", "title": title, "text": now.text, "other": was.text, "source": str(was.source)}
    return finding(_CHANGES[disagreement.change], place, **facts)


def field_title(book: BookState, name: str) -> str:
    """Give the title of a column or the label of a head item; its id where the layout has none."""
    layout = book.issued.layout.entire
    titles = {column.id: column.title for column in layout.columns}
    return titles.get(name) or {item.id: item.label for item in layout.head_items}.get(name, name)
