"""Units and limits of the tasks found: texts into names by role, rules stated once, readings of limits, doubts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from ledgergen.document.bodies import is_group
from ledgergen.document.characters import fold
from ledgergen.document.draft import DraftTask
from ledgergen.document.facts import Facts
from ledgergen.document.found import FoundTask
from ledgergen.document.limits import has_soft_year, limits_in
from ledgergen.document.names import Reader
from ledgergen.document.roles import Share, read_share, spoken_share
from ledgergen.document.rules import Rules, rules_at
from ledgergen.findings import Fact, Finding, Where, finding
from ledgergen.plan.deadline import Deadline, read_limit
from ledgergen.plan.deadline_text import deadline_yaml
from ledgergen.records import Role

_INHERITABLE: Final = ("section", "name", "lead", "responsible", "supporting", "time_limit", "deadline")
_OWN_ISSUE: Final = ("印发", "发布", "公布", "下发")
_SHARED: Final = "doubt-shared-clause"
_INHERITED: Final = ("lead", "responsible", "supporting", "time_limit")
_BETWEEN: Final = "；"
_QUOTED: Final = 80
_NO_YEAR: Final = 2000


class Assigner:
    """Makes draft tasks of found ones. Names seen anywhere in the document help to part those that run together."""

    def __init__(self, facts: Facts, statements: Sequence[tuple[tuple[int, ...], str]], file: str) -> None:
        self._facts, self._statements, self._file = facts, statements, file
        self._reader = Reader(facts.place)
        self._labels_beat = False
        self.findings: list[Finding] = []

    def assign(self, found: Sequence[FoundTask]) -> tuple[DraftTask, ...]:
        """Make the draft tasks, in order."""
        self._learn(found)
        return tuple(map(self._task, found))

    def _learn(self, found: Iterable[FoundTask]) -> None:
        seen: set[str] = set()
        for task in found:
            for role, text in task.said:
                share = read_share(text, role, self._reader)
                # Where some clauses have labels and others have none, the labels are meant; else they are mere custom.
                self._labels_beat = self._labels_beat or not (share.labels or task.in_table)
                seen |= {fold(name) for names in share.names.values() for name in names}
        self._reader.known = frozenset(seen)

    def _task(self, found: FoundTask) -> DraftTask:
        found = self._speaking_for_itself(found)
        share = self._share(found)
        rules = rules_at(self._statements, found.order)
        inherited = set(found.inherited)
        doubts = list(found.doubts) + [(code, {"text": text}) for code, text in share.doubts]
        if not found.said and (spoken := spoken_share(found.requirement, self._reader)):
            share.names = spoken.names
            share.is_open = spoken.is_open
            doubts = [doubt for doubt in doubts if doubt[0] != "doubt-no-units"]
            doubts.append(("doubt-units-in-sentence", {"text": "、".join(spoken.names[Role.LEAD])}))
        doubts += self._apply(rules, share, inherited, in_table=found.in_table)
        if _leads_nobody(share) and "lead" not in inherited:  # said once, where the words stand
            doubts.append(("doubt-lead-group", {"text": "、".join(share.names[Role.LEAD])}))
        time_limit = self._time_limit(found, share)
        if found.times is None and not share.limits:  # the limit stands in the task's own sentences
            inherited.discard("time_limit")
        deadline = read_limit(time_limit, self._year, self._facts.issued)
        doubts += self._limit_doubts(found, time_limit, deadline)
        named = {role: tuple(names) for role, names in share.names.items()}
        where = self._where(found)
        return DraftTask(
            number=found.number,
            requirement=found.requirement,
            name=found.name,
            part=found.part,
            section=found.section,
            lead=named[Role.LEAD],
            responsible=named[Role.RESPONSIBLE],
            supporting=named[Role.SUPPORTING],
            groups=tuple(share.groups),
            open_list=share.is_open,
            time_limit=time_limit,
            deadline=(deadline if self._has_year else _undated(deadline)).to_json(),
            inherited=_inherited(inherited, named, time_limit, found),
            doubts=tuple(self._doubt(code, facts, where, found) for code, facts in _distinct(doubts)),
            in_table=found.in_table,
            where=where,
        )

    def _speaking_for_itself(self, found: FoundTask) -> FoundTask:
        """Leave out a clause that only the last item bears where this one's own sentences say who leads."""
        shared = [doubt for doubt in found.doubts if doubt[0] == _SHARED]
        if not shared or not spoken_share(found.requirement, self._reader):
            return found
        doubts = [doubt for doubt in found.doubts if doubt[0] != _SHARED]
        return replace(found, said=[], inherited=found.inherited - set(_INHERITED), doubts=doubts)

    @property
    def _has_year(self) -> bool:
        return bool(self._facts.year or self._facts.issued)

    @property
    def _year(self) -> int:
        return self._facts.year or (self._facts.issued or date(_NO_YEAR, 1, 1)).year

    def _share(self, found: FoundTask) -> Share:
        """Read all texts about units; a unit named twice keeps its first role."""
        whole = Share()
        for role, text in found.said:
            share = read_share(text, role, self._reader)
            for each, names in share.names.items():
                taken = {fold(name) for others in whole.names.values() for name in others}
                whole.names[each] += [name for name in names if fold(name) not in taken]
            whole.limits += share.limits
            whole.doubts += share.doubts
            whole.is_open = whole.is_open or share.is_open
            whole.labels |= share.labels
            whole.labelled_limit = whole.labelled_limit or share.labelled_limit
            whole.first_leads = whole.first_leads or share.first_leads
        return whole

    def _apply(
        self, rules: Rules, share: Share, inherited: set[str], *, in_table: bool
    ) -> Iterator[tuple[str, dict[str, Fact]]]:
        """Apply the rules stated once; what they add is inherited."""
        names = share.names
        if rules.mark:
            _lead_by_mark(rules.mark, share)
        beaten = bool(share.labels - {str(Role.RESPONSIBLE)}) or (self._labels_beat and bool(share.labels))
        first_leads = (rules.first_leads and (in_table or not beaten)) or share.first_leads
        if first_leads and names[Role.RESPONSIBLE] and not names[Role.LEAD]:
            if is_group(names[Role.RESPONSIBLE][0]):
                yield "doubt-first-group", {"text": names[Role.RESPONSIBLE][0]}
            else:
                names[Role.LEAD] = [names[Role.RESPONSIBLE].pop(0)]
                others = names[Role.RESPONSIBLE]
                names[Role.RESPONSIBLE] = []
                names[rules.others] = [*others, *names[rules.others]]
                inherited.add("lead")
        elif rules.responsible_leads and names[Role.RESPONSIBLE] and not names[Role.LEAD]:
            names[Role.LEAD], names[Role.RESPONSIBLE] = names[Role.RESPONSIBLE], []
            inherited.add("lead")
        for role, who in rules.everybody:
            share.add(role, self._reader.read(who))
            inherited.add(str(role))

    def _time_limit(self, found: FoundTask, share: Share) -> str:
        """Give the words of the limit: of the time columns, else of the sentences and the clause."""
        if found.times is not None:
            return _BETWEEN.join(dict.fromkeys(found.times))
        spoken = [] if share.labelled_limit else limits_in(found.requirement)
        return _BETWEEN.join(dict.fromkeys([*spoken, *share.limits]))

    def _limit_doubts(
        self, found: FoundTask, time_limit: str, deadline: Deadline
    ) -> Iterator[tuple[str, dict[str, Fact]]]:
        facts = self._facts
        if deadline.doubt:
            yield deadline.doubt, {"words": time_limit, "reading": deadline_yaml(deadline)}
        if found.times is None and has_soft_year(found.requirement):
            yield "doubt-soft-year", {}
        if (
            facts.printed
            and facts.issued
            and facts.printed != facts.issued
            and any(map(_counts_from_issue, deadline.parts))
        ):
            yield "doubt-two-days", {"signed": facts.issued.isoformat(), "printed": facts.printed.isoformat()}

    def _where(self, found: FoundTask) -> Where:
        label = (f"{found.section[-1]} " if found.section else "") + found.number
        if found.line:
            return Where(self._file, found.line)
        return Where(self._file, sheet=found.sheet or (f"p. {found.page}" if found.page else ""), cell=label[:_QUOTED])

    def _doubt(self, code: str, facts: dict[str, Fact], where: Where, found: FoundTask) -> Finding:
        return finding(code, where, **{"number": found.number, **facts})


