"""The whole history of one value: who gave it when, in which file, sheet and cell, and what stood before."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from ledgergen.returns.decisions import Act, Decision, Return
from ledgergen.returns.shelf import Issued
from ledgergen.state.fold import BookState, receipts_of
from ledgergen.state.history import History
from ledgergen.state.rulings import Resolution, ReturnId
from ledgergen.state.standing import HEAD, Receipt, RowKey, Source


class Step(StrEnum):
    """What happened to the value: it was issued, returned, taken away, chosen by the office."""

    ISSUED = "issued"
    SET = "set"
    CLEARED = "cleared"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Moment:
    """One step in a value's life; ``at`` and ``who`` may be empty.

    ``counts`` is false for a return that is held or withdrawn, ``stands`` true for the step whose value stands.
    """

    step: Step
    text: str
    source: Source
    at: str
    who: str
    counts: bool = True
    stands: bool = False


def value_history(history: History, book: BookState, key: RowKey, field: str) -> list[Moment]:
    """Tell everything that happened to one field of one row (:data:`.standing.HEAD` for the head block), in order.

    ``history`` with the cells of its returns. The issued texts first, then returns and choices in the order in which
    they are laid over each other.
    """
    token = book.issued.book.token
    issued = (item for item in history.issued if item.book.token == token)
    found = [*_issued(issued, key, field), *_returned(history, book, key, field)]
    chosen = [each for each in history.rulings.resolutions.get(token, ()) if (each.key, each.field) == (key, field)]
    found += [_chosen(each) for each in chosen]
    found.sort(key=lambda moment: moment.at)
    return _marked(found, book, key, field)


def _issued(editions: Iterator[Issued], key: RowKey, field: str) -> Iterator[Moment]:
    before = ""
    for item in editions:
        rows = {(row.task, row.measure): row for row in item.book.rows}
        text = item.book.head.get(field, "") if key == HEAD else rows[key].text(field) if key in rows else ""
        if text != before:
            yield Moment(Step.ISSUED, text, Source(item.sha256, item.name, item.layout.sheet, ""), item.at, "")
        before = text


def _returned(history: History, book: BookState, key: RowKey, field: str) -> Iterator[Moment]:
    token = book.issued.book.token
    for receipt in receipts_of(history, {token}).get(token, ()):
        decision = _decision(receipt.returned, key, field)
        if decision is None:
            continue
        returned = ReturnId(receipt.parcel.sha256, token)
        counts = returned not in book.held and returned not in history.rulings.withdrawn
        step = Step.SET if decision.act is Act.SET else Step.CLEARED
        text = decision.text if decision.act is Act.SET else ""
        yield Moment(step, text, _source(receipt, decision), receipt.order[0], receipt.parcel.sender, counts)


def _decision(returned: Return, key: RowKey, field: str) -> Decision | None:
    if key == HEAD:
        return returned.head.get(field)
    return next((row.cells.get(field) for row in returned.rows if (row.task, row.measure) == key), None)


def _source(receipt: Receipt, decision: Decision) -> Source:
    sha256, name, sheet, received, sender = receipt.origin
    return Source(sha256, name, sheet, decision.cell, received, sender)


def _chosen(resolution: Resolution) -> Moment:
    standing = resolution.standing
    return Moment(Step.CHOSEN, standing.text, standing.source, resolution.at, resolution.who)


def _marked(found: list[Moment], book: BookState, key: RowKey, field: str) -> list[Moment]:
    """Mark the last step that counts and has the value that stands."""
    cells = book.head if key == HEAD else book.cells.get(key, {})
    standing = cells.get(field)
    marked = list(found)
    for index in range(len(found) - 1, -1, -1):
        moment = found[index]
        if moment.counts and (standing is None or moment.text == standing.text):
            marked[index] = replace(moment, stands=True)
            break
    return marked
