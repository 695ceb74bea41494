"""A round for tests, step by step: ledgers issued, files that came back; with the real records and fold."""

import functools
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import openpyxl

import clerk
from ledgergen.findings import Finding
from ledgergen.records import Book, BookRow, Role
from ledgergen.report.facts import ReportFacts
from ledgergen.returns.decisions import Act, Decision, How, Parcel, Return, RowReturn, Verdict
from ledgergen.returns.shelf import Issued
from ledgergen.state.fold import State, fold
from ledgergen.state.history import History
from ledgergen.state.picture import Grounds, Picture, picture
from ledgergen.state.progress import Progress, progress
from ledgergen.workbook.codes import book_number, book_token, row_code
from ledgergen.workbook.grid import cell_name, unescaped
from ledgergen.workbook.layout import Layout

CAMPAIGN = "zichuan-2022"
ROUND = "2022Q2"
FACTS = ReportFacts(
    campaign=CAMPAIGN,
    name="2022年淄川区政务公开",
    round_id=ROUND,
    round_name="2022年第二季度",
    opens=date(2022, 6, 15),
    due=date(2022, 7, 10),
    until="2022-07-12T03:00:00.000Z",
    plan_title="淄川区2022年政务公开工作实施方案",
    contact_office="区政府办公室",
    contact_phone="0000-0000000",
)
AS_OF = date(2022, 7, 14)
FIRST_ROW = 9  # of the body in the ledgers that these tests pretend to have got back


zichuan = functools.cache(clerk.zichuan)


def plan_texts(task: str) -> dict[str, str]:
    """Give what the plan says of a task."""
    return {
        "plan_no": task,
        "task": f"任务{task}",
        "requirement": f"第{task}项工作要求：及时公开有关信息，按季度公布进展情况",
        "time_limit": "长期坚持",
    }


@dataclass
class Told:
    """A round in the making."""

    round_id: str = ROUND
    layout: Layout = field(default_factory=zichuan)
    issued: list[Issued] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)

    def issue(
        self,
        unit: str,
        tasks: Mapping[str, Role | tuple[Role, int]],
        prefilled: Mapping[str, Mapping[str, str]] | None = None,
        texts: Mapping[str, Mapping[str, str]] | None = None,
    ) -> "Told":
        """Issue a unit's ledger: its tasks with role, or role and number of measures."""
        token = book_token(CAMPAIGN, self.round_id, unit)
        rows: list[BookRow] = []
        for task, what in tasks.items():
            role, measures = what if isinstance(what, tuple) else (what, 1)
            office = (texts or {}).get(task) or plan_texts(task)
            for number in range(1, measures + 1):
                code = row_code(token, task, str(number))
                own = {"seq": str(len(rows) + 1), "code": code, "role": self.layout.roles[role]}
                own |= (prefilled or {}).get(task, {})
                rows.append(BookRow(task, str(number), code, role, office, own))
        book = Book(
            CAMPAIGN, self.round_id, unit, token, "4TXA", book_number(token, "4TXA"), f"{unit}台账", tuple(rows)
        )
        name = f"{unit}_2022年第二季度.xlsx"
        self.issued.append(Issued(book, self.layout, _hash("issued", unit), name, "2022-06-15T01:00:00.000Z"))
        return self

    def returns(  # noqa: PLR0913 - all that a return may differ in
        self,
        unit: str,
        filled: Mapping[str | tuple[str, str], Mapping[str, str]],
        *,
        name: str = "",
        collected: str = "2022-07-08T02:00:00.000Z",
        received: str = "",
        sender: str = "",
        head: Mapping[str, str] | None = None,
        findings: tuple[Finding, ...] = (),
        reason: str = "codes",
    ) -> "Told":
        """Let a unit's file come back: by task, or task and measure, the texts by column id."""
        book = next(item.book for item in self.issued if item.book.unit == unit)
        rows = tuple(self._row(book, key, texts) for key, texts in filled.items())
        returned = Return(
            book.token,
            book.edition,
            unit,
            self.round_id,
            self.layout.sheet,
            reason,
            rows=rows,
            head={item: Decision(Act.SET, text, text, "C4") for item, text in (head or {}).items()},
            matched=len(book.rows),
        )
        name = name or f"{unit}.xlsx"
        sha256 = _hash(unit, name, repr(filled), repr(head))
        self.parcels.append(
            Parcel(sha256, name, collected, Verdict.ACCEPTED, received, sender, (returned,), findings=findings)
        )
        return self

    def arrives(
        self,
        name: str,
        verdict: Verdict,
        *findings: Finding,
        collected: str = "2022-07-09T02:00:00.000Z",
        sha256: str = "",
    ) -> "Told":
        """Let a parcel without a return come in."""
        self.parcels.append(Parcel(sha256 or _hash(name), name, collected, verdict, findings=findings))
        return self

    @property
    def state(self) -> State:
        """Fold it."""
        return fold(History(tuple(self.issued), tuple(self.parcels)))

    @property
    def progress(self) -> Progress:
        """Give its states."""
        return progress(self.state, self.round_id)

    @property
    def picture(self) -> Picture:
        """Give it with its lights, as it stood on the day of the facts."""
        return picture(self.state, self.round_id, AS_OF, Grounds(due=FACTS.due))

    def _row(self, book: Book, key: str | tuple[str, str], texts: Mapping[str, str]) -> RowReturn:
        task, measure = key if isinstance(key, tuple) else (key, "1")
        places = [(row.task, row.measure) for row in book.rows]
        known = (task, measure) in places
        place = FIRST_ROW + (places.index((task, measure)) if known else len(places))
        ids = [column.id for column in self.layout.columns]
        cells = {
            name: Decision(Act.SET, text, self._value(name, text), cell_name(place, ids.index(name)))
            for name, text in texts.items()
        }
        return RowReturn(task, measure, place + 1, How.CODE if known else How.NEW, cells)

    def _value(self, name: str, text: str) -> str | None:
        choices = self.layout.column(name).choices
        if not choices:
            return text
        return next((choice.text for choice in choices if text in (choice.text, *choice.also)), None)


def read_back(data: bytes) -> Any:  # noqa: ANN401 - openpyxl's own types are in the way of tests
    """Open a workbook with openpyxl, which is not what wrote it."""
    return openpyxl.load_workbook(io.BytesIO(data))


def table(data: bytes, sheet: str, header: int = 3) -> list[dict[str, Any]]:
    """Read a sheet's table: a dict by column title for each row; blank cells are ''.

    openpyxl leaves the format's own escapes of texts such as ``_x0041_`` as they are; every client decodes them.
    """
    rows = list(read_back(data)[sheet].iter_rows(min_row=header, values_only=True))
    titles = [str(title) for title in rows[0]]
    return [{title: _value(value) for title, value in zip(titles, row, strict=True)} for row in rows[1:]]


def _value(value: Any) -> Any:  # noqa: ANN401 - whatever stands in the cell
    return unescaped(value) if isinstance(value, str) else "" if value is None else value


def _hash(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
