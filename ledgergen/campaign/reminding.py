"""Chase what is owed: one mail per unit with all its items, a list for those who telephone, a text for the chat."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final

from ledgergen.campaign.checking import checked
from ledgergen.campaign.folder import Folder
from ledgergen.campaign.marking import Marked, Note
from ledgergen.campaign.naming import distinct_stems, safe_stem
from ledgergen.campaign.outcome import Occasion, Outcome, Progress, Written, silent
from ledgergen.campaign.picturing import Pictured, read_picture
from ledgergen.campaign.placing import place
from ledgergen.campaign.posting import Delivery, Post, findings_of, one_sender, to_post
from ledgergen.campaign.sending import Writer, deliver, returned_findings, unit_values
from ledgergen.campaign.standing import unit_name
from ledgergen.campaign.writing_desk import WritingDesk, address_findings
from ledgergen.errors import WrongUse
from ledgergen.findings import Finding, finding, has_errors
from ledgergen.journal.durable import make_folder
from ledgergen.journal.journal import Journal
from ledgergen.journal.lock import one_writer
from ledgergen.journal.standing import standing
from ledgergen.mail.outgoing import Outgoing, compose
from ledgergen.mail.submission import Submission
from ledgergen.plan.workdays import calendar_of
from ledgergen.records import Unit
from ledgergen.report.chase_list import ChaseRow, chase_list
from ledgergen.report.chasing import KINDS, Kind, Owing, Standing, owing, waits
from ledgergen.report.facts import time_text
from ledgergen.report.letters import day_values, word_mail, word_text
from ledgergen.report.told import points_of
from ledgergen.state.bounces import unreachable
from ledgergen.state.chase import (
    CHASING,
    NOW,
    PHONE,
    Stopped,
    chased,
    chasing_facts,
    is_quiet,
    is_too_soon,
    step_reached,
)
from ledgergen.state.correction import counted
from ledgergen.state.moments import today
from ledgergen.state.outbox import SENT, Fate, Posted, Purpose, sent_facts

FOLDER: Final = "reminders"
CHAT: Final = "chat"


class Turn(StrEnum):
    """What a run does about a unit that owes something, the same in a dry run and in a real one.

    ``done``: this step's reminder has gone out. ``wait``: no step is reached, or the last reminder is too fresh.
    ``quiet``: a quiet day. ``stopped``: the office leaves the unit in peace.
    """

    SEND = "send"
    DONE = "done"
    WAIT = "wait"
    QUIET = "quiet"
    STOPPED = "stopped"
    UNKNOWN = "unknown"
    BY_HAND = "by-hand"
    NO_ADDRESS = "no-address"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One unit's turn: what it owes, what step that is, how often it was chased before and when last."""

    unit: Unit
    owing: Owing
    turn: Turn
    step: str
    times: int = 0
    last: str = ""
    known: Posted | None = None

    def to_json(self, posted: Posted | None = None) -> dict[str, object]:
        """Give the machine-readable form; ``posted`` is what became of it in this run."""
        last = posted or self.known
        items = [
            {"kind": str(each.kind), "what": each.what, "due": each.due.isoformat() if each.due else None}
            for each in self.owing.items
        ]
        return {
            "unit": self.owing.unit,
            "kind": str(self.owing.kind),
            "turn": str(self.turn),
            "step": self.step or None,
            "items": items,
            "times": self.times,
            "last": self.last or None,
            "contact": self.unit.contact,
            "phone": self.unit.phone,
            "addresses": list(self.unit.addresses),
            "outcome": str(last.fate) if last else None,
            "reason": (last.reason or None) if last else None,
            "message_id": (last.identity or None) if last else None,
        }


@dataclass(frozen=True, slots=True)
class Chase:
    """Who owes what on a day, and whose turn it is."""

    desk: WritingDesk
    day: date
    reminders: tuple[Reminder, ...]
    findings: tuple[Finding, ...]


