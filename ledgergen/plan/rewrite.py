"""Change values in a YAML text and leave every other character of it as it is: comments, order, quotes, line ends.

ruamel's own round trip keeps comments, but breaks long lists anew and rewrites what nobody touched; so each change is
put into the text at the place where its value stands (:mod:`.spans`). That the result says what it should and nothing
else is checked by reading it again; where it does not, nothing is given (:class:`Unwritable`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final, NamedTuple, TypeAlias

from ledgergen.plan.documents import Document, Steps, Written
from ledgergen.plan.doubts import OPEN, SETTLED, doubts_of
from ledgergen.plan.spans import Entry, ListSpan, MapSpan, ScalarSpan, Span, span_at, spans_of
from ledgergen.plan.spelling import Value, spelled, spelled_text
from ledgergen.plan.yaml_files import read_yaml

__all__ = ["Add", "Change", "Drop", "Put", "Settle", "Unwritable", "Value", "rewritten"]

_BOM: Final = "\ufeff"


class Unwritable(Exception):  # noqa: N818 - a refusal; the caller makes a finding of it
    """The text is written in a way in which these changes cannot be put into it."""


@dataclass(frozen=True, slots=True)
class Put:
    """Put a value at a path that ends in a key; None takes the key away. ``order`` is the order of the keys there."""

    steps: Steps
    value: Value
    order: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Add:
    """Add a mapping to the list under a top-level key, behind the item ``after``; -1 is before the first."""

    key: str
    after: int
    value: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Drop:
    """Take an item out of the list under a top-level key, with what stands on its own lines."""

    key: str
    index: int


@dataclass(frozen=True, slots=True)
class Settle:
    """Mark the doubts about an item of the list under a top-level key as settled (:mod:`.doubts`)."""

    key: str
    index: int


Change: TypeAlias = Put | Add | Drop | Settle


class _Patch(NamedTuple):
    """One stretch of the old text and what stands there instead."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Page:
    r"""The text that is changed, with its spans and the patches so far; line ends are ``\n`` until the end."""

    text: str
    root: Span
    patches: list[_Patch] = field(default_factory=list)

    def patch(self, start: int, end: int, text: str) -> None:
        self.patches.append(_Patch(start, end, text))

    def line_start(self, place: int) -> int:
        return self.text.rfind("\n", 0, place) + 1

    def line_end(self, place: int) -> int:
        """Give where the line ends, before its line end."""
        end = self.text.find("\n", place)
        return len(self.text) if end < 0 else end

    def next_line(self, place: int) -> int:
        return min(self.line_end(place) + 1, len(self.text))

    def indent(self, place: int) -> int:
        return place - self.line_start(place)

    def patched(self) -> str:
        """Put the patches into the text; those of one place stay in their order."""
        parts, at = [], 0
        for start, end, text in sorted(self.patches, key=lambda each: each[:2]):
            if start < at:
                raise Unwritable("two changes meet")
            parts += [self.text[at:start], text]
            at = end
        return "".join([*parts, self.text[at:]])


def rewritten(data: bytes, changes: Iterable[Change], file: str = "") -> bytes:
    """Give the bytes of a YAML file with the changes in it; without any, the very same bytes.

    ``data`` is one that :func:`~.yaml_files.read_yaml` lets pass. The order of the changes does not matter, but that
    items added behind the same one stand in the order in which they come.

    Raises:
        Unwritable: it cannot be done without touching something else.
    """
    changes = sorted(changes, key=_place)
    if not changes:
        return data
    before, _ = read_yaml(data, file)
    if before is None:
        raise Unwritable("the file has faults")
    decoded = data.decode("utf-8")
    bom, crlf = decoded.startswith(_BOM), 0 < decoded.count("\r\n") == decoded.count("\n")
    text = decoded.removeprefix(_BOM).replace("\r\n", "\n") if crlf else decoded.removeprefix(_BOM)
    try:
        changed = _changed(text, changes)
    except (KeyError, IndexError) as fault:
        raise Unwritable(str(fault)) from fault
    result = (_BOM * bom + (changed.replace("\n", "\r\n") if crlf else changed)).encode("utf-8", "surrogatepass")
    after, _ = read_yaml(result, file)
    if after is None or _plain(after.written()) != _plain(_expected(before, changes)):
        raise Unwritable("the result would say something else")
    return result


