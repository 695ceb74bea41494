"""Propose units for the tasks of a campaign that name nobody, out of its words and of other campaigns' assignments."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledgergen.campaign.folder import PLAN_FILE, UNITS_FILE, Folder, OfficeFiles, check_files, read_bytes
from ledgergen.campaign.importing import read_abbreviations
from ledgergen.document.duties import FILE as DUTIES
from ledgergen.document.duties import Duties, load_duties
from ledgergen.document.suggest import HERE, AssignedTask, Home, Reason, Suggester, Suggestion
from ledgergen.errors import InputFaults
from ledgergen.findings import Finding, Where, finding
from ledgergen.messages import gettext
from ledgergen.plan.load import load_plan, load_units
from ledgergen.plan.units import Registry
from ledgergen.records import Group, Plan, Role, Task
from ledgergen.resources import resource_folder

EXAMPLES: Final = ("zaozhuang-2022", "zichuan-2022", "taierzhuang-2023")  # whose documents themselves name the units


@dataclass(frozen=True, slots=True)
class SuggestedTask:
    """A task that names nobody, with what is proposed."""

    task: Task
    suggestions: tuple[Suggestion, ...]

    def to_json(self) -> dict[str, object]:
        """Give the machine-readable form."""
        found = [
            {"unit": each.name, "score": each.score, "reasons": [reason_text(reason) for reason in each.reasons]}
            for each in self.suggestions
        ]
        return {"task": self.task.id, "name": self.task.name, "suggestions": found}


@dataclass(frozen=True, slots=True)
class Suggested:
    """What is proposed for a campaign, with its files as they were read."""

    files: OfficeFiles
    tasks: tuple[SuggestedTask, ...]
    findings: tuple[Finding, ...]


def suggest(folder: Folder, others: Sequence[Path] = ()) -> Suggested:
    """Propose units for every task without any, or with 有关部门 alone.

    ``others`` are folders of campaigns to learn from, beside the campaign's own assignments; without any, the examples
    whose documents name units.

    Raises:
        InputFaults: a file cannot be read as what it should be. Surroundings: a file is not there.
    """
    files, findings = check_files(folder)
    if files is None:
        raise InputFaults(findings)
    busy = {assignment.task.id for assignment in files.assignments}
    open_tasks = [task for task in files.plan.tasks if task.id not in busy and _names_nobody(task, files.registry)]
    assigned = [each for each in _assigned("", files.plan, files.registry) if each.units]
    for place in others or [resource_folder("examples") / name for name in EXAMPLES]:
        assigned += _read_other(place)
    registry = files.registry
    names = [name for unit in registry.units for name in unit.names] + [group.name for group in registry.groups]
    texts = tuple(map(text_of_task, files.plan.tasks))
    tables = read_abbreviations(folder.root)
    home = Home(files.plan.facts.region, tuple(names), texts)
    suggester = Suggester(home, assigned, read_duties(folder.root), tables)
    tasks = tuple(SuggestedTask(task, suggester.suggest(text_of_task(task))) for task in open_tasks)
    said = [finding("suggest-nothing", each.task.where, id=each.task.id) for each in tasks if not each.suggestions]
    return Suggested(files, tasks, tuple(said))


def reason_text(reason: Reason, speak: Callable[[str], str] = gettext) -> str:
    """Put a reason into words."""
    facts = {key: value or speak(HERE) for key, value in reason.facts.items()}
    return speak(reason.text).format(**facts)


def text_of_task(task: Task) -> str:
    """Give the words of a task by which it is compared: the innermost heading, the name, the requirement."""
    return "\n".join([*task.section[-1:], task.name, task.requirement])


def read_duties(campaign: Path | None) -> Duties:
    """Load the product's table of duties, and what the campaign's own adds to it.

    Raises:
        InputFaults: a table has faults.
    """
    table = _duties(resource_folder("templates") / DUTIES)
    own = campaign / "templates" / DUTIES if campaign else None
    return table.extended(_duties(own), read_abbreviations(campaign)) if own and own.is_file() else table


def _duties(path: Path) -> Duties:
    table, findings = load_duties(read_bytes(path), f"templates/{path.name}")
    if table is None:
        raise InputFaults(findings)
    return table


def _read_other(place: Path) -> list[AssignedTask]:
    """Read the tasks of another campaign with who has them."""
    plan, findings = load_plan(read_bytes(place / PLAN_FILE), f"{place.name}/{PLAN_FILE}")
    registry, more = load_units(read_bytes(place / UNITS_FILE), f"{place.name}/{UNITS_FILE}")
    if plan is None or registry is None:
        raise InputFaults([*findings, *more] or [finding("cannot-read", Where(place.name), reason="")])
    return [each for each in _assigned(place.resolve().name, plan, registry) if each.units]


def _assigned(campaign: str, plan: Plan, registry: Registry) -> Iterable[AssignedTask]:
    for task in plan.tasks:
        units = [(name, role) for role in Role for name in getattr(task, str(role))]
        named = tuple((found.name if (found := registry.find(name)) else name, role) for name, role in units)
        yield AssignedTask(campaign, task.id, text_of_task(task), named)


def _names_nobody(task: Task, registry: Registry) -> bool:
    """Tell whether a task names nobody, or only groups that nobody can be expanded to (有关部门)."""
    named = (*task.lead, *task.responsible, *task.supporting)
    return all(isinstance(found := registry.find(name), Group) and found.pending for name in named)
