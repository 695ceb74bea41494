"""The command itself: its options, the list of its verbs, and the one mapping from exception to exit code."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from ledgergen import __version__
from ledgergen.campaign.outcome import Occasion
from ledgergen.cli.talk import put_json, say_findings, worded_all
from ledgergen.errors import InputFaults, Stop
from ledgergen.findings import Where
from ledgergen.messages import LANGUAGES
from ledgergen.messages import gettext as _

# verb → module; a module is imported only when one of its verbs is asked for, or for the list of all
_VERBS: Final = {
    "new": "starting",
    "demo": "starting",
    "import": "importing",
    "suggest": "suggesting",
    "links": "linking",
    "plan": "plan",
    "check": "planning",
    "deadlines": "planning",
    "schema": "planning",
    "layout": "layout",
    "prefill": "prefill",
    "generate": "issuing",
    "send": "sending",
    "mailbox": "mailbox",
    "collect": "collecting",
    "review": "judging",
    "resolve": "judging",
    "withdraw": "judging",
    "answer": "answering",
    "remind": "chasing",
    "merge": "reporting",
    "status": "reporting",
    "show": "reporting",
    "report": "report",
    "log": "journalling",
    "undo": "journalling",
    "rebuild": "journalling",
    "verify": "journalling",
}
_FUNCTIONS: Final = {"import": "import_document"}  # a verb that is a word of Python


@dataclass(frozen=True, slots=True)
class Session:
    """What every command is told: the campaign's folder, when it is, and who is at work."""

    root: Path
    occasion: Occasion


class _Verbs(click.Group):
    """The verbs in the order of the work, each loaded when it is needed: ``--help`` must be quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the verbs in the order of the work."""
        del ctx
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one verb."""
        del ctx
        module = _VERBS.get(cmd_name)
        if module is None:
            return None
        command = getattr(import_module(f"ledgergen.cli.{module}"), _FUNCTIONS.get(cmd_name, cmd_name))
        return command if isinstance(command, click.Command) else None


@click.command(
    cls=_Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_("From a year's plan: one Excel ledger per responsible unit, out and back again."),
    epilog=_("Exit codes: 0 nothing wrong, 1 findings of severity error, 2 wrong use, 3 disk, server, lock or files."),
)
@click.option(
    "-C",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help=_("The campaign's folder; the current one if not given."),
)
@click.option("--lang", type=click.Choice(LANGUAGES), help=_("The language of messages."))
@click.version_option(__version__, prog_name="ledgergen")
@click.pass_context
def program(ctx: click.Context, folder: Path, lang: str | None) -> None:
    """Prepare what every verb is told; the language was chosen before this was built."""
    del lang
    ctx.obj = Session(folder, Occasion(datetime.now(UTC), _who()))


def run(arguments: Sequence[str]) -> int:
    """Run a command and give its exit code; the one place where an exception becomes one."""
    try:
        code = program.main(list(arguments), prog_name="ledgergen", standalone_mode=False)
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except (Stop, click.Abort, KeyboardInterrupt, OSError) as fault:
        stop = _stop(fault)
        findings = stop.findings if isinstance(stop, InputFaults) else [stop.finding]
        if "--json" in arguments:
            put_json({"findings": worded_all(findings)})
        else:
            say_findings(findings)
        return stop.exit_code
    return code if isinstance(code, int) else 0


def _stop(fault: BaseException) -> Stop:
    """Turn what ended a command into a stop with a finding."""
    if isinstance(fault, Stop):
        return fault
    if isinstance(fault, OSError):
        return Stop("cannot-read", Where(str(fault.filename or "")), reason=fault.strerror or str(fault))
    return Stop("interrupted")


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "?"
