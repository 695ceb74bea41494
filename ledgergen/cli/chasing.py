"""The verb that chases what is owed: ``remind``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgergen.cli.mail_options import drafts, words
from ledgergen.cli.options import as_json, as_of, dry_run, round_id
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, progress, put, put_json, say, say_findings, table, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:
    from ledgergen.campaign.marking import Marked
    from ledgergen.campaign.posting import Delivery
    from ledgergen.campaign.reminding import Chase, Turn
    from ledgergen.campaign.sending import Writer
    from ledgergen.findings import Finding
    from ledgergen.state.outbox import Fate, Posted


@click.command(help=VERBS["remind"].help)
@click.argument("units", nargs=-1, metavar="[UNIT]...")
@round_id
@as_of
@click.option("--now", is_flag=True, help=_("Whatever the steps and quiet days in ledgergen.yaml say."))
@click.option(
    "--list", "as_list", is_flag=True, help=_("Write a list for those who telephone, into reports/reminders/.")
)
@click.option("--text", "as_text", is_flag=True, help=_("Print a text for the group chat."))
@drafts
@click.option("--history", is_flag=True, help=_("List the reminders so far, by mail and by telephone."))
@click.option("--called", is_flag=True, help=_("Note that the units named have been rung up."))
@click.option("--stop", is_flag=True, help=_("Leave the units named in peace from now on."))
@click.option("--resume", is_flag=True, help=_("Remind the units named again."))
@words
@dry_run
@as_json
@click.pass_obj
def remind(  # noqa: PLR0913 - one parameter an option
    session: Session,
    units: tuple[str, ...],
    *,
    round_id: str | None,
    as_of: datetime | None,
    now: bool,
    as_list: bool,
    as_text: bool,
    drafts: Path | None,
    history: bool,
    called: bool,
    stop: bool,
    resume: bool,
    words: str,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Chase what is owed."""
    from ledgergen.errors import WrongUse

    if sum(map(bool, (as_list, as_text, drafts, history, called, stop, resume))) > 1:
        raise WrongUse("remind-one-way")
    run = _Run(session, units, round_id, as_of.date() if as_of else None, now=now, dry_run=dry_run, as_json=as_json)
    if called or stop or resume:
        return run.mark(words, called=called, stop=stop)
    if history:
        return run.history()
    if as_list:
        return run.listed()
    if as_text:
        return run.text()
    return run.drafts(drafts) if drafts else run.mails()


