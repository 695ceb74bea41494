"""The documents: what they say of commands, files, codes and numbers is what the program says and does.

Parts between ``<!-- generated: NAME -->`` and ``<!-- end -->`` are made here from the program, and
``LEDGERGEN_UPDATE_DOCS=1`` rewrites them; tables and examples written by hand are tried out row by row.
"""

import ast
import difflib
import inspect as introspection
import json
import os
import re
import shlex
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
import pytest
from openpyxl import load_workbook

import client_table
import make_mutants
import prepare
from builders import book, issued, sheet_of, shelf, workbook
from clerk import Ledger, zichuan
from commands import ledgergen
from ledgergen import messages
from ledgergen.campaign.outcome import Verb
from ledgergen.catalogue import CATALOGUE, CHECKS, Severity
from ledgergen.findings import finding, has_errors, worded
from ledgergen.plan import yaml_files
from ledgergen.plan.expand import expand
from ledgergen.plan.load import load_plan, load_settings, load_units
from ledgergen.plan.prefill import having, load_prefill, resolve
from ledgergen.plan.schema import schemas
from ledgergen.returns import match, recognise
from ledgergen.returns import table as returns_table
from ledgergen.returns.accept import accept
from ledgergen.returns.decisions import Arrival
from ledgergen.state.entries import STATES, book_entries
from ledgergen.state.fold import fold
from ledgergen.state.history import History
from ledgergen.state.light_words import MARKS, REASONS
from ledgergen.state.progress import combined
from ledgergen.workbook import archives, decrypt, grid, inspect, pool
from ledgergen.workbook.layout_file import load_layout
from ledgergen.workbook.pool import BoundedReader
from ledgergen.workbook.schema import layout_schema
from ledgergen.workbook.values import read_date, read_value
from plan_clerk import exported
from question import Question

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"
RESULTS: Final = ROOT / "benchmarks" / "results.json"
READMES: Final = ("README.md", "README.zh-CN.md")
DOCUMENTS: Final = tuple(
    path.relative_to(ROOT).as_posix()
    for path in sorted([*(ROOT / name for name in READMES), ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
)
LANGUAGE: Final = {"README.md": "en", "README.zh-CN.md": "zh"}
# In back-ticks, and no codes of findings.
NO_CODES: Final = (*REASONS, *MARKS, "zichuan-2022", "lint-imports", "python3-venv", "by-hand", "no-address")
REPAIR: Final = "LEDGERGEN_UPDATE_DOCS=1 pytest tests/docs rewrites the generated parts"

_PART = re.compile(r"(<!-- generated: (\w[^>]*?) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
_FENCE = re.compile(r"^```(\w*) ?(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_COMMAND = re.compile(r"`(ledgergen [^`\n]+)`|^\$ (ledgergen .+)$", re.MULTILINE)
_CODE = re.compile(r"`([a-z]+(?:-[a-z0-9]+)+)`")
_VARIABLE = re.compile(r"\bLEDGERGEN_[A-Z_]+\b")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(name: str, heading: str) -> str:
    """Give what stands under a heading, up to the next one of its level or above."""
    found = re.search(rf"^(#+) {re.escape(heading)}$", text_of(name), re.MULTILINE)
    assert found, f"{name} has no heading “{heading}”"
    rest = text_of(name)[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", _FENCE.sub(lambda fence: " " * len(fence[0]), rest), re.MULTILINE)
    return rest[: end.start()] if end else rest


def table_rows(text: str) -> list[list[str]]:
    """Give the body rows of the tables in a text; a cell is its text without back-ticks and outer blanks."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rows = [[cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    titles = [index - 1 for index, row in enumerate(rows) if set("".join(row)) <= {"-", ":"}]
    return [row for index, row in enumerate(rows) if index not in titles and index - 1 not in titles]


# --- The program's commands.


def commands() -> dict[str, click.Command]:
    """Give the program's commands in their order, as ``--help`` lists them; their texts are English."""
    messages.activate("en")
    from ledgergen.cli.root import program

    context = click.Context(program)
    return {name: found for name in program.list_commands(context) if (found := program.get_command(context, name))}


def help_of(*command: str) -> str:
    return ledgergen(*command, "--help").out.rstrip()


# --- The generated parts: a function for each name.


def as_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def part_help(*command: str) -> str:
    return f"```text\n{help_of(*command)}\n```\n"


def part_commands(language: str) -> str:
    translate = messages.translator(language)
    titles = {"en": ("Command", "What it does"), "zh": ("命令", "作用")}[language]
    return as_table(titles, [(f"`{name}`", translate(each.help or "")) for name, each in commands().items()])


def part_keys(name: str) -> str:
    """List every key of a file by its path, from the file's JSON Schema."""
    schema: dict[str, Any] = {**schemas(), "layout": layout_schema()}[name]
    return as_table(("Key", "Type", "", "Meaning"), list(keys_of(schema, schema, "")))


def keys_of(schema: dict[str, Any], whole: dict[str, Any], path: str) -> Iterator[tuple[str, str, str, str]]:
    for key, raw in schema["properties"].items():
        needed = "required" if key in schema.get("required", ()) else default_of(raw)
        value = resolved(raw, whole)
        if inner := mapping_in(value, whole):
            shown, deeper = inner
            yield f"`{path}{key}`", shown, needed, raw.get("description", "")
            marks = "[]" * shown.count("list")
            yield from keys_of(deeper, whole, f"{path}{key}{marks}.")
        else:
            yield f"`{path}{key}`", type_of(value, whole), needed, raw.get("description", "")


def default_of(schema: dict[str, Any]) -> str:
    """Name what counts where a key is left out; empty where that is nothing."""
    default = schema.get("default")
    if default in (None, "", [], {}) or isinstance(default, dict):
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}` if left out"


def resolved(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference, and leave out that a key may stand without a value."""
    choices = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
    schema = choices[0] if choices else schema
    if "$ref" in schema:
        return resolved(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    return schema


def mapping_in(value: dict[str, Any], whole: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Give how a value that consists of known keys is called, and its schema; None where it has no such keys."""
    if "properties" in value:
        return "mapping", value
    if value.get("type") == "array" and (inner := mapping_in(resolved(value["items"], whole), whole)):
        return f"list of {inner[0]}s" if inner[0] == "mapping" else f"list of {inner[0]}", inner[1]
    return None


def type_of(value: dict[str, Any], whole: dict[str, Any]) -> str:
    """Name the type of a value in words."""
    if value.get("type") == "array":
        return f"list of {type_of(resolved(value['items'], whole), whole)}s"
    if "enum" in value or "const" in value:
        return ", ".join(f"`{each}`" for each in value.get("enum", [value.get("const")]))
    if value.get("format") == "date":
        return "date, `2022-06-08`"
    if "minimum" in value:
        called = "whole number" if value["type"] == "integer" else "number"
        return f"{called}, {value['minimum']:g} to {value['maximum']:g}"
    called = {"boolean": "`true` or `false`", "object": "mapping"}.get(str(value.get("type")), "text")
    return f"{called}, `{value['pattern']}`" if "pattern" in value else called


def part_codes() -> str:
    rows = [(f"`{code}`", str(each.severity), each.message, each.remedy) for code, each in CATALOGUE.items()]
    return as_table(("Code", "Severity", "What is wrong", "What to do"), rows)


def part_findings(*codes: str) -> str:
    """Put some codes into Chinese, for the clerks' guide."""
    translate = messages.translator("zh")
    levels = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}

    def worded_in_chinese(text: str) -> str:
        return re.sub(r"\{\w+\}", "…", translate(text))

    faults = [(code, CATALOGUE[code]) for code in codes]
    rows = [
        (f"`{code}`", levels[each.severity], worded_in_chinese(each.message), worded_in_chinese(each.remedy))
        for code, each in faults
    ]
    return as_table(("代码", "级别", "问题", "怎么办"), rows)


def part_limits() -> str:
    """List what bounds a foreign file, with the numbers of the code."""
    reader = introspection.signature(BoundedReader).parameters
    rows = [
        ("a returned file", f"{grid.MAX_FILE:,} bytes", "`file-too-large`"),
        ("parts of a container", f"{inspect.MAX_PARTS:,}", "`file-too-many-parts`"),
        ("one part, unpacked", f"{inspect.MAX_PART >> 20} MiB", "`file-unpacks-too-large`"),
        ("all parts, unpacked", f"{inspect.MAX_TOTAL >> 20} MiB", "`file-unpacks-too-large`"),
        ("XML of more than 1 MiB, unpacked against packed", f"{inspect.MAX_RATIO} times", "`file-unpacks-oddly`"),
        ("tags of one XML part", f"{inspect.MAX_TAGS:,}", "`file-too-complex`"),
        ("rows × columns of a sheet, as far as values reach", f"{grid.MAX_CELLS:,}", "`sheet-too-large`"),
        ("sheets", f"{grid.MAX_SHEETS:,}", "`file-too-many-parts`"),
        ("files of an archive, archives within it included", f"{grid.MAX_MEMBERS:,}", "`archive-too-many`"),
        ("all files of an archive, unpacked", f"{archives.MAX_UNPACKED:,} bytes", "`archive-too-large`"),
        ("archives within archives", f"{archives.MAX_DEPTH} deep", "`archive-too-deep`"),
        ("rounds for the key of an encrypted file", f"{decrypt.MAX_ROUNDS:,}", "`file-key-costly`"),
        ("time of the reader for one file", f"{reader['seconds'].default} seconds", "`reader-timeout`"),
        (
            "time of the reader for an archive",
            f"{reader['seconds'].default * pool._ARCHIVE} seconds",
            "`archive-timeout`",
        ),
        ("memory of the reader", f"{reader['megabytes'].default} MiB", "`reader-memory`, `reader-died`"),
        ("the reader's answer", f"{grid.MAX_ANSWER >> 20} MiB", "`reader-memory`"),
        ("a YAML file", f"{yaml_files.MAX_BYTES >> 20} MiB", "`yaml-too-big`"),
        ("depth of a YAML file", f"{yaml_files.MAX_DEPTH}", "`yaml-too-deep`"),
        ("values of a YAML file", f"{yaml_files.MAX_NODES:,}", "`yaml-too-many`"),
        ("characters of one text", f"{yaml_files.MAX_TEXT:,}", "`yaml-text-too-long`"),
    ]
    return as_table(("What", "At most", "Beyond it"), rows)


PURPOSES: Final = {
    "click": "commands",
    "rich": "tables and progress bars on a terminal",
    "ruamel": "YAML (ruamel.yaml)",
    "pydantic": "the shape of YAML files, JSON Schemas",
    "xlsxwriter": "writing workbooks",
    "python_calamine": "reading .xls (python-calamine)",
    "msoffcrypto": "encrypted Office files (msoffcrypto-tool, MIT)",
    "pyzipper": "encrypted zip archives (pyzipper, MIT)",
    "py7zr": "7z archives, an optional extra (LGPL, unmodified)",
    "rarfile": "RAR archives, an optional extra (ISC)",
    "olefile": "Outlook messages (olefile, BSD)",
    "tnefparse": "winmail.dat, an optional extra (LGPL, unmodified)",
    "imapclient": "reading mailboxes (IMAPClient, BSD)",
    "keyring": "passwords of mail servers (keyring, MIT)",
    "pdfplumber": "reading .pdf (pdfplumber, MIT)",
    "docx": "the templates of reports in Word (python-docx, MIT)",
    "lxml": "XML of foreign workbooks",
    "openpyxl": "the demo's clerks, copies of an office's own form",
    "jinja2": "patterns of the layouts, texts of mails, reports and the public page",
    "sqlalchemy": "the index",
    "platformdirs": "where the index lies",
    "filelock": "one writer at a time",
    "chinese_calendar": "working days (chinesecalendar)",
    "orjson": "JSON of the journal and between processes (orjson, MIT or Apache)",
    "rapidfuzz": "near names, like texts",
}


def part_doors() -> str:
    """List which module imports which library, as the code has it; a library without a purpose fails here."""
    own = {path.stem for path in (ROOT / "ledgergen").glob("*.py")} | {"ledgergen"}
    doors: dict[str, set[str]] = {}
    for path in sorted((ROOT / "ledgergen").rglob("*.py")):
        for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            if not is_standard(name) and name not in own:
                doors.setdefault(name, set()).add(path.relative_to(ROOT).as_posix())
    rows = []
    for name in sorted(doors, key=lambda each: list(PURPOSES).index(each)):
        modules = sorted(doors[name])
        shown = ["`ledgergen/cli/`"] if name == "click" else [f"`{module}`" for module in modules]
        assert name != "click" or all(module.startswith("ledgergen/cli/") for module in modules)
        rows.append((f"`{name}`", PURPOSES[name], ", ".join(shown)))
    return as_table(("Library", "For", "Imported by"), rows)


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def is_standard(name: str) -> bool:
    return name in sys.stdlib_module_names or name == "pydantic_core"  # which is pydantic's own


def part_rooms() -> str:
    """List the rooms from the top, as the import contract of pyproject.toml has them."""
    project = tomllib.loads(text_of("pyproject.toml"))
    (contract,) = project["tool"]["importlinter"]["contracts"]
    rows = []
    for layer in contract["layers"]:
        names = [name.strip().removeprefix("ledgergen.") for name in re.split(r"[|:]", layer)]
        ground = " : " in layer
        docs = [""] if ground else [first_line(f"ledgergen.{name}") for name in names]
        what = "what every room may use" if ground else " ".join(docs)
        rows.append((", ".join(f"`{name}`" for name in names), what))
    return as_table(("Room", "What it does"), rows)


def first_line(module: str) -> str:
    return (import_module(module).__doc__ or "").strip().splitlines()[0]


def part_clients() -> str:
    return client_table.page_part(client_table.stored())


def part_mutants() -> str:
    return make_mutants.page_part(make_mutants.stored())


def part_benchmarks(language: str) -> str:
    """Copy the measured claims, where somebody has measured them."""
    if not RESULTS.exists():
        return {"en": "Not measured yet: `make bench`.\n", "zh": "尚未测量，请运行 `make bench`。\n"}[language]
    titles = {
        "en": ("Claim", "Measured", "Claimed", "Memory", "Holds"),
        "zh": ("项目", "实测", "承诺", "内存", "达到"),
    }[language]
    return as_table(titles, json.loads(RESULTS.read_text(encoding="utf-8"))["claims"])


PARTS: Final[dict[str, Callable[..., str]]] = {
    "help": part_help,
    "commands": part_commands,
    "keys": part_keys,
    "codes": part_codes,
    "findings": part_findings,
    "limits": part_limits,
    "doors": part_doors,
    "rooms": part_rooms,
    "benchmarks": part_benchmarks,
    "clients": part_clients,
    "mutants": part_mutants,
}


def part(called: str) -> str:
    name, *arguments = called.split()
    return PARTS[name](*arguments)


def with_parts(text: str) -> str:
    """Give a document's text with its generated parts made anew."""
    return _PART.sub(lambda found: f"{found[1]}{part(found[2])}{found[4]}", text)


def without_measurements(text: str) -> str:
    """Leave of the measured claims what is the same in every run: the claims; nothing where none is measured."""

    def claims(found: re.Match[str]) -> str:
        rows = table_rows(found[3]) if RESULTS.exists() else []
        return "\n".join(f"{row[0]} {row[2]}" for row in rows) if found[2].startswith("benchmarks") else found[0]

    return _PART.sub(claims, text)


@pytest.fixture(autouse=True)
def english_and_wide(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Print help as on a terminal of 100 columns, and leave the language as it was found."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)
    yield
    messages.activate("en")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_generated_parts_are_up_to_date(name: str) -> None:
    found = text_of(name)
    made = with_parts(found)
    if os.environ.get("LEDGERGEN_UPDATE_DOCS"):
        (ROOT / name).write_text(made, encoding="utf-8")
        return
    found, made = without_measurements(found), without_measurements(made)
    diff = "\n".join(difflib.unified_diff(found.splitlines(), made.splitlines(), name, "the program", lineterm="", n=1))
    assert diff == "", REPAIR


# --- Commands, options, codes and variables that a document names.


def named_commands(text: str) -> Iterator[list[str]]:
    """Give the words of every `ledgergen …` in a text, in back-ticks or after a prompt."""
    for quoted, typed in _COMMAND.findall(text):
        yield shlex.split(quoted or typed.partition("#")[0])[1:]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_line_names_what_exists(name: str) -> None:
    from ledgergen.cli.root import program

    known = commands()
    unknown = []
    for words in named_commands(text_of(name)):
        rest = list(words)
        while rest and rest[0].startswith("-"):
            option = rest.pop(0)
            if option in ("-C", "--lang"):
                rest.pop(0)
            elif option not in options_of(program):
                unknown.append(words)
        if not rest:
            continue
        if rest[0] not in known or not {word for word in rest[1:] if word.startswith("--")} <= options_of(
            verb_of(known[rest[0]], rest[1:])
        ):
            unknown.append(words)
    assert unknown == []


def verb_of(command: click.Command, words: list[str]) -> click.Command:
    """Give the verb of a group that the next word names; the command itself where it is none."""
    found = command.commands.get(words[0]) if isinstance(command, click.Group) and words else None
    return found or command


def options_of(command: click.Command) -> set[str]:
    with click.Context(command) as context:
        return {option for each in command.get_params(context) for option in each.opts}


def test_the_reference_has_the_help_of_every_command() -> None:
    made = [name.split() for _, name, _, _ in _PART.findall(text_of("docs/reference.md"))]
    told = [words[1:] for words in made if words[0] == "help"]
    assert [words for words in told if len(words) < len(("plan", "export"))] == [[], *([name] for name in commands())]
    groups = {name: set(each.commands) for name, each in commands().items() if isinstance(each, click.Group)}
    assert all(words[1] in groups[words[0]] for words in told if len(words) == len(("plan", "export")))


@pytest.mark.parametrize("name", READMES)
def test_each_readme_lists_every_command(name: str) -> None:
    assert f"generated: commands {LANGUAGE[name]} -->" in text_of(name)


@pytest.mark.parametrize("name", READMES)
def test_each_readme_says_what_make_test_installs(name: str) -> None:
    assert [package for package in prepare.NEEDED if f"`{package}`" not in text_of(name)] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_names_a_code_that_does_not_exist(name: str) -> None:
    assert set(_CODE.findall(text_of(name))) - set(CATALOGUE) <= {*prepare.NEEDED, *NO_CODES}


def test_the_reference_explains_every_code() -> None:
    listed = [row[0] for row in table_rows(section("docs/reference.md", "Finding codes"))]
    assert listed == list(CATALOGUE)


def test_the_reference_has_every_check_with_its_severity() -> None:
    rows = [(code, severity) for code, severity, _ in table_rows(section("docs/reference.md", "Checks"))]
    assert rows == [(code, str(CATALOGUE[code].severity)) for code in CHECKS]


def test_every_variable_of_the_environment_is_documented() -> None:
    files = [
        ROOT / "Makefile",
        *(path for room in ("ledgergen", "tests", "benchmarks") for path in (ROOT / room).rglob("*.py")),
    ]
    used = {name for path in files for name in _VARIABLE.findall(path.read_text(encoding="utf-8"))}
    documented = set(_VARIABLE.findall(section("docs/reference.md", "Environment")))
    assert documented == used


# --- Links, pictures, schemas.


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    broken = []
    for target in _LINK.findall(_FENCE.sub("", text_of(name))):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


def anchors(file: Path) -> set[str]:
    """Give the anchors of a document's headings, as GitHub makes them."""
    headings = _HEADING.findall(_FENCE.sub("", file.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("picture", ["ledger.png", "filled.png", "status.png"])
def test_a_picture_is_a_small_png_that_a_readme_shows(picture: str) -> None:
    data = (DOCS / "pictures" / picture).read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) <= 300_000
    assert all(f"docs/pictures/{picture}" in text_of(name) for name in READMES)


@pytest.mark.parametrize("name", ["ledgergen", "plan", "units", "layout"])
def test_the_published_schemas_are_the_programs(name: str, tmp_path: Path) -> None:
    made = {**schemas(), "layout": layout_schema()}[name]
    path = DOCS / "schema" / f"{name}.json"
    if os.environ.get("LEDGERGEN_UPDATE_DOCS"):
        path.write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == made, REPAIR
    if name != "layout":
        assert ledgergen("schema", "--write", tmp_path).code == 0
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), "ledgergen schema --write docs/schema"


# --- Examples of files.


def fences(name: str, kind: str) -> list[tuple[str, str]]:
    """Give the fenced blocks of a kind: what stands behind the kind, and the text."""
    return [(mark, text) for found, mark, text in _FENCE.findall(text_of(name)) if found == kind]


def test_the_yaml_of_the_reference_is_a_campaign_without_faults() -> None:
    files = {text.splitlines()[0].removeprefix("# "): text.encode() for _, text in fences("docs/reference.md", "yaml")}
    assert set(files) == {"ledgergen.yaml", "plan.yaml", "units.yaml", "prefill.yaml", "layout"}
    settings, findings = load_settings(files["ledgergen.yaml"])
    plan, faults = load_plan(files["plan.yaml"])
    registry, more = load_units(files["units.yaml"])
    layout, wrong = load_layout(files["layout"], "layout")
    assert [*findings, *faults, *more, *wrong] == []
    assert settings
    assert layout
    assert plan
    assert registry
    assignments, findings = expand(plan, registry)
    assert not has_errors(findings), [worded(each) for each in findings]
    assert {each.pending for each in assignments} == {each.common for each in assignments} == {True, False}
    entries, wrong = load_prefill(files["prefill.yaml"])
    assert entries
    rounds, columns = [each.id for each in settings.rounds], [column.id for column in zichuan().inputs]
    _, faults = resolve(entries, registry, having(assignments, registry), rounds, columns)
    assert [*wrong, *faults] == []


@pytest.mark.parametrize("name", [each for each in DOCUMENTS if each != "docs/reference.md"])
def test_any_other_yaml_loads_as_what_it_says_it_is(name: str) -> None:
    loaders = {
        "ledgergen.yaml": load_settings,
        "plan.yaml": load_plan,
        "units.yaml": load_units,
        "prefill.yaml": load_prefill,
    }
    faults = []
    for _, text in fences(name, "yaml"):
        load: Callable[[bytes, str], tuple[object, list[Any]]] | None = loaders.get(
            text.splitlines()[0].removeprefix("# ")
        )
        faults += load(text.encode(), name)[1] if load else []
    assert faults == []


# --- Tables that are tried out row by row.


@pytest.mark.parametrize("heading", ["Dates", "Choices"])
def test_values_are_read_as_the_tables_say(heading: str) -> None:
    rows = table_rows(section("docs/reference.md", "How values are read"))
    dates = len(table_rows(section("docs/reference.md", "Dates")))
    status = zichuan().column("status")
    kinds = {"text": "", "number": "n", "date": "d"}
    for typed, kind, told in rows[:dates] if heading == "Dates" else rows[dates:]:
        found = (
            read_date(typed, kinds[kind], 2022) if heading == "Dates" else read_value(status, typed, kinds[kind], 2022)
        )
        assert found == (None if told.startswith("not read") else told), typed


def test_returns_lie_over_each_other_as_the_table_says() -> None:
    rows = table_rows(section("docs/reference.md", "What stands: the fold"))
    assert len(rows) == 21
    for issued_with, earlier, holds, repeats, then, called in rows:
        assert laid(issued_with, earlier, holds, repeats=repeats == "yes") == (then, called), (issued_with, earlier)


def laid(issued_with: str, earlier: str, holds: str, *, repeats: bool) -> tuple[str, str]:
    """Issue a ledger and let two returns say what they hold; give what then stands, and how that is called."""
    texts = {"blank": ""}
    made = book(tasks=["1", "2", "3"], own={"1": {"measure": texts.get(issued_with, issued_with)}})
    others = {("2", "status"): "在办", ("2", "progress"): "已印发通知", ("3", "progress"): "已报送"}
    parcels = []
    for number, typed in enumerate([earlier, holds]):
        cells = {("1", "measure"): texts.get(typed, typed)} | (others if number == 0 or repeats else {})
        arrival = Arrival(f"{number:064x}", "x.xlsx", "", f"2022-07-0{number + 1}T04:00:00Z")
        parcels.append(accept(workbook(sheet_of(made, cells)), [], arrival, shelf(made), {}))
    (state,) = fold(History((issued(made),), tuple(parcels))).books.values()
    assert not state.held
    entry = next(iter(book_entries(state)))
    then = entry.text("measure") or "blank"
    changes = [str(each.change) for each in state.disagreements]
    return then, changes[0] if changes else how_it_changed(earlier, holds, then, issued_with)


def how_it_changed(earlier: str, holds: str, then: str, issued_with: str) -> str:
    """Name a change that is no disagreement."""
    if then == earlier or (then == "blank" and earlier == "blank"):
        return "unchanged"
    if then == "blank":
        return "cleared"
    return "changed" if earlier == issued_with != "blank" and holds != "blank" else "filled"


def test_states_are_combined_as_the_table_says() -> None:
    tried = 0
    for together, made in table_rows(section("docs/reference.md", "States")):
        states = together.split(", ")
        if set(states) <= set(STATES):
            assert combined(states) == made, together
            tried += 1
    assert tried >= 7
    assert all(combined([state, state]) == state for state in STATES)
    assert all(combined(["不涉及", state]) == state for state in STATES)


def test_every_reason_and_every_mark_of_a_light_is_explained() -> None:
    text = section("docs/reference.md", "Lights")
    assert [code for code in (*REASONS, *MARKS) if f"`{code}`" not in text] == []


def test_every_state_is_named_in_the_reference_and_the_guide() -> None:
    for name in ("docs/reference.md", "docs/guide.zh-CN.md"):
        assert [state for state in STATES if state not in text_of(name)] == []


# --- JSON as other programs see it.


def test_json_has_the_documented_shape(issued_campaign: Path) -> None:
    ledger = next((issued_campaign / "ledgers" / "2022Q2").glob("区财政局_*"))
    typed = {("2", "status"): "办结", ("2", "formed_on"): "6月上旬"}
    Ledger(ledger).type(typed).save(issued_campaign / "inbox" / "财政局.xlsx")
    run = {
        "check": ["check"],
        "layout": ["layout", "check"],
        "deadlines": ["deadlines", "--from", "2022-06-08", "--to", "2022-12-31"],
        "collect": ["collect", "--received", "2022-07-08"],
        "prefill": ["prefill", "export"],
        "generate": ["generate"],
        "merge": ["merge"],
        "status": ["status"],
        "show": ["show", "--unit", "区财政局", "--task", "2"],
        "log": ["log"],
        "verify": ["verify"],
        "answer": ["answer"],
        "report": ["report", "approve", "brief", "--by", "张三"],
        "report_diff": ["report", "page", "--diff"],
    }
    told = {mark: json.loads(text) for mark, text in fences("docs/reference.md", "json")}
    elsewhere = {"finding", "import", "resolve", "suggest", "links"}
    assert {mark for mark in told if not mark.startswith(("plan_", "mailbox_"))} == {*elsewhere, *run}
    for mark, command in run.items():
        found = ledgergen(*command, "--json", at=issued_campaign)
        assert found.code == 0, found.err
        assert shape(found.json) == shape(told[mark]), mark
    made = worded(finding("date-unreadable", title="", text=""))
    assert list(told["finding"]) == list(made)


def test_json_of_what_returns_disagree_about_has_the_documented_shape(issued_campaign: Path) -> None:
    for name, text in (("财政局.xlsx", "已印发通知"), ("财政局 (1).xlsx", "尚未印发")):
        ledger = next((issued_campaign / "ledgers" / "2022Q2").glob("区财政局_*"))
        Ledger(ledger).type({("1", "progress"): text}).save(issued_campaign / "inbox" / name)
        assert ledgergen("collect", at=issued_campaign).code == 0
    told = {mark: json.loads(text) for mark, text in fences("docs/reference.md", "json")}["resolve"]
    assert shape(ledgergen("resolve", "--json", at=issued_campaign).json) == shape(told)


def test_json_of_the_plan_as_a_workbook_has_the_documented_shape(campaign: Path) -> None:
    book = exported(campaign).type("任务", "2", "时限要求", "年底前").save(campaign / "back.xlsx")
    assert ledgergen("plan", "consult", at=campaign).code == 0
    question = Question(campaign / "ledgers" / "consult" / "区财政局_征求意见表.xlsx")
    answer = question.type({("1", "suggested_unit"): "昆仑镇"}).save(campaign / "answer.xlsx")
    assert ledgergen("plan", "answers", answer, at=campaign).code == 0
    run: dict[str, list[str | Path]] = {
        "plan_export": ["plan", "export"],
        "plan_apply": ["plan", "apply", book],
        "plan_consult": ["plan", "consult"],
        "plan_opinions": ["plan", "opinions"],
    }
    told = {mark: json.loads(text) for mark, text in fences("docs/reference.md", "json") if mark.startswith("plan_")}
    assert set(told) == set(run)
    for mark, command in run.items():
        found = ledgergen(*command, "--json", at=campaign)
        assert found.code == 0, found.err
        assert shape(found.json) == shape(told[mark]), mark


def test_json_of_what_is_proposed_has_the_documented_shape(campaign: Path) -> None:
    told = {mark: json.loads(text) for mark, text in fences("docs/reference.md", "json")}
    (campaign / "superior.txt").write_text("一、甲\n1.做甲事。（牵头单位：县财政局）\n", encoding="utf-8")
    linked = ledgergen("import", campaign / "superior.txt", "--beside", "--json", at=campaign)
    assert list(linked.json) == list(ledgergen("links", "--json", at=campaign).json) == list(told["links"])
    assert list(linked.json["links"][0]) == list(told["links"]["links"][0])
    plan = campaign / "plan.yaml"
    plan.write_text(plan.read_text("utf-8").replace("lead: [区财政局], ", ""), encoding="utf-8")
    proposed = ledgergen("suggest", "--json", at=campaign)
    assert shape(proposed.json) == shape(told["suggest"])


def test_json_of_mailboxes_has_the_documented_shape(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {mark: json.loads(text) for mark, text in fences("docs/reference.md", "json") if mark.startswith("mailbox_")}
    added = ledgergen("mailbox", "add", "office@qq.com", "--server", "127.0.0.1:9", "--json", at=campaign)
    assert shape({**added.json, "servers": 0}) == shape({**told.pop("mailbox_add"), "servers": 0})
    assert added.json["servers"].keys() == {"receive"}
    monkeypatch.setenv("LEDGERGEN_SECRETS", "127.0.0.1:9 office@qq.com x")
    tried = ledgergen("mailbox", "test", "--json", at=campaign)
    assert shape(tried.json) == shape(told.pop("mailbox_test"))
    assert tried.code == 1
    assert not told


def test_json_of_an_import_has_the_documented_shape(campaign: Path) -> None:
    (told,) = (json.loads(text) for mark, text in fences("docs/reference.md", "json") if mark == "import")
    (campaign / "plan.txt").write_text(
        "一、甲\n1.做甲事。（牵头单位：县财政局；责任单位：县审计局、各镇）\n", encoding="utf-8"
    )
    found = ledgergen("import", campaign / "plan.txt", "--json", at=campaign)
    assert found.code == 0, found.err
    assert list(found.json) == list(told)
    assert list(found.json["tasks"][0]) == list(told["tasks"][0])
    assert list(found.json["tasks"][0]["deadline"]) == list(told["tasks"][0]["deadline"])


def shape(value: object, key: str = "") -> object:
    """Give the keys of a value and the types of what stands under them; of a list, those of its first item."""
    if key == "folders":
        return "by name"
    if isinstance(value, Mapping):
        if key in ("fields", "by_state", "facts"):
            return "by name"
        return {name: shape(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return "findings" if key == "findings" else [shape(value[0], key)] if value else []
    return "text" if value is None or isinstance(value, str) else type(value).__name__


# --- The tour of the READMEs, typed line by line.


class Step(NamedTuple):
    """A command of the tour, and the lines that the document says it prints."""

    command: str
    told: list[str]


def tour(name: str) -> Iterator[Step | list[list[str]]]:
    """Give the steps of the tour in their order; a list of rows is what a clerk types."""
    heading = {"README.md": "Five minutes", "README.zh-CN.md": "五分钟走一遍"}[name]
    for block in re.split(r"(?m)^(?=```)|(?<=^```)$", section(name, heading)):
        if block.startswith("```console"):
            for piece in re.split(r"(?m)^\$ ", block.partition("\n")[2])[1:]:
                command, *told = piece.splitlines()
                yield Step(command, [line for line in told if not line.startswith("```")])
        elif rows := table_rows(block):
            yield rows


@pytest.mark.parametrize("name", READMES)
def test_the_tour_prints_what_the_readme_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    commands()  # click's words are English from here on, those of the program follow the language
    messages.activate(LANGUAGE[name])
    ran = []
    for step in tour(name):
        if isinstance(step, Step):
            ran.append(shlex.split(step.command)[0])
            missing = untold(step.told, do(step.command, tmp_path))
            assert missing is None, f"{step.command} does not print (any more): {missing}"
        else:
            type_into(next(Path("inbox").iterdir()), step)
            ran.append("clerk")
    assert ran.count("ledgergen") >= 9
    assert {"cd", "cp", "clerk"} <= set(ran)


def do(command: str, tmp_path: Path) -> list[str]:
    """Do what a line of the tour says and give what is printed."""
    words = shlex.split(command)
    if words[0] == "cd":
        os.chdir(words[1])
    elif words[0] == "cp":
        shutil.copyfile(words[1], words[2])
    else:
        return printed(words[1:])
    assert Path.cwd().is_relative_to(tmp_path)
    return []


def printed(words: list[str]) -> list[str]:
    from ledgergen.cli.root import run

    out = StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        assert run(words) == 0, out.getvalue()
    return out.getvalue().splitlines()


def untold(told: list[str], lines: list[str]) -> str | None:
    """Give the first documented line that is not among the printed ones, in their order; blanks do not count.

    A line ``…`` stands for any number of lines; where there is none, the next line must follow at once.
    """
    plain = iter([" ".join(line.split()) for line in lines if line.strip()])
    skipping = False
    for line in (" ".join(line.split()) for line in told):
        if line == "…":
            skipping = True
        elif not (any(line == each for each in plain) if skipping else next(plain, None) == line):
            return line
        else:
            skipping = False
    return None


def type_into(path: Path, rows: list[list[str]]) -> None:
    """Type into a ledger what a table says: number in the plan, title of the column, text."""
    ledger = Ledger(path)
    titles = {column.title: column.id for column in ledger.layout.columns}
    ledger.type({(task, titles[title]): text for task, title, text in rows}).save(path)


# --- The guide for clerks.


def test_the_guide_explains_every_column_and_head_item() -> None:
    layout = zichuan()
    words = [*(column.title for column in layout.columns), *(item.label for item in layout.head_items if item.is_input)]
    explained = section("docs/guide.zh-CN.md", "第二部分　单位经办人：怎样填台账")
    assert [word for word in words if f"**{word}**" not in explained] == []


def test_the_guide_explains_every_sheet_of_the_status_workbook(issued_campaign: Path) -> None:
    assert ledgergen("merge", at=issued_campaign).code == 0
    (path,) = (issued_campaign / "reports").iterdir()
    explained = section("docs/guide.zh-CN.md", "看落实情况表")
    for name in load_workbook(path, read_only=True).sheetnames:
        assert f"**{name}**" in explained, name
        assert name in text_of("docs/reference.md"), name


def test_the_guide_uses_the_words_that_the_program_says() -> None:
    chinese = messages.translator("zh")
    guide = text_of("docs/guide.zh-CN.md")
    said = {f"**{chinese(str(verb))}**" for verb in Verb}
    said |= {f"| {chinese(word)} |" for word in ("accepted", "duplicate", "superseded", "to review", "rejected")}
    assert [word for word in said if word not in guide] == []
    for part in ("rounds", "aliases", "former_names", "kinds", "members", "pending: lead"):
        assert f"`{part}`" in guide, part


def test_the_scores_are_those_of_the_code() -> None:
    scores = {row[0]: row[1] for row in table_rows(section("docs/reference.md", "How rows are matched"))}
    assert scores["visible code"] == str(match._VISIBLE)
    assert scores["hidden code"] == str(match._HIDDEN)
    assert scores["the text is letter for letter that of one expected row only"] == f"{match._EXACT} more"
    assert f"from {match._TEXT_ALONE} on" in section("docs/reference.md", "How rows are matched")
    words = {0.5: "half", 0.9: "nine tenths"}
    told = {row[1]: row[2] for row in table_rows(section("docs/reference.md", "How a file is recognised"))}
    assert words[recognise._LEAST_OVERLAP] in told["number"]
    assert words[recognise._SURE_OVERLAP] in told["texts"]
    assert f"first {returns_table.HEADER_WITHIN} rows" in section("docs/reference.md", "How a file is recognised")
