"""The verb that sends ledgers out: ``send``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgergen.cli.mail_options import drafts, words
from ledgergen.cli.options import as_json, dry_run, round_id
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, progress, put, put_json, say, say_findings, table, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:
    from ledgergen.campaign.mail_standing import MailStanding
    from ledgergen.campaign.outcome import Outcome
    from ledgergen.campaign.posting import Delivery
    from ledgergen.campaign.route import Route
    from ledgergen.campaign.sending import Line, Step, Wishes, Writer
    from ledgergen.findings import Finding
    from ledgergen.mail.submission import Submission
    from ledgergen.state.outbox import Posted


@click.command(help=VERBS["send"].help)
@click.argument("units", nargs=-1, metavar="[UNIT]...")
@round_id
@drafts
@click.option(
    "--handover",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help=_("Write a folder for each unit named, else for each that is not reached by mail."),
)
@click.option("--zip", "packed", is_flag=True, help=_("With --handover: an archive for each unit."))
@click.option("--text", "as_text", is_flag=True, help=_("Print the text to paste for the units named."))
@click.option("--test-to", default="", metavar="ADDRESS", help=_("Send everything to this address, for a trial."))
@click.option("--again", is_flag=True, help=_("Send to the units named even if it was sent before."))
@click.option("--mark-sent", is_flag=True, help=_("Note that the units named have been sent their ledgers otherwise."))
@click.option("--mark-received", is_flag=True, help=_("Note that the units named have handed in on paper or by chat."))
@click.option("--all", "everybody", is_flag=True, help=_("With --mark-sent, --mark-received, --again: every unit."))
@words
@dry_run
@as_json
@click.pass_obj
def send(  # noqa: PLR0913 - one parameter an option
    session: Session,
    units: tuple[str, ...],
    *,
    round_id: str | None,
    drafts: Path | None,
    handover: Path | None,
    packed: bool,
    as_text: bool,
    test_to: str,
    again: bool,
    mark_sent: bool,
    mark_received: bool,
    everybody: bool,
    words: str,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Send the ledgers."""
    from ledgergen.campaign.sending import Wishes
    from ledgergen.errors import WrongUse

    ways = [drafts, handover, as_text, test_to, mark_sent, mark_received]
    if sum(map(bool, ways)) > 1:
        raise WrongUse("send-one-way")
    run = _Run(session, round_id, dry_run=dry_run, as_json=as_json)
    if mark_sent or mark_received:
        return run.mark(units, everybody=everybody, words=words, received=mark_received)
    if again and not (units or everybody):
        raise WrongUse("mark-whom")
    wishes = Wishes(units, again=again, test_to=test_to)
    if as_text:
        return run.text(wishes)
    if drafts or handover:
        return run.files(wishes, drafts, handover, packed=packed)
    return run.mails(wishes)


