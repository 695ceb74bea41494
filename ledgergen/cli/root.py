"""The command itself: its options, its verbs, each loaded when it is asked for, and its exit code."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgergen import __version__
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import LANGUAGES
from ledgergen.messages import gettext as _

if TYPE_CHECKING:
    from ledgergen.campaign.outcome import Occasion


@dataclass(frozen=True, slots=True)
class Session:
    """What every command is told: the campaign's folder, when it is, and who is at work."""

    root: Path
    occasion: "Occasion"


class _InOrder(click.Group):
    """Commands in the order in which they were named; click sorts them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names."""
        del ctx
        return list(self.commands)


class _Verbs(click.Group):
    """The verbs in the order of the work, each loaded when it is needed: ``--help`` must be quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the verbs in the order of the work."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one verb."""
        del ctx
        verb = VERBS.get(cmd_name)
        if verb is None:
            return None
        command = getattr(import_module(f"ledgergen.cli.{verb.module}"), verb.function or cmd_name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs by their words; none of them is loaded."""
        words = {name: click.Command(name, help=verb.help) for name, verb in VERBS.items()}
        _InOrder(commands=words).format_commands(ctx, formatter)


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
    from ledgergen.campaign.outcome import Occasion

    del lang
    ctx.obj = Session(folder, Occasion(datetime.now(UTC), _who()))


def run(arguments: Sequence[str]) -> int:
    """Run a command and give its exit code; what ends it before its time becomes one in :mod:`.ending`."""
    try:
        code = program.main(list(arguments), prog_name="ledgergen", standalone_mode=False)
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except (Exception, KeyboardInterrupt) as fault:
        from ledgergen.cli.ending import ended

        code = ended(fault, as_json="--json" in arguments)
        if code is None:
            raise
    return code if isinstance(code, int) else 0


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "?"
