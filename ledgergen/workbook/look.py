"""The look of a text in a cell: how many lines it takes, and so how high its row must be.

xlsxwriter does not fit rows, and LibreOffice believes the heights that a file declares, so every height is computed,
once as LibreOffice 7.4 was seen to lay texts out and once as Excel does; the higher one counts. The model may waste a
little and must never clip.

In LibreOffice on machines without the Windows fonts, where Noto CJK stands in:

- a Chinese character is 1 em wide, any other as wide as in the widest of Noto Serif CJK, Noto Sans CJK and DejaVu Sans;
- a column of ``width`` characters is 7 · width + 5 pixels wide (ECMA-376 part 1, 18.3.1.13) and a little more; texts
  keep 0.35 mm from either side, and their size is rounded to whole pixels;
- a line is as high as ascent and descent of Noto Sans CJK, each rounded to whole pixels; a cell needs 2 pixels more.

In Excel with 仿宋 or 宋体: Latin characters are half an em wide, 5 pixels of a column are padding and grid line, and a
line is at most 1.3 em high.

In both no closing mark begins a line and no opening mark ends one (the lists of LibreOffice's Chinese rules; Excel's
are shorter), and a Latin word is never broken unless it is longer than a line, an address or a number where LibreOffice
would. A cell gets 6 points above its lines.
"""

import functools
import itertools
import math
import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, TypeAlias

from ledgergen.workbook.limits import ROW_HEIGHT

CELL_PADDING: Final = 6.0
_PIXELS_PER_POINT: Final = 96 / 72
_PIXELS_PER_CHARACTER: Final = 7
_COLUMN_PADDING: Final = 5  # pixels
_CELL_SIDES: Final = 2.65  # pixels that LibreOffice keeps free: 0.35 mm twice
_STRETCH: Final = 1.01  # LibreOffice's columns are up to 1.35 % wider than declared
_ASCENT: Final = 1.16  # em, of Noto Sans CJK; Serif has less of both
_DESCENT: Final = 0.288
_LEAST_LINE: Final = 1.43  # em: what rounding at another resolution may make of it
_EXCEL_LINE: Final = 1.3  # em
_NARROW: Final = 3.0  # em: in narrower columns a broken word loses more than the model knows
_LOST: Final = 0.25  # em a line

_OPENING: Final = r"$(\[{£¥№‘“〈《「『【〔〖〝﹙﹛﹝＄（［｛￡￥"
_CLOSING: Final = r"!%),.:;?\]}¢°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞—～﹚﹜﹞！＂％＇），．：；？］｀｜｝￠"
_WIDE_LATIN: Final = "０-９Ａ-Ｚａ-ｚ"
# A run of Latin letters, digits and marks; else everything from U+2000 on is a wide character of its own. An apostrophe
# within a word is part of it; so LibreOffice 7.4 was seen to lay O’Neil out, and Ａ4.
_LATIN: Final = rf"(?:[\x21-\u1fff{_WIDE_LATIN}]|(?<=[A-Za-z])’(?=[A-Za-z]))+"
# Digits and letters stay with the closing mark before them: so LibreOffice 7.4 breaks 坚持。2022年, as seen.
_PIECE: Final = (
    rf" +|[{_OPENING}]*(?:{_LATIN}(?:(?<=\+)[^ ])?|[^ ])"
    rf"(?:[{_CLOSING}]+(?:{_LATIN})?)*"
)
# Most of a text is wide characters between any two of which a line may break: such a run is taken at once.
_RUN_OR_PIECE: Final = re.compile(
    rf"((?:(?![\x00-\u1fff{_WIDE_LATIN}{_OPENING}{_CLOSING}\U0001f000-\U0010ffff]).)+(?![{_CLOSING}]))|({_PIECE})"
)
# Where an address or a number may be broken: one of these ways, by what is around it (UAX #14, and LibreOffice 7.4 as
# seen); the one that takes most lines counts.
_PARTS: Final = (
    re.compile(r".*?(?:[/?](?![0-9/?])|$)", re.DOTALL),
    re.compile(r".*?(?:[/?](?![0-9/?])|-(?=[0-9A-Za-z])|$)", re.DOTALL),
    re.compile(r".*?(?:[/?]|-(?=[0-9A-Za-z])|$)", re.DOTALL),
    re.compile(r".*?(?:-|$)", re.DOTALL),
)
_DIGITS: Final = re.compile(r"[1-9]")
_BREAKS: Final = re.compile(r"[/?-]")
_ASCII: Final[Mapping[str, float]] = {
    character: width
    for width, characters in {
        0.28: "'",
        0.34: " ,.:;ijl|",
        0.4: "-()/[]\\ft",
        0.42: "!I",
        0.5: '"r*',
        0.56: "?Jcsz_",
        0.6: "vxy",
        0.62: "`aeko",
        0.64: "$FLSbdgpq{}",
        0.67: "0123456789EPTu",
        0.7: "BCYZhn",
        0.74: "AKRVX",
        0.8: "&DGNOQU",
        0.84: "#+<=>^w~",
        0.86: "H",
        0.98: "%Mm",
        1.0: "@W",
    }.items()
    for character in characters
}
_HALF: Final[Mapping[str, float]] = dict.fromkeys(_ASCII, 0.55)
_EMOJI: Final = "\U0001f000"
_WIDEST: Final = 1.36  # em, of any character: a tab is four blanks, an emoji a little less


