"""Open winmail.dat (TNEF): the one door to tnefparse, which is LGPL and so an extra that may be missing."""

import logging
from collections.abc import Iterator
from typing import Final

from ledgergen.mail.names import as_text
from ledgergen.workbook.inspect import Refused

MAGIC: Final = b"\x78\x9f\x3e\x22"
_LARGEST: Final = 64_000_000
_MOST: Final = 1_000


def is_tnef(data: bytes) -> bool:
    """Tell whether the bytes are what Outlook packs its mails into."""
    return data.startswith(MAGIC)


def tnef_files(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the files in a winmail.dat by name; names are in whatever code page their Outlook had.

    Raises:
        Refused: ``archive-not-opened``, the extra is not installed; ``file-damaged``.
    """
    try:
        from tnefparse import TNEF
        from tnefparse.properties import MAPI_ATTACH_LONG_FILENAME
    except ImportError as fault:
        raise Refused("archive-not-opened", kind="winmail.dat", needed="tnefparse") from fault
    logging.getLogger("tnefparse").setLevel(logging.CRITICAL)
    try:
        opened = TNEF(_bounded(data), do_checksum=False)
    except Exception as fault:  # of a hostile file it raises anything
        raise Refused("file-damaged", part="winmail.dat") from fault
    for attachment in opened.attachments[:_MOST]:
        long = [each.data for each in attachment.mapi_attrs if each.name == MAPI_ATTACH_LONG_FILENAME]
        name = (long or [attachment._name])[0]  # noqa: SLF001 - its property decodes with a code page that is not told
        content = attachment.data
        if isinstance(content, bytes) and content:
            yield _text(name), content


def _text(name: object) -> str:
    return (as_text(name, "") if isinstance(name, bytes) else str(name or "")).strip("\0 ")


def _bounded(data: bytes) -> bytes:
    if len(data) > _LARGEST:
        raise Refused("file-too-large", size=len(data), limit=_LARGEST)
    return data
