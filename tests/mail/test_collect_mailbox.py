"""`collect --mailbox`: ledgers come out of a real mailbox into the journal, once, whatever happens to the line."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from clerk import Ledger
from commands import Ran, ledgergen
from ledgergen.mail import lines
from mail_messages import large_letter, large_pieces, letter
from proxy import WAYS, Cut, Proxy, Way
from servers import HOST, PASSWORD, Dovecot

UNITS = {"区财政局": "czj@example.invalid", "区发改局": "fgj@example.invalid", "昆仑镇": "klz@example.invalid"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PATIENCE", 2.0)
    monkeypatch.setattr(lines, "PAUSE", 0.01)


@pytest.fixture
def mailed(campaign: Path) -> Path:
    """Make the small campaign with addresses, its ledgers issued."""
    file = campaign / "units.yaml"
    text = file.read_text()
    for unit, address in UNITS.items():
        text = text.replace(f"name: {unit},", f"name: {unit}, mail: [{address}],")
    file.write_text(text)
    assert ledgergen("generate", at=campaign).code == 0
    return campaign


def set_up(campaign: Path, user: str, *ports: int, monkeypatch: pytest.MonkeyPatch, more: str = "") -> None:
    """Write the mailbox ``office`` on the first port (IMAP), ``pop`` on the second (POP3), unencrypted."""
    rows = [f"- {{name: office, host: {HOST}, port: {ports[0]}, security: plain, user: {user}{more}}}"]
    if len(ports) > 1:
        rows.append(f"- {{name: pop, protocol: pop3, host: {HOST}, port: {ports[1]}, security: plain, user: {user}}}")
    file = campaign / "ledgergen.yaml"
    text = file.read_text().partition("mailboxes:\n")[0]
    file.write_text(text + "mailboxes:\n" + "\n".join(rows) + "\n")
    monkeypatch.setenv("LEDGERGEN_SECRETS", "\n".join(f"{HOST}:{port} {user} {PASSWORD}" for port in ports))


def filled(campaign: Path, unit: str, progress: str) -> bytes:
    """Fill a unit's ledger as its clerk does."""
    path = next(path for path in (campaign / "ledgers" / "2022Q2").glob("*.xlsx") if unit in path.name)
    ledger = Ledger(path)
    ledger.type({(next(iter(ledger.rows())), "progress"): progress})
    return ledger.save(campaign.parent / "filled" / f"{unit}{len(progress)}.xlsx").read_bytes()


def collect(campaign: Path, name: str = "office", *more: str) -> Ran:
    return ledgergen("collect", "--mailbox", name, *more, at=campaign)


def verdicts(ran: Ran) -> Counter[str]:
    return Counter(str(each["verdict"]) for each in ran.json)


def entries(campaign: Path) -> set[str]:
    """Give the texts of progress that stand."""
    shown = ledgergen("show", "--entries", "--json", at=campaign).json
    return {each["fields"]["progress"]["text"] for each in shown if "progress" in each["fields"]}


def events(campaign: Path) -> list[dict[str, Any]]:
    paths = sorted((campaign / ".ledgergen" / "journal").glob("*.json"))
    return [json.loads(path.read_bytes()) for path in paths]


def letters(campaign: Path) -> list[dict[str, Any]]:
    """Give what the journal says of mails."""
    return [each for event in events(campaign) for each in event["facts"].get("letters", ())]


