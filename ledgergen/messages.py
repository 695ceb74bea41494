"""Languages: English in the source, Chinese in the catalogue, chosen before anything is put into words.

click builds its help at import, so :func:`activate` must run before the command modules are imported.
"""

import gettext as _gettext
import os
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

DOMAIN: Final = "ledgergen"
LANGUAGES: Final = ("zh", "en")
_LOCALES: Final = {"zh": "zh_CN", "en": "en"}
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_active: _gettext.NullTranslations = _gettext.NullTranslations()
_spoken = "en"


def choose(argv: Sequence[str], environ: Mapping[str, str]) -> str:
    """Choose ``zh`` or ``en``: ``--lang``, then ``LEDGERGEN_LANG``, then the locale; Chinese where all are silent."""
    asked = [value for option, value in pairwise(argv) if option == "--lang"]
    asked += [argument.removeprefix("--lang=") for argument in argv if argument.startswith("--lang=")]
    asked.append(environ.get("LEDGERGEN_LANG", ""))
    for wish in asked:
        if wish in LANGUAGES:
            return wish
    locale = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return "en" if locale.startswith("en") else "zh"


def activate(language: str) -> None:
    """Speak ``language`` (``zh`` or ``en``) from now on, click's own words included."""
    global _active, _spoken
    _active, _spoken = _translations(language), language
    os.environ["LANGUAGE"] = _LOCALES[language]  # click asks the default domain of the standard library
    _gettext.bindtextdomain(DOMAIN, str(_folder()))
    _gettext.textdomain(DOMAIN)


def spoken() -> str:
    """Tell which language is spoken: ``zh`` or ``en``."""
    return _spoken


def gettext(text: str) -> str:
    """Translate one message into the active language; ``""`` stays ``""``."""
    return _active.gettext(text) if text else ""


def translator(language: str) -> Callable[[str], str]:
    """Give a :func:`gettext` of one language, whichever is active: what goes to units and leaders is in Chinese."""
    spoken = _translations(language)
    return lambda text: spoken.gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Translate a message that counts something into the active language."""
    return _active.ngettext(one, many, count)


def printable(text: str) -> str:
    """Replace what could move a terminal's cursor or turn the reading direction by ``�`` (foreign text is hostile)."""
    return _UNPRINTABLE.sub("\ufffd", text)


def _translations(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, _folder(), [_LOCALES[language]], fallback=True)


def _folder() -> Path:
    return Path(__file__).resolve().parent / "locale"
