"""The public page (「重点任务落实情况」): one file that needs no network, no server and no script to be read.

Everything is in the file, so that it works from a folder on a disk. The security policy in it names the one script and
the one style by their hashes: whatever a unit may have typed, nothing else is ever run or loaded. Values are escaped
by the template's environment; links are taken only to http and https addresses.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from ledgergen.texts import render_report

INDEX: Final = "page/index.html.j2"
ARTICLE: Final = "page/article.html.j2"
STYLE: Final = "page/page.css"
SCRIPT: Final = "page/page.js"
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'，。；、（）《》]+", re.IGNORECASE)
_MOST_LINKS: Final = 5  # of one row
_LONGEST: Final = 2_000  # characters of an address that browsers take


def page_html(values: Mapping[str, object], templates: Mapping[str, str]) -> bytes:
    """Render the page; ``templates`` are the texts of the four files by their names above.

    Raises:
        WrongUse: ``template-faulty``.
    """
    style, script = templates[STYLE], templates[SCRIPT]
    parts = {"style": style, "script": script, "style_hash": _hash(style), "script_hash": _hash(script)}
    return render_report(templates[INDEX], {**values, **parts}, INDEX, html=True).encode("utf-8", "replace")


def article_html(values: Mapping[str, object], templates: Mapping[str, str]) -> bytes:
    """Render the article: a fragment of headings and paragraphs for site platforms that take only text.

    Raises:
        WrongUse: ``template-faulty``.
    """
    return render_report(templates[ARTICLE], values, ARTICLE, html=True).encode("utf-8", "replace")


def links_in(texts: Iterable[str]) -> list[dict[str, str]]:
    """Find the addresses in texts that may become links: http and https, with a host, without a name or password."""
    found: dict[str, str] = {}
    for text in texts:
        for address in _ADDRESS.findall(text):
            site = _site(address)
            if site and len(address) <= _LONGEST:
                found.setdefault(address, site)
    return [{"address": address, "site": site} for address, site in list(found.items())[:_MOST_LINKS]]


def _site(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    plain = parts.scheme in ("http", "https") and "@" not in parts.netloc
    return (parts.hostname or "") if plain else ""


def _hash(text: str) -> str:
    """Give the source expression of Content Security Policy for an inline text; browsers see its line ends as LF."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
