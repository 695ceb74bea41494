"""Verbs that begin a campaign: ``new`` and ``demo``."""

from pathlib import Path

import click

from ledgergen.cli.root import Session
from ledgergen.cli.talk import put, say
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _


@click.command(help=VERBS["new"].help)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option("--example", metavar="NAME", help=_("Copy this example, such as zichuan-2022."))
@click.pass_obj
def new(session: Session, folder: Path, example: str | None) -> int:
    """Begin a campaign."""
    from ledgergen.campaign.starting import begin

    for path in begin(session.root / folder, example):
        put(path.as_posix())
    say(_("Next: edit plan.yaml and units.yaml, then run `ledgergen -C {folder} check`.").format(folder=folder))
    return 0


@click.command(help=VERBS["demo"].help)
@click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False), metavar="[DIR]", default=Path("ledgergen-demo")
)
@click.option("--example", default="zichuan-2022", show_default=True, metavar="NAME", help=_("The example to show."))
@click.pass_obj
def demo(session: Session, folder: Path, example: str) -> int:
    """Show the whole round, through the very commands that a user types."""
    from ledgergen.campaign.demo import answers_round, fill_as_clerks
    from ledgergen.campaign.folder import find_folder
    from ledgergen.cli.root import run

    place = (session.root / folder).resolve()

    def step(*arguments: str) -> int:
        say("")
        say("$ ledgergen " + " ".join(arguments))
        return run(arguments)

    if code := step("new", str(place), "--example", example):
        return code
    at = ("-C", str(place))
    round_id = answers_round(find_folder(place))
    for arguments in (("check",), ("generate", "--round", round_id)):
        if code := step(*at, *arguments):
            return code
    say("")
    say(_("Demo: the ledgers are now filled in as clerks would, from the example's answers.yaml (invented)."))
    faults = 0
    for day, filled in fill_as_clerks(find_folder(place), round_id):
        say("")
        say(_("{day}: {count} filled ledgers come into inbox/").format(day=day, count=len(filled)))
        faults = max(faults, step(*at, "collect", "--received", day))
    if code := max(step(*at, "merge"), step(*at, "status")):
        return code
    say("")
    put(_("Open these:"))
    for path in (place / "ledgers" / round_id, place / "inbox", place / "reports"):
        put(f"  {path}")
    return faults
