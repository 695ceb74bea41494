"""What the verbs that send have in common: their options, and how secrets are asked for.

A secret is typed unseen, at a terminal; it is never an argument.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgergen.errors import WrongUse
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:  # what every command imports must cost next to nothing
    from ledgergen.records import Server

drafts = click.option(
    "--drafts",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help=_("Write drafts (.eml) for a mail program instead of sending."),
)
words = click.option("--note", "words", default="", metavar="TEXT", help=_("A word to keep with a mark."))


def ask_secret(server: "Server") -> str:
    """Ask for the secret of a server; empty where the person gives none.

    Raises:
        WrongUse: ``mail-secret-terminal``: there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise WrongUse("mail-secret-terminal", server=server.place)
    text = _("Password or authorisation code (授权码) of {server}").format(server=printable(server.place))
    return str(click.prompt(text, default="", show_default=False, hide_input=True, err=True))
