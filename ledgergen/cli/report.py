"""The verb ``report``: its kinds in the order of the work, each loaded when it is asked for."""

from collections.abc import MutableMapping
from importlib import import_module
from typing import Final

import click

from ledgergen.cli.verbs import VERBS

_KINDS: Final = {
    "summary": "report_figures",
    "score": "report_figures",
    "notice": "report_papers",
    "brief": "report_papers",
    "annual": "report_papers",
    "talk": "report_papers",
    "giveback": "report_giveback",
    "page": "report_page",
    "approve": "report_approval",
}


class _Kinds(click.Group):
    """A group that loads its verbs late, as the program does with its own: ``--help`` must be quick."""

    @property
    def commands(self) -> MutableMapping[str, click.Command]:
        """Give all verbs, loaded."""
        return {kind: _loaded(kind) for kind in _KINDS}

    @commands.setter
    def commands(self, commands: MutableMapping[str, click.Command]) -> None:
        """Take none: click sets an empty mapping."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the kinds."""
        del ctx
        return list(_KINDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one kind."""
        del ctx
        return _loaded(cmd_name) if cmd_name in _KINDS else None


def _loaded(kind: str) -> click.Command:
    command: click.Command = getattr(import_module(f"ledgergen.cli.{_KINDS[kind]}"), kind)
    return command


report = _Kinds("report", help=VERBS["report"].help)
