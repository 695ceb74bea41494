"""What the columns of an office's own form are: by the clerk's answer, by their titles, else a column of its own.

Nothing is guessed. A title that only looks like a known one, and two that claim the same, are findings that say what to
write under ``columns:``; a title that nobody knows makes a column of plain text that the units may fill.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ledgergen.findings import Finding, finding
from ledgergen.workbook.codes import normalised
from ledgergen.workbook.layout import OFFICE_COLUMNS, TASK_COLUMNS, Asked, Column, Kind, Layout
from ledgergen.workbook.own_form_header import Header, Title
from ledgergen.workbook.own_form_sheet import OwnSheet, Terms

OWN_TEXT: Final = "text"  # what a clerk answers for a column of the form's own
CODE_TITLES: Final = ("编码", "台账编码", "行编码")
_CODE_WIDTH: Final = 11.0
_NARROWEST, _WIDEST = 2.0, 80.0  # what a layout file may say
_LINES: Final = 2  # kept free in an empty cell of a column of the form's own


def columns_of(sheet: OwnSheet, terms: Terms, header: Header) -> tuple[tuple[tuple[Column, int], ...], list[Finding]]:
    """Give the form's columns in its order, each with its place, and what is unsure.

    What a column holds and when it is asked comes from ``like``; its title and width from the form.
    """
    like = terms.like.whole or terms.like
    known = {column.id for column in like.columns} | set(OFFICE_COLUMNS)
    findings = list(_answer_faults(sheet, terms, header, known))
    ids, doubts = _ids(sheet, terms, header, known)
    findings += [*doubts, *_task_faults(sheet, terms, header, ids)]
    titles = _distinct(header.titles)
    twice = [title for title in header.titles if list(titles.values()).count(titles[title.column]) > 1]
    findings += [
        finding("form-title-twice", terms.where(sheet.name, title.cell), title=title.whole) for title in twice[1:]
    ]
    columns = tuple(
        (_column(sheet, title, ids[title.column], titles[title.column], like), title.column) for title in header.titles
    )
    return _only_there(columns), findings


def code_column(columns: Sequence[tuple[Column, int]]) -> Column:
    """Make the column of the codes, with a title that no other has."""
    taken = {normalised(column.title) for column, _ in columns}
    title = next(each for each in (*CODE_TITLES, "ledgergen") if normalised(each) not in taken)
    return Column("code", title, _CODE_WIDTH)


def number_column(columns: Sequence[tuple[Column, int]]) -> Column:
    """Make a column of numbers for a form without one: a layout has one, and this form does not show it."""
    taken = {normalised(column.title) for column, _ in columns}
    return Column("seq", next(each for each in ("序号", "行号", "no") if normalised(each) not in taken), 5)


def _ids(sheet: OwnSheet, terms: Terms, header: Header, known: set[str]) -> tuple[dict[int, str], list[Finding]]:
    """Decide each column's id: answers first, then titles that are sure, then questions."""
    answers = {normalised(key): value for key, value in terms.setting.columns.items()}
    ids: dict[int, str] = {}
    for title in header.titles:
        answer = answers.get(normalised(title.whole)) or answers.get(normalised(title.text))
        if answer:
            ids[title.column] = answer if answer in known else OWN_TEXT
    answered = set(ids.values())
    findings: list[Finding] = []
    for title in header.titles:
        if title.column in ids:
            continue
        found = terms.words.column(title.text) or terms.words.column(title.whole)
        if found not in known or found in answered:
            continue
        rival = next((each for each in header.titles if ids.get(each.column) == found), None)
        if rival is None:
            ids[title.column] = found
        else:
            where = terms.where(sheet.name, title.cell)
            findings.append(finding("form-column-claimed", where, title=title.text, other=rival.text, id=found))
            ids[title.column] = OWN_TEXT
    findings += _unknown(sheet, terms, header, ids)
    return {column: _settled(column_id, ids) for column, column_id in ids.items()}, findings


def _settled(column_id: str, ids: Mapping[int, str]) -> str:
    """A form with one column for a task's name and requirement shows both in it."""
    alone = column_id == "task" and "requirement" not in ids.values()
    return "task_full" if alone else column_id


