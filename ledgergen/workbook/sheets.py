"""The one door to xlsxwriter: a workbook that cannot be written wrongly without an exception.

xlsxwriter warns, or gives back -1 or -2, and goes on without the thing where a list, a prompt, a property or a footer
is too long, a cell lies outside the sheet, or a row comes too late in constant-memory mode; a lone surrogate kills
``close()``; a text ``<r>…</r>`` is put into the file as raw XML. Here a cell's text is made writable
(:func:`.limits.writable`) and everything else that does not fit raises :class:`SheetError`, which is a bug of the
caller: layouts are checked when they are loaded.

Cells are texts, numbers, days and blanks. There are no formulas, hyperlinks, comments or macros; a text that looks like
one stays a text. The same calls give the same bytes: the dates in the properties are given, those in the container
fixed.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError, XlsxWriterException
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from ledgergen.workbook import limits
from ledgergen.workbook.sheet_rows import GrowingSheet, row_cells
from ledgergen.workbook.sheet_values import (
    Area,
    BarChart,
    CellFormat,
    Page,
    Properties,
    Rule,
    SheetError,
    literal,
)

__all__ = [
    "Area",
    "BarChart",
    "CellFormat",
    "CheckedWorkbook",
    "Page",
    "Properties",
    "Rule",
    "SheetError",
    "SheetWriter",
    "cell_name",
    "literal",
    "quoted",
]

_PAPER: Final = {"A3": 8, "A4": 9}
_FIRST_DAY: Final = date(1900, 3, 1)  # before it Excel counts a 29 February 1900 that never was
# What stays possible on a protected sheet; sorting also needs that no cell of the range is locked or merged.
_ALLOWED: Final = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "objects": True,
    "scenarios": True,
}


def cell_name(row: int, column: int, *, fixed: bool = True) -> str:
    """Name a cell in a formula of a rule: ``$D9``, the column ``fixed``, or ``D9``."""
    return str(xl_rowcol_to_cell(row, column, col_abs=fixed))


def quoted(text: str) -> str:
    """Write a text as a formula of a rule has it: in quotes, those within doubled."""
    return '"' + limits.writable(text).replace("\n", " ").replace('"', '""') + '"'


class CheckedWorkbook:
    """A workbook in the making.

    ``formats`` names every cell format once; sheets refer to them by name. ``constant_memory`` is for sheets of
    hundreds of thousands of rows: rows must then be written in order, and parts go through files in ``scratch``, which
    is the caller's to empty where the work breaks off.
    """

    def __init__(
        self,
        properties: Properties,
        formats: Mapping[str, CellFormat],
        *,
        constant_memory: bool = False,
        scratch: str | None = None,
    ) -> None:
        self._target = BytesIO()
        how = {"constant_memory": True, "tmpdir": scratch} if constant_memory else {"in_memory": True}
        self._book = Workbook(self._target, how)
        self._in_order = constant_memory
        self._looks = formats
        self._formats: dict[str, Any] = {}
        self._styles: dict[str, int] = {}
        self._rules: dict[Rule, Any] = {}
        self._names: list[str] = []
        self._describe(properties)

    def sheet(self, name: str) -> "SheetWriter":
        """Add a sheet; make the name of foreign text with :func:`.limits.sheet_name`."""
        if limits.bad_sheet_name(name) or name.lower() in (taken.lower() for taken in self._names):
            raise SheetError(f"sheet name {name!r} is bad or taken")
        self._names.append(name)
        return SheetWriter(self, self._book.add_worksheet(name, GrowingSheet), in_order=self._in_order)

    def constant_name(self, name: str, text: str) -> None:
        """Add a defined name that stands for a constant text; no sheet shows it."""
        if not (name.isidentifier() and name.startswith("_")):  # any other may be taken for a cell's
            raise SheetError(f"{name!r} is no name")
        constant = limits.writable(text).replace("\n", " ").replace('"', '""')
        _fits(constant, limits.PROPERTY, "constant")
        _done(self._book.define_name(name, f'="{constant}"'), f"define_name {name!r}")

    def to_bytes(self) -> bytes:
        """Finish the workbook and give the bytes of the file; nothing can be written after.

        Raises:
            OSError: a temporary file of a large workbook cannot be written or read back.
        """
        try:
            self._book.close()
        except FileCreateError as fault:  # xlsxwriter's wrapping of the system's own error
            raise fault.args[0] if isinstance(fault.args[0], OSError) else fault from None
        finished = self._target.getvalue()
        # A sheet and what belongs to it refer to each other; emptied they go at once, not when garbage is looked for.
        for sheet in () if self._in_order else self._book.worksheets():
            vars(sheet).clear()
        return finished

    def discard(self) -> None:
        """Close the files of a workbook that is not to be finished, so that ``scratch`` can be emptied."""
        for sheet in self._book.worksheets() if self._in_order else ():
            sheet._opt_close()  # noqa: SLF001 - xlsxwriter has no other way

    def format(self, name: str) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Give xlsxwriter's format by its name in the table; ``KeyError`` where there is none."""
        made = self._formats.get(name)
        if made is None:
            made = self._formats[name] = self._book.add_format(self._looks[name].properties())
        return made

    def style(self, name: str) -> int:
        """Give the number that a format has in the file."""
        number = self._styles.get(name)
        if number is None:
            number = self._styles[name] = int(self.format(name)._get_xf_index())  # noqa: SLF001 - see sheet_rows
        return number

    def chart(self, sheet: str, chart: BarChart) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Make xlsxwriter's chart of a table on a sheet."""
        made = self._book.add_chart({"type": "bar"})
        font = {"size": 9} | ({"name": chart.font} if chart.font else {})
        made.add_series(
            {
                "categories": [sheet, *chart.names],
                "values": [sheet, *chart.values],
                "categories_data": [name for name, _ in chart.shown],
                "values_data": [value for _, value in chart.shown],
                "points": [{"fill": {"color": colour}} for colour in chart.colours],
                "data_labels": {"value": True, "font": font},
                "gap": 40,
            }
        )
        made.set_title({"name": chart.title, "name_font": font | {"bold": True}, "overlay": False})
        made.set_legend({"none": True})
        made.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        made.set_y_axis({"reverse": True, "num_font": font, "line": {"none": True}, "major_tick_mark": "none"})
        made.set_size({"width": chart.size[0], "height": chart.size[1]})
        return made

    def rule(self, rule: Rule) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Give xlsxwriter's format for a conditional format."""
        made = self._rules.get(rule)
        if made is None:
            made = self._rules[rule] = self._book.add_format(rule.properties())
        return made

    def _describe(self, properties: Properties) -> None:
        texts = {"subject": properties.subject, "author": properties.author, "keywords": properties.keywords}
        for text in (*texts.values(), *properties.custom.values()):
            _fits(text, limits.PROPERTY, "property")
        texts["title"] = limits.cut(properties.title, limits.PROPERTY, "…")
        written = {name: limits.writable(text) for name, text in texts.items() if text}
        self._book.set_properties({**written, "created": datetime.combine(properties.created, time())})
        for name, text in properties.custom.items():
            _done(self._book.set_custom_property(name, limits.writable(text), "text"), f"property {name!r}")


