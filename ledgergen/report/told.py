"""What a unit is told about its return: which findings are its own to put right, in its own plain words.

The catalogue speaks to the office (ask the unit to …); a unit is spoken to here. Findings that are the office's
business, or that quote what is another unit's, are in no kick-back and no receipt.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ledgergen.catalogue import CATALOGUE, Severity
from ledgergen.findings import Finding
from ledgergen.messages import printable
from ledgergen.records import BookRow
from ledgergen.state.correction import counted
from ledgergen.state.fold import BookState
from ledgergen.state.personal import without_numbers
from ledgergen.state.remarks import Remark
from ledgergen.state.standing import HEAD, RowKey, Standing
from ledgergen.workbook.form import form_of
from ledgergen.workbook.grid import cell_name

_CELL: Final = re.compile(r"([A-Z]+)([1-9][0-9]*)")
_QUOTED: Final = 200  # characters of what a unit wrote
_REMOVE: Final = "请删去，台账中不得出现个人信息。"

# Code → what is wrong, what to do; {names} are the finding's facts.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "required-when": (
        "“{other}”填的是“{answer}”，“{title}”没有填。",
        "请补填“{title}”；“{other}”填错了的，请更正。",
    ),
    "date-out-of-range": (
        "“{text}”不像是实际日期，应在{first}至{last}之间。",
        "请核对年月日，照这样填写：2022-09-30。",
    ),
    "id-card-number": ("写有居民身份证号码：{text}。", _REMOVE),
    "bank-card-number": ("写有银行卡号：{text}。", _REMOVE),
    "phone-number": ("写有电话号码：{text}。", "请删去；是单位对外公开的电话的，可以保留。"),
    "dates-reversed": ("“{title}”（{text}）早于“{other}”（{answer}）。", "请核对两个日期，更正填错的一个。"),
    "state-backwards": ("上期填的是“{other}”，本期填的是“{text}”。", "请核对；确有反复的，请写明原因。"),
    "text-too-long": ("共{count}字，超过{limit}字。", "请只写要点，全文另附文件。"),
    "progress-repeated": ("与上期填的内容完全相同。", "请写本期做了什么；没有变化的，在“本期无变化”处打√。"),
    "requirement-copied": ("照抄了工作要求。", "请写本单位何时做了什么、数量、结果。"),
    "evidence-unclear": ("“{text}”不是网址，也不是文件名。", "请填公开页面的网址，或佐证文件的名称。"),
    "date-unreadable": ("“{text}”看不出是哪一天。", "请照这样填写：2022-09-30。"),
    "choice-unreadable": ("“{text}”不在可选范围内。", "请从下拉列表中选择：{choices}。"),
    "formula-cell": ("填的是公式。", "请直接填写内容，不要用公式。"),
    "error-cell": ("单元格里是错误值：{text}。", "请直接填写内容。"),
    "row-doubtful": ("看不出这一行填的是哪项任务，没有采用。", "请填到该任务所在的行里。"),
    "text-outside": ("写在表格的栏目以外，没有采用：{text}", "请填到对应的栏目里。"),
}
TOLD: Final = tuple(_WORDS)
_OF_CELLS: Final = frozenset({"date-unreadable", "choice-unreadable", "formula-cell", "error-cell"})
_SAID_BETTER: Final = {"date-unreadable": "date-out-of-range"}
# Only warnings when a file is collected, for its rows count; but the unit is asked to put them right all the same.
SENT_BACK: Final = _OF_CELLS | {"required-when", "date-out-of-range"}
_OF_ROWS: Final = frozenset({"row-doubtful", "text-outside"})


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a unit is told: how grave, where in the file that it sent, what, and what to do.

    ``key`` and ``field`` name the cell to be corrected; both empty where there is none.
    """

    code: str
    severity: Severity
    came: str
    key: RowKey
    field: str
    task: str
    title: str
    text: str
    problem: str
    remedy: str

    @property
    def must(self) -> bool:
        """Tell whether it must be put right, so that the ledger goes back."""
        return self.severity is Severity.ERROR or (self.severity is Severity.WARNING and self.code in SENT_BACK)


