"""How a value is spelled in YAML: as plainly as it can be without meaning something else, as its place allows."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

Value: TypeAlias = "str | bool | Sequence[str] | Mapping[str, object] | None"

_WIDTH: Final = 110  # characters of a line, beyond which a list is broken
# Whatever else begins a text might be a mark of YAML, or be taken for one by a person.
_FIRST: Final = re.compile(r"[\w《“（〔【〈]")
_UNPLAIN: Final = re.compile(r": |:$| #|[\t\n\r\x85\u2028\u2029\ufeff]")
_UNPLAIN_IN_BRACKETS: Final = re.compile(r"[,\[\]{}]|:(?![^\s,\[\]{}])")
# What YAML 1.1 or 1.2 readers take for something else than a text, but for days, which the schema wants as days.
_OTHER: Final = re.compile(
    r"(?i)null|true|false|yes|no|on|off|y|n|[-+]?[0-9][0-9_,.:]*(?:e[-+]?[0-9]+)?|0[xob][0-9a-f_]+|\.inf|\.nan"
)
_ESCAPED: Final = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]')
_NAMED: Final = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\t": r"\t", "\r": r"\r"}


def spelled(value: Value, *, indent: int = 0, flow: bool = False, column: int = 0) -> str:
    """Spell a value: a text, a list of texts in brackets, a mapping in braces; None is nothing.

    ``indent`` is that of the mapping in which it stands, ``column`` where its line has come to; ``flow`` tells that it
    stands within brackets or braces.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return spelled_text(value, indent=indent, flow=flow)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_inner(item)}" for key, item in value.items()) + "}"
    return _list([spelled_text(item, flow=True) for item in value], indent, column)


def spelled_text(text: str, *, indent: int = 0, flow: bool = False, like: str | None = None, block: bool = True) -> str:
    """Spell a text in the style of the one it replaces (``like``: its quote, empty for none), where that can be.

    Not ``block``: something follows on its line, so several lines cannot stand below it.
    """
    if like == '"' or not text:
        return _double(text)
    if like == "'" and not _ESCAPED.search(text.replace('"', "").replace("\\", "")):
        return "'" + text.replace("'", "''") + "'"
    if "\n" in text and block and not flow and _fits_block(text):
        return "|-\n" + "\n".join(" " * (indent + 2) + line if line else "" for line in text.split("\n"))
    if _is_plain(text, flow=flow) and (like == "" or not _OTHER.fullmatch(text)) and text.casefold() != "null":
        return text
    return _double(text)


def _inner(item: object) -> str:
    if isinstance(item, Mapping):
        return spelled(item)
    if isinstance(item, list | tuple):
        return "[" + ", ".join(map(_inner, item)) + "]"
    if isinstance(item, bool):
        return "true" if item else "false"
    return spelled_text(item, flow=True) if isinstance(item, str) else str(item)


def _is_plain(text: str, *, flow: bool) -> bool:
    if text != text.strip() or not _FIRST.match(text) or _UNPLAIN.search(text) or text in ("~", "=", "<<"):
        return False
    return not (flow and _UNPLAIN_IN_BRACKETS.search(text)) and not _ESCAPED.search(text.replace('"', ""))


def _fits_block(text: str) -> bool:
    """Tell whether a text of several lines can stand below a ``|-``: its ends are no blanks, and no line is odd."""
    first, last = text[0], text[-1]
    return not (first.isspace() or last.isspace() or re.search(r"[\t\r\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]", text))


def _double(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda found: _NAMED.get(found[0]) or _escape(ord(found[0])), text) + '"'


def _escape(number: int) -> str:
    return f"\\x{number:02X}" if number < 0x100 else f"\\u{number:04X}"  # noqa: PLR2004 - two digits hold as much


def _list(items: Sequence[str], indent: int, column: int) -> str:
    """Put items into brackets, broken where the line gets too long; a line that goes on is deeper than its mapping."""
    parts, used = ["["], column + 1
    for number, item in enumerate(items):
        if number and used + len(item) > _WIDTH:
            parts.append(",\n" + " " * (indent + 4))
            used = indent + 4
        elif number:
            parts.append(", ")
            used += 2
        parts.append(item)
        used += len(item)
    return "".join(parts) + "]"
