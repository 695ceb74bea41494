"""The one door to ruamel.yaml: bytes of a hostile file in, a document with places or findings out.

Whatever could make a small file large or mean something else than it shows is refused on the stream of events, before
anything is built: aliases, anchors, merge keys, tags, depth, size (safety.md; 414 bytes of aliases were seen to fill
3 GB). The nodes are then built here rather than by ruamel's round-trip loader, because that one turns ``0533`` and
``2022-12-31`` into numbers and dates, and takes twice the time. It stays usable on the same bytes to rewrite a file
with its comments.
"""

import re
from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from ledgergen.findings import Finding, Where, finding
from ledgergen.plan.documents import Document, Mapping, Node, Scalar, Sequence, shortened

if TYPE_CHECKING:  # ruamel is loaded when a file is
    from ruamel.yaml.error import MarkedYAMLError

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_DEPTH: Final = 20
# A plan of 10,000 tasks has 300,000 nodes; 5 MB of ``[,,,]`` would have millions, and each costs memory.
MAX_NODES: Final = 500_000
# What a cell of a workbook holds; also, nothing longer reaches the code behind.
MAX_TEXT: Final = 32_767
# The first faults of a bomb say it all.
MAX_FINDINGS: Final = 200

_CORE: Final = "tag:yaml.org,2002:"
_TAGS: Final = {
    "ScalarEvent": frozenset(_CORE + name for name in ("str", "int", "float", "bool", "null")),
    "SequenceStartEvent": frozenset({_CORE + "seq"}),
    "MappingStartEvent": frozenset({_CORE + "map"}),
}
# What XML, and so a workbook, cannot hold; ruamel lets escapes such as "\x00" and "\ud800" pass.
_UNFIT: Final = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A tag is refused anyway, but ruamel's parser reads it in quadratic time: 350 s were seen for one of 5 MB.
_LONG_TAG: Final = re.compile(r"![-!#$%&'()*+,./0-9:;<=>?@A-Z\[\]_a-z~]{200}")
# Blank to the eye, letters to YAML: the spaces of a Chinese keyboard and of web pages.
_WIDE_SPACES: Final = ("\u3000", "\xa0")
_WIDE_COLON: Final = re.compile(r"^[ ]*(?:- +)*(?:\{ *)?[A-Za-z_]+ *(：)", re.MULTILINE)
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")


class Written(NamedTuple):
    """One event of the parser with the stretch of the text that it stands for, for whoever changes that text.

    ``flow`` tells of a collection in brackets; ``style`` is how a scalar is quoted: ``"``, ``'``, ``|``, ``>``, or
    empty for a plain one.
    """

    kind: str
    start: int
    end: int
    text: str
    flow: bool
    style: str


class _Event(NamedTuple):
    """One event of the parser, with its place from 1."""

    kind: str
    line: int
    column: int
    anchor: str
    tag: str
    plain: bool
    text: str


def read_yaml(data: bytes, file: str) -> tuple[Document | None, list[Finding]]:
    """Read one YAML file; ``file`` is the name that the findings say.

    There is either a document or at least one finding, never both. No file whatever raises an exception.
    """
    text, found = _decode(data, file)
    if found:
        return None, [found]
    builder = _Builder(file)
    fault = _feed(builder, text, file)
    if fault:
        builder.findings.append(fault)
    elif builder.root is None and not builder.findings:
        builder.findings.append(finding("yaml-empty", Where(file, 1, 1)))
    if builder.findings or builder.root is None:
        return None, builder.findings
    return Document(file, builder.root), []


def written_events(text: str) -> Generator[Written]:
    """Give the events of a text that :func:`read_yaml` has let pass, with their places in it."""
    from ruamel.yaml import YAML

    for event in YAML(typ="safe", pure=True).parse(text):
        yield Written(
            type(event).__name__,
            event.start_mark.index,
            event.end_mark.index,
            str(getattr(event, "value", "")),
            bool(getattr(event, "flow_style", False)),
            str(getattr(event, "style", None) or ""),
        )


