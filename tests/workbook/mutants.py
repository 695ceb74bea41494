"""Mutants of files: what is tried, how each is judged, and what comes of it, layer by layer.

Every mutant can be made again from its layer, its original and its number. The judgement: a mutant is a finding, or it
reads as its original does, but for the places that were changed on purpose. Where a change makes another sound
document (a byte of a CSV, a word in a part that was zipped again with its right CRC), no reader can know; such a mutant
counts as ``other``, and two things are still asked of it: that the reader stays within its bounds, and that the
document says the same when it is spelled in another way (``twin``), which sends it through the other of the reader's
two paths. A twin that is no well-formed XML shows that the mutant is none either: then nothing else may be read of it.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

import psutil

from ledgergen.workbook.grid import Workbook
from ledgergen.workbook.pool import BoundedReader
from ledgergen.workbook.reading import Reading

Cell: TypeAlias = tuple[int, int, int]  # sheet, row, column
Chance: TypeAlias = random.Random

NOWHERE: Final[frozenset[Cell]] = frozenset()
BOUND: Final = 256  # MiB above the child's start
PATIENCE: Final = 2.0  # seconds
GOOD: Final = ("finding", "identical", "as meant", "other")
BAD: Final = ("wrong", "trapped", "crash", "hang", "memory")
_NUMBERS: Final = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\xff\xff", b"\0\x80")


@dataclass(frozen=True, slots=True)
class Original:
    """A sound file; of a container that is to be taken apart, its parts as well."""

    name: str
    data: bytes
    parts: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed file; ``touched`` are the cells that may read as something else, None where all of them may.

    ``expected`` is what the touched cells are to read as, where that is known: any of several spellings.
    """

    data: bytes
    how: str
    touched: frozenset[Cell] | None = NOWHERE
    expected: frozenset[str] = frozenset()
    twin: bytes | None = None


Maker: TypeAlias = Callable[[Original, Chance], Mutant]


@dataclass(frozen=True, slots=True)
class Layer:
    """One way of changing files, the originals that it is tried on, and its share of all mutants."""

    name: str
    make: Maker
    originals: tuple[str, ...]
    share: int


@dataclass(slots=True)
class Figures:
    """What came of the mutants of a layer; ``slowest`` is the child's processor time for one of them, in seconds.

    ``highest`` is the child's memory above its start, in MiB.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    highest: float = 0.0

    def line(self, name: str) -> str:
        """Give the layer's figures as a line of a table."""
        told = [self.outcomes.total(), *(self.outcomes[each] for each in (*GOOD, *BAD))]
        numbers = " | ".join(f"{number:,}" for number in told)
        return f"| {name} | {numbers} | {self.slowest * 1000:,.0f} | {self.highest:,.0f} |"

    def add(self, other: "Figures") -> None:
        """Take in what came of further mutants of the layer."""
        self.outcomes.update(other.outcomes)
        self.codes.update(other.codes)
        self.faults += other.faults
        self.slowest, self.highest = max(self.slowest, other.slowest), max(self.highest, other.highest)

    def to_json(self) -> dict[str, Any]:
        """Give the figures as JSON has them."""
        counts = {"outcomes": dict(sorted(self.outcomes.items())), "codes": dict(sorted(self.codes.items()))}
        bounds = {"slowest": round(self.slowest, 3), "highest": round(self.highest, 1)}
        return {**counts, "faults": self.faults, **bounds}

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> "Figures":
        """Take the figures from JSON."""
        counts = Counter[str](told["outcomes"]), Counter[str](told["codes"])
        return Figures(*counts, list(told["faults"]), told["slowest"], told["highest"])


_COLUMNS: Final = (
    "Layer", "mutants", "finding", "as the original", "as it was changed", "another document", "wrong value", "trapped",
    "crash", "over 2 s", "over 256 MiB", "slowest, ms", "memory, MiB",
)  # fmt: skip
HEADING: Final = f"| {' | '.join(_COLUMNS)} |\n{'| --- ' * len(_COLUMNS)}|"


def change_bytes(data: bytes, chance: Chance) -> tuple[bytes, str]:
    """Change some bytes as disks, mailers and attackers do; never into the same bytes."""
    while True:
        start = chance.randrange(len(data))
        end = min(len(data), start + chance.choice((1, 1, 1, 2, 4, 16, 512)))
        way = chance.choice(("flip", "set", "number", "cut", "insert", "repeat", "blank", "swap", "end"))
        made = _another(data[start:end], way, chance)
        if way == "number":
            end = min(len(data), start + len(made))
        changed = data[:start] + made + (b"" if way == "end" else data[end:])
        if changed != data:
            return changed, f"{way} {start}:{end}"


def _another(piece: bytes, way: str, chance: Chance) -> bytes:
    if way == "flip":
        return bytes([piece[0] ^ 1 << chance.randrange(8)]) + piece[1:]
    if way == "set":
        return chance.randbytes(len(piece))
    if way == "number":
        return chance.choice(_NUMBERS)
    if way == "insert":
        return chance.randbytes(chance.choice((1, 4, 100))) + piece
    if way == "repeat":
        return piece * chance.choice((2, 3, 50))
    return {"cut": b"", "end": b"", "blank": bytes(len(piece)), "swap": piece[::-1]}[way]


def of_bytes(original: Original, chance: Chance) -> Mutant:
    """Change a container, whose checksums have to tell."""
    data, how = change_bytes(original.data, chance)
    return Mutant(data, how)


def of_bare_bytes(original: Original, chance: Chance) -> Mutant:
    """Change a file whose format has no checksum: any byte may be what a unit wrote."""
    data, how = change_bytes(original.data, chance)
    return Mutant(data, how, None)


