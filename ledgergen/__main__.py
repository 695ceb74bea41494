"""The entry point: choose the language, run the command, turn an exception into an exit code (product.md).

0 nothing wrong · 1 findings of severity error · 2 wrong use · 3 surroundings (disk, server, lock, own files).
"""

import os
import sys
from typing import TextIO

from ledgergen import messages


def main() -> None:
    """Run the program and exit."""
    for stream in (sys.stdout, sys.stderr):
        _prepare(stream)
    messages.activate(messages.choose(sys.argv[1:], os.environ))
    from ledgergen.cli.root import run

    sys.exit(run(sys.argv[1:]))


def _prepare(stream: TextIO) -> None:
    """Let no character stop the program: what a terminal cannot show (a file name in GBK) is shown escaped."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
