"""Names as mail programs write them: of attachments, of senders, subjects. Decoded as their writer meant them.

Written because no library reads what arrives: of nineteen forms seen in real mails the standard library's two policies
read three and nine. What goes wrong is always one of a few things, and they are undone one by one: bytes without any
label, a label that is not true (``gb2312`` over GBK, UTF-8 over GBK and the reverse), words cut inside a character,
parameters in pieces, per cent signs or HTML entities where none belong, text decoded once too often.
"""

import base64
import binascii
import html
import quopri
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from ledgergen.workbook.archives import label_of

_WORD: Final = re.compile(r"=\?([^?\s]{1,60})\?([BbQq])\?([^?]*(?:\?(?!=)[^?]*)*?)\?=")
_BETWEEN: Final = re.compile(r"\s*")
_PARAMETER: Final = re.compile(r";\s*([^\s=;\"]{1,60}?)\s*=\s*", re.DOTALL)
_SECTION: Final = re.compile(r"(.+?)(?:\*(\d{1,4}))?(\*)?$")
_EXTENDED: Final = re.compile(r"([A-Za-z0-9_.:+-]{0,40})'([A-Za-z0-9-]{0,40})'(.*)", re.DOTALL)
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2}){2,}")
_ENTITY: Final = re.compile(r"&#(?:[0-9]{2,7}|x[0-9A-Fa-f]{2,6});")
_FOLD: Final = re.compile(r"\r?\n[ \t]?|\r")
_EXTENSION: Final = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_LONGEST: Final = 4_000  # characters of a header that are looked at
_MOST_SECTIONS: Final = 500

# Charsets under the names that Chinese programs use; all that is GB is read as GB18030, which has the others in it.
_CHARSETS: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb-2312": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "windows-936": "gb18030",
    "euc-cn": "gb18030",
    "gb18030": "gb18030",
    "hz-gb-2312": "hz",
    "utf8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "cn-big5": "big5hkscs",
    "big5": "big5hkscs",
    "x-big5": "big5hkscs",
}
# Labels that say nothing: what a program writes that does not know.
_NO_LABEL: Final = frozenset({"", "unknown", "unknown-8bit", "x-unknown", "us-ascii", "ascii", "default", "none"})
# Names that programs give to what has none.
_NO_NAME: Final = re.compile(
    r"(tcmime|unknown(_att)?|noname|untitled|attachment|att\d{3,}|part[\d.]*|file|mime-attachment)(\.(bin|dat|txt|att))?",
    re.IGNORECASE,
)


class _Parameter(NamedTuple):
    """One ``name=value`` of a header: its name without what RFC 2231 adds, the section's number, how it is written."""

    name: str
    section: int
    is_encoded: bool
    value: str


def header_text(raw: str) -> str:
    """Give a header as text: ``raw`` as the parser has it, bytes beyond ASCII as lone surrogates; folds undone.

    Bytes without a label are UTF-8, else GB18030. Encoded words stay as they are (:func:`decoded`).
    """
    raw = raw[: _LONGEST * 4]
    if not raw.isascii():
        data = raw.encode("utf-8", "surrogateescape")
        raw = as_text(data, "")
    return _FOLD.sub(" ", raw)


def decoded(raw: str) -> str:
    """Give the text of a header with its encoded words decoded (RFC 2047), as lenient as its writers are strange."""
    return _plain(_decoded_words(header_text(raw)))


def attachment_name(disposition: str, content_type: str, description: str = "") -> str:
    """Give the name that the headers of a part give it, the best of them; empty where there is none worth the name.

    ``filename`` of Content-Disposition comes before ``name`` of Content-Type unless it is the worse one: question marks
    where letters were, a name that a program made up, no extension. No part of any path.
    """
    candidates = [
        *_named(disposition, ("filename", "name")),
        *_named(content_type, ("name", "filename")),
        decoded(description) if _EXTENSION.search(description) else "",
    ]
    named = [name for candidate in candidates if (name := last_of_path(candidate))]
    return min(named, key=_badness, default="")


def is_made_up(name: str) -> bool:
    """Tell whether a name is one that a program gives to what has none (``tcmime.bin``)."""
    return _NO_NAME.fullmatch(name) is not None or not name.strip("?. ")


