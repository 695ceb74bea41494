"""The table client × edit with its rates: from what was judged to figures, and from figures to the page."""
# ruff: noqa: E501 - sentences of a page

import json
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeAlias

from client_edits import EDITS
from client_programs import CLIENTS, NODE_MODULES
from client_verdicts import Judged, totals

RESULTS: Final = Path(__file__).with_name("results.json")
PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "clients.md"
START, END = "<!-- generated: clients -->\n", "<!-- end -->"

Figures: TypeAlias = dict[str, Any]


def figures_of(judged: Sequence[Judged], not_made: int) -> Figures:
    """Add up what was judged: as a whole, by the length of chains, and of single steps by edit and client."""
    singles: dict[str, dict[str, Mapping[str, int]]] = {}
    for edit in EDITS:
        for client in CLIENTS:
            chosen = [one for one in judged if one.chain.steps[0][:2] == (client.name, edit) and _length(one) == 1]
            if chosen:
                singles.setdefault(edit, {})[client.name] = totals(chosen)
    return {
        "clients": versions(),
        "all": totals(judged),
        "not_made": not_made,
        "chains": {str(length): totals(_of_length(judged, length)) for length in (1, 2, 3)},
        "singles": singles,
        "wrong": [f"{one.chain.name}: {text}" for one in judged for text in one.wrong],
        "lost": [f"{one.chain.name}: {text}" for one in judged for text in one.lost],
    }


def _length(one: Judged) -> int:
    return len(one.chain.steps)


def _of_length(judged: Iterable[Judged], length: int) -> list[Judged]:
    return [one for one in judged if _length(one) == length]


def versions() -> dict[str, str]:
    """Name the versions of the clients."""
    asked: dict[str, Callable[[], str]] = {
        "LibreOffice": lambda: _first_number("soffice", "--version"),
        "exceljs": lambda: _of_package("exceljs"),
        "SheetJS": lambda: _of_package("xlsx"),
        "Gnumeric": lambda: _first_number("ssconvert", "--version"),
        "openpyxl": lambda: version("openpyxl"),
        "pandas": lambda: version("pandas"),
    }
    return {name: ask() for name, ask in asked.items()}


def _first_number(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return "?"
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    words = (said.stdout + said.stderr).replace("'", " ").split()
    return next((word for word in words if word[:1].isdigit()), "?")


def _of_package(name: str) -> str:
    described: dict[str, str] = json.loads((NODE_MODULES / name / "package.json").read_text(encoding="utf-8"))
    return described["version"]


def page_part(figures: Figures) -> str:
    """Write what the page shows: the sum, its bounds, chains, and the table of edits."""
    return "\n".join([_sum(figures), _chains(figures), _edits(figures)])


def _sum(figures: Figures) -> str:
    whole = figures["all"]
    taken = whole["accepted"] + whole["marked"]
    used = ", ".join(f"{name} {number}" for name, number in figures["clients"].items())
    return (
        f"{whole['files']} files, {whole['rows']:,} rows; {used}.\n\n"
        f"- wrong rows accepted: **{whole['wrong']}**\n"
        f"- canaries lost: **{whole['lost']}**\n"
        f"- rows accepted without review: **{taken / whole['rows']:.1%}**"
        f" ({whole['marked'] / whole['rows']:.1%} with a finding that asks for a look)\n"
        f"- rows for review: {whole['review'] / whole['rows']:.1%}\n"
        f"- chains that were not made, because a program refused or an edit did not apply: {figures['not_made']}\n\n"
        f"{_bound(whole)}\n"
    )


def _bound(whole: Mapping[str, int]) -> str:
    if whole["wrong"] or whole["lost"]:
        return "There were failures, so there is no bound."
    return (
        f"That {whole['files']} files came through without a wrong and without a lost row bounds, with 95 % confidence, the"
        f" share of\nfiles in which that happens: below {3 / whole['files']:.2%} (rule of three, 3/{whole['files']}). It is"
        " said of files, because the rows of one file stand\nor fall together, and of files like these; of other clients and"
        " edits it says nothing.\n"
    )


def _chains(figures: Figures) -> str:
    titles = ("Steps", "Files", "Rows", "Accepted", "of these marked", "For review", "Wrong", "Lost", "Left out")
    rows = [
        [length, *(each[kind] for kind in ("files", "rows")), each["accepted"] + each["marked"]]
        + [each[kind] for kind in ("marked", "review", "wrong", "lost", "left_out")]
        for length, each in figures["chains"].items()
    ]
    return _table(titles, rows)


def _edits(figures: Figures) -> str:
    names = [client.name for client in CLIENTS]
    rows: list[list[object]] = []
    for edit, by_client in figures["singles"].items():
        cells = [_cell(by_client[name]) if name in by_client else "" for name in names]
        wrong, lost = (sum(each[kind] for each in by_client.values()) for kind in ("wrong", "lost"))
        rows.append([edit, *cells, wrong, lost])
    return _table(("Edit", *names, "Wrong", "Lost"), rows)


def _cell(each: Mapping[str, int]) -> str:
    taken = each["accepted"] + each["marked"]
    rate = f"{taken / each['rows']:.0%}" if each["rows"] else "–"
    return rate + (" †" if each["marked"] else "")


def _table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines: list[Sequence[object]] = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def stored() -> Figures:
    """Read the figures of the last run."""
    figures: Figures = json.loads(RESULTS.read_text(encoding="utf-8"))
    return figures


def write(figures: Figures) -> None:
    """Keep the figures, and put them into the page."""
    RESULTS.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(START)
    PAGE.write_text(f"{before}{START}{page_part(figures)}{END}{rest.partition(END)[2]}", encoding="utf-8")