def numbered(layers: Sequence[Layer], total: int) -> Iterator[tuple[Layer, str, int]]:
    """Deal ``total`` mutants out to the layers and their originals by share; at least two to each."""
    whole = sum(layer.share * len(layer.originals) for layer in layers)
    for layer in layers:
        for original in layer.originals:
            for number in range(max(2, round(total * layer.share / whole))):
                yield layer, original, number


class Trial:
    """Send mutants through one bounded reader and keep the figures; a context manager."""

    def __init__(self, originals: Mapping[str, Original], seconds: float = 20) -> None:
        self._originals, self._reader = originals, BoundedReader(seconds=seconds, passwords=["1234"])
        self._start: tuple[int, float] = (0, 0.0)
        self.figures: dict[str, Figures] = {}
        self._sound = {name: self._all(each.data) for name, each in originals.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()

    def sound(self, name: str) -> list[Workbook]:
        """Give what an original reads as."""
        return [reading.workbook for reading in self._sound[name] if reading.workbook]

    def run(self, layer: Layer, name: str, number: int) -> str:
        """Make a mutant, read it, judge it and count it; gives the outcome."""
        mutant = layer.make(self._originals[name], random.Random(f"{layer.name} {name} {number}"))  # noqa: S311
        figures = self.figures.setdefault(layer.name, Figures())
        found, took, above = self._measured(mutant.data)
        if took > PATIENCE:  # other work on the machine makes processor time longer too: slow is what is so twice
            found, took, above = min(self._measured(mutant.data), (found, took, above), key=lambda each: each[1])
        outcome = _bounds(found, took, above) or self._judged(name, mutant, found)
        codes = [each.code for reading in found for each in reading.findings]
        figures.outcomes[outcome] += 1
        figures.codes.update(codes)
        figures.slowest, figures.highest = max(figures.slowest, took), max(figures.highest, above)
        if outcome not in GOOD:
            figures.faults.append(f"{outcome}: {layer.name}, {name}, {number}: {mutant.how} {codes}")
        return outcome

    def _measured(self, data: bytes) -> tuple[list[Reading], float, float]:
        """Read; gives the child's processor time and its memory above its start as well."""
        process = self._child()
        before = _busy(process)
        found = self._all(data)
        return found, _busy(process) - before, _peak(process) - self._start[1]

    def _all(self, data: bytes) -> list[Reading]:
        return list(self._reader.read_all("a", data))

    def _child(self) -> psutil.Process:
        """Give the child, a fresh one where the last has ended; its start is when it has read a trifle."""
        if self._reader._child is None or not self._reader._child.is_alive():
            self._reader.read("a", b"a,b")
        child = self._reader._child
        assert child is not None
        process = psutil.Process(child._process.pid)
        if self._start[0] != process.pid:
            self._start = process.pid, _peak(process)
        _forget_peak(process)
        return process

    def _judged(self, name: str, mutant: Mutant, found: Sequence[Reading]) -> str:
        if any(reading.findings for reading in found):
            return "finding"
        read, sound = [reading.workbook for reading in found if reading.workbook], self.sound(name)
        if read == sound and not mutant.expected:
            return "identical"
        if mutant.touched is None:
            return self._with_its_twin(mutant, read)
        if len(read) != 1 or len(sound) != 1:
            return "wrong"
        return "as meant" if _as_meant(mutant, read[0], sound[0]) else "wrong"

    def _with_its_twin(self, mutant: Mutant, read: Sequence[Workbook]) -> str:
        if mutant.twin is None:
            return "other"
        again = self._all(mutant.twin)
        same = [reading.workbook for reading in again if reading.workbook] == read
        return "other" if same else "wrong"


def _bounds(found: Sequence[Reading], took: float, above: float) -> str:
    """Tell whether a mutant broke the reader's bounds; empty where it did not."""
    codes = {each.code for reading in found for each in reading.findings}
    if "reader-died" in codes:
        return "crash"
    if "reader-failed" in codes:
        return "trapped"
    if codes & {"reader-timeout", "archive-timeout"} or took > PATIENCE:
        return "hang"
    return "memory" if above > BOUND or "reader-memory" in codes else ""


def _as_meant(mutant: Mutant, read: Workbook, sound: Workbook) -> bool:
    """Tell whether nothing differs but what was touched, and that is as expected."""
    before, after = _cells(sound), _cells(read)
    different = {place for place in {**before, **after} if before.get(place) != after.get(place)}
    touched = mutant.touched or NOWHERE
    names = [[grid.name for grid in book.grids] for book in (read, sound)]
    if not touched or not different <= touched or names[0] != names[1]:
        return False
    return not mutant.expected or all(after.get(place, ("",))[0] in mutant.expected for place in touched)


def _cells(workbook: Workbook) -> dict[Cell, tuple[str, str, str]]:
    """Give text, kind and cached value of every cell that holds something."""
    return {
        (sheet, row, column): (text, grid.kinds.get((row, column), ""), grid.cached.get((row, column), ""))
        for sheet, grid in enumerate(workbook.grids)
        for row, line in enumerate(grid.rows)
        for column, text in enumerate(line)
        if text
    }


def _busy(process: psutil.Process) -> float:
    """Give the seconds of processor time that a process has used; the clock would measure what else the machine does.

    What waits without working is seen by the reader itself, whose limit is the clock's. 0 where it is gone.
    """
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _peak(process: psutil.Process) -> float:
    """Give the most memory that a process has held since its peak was forgotten, in MiB; 0 where it is gone."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    except (OSError, IndexError):  # another system, or its end
        try:
            return float(process.memory_info().rss) / (1 << 20)
        except psutil.Error:
            return 0.0


def _forget_peak(process: psutil.Process) -> None:
    try:
        Path(f"/proc/{process.pid}/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return
