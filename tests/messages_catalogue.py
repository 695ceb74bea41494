"""The catalogue of messages: extract what the source and click say, update the Chinese, compile it.

    python tests/messages_catalogue.py      write ledgergen.po and ledgergen.mo anew

A test asks :func:`extracted` whether the catalogue is complete.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from ledgergen import __version__

ROOT = Path(__file__).resolve().parents[1]
PO = ROOT / "ledgergen" / "locale" / "zh_CN" / "LC_MESSAGES" / "ledgergen.po"
MO = PO.with_suffix(".mo")
_DATED = datetime(2026, 1, 1, tzinfo=UTC)
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def extracted() -> Catalog:
    """Collect every message of the source, and those of click that a user of ours can meet."""
    catalogue = _empty()
    for folder in (ROOT / "ledgergen", Path(click.__file__).parent):
        for file, _line, message, _comments, context in extract_from_dir(folder, keywords=KEYWORDS):
            where = f"{folder.name}/{file}" if folder.name == "click" else f"ledgergen/{file}"
            catalogue.add(message, locations=[(where, 0)], context=context)
    return catalogue


def _empty() -> Catalog:
    """Make a catalogue whose header says nothing that changes from day to day."""
    return Catalog(
        locale="zh_CN",
        header_comment="# Chinese (Simplified) messages of ledgergen.",
        project="ledgergen",
        version=__version__,
        creation_date=_DATED,
        revision_date=_DATED,
        last_translator="The ledgergen authors",
        language_team="zh_CN",
        msgid_bugs_address="",
        fuzzy=False,
    )


def stored() -> Catalog:
    """Read the Chinese catalogue as committed; an empty one where there is none."""
    if not PO.exists():
        return extracted()
    return read_po(io.BytesIO(PO.read_bytes()), locale="zh_CN")


def compiled(catalogue: Catalog) -> bytes:
    """Compile a catalogue as gettext reads it."""
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def main() -> int:
    """Bring both files up to date; name what is still to be translated."""
    known = stored()
    catalogue = extracted()
    for message in catalogue:
        if message.id and (translated := known.get(message.id)):
            message.string = translated.string
    target = io.BytesIO()
    write_po(target, catalogue, width=120, sort_by_file=True, omit_header=False, no_location=False)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(target.getvalue())
    MO.write_bytes(compiled(catalogue))
    missing = [message.id for message in catalogue if message.id and not any(message.string or ())]
    for each in missing:
        sys.stdout.write(f"to be translated: {each}\n")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
