"""Fields to which returns gave several values (填报不一致): which stands, what else was said, and by which file."""

from collections.abc import Iterator, Sequence
from typing import Final

from ledgergen.report.facts import time_text
from ledgergen.report.tablesheet import TableColumn, Value
from ledgergen.state.account import field_title
from ledgergen.state.fold import BookState
from ledgergen.state.laying import Change, Disagreement
from ledgergen.state.picture import Picture
from ledgergen.state.standing import HEAD, Standing

COLUMNS: Final = (
    TableColumn("单位", 18, "mid"),
    TableColumn("总表序号", 5.5, "mid"),
    TableColumn("工作任务", 18),
    TableColumn("栏目", 12, "mid"),
    TableColumn("情形", 15, "mid"),
    TableColumn("现采用", 30),
    TableColumn("采用值来源", 24),
    TableColumn("其他填报值及来源", 46),
)
_CHANGES: Final = {
    Change.DIFFERS: "两次报送不一致，待核定",
    Change.CORRECTED: "后一次报送已更正",
    Change.SET_BACK: "恢复为下发内容",
    Change.BLANK: "后一次为空，仍保留",
}


def disagreement_rows(found: Picture) -> Iterator[Sequence[Value]]:
    """Give a row for each field, those first that wait for somebody to choose."""
    told = [(unit.book, each) for unit in found.units for each in unit.book.disagreements]
    for book, each in sorted(told, key=lambda pair: not pair[1].is_open):
        standing, others = _split(each)
        task, measure = each.key
        row = book.row(each.key)
        yield (
            book.issued.book.unit,
            "—" if each.key == HEAD else f"{task}（{measure}）" if measure != "1" else task,
            row.text("task") if row else "（表头）",
            field_title(book, each.field),
            _CHANGES[each.change],
            standing.text,
            _source(standing),
            "\n".join(f"{value.text or '（空）'}（{_source(value)}）" for value in others),
        )


def count_open(books: Sequence[BookState]) -> int:
    """Count the fields that wait for somebody to choose."""
    return sum(each.is_open for book in books for each in book.disagreements)


def _split(each: Disagreement) -> tuple[Standing, Sequence[Standing]]:
    """Part what stands from what was said besides."""
    if each.change is Change.BLANK:
        return each.values[0], each.values[1:]
    return each.values[-1], each.values[:-1]


def _source(value: Standing) -> str:
    source = value.source
    return f"{source} {time_text(source.received)}".strip() if source.received else str(source)
