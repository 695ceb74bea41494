"""What a clerk has changed in the workbook of plan and units: three versions compared, cell by cell.

The version that was exported, the files as they are now, the workbook as it came back. What only the clerk changed is a
change; what only the files have changed stays; what both changed differently is a conflict that names the cell and
the line, and is left alone. Rows are known by the key that was exported, so neither sorting nor inserting confuses
them.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ledgergen.findings import NOWHERE, Fact, Finding, Where, finding
from ledgergen.plan.documents import Document, shortened
from ledgergen.plan.fields import TASKS, UNITS, Content, Field, Row, Sort, Table, rows_of, stored
from ledgergen.plan.phrases import plain_name
from ledgergen.plan.rewrite import Add, Change, Drop, Put, Settle
from ledgergen.plan.yaml_files import MAX_TEXT, unfit
from ledgergen.workbook.plan_book import DOUBT, FACT_TITLES, SETTLED, as_read, is_confirmed, shown
from ledgergen.workbook.plan_book_read import ReadBook, ReadCell, ReadRow, ReadSheet

_COMPUTED: Final = "fe"  # kinds of cells that nobody typed as they show
_ENDS_IN_NUMBER: Final = re.compile(r"(.*?)([0-9]+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change, for people and programs: of which table and row, which field, from what to what, by which cell.

    ``verb`` is ``set``, ``add``, ``drop`` or ``settle``; ``field`` is empty for a whole row.
    """

    verb: str
    table: str
    key: str
    field: str = ""
    old: str = ""
    new: str = ""
    where: Where = NOWHERE

    def to_json(self) -> dict[str, str]:
        """Give the machine-readable form."""
        about = {"verb": self.verb, "table": self.table, "key": self.key, "field": self.field}
        return {**about, "old": self.old, "new": self.new, "where": str(self.where)}


@dataclass(slots=True)
class Compared:
    """What was found: edits for people, the same as changes of the files, findings, and where each row stands."""

    edits: list[Edit] = field(default_factory=list)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    places: dict[tuple[str, str], ReadRow] = field(default_factory=dict)

    def add(self, file: str, edit: Edit, change: Change) -> None:
        """Add one change."""
        self.edits.append(edit)
        self.changes.setdefault(file, []).append(change)


def _unread(_words: str) -> Mapping[str, object] | None:
    return None


@dataclass(frozen=True, slots=True)
class Versions:
    """The files as exported and as they are now, by name (``plan``, ``units``); whether deleted rows are taken out.

    ``issued``: ids of tasks that stand in ledgers that were issued. ``doubts``: how many comments marked 待核 each item
    has now, by table and index. ``readings``: how each task's time limit is read now, by its id. ``read_limit`` reads
    words of a time limit where that leaves no doubt.
    """

    exported: Mapping[str, Document]
    now: Mapping[str, Document]
    delete: bool = False
    issued: Collection[str] = ()
    doubts: Mapping[tuple[str, int], int] = field(default_factory=dict)
    readings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    read_limit: Callable[[str], Mapping[str, object] | None] = _unread


def compare(versions: Versions, book: ReadBook) -> Compared:
    """Compare; see the module. Every finding of the workbook names its cell."""
    result = Compared()
    for sheet in book.sheets.values():
        _Comparison(versions, sheet, result).run()
    return result


