"""The rows of a round as the office fills them in, and what a typed cell means for ``prefill.yaml``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledgergen.campaign.preparing import Prepared
from ledgergen.findings import Finding, Where, finding
from ledgergen.plan.prefill import Having, PrefillEntry, having
from ledgergen.plan.prefill_edit import CellEdit, Scope, scope_of
from ledgergen.workbook.book import Carried, drafts
from ledgergen.workbook.layout import Asked
from ledgergen.workbook.prefill_book import PrefillKey, PrefillRow
from ledgergen.workbook.prefill_book_read import TypedCell

_QUOTED = 80  # characters


@dataclass(frozen=True, slots=True)
class Filled:
    """One cell that was changed: what it said and what it says now; empty: nothing is filled in any more.

    ``round`` is empty where it is for every round.
    """

    key: PrefillKey
    column: str
    title: str
    before: str
    after: str
    round: str
    where: Where

    def to_json(self) -> dict[str, object]:
        """Give the machine-readable form."""
        return {
            **self.key._asdict(),
            "column": self.column,
            "before": self.before,
            "after": self.after,
            "round": self.round or None,
            "where": str(self.where),
        }


@dataclass(frozen=True, slots=True)
class PrefillTable:
    """The rows of a round, every one of every unit, with what is known of them."""

    ready: Prepared
    who: Having
    rows: Mapping[PrefillKey, PrefillRow]
    carried: Mapping[str, Carried]

    @staticmethod
    def of(ready: Prepared) -> "PrefillTable":
        """Work out the rows: by task as the plan has them, within a task the units as units.yaml has them."""
        who = having(ready.files.assignments, ready.files.registry)
        carried: dict[str, Carried] = {}
        rows: dict[PrefillKey, PrefillRow] = {}
        for assignment in ready.files.assignments:
            unit = assignment.unit
            if unit.name not in carried:
                carried[unit.name] = ready.earlier.carried(unit)
            for row in drafts(assignment, ready.setting, carried[unit.name]):
                key = PrefillKey(assignment.task.id, unit.name, row.measure)
                own = carried[unit.name].measures.get(key.task, {}).get(key.measure, {})
                of_unit = frozenset(column for column, text in own.items() if row.own.get(column) == text)
                rows[key] = PrefillRow(key, assignment.task.name, row.own, of_unit)
        return PrefillTable(ready, who, rows, carried)

    @property
    def texts(self) -> dict[PrefillKey, Mapping[str, str]]:
        """Give what is known of each row, by column id."""
        return {key: row.texts for key, row in self.rows.items()}

    def edits(self, typed: Iterable[TypedCell]) -> tuple[list[Filled], list[CellEdit], list[Finding]]:
        """Tell what typed cells change; a cell that says what is known already changes nothing."""
        filled: list[Filled] = []
        edits: list[CellEdit] = []
        findings: list[Finding] = []
        for cell in typed:
            before = self._known(cell.key, cell.column)
            if cell.text == before:
                continue
            made = list(self._put(cell) if cell.text else self._taken(cell))
            findings += self._notes(cell, before, made)
            edits += made
            if made:
                rounds = [edit.scope.round for edit in made if edit.text is not None] or [made[0].scope.round]
                title = self.ready.setting.layout.entire.column(cell.column).title
                filled.append(Filled(cell.key, cell.column, title, before, cell.text, rounds[0], cell.where))
        return filled, edits, findings

    def _put(self, cell: TypedCell) -> Iterable[CellEdit]:
        """Put a text where the entry stands that counts now; else one for this round, or for all in a lasting column.

        Over the unit's own words it goes only with ``override``.
        """
        entries = self._entries(cell.key, cell.column)
        firm = bool(self._own(cell.key, cell.column))
        chosen = self.ready.round.id
        if self.ready.setting.layout.entire.column(cell.column).asked is Asked.FIRST:
            chosen = ""
        scope = Scope(cell.key.task, cell.key.measure, chosen, firm)
        if entries:
            scope = scope_of(entries[0])._replace(override=firm or entries[0].override)
            if scope != scope_of(entries[0]):
                yield CellEdit(scope_of(entries[0]), cell.key.unit, cell.column, None)
        yield CellEdit(scope, cell.key.unit, cell.column, cell.text)

    def _taken(self, cell: TypedCell) -> Iterable[CellEdit]:
        """Take away what any entry fills into the cell."""
        for entry in self._entries(cell.key, cell.column):
            yield CellEdit(scope_of(entry), cell.key.unit, cell.column, None)

    def _notes(self, cell: TypedCell, before: str, made: list[CellEdit]) -> Iterable[Finding]:
        title = self.ready.setting.layout.entire.column(cell.column).title
        own = self._own(cell.key, cell.column)
        if cell.text and own:
            yield finding("prefill-cell-overrides", cell.where, title=title, unit=cell.key.unit, text=own[:_QUOTED])
        if not cell.text and (own or not made):
            yield finding("prefill-cell-stays", cell.where, title=title, text=(own or before)[:_QUOTED])

    def _known(self, key: PrefillKey, column: str) -> str:
        row = self.rows.get(key)
        return row.texts.get(column, "") if row else ""

    def _own(self, key: PrefillKey, column: str) -> str:
        """Give what the unit itself wrote into a cell in an earlier round."""
        return self.carried[key.unit].measures.get(key.task, {}).get(key.measure, {}).get(column, "")

    def _entries(self, key: PrefillKey, column: str) -> list[PrefillEntry]:
        """Give the entries that fill a cell in, the one that counts first."""
        rounds = (self.ready.round.id, "")
        found = [
            share.entry
            for share in self.ready.setting.prefill.of_task(key.task)
            if share.entry.measure == key.measure
            and share.entry.round in rounds
            and column in share.entry.fields
            and key.unit in share.members
        ]
        return sorted(found, key=lambda entry: rounds.index(entry.round))