def test_ledgers_come_in_by_mail_and_the_mailbox_stays_as_it_was(
    mailed: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(mailed, user, dovecot.imap, monkeypatch=monkeypatch)
    for number, (unit, address) in enumerate(UNITS.items()):
        data = filled(mailed, unit, f"{unit}已公开")
        mail = letter(number, (f"{unit}台账.xlsx", data), sender=address)
        dovecot.put(user, mail, flags="T" if number == 2 else "S" * (number == 1))
    dovecot.put(user, letter("note", sender="someone@example.invalid", text="没有附件"))
    before = dovecot.snapshot(user)
    done = collect(mailed, "office", "--json")
    assert done.code == 0, done.out + done.err
    assert verdicts(done)["accepted"] == 3
    assert entries(mailed) == {f"{unit}已公开" for unit in UNITS}
    assert {each["place"]["uid"] for each in letters(mailed)} == {"1", "2", "3", "4"}
    count = len(events(mailed))
    assert collect(mailed, "office", "--json").json == []
    assert len(events(mailed)) == count
    assert dovecot.snapshot(user) == before


def test_over_pop3_the_same(mailed: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(mailed, user, dovecot.imap, dovecot.pop3, monkeypatch=monkeypatch)
    sent = []
    for number, (unit, address) in enumerate(UNITS.items()):
        sent.append(letter(number, (f"{unit}.xlsx", filled(mailed, unit, f"{unit}已公开")), sender=address))
        dovecot.put(user, sent[-1])
    assert verdicts(collect(mailed, "pop", "--json"))["accepted"] == 3
    assert entries(mailed) == {f"{unit}已公开" for unit in UNITS}
    count = len(events(mailed))
    assert collect(mailed, "pop", "--json").json == []
    assert len(events(mailed)) == count
    assert dovecot.messages(user) == sent


def test_a_renumbered_mailbox_brings_no_duplicate(
    mailed: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(mailed, user, dovecot.imap, monkeypatch=monkeypatch)
    dovecot.put(user, letter(1, ("a.xlsx", filled(mailed, "昆仑镇", "已公开")), sender=UNITS["昆仑镇"]))
    assert verdicts(collect(mailed, "office", "--json"))["accepted"] == 1
    dovecot.renumber(user)
    again = collect(mailed, "office", "--json")
    assert not verdicts(again)["accepted"]
    assert "mail-renumbered" in again.err
    assert entries(mailed) == {"已公开"}
    assert len({each["place"]["uidvalidity"] for each in letters(mailed)}) == 2
    count = len(events(mailed))
    assert "mail-renumbered" not in collect(mailed, "office", "--json").err
    assert len(events(mailed)) == count


@pytest.mark.parametrize("way", WAYS)
def test_a_line_cut_inside_fetch_loses_nothing(
    mailed: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    monkeypatch.setattr(lines, "PATIENCE", 0.5)
    for number, (unit, address) in enumerate(UNITS.items()):
        dovecot.put(user, letter(number, (f"{unit}.xlsx", filled(mailed, unit, f"{unit}已公开")), sender=address))
    cuts = [
        Cut("server", rb"Message-ID: <m1@", "in", way, times=2),
        Cut("client", rb" EXAMINE ", "after", way, times=2),
    ]
    with Proxy(dovecot.imap, cuts) as proxy:
        set_up(mailed, user, proxy.port, monkeypatch=monkeypatch)
        seen = Counter[str]()
        for _ in range(4):
            ran = collect(mailed, "office", "--json")
            assert ran.code in (0, 3), ran.out + ran.err
            if ran.code == 0:
                seen += verdicts(ran)
        assert proxy.cuts == 4
    assert entries(mailed) == {f"{unit}已公开" for unit in UNITS}
    assert seen == {"accepted": 3}


def test_a_mail_that_cannot_be_fetched_is_named_once(
    mailed: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.put(user, letter("bad", text="POISON"))
    dovecot.put(user, letter(1, ("a.xlsx", filled(mailed, "昆仑镇", "已公开")), sender=UNITS["昆仑镇"]))
    with Proxy(dovecot.imap, [Cut("server", b"POISON", "in", "rst", times=99)]) as proxy:
        set_up(mailed, user, proxy.port, monkeypatch=monkeypatch)
        done = collect(mailed, "office", "--json")
        assert done.code == 1
        assert [found["code"] for each in done.json for found in each["findings"]] == ["mail-not-fetched"]
        assert entries(mailed) == {"已公开"}
        count = len(events(mailed))
        assert collect(mailed, "office", "--json").json == []
        assert len(events(mailed)) == count


def test_a_mail_too_large_is_named_and_comes_when_the_limit_is_raised(
    mailed: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(mailed, user, dovecot.imap, monkeypatch=monkeypatch, more=", largest: 1")
    dovecot.put(user, large_letter(1_500_000))
    done = collect(mailed, "office", "--json")
    assert [found["code"] for each in done.json for found in each["findings"]] == ["mail-too-large"]
    count = len(events(mailed))
    assert collect(mailed, "office", "--json").json == []
    assert len(events(mailed)) == count
    set_up(mailed, user, dovecot.imap, monkeypatch=monkeypatch, more=", largest: 2")
    assert "mail-too-large" not in collect(mailed, "office", "--json").out
    assert len(events(mailed)) == count + 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--mailbox", "office", "inbox"), "mailbox-or-paths"),
        (("--mailbox", "office", "--received", "2022-07-01"), "mailbox-or-paths"),
        (("--mailbox", "other"), "mailbox-unknown"),
        (("--mailbox", "office"), "mail-secret-terminal"),
    ],
)
def test_wrong_use(
    mailed: Path, user: str, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: str
) -> None:
    set_up(mailed, user, 9, monkeypatch=monkeypatch)
    monkeypatch.delenv("LEDGERGEN_SECRETS")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    monkeypatch.chdir(mailed)
    (mailed / "inbox").mkdir(exist_ok=True)
    done = ledgergen("collect", *arguments, at=mailed)
    assert done.code == 2
    assert code in done.err


def test_without_a_mailbox(mailed: Path) -> None:
    done = collect(mailed)
    assert done.code == 3
    assert "mailbox-none" in done.err


def test_a_dry_run_journals_nothing(mailed: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(mailed, user, dovecot.imap, monkeypatch=monkeypatch)
    dovecot.put(user, letter(1, ("a.xlsx", filled(mailed, "昆仑镇", "已公开")), sender=UNITS["昆仑镇"]))
    count = len(events(mailed))
    dry = collect(mailed, "office", "--dry-run")
    assert len(events(mailed)) == count
    assert dry.out == collect(mailed, "office").out != ""


def test_three_thousand_attachments_in_one_mail(
    mailed: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(mailed, user, dovecot.imap, monkeypatch=monkeypatch)
    many = [(f"附件{number}.txt", b"%d" % number) for number in range(3000)]
    dovecot.put(user, letter(1, *many, ("a.xlsx", filled(mailed, "昆仑镇", "已公开")), sender=UNITS["昆仑镇"]))
    done = collect(mailed, "office", "--json")
    assert done.code in (0, 1), done.err
    assert done.json
    count = len(events(mailed))
    assert collect(mailed, "office", "--json").json == []
    assert len(events(mailed)) == count


def test_ledgers_in_large_mails(mailed: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(mailed, user, dovecot.imap, dovecot.pop3, monkeypatch=monkeypatch)
    photo = bytes(range(256)) * 30_000
    for number, (unit, address) in enumerate(UNITS.items()):
        ledger = filled(mailed, unit, f"{unit}已公开")
        dovecot.put(user, letter(number, ("现场.jpg", photo), (f"{unit}.xlsx", ledger), sender=address))
    assert verdicts(collect(mailed, "office", "--json"))["accepted"] == 3
    assert entries(mailed) == {f"{unit}已公开" for unit in UNITS}
    again = collect(mailed, "pop", "--json")
    assert not verdicts(again)["accepted"]
    assert entries(mailed) == {f"{unit}已公开" for unit in UNITS}


WATCHED = """
import json, resource, sys
from datetime import UTC, datetime
from pathlib import Path
import psutil
from ledgergen.campaign.folder import find_folder
from ledgergen.campaign.mailbox import collect_mailbox
from ledgergen.campaign.outcome import Occasion
import ledgergen.workbook.pool, ledgergen.campaign.mailroom, imapclient, keyring
folder, occasion = find_folder(Path(sys.argv[1])), Occasion(datetime(2022, 7, 1, tzinfo=UTC), "test")
collect_mailbox(folder, "office", occasion=occasion)  # everything imported, the child started once
print("ready", flush=True)
sys.stdin.readline()
Path("/proc/self/clear_refs").write_text("5")
before = psutil.Process().memory_info().rss
done = collect_mailbox(folder, "office", occasion=occasion)
peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) * 1024
print(json.dumps({"growth": peak - before, "files": [str(each.parcel.verdict) for each in done.files],
                  "codes": [found.code for each in done.files for found in each.parcel.findings]}), flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is looked up in /proc")
def test_a_mail_of_60_mb_is_collected_within_64_mib(
    mailed: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    set_up(mailed, user, dovecot.imap, monkeypatch=monkeypatch)
    dovecot.put(user, letter(1, ("a.xlsx", filled(mailed, "昆仑镇", "已公开")), sender=UNITS["昆仑镇"]))
    script = tmp_path / "watched.py"
    script.write_text(WATCHED)
    with subprocess.Popen(
        [sys.executable, str(script), str(mailed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        dovecot.put(user, b"".join(large_pieces(60_000_000)))
        process.stdin.write("go\n")
        process.stdin.flush()
        said = json.loads(process.stdout.readline())
    assert said["growth"] < 64 << 20, said
    assert len(said["files"]) == 1
    assert "mail-too-large" not in said["codes"]


def test_ctrl_c_keeps_what_came_and_the_next_run_goes_on(
    mailed: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(120):
        dovecot.put(user, letter(number, sender="stranger@example.invalid"))
    with Proxy(dovecot.imap, [], delay=0.15) as proxy:
        set_up(mailed, user, proxy.port, monkeypatch=monkeypatch)
        command = [
            sys.executable,
            "-m",
            "ledgergen",
            "--lang",
            "en",
            "-C",
            str(mailed),
            "collect",
            "--mailbox",
            "office",
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            until = time.monotonic() + 60
            while len(events(mailed)) < 2 and process.poll() is None and time.monotonic() < until:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=60)
    assert process.returncode in (0, 3), said
    set_up(mailed, user, dovecot.imap, monkeypatch=monkeypatch)
    assert collect(mailed).code == 0
    assert Counter(each["place"]["uid"] for each in letters(mailed)) == Counter(str(n) for n in range(1, 121))


def test_no_secret_is_written_anywhere(
    mailed: Path, dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(mailed, user, dovecot.imap, dovecot.pop3, monkeypatch=monkeypatch)
    dovecot.put(user, letter(1, ("a.xlsx", filled(mailed, "昆仑镇", "已公开")), sender=UNITS["昆仑镇"]))
    said = ""
    for arguments in (
        ("mailbox", "test"), ("mailbox", "test", "--json"), ("collect", "--mailbox", "office"),
        ("collect", "--mailbox", "pop", "--json"), ("log",), ("log", "--json"), ("verify",),
    ):  # fmt: skip
        ran = ledgergen(*arguments, at=mailed)
        said += ran.out + ran.err
    with Proxy(dovecot.imap, [Cut("server", rb"FETCH", "in", "rst", times=99)]) as proxy:
        set_up(mailed, user, proxy.port, monkeypatch=monkeypatch)
        dovecot.put(user, letter(2))
        ran = collect(mailed)
        said += ran.out + ran.err
    assert ran.code == 3
    written = b"".join(path.read_bytes() for path in mailed.rglob("*") if path.is_file())
    assert PASSWORD not in said
    assert PASSWORD.encode() not in written