def text_of(data: bytes) -> str:
    """Give the text of a file that :func:`~.yaml_files.read_yaml` lets pass, as its places are counted."""
    return data.decode("utf-8-sig")


def _place(change: Change) -> tuple[str, int, int]:
    """Order changes by the keys' own order, so that keys added behind one another come out in it."""
    match change:
        case Put(steps, _, order):
            index = next((step for step in steps if isinstance(step, int)), 0)
            key = str(steps[-1])
            return str(steps[0]), index, order.index(key) if key in order else len(order)
        case Add(key, after, _):
            return key, after, 0
        case Drop(key, index) | Settle(key, index):
            return key, index, 0


def _changed(text: str, changes: Sequence[Change]) -> str:
    page = _Page(text, spans_of(text))
    gone = {change.steps for change in changes if isinstance(change, Put) and change.value is None}
    for change in changes:
        if isinstance(change, Put):
            _put(page, change, gone)
        elif isinstance(change, Settle):
            _settle(page, change)
    for key in dict.fromkeys(change.key for change in changes if isinstance(change, Add | Drop)):
        added = [change for change in changes if isinstance(change, Add) and change.key == key]
        dropped = {change.index for change in changes if isinstance(change, Drop) and change.key == key}
        _change_items(page, key, added, dropped)
    return page.patched()


def _put(page: _Page, change: Put, gone: set[Steps]) -> None:
    parent = span_at(page.root, change.steps[:-1])
    key = str(change.steps[-1])
    if not isinstance(parent, MapSpan):
        raise Unwritable("no mapping")
    entry = parent.entries.get(key)
    if entry is None:
        if change.value is not None:
            _insert_key(page, parent, change, gone)
    elif change.value is None:
        _remove_key(page, parent, key)
    else:
        _replace(page, parent, entry, change.value)


def _settle(page: _Page, change: Settle) -> None:
    for doubt in doubts_of(page.text, page.root, change.key).get(change.index, ()):
        at = page.text.index(OPEN, doubt.start)
        page.patch(at, at + len(OPEN), SETTLED)


def _replace(page: _Page, parent: MapSpan, entry: Entry, value: Value) -> None:
    """Replace a value; of a list only the items that differ."""
    old, indent = entry.value, _indent_of(page, parent)
    alone = not page.text[old.end : page.line_end(old.end)].strip()
    if isinstance(old, ScalarSpan) and old.start == old.end == entry.colon:
        page.patch(old.start, old.end, " " + spelled(value, indent=indent, flow=parent.flow or not alone))
    elif isinstance(old, ListSpan) and old.items and value and isinstance(value, list | tuple):
        _replace_items(page, old, list(value))
    elif isinstance(old, ListSpan) and not old.flow:
        page.patch(entry.colon, old.end, " " + spelled(value, indent=indent, flow=parent.flow))
    elif isinstance(old, ScalarSpan) and isinstance(value, str):
        text = spelled_text(value, indent=indent, flow=parent.flow, like=old.style, block=alone)
        page.patch(old.start, old.end, text)
    elif isinstance(old, MapSpan) and not old.flow:
        page.patch(entry.colon, old.end, " " + spelled(value, indent=indent, flow=parent.flow))
    else:
        page.patch(old.start, old.end, spelled(value, indent=indent, flow=parent.flow, column=page.indent(old.start)))


def _replace_items(page: _Page, old: ListSpan, wanted: list[str]) -> None:
    """Change a list item by item, so that what stays keeps its place, its quotes and its comments."""
    known = [item.text if isinstance(item, ScalarSpan) else "" for item in old.items]
    for verb, first, last, start, end in SequenceMatcher(None, known, wanted, autojunk=False).get_opcodes():
        if verb == "equal":
            continue
        both = min(last - first, end - start)
        for place in range(both):
            item = old.items[first + place]
            like = item.style if isinstance(item, ScalarSpan) else None
            page.patch(item.start, item.end, spelled_text(wanted[start + place], flow=True, like=like))
        if first + both < last:
            _remove_items(page, old, first + both, last)
        elif start + both < end:
            _insert_items(page, old, first + both, wanted[start + both : end])


