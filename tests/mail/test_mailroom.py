"""Mails as a server gives them: each journalled with its place, none twice, none lost when the line is cut."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import specimens as made
from commands import ledgergen
from ledgergen.campaign.collect import Collection
from ledgergen.campaign.evidence import Files
from ledgergen.campaign.folder import find_folder
from ledgergen.campaign.mailroom import Fetched, collect_letters, places_seen
from ledgergen.campaign.outcome import Occasion
from ledgergen.errors import Surroundings
from ledgergen.findings import finding
from ledgergen.mail.opener import LARGE
from post import FINANCE, REFORM, events, filled, office, progress_of

__all__ = ["office"]

CAIZHENG = "caizheng@example.gov.cn"
NOON = datetime(2022, 7, 6, 4, tzinfo=UTC)


def taken(office: Path, *fetched: Fetched, dry_run: bool = False) -> Collection:
    return collect_letters(find_folder(office), fetched, occasion=Occasion(NOON, "office"), dry_run=dry_run)


def at(uid: int, data: bytes | Path, validity: int = 7, received: str = "2022-07-05T00:00:00.000Z") -> Fetched:
    place: dict[str, str | int] = {"account": "imap://o@mx", "folder": "INBOX", "uidvalidity": validity, "uid": uid}
    return Fetched(data, received=received, place=place)


def test_every_mail_is_journalled_with_its_place(office: Path) -> None:
    letters = [
        made.mail(made.attached(filled(office)), sender=CAIZHENG),
        made.mail(made.text_part("开会"), sender="x@qq.com", identity="2"),
        made.mail(made.text_part("您好"), sender=CAIZHENG, identity="3", more=["Auto-Submitted: auto-replied"]),
        b"no mail at all",
    ]
    told = taken(office, *(at(uid, each) for uid, each in enumerate(letters)))
    assert [str(each.parcel.verdict) for each in told.files] == ["accepted", "ignored", "ignored", "rejected"]
    assert [place["uid"] for place in places_seen(find_folder(office))] == [0, 1, 2, 3]
    before = events(office)
    taken(office, *(at(uid, each) for uid, each in enumerate(letters)))
    assert events(office) == before
    assert ledgergen("verify", at=office).code == 0


def test_what_cannot_be_fetched_is_journalled_as_seen(office: Path) -> None:
    large = Fetched(b"", place={"uid": 5}, name="#5", findings=(finding("mail-too-large", size=9, limit=8),))
    (told,) = taken(office, large).files
    assert [found.code for found in told.parcel.findings] == ["mail-too-large"]
    before = events(office)
    taken(office, large)
    assert (places_seen(find_folder(office)), events(office)) == ([{"uid": 5}], before)


def test_when_the_folder_is_renumbered_no_return_comes_twice(office: Path) -> None:
    letter = made.mail(made.attached(filled(office)), sender=CAIZHENG)
    taken(office, at(1, letter))
    (told,) = taken(office, at(1, letter, validity=8)).files
    assert str(told.parcel.verdict) == "duplicate"
    assert [place["uidvalidity"] for place in places_seen(find_folder(office))] == [7, 8]


def test_what_came_before_a_cut_is_kept(office: Path) -> None:
    def line() -> Iterator[Fetched]:
        yield at(1, made.mail(made.attached(filled(office)), sender=CAIZHENG))
        yield at(2, made.mail(made.text_part("x"), sender="x@qq.com", identity="2"))
        raise Surroundings("mail-line-cut", server="mx", reason="reset")

    with pytest.raises(Surroundings):
        collect_letters(find_folder(office), line(), occasion=Occasion(NOON, "office"))
    assert progress_of(office, FINANCE) == "已公开"
    assert len(places_seen(find_folder(office))) == 2


def test_the_server_date_counts_where_the_mail_has_none(office: Path) -> None:
    plain = made.mail(
        made.attached(filled(office)), sender=CAIZHENG, received=None, dated="Thu, 1 Jan 1970 00:00:00 +0000"
    )
    (told,) = taken(office, at(1, plain)).files
    assert told.parcel.received == "2022-07-05T00:00:00.000Z"


def test_undone_the_mails_are_news_again(office: Path) -> None:
    letter = at(1, made.mail(made.attached(filled(office)), sender=CAIZHENG))
    taken(office, letter)
    assert ledgergen("undo", at=office).code == 0
    assert (places_seen(find_folder(office)), progress_of(office, FINANCE)) == ([], "")
    taken(office, letter)
    assert progress_of(office, FINANCE) == "已公开"


def test_a_large_mail_is_kept_whole_and_its_ledger_counts(office: Path, tmp_path: Path) -> None:
    photo = os.urandom(LARGE)
    letter = made.mail(made.attached(photo, "现场照片.bin"), made.attached(filled(office)), sender=CAIZHENG)
    path = tmp_path / "spool"
    path.write_bytes(letter)
    told = taken(office, at(1, path)).files
    assert [str(each.parcel.verdict) for each in told] == ["ignored", "accepted"]
    kept = {each.stat().st_size: each for each in (office / ".ledgergen" / "originals").rglob("*") if each.is_file()}
    assert kept[len(letter)].read_bytes() == letter
    assert kept[len(photo)].read_bytes() == photo
    assert next((office / "evidence").rglob("现场照片.bin")).read_bytes() == photo
    assert ledgergen("verify", at=office).code == 0


def test_a_dry_run_journals_nothing(office: Path) -> None:
    before = events(office)
    letter = made.mail(made.attached(filled(office)), sender=CAIZHENG)
    assert [str(each.parcel.verdict) for each in taken(office, at(1, letter), dry_run=True).files] == ["accepted"]
    assert (events(office), places_seen(find_folder(office))) == (before, [])


def test_faults_of_the_offices_files_stop_before_anything_is_journalled(office: Path) -> None:
    from ledgergen.errors import InputFaults

    (office / "units.yaml").write_text("units: [", "utf-8")
    before = events(office)
    with pytest.raises(InputFaults):
        taken(office, at(1, made.mail(made.text_part("x"))))
    assert events(office) == before


def test_the_journal_tells_what_was_replied_to(office: Path) -> None:
    from ledgergen.campaign.chronicle import read_chronicle

    more = ["In-Reply-To: <o1@office.example>", "References: <o0@office.example> <o1@office.example>"]
    taken(office, at(1, made.mail(made.attached(filled(office)), sender=CAIZHENG, more=more)))
    history = read_chronicle(office).history
    (receipt,), (parcel,) = history.letters, history.parcels
    assert (parcel.letter, parcel.message_id) == (receipt.sha256, receipt.message_id)
    assert (receipt.in_reply_to, receipt.references) == (
        "o1@office.example",
        ("o0@office.example", "o1@office.example"),
    )
    assert (receipt.unit, receipt.verdict, receipt.parcels) == (FINANCE, "collected", (parcel.sha256,))


TASKS = {FINANCE: {"1": "重要部署", "2": "减税降费", "3": "减税降费", "12": "住房保障"}, REFORM: {"1": "重要部署"}}


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("任务1盖章.pdf", "1"),
        ("12-住房.pdf", "12"),
        ("重要部署 佐证.jpg", "1"),
        ("减税降费.pdf", ""),
        ("2022年总结.pdf", ""),
        ("任务99.pdf", ""),
        ("扫描件.pdf", ""),
    ],
)
def test_the_task_of_a_file_by_its_name(name: str, task: str) -> None:
    assert Files(TASKS).task_of(name, FINANCE) == task


def test_a_file_of_nobody_in_particular_is_filed_apart() -> None:
    assert Files(TASKS).place("回复.eml › CON.PDF", "") == ("待分单位", "未分任务", "_CON.pdf")