def plan_chase(
    folder: Folder,
    units: Sequence[str],
    *,
    round_id: str | None,
    occasion: Occasion,
    as_of: date | None = None,
    now: bool = False,
) -> Chase:
    """Work out what every unit owes and whether it is its turn; ``now`` passes over steps, gaps and quiet days.

    Raises:
        WrongUse: ``unit-unknown-asked``. Surroundings: disk, journal, nothing issued. InputFaults: the office's files.
    """
    day = as_of or today(occasion.now)
    pictured = read_picture(folder, round_id, day, as_of)
    desk = WritingDesk.open(folder, pictured.picture.round, occasion)
    asked = {unit_name(folder, desk.chronicle, unit) for unit in units}
    stopped = _stopped(folder, desk)
    quiet = is_quiet(day, desk.settings.remind, calendar_of(desk.settings)) and not now
    bounced = unreachable(desk.chronicle.history)
    reminders: list[Reminder] = []
    findings: list[Finding] = list(pictured.findings)
    for each in owing(pictured.picture, _standing(desk, pictured)):
        if asked and each.unit not in asked:
            continue
        reminder = _reminder(desk, each, day, stopped=each.unit in stopped.reasons, now=now)
        if quiet and reminder.turn is Turn.SEND:
            reminder = replace(reminder, turn=Turn.QUIET)
        if reminder.turn in (Turn.SEND, Turn.NO_ADDRESS):
            findings += [*address_findings(reminder.unit), *returned_findings(reminder.unit, bounced)]
        if reminder.turn is Turn.UNKNOWN and reminder.known:
            findings += findings_of([reminder.known])
        reminders.append(reminder)
    waiting = [each.unit for each in pictured.picture.units if waits(each) and each.unit in (asked or {each.unit})]
    findings += [finding("remind-review", unit=each) for each in waiting]
    if any(each.turn is Turn.QUIET for each in reminders):
        findings.append(finding("remind-quiet", day=day.isoformat()))
    return Chase(desk, day, tuple(reminders), tuple(findings))


def _standing(desk: WritingDesk, pictured: Pictured) -> Standing:
    levels, years = desk.settings.checks, pictured.chronicle.history.years
    wrong: dict[str, int] = {}
    for unit in pictured.picture.units:
        if counted(unit.book):
            points = points_of(unit.book, checked([unit.book], years, levels))
            wrong[unit.unit] = sum(point.must for point in points)
    ahead = max(desk.settings.remind.before, default=0)
    patience = max(desk.settings.remind.after, default=0)
    return Standing(desk.round, ahead, patience, wrong, frozenset(desk.handed_in.of_round(desk.round_id)))


def _stopped(folder: Folder, desk: WritingDesk) -> Stopped:
    journal = Journal(folder.root)
    events = [event for event in standing(desk.chronicle.events) if event.kind == CHASING]
    return Stopped.of(journal.whole(event) for event in events)


def _reminder(desk: WritingDesk, owed: Owing, day: date, *, stopped: bool, now: bool) -> Reminder:
    unit, settings = desk.unit(owed.unit), desk.settings.remind
    before = chased(desk.outbox, desk.round_id, owed.unit)
    reached = f"{NOW}-{day.isoformat()}" if now else step_reached(owed.due, day, settings)
    step = f"{owed.kind}-{reached}" if reached else ""
    known = desk.outbox.last(Purpose.REMIND, desk.round_id, owed.unit, step) if step else None
    last = before[-1].at if before else ""
    times = sum(each.fate is Fate.ACCEPTED for each in before)
    made = Reminder(unit, owed, Turn.SEND, step, times, last, known)
    if stopped:
        return replace(made, turn=Turn.STOPPED)
    if known and known.fate in (Fate.ACCEPTED, Fate.UNKNOWN):
        return replace(made, turn=Turn.DONE if known.fate is Fate.ACCEPTED else Turn.UNKNOWN)
    if not step or (not now and is_too_soon(before, day, settings.gap)):
        return replace(made, turn=Turn.WAIT)
    if unit.channel != "mail":
        return replace(made, turn=Turn.BY_HAND)
    if not unit.addresses or has_errors(address_findings(unit)):
        return replace(made, turn=Turn.NO_ADDRESS)
    return made


