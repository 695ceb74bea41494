"""How the days in a workbook are shown: a time limit typed as a date reads 2025年6月30日, or 6月30日, as formatted."""

import io
import re
from datetime import date
from typing import Final

from ledgergen.workbook.grid import Workbook

_TOKENS: Final = re.compile(r'"([^"]*)"|\\(.)|(y{2,4}|e)|(m{1,2})|(d{1,2})|([年月日/.\-])', re.IGNORECASE)
_LOCALE: Final = re.compile(r"\[[^\]]*\]")
_CHINESE: Final = 'yyyy"年"m"月"d"日"'
# What Excel shows for the formats it knows by their numbers, in a Chinese environment.
_KNOWN: Final = {"mm-dd-yy": "yyyy/m/d", "general": _CHINESE}


def shown_days(data: bytes, workbook: Workbook) -> dict[str, dict[tuple[int, int], str]]:
    """Give the days of a workbook as they are shown, by sheet and place; openpyxl is asked only where there are any."""
    if not any("d" in grid.kinds.values() for grid in workbook.grids):
        return {}
    formats = _formats(data, workbook) if workbook.format == "xlsx" else {}
    return {
        grid.name: {
            place: shown
            for place, kind in grid.kinds.items()
            if kind == "d" and (shown := shown_day(grid.text(*place), formats.get((grid.name, *place), _CHINESE)))
        }
        for grid in workbook.grids
    }


def shown_day(written: str, code: str) -> str:
    """Show an ISO day in a number format; empty where it is none."""
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        return ""
    plain = _LOCALE.sub("", _KNOWN.get(code.lower(), code)).partition(";")[0]
    parts = [_part(token, day) for token in _TOKENS.finditer(plain)]
    return "".join(parts) if any(token[3] or token[4] for token in _TOKENS.finditer(plain)) else ""


def _part(token: re.Match[str], day: date) -> str:
    literal, escaped, year, month, number, mark = token.groups()
    if year:
        return f"{day.year:04}" if len(year) != 2 else f"{day.year % 100:02}"  # noqa: PLR2004 - yy
    if month:
        return f"{day.month:0{len(month)}}"
    if number:
        return f"{day.day:0{len(number)}}"
    return literal or escaped or mark or ""


def _formats(data: bytes, workbook: Workbook) -> dict[tuple[str, int, int], str]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=False)
    found = {}
    for grid in workbook.grids:
        for (row, column), kind in grid.kinds.items():
            if kind == "d" and grid.name in book.sheetnames:
                cell = book[grid.name].cell(row + 1, column + 1)
                found[grid.name, row, column] = str(cell.number_format)
    return found
