"""The crash test: a fault at every system call of a collect and of two merges, and a power cut at every moment.

After any of them the journal is whole, every original that it names is there with its bytes, a file that a person sees
is wholly old or wholly new, and the same command run again leaves the very bytes of an undisturbed run. The suite runs
a sample of the faults, ``make soak`` all. Faults seeded into the program show that these tests can fail.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

import pytest

from conftest import need
from crash_again import SecondRuns, fingerprint
from crash_checks import UNTOLD, harm, lasting, read_tree
from crash_disk import Disk, Left, lay, without_fsync
from crash_faults import Fault, Injector, Place, Point
from crash_scenes import Scene, make_scenes
from crash_strace import Call, Subject, calls

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace is for Linux")

SCENES: Final = ("first merge", "collect", "merge", "resolve", "undo", "answer", "plan apply")
ONE_EVENT: Final = ("resolve", "undo")  # commands that write nothing else
_LATER: Final = ("answer", "plan apply")  # whose calls are mostly those of the others: the sample is thinner, …
_THINNER: Final = 8  # … by so much
_SPARSE: Final = 40  # of the calls that only look, one in so many is taken into the sample
_SHARES: Final = 2  # parts of a scene's sample, and …
_SOAK_SHARES: Final = 4  # … of all its faults, for workers that share the work
_MOST_SHOWN: Final = 12
_BESIDE_KILL: Final = (Fault.ENOSPC, Fault.EIO, Fault.EACCES, Fault.INT)


@dataclass(frozen=True, slots=True)
class Stage:
    """The subject, the commands to disturb, and what second runs have shown."""

    subject: Subject
    scenes: dict[str, Scene]
    again: SecondRuns

    def injector(self, seed: str = "") -> Injector:
        """Give an injector for the program as it is, or with a fault seeded."""
        return Injector(self.subject, self.again, seed)

    def log(self, scene: Scene, seed: str = "") -> list[Call]:
        """Run a command under strace, which shows all the bytes; give its calls."""
        self.subject.set_up(scene.start)
        _, lines = self.subject.traced(scene.arguments, options=["-s", "1000000"], seed=seed)
        return list(calls(lines))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    need("strace")
    folder = tmp_path_factory.mktemp("crash")
    with Subject(folder) as subject:
        may_trace(subject)
        scenes = {scene.name: scene for scene in make_scenes(subject, folder / "scenes")}
        yield Stage(subject, scenes, SecondRuns(subject))


def may_trace(subject: Subject) -> None:
    """Skip where processes may not be traced, as in some containers; under CI that is a failure."""
    try:
        subject.traced(("--help",), options=[])
    except PermissionError as refused:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"strace may not trace: {refused}")


def all_faults(points: Sequence[Point]) -> Iterator[tuple[Point, Fault]]:
    """Give every fault at every call; at one on the system's temporary folder a single one, each kind in turn.

    Both merges write the same workbook there; the second one's calls are taken.
    """
    for number, point in enumerate(points):
        if point.place is not Place.TEMPORARY:
            yield from ((point, fault) for fault in point.faults())
        elif point.scene.name == "merge":
            yield point, point.faults()[number % len(point.faults())]


def sample(points: Sequence[Point]) -> Iterator[tuple[Point, Fault]]:
    """Choose what the suite runs: a kill at each change of the campaign, an error at every second, little of the rest.

    Of the first merge only what concerns the workbook: the second one's journal is written by the same calls.
    """
    rest = [point for point in points if not (point.place is Place.CAMPAIGN and point.call.changes)]
    changes = [point for point in points if point not in rest]
    if points[0].scene.name == "first merge":
        changes = [point for point in changes if "/reports" in point.call.line]
        rest = []
    for number, point in enumerate(changes):
        yield point, Fault.KILL
        if Fault.LOST in point.faults():
            yield point, Fault.LOST
        elif number % 2:
            yield point, _BESIDE_KILL[number // 2 % len(_BESIDE_KILL)]
    for number, point in enumerate(rest[::_SPARSE]):
        yield point, point.faults()[number % len(point.faults())]


def strike(stage: Stage, chosen: Sequence[tuple[Point, Fault]]) -> list[str]:
    """Inject faults one after another and list what is wrong."""
    injector = stage.injector()
    found = []
    for point, fault in chosen:
        if problems := injector.problems(point, fault):
            found.append("\n  ".join([f"{fault} at {point}", *problems]))
    return found


def listed(problems: Sequence[str]) -> str:
    return "\n".join([*problems[:_MOST_SHOWN], f"{len(problems)} in all"])


@pytest.mark.parametrize("share", range(_SHARES))
@pytest.mark.parametrize("name", SCENES)
def test_a_fault_at_a_system_call(stage: Stage, name: str, share: int) -> None:
    points = stage.injector().points(stage.scenes[name])
    chosen = list(sample(points))[:: _THINNER if name in _LATER else 1][share::_SHARES]
    assert len(chosen) >= 5
    problems = strike(stage, chosen)
    assert not problems, listed(problems)


def test_a_folder_that_may_not_be_listed_is_no_empty_one(stage: Stage) -> None:
    """``Path.rglob`` passes over what it may not list: returned files would be overlooked without a word."""
    points = stage.injector().points(stage.scenes["collect"])
    listings = [each for each in points if "O_DIRECTORY" in each.call.line and "/inbox" in each.call.line]
    assert listings
    problems = strike(stage, [(point, Fault.EACCES) for point in listings])
    assert not problems, listed(problems)


@pytest.mark.soak
@pytest.mark.parametrize("share", range(_SOAK_SHARES))
@pytest.mark.parametrize("name", SCENES)
def test_every_fault_at_every_system_call(
    stage: Stage, name: str, share: int, capsys: pytest.CaptureFixture[str]
) -> None:
    points = stage.injector().points(stage.scenes[name])[share::_SOAK_SHARES]
    chosen = list(all_faults(points))
    problems = strike(stage, chosen)
    kinds = Counter(fault for _, fault in chosen)
    with capsys.disabled():
        print(  # noqa: T201 - the figures that the docs quote
            f"\ncrash: {name} {share + 1}/{_SOAK_SHARES}: {len({point.call for point, _ in chosen})} calls, "
            f"{len(chosen)} faults ({', '.join(f'{kind} {count}' for kind, count in kinds.items())}), "
            f"{len(problems)} failures{''.join(f'{chr(10)}{problem}' for problem in problems[:3])}",
            file=sys.stderr,
        )
    assert not problems, listed(problems)


@pytest.mark.parametrize("name", SCENES)
def test_only_the_main_thread_touches_the_campaign(stage: Stage, name: str) -> None:
    """Faults are injected into the main thread's calls; so there must be no others."""
    scene = stage.scenes[name]
    stage.subject.set_up(scene.start)
    _, lines = stage.subject.traced(scene.arguments, options=["-f"])
    touching = {line.split()[0] for line in lines if f"{stage.subject.campaign}/" in line}
    assert len(touching) == 1


