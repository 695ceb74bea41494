"""What a person waits for before the first word: the help loads the commands' words and nothing that they work with."""

import subprocess
import sys

LIGHT = {"campaign.outcome", "catalogue", "errors", "findings", "messages"}
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
    assert {name for name in own if not name.startswith(("cli", "__main__"))} - {"campaign"} == LIGHT
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
