"""What a person waits for before the first word: the help loads the words of the verbs, and none of them."""

import subprocess
import sys

import click

LIGHT = {"__main__", "cli", "cli.root", "cli.verbs", "messages"}
PROGRAM = """
import sys
from ledgergen.__main__ import main
sys.argv = ["ledgergen", "--help"]
try:
    main()
finally:
    print("loaded:", *sys.modules, file=sys.stderr)
"""


def test_the_help_loads_no_room_and_no_library_but_click() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    loaded = ran.stderr.partition("loaded:")[2].split()
    own = {name.removeprefix("ledgergen.") for name in loaded if name.startswith("ledgergen.")}
    assert own == LIGHT
    named = {name.split(".")[0] for name in loaded}
    assert not named & {
        "pydantic",
        "ruamel",
        "xlsxwriter",
        "openpyxl",
        "lxml",
        "pandas",
        "jinja2",
        "imapclient",
        "zipfile",
    }


def test_the_help_says_of_every_verb_what_the_verb_says_of_itself() -> None:
    from ledgergen.cli.root import program
    from ledgergen.cli.verbs import VERBS

    context = click.Context(program)
    for name, verb in VERBS.items():
        command = program.get_command(context, name)
        assert command is not None, name
        assert (command.name, command.help) == (name, verb.help)