def _values(chase: Chase, reminder: Reminder) -> dict[str, object]:
    return unit_values(chase.desk, reminder.unit, reminder.owing.unit) | {
        "items": reminder.owing.values(),
        "count": len(reminder.owing.items),
        "overdue": sum(each.kind is Kind.OVERDUE for each in reminder.owing.items),
        "today": day_values(chase.day),
        "chased": reminder.times,
    }


def reminder_mail(writer: Writer, chase: Chase, reminder: Reminder) -> Outgoing:
    """Write the reminder to a unit: an answer to the mail that brought the ledger, so that it is found again.

    Raises:
        WrongUse: a template is faulty.
    """
    worded = word_mail(str(reminder.owing.kind), writer.templates, _values(chase, reminder))
    mail = writer.addressed(worded, reminder.unit)
    ledger = chase.desk.outbox.last(Purpose.LEDGER, chase.desk.round_id, reminder.owing.unit)
    identity = ledger.identity if ledger and ledger.fate is Fate.ACCEPTED else ""
    return replace(mail, in_reply_to=identity, references=(identity,) if identity else ())


def send_reminders(
    writer: Writer, chase: Chase, line: Submission, *, progress: Progress = silent
) -> tuple[Delivery, dict[str, Posted]]:
    """Send the reminders whose turn it is; give what became of them, also by the unit's name. Needs ``one_sender``."""
    chosen = [each for each in chase.reminders if each.turn is Turn.SEND]
    made = [(_post(writer, chase, each), None) for each in chosen]
    return deliver(writer, made, [each.known for each in chosen], line, progress)


def _post(writer: Writer, chase: Chase, reminder: Reminder) -> Post:
    mail = reminder_mail(writer, chase, reminder)
    wanted = Posted(
        unit=reminder.owing.unit,
        round=chase.desk.round_id,
        purpose=Purpose.REMIND,
        fate=Fate.QUEUED,
        addresses=mail.recipients,
        about=reminder.step,
        subject=mail.subject,
    )
    return to_post(wanted, mail, "", reminder.known)


def write_reminders(writer: Writer, chase: Chase, target: Path, *, dry_run: bool = False) -> Outcome:
    """Write a draft of every reminder whose turn it is; nothing is noted as sent (``remind --called`` notes it).

    Raises:
        WrongUse: a template is faulty. Surroundings: disk.
    """
    chosen = [each for each in chase.reminders if each.turn is Turn.SEND]
    stems = distinct_stems({each.owing.unit: f"{each.owing.unit}_{KINDS[each.owing.kind]}" for each in chosen})
    written = []
    for each in chosen:
        data = compose(reminder_mail(writer, chase, each), None)
        digest = sha256(data).hexdigest()
        placed = place(target / f"{stems[each.owing.unit]}.eml", digest, (), digest[:6])
        if not dry_run:
            make_folder(target)
            placed.write(data, digest)
        written.append(Written(chase.desk.folder.shown(placed.path), placed.verb, each.owing.unit))
    return Outcome(tuple(written), ())


def chat_text(writer: Writer, chase: Chase) -> str:
    """Write the text for the group chat: units and how much they owe, no contents.

    Raises:
        WrongUse: the template is faulty.
    """
    units = [
        {"unit": each.owing.unit, "count": len(each.owing.items), "kind": KINDS[each.owing.kind]}
        for each in chase.reminders
        if each.turn is not Turn.STOPPED
    ]
    values = unit_values(chase.desk, Unit(""), "") | {"units": units, "today": day_values(chase.day)}
    return word_text(CHAT, writer.templates, values)


