"""Options that several verbs share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from ledgergen.messages import gettext as _

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
