"""Options that several verbs share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from ledgergen.messages import gettext as _

PASSWORDS: Final = "LEDGERGEN_PASSWORDS"  # one in a line

Command = TypeVar("Command", bound=Callable[..., Any])


def as_json(command: Command) -> Command:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help=_("Print data for programs."))(command)


def dry_run(command: Command) -> Command:
    """Add ``--dry-run``."""
    return click.option("--dry-run", is_flag=True, help=_("Say what would be done, and do nothing."))(command)


def round_id(command: Command) -> Command:
    """Add ``--round``."""
    return click.option("--round", "round_id", metavar="ID", help=_("The round, as ledgergen.yaml names it."))(command)


def as_of(command: Command) -> Command:
    """Add ``--as-of``."""
    option = click.option(
        "--as-of",
        "as_of",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DAY",
        help=_("As it stood on this day (2022-07-10), without what came in later; today if not given."),
    )
    return option(command)


def password_file(command: Command) -> Command:
    """Add ``--password-file``."""
    option = click.option(
        "--password-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help=_("Passwords for encrypted files, one in a line."),
    )
    return option(command)
