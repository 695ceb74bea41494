"""The line to the server cut at every state of the protocol: no accepted mail goes out twice, none is lost silently."""

import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from builders import make_folder
from commands import Ran, ledgergen
from ledgergen.mail.submission import Submission, Taken
from mail_rounds import FINANCE, OFFICE, addresses, mail_campaign, secrets
from proxy import PLACES, Cut, Place, Proxy, Side, Way
from smtp_server import PostOffice

_END = rb"\r\n\.\r\n"
STATES: dict[str, tuple[Side, bytes]] = {
    "greeting": ("server", rb"^220 [^\r]*\r\n"),
    "ehlo": ("client", rb"ehlo [^\r]*\r\n"),
    "features": ("server", rb"250 [A-Z][^\r]*\r\n"),
    "auth": ("client", rb"AUTH [^\r]*\r\n"),
    "let-in": ("server", rb"235 [^\r]*\r\n"),
    "mail": ("client", rb"mail FROM:[^\r]*\r\n"),
    "sender-taken": ("server", rb"(?s)235 .*?250 [^\r]*\r\n"),
    "rcpt": ("client", rb"rcpt TO:[^\r]*\r\n"),
    "recipient-taken": ("server", rb"(?s)235 .*?250 .*?250 [^\r]*\r\n"),
    "data": ("client", rb"DATA\r\n"),
    "go-on": ("server", rb"354 [^\r]*\r\n"),
    "text": ("client", rb"Content-Disposition: attachment[^\r]*\r\n"),
    "full-stop": ("client", _END),
    "taken": ("server", rb"250 2\.0\.0 queued\r\n"),
    "quit": ("client", rb"quit\r\n"),
    "bye": ("server", rb"221 [^\r]*\r\n"),
}
# When the line breaks while the text is on it, all of it may have left us before we hear of that.
IN_DOUBT = {"go-on", "text"}
AFTER_THE_TEXT = {"full-stop", "taken"}
QUICK: list[tuple[str, Place, Way]] = [(state, place, "rst") for state in STATES for place in PLACES]
QUICK += [(state, "before", "stall") for state in ("data", "full-stop", "taken")]
QUICK += [(state, "after", "fin") for state in ("mail", "go-on", "text", "full-stop", "taken")]
ALL: list[tuple[str, Place, Way]] = [
    (state, place, way) for state in STATES for place in PLACES for way in ("rst", "fin", "stall")
]


@pytest.fixture
def cut(
    tmp_path: Path, user: str, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> "Callable[[str, Place, Way], tuple[str, int, int]]":
    """Give a function that sends one ledger over a line that is cut, twice, and says what came of it."""
    monkeypatch.setattr("ledgergen.campaign.posting.PAUSES", (0.01, 0.01))
    monkeypatch.setattr("ledgergen.mail.lines.PATIENCE", 1.5)
    post_office.relay = False
    sample = mail_campaign(tmp_path / "sample", addresses(user), port=1)

    def run(state: str, place: Place, way: Way) -> tuple[str, int, int]:
        post_office.received.clear()
        side, pattern = STATES[state]
        campaign = tmp_path / f"{state}-{place}-{way}"
        shutil.copytree(sample, campaign)
        with Proxy(post_office.starttls, [Cut(side, pattern, place, way)]) as proxy:
            at_port(campaign, proxy.port)
            monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(proxy.port))
            first = ledgergen("send", FINANCE, "--json", at=campaign)
            settled(post_office)
            sent = len(post_office.received)
            second = ledgergen("send", FINANCE, "--json", at=campaign)
            settled(post_office)
            assert proxy.cuts == 1, (state, place, way)
        judge(first, second, sent, len(post_office.received))
        return second.json["mails"][0]["outcome"], sent, len(post_office.received)

    return run


def at_port(campaign: Path, port: int) -> None:
    """Let a campaign send through another port."""
    settings = (campaign / "ledgergen.yaml").read_text(encoding="utf-8")
    text = settings.replace("port: 1, security: plain}}", f"port: {port}, security: plain}}}}")
    make_folder(campaign, {"ledgergen.yaml": text})


def settled(office: PostOffice) -> None:
    """Wait until the server has taken in what reached it."""
    count = -1
    while count != len(office.received):
        count = len(office.received)
        time.sleep(0.05)


def judge(first: Ran, second: Ran, sent: int, received: int) -> None:
    """What must hold whatever happened to the line."""
    outcome = second.json["mails"][0]["outcome"]
    assert received <= 1
    assert sent in (received, 0)
    if outcome == "unknown":
        assert second.code == 1
        assert [each["code"] for each in second.json["findings"]] == ["send-unknown"]
        assert received == sent
    else:
        assert outcome == "accepted"
        assert received == 1
        assert first.code in (0, 3)


