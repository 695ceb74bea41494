"""The one door to Jinja: patterns and templates that an office may change, rendered in a strict sandbox.

Templates get strings, numbers, dates, lists and dicts only: a sandbox that is handed an object with methods (a
``Path``) was seen to read and delete files (safety.md).
"""

import functools
import re
from collections.abc import Mapping
from typing import Final

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ledgergen.errors import WrongUse
from ledgergen.findings import Where

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def render(pattern: str, values: Mapping[str, object], where: str = "") -> str:
    """Fill a one-line pattern, for a title or a file name.

    Raises:
        WrongUse: ``pattern-faulty``, the pattern is not valid or names something that does not exist.
    """
    try:
        return _template(pattern).render(values)
    except Exception as fault:
        raise WrongUse("pattern-faulty", Where(where), pattern=pattern, reason=str(fault)) from fault


def render_report(template: str, values: Mapping[str, object], where: str, *, html: bool = False) -> str:
    """Fill the template of a report; with ``html`` every value is escaped, whatever the file is called.

    Raises:
        WrongUse: ``template-faulty``, the template is not valid or names something that does not exist.
    """
    try:
        return _report(template, html=html).render(values)
    except Exception as fault:
        raise WrongUse("template-faulty", Where(where), reason=str(fault)) from fault


def without_controls(value: object) -> tuple[object, int]:
    """Free the texts in a value (dicts and lists of them too) of what no document may hold; give how many there were.

    Line ends and tabs stay. XML 1.0 knows neither the other control characters nor lone surrogates.
    """
    if isinstance(value, str):
        return _CONTROLS.subn("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Mapping):
        freed = {key: without_controls(item) for key, item in value.items()}
        return {key: item for key, (item, _) in freed.items()}, sum(count for _, count in freed.values())
    if isinstance(value, list | tuple):
        items = [without_controls(item) for item in value]
        return [item for item, _ in items], sum(count for _, count in items)
    return value, 0


@functools.lru_cache(maxsize=256)  # a layout's few patterns are filled anew for every unit; compiling takes far longer
def _template(pattern: str) -> Template:
    return _environment().from_string(pattern)


@functools.lru_cache(maxsize=16)  # one template is filled for each of a thousand units
def _report(template: str, *, html: bool) -> Template:
    return _environment(html=html).from_string(template)


def placed_in(name: str, region: str) -> str:
    """Put a unit's name after its region without saying the level twice: 淄川区 + 区财政局 → 淄川区财政局."""
    if region and name.startswith(region):
        return name
    if region and name and name[0] == region[-1]:
        return region + name[1:]
    return region + name


@functools.cache
def _environment(*, html: bool = False) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=html)
    environment.filters["placed_in"] = placed_in
    return environment