_Pieces: TypeAlias = list[tuple[str, str]]


class _Measure(NamedTuple):
    """How texts are measured: the widths of ASCII characters, and of a line in em; others are 1 em wide."""

    widths: Mapping[str, float]
    room: float


def lines_of(text: str, width_chars: float, points: float) -> int:
    """Count the lines a text takes in a column of ``width_chars`` characters at ``points``; at least 1.

    Never too few, perhaps one too many.
    """
    pieces = _pieces(text)
    return max(_lines(pieces, measure) for measure in _measures(width_chars, points))


def height_of_lines(lines: int, points: float) -> float:
    """Give the height in points that so many lines need, before Excel's cap."""
    return lines * _line_height(points) + CELL_PADDING


def row_height(cells: Iterable[tuple[str, float, float, int]]) -> float:
    """Give the height in points of a row of cells: text, column width in characters, points, lines kept free at least.

    Whole pixels (multiples of 0.75 points), at most 409 points, which is Excel's own limit.
    """
    height = 0.0
    for text, width, points, least in cells:
        if len(text) <= fitting(width, points) and "\n" not in text:
            needed = _line_height(points)
        else:
            needed = _text_height(text, width, points)  # a plan's texts come again in the ledger of every unit
        height = max(height, needed, least * _line_height(points))
    return min(math.ceil((height + CELL_PADDING) * _PIXELS_PER_POINT) / _PIXELS_PER_POINT, ROW_HEIGHT)


@functools.cache
def fitting(width_chars: float, points: float) -> int:
    """Give how many characters, whatever they are but line ends, surely fit into one line."""
    return int(min(measure.room for measure in _measures(width_chars, points)) / _WIDEST)


@functools.lru_cache(maxsize=1 << 13)
def _text_height(text: str, width_chars: float, points: float) -> float:
    # All digits are equally wide and break alike, and thousands of addresses and dates differ in nothing else.
    return _height_of(_DIGITS.sub("0", text), width_chars, points)


@functools.lru_cache(maxsize=1 << 13)
def _height_of(text: str, width_chars: float, points: float) -> float:
    libreoffice, excel = _measures(width_chars, points)
    pieces = _pieces(text)
    return max(_lines(pieces, libreoffice) * _line_height(points), _lines(pieces, excel) * points * _EXCEL_LINE)