@dataclass(frozen=True, slots=True)
class _Run:
    """One call of the command."""

    session: Session
    units: tuple[str, ...]
    round_id: str | None
    as_of: date | None
    now: bool
    dry_run: bool
    as_json: bool

    def mark(self, words: str, *, called: bool, stop: bool) -> int:
        """Note what was done by hand, or who is to be left in peace."""
        from ledgergen.campaign.folder import find_folder
        from ledgergen.campaign.marking import Note
        from ledgergen.campaign.reminding import note_call, stop_chasing

        folder, note, occasion = find_folder(self.session.root), Note(self.units, words=words), self.session.occasion
        marked: list[Marked]
        if called:
            marked = note_call(folder, note, round_id=self.round_id, occasion=occasion, dry_run=self.dry_run)
        else:
            marked = stop_chasing(folder, note, stopped=stop, occasion=occasion, dry_run=self.dry_run)
        if self.as_json:
            put_json([{"unit": each.unit, "new": each.is_news} for each in marked])
            return 0
        news = (
            _("noted: rung up  {unit}")
            if called
            else _("left in peace  {unit}")
            if stop
            else _("reminded again  {unit}")
        )
        for each in marked:
            put((news if each.is_news else _("known already  {unit}")).format(unit=printable(each.unit)))
        self._say_dry(_("Nothing was written (--dry-run)."))
        return 0

    def history(self) -> int:
        """List the reminders so far."""
        from ledgergen.campaign.folder import find_folder
        from ledgergen.campaign.reminding import chase_history

        folder, occasion = find_folder(self.session.root), self.session.occasion
        found = chase_history(folder, self.units, round_id=self.round_id, occasion=occasion)
        if self.as_json:
            put_json([each.to_json() | {"at": each.at} for each in found])
        elif found:
            rows = [
                (
                    each.at[:16].replace("T", " "),
                    each.unit,
                    _how(each),
                    fate_text(each.fate),
                    each.subject or each.reason,
                )
                for each in found
            ]
            table((_("when (UTC)"), _("unit"), _("by"), _("fate"), _("about")), rows)
        else:
            say(_("Nobody was reminded yet."))
        return 0

    def listed(self) -> int:
        """Write the list for those who telephone."""
        from ledgergen.campaign.reminding import write_list
        from ledgergen.cli.issuing import verb_text

        chase = self._chase()
        written = write_list(chase, dry_run=self.dry_run)
        if self.as_json:
            put_json({"path": written.path, "verb": str(written.verb), "rows": written.rows} | self._json(chase, {}))
            return 0
        put(_("{verb}  {path}  {rows} rows").format(verb=verb_text(written.verb), path=written.path, rows=written.rows))
        self._say_dry(_("Nothing was written (--dry-run)."))
        return 0

    def text(self) -> int:
        """Print the text for the group chat."""
        from ledgergen.campaign.reminding import chat_text

        chase = self._chase()
        text = chat_text(self._writer(chase, drafts=True), chase) if chase.reminders else ""
        if self.as_json:
            put_json({"text": text})
        elif text:
            put(printable(text))
        else:
            say(_("Nobody owes anything."))
        return 0

    def drafts(self, target: Path) -> int:
        """Write drafts of the reminders whose turn it is."""
        from ledgergen.campaign.reminding import write_reminders
        from ledgergen.cli.issuing import verb_text

        chase = self._chase()
        outcome = write_reminders(self._writer(chase, drafts=True), chase, target, dry_run=self.dry_run)
        said = [*chase.findings, *outcome.findings]
        if self.as_json:
            files = [{"unit": each.unit, "path": each.path, "verb": str(each.verb)} for each in outcome.files]
            put_json({"files": files, "findings": worded_all(said)})
            return exit_code(said)
        for each in outcome.files:
            put(f"{verb_text(each.verb)}  {printable(each.path)}")
        say_findings(said)
        self._say_dry(_("Nothing was written (--dry-run)."))
        return exit_code(said)

    def mails(self) -> int:
        """Send the reminders whose turn it is."""
        from ledgergen.campaign.posting import one_sender
        from ledgergen.campaign.reminding import Turn, send_reminders
        from ledgergen.cli.sending import stopped, submission

        chase = self._chase()
        if not self.as_json:
            _put_plan(chase)
        posted: dict[str, Posted] = {}
        delivery: Delivery | None = None
        if not self.dry_run and any(each.turn is Turn.SEND for each in chase.reminders):
            writer = self._writer(chase, drafts=False)
            line = submission(writer.route, chase.desk.folder.root)
            with one_sender(chase.desk.folder), progress(_("Sending")) as shown:
                chase = self._chase()
                writer = self._writer(chase, drafts=False)
                delivery, posted = send_reminders(writer, chase, line, progress=shown)
        said = [*chase.findings, *(delivery.findings if delivery else ())]
        self._told(chase, posted, said)
        return stopped(delivery, exit_code(said)) if delivery else exit_code(said)

    def _told(self, chase: "Chase", posted: "Mapping[str, Posted]", findings: "Sequence[Finding]") -> None:
        from ledgergen.cli.sending import say_fates

        if self.as_json:
            put_json(self._json(chase, posted) | {"findings": worded_all(findings)})
            return
        say_findings(findings)
        say_fates(list(posted.values()))
        if not chase.reminders:
            say(_("Nobody owes anything."))
        self._say_dry(_("Nothing was sent (--dry-run)."))

    def _json(self, chase: "Chase", posted: "Mapping[str, Posted]") -> dict[str, object]:
        reminders = [each.to_json(posted.get(each.owing.unit)) for each in chase.reminders]
        return {"round": chase.desk.round_id, "day": chase.day.isoformat(), "reminders": reminders}

    def _chase(self) -> "Chase":
        from ledgergen.campaign.folder import find_folder
        from ledgergen.campaign.reminding import plan_chase

        folder, occasion = find_folder(self.session.root), self.session.occasion
        return plan_chase(folder, self.units, round_id=self.round_id, occasion=occasion, as_of=self.as_of, now=self.now)

    def _writer(self, chase: "Chase", *, drafts: bool) -> "Writer":
        from ledgergen.campaign.route import route_of
        from ledgergen.campaign.sending import Writer

        return Writer.at(chase.desk, route_of(chase.desk.settings, drafts=drafts))

    def _say_dry(self, text: str) -> None:
        if self.dry_run:
            say(text)


def _put_plan(chase: "Chase") -> None:
    rows = [
        (
            turn_text(each.turn),
            kind_text(str(each.owing.kind)),
            each.owing.unit,
            "\n".join(item.what for item in each.owing.items[:5]),
            len(each.owing.items),
            each.times,
        )
        for each in chase.reminders
    ]
    if rows:
        table((_("what"), _("kind"), _("unit"), _("owed"), _("items"), _("times")), rows)


def _how(post: "Posted") -> str:
    return _("telephone") if post.by_hand else _("mail")


def fate_text(fate: "Fate") -> str:
    """Give the word for what became of a mail."""
    from ledgergen.state.outbox import Fate

    words = {
        Fate.QUEUED: _("waits"),
        Fate.SENDING: _("fate unknown"),
        Fate.ACCEPTED: _("went out"),
        Fate.REFUSED: _("refused"),
        Fate.UNKNOWN: _("fate unknown"),
    }
    return words[fate]


def turn_text(turn: "Turn") -> str:
    """Give the word for what is done about a unit."""
    from ledgergen.campaign.reminding import Turn

    words = {
        Turn.SEND: _("to remind"),
        Turn.DONE: _("reminded already"),
        Turn.WAIT: _("not yet"),
        Turn.QUIET: _("quiet day"),
        Turn.STOPPED: _("in peace"),
        Turn.UNKNOWN: _("fate unknown"),
        Turn.BY_HAND: _("by hand"),
        Turn.NO_ADDRESS: _("no address"),
    }
    return words[turn]


def kind_text(kind: str) -> str:
    """Give the word for a kind of reminder."""
    words = {"before": _("reminder"), "missing": _("chasing"), "overdue": _("urging")}
    return words[kind]
