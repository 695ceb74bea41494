"""Files are read ahead of deciding them, but never more of them than fit into memory; the order stays."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledgergen.campaign import ahead
from ledgergen.campaign.ahead import Ahead, Read
from ledgergen.campaign.letters import Fetched, Mail
from ledgergen.errors import Surroundings
from ledgergen.findings import finding
from ledgergen.mail.opener import Opened
from ledgergen.returns.decisions import Arrival
from ledgergen.workbook.pool import BoundedReader

MOST = 25  # files that may wait


@pytest.fixture(scope="module")
def reader() -> Iterator[BoundedReader]:
    with BoundedReader() as opened:
        yield opened


def arrived(name: str, data: bytes) -> Read:
    return Read(Arrival(sha256(data).hexdigest(), name, "2022-07-01T00:00:00.000Z"), data)


def refused(name: str) -> Read:
    return Read(Arrival("", name, "2022-07-01T00:00:00.000Z"), finding("file-unfinished"))


class Room:
    """Opens nothing, but tells a box from a mail, and how many mails were opened together."""

    def __init__(self) -> None:
        self.together: list[int] = []

    def open(self, fetched: Fetched) -> Mail:
        """Open a box in which there is nothing."""
        box: list[Opened] = []
        return Mail(fetched, (each for each in box))

    def open_together(self, fetched: Sequence[Fetched]) -> Iterator[Mail]:
        """Count them."""
        self.together.append(len(fetched))
        return map(Mail, fetched)


KINDS = st.lists(st.sampled_from(["new", "known", "refused", "mail", "box"]), max_size=90)


@given(KINDS)
@example(["known"] * 60)
@example(["refused"] * 60)
@example(["mail"] * 60)
def test_every_file_comes_in_its_order_and_few_wait(reader: BoundedReader, kinds: list[str]) -> None:
    made: dict[str, Read | Fetched] = {
        "new": arrived("a.csv", b"a,b"),
        "known": arrived("b.csv", b"b,c"),
        "refused": refused("c.csv"),
        "mail": Fetched(b"", name="d.eml"),
        "box": Fetched(b"PK", name="e.zip"),
    }
    taken = 0

    def items() -> Iterator[Read | Fetched]:
        nonlocal taken
        for kind in kinds:
            taken += 1
            yield made[kind]

    names = {"new": "a.csv", "known": "b.csv", "refused": "c.csv", "mail": "d.eml", "box": "e.zip"}
    known = sha256(b"b,c").hexdigest()
    given_back = []
    for number, each in enumerate(Ahead(reader, Room, known.__eq__).read(items())):
        assert taken - number <= MOST
        given_back.append(each.fetched.name if isinstance(each, Mail) else each.arrival.name)
    assert given_back == [names[kind] for kind in kinds]


def test_large_files_that_are_known_do_not_pile_up(reader: BoundedReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "ROOM", 10)
    taken = 0

    def items() -> Iterator[Read]:
        nonlocal taken
        for number in range(20):
            taken += 1
            yield arrived(f"{number}.csv", b"x" * 6)

    for number, _ in enumerate(Ahead(reader, Room, lambda _: True).read(items())):
        assert taken - number <= 2


def test_what_came_before_a_broken_line_is_given_first(reader: BoundedReader) -> None:
    def items() -> Iterator[Fetched]:
        for number in range(7):
            yield Fetched(b"", name=f"{number}.eml")
        raise Surroundings("mail-line-cut", server="imap.example.invalid:993", reason="reset")

    given_back: list[str] = []
    with pytest.raises(Surroundings):
        given_back.extend(
            each.fetched.name for each in Ahead(reader, Room, bool).read(items()) if isinstance(each, Mail)
        )
    assert given_back == [f"{number}.eml" for number in range(7)]


def test_mails_are_opened_together(reader: BoundedReader) -> None:
    room = Room()
    mails = [Fetched(b"mail", name=f"{number}.eml") for number in range(60)]
    assert [each for each in Ahead(reader, lambda: room, bool).read(mails) if isinstance(each, Mail)] == [
        *map(Mail, mails)
    ]
    assert room.together == [MOST, MOST, 10]


class BrokenRoom(Room):
    """Opens one mail, and then no child can be started any more."""

    def open_together(self, fetched: Sequence[Fetched]) -> Iterator[Mail]:
        """Open the first."""
        yield Mail(fetched[0])
        raise OSError(12, "Cannot allocate memory")


def test_a_fault_in_opening_gives_nothing_twice(reader: BoundedReader) -> None:
    mails = [Fetched(b"x", name=f"{number}.eml") for number in range(MOST)]
    items: list[Read | Fetched] = [arrived("a.csv", b"a,b"), *mails]
    given_back: list[str] = []
    given = (
        each.fetched.name if isinstance(each, Mail) else each.arrival.name
        for each in Ahead(reader, BrokenRoom, bool).read(items)
    )
    with pytest.raises(OSError, match="allocate"):
        given_back.extend(given)
    assert given_back == ["a.csv", "0.eml"]


def test_files_before_mails_that_cannot_be_opened_are_given(reader: BoundedReader) -> None:
    def closed() -> Room:
        raise Surroundings("cannot-read", reason="units.yaml")

    items: list[Read | Fetched] = [arrived("a.csv", b"a,b"), Fetched(b"x", name="0.eml")]
    given_back: list[str] = []
    with pytest.raises(Surroundings):
        given_back.extend(
            each.arrival.name for each in Ahead(reader, closed, bool).read(items) if isinstance(each, Read)
        )
    assert given_back == ["a.csv"]
