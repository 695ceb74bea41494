"""Where everything of a YAML text stands, character by character, for changing it without touching the rest."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ledgergen.plan.documents import Steps
from ledgergen.plan.yaml_files import Written, written_events

_COLON: Final = re.compile(r"\s*:")
_QUIET: Final = frozenset({"StreamStartEvent", "StreamEndEvent", "DocumentStartEvent", "DocumentEndEvent"})


@dataclass(slots=True)
class ScalarSpan:
    """A scalar: ``text[start:end]`` is how it is written, ``style`` how it is quoted."""

    start: int
    end: int
    text: str = ""
    style: str = ""


@dataclass(slots=True)
class ListSpan:
    """A list; in brackets where ``flow``, else from its first dash to the end of its last item."""

    start: int
    end: int
    flow: bool
    items: "list[Span]" = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """A key with its value; ``colon`` is the place right behind the colon."""

    key: ScalarSpan
    colon: int
    value: "Span"


@dataclass(slots=True)
class MapSpan:
    """A mapping; in braces where ``flow``, else from its first key to the end of its last value."""

    start: int
    end: int
    flow: bool
    entries: dict[str, Entry] = field(default_factory=dict)


Span: TypeAlias = ScalarSpan | ListSpan | MapSpan


@functools.lru_cache(maxsize=4)  # plan and units, asked about again and again in one run; nobody changes a span
def spans_of(text: str) -> Span:
    """Find the spans of a text that :func:`~.yaml_files.read_yaml` has let pass."""
    events = (event for event in written_events(text) if event.kind not in _QUIET)
    return _node(next(events), events, text)


def span_at(root: Span, steps: Steps) -> Span:
    """Give the span at a path.

    Raises:
        KeyError, IndexError: there is no such path.
    """
    for step in steps:
        if isinstance(root, MapSpan):
            root = root.entries[str(step)].value
        elif isinstance(root, ListSpan) and isinstance(step, int):
            root = root.items[step]
        else:
            raise KeyError(step)
    return root


def _node(event: Written, events: Iterator[Written], text: str) -> Span:
    match event.kind:
        case "SequenceStartEvent":
            return _list(event, events, text)
        case "MappingStartEvent":
            return _map(event, events, text)
        case _:
            # A block scalar is said to end where the next thing begins, blank lines included.
            end = event.start + len(text[event.start : event.end].rstrip())
            return ScalarSpan(event.start, end, event.text, event.style)


def _list(start: Written, events: Iterator[Written], text: str) -> ListSpan:
    span = ListSpan(start.start, start.end, start.flow)
    for event in events:
        if event.kind == "SequenceEndEvent":
            span.end = event.end if span.flow else max([span.end, *(item.end for item in span.items)])
            return span
        span.items.append(_node(event, events, text))
    raise AssertionError("a list ends")


def _map(start: Written, events: Iterator[Written], text: str) -> MapSpan:
    span = MapSpan(start.start, start.end, start.flow)
    for event in events:
        if event.kind == "MappingEndEvent":
            if span.entries and not span.flow:
                span.end = max(entry.value.end for entry in span.entries.values())
            span.end = event.end if span.flow else span.end
            return span
        key = ScalarSpan(event.start, event.end, event.text, event.style)
        value = _node(next(events), events, text)
        found = _COLON.match(text, key.end)
        colon = found.end() if found else key.end  # in braces a key may stand alone
        if isinstance(value, ScalarSpan) and value.start == value.end:
            value = ScalarSpan(colon, colon)  # ruamel puts what is not there anywhere
        span.entries[key.text] = Entry(key, colon, value)
    raise AssertionError("a mapping ends")
