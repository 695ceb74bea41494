"""The cases: each prepares its material in one process and does its work, which is measured, in another.

What is paid once (imports, the worker's start, loading the campaign) is taken off by measuring the same work for a
single file. Times and memory are taken by :mod:`.measure`.
"""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd

from benchmarks.mail import collected_from_mailbox, fetched_and_parsed, fill_mailbox
from ledgergen.campaign.collect import collect
from ledgergen.campaign.folder import Folder, find_folder
from ledgergen.campaign.generate import generate
from ledgergen.campaign.merge import merge
from ledgergen.campaign.outcome import Occasion
from ledgergen.records import Assignment, Book, PlanFacts, Role, Round, Settings, Task, Unit
from ledgergen.resources import resource_folder
from ledgergen.returns.decisions import Verdict
from ledgergen.workbook.book import BookSetting, Carried, make_book
from ledgergen.workbook.codes import book_token
from ledgergen.workbook.layout import Layout
from ledgergen.workbook.layout_file import load_layout
from ledgergen.workbook.pool import BoundedReader
from ledgergen.workbook.write import write_ledger

FILES = 1_000  # ledgers in each case
ROWS = 30
TOGETHER = 25  # files that collecting reads before it decides them
UNITS, TASKS = 1_000, 60  # the large campaign
STATUS_UNITS = 600  # of the status workbook
DATED = date(2022, 6, 15)
OCCASION = Occasion(datetime(2022, 7, 1, tzinfo=UTC), "bench")
REQUIREMENT = "做好重点领域信息公开，按时公开政策文件、办理进展和办理结果，主动回应社会关切，公开前做好保密审查。"
FILLED = {
    "measure": "印发通知，督促相关科室按时公开",
    "leader": "王某",
    "office": "办公室",
    "status": "推进中",
    "progress": "6月30日前公开信息12条，召开推进会1次，已明确责任科室和专人。",
    "formed_on": "2022-06-20",
    "published_on": "2022-06-30",
    "evidence": "https://www.example.invalid/zwgk/12.html",
}


def layout() -> Layout:
    """Load the product's first layout."""
    found, findings = load_layout((resource_folder("templates") / "layouts" / "zichuan.yaml").read_bytes(), "zichuan")
    assert found is not None, findings
    return found


def books(count: int) -> Iterator[Book]:
    """Make books of thirty rows."""
    facts = PlanFacts("2022年工作方案", 2022, "淄川区")
    setting = BookSetting(
        Settings("bench", "2022年政务公开", "zichuan", ()),
        facts,
        Round("2022Q2", "2022年第二季度", DATED, DATED),
        layout(),
    )
    tasks = [
        Task(str(n), f"任务{(n + 2) // 3}", f"{n}．{REQUIREMENT}", time_limit="信息形成之日起20个工作日内公开")
        for n in range(1, ROWS + 1)
    ]
    for number in range(count):
        unit = Unit(f"区第{number}局")
        given = [Assignment(task, unit, Role.RESPONSIBLE) for task in tasks]
        yield make_book(setting, book_token("bench", "2022Q2", unit.name), given, Carried())


def filled(book: Book) -> Book:
    """Fill a book as a clerk would: a third of the rows in full, the others with what stands for all of them."""
    rows = tuple(row._replace(own={**row.own, **typed(number)}) for number, row in enumerate(book.rows))
    return replace(book, rows=rows)


def typed(row: int) -> dict[str, str]:
    """Give what is typed into a row."""
    return FILLED if row % 3 == 0 else {name: FILLED[name] for name in ("office", "status", "progress")}


def written(_folder: Path, files: int) -> int:
    """Write ledgers."""
    form = layout()
    return sum(len(write_ledger(book, form, DATED)) for book in books(files))


def written_with_openpyxl(_folder: Path, files: int) -> int:
    """Load a formatted template and fill it, as a user would script it with openpyxl."""
    form = layout()
    template = write_ledger(next(books(1)), form, DATED)
    return sum(_filled_template(template, form, book) for book in books(files))


def _filled_template(template: bytes, form: Layout, book: Book) -> int:
    workbook = openpyxl.load_workbook(io.BytesIO(template))
    sheet = workbook[form.sheet]
    header = next(row for row in range(1, 30) if sheet.cell(row, 1).value == form.columns[0].title)
    for place, row in enumerate(book.rows, start=header + 1):
        for column, each in enumerate(form.columns, start=1):
            sheet.cell(place, column).value = row.text(each.id)
    target = io.BytesIO()
    workbook.save(target)
    return len(target.getvalue())


def return_ledgers(folder: Path, files: int) -> None:
    """Prepare filled ledgers as files."""
    form = layout()
    for book in books(files):
        (folder / f"{book.unit}.xlsx").write_bytes(write_ledger(filled(book), form, DATED))