@pytest.mark.parametrize(("state", "place", "way"), QUICK)
def test_a_cut_line_neither_loses_a_mail_nor_sends_it_twice(
    cut: "Callable[[str, Place, Way], tuple[str, int, int]]", state: str, place: Place, way: Way
) -> None:
    outcome, _, received = cut(state, place, way)
    if state not in AFTER_THE_TEXT | IN_DOUBT:
        assert (outcome, received) == ("accepted", 1)
    elif state in IN_DOUBT:
        assert (outcome, received) in (("accepted", 1), ("unknown", 0))
    elif state == "full-stop" and place == "after":
        assert (outcome, received) == ("unknown", 1)


@pytest.mark.soak
def test_at_every_state_in_every_way(cut: "Callable[[str, Place, Way], tuple[str, int, int]]") -> None:
    outcomes: Counter[tuple[str, int]] = Counter()
    for state, place, way in ALL:
        outcome, _, received = cut(state, place, way)
        outcomes[outcome, received] += 1
        if state not in AFTER_THE_TEXT | IN_DOUBT:
            assert (outcome, received) == ("accepted", 1), (state, place, way)
    print(f"cuts: {len(ALL)}; (fate, mails taken over): {dict(outcomes)}")  # noqa: T201 - what make soak shows
    assert sum(outcomes.values()) == len(ALL)


def test_an_unknown_mail_is_settled_by_a_person(
    tmp_path: Path, user: str, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledgergen.campaign.posting.PAUSES", (0.01, 0.01))
    campaign = mail_campaign(tmp_path / "campaign", addresses(user), port=1)
    with Proxy(post_office.starttls, [Cut("server", rb"250 2\.0\.0 queued\r\n", "before", "fin", times=2)]) as proxy:
        at_port(campaign, proxy.port)
        monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(proxy.port, user=OFFICE))
        ran = ledgergen("send", "--json", at=campaign)
        fates = [each["outcome"] for each in ran.json["mails"]]
        assert sorted(fates) == ["accepted", "unknown", "unknown"]
        doubtful = [each["unit"] for each in ran.json["mails"] if each["outcome"] == "unknown"]
        taken = len(post_office.received)

        assert ledgergen("send", "--mark-sent", doubtful[0], at=campaign).code == 0
        again = ledgergen("send", "--again", doubtful[1], "--json", at=campaign)
        assert again.json["mails"][0]["outcome"] == "accepted"
        assert len(post_office.received) == taken + 1

        last = ledgergen("send", "--json", at=campaign)
        assert (last.code, {each["step"] for each in last.json["mails"]}) == (0, {"done"})


def test_no_mail_leaves_before_the_journal_says_that_it_is_on_its_way(
    tmp_path: Path, user: str, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.starttls))
    campaign = mail_campaign(tmp_path / "campaign", addresses(user), port=post_office.starttls)
    seen: list[str] = []
    hand_over = Submission.hand_over

    def watched(line: Submission, sender: str, recipients: Sequence[str], data: bytes) -> Taken:
        last = max((campaign / ".ledgergen" / "journal").glob("*.json")).read_text(encoding="utf-8")
        (mail,) = json.loads(last)["facts"]["mails"]
        assert f"Message-ID: <{mail['message_id']}>".encode() in data
        seen.append(mail["outcome"])
        return hand_over(line, sender, recipients, data)

    monkeypatch.setattr(Submission, "hand_over", watched)
    assert ledgergen("send", at=campaign).code == 0
    assert seen == ["sending"] * 3


def test_a_run_that_is_killed_while_the_server_is_awaited_leaves_an_unknown_mail(
    tmp_path: Path, user: str, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = mail_campaign(tmp_path / "campaign", addresses(user), port=1)
    with Proxy(post_office.starttls, [Cut("server", STATES["taken"][1], "before", "stall")]) as proxy:
        at_port(campaign, proxy.port)
        monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(proxy.port))
        command = [sys.executable, "-m", "ledgergen", "-C", str(campaign), "send"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            until = time.monotonic() + 60
            while not proxy.cuts and time.monotonic() < until:
                time.sleep(0.05)
            running.kill()
        assert proxy.cuts == 1
        settled(post_office)

        ran = ledgergen("send", "--json", at=campaign)
        assert sorted(each["outcome"] for each in ran.json["mails"]) == ["accepted", "accepted", "unknown"]
        assert len(post_office.received) == 3
        assert len({each.message_id for each in post_office.received}) == 3
