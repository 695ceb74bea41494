"""Send the answers: a receipt or a kick-back as a reply to the mail that the return came by, once per return.

Safe from loops: only a return that counts is answered, never a bounce, a program's reply or a mail without a sender;
what goes out says that a program wrote it (``Auto-Submitted: auto-replied``). Content goes to the unit's registered
addresses alone: who else sent the return gets nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Final

from ledgergen.campaign.answering import Answered
from ledgergen.campaign.outcome import Progress, silent
from ledgergen.campaign.posting import Delivery, Post, findings_of, to_post
from ledgergen.campaign.sending import Step, Writer, deliver, unit_values
from ledgergen.campaign.writing_desk import WritingDesk, address_findings
from ledgergen.findings import Finding, Where, finding, has_errors
from ledgergen.mail.outgoing import Attachment, Outgoing
from ledgergen.mail.submission import Submission
from ledgergen.records import Unit
from ledgergen.report.letters import word_mail
from ledgergen.returns.decisions import Parcel
from ledgergen.returns.shelf import Issued
from ledgergen.state.correction import counted
from ledgergen.state.outbox import Fate, Posted, Purpose

ANSWER: Final = "answer"
AUTOMATIC: Final = "auto-replied"
_MOST: Final = 10  # mails of a conversation that are named


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as it would go out: to whom, in reply to which mail, what was sent about this return before."""

    answered: Answered
    unit: Unit
    parcel: Parcel
    step: Step
    to: tuple[str, ...] = ()
    in_reply_to: str = ""
    known: Posted | None = None
    references: tuple[str, ...] = ()

    @property
    def item(self) -> Issued:
        """Give the kick-back as issued, for the look at its bytes."""
        issued, ledger = self.answered.answer.book.issued, self.answered.answer.ledger
        digest = sha256(self.answered.answer.data).hexdigest()
        return replace(issued, book=ledger or issued.book, sha256=digest, name=self.name)

    @property
    def name(self) -> str:
        """Give the name of the answer's file."""
        return PurePosixPath(self.answered.path).name

    def to_json(self, posted: Posted | None = None) -> dict[str, object]:
        """Give the machine-readable form; ``posted`` is what became of it in this run."""
        last = posted or self.known
        return {
            "unit": self.answered.unit,
            "kind": self.answered.kind,
            "step": str(self.step),
            "addresses": list(self.to),
            "in_reply_to": self.in_reply_to or None,
            "outcome": str(last.fate) if last else None,
            "reason": (last.reason or None) if last else None,
            "message_id": (last.identity or None) if last else None,
        }


def plan_replies(
    desk: WritingDesk, answers: Sequence[Answered], own: Sequence[str], *, again: bool = False
) -> tuple[list[Reply], list[Finding]]:
    """Say for every answer what would be sent; ``own`` are our own addresses, which nothing is ever sent to."""
    replies: list[Reply] = []
    findings: list[Finding] = []
    for each in answers:
        unit, parcel = desk.unit(each.unit), counted(each.answer.book)[-1].parcel
        to, in_reply_to, found = _addressed(unit, parcel, own)
        known = desk.outbox.last(Purpose.ANSWER, desk.round_id, each.unit, parcel.sha256)
        step = _step(unit, to, known, again=again)
        findings += found if step in (Step.SEND, Step.NO_ADDRESS) else []
        findings += findings_of([known]) if known and step is Step.UNKNOWN else []
        before = _references(desk, parcel) if in_reply_to else ()
        replies.append(Reply(each, unit, parcel, step, to, in_reply_to, known, before))
    return replies, findings


def _addressed(unit: Unit, parcel: Parcel, own: Sequence[str]) -> tuple[tuple[str, ...], str, list[Finding]]:
    """Choose whom to answer: the sender where it is the unit, else the addresses that the unit has."""
    faults = address_findings(unit)
    registered = tuple(each for each in unit.addresses if each.lower() not in own)
    sender = parcel.sender.lower()
    if sender and sender not in own and is_of(unit, sender):
        return (sender,), parcel.message_id, [each for each in faults if each.code != "send-no-address"]
    if sender and sender not in own and registered:
        faults.append(finding("answer-stranger", Where(parcel.name), unit=unit.name, sender=parcel.sender))
    return registered, "", faults


def _references(desk: WritingDesk, parcel: Parcel) -> tuple[str, ...]:
    """Give the Message-IDs of the conversation that a return came in, its own the last."""
    letters = (each for each in desk.chronicle.history.letters if each.message_id == parcel.message_id)
    found = next(letters, None)
    return (*found.references[-_MOST:], parcel.message_id) if found else (parcel.message_id,)


def is_of(unit: Unit, address: str) -> bool:
    """Tell whether a unit has registered an address, or the whole domain that it lies in."""
    known = {each.lower() for each in (*unit.mail, *unit.cc)}
    return address in known or f"@{address.rpartition('@')[2]}" in known


def _step(unit: Unit, to: Sequence[str], known: Posted | None, *, again: bool) -> Step:
    if known and known.fate is Fate.ACCEPTED and not again:
        return Step.DONE
    if known and known.fate is Fate.UNKNOWN and not again:
        return Step.UNKNOWN
    if unit.channel != "mail":
        return Step.BY_HAND
    return Step.SEND if to and not has_errors(address_findings(unit)) else Step.NO_ADDRESS


def _mail(writer: Writer, reply: Reply) -> Outgoing:
    answer, desk = reply.answered.answer, writer.desk
    is_kickback = answer.ledger is not None
    values = unit_values(desk, reply.unit, reply.answered.unit) | {
        "kickback": is_kickback,
        "must": answer.must,
        "may": len(answer.points) - answer.must,
        "receipt": "" if is_kickback else answer.data.decode("utf-8-sig").replace("\r\n", "\n").strip(),
    }
    files = (Attachment(reply.name, answer.data),) if is_kickback else ()
    mail = writer.addressed(word_mail(ANSWER, writer.templates, values), reply.unit, reply.to, files)
    return replace(
        mail,
        in_reply_to=reply.in_reply_to,
        references=reply.references,
        automatic=AUTOMATIC,
    )


def _post(writer: Writer, reply: Reply) -> Post:
    mail, book = _mail(writer, reply), reply.answered.answer.book.issued.book
    wanted = Posted(
        unit=reply.answered.unit,
        round=writer.desk.round_id,
        purpose=Purpose.ANSWER,
        fate=Fate.QUEUED,
        addresses=mail.recipients,
        about=reply.parcel.sha256,
        subject=mail.subject,
        attachments=tuple(sha256(each.data).hexdigest() for each in mail.attachments),
    )
    return to_post(wanted, mail, book.token, reply.known)


def send_replies(
    writer: Writer, replies: Sequence[Reply], line: Submission, *, progress: Progress = silent
) -> tuple[Delivery, dict[str, Posted]]:
    """Send what the plan says is to be sent; give what became of it, also by the unit's name. Needs ``one_sender``."""
    chosen = [each for each in replies if each.step is Step.SEND]
    made = [(_post(writer, each), each.item if each.answered.answer.ledger else None) for each in chosen]
    return deliver(writer, made, [each.known for each in chosen], line, progress)