def read(folder: Path, _files: int) -> int:
    """Read ledgers in the bounded worker: bytes → rows and findings; some together, as collecting does."""
    rows, paths = 0, sorted(folder.glob("*.xlsx"))
    with BoundedReader() as reader:
        for start in range(0, len(paths), TOGETHER):
            some = [(path.name, path.read_bytes()) for path in paths[start : start + TOGETHER]]
            for reading in reader.read_together(some):
                assert reading is not None
                assert reading.workbook is not None, reading.findings
                rows += len(reading.workbook.grids[0].rows)
    return rows


def read_with_pandas(folder: Path, _files: int) -> int:
    """Read ledgers with pandas and openpyxl and put the tables together, as a user would script it."""
    paths = sorted(folder.glob("*.xlsx"))
    return len(pd.concat([pd.read_excel(path, engine="openpyxl", header=None) for path in paths]))


def issue_and_return(folder: Path, files: int) -> None:
    """Prepare a campaign whose ledgers are issued, filled and back in the inbox."""
    campaign = small_campaign(folder / "campaign", files, ROWS)
    generate(campaign, round_id=None, occasion=OCCASION)
    fill_inbox(campaign)


def collected(folder: Path, _files: int) -> int:
    """Collect them: read, recognised, matched, decided, journalled, originals kept."""
    campaign = find_folder(folder / "campaign")
    done = collect(campaign, [campaign.inbox], occasion=OCCASION).files
    assert all(file.parcel.verdict is Verdict.ACCEPTED for file in done)
    return len(done)


def small_campaign(root: Path, units: int, tasks: int) -> Folder:
    """Write a campaign in which every unit has every task."""
    root.mkdir(parents=True)
    (root / "ledgergen.yaml").write_text(
        "id: bench\nname: 2022年政务公开\nlayout: zichuan\n"
        "rounds:\n- {id: 2022Q2, name: 2022年第二季度, opens: 2022-06-15, due: 2022-07-10}\n",
        encoding="utf-8",
    )
    lines = ["plan: {title: 2022年工作方案, region: 淄川区, year: 2022}", "tasks:"]
    for number in range(1, tasks + 1):
        limit = "信息形成之日起20个工作日内公开"
        lines.append(
            f'- {{id: "{number}", section: [], name: 任务{(number + 2) // 3}, requirement: "{number}．{REQUIREMENT}", '
            f"responsible: [各单位], time_limit: {limit}}}"
        )
    (root / "plan.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["units:", *(f"- {{name: 区第{number}局, kind: 部门}}" for number in range(units))]
    lines += ["groups:", "- {name: 各单位, kinds: [部门]}"]
    (root / "units.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return find_folder(root)


def fill_inbox(campaign: Folder) -> Path:
    """Fill every issued ledger and drop it into the inbox."""
    from ledgergen.campaign.chronicle import read_chronicle

    campaign.inbox.mkdir()
    for item in read_chronicle(campaign.root).history.issued:
        data = write_ledger(filled(item.book), item.layout, DATED)
        (campaign.inbox / item.name).write_bytes(data)
    return campaign.inbox


def prepare_large(folder: Path, _files: int) -> None:
    """Prepare the files of 1,000 units × 60 tasks."""
    small_campaign(folder / "campaign", UNITS, TASKS)


def large(folder: Path, _files: int) -> int:
    """Generate, collect and merge; the ledgers are filled in between, in another process."""
    campaign = find_folder(folder / "campaign")
    generate(campaign, round_id=None, occasion=OCCASION)
    subprocess.run([sys.executable, "-m", "benchmarks.measure", "fill", str(campaign.root)], check=True)
    collect(campaign, [campaign.inbox], occasion=OCCASION)
    return merge(campaign, round_id=None, occasion=OCCASION).files[0].rows


def prepare_status(folder: Path, _files: int) -> None:
    """Make a campaign of 600 units × 60 tasks whose ledgers have come back."""
    campaign = small_campaign(folder / "campaign", STATUS_UNITS, TASKS)
    generate(campaign, round_id=None, occasion=OCCASION)
    subprocess.run([sys.executable, "-m", "benchmarks.measure", "fill", str(campaign.root)], check=True)
    collect(campaign, [campaign.inbox], occasion=OCCASION)


def status_workbook(folder: Path, _files: int) -> int:
    """Write the status workbook of that campaign: the rows that it shows."""
    return merge(find_folder(folder / "campaign"), round_id=None, occasion=OCCASION).files[0].rows


def nothing(_folder: Path, _files: int) -> None:
    """Prepare nothing."""


class Case(NamedTuple):
    """How a case is prepared, and its work; both for a number of files."""

    prepare: Callable[[Path, int], None]
    work: Callable[[Path, int], int]


CASES: dict[str, Case] = {
    "write": Case(nothing, written),
    "write, openpyxl": Case(nothing, written_with_openpyxl),
    "read": Case(return_ledgers, read),
    "read, pandas": Case(return_ledgers, read_with_pandas),
    "collect": Case(issue_and_return, collected),
    "large": Case(prepare_large, large),
    "status": Case(prepare_status, status_workbook),
    "mail": Case(fill_mailbox, collected_from_mailbox),
    "mail, bare": Case(fill_mailbox, fetched_and_parsed),
}