def write_list(chase: Chase, *, dry_run: bool = False) -> Written:
    """Write ``reports/reminders/催报名单_ROUND.xlsx`` for those who telephone; one that somebody has edited is kept.

    Raises:
        Surroundings: disk.
    """
    desk = chase.desk
    rows = [
        ChaseRow(
            each.owing,
            each.unit.contact,
            each.unit.phone,
            "、".join(each.unit.addresses) if each.unit.channel == "mail" else each.unit.channel,
            each.times,
            time_text(each.last) if each.last else "",
        )
        for each in chase.reminders
        if each.turn is not Turn.STOPPED
    ]
    data = chase_list(desk.facts, chase.day, rows)
    digest = sha256(data).hexdigest()
    wanted = desk.folder.reports / FOLDER / f"{safe_stem(f'催报名单_{desk.round_id}_{chase.day:%m%d}')}.xlsx"
    placed = place(wanted, digest, (), digest[:6])
    if not dry_run:
        make_folder(wanted.parent)
        placed.write(data, digest)
    return Written(desk.folder.shown(placed.path), placed.verb, rows=len(rows))


def chase_history(folder: Folder, units: Sequence[str], *, round_id: str | None, occasion: Occasion) -> list[Posted]:
    """Give every reminder of a round, by mail and by telephone, the oldest first.

    Raises:
        WrongUse: ``unit-unknown-asked``. Surroundings: disk, journal, nothing issued.
    """
    desk = WritingDesk.open(folder, round_id, occasion)
    asked = {unit_name(folder, desk.chronicle, unit) for unit in units}
    found = desk.outbox.of_round(desk.round_id, Purpose.REMIND)
    return sorted((each for each in found if not asked or each.unit in asked), key=lambda each: each.at)


def stop_chasing(
    folder: Folder, note: Note, *, stopped: bool, occasion: Occasion, dry_run: bool = False
) -> list[Marked]:
    """Leave units in peace from now on, in every round, or chase them again.

    Raises:
        WrongUse: ``mark-whom``, ``unit-unknown-asked``. Surroundings: disk, lock, journal.
    """
    if bool(note.units) == note.everybody:
        raise WrongUse("mark-whom")
    with nullcontext() if dry_run else one_writer(folder.root):
        desk = WritingDesk.open(folder, None, occasion)
        units = [each.book.unit for each in desk.books(note.units)]
        known: Mapping[str, str] = _stopped(folder, desk).reasons
        news = [each for each in units if (known.get(each) != note.words if stopped else each in known)]
        if news and not dry_run:
            facts = chasing_facts(news, note.words, stopped=stopped)
            Journal(folder.root).append(CHASING, facts, at=occasion.now, who=occasion.who)
    return [Marked(each, each in news) for each in units]


def note_call(
    folder: Folder, note: Note, *, round_id: str | None, occasion: Occasion, dry_run: bool = False
) -> list[Marked]:
    """Note that units were rung up: it counts among the times that they were chased. A second call is another one.

    Raises:
        WrongUse: ``mark-whom``, ``unit-unknown-asked``. Surroundings: disk, lock, journal.
    """
    if bool(note.units) == note.everybody:
        raise WrongUse("mark-whom")
    day = today(occasion.now).isoformat()
    with nullcontext() if dry_run else one_sender(folder), nullcontext() if dry_run else one_writer(folder.root):
        desk = WritingDesk.open(folder, round_id, occasion)
        units = [each.book.unit for each in desk.books(note.units)]
        news = [
            Posted(
                unit=each,
                round=desk.round_id,
                purpose=Purpose.REMIND,
                fate=Fate.ACCEPTED,
                about=f"{PHONE}-{day}",
                reason=note.words,
                by_hand=True,
            )
            for each in units
            if not _is_noted(desk.outbox.last(Purpose.REMIND, desk.round_id, each, f"{PHONE}-{day}"), note.words)
        ]
        if news and not dry_run:
            Journal(folder.root).append(SENT, sent_facts(news), at=occasion.now, who=occasion.who)
    fresh = {each.unit for each in news}
    return [Marked(each, each in fresh) for each in units]


def _is_noted(last: Posted | None, words: str) -> bool:
    return last is not None and last.reason == words