@dataclass(frozen=True, slots=True)
class _Run:
    """One call of the command."""

    session: Session
    round_id: str | None
    dry_run: bool
    as_json: bool

    def mark(self, units: tuple[str, ...], *, everybody: bool, words: str, received: bool) -> int:
        """Note what was done by hand."""
        from ledgergen.campaign.folder import find_folder
        from ledgergen.campaign.marking import Note, mark_received, mark_sent

        mark = mark_received if received else mark_sent
        marked = mark(
            find_folder(self.session.root),
            Note(units, everybody, words),
            round_id=self.round_id,
            occasion=self.session.occasion,
            dry_run=self.dry_run,
        )
        if self.as_json:
            put_json([{"unit": each.unit, "new": each.is_news} for each in marked])
            return 0
        news = _("noted: handed in  {unit}") if received else _("noted: sent  {unit}")
        for each in marked:
            put((news if each.is_news else _("known already  {unit}")).format(unit=printable(each.unit)))
        self._say_dry()
        return 0

    def text(self, wishes: "Wishes") -> int:
        """Print what is pasted into OA or chat."""
        writer, lines, findings = self._planned(wishes, drafts=True)
        texts = {each.item.book.unit: writer.paste(each) for each in lines}
        if self.as_json:
            put_json({"texts": texts, "findings": worded_all(findings)})
        else:
            for each in texts.values():
                put(printable(each))
        return 0

    def files(self, wishes: "Wishes", drafts: Path | None, handover: Path | None, *, packed: bool) -> int:
        """Write drafts, or what is handed over."""
        from ledgergen.campaign.handover import write_drafts, write_handover
        from ledgergen.campaign.sending import Step

        writer, lines, findings = self._planned(wishes, drafts=True)
        if drafts:
            outcome = write_drafts(writer, lines, drafts, dry_run=self.dry_run)
        else:
            chosen = [each for each in lines if wishes.units or each.step in (Step.BY_HAND, Step.NO_ADDRESS)]
            outcome = write_handover(writer, chosen, handover or Path(), packed=packed, dry_run=self.dry_run)
        kept = [each for each in findings if drafts or each.code != "send-no-address"]
        return self._files_said(outcome, kept)

    def _files_said(self, outcome: "Outcome", findings: "Sequence[Finding]") -> int:
        from ledgergen.cli.issuing import verb_text

        said = [*findings, *outcome.findings]
        if self.as_json:
            files = [{"unit": each.unit, "path": each.path, "verb": str(each.verb)} for each in outcome.files]
            put_json({"files": files, "findings": worded_all(said)})
            return exit_code(said)
        for each in outcome.files:
            put(f"{verb_text(each.verb)}  {printable(each.path)}")
        say_findings(said)
        if outcome.files:
            say(_("Nothing was sent. When it has been, say so: `ledgergen send --mark-sent UNIT`."))
        self._say_dry()
        return exit_code(said)

    def mails(self, wishes: "Wishes") -> int:
        """Send."""
        from ledgergen.campaign.posting import one_sender
        from ledgergen.campaign.sending import Step, send

        writer, lines, findings = self._planned(wishes, drafts=False)
        wanted = sum(each.step is Step.SEND for each in lines)
        if not self.as_json:
            _put_plan(lines)
        if self.dry_run or not wanted:
            return self._ended(lines, {}, findings)
        line = submission(writer.route, writer.desk.folder.root)
        with one_sender(writer.desk.folder), progress(_("Sending")) as shown:
            writer, lines, findings = self._planned(wishes, drafts=False)
            delivery, posted = send(writer, lines, line, progress=shown)
        code = self._ended(lines, posted, [*findings, *delivery.findings])
        return stopped(delivery, code)

    def _ended(self, lines: "Sequence[Line]", posted: "Mapping[str, Posted]", findings: "Sequence[Finding]") -> int:
        if self.as_json:
            mails = [each.to_json(posted.get(each.item.book.unit)) for each in lines]
            put_json({"mails": mails, "findings": worded_all(findings)})
            return exit_code(findings)
        say_findings(findings)
        say_fates(list(posted.values()))
        self._say_dry(_("Nothing was sent (--dry-run)."))
        return exit_code(findings)

    def _planned(self, wishes: "Wishes", *, drafts: bool) -> "tuple[Writer, list[Line], list[Finding]]":
        from ledgergen.campaign.folder import find_folder
        from ledgergen.campaign.route import route_of
        from ledgergen.campaign.sending import Writer, plan_sending
        from ledgergen.campaign.writing_desk import WritingDesk

        desk = WritingDesk.open(find_folder(self.session.root), self.round_id, self.session.occasion)
        lines, findings = plan_sending(desk, wishes)
        return Writer.at(desk, route_of(desk.settings, drafts=drafts)), lines, [*findings, *desk.chronicle.findings]

    def _say_dry(self, text: str = "") -> None:
        if self.dry_run:
            say(text or _("Nothing was written (--dry-run)."))


def submission(route: "Route", root: Path) -> "Submission":
    """Make the line to the server that sends; the secret is asked for where nobody has it."""
    from ledgergen.cli.mail_options import ask_secret
    from ledgergen.errors import Surroundings
    from ledgergen.mail.secrets import Secret, find_secret
    from ledgergen.mail.submission import Submission

    if route.server is None:
        raise Surroundings("mailbox-none")
    secret = find_secret(route.server, ask_secret) if route.server.user else Secret("")
    return Submission(route.server, secret, root)


def stopped(delivery: "Delivery", code: int) -> int:
    """Say what stopped a run, if anything did; give the exit code."""
    if delivery.stop is None:
        return code
    say_findings([delivery.stop.finding])
    return delivery.stop.exit_code


def say_fates(posted: "Sequence[Posted]") -> None:
    """Count what became of the mails of a run."""
    from ledgergen.state.outbox import Fate

    if posted:
        counts = {str(fate): sum(each.fate is fate for each in posted) for fate in Fate}
        said = _("Mails: {accepted} accepted, {refused} refused, {unknown} of unknown fate, {queued} still to be sent.")
        say(said.format(**counts))


def say_mail(mail: "MailStanding") -> None:
    """Say how the mail of a round stands, as a part of ``status``; nothing where none went out."""
    from ledgergen.state.outbox import Fate

    if mail.is_empty:
        return
    counts = {key: value for key, value in mail.to_json().items() if isinstance(value, int)}
    said = _("Mail: {sent} ledgers sent ({by_hand} of them by hand), {answers} answers, {reminders} reminders.")
    put(said.format(**counts))
    words = {
        Fate.UNKNOWN: _("Of unknown fate: {units}"),
        Fate.REFUSED: _("Refused: {units}"),
        Fate.QUEUED: _("Still to be sent: {units}"),
    }
    for fate, text in words.items():
        if units := mail.units(fate):
            put(text.format(units=printable("、".join(units))))
    if mail.handed_in:
        put(_("Handed in otherwise: {units}").format(units=printable("、".join(mail.handed_in))))


def _put_plan(lines: "Sequence[Line]") -> None:
    rows = [
        (step_text(each.step), each.item.book.unit, "\n".join(each.to or each.unit.addresses), each.item.name)
        for each in lines
    ]
    table((_("what"), _("unit"), _("addresses"), _("attachment")), rows)


def step_text(step: "Step") -> str:
    """Give the word for what is done about a unit."""
    from ledgergen.campaign.sending import Step

    words = {
        Step.SEND: _("to send"),
        Step.DONE: _("sent already"),
        Step.UNKNOWN: _("fate unknown"),
        Step.BY_HAND: _("by hand"),
        Step.NO_ADDRESS: _("no address"),
    }
    return words[step]