def _unknown(sheet: OwnSheet, terms: Terms, header: Header, ids: dict[int, str]) -> Iterator[Finding]:
    """Ask about titles that are like known ones; the others make columns of the form's own."""
    taken = set(ids.values()) | ({"task"} if "task_full" in ids.values() else set())
    for title in header.titles:
        if title.column in ids:
            continue
        ids[title.column] = OWN_TEXT
        where = terms.where(sheet.name, title.cell)
        if near := terms.words.near(title.text, taken):
            yield finding("form-title-near", where, title=title.text, id=near[0], ids=", ".join(near))
        else:
            yield finding("form-column-own", where, title=title.whole)


def _answer_faults(sheet: OwnSheet, terms: Terms, header: Header, known: set[str]) -> Iterator[Finding]:
    there = {normalised(text) for title in header.titles for text in (title.text, title.whole)}
    taken: dict[str, str] = {}
    for title, column_id in terms.setting.columns.items():
        where = terms.where(sheet.name)
        if normalised(title) not in there:
            names = "、".join(each.text for each in header.titles)
            yield finding("form-answer-title", where, title=title, names=names)
        if column_id != OWN_TEXT and column_id not in known:
            yield finding("form-answer-id", where, title=title, id=column_id, ids=", ".join([OWN_TEXT, *sorted(known)]))
        elif column_id != OWN_TEXT and column_id in taken:
            yield finding("form-column-claimed", where, title=title, other=taken[column_id], id=column_id)
        taken[column_id] = title


def _task_faults(sheet: OwnSheet, terms: Terms, header: Header, ids: Mapping[int, str]) -> Iterator[Finding]:
    """Rows are known by their task; a form that shows neither its name nor what it requires shows nothing."""
    if not {*TASK_COLUMNS, "requirement"} & set(ids.values()):
        names = "、".join(title.text for title in header.titles)
        yield finding("form-no-task", terms.where(sheet.name, header.titles[0].cell), names=names)


def _distinct(titles: Sequence[Title]) -> dict[int, str]:
    """Give each column the shortest title that is its own: without its groups where no other is called so."""
    short = [normalised(title.text) for title in titles]
    return {title.column: title.text if short.count(normalised(title.text)) == 1 else title.whole for title in titles}


def _column(sheet: OwnSheet, title: Title, column_id: str, called: str, like: Layout) -> Column:
    width = min(max(sheet.width(title.column), _NARROWEST), _WIDEST)
    if column_id == OWN_TEXT:
        return Column(_own_id(called), called, width, asked=Asked.EXCEPTION, lines=_LINES)
    model = like.find(column_id)
    if model is None:  # one that the product fills and that layout does not show
        return Column(column_id, called, width)
    return replace(model, title=called, width=width)


def _own_id(title: str) -> str:
    """Derive the id of a column of the form's own from its title, so that it is the same in every round."""
    return f"own_{hashlib.sha256(normalised(title).encode()).hexdigest()[:8]}"


def _only_there(columns: tuple[tuple[Column, int], ...]) -> tuple[tuple[Column, int], ...]:
    """Drop conditions that speak of columns which this form does not have."""
    there = {column.id for column, _ in columns}
    return tuple(
        (
            replace(column, required_when={}) if set(column.required_when) - there else column,
            index,
        )
        for column, index in columns
    )


def unknown_choices(
    sheet: OwnSheet, terms: Terms, row: int, columns: Sequence[tuple[Column, int]]
) -> Iterator[Finding]:
    """Name the answers of the form's own lists that would not be read as any answer."""
    for column, index in columns:
        if column.kind is Kind.CHOICE:
            spellings = {normalised(each) for choice in column.choices for each in (choice.text, *choice.also)}
            strange = [text for text in sheet.choices(row, index) if normalised(text) not in spellings]
            if strange:
                where = terms.where(sheet.name)
                texts, known = "、".join(strange), "、".join(choice.text for choice in column.choices)
                yield finding("form-choice-unknown", where, title=column.title, texts=texts, choices=known)
