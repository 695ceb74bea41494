"""What servers answer to FETCH, in the forms that are known of them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergen.mail.imap_answers import Answer, bodies_in, listed_in

MOMENT = datetime(2022, 7, 8, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "answer",
    [
        [(b"1 (UID 7 BODY[] {5}", b"hello"), b")"],
        [(b"1 (BODY[] {5}", b"hello"), b" UID 7)"],
        [(b"1 (FLAGS (\\Seen) UID 7 BODY[] {5}", b"hello"), b")", b"3 (FLAGS (\\Deleted))"],
        [b"9 (FLAGS ())", (b"1 (uid 7 body[] {5}", b"hello"), b")"],
        [(b"1 (UID 7 BODY[]<0> {5}", b"hello"), b")"],
        [b'1 (UID 7 BODY[] "hello")'],
        [b'1 (BODY[] "hello" UID 7)'],
        [None, (b"1 (UID 7 BODY[] {5}", b"hello"), b")"],
    ],
)
def test_bodies(answer: Answer) -> None:
    assert bodies_in(answer) == {7: b"hello"}


@pytest.mark.parametrize(
    "answer",
    [
        [None],
        [],
        [b"1 (UID 7 BODY[] NIL)"],
        [b'1 (UID 7 BODY[] "")'],
        [(b"1 (BODY[] {5}", b"hello"), b")"],
        [b"nonsense"],
    ],
)
def test_what_is_not_given_is_left_out(answer: Answer) -> None:
    assert bodies_in(answer) == {}


def test_quoted_bodies_lose_their_backslashes_and_cannot_name_another_mail() -> None:
    assert bodies_in([b'1 (BODY[] "UID 8 \\"x\\" \\\\" UID 7)']) == {7: b'UID 8 "x" \\'}


@pytest.mark.parametrize(
    ("line", "received"),
    [
        (b'1 (UID 7 RFC822.SIZE 12 INTERNALDATE " 8-Jul-2022 09:30:00 +0800")', MOMENT),
        (b'1 (INTERNALDATE "08-JUL-2022 01:30:00 +0000" RFC822.SIZE 12 UID 7)', MOMENT),
        (b'1 (UID 7 RFC822.SIZE 12 INTERNALDATE "7-Jul-2022 21:00:00 -0430")', MOMENT),
        (b'1 (UID 7 RFC822.SIZE 12 INTERNALDATE "31-Jun-2022 21:00:00 -0430")', None),
        (b'1 (UID 7 RFC822.SIZE 12 INTERNALDATE "08-Foo-2022 01:30:00 +0000")', None),
        (b'1 (UID 7 RFC822.SIZE 12 INTERNALDATE "01-Jan-0001 00:30:00 +0800")', None),
        (b'1 (UID 7 RFC822.SIZE 12 INTERNALDATE "08-Jul-2022 01:30:00 +9900")', None),
        (b"1 (UID 7 RFC822.SIZE 12)", None),
    ],
)
def test_sizes_and_days(line: bytes, received: datetime | None) -> None:
    (listed,) = listed_in([b"2 (FLAGS ())", line]).values()
    assert (listed.uid, listed.size, listed.received) == (7, 12, received)


@given(
    st.lists(st.one_of(st.none(), st.binary(max_size=60), st.tuples(st.binary(max_size=40), st.binary(max_size=40))))
)
def test_nothing_that_a_server_says_raises(answer: list[bytes | tuple[bytes, bytes] | None]) -> None:
    assert all(isinstance(uid, int) for uid in (*bodies_in(answer), *listed_in(answer)))
