"""The verb that issues ledgers: ``generate``."""

import click

from ledgergen.campaign.outcome import Outcome, Verb
from ledgergen.cli.options import as_json, dry_run, round_id
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, progress, put, put_json, say, say_findings, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _
from ledgergen.messages import printable


@click.command(help=VERBS["generate"].help)
@round_id
@dry_run
@as_json
@click.pass_obj
def generate(session: Session, *, round_id: str | None, dry_run: bool, as_json: bool) -> int:
    """Generate the ledgers."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.generate import generate as generate_ledgers

    with progress(_("Making ledgers")) as shown:
        outcome = generate_ledgers(
            find_folder(session.root),
            round_id=round_id,
            occasion=session.occasion,
            dry_run=dry_run,
            progress=shown,
        )
    if as_json:
        put_json(_json(outcome))
    else:
        _put_lines(outcome)
        say_findings(outcome.findings)
        _say_sum(outcome, dry_run=dry_run)
    return exit_code(outcome.findings)


def verb_text(verb: Verb) -> str:
    """Give the word for what happens to a file."""
    words = {Verb.NEW: _("new"), Verb.SAME: _("same"), Verb.CHANGED: _("changed"), Verb.KEPT: _("kept")}
    return words[verb]


def _put_lines(outcome: Outcome) -> None:
    whole = _("{verb}  {path}  {rows} rows, asks for {cells} cells")
    part = _("{verb}  {path}  {due} of {rows} rows due, asks for {cells} cells")
    for each in outcome.files:
        line = whole if each.due == each.rows else part
        facts = {"due": each.due, "rows": each.rows, "cells": each.cells}
        put(line.format(verb=verb_text(each.verb), path=printable(each.path), **facts))


def _say_sum(outcome: Outcome, *, dry_run: bool) -> None:
    counts = {verb: sum(each.verb is verb for each in outcome.files) for verb in Verb}
    parts = [f"{verb_text(verb)} {count}" for verb, count in counts.items() if count]
    cells = sorted(each.cells for each in outcome.files)
    if not cells:
        return
    say(_("{count} ledgers: {parts}").format(count=len(cells), parts=" · ".join(parts)))
    say(
        _("Each unit is asked for {least} to {most} cells, {middle} in the middle.").format(
            least=cells[0], most=cells[-1], middle=cells[len(cells) // 2]
        )
    )
    due, rows = sum(each.due for each in outcome.files), sum(each.rows for each in outcome.files)
    if due < rows:
        say(_("{due} of {rows} rows are due in this round.").format(due=due, rows=rows))
    if dry_run:
        say(_("Nothing was written (--dry-run)."))


def _json(outcome: Outcome) -> dict[str, object]:
    files = [
        {
            "unit": each.unit,
            "path": each.path,
            "verb": str(each.verb),
            "face": each.face,
            "rows": each.rows,
            "due": each.due,
            "cells": each.cells,
        }
        for each in outcome.files
    ]
    return {"ledgers": files, "findings": worded_all(outcome.findings)}