def last_of_path(name: str) -> str:
    r"""Give the last part of a name that may be a path of any system: ``C:\..\台账.xlsx`` → ``台账.xlsx``."""
    name = unicodedata.normalize("NFC", name.strip().strip("\"'").strip())
    folded = unicodedata.normalize("NFKC", name)
    if any(mark in folded and mark not in name for mark in ("/", "\\", "..")):
        name = folded  # a wide ／ becomes a / on some way to the disk
    last = label_of(name).rsplit("/", 1)[-1].strip() if name else ""
    return "" if last == "?" else last


def _named(header: str, wanted: Iterable[str]) -> Iterator[str]:
    parameters = list(_parameters(header_text(header))) if header else []
    for name in wanted:
        own = [each for each in parameters if each.name == name]
        pieces = [each for each in own if each.section >= 0]
        whole = [each for each in own if each.section < 0]
        for encoded in (True, False):
            yield from (_value([each]) for each in whole if each.is_encoded is encoded)
            if encoded and pieces:
                first = {each.section: each for each in reversed(pieces)}
                yield _value([first[section] for section in sorted(first)])


def _parameters(header: str) -> Iterator[_Parameter]:
    """Split a header's parameters; values may be quoted, half quoted, or not quoted although they should be."""
    found = _PARAMETER.search(header)
    for _ in range(_MOST_SECTIONS):
        if not found:
            return
        section = _SECTION.fullmatch(found[1].lower())
        value, end = _raw_value(header, found.end())
        if section:
            number = int(section[2]) if section[2] else -1
            yield _Parameter(section[1], number, bool(section[3]), value)
        found = _PARAMETER.search(header, end)


def _raw_value(header: str, start: int) -> tuple[str, int]:
    """Give the value that starts there and where it ends."""
    if header[start : start + 1] == '"':
        end = start + 1
        while (end := header.find('"', end)) >= 0:
            if header[end - 1] != "\\" or re.match(r"\"\s*(;|$)", header[end:]):
                quoted = header[start + 1 : end]
                return quoted.replace('\\"', '"').replace("\\\\", "\\"), end + 1
            end += 1
        return header[start + 1 :], len(header)
    # Not quoted: up to the next semicolon that begins a parameter, for names have semicolons and blanks in them.
    following = _PARAMETER.search(header, start)
    end = following.start() if following else len(header)
    return header[start:end].rstrip().rstrip(";").rstrip(), end


def _value(sections: list[_Parameter]) -> str:
    """Join the sections of a parameter and decode them (RFC 2231)."""
    if not any(each.is_encoded for each in sections):
        return _plain(_decoded_words("".join(each.value for each in sections)))
    first = _EXTENDED.fullmatch(sections[0].value) if sections[0].is_encoded else None
    values = [each.value for each in sections]
    charset = ""
    if first:
        charset, values[0] = first[1], first[3]
    data = b""
    written = [(each.is_encoded or "%" in value, value) for each, value in zip(sections, values, strict=True)]
    for is_encoded, run in groupby(written, key=itemgetter(0)):  # a per cent sign may stand apart from its digits
        joined = "".join(value for _, value in run)
        data += unquote_to_bytes(joined) if is_encoded else joined.encode("utf-8", "surrogateescape")
    return _plain(_decoded_words(as_text(data, charset)))


def _decoded_words(text: str) -> str:
    """Decode encoded words; neighbours of one charset are joined as bytes first, for they may share a character."""
    pieces: list[str] = []
    charset, data, end = "", b"", 0
    for word in _WORD.finditer(text):
        between = text[end : word.start()]
        label = word[1].partition("*")[0].lower()
        if between.strip() or not data or label != charset:
            pieces.append(as_text(data, charset))
            pieces.append("" if data and _BETWEEN.fullmatch(between) else between)
            data = b""
        charset, data, end = label, data + _word_bytes(word[2], word[3]), word.end()
    return "".join([*pieces, as_text(data, charset), text[end:]])