def _insert_items(page: _Page, old: ListSpan, index: int, texts: Sequence[str]) -> None:
    """Insert texts before the item at ``index``; behind the last where there is none."""
    words = [spelled_text(text, flow=True) for text in texts]
    if old.flow and index:
        page.patch(old.items[index - 1].end, old.items[index - 1].end, "".join(f", {word}" for word in words))
    elif old.flow:
        page.patch(old.items[0].start, old.items[0].start, "".join(f"{word}, " for word in words))
    elif index:
        end = page.line_end(old.items[index - 1].end)
        indent = " " * page.indent(_dash(page, old.items[index - 1]))
        page.patch(end, end, "".join(f"\n{indent}- {word}" for word in words))
    else:
        dash = _dash(page, old.items[0])
        indent = " " * page.indent(dash)
        page.patch(dash, dash, "".join(f"- {word}\n{indent}" for word in words))


def _remove_items(page: _Page, old: ListSpan, first: int, last: int) -> None:
    """Take items out of a list that keeps others."""
    if not old.flow:
        for place, item in enumerate(old.items[first:last], start=first):
            start = page.line_start(_dash(page, item))
            # The line end before it, not the one behind: there a key may be put in.
            span = (start - 1, page.line_end(item.end)) if place else (start, page.next_line(item.end))
            page.patch(*span, "")
    elif last < len(old.items):
        page.patch(old.items[first].start, old.items[last].start, "")
    else:
        page.patch(old.items[first - 1].end, old.items[last - 1].end, "")


def _dash(page: _Page, item: Span) -> int:
    """Give the place of the dash before an item of a list in block style."""
    before = page.text[: item.start].rstrip(" ")
    if not before.endswith("-"):
        raise Unwritable("no dash on the item's line")
    return len(before) - 1


def _insert_key(page: _Page, parent: MapSpan, change: Put, gone: set[Steps]) -> None:
    """Insert a key behind the last of those that go before it."""
    key = str(change.steps[-1])
    there = [name for name in parent.entries if (*change.steps[:-1], name) not in gone]
    if not there:
        raise Unwritable("an empty mapping")
    rank = {name: place for place, name in enumerate(change.order)}
    before = [name for name in there if rank.get(name, -1) < rank.get(key, len(rank))] or there[-1:]
    anchor = parent.entries[before[-1]].value.end
    indent = _indent_of(page, parent)
    value = spelled(change.value, indent=indent, flow=parent.flow, column=indent + len(key) + 2)
    if parent.flow:
        page.patch(anchor, anchor, f", {key}: {value}")
    else:
        end = page.line_end(anchor)
        page.patch(end, end, f"\n{' ' * indent}{key}: {value}")


def _remove_key(page: _Page, parent: MapSpan, key: str) -> None:
    """Take a key away with its line; where a comment stands there, or it is the first, its value becomes ``null``."""
    names = list(parent.entries)
    place, entry = names.index(key), parent.entries[key]
    start, end = page.line_start(entry.key.start), page.line_end(entry.value.end)
    alone = not page.text[start : entry.key.start].strip() and not page.text[entry.value.end : end].strip()
    commented = "#" in page.text[entry.key.start : entry.value.end]
    if parent.flow and place and not commented:
        page.patch(parent.entries[names[place - 1]].value.end, entry.value.end, "")
    elif not parent.flow and place and alone and not commented:
        page.patch(start, page.next_line(entry.value.end), "")
    elif entry.value.end > entry.colon:
        page.patch(entry.colon, entry.value.end, " null")


def _indent_of(page: _Page, parent: MapSpan) -> int:
    return page.indent(next(iter(parent.entries.values())).key.start) if parent.entries else 0


