"""Attachments that are only links (超大附件): named, never fetched."""

import html
import re
from collections.abc import Iterator
from typing import Final

_LONGEST: Final = 400_000  # characters of a body that are looked at
_MOST: Final = 50
# Where the providers keep what is too large for a mail. Reported by others, not tried.
_PLACES: Final = re.compile(
    r"https?://[^\s\"'<>]{0,200}(?:ftnExs_|/ftn/|/ftn_|large-?attachment|bigattach|largefile|bigfile|"
    r"u\.163\.com/|fs\.163\.com/|mail\.10086\.cn/\S*disk|netdisk|attachment/bigfile|alimail\S*/cloud|"
    r"cowtransfer\.com/|pan\.baidu\.com/s/|1drv\.ms/|sharepoint\.com/:)[^\s\"'<>]{0,400}",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(r"超大附件|云附件|文件中转站|网盘附件|大附件下载")
_ANCHOR: Final = re.compile(
    r"<a\b[^>]{0,2000}?href\s*=\s*[\"']?([^\"'\s>]{1,2000})[^>]{0,2000}>(.{0,2000}?)</a>", re.IGNORECASE | re.DOTALL
)
_TAG: Final = re.compile(r"<[^>]{0,2000}>")
_FILE: Final = re.compile(
    r"[^\s<>\"'/\\|:*?，。；]{1,120}\.(?:xlsx?|xlsm|et|ods|csv|docx?|wps|pdf|zip|rar|7z|ofd|jpe?g|png)\b", re.IGNORECASE
)


def link_names(body: str) -> tuple[str, ...]:
    """Name the attachments of a body that are links only: by file name where it is said, else by the place they lie."""
    body = body[:_LONGEST]
    addresses = list(dict.fromkeys(html.unescape(each[0]) for each in _PLACES.finditer(body)))[:_MOST]
    said = _WORDS.search(body)
    if not addresses and not said:
        return ()
    names = list(dict.fromkeys(_names(body, bool(addresses))))
    if not names and said:
        after = _TAG.sub(" ", body[said.start() : said.start() + 4_000])
        names = list(dict.fromkeys(found[0] for found in _FILE.finditer(html.unescape(after))))
        if not addresses and not names:
            return ()  # somebody speaks of them; nothing is sent so
    return tuple(names[:_MOST]) or tuple(address.split("?")[0][:120] for address in addresses)


def _names(body: str, has_addresses: bool) -> Iterator[str]:  # noqa: FBT001 - private
    for anchor in _ANCHOR.finditer(body) if has_addresses else ():
        if _PLACES.match(html.unescape(anchor[1])):
            yield from (found[0] for found in _FILE.finditer(html.unescape(_TAG.sub(" ", anchor[2]))))
