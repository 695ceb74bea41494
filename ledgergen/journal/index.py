"""The index: the journal's facts as tables, for questions that a walk over all events would answer slowly.

Nothing is only here. It lies in the user's cache folder, never beside the journal: a folder that is synced or copied
file by file under a busy writer gave malformed databases in most tries, and WAL does not open in a read-only folder
(safety rules, "Journal and originals"). What is lost, malformed, ahead of the journal or behind it is built again.

The only module that imports SQLAlchemy, which costs every command that needs no index 0.16 s of start.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import sqlalchemy as sa
from platformdirs import user_cache_path
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from ledgergen.errors import Surroundings
from ledgergen.journal.events import Event
from ledgergen.journal.lock import held
from ledgergen.journal.standing import standing

# Raise it when a table or the meaning of a row changes: an older index is then no prefix of anything.
_SHAPE: Final = b"ledgergen index 1"
_PATIENCE: Final = 10.0  # seconds for another ledgergen to finish its rebuilding; else this one works in memory


class _AnyText(sa.types.TypeDecorator[str]):
    """Text that may hold lone surrogates (file names in GBK as read from the disk), which SQLite's UTF-8 refuses."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> Any:  # noqa: ANN401, ARG002 - SQLAlchemy's
        """Store such a text, and only such a one, as bytes."""
        try:
            (value or "").encode()
        except UnicodeEncodeError:
            return (value or "").encode(errors="surrogatepass")
        return value

    def process_result_value(self, value: Any, dialect: object) -> str | None:  # noqa: ANN401, ARG002 - as above
        """Read both back."""
        return value.decode(errors="surrogatepass") if isinstance(value, bytes) else value