_BLANKED: Final = re.compile(r"(?<=/)[0-9a-f]{1,2}/[0-9a-f]{64}|(?<=originals/)[0-9a-f]{1,2}(?=/)|(?<=-)[0-9a-f]{16}")
_SHELF: Final = re.compile(r"/\.ledgergen/originals/[0-9a-f]{1,2}")  # made where a hash is the first of its kind


@pytest.mark.parametrize("name", SCENES)
def test_the_subject_makes_the_calls_of_the_program(stage: Stage, name: str) -> None:
    """What is disturbed is a process that has its modules already; it must do to the campaign what the program does."""
    scene = stage.scenes[name]
    log = stage.log(scene)
    stage.subject.set_up(scene.start)
    file = stage.subject.place / "program.log"
    command = [sys.executable, "-m", "ledgergen", "-C", str(stage.subject.campaign), *scene.arguments]
    cache = stage.subject.place / "cache"
    subprocess.run(
        ["strace", "-y", "-o", file, "-E", f"LEDGERGEN_CACHE={cache}", *command],
        check=True, cwd=cache.parent.parent, capture_output=True,
    )  # fmt: skip
    program = calls(file.read_text(encoding="ascii").splitlines())

    def touched(made: Iterator[Call]) -> list[tuple[str, list[str]]]:
        found = ((call.name, call.places(stage.subject.campaign)) for call in made if call.name != "execve")
        named = [
            (call, [_BLANKED.sub("*", place) for place in places])
            for call, places in found
            if places and not _SHELF.fullmatch(places[0])
        ]
        # In what order a folder gives its files is the file system's matter, and another in every copy.
        return [each for _, alike in groupby(named, key=itemgetter(0)) for each in sorted(alike)]

    assert touched(program) == touched(iter(log))


@dataclass(frozen=True, slots=True)
class Cut:
    """A power cut: after how many of the command's calls, whether that was all of them, and what it left."""

    after: int
    is_told: bool  # the command had ended, and said so
    left: Left

    def tree(self) -> dict[str, bytes]:
        """Give the files that are left."""
        return {name: data for name, data in self.left.items() if data is not None and name not in UNTOLD}


def cuts(stage: Stage, scene: Scene, log: Sequence[Call]) -> Iterator[Cut]:
    """Cut the power before and after every call that changes the campaign."""
    disk = Disk(scene.start, stage.subject.campaign)
    for number, call in enumerate(log):
        if call.changes and call.places(stage.subject.campaign):
            yield from (Cut(number, is_told=False, left=left) for left in disk.left())
        disk.apply(call)
    yield from (Cut(len(log), is_told=True, left=left) for left in disk.left())


def lost(scene: Scene, cut: Cut) -> list[str]:
    """Say what a power cut has spoilt; when the command had ended, all that it did must be there."""
    tree = cut.tree()
    problems = list(harm(scene.before, tree, scene.final))
    if cut.is_told and lasting(tree) != scene.final:
        problems.append("lost: what the command had said was done")
    return problems