@functools.cache
def _measures(width_chars: float, points: float) -> tuple[_Measure, _Measure]:
    pixels, size = width_chars * _PIXELS_PER_CHARACTER, points * _PIXELS_PER_POINT
    room = ((pixels + _COLUMN_PADDING) * _STRETCH - _CELL_SIDES) / round(size)
    return _Measure(_ASCII, room), _Measure(_HALF, pixels / size)


@functools.cache
def _line_height(points: float) -> float:
    pixels = round(points * _PIXELS_PER_POINT)
    high = round(pixels * _ASCENT) + round(pixels * _DESCENT)
    return max(high / _PIXELS_PER_POINT, points * _LEAST_LINE)


def _pieces(text: str) -> list[_Pieces]:
    """Give the pieces of each paragraph between which a line may break: pairs of a run of wide characters or a piece.

    Of the two in a pair one is empty.
    """
    return [_RUN_OR_PIECE.findall(paragraph.replace("\t", "    ")) for paragraph in text.split("\n")]


def _lines(paragraphs: Iterable[_Pieces], measure: _Measure) -> int:
    return sum(_lines_of_paragraph(paragraph, measure) for paragraph in paragraphs)


def _lines_of_paragraph(pieces: _Pieces, measure: _Measure) -> int:
    """Pack the pieces between which a line may break."""
    most = int(measure.room)  # wide characters in a line
    lines, used = 1, 0.0
    for run, piece in pieces:
        if run and most:
            left = len(run) - max(min(int(measure.room - used), len(run)), 0)
            more = -(-left // most)
            lines, used = lines + more, left - (more - 1) * most if more else used + len(run)
        else:
            for each in run or (piece,):
                lines, used = _placed(each, (lines, used), measure)
    return lines


def _placed(piece: str, so_far: tuple[int, float], measure: _Measure) -> tuple[int, float]:
    """Put a piece behind what there is; gives the lines, and how much of the last is used."""
    (lines, used), room = so_far, measure.room
    width = _width_of(piece, measure.widths)
    if used + width <= room:
        return lines, used + width
    if piece == " ":
        return lines, room  # one blank at the end of a line hangs over its edge
    if width <= room and not _BREAKS.search(piece):
        return lines + 1, width
    return _broken(piece, so_far, measure)


def _broken(piece: str, so_far: tuple[int, float], measure: _Measure) -> tuple[int, float]:
    """Break a piece that does not fit into what is left of a line; gives the lines, and how much of the last is used.

    One that is longer than a line begins a new one.
    """
    lines, used = so_far
    if used and _width_of(piece, measure.widths) > measure.room:
        lines, used = lines + 1, 0.0
    ways = _PARTS if _BREAKS.search(piece) else _PARTS[:1]
    return max(_packed(way.findall(piece), (lines, used), measure) for way in ways)


def _packed(parts: Iterable[str], so_far: tuple[int, float], measure: _Measure) -> tuple[int, float]:
    (lines, used), room = so_far, measure.room
    place = room if room > _NARROW else max(room - _LOST, 1.0)
    for part in parts:
        width = _width_of(part, measure.widths)
        if used + width <= room:
            used += width
            continue
        if used:
            lines, used = lines + 1, 0.0
        if width <= room:
            used = width
            continue
        for character in part:  # anywhere now
            wide = _width_of(character, measure.widths)
            if used and used + wide > place:
                lines, used = lines + 1, 0.0
            used += wide
    return lines, used


def _width_of(piece: str, widths: Mapping[str, float]) -> float:
    """Give the width of a piece in em."""
    if len(piece) == 1:
        return widths.get(piece, 1.0) if piece < _EMOJI else 1.3
    if piece.isascii():  # an address: most of what has to be broken
        return sum(map(widths.get, piece, itertools.repeat(1.0)))
    return sum(widths.get(character, 1.0) if character < _EMOJI else 1.3 for character in piece)
