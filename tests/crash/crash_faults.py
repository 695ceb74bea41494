"""Inject one fault into one system call of a command, then run the command again undisturbed, and say what is wrong."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from crash_again import SecondRuns
from crash_checks import Tree, harm, lasting, read_tree
from crash_scenes import WORKBOOK, Scene
from crash_strace import Call, Ran, Subject, calls

_DIED: Final = -9
_SAID: Final = re.compile(r"\[[a-z-]+\]$|^Error: ", re.MULTILINE)  # a finding's code, or click's own word


class Fault(StrEnum):
    """What happens: an error for an answer, a kill, Ctrl-C, or a write that is claimed and not done."""

    ENOSPC = "ENOSPC"
    EIO = "EIO"
    EACCES = "EACCES"
    KILL = "KILL"
    INT = "INT"
    LOST = "LOST"

    def option(self, call: Call) -> str:
        """Give strace's option for this fault at a call."""
        doing = {Fault.KILL: "signal=KILL", Fault.INT: "signal=INT", Fault.LOST: f"retval={call.result}"}.get(
            self, f"error={self}"
        )
        return f"inject={call.name}:{doing}:when={call.number}"


class Place(StrEnum):
    """What a call has to do with: the campaign's folder, the system's temporary one, the output, the reading child."""

    CAMPAIGN = "campaign"
    TEMPORARY = "tmp"
    OUTPUT = "output"
    READER = "reader"


_OF_THE_READER: Final = frozenset({"pipe2", "vfork", "clone", "clone3", "wait4", "kill"})


@dataclass(frozen=True, slots=True)
class Point:
    """A system call at which a fault can strike: the scene it belongs to, the call, and what it has to do with."""

    scene: Scene
    call: Call
    place: Place

    def faults(self) -> tuple[Fault, ...]:
        """Give the faults that can strike here."""
        faults = [Fault.ENOSPC, Fault.EIO, Fault.EACCES, Fault.KILL]
        if self.call.changes or self.place is Place.READER:
            faults.append(Fault.INT)
        # Only the campaign's files are read back: what is lost on its way through the temporary folder is not noticed.
        if self.call.name == "write" and self.place is Place.CAMPAIGN:
            faults.append(Fault.LOST)
        return tuple(faults)

    def __str__(self) -> str:
        """Name the point as a failing test should."""
        return f"{self.scene.name}: {self.call.name} number {self.call.number}, {self.call.line[:160]}"


def place_of(call: Call, subject: Subject) -> Place | None:
    """Tell what a call has to do with."""
    if call.places(subject.campaign):
        return Place.CAMPAIGN
    if call.places(subject.temporary):
        return Place.TEMPORARY
    if call.places(subject.place):
        return Place.OUTPUT if call.name == "write" else None
    return Place.READER if call.name in _OF_THE_READER or "<pipe:" in call.line else None


@dataclass(frozen=True, slots=True)
class Injector:
    """Injects faults and judges what follows; ``seed`` names a fault of the program itself (``crash_seeds``)."""

    subject: Subject
    again: SecondRuns
    seed: str = ""

    def points(self, scene: Scene) -> list[Point]:
        """List every system call of a command's main thread that has to do with a file, its output or its child.

        Left out are calls within the installation (modules, translations), on memory and on the clock; and of the
        output all but the writing.
        """
        self.subject.set_up(scene.start)
        _, lines = self.subject.traced(scene.arguments, options=["-s", "200"], seed=self.seed)
        found = ((call, place_of(call, self.subject)) for call in calls(lines))
        return [Point(scene, call, place) for call, place in found if place]

    def problems(self, point: Point, fault: Fault) -> list[str]:
        """Run the command with the fault, and once more without; say what is wrong, nothing where all is well."""
        scene = point.scene
        self.subject.set_up(scene.start)
        options = ["-s", "200", "-e", f"trace={point.call.name}", "-e", fault.option(point.call)]
        ran, lines = self.subject.traced(scene.arguments, options=options, seed=self.seed)
        after = read_tree(self.subject.campaign)
        return [
            *self._missed(point, lines),
            *harm(scene.before, after, scene.final),
            *_ending(point, fault, ran, after),
            *self._litter(point, fault),
            *self.again.problems(scene, after),
        ]

    def _missed(self, point: Point, lines: Sequence[str]) -> Iterator[str]:
        """Say so where the fault struck another call than was meant."""
        struck = next((call for call in calls(lines) if call.number == point.call.number), None)
        if struck is None or struck.places(self.subject.place) != point.call.places(self.subject.place):
            yield f"missed: {struck}"

    def _litter(self, point: Point, fault: Fault) -> Iterator[str]:
        """Say what a command left in the system's temporary folder though it was not killed."""
        if fault is not Fault.KILL and point.place is not Place.TEMPORARY:  # its own clearing up may have been struck
            yield from (f"litter: {path.name}" for path in self.subject.temporary.iterdir())


def _ending(point: Point, fault: Fault, ran: Ran, after: Tree) -> Iterator[str]:
    """Judge how the command ended: 0 only with its work done, else 3 and a finding; 1 for a returned file unread."""
    if "Traceback" in ran.err:
        yield f"traceback: {ran.err}"
    if fault is Fault.KILL:
        if ran.code != _DIED:
            yield f"exit: {ran.code} though killed"
    elif ran.code == 0:
        if lasting(after) != point.scene.final:
            yield "exit: 0 though the work is not done"
    elif ran.code not in _allowed(point):
        yield f"exit: {ran.code}, {ran.err}"
    elif not _SAID.search(ran.err) and point.place is not Place.OUTPUT:
        yield f"exit: {ran.code} without a word, {ran.err}"


def _allowed(point: Point) -> tuple[int, ...]:
    """Give the exit codes that may follow: 3; also 1 where a returned file is not read, which is a finding on it."""
    if point.place is Place.READER or "/campaign/inbox" in point.call.line:
        return 1, 3
    if point.call.name == "access":  # click looks whether the folder named by -C may be read; if not, it is misused
        return 2, 3
    if point.call.name == "newfstatat" and f"/{WORKBOOK}" in point.call.line:  # and whether there is such a file
        return 2, 3
    return (3,)