def _lead_by_mark(mark: str, share: Share) -> None:
    """Let those lead whose names bear the mark, and take the mark away."""
    for role in (Role.RESPONSIBLE, Role.SUPPORTING):
        marked = [name for name in share.names[role] if mark in name]
        share.names[Role.LEAD] += [name.replace(mark, "") for name in marked]
        share.names[role] = [name for name in share.names[role] if name not in marked]


def _leads_nobody(share: Share) -> bool:
    """Tell whether the lead is nobody that can be asked, and nobody else is named either."""
    return bool(share.names[Role.LEAD]) and all(is_group(name) for names in share.names.values() for name in names)


def _counts_from_issue(deadline: Deadline) -> bool:
    return (
        deadline.kind == "on_event"
        and bool(deadline.event)
        and str(deadline.event).endswith(_OWN_ISSUE)
        and "《" not in str(deadline.event)
    )


def _inherited(
    marked: set[str], named: dict[Role, tuple[str, ...]], time_limit: str, found: FoundTask
) -> tuple[str, ...]:
    """Give the inherited fields in order; a role that is empty is never listed."""
    present = {str(role) for role, names in named.items() if names} | ({"time_limit"} if time_limit else set())
    present |= {"name"} if found.name else set()
    kept = {field for field in marked if field in present}
    kept |= {"deadline"} if "time_limit" in kept else set()
    return tuple(field for field in _INHERITABLE if field in kept)


def _distinct(doubts: Iterable[tuple[str, dict[str, Fact]]]) -> list[tuple[str, dict[str, Fact]]]:
    """Give the first doubt of each kind."""
    kept: dict[str, dict[str, Fact]] = {}
    for code, facts in doubts:
        kept.setdefault(code, facts)
    return list(kept.items())


def _undated(deadline: Deadline) -> Deadline:
    """Take out the days that were only guessed, of a document without a year."""

    def sure(day: date | None) -> date | None:
        return None if day and day.year - _NO_YEAR in (0, 1) else day

    parts = [replace(part, due=sure(part.due), start=sure(part.start), also=()) for part in deadline.parts]
    return replace(parts[0], also=tuple(parts[1:]))
