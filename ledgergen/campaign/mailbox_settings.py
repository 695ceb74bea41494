"""The mailboxes of a campaign: which there are, how one is set up in ``ledgergen.yaml``, what providers are known."""

import re
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Final

from ledgergen.campaign.folder import SETTINGS_FILE, Folder, read_bytes, read_settings
from ledgergen.campaign.outcome import Verb
from ledgergen.errors import InputFaults, Surroundings, WrongUse
from ledgergen.findings import Finding, Where, has_errors
from ledgergen.journal.durable import replace_whole
from ledgergen.journal.lock import one_writer
from ledgergen.mail.login import login_refused
from ledgergen.mail.presets import GENERIC, Preset, preset_of_address, read_presets
from ledgergen.messages import spoken
from ledgergen.plan.load import load_settings
from ledgergen.plan.rewrite import Add, Unwritable, rewritten
from ledgergen.plan.spelling import Value
from ledgergen.records import Mailbox, Server, Settings
from ledgergen.resources import resource_folder

PRESETS_FILE: Final = "mailboxes.yaml"
_WRITTEN: Final = re.compile(r"(?P<host>[^\s:/@]+)(?::(?P<port>[0-9]{1,5})(?::(?P<security>tls|starttls|plain))?)?")
_PORTS: Final = {"imap": 993, "pop3": 995, "smtp": 465}
_STARTTLS: Final = (143, 110, 587, 25)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says of a new mailbox; what is empty or None follows from the provider."""

    address: str
    name: str = "office"
    preset: str = ""
    protocol: str = "imap"
    server: str = ""
    smtp: str = ""
    user: str = ""
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """A mailbox as it stands in the settings now: new, or the same as before. ``advice``: where its code is made."""

    mailbox: Mailbox
    verb: Verb
    preset: str
    advice: str
    wants_code: bool


def presets_of(folder: Folder) -> tuple[Preset, ...]:
    """Read what is known of providers: the campaign's own ``templates/mailboxes.yaml``, else the product's.

    Raises:
        InputFaults: the file has faults.
    """
    own = folder.root / "templates" / PRESETS_FILE
    path = own if own.is_file() else resource_folder("templates") / PRESETS_FILE
    return read_presets(read_bytes(path), folder.shown(path) if path is own else path.name)


def mailbox_named(settings: Settings, name: str) -> Mailbox:
    """Find a mailbox by its name.

    Raises:
        Surroundings: ``mailbox-none``. WrongUse: ``mailbox-unknown``.
    """
    if not settings.mailboxes:
        raise Surroundings("mailbox-none", Where(SETTINGS_FILE))
    for mailbox in settings.mailboxes:
        if mailbox.name == name:
            return mailbox
    names = "、".join(mailbox.name for mailbox in settings.mailboxes)
    raise WrongUse("mailbox-unknown", Where(SETTINGS_FILE), name=name, names=names)


def explained(folder: Folder, words: str, server: Server) -> Finding:
    """Put a refused login into plain words, with what is known of the provider."""
    return login_refused(words, server, presets_of(folder), spoken())


def add_mailbox(folder: Folder, wish: Wish, *, dry_run: bool = False) -> Added:
    """Write a mailbox into ``ledgergen.yaml``; whatever else stands there stays as it is, comments included.

    Of a mailbox that is there already under this name and is the same, nothing is written.

    Raises:
        InputFaults: the settings have faults. WrongUse: the wish names nothing that is known, or the name is taken.
        Surroundings: ``mailbox-not-written``, and what disk and lock may say.
    """
    preset = _preset(presets_of(folder), wish)
    item, advice = _item(preset, wish), preset.advises(spoken())
    before = read_settings(folder)
    there = next((each for each in before.mailboxes if each.name == wish.name), None)
    if there is not None:
        wanted = (wish.protocol, item["host"], item["port"], item["user"])
        if (there.protocol, there.server.host, str(there.server.port), there.server.user) != wanted:
            raise WrongUse("mailbox-there", there.where, name=wish.name, server=there.server.place)
        return Added(there, Verb.SAME, preset.id, advice, preset.wants_code)
    with nullcontext() if dry_run else one_writer(folder.root):
        after = _with(folder, item)
        made = mailbox_named(_settings(after), wish.name)
        if not dry_run:
            replace_whole(folder.root / SETTINGS_FILE, after)
    return Added(made, Verb.NEW, preset.id, advice, preset.wants_code)


def _with(folder: Folder, item: dict[str, Value]) -> bytes:
    """Give the settings' bytes with a mailbox more."""
    data = read_bytes(folder.root / SETTINGS_FILE)
    last = len(_settings(data).mailboxes) - 1
    try:
        return rewritten(data, [Add("mailboxes", last, item)], SETTINGS_FILE)
    except Unwritable as fault:
        raise Surroundings("mailbox-not-written", Where(SETTINGS_FILE)) from fault


def _settings(data: bytes) -> Settings:
    settings, findings = load_settings(data, SETTINGS_FILE)
    if settings is None or has_errors(findings):
        raise InputFaults(findings)
    return settings


def _preset(presets: Sequence[Preset], wish: Wish) -> Preset:
    by_id = {preset.id: preset for preset in presets}
    if wish.preset:
        if wish.preset not in by_id:
            raise WrongUse("mailbox-preset-unknown", name=wish.preset, names="、".join(by_id))
        return by_id[wish.preset]
    found = preset_of_address(presets, wish.address)
    if found is None and not wish.server:
        names = "、".join(f"{preset.id}（{preset.name}）" for preset in presets)
        raise WrongUse("mailbox-host-needed", address=wish.address, names=names)
    return found or by_id[GENERIC]


def _item(preset: Preset, wish: Wish) -> dict[str, Value]:
    """Make the lines of a mailbox, all that matters written out."""
    user = wish.user or wish.address
    incoming = _server(preset, wish, wish.protocol, wish.server)
    item: dict[str, Value] = {"name": wish.name}
    if wish.protocol != "imap":
        item["protocol"] = wish.protocol
    item |= {"host": incoming.host, "port": str(incoming.port), "security": incoming.security, "user": user}
    if wish.protocol == "imap" and wish.folders:
        item["folders"] = list(wish.folders)
    if wish.smtp or not wish.server:
        outgoing = _server(preset, wish, "smtp", wish.smtp)
        item["smtp"] = {"host": outgoing.host, "port": str(outgoing.port), "security": outgoing.security}
    return item


def _server(preset: Preset, wish: Wish, protocol: str, written: str) -> Server:
    """Give a server: as written (``HOST``, ``HOST:PORT``, ``HOST:PORT:SECURITY``), else the provider's."""
    usual = preset.server(protocol, wish.address)
    if not written:
        if usual is None:
            raise WrongUse("mailbox-host-needed", address=wish.address, names=preset.id)
        return usual
    fit = _WRITTEN.fullmatch(written)
    if fit is None:
        raise WrongUse("mail-host-bad", value=written)
    port = int(fit["port"] or _PORTS[protocol])
    security = fit["security"] or ("starttls" if port in _STARTTLS else "tls")
    return Server(fit["host"], port, security, wish.user or wish.address)
