"""The verb that answers units: ``answer``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from ledgergen.cli.options import as_json, dry_run, round_id
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, progress, put, put_json, say, say_findings, table, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:
    from ledgergen.campaign.answering import Answered
    from ledgergen.campaign.folder import Folder
    from ledgergen.campaign.posting import Delivery
    from ledgergen.campaign.replying import Reply
    from ledgergen.campaign.sending import Writer
    from ledgergen.findings import Finding
    from ledgergen.state.outbox import Posted


@click.command(help=VERBS["answer"].help)
@click.argument("units", nargs=-1, metavar="[UNIT]...")
@click.option("--send", is_flag=True, help=_("Send each answer as a reply to the mail that the return came by."))
@click.option("--again", is_flag=True, help=_("With --send: answer the units named even if that was done before."))
@round_id
@dry_run
@as_json
@click.pass_obj
def answer(  # noqa: PLR0913 - one parameter an option
    session: Session,
    units: tuple[str, ...],
    *,
    send: bool,
    again: bool,
    round_id: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Write the answers."""
    from ledgergen.campaign.answering import answer_units
    from ledgergen.campaign.folder import find_folder
    from ledgergen.errors import WrongUse

    if again and not (send and units):
        raise WrongUse("mark-whom")
    folder = find_folder(session.root)
    answers, findings = answer_units(folder, units, round_id=round_id, occasion=session.occasion, dry_run=dry_run)
    data: dict[str, object] = {"answers": [each.to_json() for each in answers]}
    if not as_json:
        for each in answers:
            put(_line(each))
    if send:
        run = _Sending(session, folder, round_id, again=again, dry_run=dry_run, as_json=as_json)
        return run.go(answers, findings, data)
    if as_json:
        put_json(data | {"findings": worded_all(findings)})
        return exit_code(findings)
    say_findings(findings)
    _say_counts(answers, _("Kick-backs: {kickbacks}, receipts: {receipts}. Nothing was sent."))
    if dry_run:
        say(_("Nothing was written (--dry-run)."))
    return exit_code(findings)


@dataclass(frozen=True, slots=True)
class _Sending:
    """The second half of the command: what was written goes out."""

    session: Session
    folder: "Folder"
    round_id: str | None
    again: bool
    dry_run: bool
    as_json: bool

    def go(self, answers: "Sequence[Answered]", findings: "Sequence[Finding]", data: dict[str, object]) -> int:
        """Send them, and say what became of each."""
        from ledgergen.campaign.posting import one_sender
        from ledgergen.campaign.replying import send_replies
        from ledgergen.campaign.sending import Step
        from ledgergen.cli.sending import say_fates, stopped, submission

        writer, replies, found = self._planned(answers)
        posted: dict[str, Posted] = {}
        delivery: Delivery | None = None
        if not self.as_json:
            _put_replies(replies)
        if not self.dry_run and any(each.step is Step.SEND for each in replies):
            line = submission(writer.route, self.folder.root)
            with one_sender(self.folder), progress(_("Sending")) as shown:
                writer, replies, found = self._planned(answers)
                delivery, posted = send_replies(writer, replies, line, progress=shown)
        said = [*findings, *found, *(delivery.findings if delivery else ())]
        if self.as_json:
            mails = [each.to_json(posted.get(each.answered.unit)) for each in replies]
            put_json(data | {"mails": mails, "findings": worded_all(said)})
        else:
            say_findings(said)
            say_fates(list(posted.values()))
            if self.dry_run:
                say(_("Nothing was written and nothing was sent (--dry-run)."))
        return stopped(delivery, exit_code(said)) if delivery else exit_code(said)

    def _planned(self, answers: "Sequence[Answered]") -> "tuple[Writer, list[Reply], list[Finding]]":
        from ledgergen.campaign.replying import plan_replies
        from ledgergen.campaign.route import route_of
        from ledgergen.campaign.sending import Writer
        from ledgergen.campaign.writing_desk import WritingDesk

        desk = WritingDesk.open(self.folder, self.round_id, self.session.occasion)
        route = route_of(desk.settings)
        own = [each.lower() for each in (route.sender, route.reply_to) if each]
        replies, findings = plan_replies(desk, answers, own, again=self.again)
        return Writer.at(desk, route), replies, findings


def _put_replies(replies: "Sequence[Reply]") -> None:
    from ledgergen.cli.sending import step_text

    rows = [
        (step_text(each.step), each.answered.unit, "\n".join(each.to), each.name, each.parcel.name) for each in replies
    ]
    table((_("what"), _("unit"), _("addresses"), _("answer"), _("answers")), rows)


def _say_counts(answers: "Sequence[Answered]", text: str) -> None:
    kickbacks = sum(each.kind == "kickback" for each in answers)
    say(text.format(kickbacks=kickbacks, receipts=len(answers) - kickbacks))


def _line(each: "Answered") -> str:
    from ledgergen.cli.issuing import verb_text

    counts = each.answer.tally
    facts = {
        "must": each.answer.must,
        "may": len(each.answer.points) - each.answer.must,
        "tasks": counts.tasks,
        "updated": counts.updated,
        "blank": len(counts.blank),
    }
    said = _("receipt: {tasks} tasks, {updated} updated, {blank} not filled in, {may} cells to look at")
    if each.kind == "kickback":
        said = _("kick-back: {must} cells to correct, {may} to look at")
    return f"{verb_text(each.verb)}  {printable(each.path)}  {said.format(**facts)}"