def _word_bytes(encoding: str, written: str) -> bytes:
    written = re.sub(r"\s", "", written) if encoding in "Bb" else written.replace(" ", "_")
    if encoding in "Qq":
        return quopri.decodestring(written.encode("utf-8", "surrogateescape"), header=True)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", written.replace("-", "+").replace("_", "/").encode("ascii", "ignore"))
    kept = kept[:-1] if len(kept) % 4 == 1 else kept
    try:
        return base64.b64decode(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return written.encode("utf-8", "surrogateescape")


def as_text(data: bytes, label: str) -> str:
    """Decode bytes as who wrote them meant them, whatever they are labelled."""
    if data.isascii() and b"~{" not in data and b"+" not in data:
        return data.decode("ascii")
    label = label.strip().lower()
    labelled = "" if label in _NO_LABEL else _CHARSETS.get(label, label)
    readings: list[str] = []
    for codec in dict.fromkeys((labelled, "utf-8", "gb18030", "big5hkscs")):
        if not codec or (codec == "big5hkscs" and readings):
            continue
        try:
            readings.append(_once(data.decode(codec)))
        except (UnicodeError, LookupError, ValueError):
            continue
        if codec == labelled == "utf-8":
            break  # what is labelled so and is so, is so: hardly any other text is by chance
    if readings:
        return max(readings, key=_likelihood)
    known = labelled if labelled in ("utf-8", "gb18030") else "utf-8" if _is_cut(data) else "gb18030"
    return data.decode(known, "replace")


def _is_cut(data: bytes) -> bool:
    """Tell whether the bytes are UTF-8 but for an end that is missing."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as fault:
        return fault.reason == "unexpected end of data" or fault.start > len(data) // 2
    return True


def _likelihood(text: str) -> float:
    """Say how likely it is that somebody wrote this: the share of common characters among those beyond ASCII."""
    foreign = [each for each in text if ord(each) > 0x7F]  # noqa: PLR2004 - ASCII
    return sum(map(_commonness, foreign)) / len(foreign) if foreign else 1.0


def _commonness(character: str) -> float:
    if character in "（）《》〈〉“”‘’、，。：；！？—…·【】〔〕　—～①②③④⑤⑥⑦⑧⑨⑩" or "\uff10" <= character <= "\uff5a":
        return 1.0
    try:
        first = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0.5 if "\u4e00" <= character <= "\u9fff" else 0.2 if "\u00c0" <= character <= "\u024f" else 0.0
    return 1.0 if 0xB0 <= first <= 0xD7 else 0.7 if first >= 0xD8 else 0.4  # noqa: PLR2004 - levels 1 and 2 of GB 2312


def _plain(text: str) -> str:
    """Undo what was done to a text once too often: per cent signs, HTML entities, a decoding as Latin-1."""
    extended = _EXTENDED.fullmatch(text)
    if extended and extended[1] and "%" in extended[3]:
        text = as_text(unquote_to_bytes(extended[3]), extended[1])
    elif _PERCENT.search(text) and text.isascii():
        text = _better(text, as_text(unquote_to_bytes(text), ""))
    if _ENTITY.search(text):
        text = _ENTITY.sub(lambda each: html.unescape(each[0]), text)
    return _once(text).encode("utf-8", "replace").decode("utf-8")


def _once(text: str) -> str:
    """Undo a decoding as Latin-1 or Windows-1252: ``Ì¨ÕË`` is GBK, ``å�°è´¦`` UTF-8."""
    foreign = [each for each in text if ord(each) > 0x7F]  # noqa: PLR2004 - ASCII
    if not foreign or max(foreign) > "\u2122" or any("\u0250" <= each <= "\u2000" for each in foreign):
        return text
    for codec in ("latin-1", "cp1252"):
        try:
            data = text.encode(codec)
        except UnicodeEncodeError:
            continue
        again = _raw_text(data)
        foreign = [each for each in again if ord(each) > 0x7F]  # noqa: PLR2004 - ASCII
        if foreign and _likelihood(again) >= 0.8 and all(each >= "\u2000" for each in foreign):  # noqa: PLR2004 - see above
            return again
    return text


def _raw_text(data: bytes) -> str:
    """Decode bytes as UTF-8, else as GB18030; empty where they are neither."""
    for codec in ("utf-8", "gb18030"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return ""


def _better(one: str, other: str) -> str:
    foreign = any(ord(each) > 0x7F for each in other)  # noqa: PLR2004 - ASCII
    return other if foreign and "\ufffd" not in other and _likelihood(other) >= _likelihood(one) / 2 else one


def _badness(name: str) -> tuple[int, int]:
    """Rank a name, the best lowest: one that is made up or was lost is worse than one without an extension."""
    lost = name.count("?") + name.count("\ufffd")
    return (2 if is_made_up(name) or lost else 0) + (0 if _EXTENSION.search(name) else 1), lost
