"""What became of a specimen: every canary is looked for, and every row is judged.

A row counts as *accepted* if what stands in it was taken as entries of the very row where the clerk wrote it, and no
finding asks anybody to look at it; as *marked* if it was taken and a finding asks for a look; as *review* if it was not
taken but quoted. A canary in an entry where it was not typed is *wrong*, marked or not; one that the file holds and
that is nowhere, *lost*. What the client itself left out of the file is counted apart.
"""

import html
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from client_book import DAYS, NEW, Key, Place, Tale, canaries
from client_corpus import Chain, Specimen
from ledgergen.findings import Finding
from ledgergen.returns.accept import accept
from ledgergen.returns.decisions import Arrival, How, Parcel, Return, RowReturn, Verdict
from ledgergen.state.history import History
from ledgergen.workbook.pool import BoundedReader

# Findings that ask somebody to look at one row; those of the second kind speak of all rows.
ROW_MARKS = ("row-by-text", "code-text-disagree", "codes-disagree")
SHEET_MARKS = ("codes-missing",)


@dataclass
class Judged:
    """What became of one specimen."""

    chain: Chain
    accepted: int = 0
    marked: int = 0
    review: int = 0
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    left_out: int = 0
    verdict: str = ""
    codes: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        """Count the rows."""
        return self.accepted + self.marked + self.review


def judge(specimen: Specimen, history: History, reader: BoundedReader) -> Judged:
    """Read and decide a specimen as collecting does, and compare with what was done to it.

    ``history`` is what the journal told when its ledgers were the newest.
    """
    data = specimen.path.read_bytes()
    workbook, faults = reader.read(specimen.path.name, data)
    arrival = Arrival("0" * 64, specimen.path.name, "2022-07-01T00:00:00.000Z")
    parcel = accept(workbook, faults, arrival, history.shelf, history.years)
    return _Judge(specimen, parcel).judged()


@dataclass
class _Judge:
    specimen: Specimen
    parcel: Parcel

    def __post_init__(self) -> None:
        self.tale: Tale = self.specimen.tale
        self.found = Judged(
            self.specimen.chain,
            verdict=str(self.parcel.verdict),
            codes=Counter(each.code for each in self.parcel.findings),
        )
        self.whose: dict[str, list[tuple[Key, str]]] = {}
        for text, key, column in self.tale.expected():
            self.whose.setdefault(text, []).append((key, column))
        self.quoted = {text for each in self.parcel.findings for text in _quoted(each)}
        self.landed: dict[Key, set[bool]] = {}
        self.seen: set[str] = set()

    def judged(self) -> Judged:
        """Judge every return, then every row, then every canary."""
        for returned in self.parcel.returns:
            self._head(returned)
            for row in returned.rows:
                self._row(returned, row)
        expected = {*self.whose, *self.tale.head.values(), *self.tale.outside}
        nowhere = expected - self.seen - self.quoted
        lost = held(self.specimen.path, nowhere) if nowhere else set()
        self.found.left_out = len(nowhere) - len(lost)
        if self.parcel.verdict is Verdict.ACCEPTED:  # else the file waits as a whole, and nothing of it is gone
            self.found.lost += sorted(lost)
        there = self.seen | self.quoted | lost
        for key, cells in self.tale.rows.items():
            if any(canaries(text) & there for text in cells.values()):
                self._count(key)
        return self.found

    def _head(self, returned: Return) -> None:
        for item, decision in returned.head.items():
            for text in canaries(decision.text):
                self.seen.add(text)
                if returned.unit != self.tale.owner or self.tale.head.get(item) != text:
                    self.found.wrong.append(f"{text} in the head, {item}")

    def _row(self, returned: Return, row: RowReturn) -> None:
        place = (row.task, NEW if row.how is How.NEW else row.measure)
        marked = self._is_marked(row.row)
        keys: set[Key] = set()
        for column, decision in row.cells.items():
            for text in canaries(decision.text):
                self.seen.add(text)
                admitted = {key for key in self._keys(text, column, returned) if place in self.tale.places(key)}
                keys |= admitted
                if not admitted and place not in self._repeated(text, column, returned):
                    self.found.wrong.append(f"{text} at {place}, {column}, row {row.row}")
        self._days(row, keys)
        for key in keys:
            self.landed.setdefault(key, set()).add(marked)

    def _keys(self, text: str, column: str, returned: Return) -> Iterator[Key]:
        for key, where in self.whose.get(text, ()):
            if where == column and key.unit == returned.unit:
                yield key

    def _repeated(self, text: str, column: str, returned: Return) -> Iterator[Place]:
        for key in self._keys(text, column, returned):
            if (key, column) in self.tale.repeated:
                yield self.tale.repeated[key, column]

    def _days(self, row: RowReturn, keys: Iterable[Key]) -> None:
        """See that days and states stand in the rows where they were typed."""
        for column in (*DAYS, "status"):
            decision = row.cells.get(column)
            wanted = {self.tale.rows[key].get(column, "") for key in keys} - {""}
            if decision is None or decision.value is None or not wanted or any(map(canaries, wanted)):
                continue
            if (column in DAYS and not _is_day(decision.value)) or decision.value in wanted:
                continue
            self.found.wrong.append(f"{decision.text} for {wanted} in {column}, row {row.row}")

    def _is_marked(self, row: int) -> bool:
        for each in self.parcel.findings:
            if each.code in SHEET_MARKS:
                return True
            if each.code in ROW_MARKS and re.sub(r"\D", "", each.where.cell) == str(row):
                return True
        return False

    def _count(self, key: Key) -> None:
        if key not in self.landed:
            self.found.review += 1
        elif True in self.landed[key]:
            self.found.marked += 1
        else:
            self.found.accepted += 1


def held(path: Path, texts: Iterable[str]) -> set[str]:
    """Tell which texts a file holds, looked for in its bytes, without any reader of workbooks."""
    data = path.read_bytes()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(path) as container:
            parts = b"".join(container.read(name) for name in container.namelist() if name.endswith(".xml"))
        whole = html.unescape(re.sub(r"<rPh.*?</rPh>|<[^>]*>", "", parts.decode("utf-8", "replace")))
    elif path.suffix == ".csv":
        whole = data.decode("utf-8" if data.startswith(b"\xef\xbb\xbf") or _is_utf8(data) else "gb18030", "replace")
    else:
        whole = data.decode("utf-16-le", "replace") + data[1:].decode("utf-16-le", "replace")
    whole = unicodedata.normalize("NFKC", whole)
    return {text for text in texts if text in whole}


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _quoted(found: Finding) -> set[str]:
    return {text for fact in found.facts.values() if isinstance(fact, str) for text in canaries(fact)}


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def totals(judged: Iterable[Judged]) -> Mapping[str, int]:
    """Add up."""
    each = list(judged)
    return {
        "files": len(each),
        "rows": sum(one.rows for one in each),
        "accepted": sum(one.accepted for one in each),
        "marked": sum(one.marked for one in each),
        "review": sum(one.review for one in each),
        "wrong": sum(len(one.wrong) for one in each),
        "lost": sum(len(one.lost) for one in each),
        "left_out": sum(one.left_out for one in each),
    }