@dataclass(slots=True)
class _Comparison:
    """The comparison of one sheet."""

    versions: Versions
    read: ReadSheet
    result: Compared
    table: Table = field(init=False)
    was: dict[str, Row] = field(init=False)
    now: dict[str, Row] = field(init=False)
    known: frozenset[str] = field(init=False)
    rows: tuple[ReadRow, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.table = self.read.sheet.table
        self.was = rows_of(self.versions.exported[self.table.file], self.table)
        self.now = rows_of(self.versions.now[self.table.file], self.table)
        self.known = frozenset(_names({**self.was, **self.now}, self.table))
        self.rows = tuple(self._with_own_key(row) for row in self.read.rows)

    def run(self) -> None:
        """Go through the rows from top to bottom."""
        rows = self._rows_by_key()
        after = -1
        for key, row in rows:
            if self._is_blank(row):
                continue
            current = self._current(key, row)
            if key is None or (current is None and not row.key and self.table.identity):
                self._new_row(row, after)
            elif current is None:
                self._say("plan-row-gone", row.where, key=key)
            else:
                self._compare_row(key, row, current)
            if current is not None and self.table.identity:
                after = int(current.steps[-1])
        self._deleted({key for key, row in rows if key is not None and not self._is_blank(row)})

    def _rows_by_key(self) -> list[tuple[str | None, ReadRow]]:
        """Find for each row the exported one that it is; None for a new one. A key that stands twice is nobody's.

        A row copied for a new one keeps the other's key; it is known by its own id or name, which differs.
        """
        if not self.table.identity:
            return [("", row) for row in self.rows]
        present = {row.key for row in self.rows}
        keyed = [(self._key_of(row, present), row) for row in self.rows]
        by_key: dict[str, list[ReadRow]] = {}
        for key, row in keyed:
            by_key.setdefault(key, []).append(row)
        found: list[tuple[str | None, ReadRow]] = []
        for key, row in keyed:
            same = by_key[key]
            own = [each for each in same if each.text(self.table.identity) == key] or same[:1]
            if not key or (len(same) > 1 and row is not own[0] and row.text(self.table.identity) != key):
                found.append((None, row))
            elif len(own) > 1 and row is not own[0]:
                continue
            elif len(own) > 1:
                cells = "、".join(each.where.cell for each in own)
                self._say("plan-row-twice", row.where, key=key, cells=cells)
                self.result.places.setdefault((self.table.key, key), row)
                self.was.pop(key, None)
            else:
                found.append((key, row))
        return found

    def _key_of(self, row: ReadRow, present: Collection[str]) -> str:
        """Give the key of a row, if it is an exported one; else the id or name that it shows, if that is one."""
        if row.key in self.was:
            return row.key
        own = row.text(self.table.identity)
        return own if own in self.was and own not in present else ""

    def _with_own_key(self, row: ReadRow) -> ReadRow:
        """Give a row the key of the exported row that it shows, where its own stayed behind when others were sorted.

        It is that row if it bears its id or name and more of its cells; a row that only took another's id has fewer.
        """
        own = row.text(self.table.identity) if self.table.identity else ""
        if own == row.key or own not in self.was or row.key not in self.was:
            return row
        return replace(row, key=own) if self._likeness(row, own) > self._likeness(row, row.key) else row

    def _likeness(self, row: ReadRow, key: str) -> int:
        """Count the cells of a row, id or name aside, that say what was exported under a key."""
        values = self.was[key].values
        others = [each for each in self.table.fields if each.key != self.table.identity and row.text(each.key)]
        return sum(row.text(each.key) == _tidy(shown(values[each.key], each)) for each in others)

    def _is_blank(self, row: ReadRow) -> bool:
        return not any(cell.text for name, cell in row.cells.items() if name != SETTLED)

    def _current(self, key: str | None, row: ReadRow) -> Row | None:
        """Find the row in the files as they are now: by its key, or by what the clerk calls it now."""
        if key is not None and key in self.now:
            return self.now[key]
        own = row.text(self.table.identity)
        if own in self.now and (key is None or own not in self.was):
            return self.now[own]
        if self.table is UNITS and key is not None:
            return next((each for each in self.now.values() if key in each.values["former_names"]), None)
        return None

    def _compare_row(self, key: str, row: ReadRow, current: Row) -> None:
        was, name = self.was[key], str(current.values.get(self.table.identity, ""))
        self.result.places[self.table.key, row.text(self.table.identity) or name] = row
        for each in self.table.fields:
            cell = row.cells.get(each.key)
            if cell is None or not self._is_sound(cell):
                continue
            old, now = was.values[each.key], current.values[each.key]
            wanted = old if cell.text == _tidy(shown(old, each)) else self._wanted(cell, each)
            if wanted is None or wanted in (old, now):
                continue
            if now != old:
                self._conflict(cell, each, current, (old, now, wanted))
            elif self._may_change(each, key, cell):
                self._put(cell, each, current, name, wanted)
        if self.table is UNITS and (name, self.table.identity) in self._set():
            self._keep_former_name(row, current, name)
        self._settle(name, row, current)

    def _wanted(self, cell: ReadCell, each: Field) -> Content | None:
        """Read what a cell is to say; None, with a finding, where it cannot be read."""
        found = as_read(cell.text, each, self.known)
        if found is None and each.sort is Sort.DEADLINE:
            found = None if is_confirmed(cell.text) else self.versions.read_limit(cell.text)
        if found is None and not (each.sort is Sort.DEADLINE and is_confirmed(cell.text)):
            self._say("plan-cell-unreadable", cell.where, title=self._title(each), text=shortened(cell.text))
        return found

    def _put(self, cell: ReadCell, each: Field, current: Row, name: str, wanted: Content) -> None:
        old, new = shown(current.values[each.key], each), shown(wanted, each)
        edit = Edit("set", self.table.key, name, each.key, old, new, cell.where)
        self._replace_or_add(edit, Put((*current.steps, each.key), stored(wanted, each), self.table.order))

    def _set(self) -> Iterator[tuple[str, str]]:
        """Give the row and field of every value that is to change."""
        return ((edit.key, edit.field) for edit in self.result.edits if edit.table == self.table.key)

    def _replace_or_add(self, edit: Edit, change: Put) -> None:
        """Add a change; a later one of the same value takes the place of an earlier one."""
        changes = self.result.changes.setdefault(self.table.file, [])
        for place, other in enumerate(changes):
            if isinstance(other, Put) and other.steps == change.steps:
                changes[place] = change
                same = (edit.table, edit.key, edit.field)
                self.result.edits[:] = [e for e in self.result.edits if (e.table, e.key, e.field) != same]
                self.result.edits.append(edit)
                return
        self.result.add(self.table.file, edit, change)

    def _may_change(self, each: Field, key: str, cell: ReadCell) -> bool:
        """Refuse another id for a task that units have in their ledgers: its rows are known by it."""
        if self.table is not TASKS or each.key != "id" or key not in self.versions.issued:
            return True
        self._say("plan-task-id-issued", cell.where, id=key)
        return False

    def _keep_former_name(self, row: ReadRow, current: Row, name: str) -> None:
        """Note the name that a unit had, so that the plan and the ledgers that are out still find it."""
        each = self.table.field("former_names")
        cell = row.cells.get(each.key)
        wanted = as_read(cell.text, each, self.known) if cell and self._is_sound(cell) else None
        names = wanted if isinstance(wanted, tuple) else current.values[each.key]
        aliases = row.text("aliases")
        if not isinstance(names, tuple) or name in names or name in (as_read(aliases, each, self.known) or ()):
            return
        place = cell or row.cells[self.table.identity]
        self._put(place, each, current, name, (*names, name))
        self._say("plan-unit-renamed", row.where, old=name, new=row.text(self.table.identity))

    def _confirm(self, name: str, row: ReadRow, current: Row, cell: ReadCell) -> None:
        """Write down the reading that a clerk has confirmed, so that no later version reads the words otherwise."""
        reading = self.versions.readings.get(name)
        each = self.table.field("deadline")
        if self.table is TASKS and reading and not current.values["deadline"]:
            limit = row.cells.get("time_limit")
            if limit is None or limit.text == _tidy(
                shown(current.values["time_limit"], self.table.field("time_limit"))
            ):
                self._put(cell, each, current, name, reading)

    def _settle(self, name: str, row: ReadRow, current: Row) -> None:
        """Take a clerk's 确认: doubts that are marked are settled, and a task's reading is written down."""
        cells = [row.cells[key] for key in ("deadline", SETTLED) if key in row.cells]
        cell = next((each for each in cells if each.text and is_confirmed(each.text)), None)
        if cell is None:
            return
        if self.table is TASKS and (not row.text("deadline") or is_confirmed(row.text("deadline"))):
            self._confirm(name, row, current, cell)
        index = int(current.steps[-1])
        if self.versions.doubts.get((self.table.key, index)):
            edit = Edit("settle", self.table.key, name, DOUBT, "待核", "已核", cell.where)
            self.result.add(self.table.file, edit, Settle(self.table.key, index))

    def _new_row(self, row: ReadRow, after: int) -> None:
        """Add a row that was not exported; one that stands in the files by now is compared as if it had been blank."""
        identity = self.table.identity
        own = row.cells.get(identity)
        if own is None or not self._is_sound(own):
            return
        if not own.text:
            code = "plan-task-without-id" if self.table is TASKS else "plan-row-without-name"
            self._say(code, row.where, proposed=self._proposed(after))
            return
        self.result.places.setdefault((self.table.key, own.text), row)
        values = {each.key: self._read_new(row, each) for each in self.table.fields}
        if own.text in self.now:
            self._compare_new(row, values)
            return
        content = {name: value for name, value in values.items() if value}
        change = Add(
            self.table.key, after, {name: stored(value, self.table.field(name)) for name, value in content.items()}
        )
        new = str(values.get("name", ""))
        self.result.add(self.table.file, Edit("add", self.table.key, own.text, "", "", new, row.where), change)

    def _read_new(self, row: ReadRow, each: Field) -> Content:
        cell = row.cells.get(each.key)
        if cell is None or not self._is_sound(cell):
            return ""
        return self._wanted(cell, each) or ""

    def _compare_new(self, row: ReadRow, values: Mapping[str, Content]) -> None:
        """Leave alone what is there already; what differs from it was added by two people."""
        current = self.now[row.text(self.table.identity)]
        for each in self.table.fields:
            now, wanted, cell = current.values[each.key], values[each.key], row.cells.get(each.key)
            if cell is not None and wanted and wanted != now and cell.text != _tidy(shown(now, each)):
                self._conflict(cell, each, current, ("", now, wanted))

    def _deleted(self, present: Collection[str]) -> None:
        """Name the rows that are no longer in the workbook; take them out where that is asked for."""
        if not self.table.identity:
            return
        named = {name for table, name in self.result.places if table == self.table.key}
        for key, was in self.was.items():
            current = self.now.get(key)
            if key in present or current is None or key in named:
                continue
            place = Where(self.read_file, sheet=self.read.sheet.name)
            if current.values != was.values:
                self._say("plan-row-deleted-changed", place, key=key)
            elif not self.versions.delete:
                self._say("plan-row-deleted", place, key=key)
            else:
                index = int(current.steps[-1])
                edit = Edit("drop", self.table.key, key, "", str(was.values.get("name", "")), "", place)
                self.result.add(self.table.file, edit, Drop(self.table.key, index))

    @property
    def read_file(self) -> str:
        """Give the name of the workbook."""
        return self.read.rows[0].where.file if self.read.rows else ""

    def _proposed(self, after: int) -> str:
        """Propose an id that nobody has: the next after that of the row above."""
        taken = {plain_name(key) for key in (*self.was, *self.now)}
        ids = list(self.now)
        found = _ENDS_IN_NUMBER.fullmatch(ids[after]) if 0 <= after < len(ids) else None
        stem, number = (found[1], int(found[2])) if found else ("", 0)
        while f"{stem}{number}" in taken or not number:
            number += 1
        return f"{stem}{number}"

    def _is_sound(self, cell: ReadCell) -> bool:
        """Refuse what cannot stand in a file, and what nobody typed: formulas are never computed nor kept."""
        if cell.kind and cell.kind in _COMPUTED:
            self._say("plan-cell-formula", cell.where, text=shortened(cell.text))
        elif len(cell.text) > MAX_TEXT:
            self._say("plan-cell-too-long", cell.where, count=len(cell.text), limit=MAX_TEXT)
        elif character := unfit(cell.text):
            self._say("plan-cell-character", cell.where, character=character)
        else:
            return True
        return False

    def _conflict(self, cell: ReadCell, each: Field, current: Row, texts: Sequence[Content]) -> None:
        old, now, wanted = (shortened(shown(text, each)) for text in texts)
        line = self.versions.now[self.table.file].where((*current.steps, each.key)).line
        facts: dict[str, Fact] = {"title": self._title(each), "file": f"{self.table.file}.yaml", "line": line}
        self._say("plan-cell-conflict", cell.where, **facts, exported=old, now=now, wanted=wanted)

    def _title(self, each: Field) -> str:
        return self.read.sheet.column(each.key).title if self.table.identity else FACT_TITLES[each.key]

    def _say(self, code: str, where: Where, **facts: str | int) -> None:
        said = finding(code, where, **facts)
        if said not in self.result.findings:
            self.result.findings.append(said)


def _names(rows: Mapping[str, Row], table: Table) -> Iterator[str]:
    """Give every name in a table, for knowing those that hold a separator."""
    for row in rows.values():
        for each in table.fields:
            value = row.values[each.key]
            if each.sort is Sort.NAMES and isinstance(value, tuple):
                yield from value


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
