"""Every string of a workbook of our own making, wherever it stands: cells, comments, prompts, properties, names.

For looking at what is about to go out, not for reading returns: the bytes are ours, so they are taken apart by patterns
and not by a parser, and nothing that a parser would leave out is passed over.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Final

_TEXT: Final = re.compile(rb">([^<>]+)<|\"([^\"<>]*)\"|'([^'<>]*)'")
_RICH: Final = re.compile(rb"<(?:\w+:)?(?:si|is|text)\b[^>]*>(.*?)</(?:\w+:)?(?:si|is|text)>", re.DOTALL)
_TAG: Final = re.compile(rb"<[^<>]*>")
_MARKUP: Final = (".xml", ".rels", ".vml")


def every_string(data: bytes) -> Iterator[str]:
    """Give every text and attribute of every part, names of parts included; texts of several runs also as a whole."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for info in package.infolist():
            yield info.filename
            content = package.read(info)
            if not info.filename.lower().endswith(_MARKUP):
                yield content.decode("utf-8", "ignore")
                continue
            for found in _TEXT.finditer(content):
                yield _plain(found[1] or found[2] or found[3] or b"")
            for whole in _RICH.finditer(content):
                yield _plain(_TAG.sub(b"", whole[1]))


def _plain(raw: bytes) -> str:
    return unescape(raw.decode("utf-8", "replace"))