def _change_items(page: _Page, key: str, added: Sequence[Add], dropped: set[int]) -> None:
    """Add mappings to a list, and take others out of it."""
    if not isinstance(page.root, MapSpan):
        raise Unwritable("no mapping")
    entry = page.root.entries.get(key)
    items = entry.value.items if entry and isinstance(entry.value, ListSpan) else []
    if entry and isinstance(entry.value, ListSpan) and entry.value.flow and items:
        raise Unwritable("a list of mappings in brackets")
    for index in dropped:
        item = items[index]
        page.patch(page.line_start(_dash(page, item)), page.next_line(item.end), "")
    if items and len(dropped) == len(items) and not added and entry:
        page.patch(entry.colon, entry.colon, " []")
    if added and not items:
        _add_first(page, key, "\n".join("- " + _item_text(each.value, 2, flow=False) for each in added))
        return
    for each in added:
        _add_item(page, items, each)


def _add_item(page: _Page, items: Sequence[Span], added: Add) -> None:
    """Add one mapping, written as its neighbours are."""
    like = items[min(max(added.after, 0), len(items) - 1)]
    indent = page.indent(_dash(page, like))
    flow = isinstance(like, MapSpan) and like.flow
    text = " " * indent + "- " + _item_text(added.value, indent + 2, flow=flow)
    if added.after < 0:
        start = page.line_start(_dash(page, like))
        page.patch(start, start, text + "\n")
    else:
        start = page.next_line(like.end)
        ended = page.text[:start].endswith("\n")
        page.patch(start, start, text + "\n" if ended else "\n" + text)


def _add_first(page: _Page, key: str, text: str) -> None:
    """Begin a list that is empty, or not there at all."""
    entry = page.root.entries.get(key) if isinstance(page.root, MapSpan) else None
    if entry is None:
        ended = page.text.endswith("\n") or not page.text
        page.patch(len(page.text), len(page.text), f"{'' if ended else chr(10)}{key}:\n{text}\n")
    elif entry.value.end > entry.colon:
        page.patch(entry.colon, entry.value.end, "\n" + text)
    else:
        end = page.line_end(entry.colon)
        page.patch(end, end, "\n" + text)


def _item_text(value: Mapping[str, Value], indent: int, *, flow: bool) -> str:
    if flow:
        pairs = (f"{key}: {spelled(item, flow=True)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    lines = (f"{key}: {spelled(item, indent=indent, column=indent + len(key) + 2)}" for key, item in value.items())
    return f"\n{' ' * indent}".join(lines)


def _expected(before: Document, changes: Sequence[Change]) -> Written:
    """Make the same changes in what the file says, to compare the result with."""
    root = before.written()
    if not isinstance(root, dict):
        raise Unwritable("no mapping")
    for change in changes:
        if isinstance(change, Put):
            parent: object = root
            for step in change.steps[:-1]:
                parent = parent[step]  # type: ignore[index] # the path was there when the text was changed
            parent[change.steps[-1]] = change.value  # type: ignore[index] # as above
    for key in dict.fromkeys(change.key for change in changes if isinstance(change, Add | Drop)):
        root[key] = list(_items_after(root.get(key), [each for each in changes if getattr(each, "key", "") == key]))
    return root


def _items_after(items: Written, changes: Sequence[Change]) -> Iterator[Written]:
    """Give the items of a list as they are after some were added and others taken out."""
    added: dict[int, list[Mapping[str, Value]]] = {}
    for change in changes:
        if isinstance(change, Add):
            added.setdefault(change.after, []).append(change.value)
    dropped = {change.index for change in changes if isinstance(change, Drop)}
    yield from added.get(-1, [])  # type: ignore[misc] # what is put in is compared as it is read back
    for index, item in enumerate(items if isinstance(items, list) else []):
        if index not in dropped:
            yield item
        yield from added.get(index, [])  # type: ignore[misc] # as above


def _plain(value: object) -> object:
    """Reduce to what is compared: a key without a value counts as left out, and whatever is no text is one."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items() if item is not None and item != {}}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str) or value is None else str(value).lower()
