"""Every task of every unit stands in its ledger: none is missing, none is there twice. Read from the files alone.

What should be there is worked out twice: by the product (``check``, :mod:`ledgergen.plan.expand`), and by a few lines
here that read the YAML of the example and know nothing of the product.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from clerk import Ledger
from commands import ledgergen
from ledgergen.campaign.folder import find_folder, read_files
from ledgergen.workbook.codes import parse_book_number, parse_row_code
from ledgergen.workbook.layout import HIDDEN_CODE_TITLE
from office_cases import issued_example, ledgers

PLAN_COLUMNS = {"plan_no": "id", "task": "name", "requirement": "requirement", "time_limit": "time_limit"}


class Row(NamedTuple):
    """A body row as the file shows it."""

    unit: str
    code: str
    second: str
    texts: dict[str, str]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issued_example(tmp_path_factory)


@pytest.fixture(scope="module")
def rows(example: Path) -> list[Row]:
    return [row for path in ledgers(example).values() for row in rows_of(path)]


def rows_of(path: Path) -> Iterator[Row]:
    made = Ledger(path)
    second = next(cell.column for cell in made.sheet[made.header] if cell.value == HIDDEN_CODE_TITLE)
    for line in made.sheet.iter_rows(min_row=made.header + 1):
        texts = {column: str(line[place - 1].value or "") for column, place in made.columns.items()}
        yield Row(str(made.head_cell("unit").value), texts["code"], str(line[second - 1].value), texts)


def yaml_of(campaign: Path, name: str) -> Any:  # noqa: ANN401 - whatever the file holds
    return YAML(typ="safe", pure=True).load((campaign / name).read_text(encoding="utf-8"))


def expected(campaign: Path) -> list[tuple[str, str]]:
    """Work out who has which task, from the YAML alone."""
    known = yaml_of(campaign, "units.yaml")
    whose = {name: [unit["name"]] for unit in known["units"] for name in (unit["name"], *unit.get("aliases", []))}
    for group in known["groups"]:
        named = [whose[each][0] for each in group.get("members", [])]
        of_kind = [unit["name"] for unit in known["units"] if unit["kind"] in group.get("kinds", [])]
        left_out = {whose[each][0] for each in group.get("except", [])}
        whose[group["name"]] = [each for each in (*named, *of_kind) if each not in left_out]  # none where pending
    pairs = {
        (str(task["id"]), unit)
        for task in yaml_of(campaign, "plan.yaml")["tasks"]
        for part in ("lead", "responsible", "supporting")
        for phrase in task.get(part, [])
        for unit in whose[phrase]
    }
    return sorted(pairs)


def test_the_codes_in_the_files_are_the_assignments(example: Path, rows: list[Row]) -> None:
    pairs = []
    for row in rows:
        code = parse_row_code(row.code)
        assert code is not None, row
        pairs.append((code.task, row.unit))
    assert sorted(pairs) == expected(example)


def test_the_product_counts_the_same(example: Path, rows: list[Row]) -> None:
    files, _ = read_files(find_folder(example))
    assert sorted((each.task.id, each.unit.name) for each in files.assignments) == expected(example)
    said = ledgergen("check", "--json", at=example).json
    assert (said["assignments"], said["ledgers"]) == (len(rows), len({row.unit for row in rows}))
    assert (said["assignments"], said["ledgers"], said["tasks"]) == (1118, 48, 58)


def test_the_texts_in_the_files_are_the_assignments(example: Path, rows: list[Row]) -> None:
    tasks = {str(task["id"]): task for task in yaml_of(example, "plan.yaml")["tasks"]}
    by_text = {(task["name"], task["requirement"]): number for number, task in tasks.items()}
    assert len(by_text) == len(tasks)  # so a text says which task it is
    pairs = [(by_text[row.texts["task"], row.texts["requirement"]], row.unit) for row in rows]
    assert sorted(pairs) == expected(example)
    for row, (task, _) in zip(rows, pairs, strict=True):
        code = parse_row_code(row.code)
        assert code is not None
        assert code.task == task
        assert {name: row.texts[name] for name in PLAN_COLUMNS} == {
            name: str(tasks[task].get(key, "")) for name, key in PLAN_COLUMNS.items()
        }


def test_a_ledger_is_one_units_and_says_so_everywhere(example: Path, rows: list[Row]) -> None:
    tokens: dict[str, set[str]] = {}
    for row in rows:
        code = parse_row_code(row.code)
        assert code is not None
        tokens.setdefault(row.unit, set()).add(code.token)
    assert set(Counter(map(len, tokens.values()))) == {1}
    assert len(set.union(*tokens.values())) == len(tokens) == len(ledgers(example))
    for unit, path in ledgers(example).items():
        made = Ledger(path)
        number = parse_book_number(str(made.sheet.cell(2, 1).value))
        assert number is not None
        assert {number[0]} == tokens[unit]
        assert made.head_cell("unit").value == unit
        title = "淄川区" + unit.removeprefix("区")
        assert made.sheet.cell(1, 1).value == f"{title}政务公开工作任务台账"


def test_rows_are_numbered_and_have_their_code_twice(example: Path, rows: list[Row]) -> None:
    assert all(row.second == row.code for row in rows)
    assert len({row.code for row in rows}) == len(rows)
    for unit in ledgers(example):
        numbers = [row.texts["seq"] for row in rows if row.unit == unit]
        assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
