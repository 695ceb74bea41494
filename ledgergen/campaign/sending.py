"""Send the ledgers of a round: one mail per unit, with the bytes that were issued; the rest is handed over by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html import escape
from typing import Final

from ledgergen.campaign.outcome import Progress, silent
from ledgergen.campaign.posting import Delivery, Post, PostRoom, findings_of, to_post
from ledgergen.campaign.route import Route
from ledgergen.campaign.wordings import read_templates
from ledgergen.campaign.writing_desk import WritingDesk, address_findings, attachments_of, leak_check
from ledgergen.errors import WrongUse
from ledgergen.findings import Finding, Where, finding, has_errors
from ledgergen.journal.originals import Originals
from ledgergen.mail.outgoing import Attachment, Outgoing, is_address
from ledgergen.mail.submission import Submission
from ledgergen.records import Unit
from ledgergen.report.letters import Template, Worded, day_values, word_mail, word_text
from ledgergen.returns.shelf import Issued
from ledgergen.state.bounces import Bounce, unreachable
from ledgergen.state.outbox import Fate, Outbox, Posted, Purpose
from ledgergen.workbook.write import ledger_cells

LEDGER: Final = "ledger"
HANDOVER: Final = "handover"


class Step(StrEnum):
    """What a run does about a unit, the same in a dry run and in a real one.

    ``send``: a mail goes out. ``done``: it has gone out, nothing is done. ``unknown``: nobody knows whether it has, so
    nothing is done until somebody says. ``by-hand``: the unit is reached by OA or chat. ``no-address``: it cannot be.
    """

    SEND = "send"
    DONE = "done"
    UNKNOWN = "unknown"
    BY_HAND = "by-hand"
    NO_ADDRESS = "no-address"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the preview: the unit, its ledger as issued, what is done, and what was sent before."""

    unit: Unit
    item: Issued
    step: Step
    known: Posted | None = None
    to: tuple[str, ...] = ()

    def to_json(self, posted: Posted | None = None) -> dict[str, object]:
        """Give the machine-readable form; ``posted`` is what became of it in this run."""
        last = posted or self.known
        return {
            "unit": self.item.book.unit,
            "step": str(self.step),
            "addresses": list(self.to or self.unit.addresses),
            "file": self.item.name,
            "outcome": str(last.fate) if last else None,
            "reason": (last.reason or None) if last else None,
            "message_id": (last.identity or None) if last else None,
        }


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a run is asked for: these units or all; again though it was sent; all to oneself for a trial."""

    units: tuple[str, ...] = ()
    again: bool = False
    test_to: str = ""


def plan_sending(desk: WritingDesk, wishes: Wishes) -> tuple[list[Line], list[Finding]]:
    """Say for every unit what would be done, and what stands in the way.

    Raises:
        WrongUse: ``unit-unknown-asked``, ``send-test-bad``.
    """
    if wishes.test_to and not is_address(wishes.test_to):
        raise WrongUse("send-test-bad", address=wishes.test_to)
    lines: list[Line] = []
    findings: list[Finding] = []
    bounced = unreachable(desk.chronicle.history)
    for item in desk.books(wishes.units):
        unit = desk.unit(item.book.unit)
        faults = [] if wishes.test_to else address_findings(unit)
        known = _unless_returned(_known(desk.outbox, item, wishes), unit, bounced)
        step = _step(unit, known, faults, wishes)
        if not wishes.test_to:
            findings += returned_findings(unit, bounced)
        findings += faults if step in (Step.SEND, Step.NO_ADDRESS) else []
        findings += _said_before(item, known, step)
        lines.append(Line(unit, item, step, known, (wishes.test_to,) if wishes.test_to else ()))
    return lines, findings


def _known(outbox: Outbox, item: Issued, wishes: Wishes) -> Posted | None:
    purpose = Purpose.TEST if wishes.test_to else Purpose.LEDGER
    last = outbox.last(purpose, item.book.round, item.book.unit)
    if last and wishes.test_to and (last.addresses, last.attachments) != ((wishes.test_to,), (item.sha256,)):
        return None
    return last


def _unless_returned(known: Posted | None, unit: Unit, bounced: Mapping[str, Bounce]) -> Posted | None:
    """Forget a mail that came back from every address, once the unit has another one: it has to go out again."""
    if known is None or known.fate is not Fate.ACCEPTED or known.by_hand:
        return known
    came_back = all(each.lower() in bounced for each in known.addresses)
    return None if came_back and any(each.lower() not in bounced for each in unit.addresses) else known


def returned_findings(unit: Unit, bounced: Mapping[str, Bounce]) -> list[Finding]:
    """Name the addresses of a unit from which the last mail came back."""
    found = [bounced[each.lower()] for each in unit.addresses if each.lower() in bounced]
    return [finding("send-bounced", Where(each.address), unit=unit.name, reason=each.reason) for each in found]


def _step(unit: Unit, known: Posted | None, faults: Sequence[Finding], wishes: Wishes) -> Step:
    if known and known.fate is Fate.ACCEPTED and not wishes.again:
        return Step.DONE
    if known and known.fate is Fate.UNKNOWN and not wishes.again:
        return Step.UNKNOWN
    if wishes.test_to:
        return Step.SEND
    if unit.channel != "mail":
        return Step.BY_HAND
    return Step.NO_ADDRESS if has_errors(faults) or not unit.addresses else Step.SEND


def _said_before(item: Issued, known: Posted | None, step: Step) -> list[Finding]:
    """Say what is not as it should be with what was sent before."""
    if known is None or step not in (Step.DONE, Step.UNKNOWN):
        return []
    if step is Step.UNKNOWN:
        return list(findings_of([known]))
    if known.attachments and item.sha256 not in known.attachments:
        return [finding("send-edition", Where(item.name), unit=item.book.unit)]
    return []


@dataclass(frozen=True, slots=True)
class Writer:
    """What writes the mails of a run: the desk, the way out, the templates, the issued bytes."""

    desk: WritingDesk
    route: Route
    templates: dict[str, Template]
    originals: Originals

    @staticmethod
    def at(desk: WritingDesk, route: Route) -> "Writer":
        """Take what is needed from the desk."""
        return Writer(desk, route, read_templates(desk.folder), Originals(desk.folder.root))

    def mail(self, line: Line) -> Outgoing:
        """Write the mail of one unit, without its Message-ID.

        Raises:
            WrongUse: a template is faulty. Surroundings: the issued bytes are gone.
        """
        unit, item = line.unit, line.item
        worded = word_mail(LEDGER, self.templates, self.values(line))
        if line.to:
            worded = _as_trial(worded, item.book.unit, unit.addresses)
        return self.addressed(worded, unit, line.to, (Attachment(item.name, self.originals.read(item.sha256)),))

    def addressed(
        self, worded: Worded, unit: Unit, to: tuple[str, ...] = (), attachments: tuple[Attachment, ...] = ()
    ) -> Outgoing:
        """Address a text to a unit, or to somebody else alone (``to``)."""
        route = self.route
        cc = () if to else tuple(each for each in (*unit.cc, *route.cc) if each not in unit.addresses)
        return Outgoing(
            sender=route.sender,
            to=to or unit.addresses,
            subject=worded.subject,
            text=worded.text,
            html=worded.html,
            sender_name=route.sender_name,
            cc=tuple(dict.fromkeys(cc)),
            reply_to=route.reply_to,
            attachments=attachments,
        )

    def values(self, line: Line) -> dict[str, object]:
        """Give what the templates may use: texts, numbers and dicts of them only."""
        book = line.item.book
        return unit_values(self.desk, line.unit, book.unit) | {
            "tasks": len({row.task for row in book.rows}),
            "rows": len(book.rows),
            "cells": ledger_cells(book, line.item.layout),
            "file": line.item.name,
            "number": book.number,
        }

    def paste(self, line: Line) -> str:
        """Write the text that goes with a ledger by OA or chat."""
        return word_text(HANDOVER, self.templates, self.values(line))

    def post(self, line: Line) -> Post:
        """Make the mail of a line, with what the journal says of it."""
        mail, book = self.mail(line), line.item.book
        wanted = Posted(
            unit=book.unit,
            round=book.round,
            purpose=Purpose.TEST if line.to else Purpose.LEDGER,
            fate=Fate.QUEUED,
            addresses=mail.recipients,
            subject=mail.subject,
            attachments=(line.item.sha256,),
        )
        return to_post(wanted, mail, book.token, line.known)


def unit_values(desk: WritingDesk, unit: Unit, name: str) -> dict[str, object]:
    """Give what every template may say: the unit, the campaign, the round, whom to ask."""
    facts = desk.facts
    return {
        "unit": name,
        "person": unit.contact,
        "campaign": facts.name,
        "round_name": facts.round_name,
        "due": day_values(facts.due),
        "contact_office": facts.contact_office,
        "contact_phone": facts.contact_phone,
    }


def _as_trial(worded: Worded, unit: str, real: Sequence[str]) -> Worded:
    """Mark a mail that goes to oneself."""
    said = f"（试发：正式发出时收件单位是{unit}，收件地址是{'、'.join(real) or '（无）'}。）"
    html = worded.html.replace("<p>", f"<p>{escape(said)}</p>\n<p>", 1)
    return replace(worded, subject=f"【试发】{worded.subject}", text=f"{said}\n\n{worded.text}", html=html)


def send(
    writer: Writer, lines: Sequence[Line], line: Submission, *, progress: Progress = silent
) -> tuple[Delivery, dict[str, Posted]]:
    """Send what the plan says is to be sent; give what became of it, also by the unit's name. Needs ``one_sender``."""
    chosen = [each for each in lines if each.step is Step.SEND]
    made = [(writer.post(each), each.item) for each in chosen]
    return deliver(writer, made, [each.known for each in chosen], line, progress)


def deliver(
    writer: Writer,
    made: Sequence[tuple[Post, Issued | None]],
    known: Sequence[Posted | None],
    line: Submission,
    progress: Progress,
) -> tuple[Delivery, dict[str, Posted]]:
    """Post mails, each with the ledger that it must hold and nothing else, or None where it holds no file."""
    items = {post.posted.identity: item for post, item in made}
    look = leak_check(writer.desk)

    def inspect(post: Post, data: bytes) -> list[Finding]:
        item, files = items[post.posted.identity], attachments_of(data)
        if item is None:
            return [finding("send-leak", unit=post.posted.unit, what=str(len(files)))] if files else []
        return [found for each in files or [b""] for found in look(each, item)]

    room = PostRoom(writer.desk.folder, line, writer.desk.occasion, writer.route.per_minute, inspect)
    delivery = room.post([post for post, _ in made], [each for each in known if each], progress)
    return delivery, {each.unit: each for each in delivery.posted}