class SheetWriter:
    """Writes one sheet. Rows and columns count from 0, formats go by name."""

    def __init__(self, book: CheckedWorkbook, sheet: Any, *, in_order: bool) -> None:  # noqa: ANN401
        self._book = book
        self._sheet = sheet
        self._in_order = in_order
        self._row = 0

    def write_string(self, row: int, column: int, text: str, name: str) -> None:
        """Write a text as a text, whatever it looks like; an empty one is a blank."""
        text = limits.writable(text) if text else ""
        if not text:
            self.write_blank(row, column, name)
            return
        if row != self._row:
            self._reach(row)
        look = self._book.format(name)
        if text[0] == "<" and text.startswith("<r>") and text.endswith("</r>"):
            # xlsxwriter would copy it into the file as the XML of a rich text; in two pieces it is escaped.
            _done(self._sheet.write_rich_string(row, column, text[:3], look, text[3:], look), "write_rich_string")
        else:
            status = self._sheet._write_string(row, column, text, look)  # noqa: SLF001 - see sheet_rows
            if status:
                _done(status, "write_string")

    def write_row(self, row: int, values: Sequence[str | float], names: Sequence[str]) -> None:
        """Write a row from its first column on, as :meth:`write_string` and :meth:`write_number` would.

        In constant memory it is much faster than its cells one by one, and nothing else goes into the row: its height
        is set before.
        """
        if not self._in_order:
            for column, (value, name) in enumerate(zip(values, names, strict=True)):
                write = self.write_string if isinstance(value, str) else self.write_number
                write(row, column, value, name)  # type: ignore[arg-type] # the one for the value
            return
        for value in values:
            if not isinstance(value, str) and not math.isfinite(value):
                raise SheetError(f"{value} is no number for a cell")
        self._reach(row)
        cells = row_cells(row, zip(values, map(self._book.style, names), strict=True))
        _done(self._sheet.write_ready_row(row, cells, len(values) - 1), "write_row")
        self._row = row + 1

    def write_number(self, row: int, column: int, number: float, name: str) -> None:
        """Write a finite number."""
        if not math.isfinite(number):
            raise SheetError(f"{number} is no number for a cell")
        self._reach(row)
        _done(self._sheet.write_number(row, column, number, self._book.format(name)), "write_number")

    def write_date(self, row: int, column: int, day: date, name: str) -> None:
        """Write a day; one before March 1900, which Excel cannot count, as a text such as ``0226-03-31``."""
        if day < _FIRST_DAY:
            self.write_string(row, column, day.isoformat(), name)
            return
        self._reach(row)
        moment = datetime.combine(day, time())
        _done(self._sheet.write_datetime(row, column, moment, self._book.format(name)), "write_date")

    def write_blank(self, row: int, column: int, name: str) -> None:
        """Write an empty cell that has a format."""
        if row != self._row:
            self._reach(row)
        status = self._sheet._write_blank(row, column, None, self._book.format(name))  # noqa: SLF001 - as above
        if status:
            _done(status, "write_blank")

    def merge(self, area: Area, text: str, name: str) -> None:
        """Merge a range and write a text into it; a range of one cell is just written.

        Never inside a range that people sort: one merged cell there, and sorting is refused.
        """
        if self._in_order and area.bottom > area.top:
            raise SheetError("a merge over several rows needs a workbook in memory")
        if area[:2] != area[2:]:
            self._reach(area.top)
            try:
                _done(self._sheet.merge_range(*area, "", self._book.format(name)), "merge_range")
            except XlsxWriterException as fault:
                raise SheetError(str(fault)) from fault
        self.write_string(area.top, area.left, text, name)

    def row(
        self, row: int, height: float, name: str = "", *, grows: bool = False, level: int = 0, hidden: bool = False
    ) -> None:
        """Set a row's height in points, before its cells are written, and what its empty cells look like.

        A row that ``grows`` has this height until somebody types into it, and then the one its texts need; any other
        keeps it, and what is too long is cut off on the screen. ``level`` is the outline's.
        """
        self._reach(row)
        look = self._book.format(name) if name else None
        height = min(height, limits.ROW_HEIGHT)
        options = {"level": level, "hidden": hidden} if level or hidden else {}
        _done(self._sheet.set_row(row, height, look, options), "set_row")
        if grows:
            self._sheet.growing.add(row + 1)

    def columns(
        self, first: int, last: int, width: float, name: str = "", *, hidden: bool = False, level: int = 0
    ) -> None:
        """Set the width of columns in characters, and what cells look like that nobody wrote; ``level``: outline's."""
        look = self._book.format(name) if name else None
        options = {"hidden": True} if hidden else {}
        _done(self._sheet.set_column(first, last, width, look, options | ({"level": level} if level else {})), "column")

    def freeze(self, row: int, column: int) -> None:
        """Keep the rows above and the columns left of a cell in view."""
        self._sheet.freeze_panes(row, column)

    def autofilter(self, area: Area) -> None:
        """Put filter buttons on the first row of a range."""
        _done(self._sheet.autofilter(*area), "autofilter")

    def show_only(self, column: int, texts: Sequence[str]) -> None:
        """Set the filter of a column to these texts and to blanks; hide the other rows with :meth:`row`."""
        _done(self._sheet.filter_column_list(column, [*texts, "Blanks"]) or 0, "filter_column_list")

    def when(self, areas: Sequence[Area], formula: str, rule: Rule) -> None:
        """Add a conditional format to be tried after those before it; where it applies, no later one does.

        The formula speaks of the first cell of the first area, as Excel has it, and uses functions of Excel 2007.
        """
        options = {"type": "formula", "criteria": formula, "format": self._book.rule(rule), "stop_if_true": True}
        if len(areas) > 1:
            options["multi_range"] = " ".join(xl_range(*area) for area in areas)
        _done(self._sheet.conditional_format(*areas[0], options), "conditional_format")

    def choices(self, area: Area, texts: Sequence[str], prompt: str = "", title: str = "") -> None:
        """Offer a list of texts; anything else is warned of and may stay, for people paste."""
        _fits(",".join(texts), limits.LIST, "list")
        if any("," in text for text in texts):
            raise SheetError("a comma in a choice would split it")
        warning = f"请从下拉列表中选择：{'、'.join(texts)}。仍要保留所填内容吗？"
        options = {
            "validate": "list",
            "source": list(texts),
            "error_type": "warning",
            "error_title": "不在可选范围内",
            "error_message": limits.cut(warning, limits.PROMPT, "…"),
            **_prompted(prompt, title),
        }
        _done(self._sheet.data_validation(*area, options), "data_validation")

    def prompt(self, area: Area, prompt: str, title: str) -> None:
        """Show a hint beside the cells of a range while they are selected."""
        _done(self._sheet.data_validation(*area, {"validate": "any", **_prompted(prompt, title)}), "data_validation")

    def protect(self) -> None:
        """Protect the sheet without a password; sorting, filtering, rows and formats stay free."""
        self._sheet.protect("", dict(_ALLOWED))

    def numbers_as_text(self, area: Area) -> None:
        """Spare the cells of a range the green mark that Excel puts on numbers kept as texts."""
        _done(0 if self._sheet.ignore_errors({"number_stored_as_text": xl_range(*area)}) in (0, None) else -1, "ignore")

    def bars(self, row: int, column: int, chart: BarChart) -> None:
        """Put a chart over the sheet, its corner at a cell."""
        _done(self._sheet.insert_chart(row, column, self._book.chart(self._sheet.get_name(), chart)), "insert_chart")

    def hide_for_good(self) -> None:
        """Hide the sheet so that no menu of Excel offers to show it."""
        self._sheet.very_hidden()

    def page(self, page: Page) -> None:
        """Say how the sheet is printed."""
        _fits(page.header, limits.FOOTER, "header")
        _fits(page.footer, limits.FOOTER, "footer")
        self._sheet.set_paper(_PAPER[page.paper])
        (self._sheet.set_landscape if page.landscape else self._sheet.set_portrait)()
        self._sheet.set_margins(*[page.margin] * 4)
        self._sheet.set_header(page.header, {"margin": page.margin / 2})
        self._sheet.set_footer(page.footer, {"margin": page.margin / 2})
        self._sheet.center_horizontally()
        if page.scale:
            self._sheet.set_print_scale(page.scale)
        else:
            self._sheet.fit_to_pages(*page.pages)
        if page.area:
            _done(self._sheet.print_area(*page.area) or 0, "print_area")
        if page.repeated:
            _done(self._sheet.repeat_rows(*page.repeated) or 0, "repeat_rows")
        if page.repeated_columns:
            _done(self._sheet.repeat_columns(*page.repeated_columns) or 0, "repeat_columns")

    def _reach(self, row: int) -> None:
        """See to it that rows come in order where xlsxwriter would silently lose one that comes late."""
        if self._in_order and row < self._row:
            raise SheetError(f"row {row} comes after row {self._row} was written")
        self._row = row


def _prompted(prompt: str, title: str) -> dict[str, str]:
    if not prompt:
        return {}
    _fits(prompt, limits.PROMPT, "prompt")
    _fits(title, limits.PROMPT_TITLE, "title of a prompt")
    return {"input_title": title, "input_message": prompt}


def _fits(text: str, most: int, what: str) -> None:
    if limits.length(text) > most:
        raise SheetError(f"a {what} of {limits.length(text)} characters; at most {most} are possible")


def _done(status: int, what: str) -> None:
    """Turn xlsxwriter's quiet refusals into exceptions."""
    if status:
        raise SheetError(f"xlsxwriter refused {what}: {status}")