def points_of(book: BookState, remarks: Iterable[Remark]) -> list[Point]:
    """Give what a unit is told of its returns: what it must put right, the most basic first, in the ledger's order.

    ``remarks`` are the checks'; what was said when the returns were decided is added where it still holds.
    """
    places = {(row.task, row.measure): index for index, row in enumerate(book.rows)}
    said = list(remarks)
    known = {(each.finding.code, each.key, each.field) for each in said}
    said += [
        each for each in _decided(book) if (_SAID_BETTER.get(each.finding.code), each.key, each.field) not in known
    ]
    points = [_point(book, each) for each in said if each.finding.code in _WORDS]

    def rank(point: Point) -> tuple[bool, int, int]:
        return not point.must, CATALOGUE[point.code].rank, places.get(point.key, len(places))

    return [point for point in sorted(points, key=rank) if point.severity is not Severity.NOTE]


def _decided(book: BookState) -> Iterable[Remark]:
    """Give the findings of the returns that count: of cells whose value still stands; of rows in the last return."""
    receipts = counted(book)
    standing = dict(_standing(book))
    for receipt in receipts:
        origin = receipt.origin
        for found in receipt.parcel.findings:
            if found.where.sheet != origin.sheet or not found.where.file.endswith(receipt.returned.member):
                continue
            place = standing.get((origin.sha256, origin.sheet, found.where.cell))
            if found.code in _OF_CELLS and place:
                yield Remark(found, *place, origin.sha256)
            elif found.code in _OF_ROWS and receipt is receipts[-1]:
                yield Remark(found, HEAD, "", origin.sha256)


def _standing(book: BookState) -> Iterable[tuple[tuple[str, str, str], tuple[RowKey, str]]]:
    for key, cells in (*book.cells.items(), (HEAD, book.head)):
        for name, standing in cells.items():
            if standing.text and standing.cell:
                yield (standing.origin.sha256, standing.origin.sheet, standing.cell), (key, name)


def _point(book: BookState, remark: Remark) -> Point:
    finding, key = remark.finding, remark.key
    where = finding.where
    cells = book.head if key == HEAD else book.cells.get(key, {})
    standing = cells.get(remark.field)
    row = book.row(key)
    facts = _facts(finding)
    problem, remedy = (words.format_map(facts) for words in _WORDS[finding.code])
    return Point(
        finding.code,
        finding.severity,
        " ".join(filter(None, (where.sheet, where.cell if standing else _blank_cell(book, remark)))),
        key,
        remark.field,
        _task(book, row) if row else "",
        _title(book, remark.field),
        _quoted(standing) if standing else "",
        problem,
        remedy,
    )


def _task(book: BookState, row: BookRow) -> str:
    """Name a row's task with the number that its ledger shows: two tasks of one heading may have one name."""
    number = row.text("plan_no") if book.issued.layout.find("plan_no") else ""
    return f"{number} {row.text('task') or row.text('task_full')}".strip()


def _blank_cell(book: BookState, remark: Remark) -> str:
    """Name the cell that was left blank in the file as it came, by its neighbours; else the one that wants it filled.

    Its row is that of the other answer; its column that in which the same file has the column's other values, or the
    one that the ledger was issued with, where the row's values stand in theirs.
    """
    cell = remark.finding.where.cell
    row = _CELL.fullmatch(cell)
    if row is None or remark.key == HEAD:
        return cell
    theirs: dict[str, str] = {}
    for cells in book.cells.values():
        for name, each in cells.items():
            if each.origin.sha256 == remark.sha256 and (found := _CELL.fullmatch(each.cell)):
                theirs[name] = found[1]
    form = form_of(book.issued.layout)
    issued = {place.column.id: cell_name(0, place.index)[:-1] for place in form.columns}
    if remark.field not in theirs and all(issued.get(name) == letters for name, letters in theirs.items()):
        theirs |= {remark.field: issued.get(remark.field, row[1])}
    return f"{theirs.get(remark.field, row[1])}{row[2]}"


def _title(book: BookState, field: str) -> str:
    layout = book.issued.layout
    titles = {item.id: item.label for item in layout.head_items} | {each.id: each.title for each in layout.columns}
    return titles.get(field, "")


def _quoted(standing: Standing) -> str:
    return _short(standing.text)


def _short(text: str) -> str:
    text = printable(without_numbers(text))
    return text if len(text) <= _QUOTED else text[:_QUOTED] + "…"


class _facts(dict[str, str]):  # noqa: N801 - a mapping made of a finding
    """The facts of a finding, short, printable and without the numbers of persons; one that is absent is a dash."""

    def __init__(self, finding: Finding) -> None:
        super().__init__({name: _short(str(value)) for name, value in finding.facts.items()})

    def __missing__(self, name: str) -> str:
        return "—"