@pytest.mark.parametrize("name", SCENES)
def test_a_power_cut_at_every_moment(stage: Stage, name: str) -> None:
    scene = stage.scenes[name]
    every = list(cuts(stage, scene, stage.log(scene)))
    assert len(every) > (60 if name in ONE_EVENT else 200)
    run_again: set[str] = set()
    for cut in every:
        assert lost(scene, cut) == [], cut.after
        key = fingerprint(lasting(cut.tree()))  # temporary files do not matter: the next writer sweeps them
        if key not in run_again:
            run_again.add(key)
            stage.subject.clear()
            lay(cut.left, stage.subject.campaign)
            assert stage.again.problems(scene, read_tree(stage.subject.campaign)) == [], cut.after
    assert len(run_again) >= (2 if name in ONE_EVENT else 4)


def made_up_for(log: Sequence[Call], campaign: Path) -> set[int]:
    """Number the fsyncs of a folder for people that another one of the same folder follows: several files go there."""
    places = {call.number: call.places(campaign) for call in log if call.name == "fsync"}
    return {
        number
        for number, place in places.items()
        if not place[:1] or not place[0].startswith("/.ledgergen")
        if any(other > number and again == place for other, again in places.items())
    }


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.soak] if name in _LATER else []) for name in SCENES]
)
def test_every_single_fsync_is_needed(stage: Stage, name: str) -> None:
    """A seeded fault, once for each fsync: left out of the log, it must be missed."""
    scene = stage.scenes[name]
    log = stage.log(scene)
    disk = Disk(scene.start, stage.subject.campaign)
    for call in log:
        disk.apply(call)
    # An original may come to lie in a folder that is there already.
    numbers = [number for number in disk.useful if number not in made_up_for(log, stage.subject.campaign)]
    assert len(numbers) >= (2 if name in ONE_EVENT else 6)
    unnoticed = [
        number
        for number in numbers
        if not any(lost(scene, cut) for cut in cuts(stage, scene, without_fsync(log, number)))
    ]
    assert unnoticed == []


@pytest.mark.parametrize(
    ("seed", "name", "expected"),
    [
        ("event_before_originals", "collect", "unsound"),
        ("event_before_originals", "merge", "unsound"),
        ("files_unsynced", "collect", "unsound"),
        ("files_unsynced", "merge", "half-written"),
        ("folders_unsynced", "collect", "lost"),
        ("written_in_place", "merge", "half-written"),
        ("event_before_originals", "answer", "unsound"),
        ("files_unsynced", "plan apply", "half-written"),
    ],
)
def test_a_power_cut_shows_a_seeded_fault(stage: Stage, seed: str, name: str, expected: str) -> None:
    scene = stage.scenes[name]
    found = [problem for cut in cuts(stage, scene, stage.log(scene, seed)) for problem in lost(scene, cut)]
    assert expected in {problem.partition(":")[0] for problem in found}


@pytest.mark.parametrize(
    ("seed", "name", "fault", "at", "expected"),
    [
        ("event_before_originals", "collect", Fault.KILL, ("rename", "/originals/"), "unsound"),
        ("event_before_originals", "merge", Fault.ENOSPC, ("write", "/originals/"), "unsound"),
        ("written_in_place", "merge", Fault.KILL, ("write", "/reports/"), "half-written"),
        ("written_in_place", "first merge", Fault.ENOSPC, ("write", "/reports/"), "half-written"),
        ("not_read_back", "collect", Fault.LOST, ("write", "/originals/"), "unsound"),
        ("not_read_back", "collect", Fault.LOST, ("write", "/journal/"), "unsound"),
        ("errors_passed_over", "collect", Fault.EIO, ("fsync", "/journal/"), "exit"),
        ("written_in_place", "answer", Fault.KILL, ("write", "/reports/"), "half-written"),
        ("written_in_place", "plan apply", Fault.KILL, ("write", "/plan.yaml"), "half-written"),
        ("event_before_originals", "plan apply", Fault.KILL, ("rename", "/originals/"), "unsound"),
    ],
)
def test_a_fault_at_a_call_shows_a_seeded_fault(
    stage: Stage, seed: str, name: str, fault: Fault, at: tuple[str, str], expected: str
) -> None:
    injector = stage.injector(seed)
    call, folder = at
    point = next(
        point for point in injector.points(stage.scenes[name]) if point.call.name == call and folder in point.call.line
    )
    assert expected in {problem.partition(":")[0] for problem in injector.problems(point, fault)}


@pytest.mark.parametrize("seed", ["files_unsynced", "folders_unsynced"])
def test_a_kill_alone_does_not_show_a_missing_fsync(stage: Stage, seed: str) -> None:
    """The reason for the model of a power cut: the system keeps what a dead process has written."""
    injector = stage.injector(seed)
    points = [each for each in injector.points(stage.scenes["collect"]) if each.call.name in ("rename", "link")]
    assert points
    assert [problem for point in points for problem in injector.problems(point, Fault.KILL)] == []
