"""What the office fills in for the units (代填): ``prefill.yaml`` read and checked beside plan, units and layout."""

from collections.abc import Iterator
from typing import Final

from ledgergen.campaign.folder import Folder, OfficeFiles, read_bytes
from ledgergen.findings import Finding, finding
from ledgergen.plan.prefill import NO_PREFILL, Prefill, having, load_prefill, resolve
from ledgergen.state.fold import State
from ledgergen.workbook.layout import Kind, Layout
from ledgergen.workbook.values import read_value

PREFILL_FILE: Final = "prefill.yaml"


def read_prefill(
    folder: Folder, files: OfficeFiles, layout: Layout, state: State
) -> tuple[OfficeFiles, Prefill, list[Finding]]:
    """Read ``prefill.yaml`` where there is one; all its faults at once.

    Gives the office's files with its bytes among them, so that what was filled in is kept with what was issued.

    Raises:
        Surroundings: ``cannot-read``.
    """
    path = folder.root / PREFILL_FILE
    if not path.exists():
        return files, NO_PREFILL, []
    data = read_bytes(path)
    prefill, findings = check_prefill(data, files, layout, state)
    return files._replace(data={**files.data, "prefill": data}), prefill, findings


def check_prefill(data: bytes, files: OfficeFiles, layout: Layout, state: State) -> tuple[Prefill, list[Finding]]:
    """Check what a ``prefill.yaml`` says beside everything that it speaks of."""
    entries, findings = load_prefill(data, PREFILL_FILE)
    if entries is None:
        return NO_PREFILL, findings
    layout = layout.entire
    who = having(files.assignments, files.registry)
    rounds, columns = [each.id for each in files.settings.rounds], [column.id for column in layout.inputs]
    prefill, findings = resolve(entries, files.registry, who, rounds, columns)
    return prefill, [*findings, *_unreadable(prefill, layout), *_unknown_measures(prefill, state)]


def _unreadable(prefill: Prefill, layout: Layout) -> Iterator[Finding]:
    """A day or an answer that cannot be read would stand in every summary as one that the unit got wrong."""
    columns = {column.id: column for column in layout.inputs if column.kind is not Kind.TEXT}
    for share in prefill.shares:
        for name, text in share.entry.fields.items():
            column = columns.get(name)
            if column is not None and read_value(column, text, "", 0) is None:
                where = share.entry.places.get(name, share.entry.where)
                code = "prefill-not-date" if column.kind is Kind.DATE else "prefill-not-choice"
                choices = "、".join(choice.text for choice in column.choices)
                yield finding(code, where, title=column.title, text=text, choices=choices)


def _unknown_measures(prefill: Prefill, state: State) -> Iterator[Finding]:
    """A measure that a unit inserted has a number by its text; one that nobody has would be filled in nowhere."""
    for share in prefill.shares:
        entry = share.entry
        if entry.measure.startswith("N") and not any(
            row.task == entry.task and row.measure == entry.measure
            for book in state.books.values()
            if book.issued.book.unit in share.units
            for row in book.rows
        ):
            yield finding("prefill-measure-unknown", entry.where, measure=entry.measure, id=entry.task)
