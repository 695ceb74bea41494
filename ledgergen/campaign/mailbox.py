"""Collect from a mailbox: what is new in it is fetched, opened and journalled; nothing on the server is changed.

Every message that was seen is in the journal by (account, folder, UIDVALIDITY, UID), one without an attachment too, so
none is fetched twice; what a renumbered folder brings again is known by its bytes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ledgergen.campaign.collect import Collection
from ledgergen.campaign.folder import Folder, read_settings
from ledgergen.campaign.mailbox_settings import explained, mailbox_named
from ledgergen.campaign.mailroom import Fetched, collect_letters, places_seen
from ledgergen.campaign.outcome import Occasion, Progress, silent
from ledgergen.findings import Finding, Where, finding
from ledgergen.mail.fetching import Message, utc_text
from ledgergen.mail.mailboxes import read_mailbox
from ledgergen.mail.secrets import Ask, find_secret
from ledgergen.records import Mailbox

_Known = dict[tuple[str, int], set[str]]


def collect_mailbox(  # noqa: PLR0913 - wishes for one run, each by its name
    folder: Folder,
    name: str,
    *,
    occasion: Occasion,
    ask: Ask | None = None,
    passwords: Sequence[str] = (),
    dry_run: bool = False,
    progress: Progress = silent,
) -> Collection:
    """Collect what is new in a mailbox. What came before the line broke, or before Ctrl-C, is kept.

    Args:
        folder: the campaign.
        name: the mailbox, as ``ledgergen.yaml`` calls it.
        occasion: when and by whom.
        ask: asks a person for the secret where neither keyring nor environment has it.
        passwords: what encrypted attachments are tried with.
        dry_run: fetch and look, but journal nothing.
        progress: is told how many messages of how many.

    Raises:
        Surroundings: server, line, login, disk, lock, or nothing issued yet. WrongUse: no such mailbox.
    """
    mailbox = mailbox_named(read_settings(folder), name)
    secret = find_secret(mailbox.server, ask)
    account = account_of(mailbox)
    known = known_in(places_seen(folder), account, mailbox.largest)
    folders_before = {place for place, _ in known}
    with read_mailbox(
        mailbox,
        secret,
        folder.root,
        lambda place, validity: known[place, validity],
        lambda words: explained(folder, words, mailbox.server),
    ) as reading:
        said = list(_said(mailbox, reading.validities, known, folders_before))
        collection = collect_letters(
            folder,
            _letters(reading.messages(), account),
            occasion=occasion,
            passwords=passwords,
            dry_run=dry_run,
            progress=progress,
            total=reading.total,
        )
    return replace(collection, findings=(*collection.findings, *said))


def account_of(mailbox: Mailbox) -> str:
    """Name an account as the journal does: ``imap://user@host``."""
    return f"{mailbox.protocol}://{mailbox.server.user}@{mailbox.server.host.lower()}"


def known_in(places: Iterable[Mapping[str, str | int]], account: str, largest: int) -> _Known:
    """Give the names of the messages of an account that are known, by folder and UIDVALIDITY.

    One that was left on the server as too large is not known any more when the limit has been raised.
    """
    known: _Known = defaultdict(set)
    for place in places:
        if place.get("account") == account and not 0 < int(place.get("left", 0)) <= largest:
            known[str(place["folder"]), int(place["uidvalidity"])].add(str(place["uid"]))
    return known


def _letters(messages: Iterator[Message], account: str) -> Iterator[Fetched]:
    for message in messages:
        place: dict[str, str | int] = {
            "account": account,
            "folder": message.folder,
            "uidvalidity": message.validity,
            "uid": message.uid,
        }
        if any(found.code == "mail-too-large" for found in message.findings):
            place["left"] = message.size
        day = utc_text(message.received)
        name = " ".join(part for part in (message.folder, message.uid) if part)
        yield Fetched(message.content, received=day, place=place, name=name, findings=message.findings)


def _said(
    mailbox: Mailbox, validities: Mapping[str, int], known: Mapping[tuple[str, int], object], before: Iterable[str]
) -> Iterator[Finding]:
    """Say what the office should know of the mailbox itself."""
    where = Where(f"{mailbox.server.host}:{mailbox.server.port}")
    if mailbox.server.security == "plain":
        yield finding("mail-plain", where, server=str(where))
    seen = set(before)
    for folder, validity in validities.items():
        if folder in seen and not known.get((folder, validity)):
            yield finding("mail-renumbered", where, folder=folder)
