"""The one door to Jinja: patterns and templates that an office may change, rendered in a strict sandbox.

Templates get strings, numbers, dates, lists and dicts only: a sandbox that is handed an object with methods (a
``Path``) was seen to read and delete files (safety.md).
"""

import functools
from collections.abc import Mapping

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ledgergen.errors import WrongUse
from ledgergen.findings import Where


def render(pattern: str, values: Mapping[str, object], where: str = "") -> str:
    """Fill a one-line pattern, for a title or a file name.

    Raises:
        WrongUse: ``pattern-faulty``, the pattern is not valid or names something that does not exist.
    """
    try:
        return _template(pattern).render(values)
    except Exception as fault:
        raise WrongUse("pattern-faulty", Where(where), pattern=pattern, reason=str(fault)) from fault


@functools.lru_cache(maxsize=256)  # a layout's few patterns are filled anew for every unit; compiling takes far longer
def _template(pattern: str) -> Template:
    return _environment().from_string(pattern)


def placed_in(name: str, region: str) -> str:
    """Put a unit's name after its region without saying the level twice: 淄川区 + 区财政局 → 淄川区财政局."""
    if region and name.startswith(region):
        return name
    if region and name and name[0] == region[-1]:
        return region + name[1:]
    return region + name


@functools.cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters["placed_in"] = placed_in
    return environment