def unfit(text: str) -> str:
    """Name the first character of a text that no campaign file may hold, as ``U+0000``; empty where there is none."""
    found = _UNFIT.search(text)
    return _named(found[0]) if found else ""


def _decode(data: bytes, file: str) -> tuple[str, Finding | None]:
    if len(data) > MAX_BYTES:
        return "", finding("yaml-too-big", Where(file, 1, 1), megabytes=MAX_BYTES // 1024 // 1024)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        good = fault.object[: fault.start].decode()  # the codec has taken the byte order mark away already
        return "", finding(_encoding_fault(data), _place(file, good, len(good)))
    unfit = _UNFIT.search(text)
    if unfit:
        return "", finding("yaml-character", _place(file, text, unfit.start()), character=_named(unfit[0]))
    long_tag = _LONG_TAG.search(text)
    if long_tag:
        return "", finding("yaml-tag", _place(file, text, long_tag.start()), tag=shortened(long_tag[0]))
    return text, None


def _encoding_fault(data: bytes) -> str:
    """Tell Chinese text in GB18030 (the ANSI of a Chinese Windows) from what is not known at all."""
    try:
        chinese = _CHINESE.search(data.decode("gb18030"))
    except UnicodeDecodeError:
        chinese = None
    return "yaml-gb18030" if chinese else "yaml-not-utf8"


def _feed(builder: "_Builder", text: str, file: str) -> Finding | None:
    """Hand the events to the builder until the end, a refusal, or a fault of syntax, which is given back."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    last = Where(file, 1, 1)
    events = _events(text)
    try:
        for event in events:
            last = Where(file, event.line, event.column)
            if not builder.take(event):
                break
    except MarkedYAMLError as fault:
        return _syntax_fault(fault, text, file)
    except (YAMLError, ValueError, OverflowError) as fault:  # an escape beyond Unicode is a ValueError
        return finding("yaml-syntax", last, problem=shortened(str(fault)))
    finally:
        events.close()
    return None


def _events(text: str) -> Generator[_Event]:
    from ruamel.yaml import YAML

    # The parser of the safe loader, in Python whether or not the C one is installed, so that messages and places
    # are the same on every machine. It is a generator: nothing is built of what follows a refusal.
    for event in YAML(typ="safe", pure=True).parse(text):
        tag = getattr(event, "ctag", None)
        yield _Event(
            type(event).__name__,
            event.start_mark.line + 1,
            event.start_mark.column + 1,
            str(getattr(event, "anchor", None) or ""),
            str(tag) if tag else "",
            tag is None and type(event).__name__ == "ScalarEvent" and bool(event.implicit[0]),
            getattr(event, "value", ""),
        )


class _Builder:
    """Builds the nodes from the events and refuses what must not be there; all refusals at once, as far as is safe."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.findings: list[Finding] = []
        self._open: list[Sequence | Mapping] = []
        self._keys: list[Scalar | None] = []  # beside each open collection: the key that waits for its value
        self._nodes = 0
        self._documents = 0

    def take(self, event: _Event) -> bool:
        """Take one event; tell whether it is worth and safe to go on."""
        match event.kind:
            case "AliasEvent":
                self._refuse("yaml-alias", event, name=shortened(event.anchor))
                self._add(Scalar(event.line, event.column))
            case "ScalarEvent" | "SequenceStartEvent" | "MappingStartEvent":
                self._node(event)
            case "SequenceEndEvent" | "MappingEndEvent":
                self._open.pop()
                self._keys.pop()
            case "DocumentStartEvent":
                self._documents += 1
        return self._safe(event)

    def _safe(self, event: _Event) -> bool:
        if self._documents > 1:
            self._refuse("yaml-several-documents", event)
        elif len(self._open) > MAX_DEPTH:
            self._refuse("yaml-too-deep", event, depth=MAX_DEPTH)
        elif self._nodes > MAX_NODES:
            self._refuse("yaml-too-many", event, count=MAX_NODES)
        else:
            return len(self.findings) < MAX_FINDINGS
        return False

    def _node(self, event: _Event) -> None:
        self._nodes += 1
        if event.anchor:
            self._refuse("yaml-anchor", event, name=shortened(event.anchor))
        if event.tag and event.tag not in _TAGS[event.kind]:
            self._refuse("yaml-tag", event, tag=shortened(event.tag.removeprefix(_CORE)))
        if event.kind == "ScalarEvent":
            unfit = _UNFIT.search(event.text)
            if len(event.text) > MAX_TEXT:
                self._refuse("yaml-text-too-long", event, count=len(event.text), limit=MAX_TEXT)
            elif unfit:
                self._refuse("yaml-character", event, character=_named(unfit[0]))
            self._add(Scalar(event.line, event.column, event.text, event.plain))
            return
        collection = Sequence if event.kind == "SequenceStartEvent" else Mapping
        node = collection(event.line, event.column)
        self._add(node)
        self._open.append(node)
        self._keys.append(None)

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
            return
        key = self._keys[-1]
        if key is None:
            self._keys[-1] = self._key(parent, node)
        else:
            if isinstance(node, Scalar) and node.plain and not node.text:
                node = replace(node, line=key.line, column=key.column)  # ruamel puts what is not there anywhere
            parent.values.setdefault(key.text, node)
            self._keys[-1] = None

    def _key(self, parent: Mapping, node: Node) -> Scalar:
        if not isinstance(node, Scalar):
            self._refuse("key-not-text", node)
            return Scalar(node.line, node.column)
        if node.plain and node.text == "<<":
            self._refuse("yaml-merge-key", node)
            return node
        if node.plain and node.text.startswith(_WIDE_SPACES):
            self._refuse("yaml-wide-space", node)
            return node
        first = parent.keys.setdefault(node.text, node)
        if first is not node:
            self._refuse("key-twice", node, key=shortened(node.text), line=first.line)
        return node

    def _refuse(self, code: str, place: _Event | Node, **facts: str | int) -> None:
        self.findings.append(finding(code, Where(self.file, place.line, place.column), **facts))


def _syntax_fault(fault: "MarkedYAMLError", text: str, file: str) -> Finding:
    """Say a fault of syntax at the place where a person must look, and its commonest causes by codes of their own."""
    mark, context, problem = fault.problem_mark, fault.context_mark, str(fault.problem or "")
    # An open bracket or quote is noticed only far below; the place to look at is where it was opened.
    if context and (mark is None or str(fault.context).startswith(("while scanning a quoted", "while parsing a flow"))):
        mark = context
    mark = mark or context
    if mark is None:
        return finding("yaml-syntax", Where(file, 1, 1), problem=shortened(problem))
    wide = _wide_colon(text, min(mark.line, context.line if context else mark.line), mark.line)
    if wide is not None:
        return finding("yaml-wide-colon", _place(file, text, wide))
    place = Where(file, mark.line + 1, mark.column + 1)
    if "'\\t'" in problem:
        return finding("yaml-tab", place)
    return finding("yaml-syntax", place, problem=shortened(problem))


def _wide_colon(text: str, first: int, last: int) -> int | None:
    """Find a key that ends in ``：`` in the lines from before ``first`` to ``last`` (from 0), where the parser gave up.

    A key with a full-width colon is read as a part of the text before it, so the fault shows one line later.
    """
    lines = text.splitlines(keepends=True)
    start = sum(len(line) for line in lines[: max(first - 1, 0)])
    end = sum(len(line) for line in lines[: last + 1])
    found = _WIDE_COLON.search(text, start, end)
    return found.start(1) if found else None


def _place(file: str, text: str, position: int) -> Where:
    """Turn a position in a text into a place with line and column from 1."""
    line_start = text.rfind("\n", 0, position) + 1
    return Where(file, text.count("\n", 0, position) + 1, position - line_start + 1)


def _named(character: str) -> str:
    """Name a character that cannot be shown: ``U+0000``."""
    return f"U+{ord(character):04X}"
