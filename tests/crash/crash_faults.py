"""Inject one fault into one system call of a command, then run the command again undisturbed, and say what is wrong."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from crash_checks import Tree, harm, lasting, read_tree, temporaries
from crash_scenes import Scene, ask
from crash_strace import Call, Ran, Subject, calls

_DIED: Final = -9
_STOPPED: Final = 3
_CODE: Final = re.compile(r"\[[a-z-]+\]$", re.MULTILINE)


class Fault(StrEnum):
    """What the system is made to do: answer with an error, kill the command, or claim a write that it did not do."""

    ENOSPC = "ENOSPC"
    EIO = "EIO"
    EACCES = "EACCES"
    KILL = "KILL"
    LOST = "LOST"

    def option(self, call: Call) -> str:
        """Give strace's option for this fault at a call."""
        doing = {Fault.KILL: "signal=KILL", Fault.LOST: f"retval={call.result}"}.get(self, f"error={self}")
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
        errors = (Fault.ENOSPC, Fault.EIO, Fault.EACCES, Fault.KILL)
        is_write = self.call.name == "write" and self.place in (Place.CAMPAIGN, Place.TEMPORARY)
        return (*errors, Fault.LOST) if is_write else errors

    def __str__(self) -> str:
        """Name the point as a failing test should."""
        return f"{self.scene.name}: {self.call.name} number {self.call.number}, {self.call.line[:160]}"


def points(scene: Scene, subject: Subject) -> list[Point]:
    """List every system call of a command's main thread that has to do with a file, its output or its child.

    Left out are only calls within the installation (modules, translations), and those on memory and the clock.
    """
    subject.set_up(scene.start)
    _, lines = subject.traced(scene.arguments, options=["-s", "200"])
    found = ((call, place_of(call, subject)) for call in calls(lines))
    return [Point(scene, call, place) for call, place in found if place]


def place_of(call: Call, subject: Subject) -> Place | None:
    """Tell what a call has to do with."""
    touched = call.places(subject.place)
    for place, start in ((Place.CAMPAIGN, "/campaign"), (Place.TEMPORARY, "/tmp"), (Place.OUTPUT, "/")):
        if any(f"{path}/".startswith(f"{start}/") or start == "/" for path in touched):
            return place
    return Place.READER if call.name in _OF_THE_READER or "<pipe:" in call.line else None


@dataclass(slots=True)
class Injector:
    """Injects faults and judges what follows; remembers which folders a second run has mended.

    Running a command on a folder with the same bytes as one before would tell nothing new, so it is run once for each
    folder that a fault left behind (``second_runs``).
    """

    subject: Subject
    seed: str = ""
    second_runs: dict[str, list[str]] = field(default_factory=dict)

    def problems(self, point: Point, fault: Fault) -> list[str]:
        """Run the command with the fault, and once more without; say what is wrong, nothing where all is well."""
        scene = point.scene
        self.subject.set_up(scene.start)
        options = ["-s", "200", "-e", f"trace={point.call.name}", "-e", fault.option(point.call)]
        ran, lines = self.subject.traced(scene.arguments, options=options, seed=self.seed)
        after = read_tree(self.subject.campaign)
        found = [] if self.seed else list(self._missed(point, lines))
        found += harm(scene.before, after, scene.final)
        found += _ending(point, fault, ran, after)
        found += self._litter(fault, point)
        found += self._again(point, after)
        return found

    def _missed(self, point: Point, lines: Sequence[str]) -> Iterator[str]:
        """Say so where the fault struck another call than was meant."""
        struck = next((call for call in calls(lines) if call.number == point.call.number), None)
        if struck is None or struck.places(self.subject.place) != point.call.places(self.subject.place):
            yield f"missed: {struck}"

    def _litter(self, fault: Fault, point: Point) -> Iterator[str]:
        """Say what a command left in the system's temporary folder though it was not killed."""
        if fault is not Fault.KILL and point.call.name not in ("unlink", "rmdir"):
            yield from (f"litter: {path.name}" for path in self.subject.temporary.iterdir())

    def _again(self, point: Point, after: Tree) -> list[str]:
        key = fingerprint(after)
        if key not in self.second_runs:
            self.second_runs[key] = list(self._second_run(point, after))
        return self.second_runs[key]

    def _second_run(self, point: Point, after: Tree) -> Iterator[str]:
        """Run the command again where it was broken off, and compare with an undisturbed run, byte for byte."""
        scene = point.scene
        ran = self.subject.run(scene.arguments)
        if ran.code or "Traceback" in ran.err:
            yield f"again: exit code {ran.code}, {ran.err}"
            return
        final = read_tree(self.subject.campaign)
        yield from harm(after, final, scene.final)
        yield from (f"leftover: {name}" for name in temporaries(final))
        # Where the reading child was struck, its file is journalled as refused, and accepted by the second run.
        if point.place is not Place.READER:
            yield from (
                f"again: {name} differs" for name in {**scene.final, **final} if scene.final.get(name) != final.get(name)
            )
        if ask(self.subject, self.subject.campaign) != scene.told:
            yield "state: it differs from an undisturbed run's"


def _ending(point: Point, fault: Fault, ran: Ran, after: Tree) -> Iterator[str]:
    """Judge how the command ended: 0 only with its work done, else 3 and a finding; 1 for a returned file unread."""
    if "Traceback" in ran.err:
        yield f"traceback: {ran.err}"
    if fault is Fault.KILL:
        if ran.code != _DIED:
            yield f"exit: {ran.code} though killed"
    elif ran.code == 0:
        if lasting(after) != point.scene.final and point.place is not Place.READER:
            yield "exit: 0 though the work is not done"
    elif ran.code != _STOPPED and not _is_unread(point, ran):
        yield f"exit: {ran.code}, {ran.err}"
    elif not _CODE.search(ran.err) and point.place is not Place.OUTPUT:
        yield f"exit: {ran.code} without a finding, {ran.err}"


def _is_unread(point: Point, ran: Ran) -> bool:
    """Tell whether a returned file could not be read, which is a finding on that file: exit code 1."""
    return ran.code == 1 and (point.place is Place.READER or "/campaign/inbox" in point.call.line)


def fingerprint(tree: Tree) -> str:
    """Hash a folder; two temporary files in one folder with the same bytes are the same."""
    held = sorted((name, data) for name, data in lasting(tree).items())
    held += sorted((name.rpartition("/")[0] + "/*", tree[name]) for name in temporaries(tree))
    listed = [(name, hashlib.sha256(data).hexdigest()) for name, data in held]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()
