"""The password of the sending server is in no file, no output, no log and no traceback, whatever goes wrong."""

from pathlib import Path

import pytest

from commands import ledgergen
from ledgergen.mail import submission
from mail_rounds import addresses, mail_campaign, secrets
from servers import PASSWORD
from smtp_server import PostOffice


@pytest.fixture
def sending(tmp_path: Path, user: str, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("ledgergen.campaign.posting.PAUSES", (0.01, 0.01))
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.starttls))
    return mail_campaign(tmp_path / "campaign", addresses(user), port=post_office.starttls)


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_run_leaves_no_trace_of_the_secret(sending: Path, tmp_path: Path, post_office: PostOffice) -> None:
    post_office.data_reply = f"554 5.7.1 refused, you said {PASSWORD}"
    refused = ledgergen("send", "--json", at=sending)
    post_office.data_reply = ""
    ran = [
        refused,
        ledgergen("send", at=sending),
        ledgergen("log", "--json", at=sending),
        ledgergen("status", at=sending),
    ]
    assert "***" in refused.out
    assert PASSWORD not in "".join(each.out + each.err for each in ran)
    assert PASSWORD.encode() not in written(tmp_path)


def test_a_bug_on_the_line_shows_no_secret(sending: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> bytes:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(submission, "_as_sent", breaks)
    with pytest.raises(ZeroDivisionError) as caught:
        ledgergen("send", at=sending)
    assert PASSWORD not in str(caught.getrepr(style="short"))
    assert PASSWORD.encode() not in written(tmp_path)
    monkeypatch.undo()
    status = ledgergen("status", "--json", at=sending).json["mail"]
    assert (status["unknown"], len(status["queued"])) == ([], 3)


def test_another_host_gets_no_secret(sending: Path, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.tls))
    ran = ledgergen("send", at=sending)
    assert ran.code in (2, 3)
    assert not post_office.logins


def test_ctrl_c_before_the_end_of_a_mail_leaves_it_in_the_queue(
    sending: Path, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(submission, "_as_sent", stops)
    assert ledgergen("send", at=sending).code == 3
    monkeypatch.undo()
    monkeypatch.setenv("LEDGERGEN_SECRETS", secrets(post_office.starttls))
    ran = ledgergen("send", "--json", at=sending)
    assert {each["outcome"] for each in ran.json["mails"]} == {"accepted"}
    assert len(post_office.received) == 3


def test_ctrl_c_while_the_server_is_awaited_leaves_its_fate_unknown(
    sending: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Impatient(submission.Submission):
        def _ended(self, *_: object) -> submission.Taken:
            self._full_stop = True
            raise KeyboardInterrupt

    monkeypatch.setattr(submission, "Submission", Impatient)
    assert ledgergen("send", at=sending).code == 3
    monkeypatch.setattr(submission, "Submission", Impatient.__base__)
    ran = ledgergen("send", "--json", at=sending)
    fates = [each["outcome"] for each in ran.json["mails"]]
    assert sorted(fates) == ["accepted", "accepted", "unknown"]
    assert "Of unknown fate" in ledgergen("status", at=sending).out
