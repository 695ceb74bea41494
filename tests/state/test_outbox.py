"""The outbox folded from its events, and what is told apart in it."""

from dataclasses import replace

import pytest

from ledgergen.journal.events import Event
from ledgergen.state.chase import CHASING, Stopped, chasing_facts
from ledgergen.state.outbox import SENT, Fate, Outbox, Posted, Purpose, sent_facts, went_out
from ledgergen.state.received import RECEIVED, HandedIn, received_facts

MAIL = Posted(
    unit="区财政局",
    round="2022Q2",
    purpose=Purpose.LEDGER,
    fate=Fate.QUEUED,
    identity="1.a@example.invalid",
    addresses=("cz@example.invalid",),
    subject="台账",
    attachments=("0" * 64,),
)


def event(number: int, kind: str, facts: dict[str, object]) -> Event:
    return Event(number, f"2022-07-0{number}T00:00:00.000Z", "x", kind, facts, (), f"{number:064d}")


def sent(*posts: Posted) -> Outbox:
    return Outbox.of(event(number, SENT, sent_facts([post])) for number, post in enumerate(posts, start=1))


@pytest.mark.parametrize("fate", [Fate.ACCEPTED, Fate.REFUSED, Fate.UNKNOWN, Fate.QUEUED])
def test_the_last_step_of_a_mail_counts(fate: Fate) -> None:
    box = sent(MAIL, replace(MAIL, fate=Fate.SENDING), replace(MAIL, fate=fate, reason="words"))
    (one,) = box.posts
    assert (one.fate, one.reason, one.at) == (fate, "words", "2022-07-03T00:00:00.000Z")


def test_a_mail_that_was_on_its_way_when_the_record_ends_is_of_unknown_fate() -> None:
    (one,) = sent(MAIL, replace(MAIL, fate=Fate.SENDING)).posts
    assert (one.fate, one.is_open) == (Fate.UNKNOWN, False)


def test_a_mail_is_stored_and_read_back() -> None:
    whole = replace(
        MAIL, refused={"b@example.invalid": "550 no"}, about="x", by_hand=True, reason="r", fate=Fate.REFUSED
    )
    (one,) = sent(whole).posts
    assert one == replace(whole, at="2022-07-01T00:00:00.000Z")


def test_the_last_mail_of_a_purpose_is_found_and_trials_do_not_count() -> None:
    trial = replace(MAIL, purpose=Purpose.TEST, identity="2@x.invalid", fate=Fate.ACCEPTED)
    box = sent(MAIL, trial)
    assert box.last(Purpose.LEDGER, "2022Q2", "区财政局") == replace(MAIL, at="2022-07-01T00:00:00.000Z")
    assert box.last(Purpose.LEDGER, "2022Q3", "区财政局") is None
    assert [each.identity for each in box.of_round("2022Q2")] == [MAIL.identity]
    assert box.by_identity("<1.a@example.invalid>") is not None
    assert box.by_identity("") is None


def test_notes_by_hand_are_each_their_own_and_may_be_undone() -> None:
    note = replace(MAIL, identity="", fate=Fate.ACCEPTED, by_hand=True)
    assert len(sent(note, note).posts) == 2
    assert not went_out(event(1, SENT, sent_facts([note, note])))
    assert went_out(event(1, SENT, sent_facts([note, MAIL])))
    assert not went_out(event(1, RECEIVED, {}))


def test_who_handed_in_by_hand_and_who_is_left_in_peace() -> None:
    box = HandedIn.of([event(1, RECEIVED, received_facts("2022Q2", ["昆仑镇"], "纸质")), event(2, SENT, {})])
    assert box.of_round("2022Q2") == {"昆仑镇": "纸质"}
    assert box.of_round("2022Q3") == {}
    stop = event(1, CHASING, chasing_facts(["昆仑镇", "洪山镇"], "x", stopped=True))
    go_on = event(2, CHASING, chasing_facts(["昆仑镇"], "", stopped=False))
    assert Stopped.of([stop, go_on, event(3, SENT, {})]).reasons == {"洪山镇": "x"}