_tables: Final = sa.MetaData()
_applied: Final = sa.Table(
    "applied", _tables, sa.Column("sequence", sa.Integer, nullable=False), sa.Column("digest", sa.Text, nullable=False)
)
_event: Final = sa.Table(
    "event",
    _tables,
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("kind", _AnyText, nullable=False),
    sa.Column("at", _AnyText, nullable=False),
    sa.Column("who", _AnyText, nullable=False),
    sa.Column("cancelled", sa.Boolean, nullable=False),
)
_parcel: Final = sa.Table(
    "parcel",
    _tables,
    sa.Column("sha256", _AnyText, primary_key=True),
    sa.Column("name", _AnyText, primary_key=True),
    sa.Column("verdict", _AnyText, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sqlite_with_rowid=False,  # the key is nearly the whole row: half the size
)
_book: Final = sa.Table(
    "book",
    _tables,
    sa.Column("number", sa.Integer, primary_key=True),  # keeps the order in which they were issued
    *(sa.Column(name, _AnyText, nullable=False) for name in ("token", "edition", "unit", "round", "sha256", "name")),
    sa.Column("event", sa.Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class IndexedEvent:
    """An event as the index knows it; ``cancelled`` tells that it does not stand."""

    sequence: int
    digest: str
    kind: str
    at: str
    who: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class IssuedBook:
    """A ledger as it was issued: the original's hash, the name it was given, and the digest of the event."""

    token: str
    edition: str
    unit: str
    round: str
    sha256: str
    name: str
    event: str


class Index:
    """The index of one campaign, as new as the events it was opened with. Close it, or use it in a ``with``."""

    def __init__(self, connection: sa.Connection, events: Sequence[Event]) -> None:
        self._connection = connection
        self._events = events

    @classmethod
    def open(cls, folder: Path, events: Sequence[Event], *, campaign: str = "", cache: Path | None = None) -> "Index":
        """Open the index and bring it up to date with the journal's events, in their order.

        Never fails for a fault of the cache: what cannot be used there is built again, and if nothing can be written
        there it is built in memory.

        Args:
            folder: the campaign's folder.
            events: all events, cancelled ones too.
            campaign: the campaign's id; another campaign that comes to lie in the same place gets its own index.
            cache: where indexes lie; else the environment's ``LEDGERGEN_CACHE``, else the user's cache folder.
        """
        path = index_path(folder, campaign, cache)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with held(path.with_suffix(".lock"), _PATIENCE):
                try:
                    return cls(_up_to_date(str(path), events), events)
                except DatabaseError:
                    path.unlink()  # a rollback journal beside it is void: SQLite drops one of an empty file
                    return cls(_up_to_date(str(path), events), events)
        except (OSError, SQLAlchemyError, Surroundings):
            return cls(_up_to_date(":memory:", events), events)

    def receipts(self) -> set[tuple[str, str]]:
        """Give (sha256, name) of every receipt that stands."""
        return {(row.sha256, row.name) for row in self._ask(sa.select(_parcel.c.sha256, _parcel.c.name))}

    def verdict_of(self, sha256: str) -> str | None:
        """Give what became of these bytes; ``None`` where they were never received, or it was undone.

        The newest verdict counts. ``duplicate`` is said of a further receipt, not of the bytes, and gives way.
        """
        asked = (
            sa.select(_parcel.c.verdict)
            .join(_event, _event.c.digest == _parcel.c.event)
            .where(_parcel.c.sha256 == sha256)
            .order_by(_parcel.c.verdict == "duplicate", _event.c.sequence.desc(), _event.c.digest.desc())
            .order_by(_parcel.c.name)
        )
        rows = self._ask(asked.limit(1))
        return str(rows[0].verdict) if rows else None

    def books(self, round: str | None = None) -> list[IssuedBook]:  # noqa: A002 - the word of the trade
        """Give the ledgers issued, of one round or of all, in the order of issue."""
        asked = sa.select(*(column for column in _book.c if column is not _book.c.number)).order_by(_book.c.number)
        if round is not None:
            asked = asked.where(_book.c.round == round)
        return [IssuedBook(**row._asdict()) for row in self._ask(asked)]

    def events(self) -> list[IndexedEvent]:
        """Give every event, cancelled ones too, in the journal's order."""
        asked = sa.select(_event).order_by(_event.c.sequence, _event.c.digest)
        return [IndexedEvent(**row._asdict()) for row in self._ask(asked)]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, asked: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        """Answer a question; a file that turns out to be malformed only now is replaced by one in memory."""
        try:
            return self._connection.execute(asked).all()
        except DatabaseError:
            self._connection.close()
            self._connection = _up_to_date(":memory:", self._events)
            return self._connection.execute(asked).all()


def index_path(folder: Path, campaign: str = "", cache: Path | None = None) -> Path:
    """Give the file of a campaign's index: one for each place and id."""
    chosen = os.environ.get("LEDGERGEN_CACHE")
    base = cache or (Path(chosen) if chosen else user_cache_path("ledgergen", appauthor=False))
    known_by = f"{folder.resolve()}\0{campaign}".encode(errors="surrogatepass")
    return base / f"{hashlib.sha256(known_by).hexdigest()[:32]}.sqlite"


def _up_to_date(database: str, events: Sequence[Event]) -> sa.Connection:
    url = sa.URL.create("sqlite", database=database)
    # AUTOCOMMIT: the transactions are begun and ended here by name. The driver's own way would begin them late, as
    # DEFERRED, and SQLAlchemy's hooks would lock the file for writing at every question.
    connection = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect()
    try:
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
        connection.exec_driver_sql("PRAGMA synchronous = FULL")
        _verify(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        _make_tables(connection)
        _apply(connection, events)
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        connection.close()  # which rolls back
        raise
    return connection


def _verify(connection: sa.Connection) -> None:
    faults = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalars().all()
    if faults != ["ok"]:
        raise DatabaseError("PRAGMA integrity_check", None, ValueError(str(faults)))


def _make_tables(connection: sa.Connection) -> None:
    """Make the tables, all of them anew where one is missing: the others cannot be believed then."""
    if {*sa.inspect(connection).get_table_names()} != {*_tables.tables}:
        _tables.drop_all(connection)
        _tables.create_all(connection)


def _apply(connection: sa.Connection, events: Sequence[Event]) -> None:
    """Apply what is new; where the past itself has changed (a cancel, a fork united), begin anew."""
    upright = {event.digest for event in standing(events)}
    marks = list(_marks(events, upright))
    remembered = connection.execute(sa.select(_applied)).all()
    done = _agreed(remembered, events, marks)
    if done is None:
        for table in _tables.sorted_tables:
            connection.execute(table.delete())
        done = 0
    elif done == len(events):
        return
    _add(connection, events[done:], upright)
    connection.execute(_applied.delete())
    connection.execute(_applied.insert(), {"sequence": events[-1].sequence if events else 0, "digest": marks[-1]})


def _marks(events: Iterable[Event], upright: set[str]) -> Iterator[str]:
    """Give the digest over no event, over the first, over the first two … and over which of them stand."""
    total = hashlib.sha256(_SHAPE)
    yield total.hexdigest()
    for event in events:
        total.update(f"{event.digest}{'+' if event.digest in upright else '-'}".encode())
        yield total.hexdigest()


def _agreed(remembered: Sequence[sa.Row[Any]], events: Sequence[Event], marks: list[str]) -> int | None:
    """Give how many events are applied; ``None`` where what is remembered is no beginning of these events."""
    if len(remembered) != 1:
        return None
    last = remembered[0]
    for done, mark in enumerate(marks):
        if mark == last.digest and last.sequence == (events[done - 1].sequence if done else 0):
            return done
    return None


def _add(connection: sa.Connection, events: Sequence[Event], upright: set[str]) -> None:
    for event in events:
        stands = event.digest in upright
        connection.execute(_event.insert(), {
            "sequence": event.sequence, "digest": event.digest, "kind": event.kind, "at": event.at, "who": event.who,
            "cancelled": not stands,
        })  # fmt: skip
        if stands and event.kind == "issued":
            _fill(connection, _book.insert(), _rows(event, "books", _book))
        if stands and event.kind == "collected":
            # The same file may be named again, after a review for instance: the later verdict replaces the earlier.
            _fill(connection, _parcel.insert().prefix_with("OR REPLACE"), _rows(event, "parcels", _parcel))


def _fill(connection: sa.Connection, insert: sa.Insert, rows: list[dict[str, str]]) -> None:
    if rows:
        connection.execute(insert, rows)


def _rows(event: Event, key: str, table: sa.Table) -> list[dict[str, str]]:
    """Take what the table knows from a list of facts; a later version may write more, or something else."""
    items = event.facts.get(key)
    wanted = [column.name for column in table.c if isinstance(column.type, _AnyText)]
    return [
        {**{name: str(item.get(name, "")) for name in wanted}, "event": event.digest}
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, Mapping)
    ]
