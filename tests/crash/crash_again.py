"""Run a command a second time, undisturbed, where a first run was broken off: nothing may be missing then."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from crash_checks import JOURNAL, Tree, harm, lasting, read_tree, temporaries
from crash_scenes import QUESTIONS, Scene, ask
from crash_strace import Subject

_WRONG_USE = 2


@dataclass(slots=True)
class SecondRuns:
    """Runs commands a second time, in the subject's campaign, and remembers of which folders that mended all.

    Running a command, or asking a question, on the very bytes of a folder before would tell nothing new.
    """

    subject: Subject
    mended: set[str] = field(default_factory=set)
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def problems(self, scene: Scene, after: Tree) -> list[str]:
        """Run a scene's command again on ``after``, which lies there, and say what differs from an undisturbed run."""
        key = scene.name + fingerprint(after)
        if key in self.mended:
            return []
        found = list(self._differences(scene, after))
        if not found:
            self.mended.add(key)
        return found

    def _differences(self, scene: Scene, after: Tree) -> Iterator[str]:
        ran = self.subject.run(scene.arguments)
        undone = ran.code == _WRONG_USE and "[event-undone]" in ran.err  # undoing again is wrong use, and no harm
        if (ran.code and not undone) or "Traceback" in ran.err:
            yield f"again: exit code {ran.code}, {ran.err}"
            return
        found = read_tree(self.subject.campaign)
        yield from harm(after, found, scene.final)
        # What lies in .ledgergen is nobody's to see, and goes with the next event (tests/journal).
        yield from (f"leftover: {name}" for name in temporaries(found) if not name.startswith(".ledgergen/"))
        names = {*scene.final, *lasting(found)}
        different = sorted(name for name in names if scene.final.get(name) != found.get(name))
        told, expected = self._asked(found), scene.told
        if _are_other_steps(different, after, scene):
            # The workbook's sheet of sources lists the files in the order they were collected, and what was refused.
            told, expected = told[: len(QUESTIONS)], expected[: len(QUESTIONS)]
        else:
            yield from (f"again: {name} differs" for name in different)
        if told != expected:
            yield "state: it differs from an undisturbed run's"

    def _asked(self, tree: Tree) -> tuple[str, ...]:
        key = fingerprint(tree)
        if key not in self.answers:
            self.answers[key] = ask(self.subject)
        return self.answers[key]


def _are_other_steps(different: list[str], after: Tree, scene: Scene) -> bool:
    """Tell whether only the steps differ: a first run that could not read one file has journalled the others."""
    is_begun = any(name.startswith(JOURNAL) and name not in scene.before for name in lasting(after))
    return is_begun and all(name.startswith(JOURNAL) for name in different)


def fingerprint(tree: Tree) -> str:
    """Hash a folder; two temporary files in one folder with the same bytes are the same."""
    held = list(lasting(tree).items())
    held += ((name.rpartition("/")[0] + "/*", tree[name]) for name in temporaries(tree))
    listed = sorted((name, hashlib.sha256(data).hexdigest()) for name, data in held)
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()
