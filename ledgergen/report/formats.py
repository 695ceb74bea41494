"""The cell formats of the reports, in one table: few, and each with a name."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from ledgergen.report.wording import LIGHTS
from ledgergen.state.entries import CONTINUING, DONE, NOT_CONCERNED, NOT_RETURNED, NOT_STARTED, UNDER_WAY
from ledgergen.state.light import Colour
from ledgergen.workbook.layout import Style
from ledgergen.workbook.sheets import CellFormat

BODY: Final = 11.0
LINE: Final = "#A6A6A6"
_GREY: Final = "#595959"
_HEAD_FILL: Final = "#E7ECF2"
_AS_TYPED: Final = "@"  # Excel would make a number of a telephone number and a date of 3.31, once a cell is edited
_FILLS: Final = {
    DONE: "#C9E7CF",
    CONTINUING: "#D6E6F5",
    UNDER_WAY: "#FFF2CC",
    NOT_STARTED: "#F8CFB4",
    NOT_CONCERNED: "#EDEDED",
    NOT_RETURNED: "",
}
_RED: Final = "#C00000"
INPUT_FILL: Final = "#FFFBE6"  # where the office itself writes
LIGHT_FILLS: Final[Mapping[Colour, str]] = {
    Colour.RED: "#F2A7A0",
    Colour.YELLOW: "#FFE48A",
    Colour.GREEN: "#BFE3C6",
    Colour.GREY: "#E4E4E4",
}


def report_formats(style: Style) -> Mapping[str, CellFormat]:
    """Give every format of a status workbook by name; fonts are the ledger's own."""
    text = CellFormat(style.body_font, BODY, border=LINE, number=_AS_TYPED)
    mid = replace(text, align="center")
    count = replace(mid, number="General")
    header = CellFormat(style.header_font, BODY, align="center", border=LINE, fill=_HEAD_FILL)
    note = CellFormat(style.body_font, 10, sides=(), colour=_GREY)
    formats = {
        "title": CellFormat(style.title_font, 20, align="center", sides=()),
        "note": note,
        "plain": replace(note, size=BODY, colour=""),
        "note_mid": replace(note, align="center"),
        "header": header,
        "stacked": replace(header, size=10, stacked=True, vertical="top"),
        "text": text,
        "mid": mid,
        "small": replace(mid, font="", size=8, colour=_GREY),
        "state": mid,
        "light": mid,
        "input": replace(text, fill=INPUT_FILL),
        "tight": replace(text, size=10),
        "tight_mid": replace(mid, size=10),
        "tight_header": replace(header, size=10),
        "count": count,
        "share": replace(count, number="0.0%"),
        "section": CellFormat(style.header_font, 13, sides=()),
        "conclusion": CellFormat(style.body_font, 13, bold=True, sides=()),
        "total": replace(count, bold=True),
        "total_share": replace(count, bold=True, number="0.0%"),
        "none": replace(count, size=10),
    }
    for state, fill in _FILLS.items():
        formats[state_format(state)] = replace(mid, fill=fill)
    for colour, fill in LIGHT_FILLS.items():
        sign = replace(count, size=10, fill=fill)
        formats[sign_format(colour)] = sign
        formats[sign_format(colour, lead=True)] = replace(sign, font=style.header_font, bold=True)
        formats[light_format(LIGHTS[colour])] = replace(mid, fill=fill)
    return MappingProxyType(formats)


def sign_format(colour: Colour, *, lead: bool = False) -> str:
    """Name the format of a state's sign in the matrix, in the colour of its light; a lead's stands out."""
    return f"lead {colour}" if lead else f"sign {colour}"


def state_format(state: str) -> str:
    """Name the format of a cell that holds a state in words."""
    return f"state {state}"


def light_format(word: str) -> str:
    """Name the format of a cell that holds a light's colour in words."""
    return f"light {word}"
