"""The mail cases: a real mailbox read by ledgergen, and by the shortest loop that fetches and parses at all.

Dovecot is started by the step that prepares and ended by the one that works, of which it is no child: its own time is
in neither figure.
"""

import email
import json
import os
import random
import shutil
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from ledgergen.campaign.folder import SETTINGS_FILE, find_folder
from ledgergen.campaign.generate import generate
from ledgergen.campaign.outcome import Occasion

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "mail"))

from mail_messages import letter
from servers import HOST, PASSWORD, start_dovecot

USER = "office@example.invalid"
ATTACHED = 12_600  # bytes, which make a mail of 17 KB
OCCASION = Occasion(datetime(2022, 7, 1, tzinfo=UTC), "bench")


def fill_mailbox(folder: Path, files: int) -> None:
    """Start the server with so many mails in a mailbox, and issue the ledgers of a campaign that knows it."""
    from benchmarks.cases import small_campaign

    server = start_dovecot("/usr/sbin/dovecot")
    chance = random.Random(1)  # noqa: S311 - the same bytes each time
    for number in range(files):
        attached = (f"附件{number}.pdf", b"%PDF-1.4\n" + chance.randbytes(ATTACHED))
        server.put(USER, letter(number, attached, sender=f"u{number % 50}@example.invalid"))
    place = {"port": server.imap, "pid": server.process.pid, "folder": str(server.folder)}
    (folder / "server.json").write_text(json.dumps(place), encoding="utf-8")
    campaign = small_campaign(folder / "campaign", 3, 3)
    with (campaign.root / SETTINGS_FILE).open("a", encoding="utf-8") as settings:
        row = f"name: office, host: {HOST}, port: {server.imap}, security: plain, user: {USER}"
        settings.write(f"mailboxes:\n- {{{row}}}\n")
    generate(campaign, round_id=None, occasion=OCCASION)


def collected_from_mailbox(folder: Path, files: int) -> int:
    """Fetch, open and journal them."""
    import imapclient  # what is imported late is no part of the work
    import keyring

    from ledgergen.campaign.mailbox import collect_mailbox

    del imapclient, keyring
    place = _place(folder)
    os.environ["LEDGERGEN_SECRETS"] = f"{HOST}:{place['port']} {USER} {PASSWORD}"
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    try:
        done = collect_mailbox(find_folder(folder / "campaign"), "office", occasion=OCCASION).files
    finally:
        _end(place)
    assert len(done) == files
    return len(done)


def fetched_and_parsed(folder: Path, files: int) -> int:
    """Fetch them in chunks of fifty with IMAPClient, parse them with the standard library, and forget them."""
    from imapclient import IMAPClient

    place = _place(folder)
    found = 0
    try:
        with IMAPClient(HOST, int(place["port"]), ssl=False) as client:
            client.login(USER, PASSWORD)
            client.select_folder("INBOX", readonly=True)
            uids = client.search("ALL")
            for start in range(0, len(uids), 50):
                for message in client.fetch(uids[start : start + 50], ["BODY.PEEK[]"]).values():
                    for part in email.message_from_bytes(message[b"BODY[]"]).walk():
                        found += bool(part.get_filename() and part.get_payload(decode=True))
    finally:
        _end(place)
    assert found == files
    return found


def _end(place: dict[str, str | int]) -> None:
    os.kill(int(place["pid"]), signal.SIGTERM)
    shutil.rmtree(str(place["folder"]), ignore_errors=True)


def _place(folder: Path) -> dict[str, str | int]:
    place: dict[str, str | int] = json.loads((folder / "server.json").read_text(encoding="utf-8"))
    return place
