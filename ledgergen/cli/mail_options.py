"""How the command line asks for the secrets of mail servers: unseen, at a terminal, never as an argument."""

import sys

import click

from ledgergen.errors import WrongUse
from ledgergen.messages import gettext as _
from ledgergen.messages import printable
from ledgergen.records import Server


def ask_secret(server: Server) -> str:
    """Ask for the secret of a server; empty where the person gives none.

    Raises:
        WrongUse: ``mail-secret-terminal``: there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise WrongUse("mail-secret-terminal", server=server.place)
    text = _("Password or authorisation code (授权码) of {server}").format(server=printable(server.place))
    return str(click.prompt(text, default="", show_default=False, hide_input=True, err=True))
