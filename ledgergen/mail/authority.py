"""Who may return what. A ledger's codes say whose it is; whether its sender may speak for that unit is asked here.

The rules, in their order (safety rules: codes identify, they never authorise):

1. What the office's own server says of the sender: where it says that the sender is forged, nothing counts.
2. What the mail replies to: a mail of ours that went to another unit is a mismatch, unless the sender is both.
3. From: an address of the unit, its own or by its domain; or of one that may return for it (代报).
4. An address of another unit is a mismatch. One that nobody has is a stranger's; a stranger who replies to the very
   mail that the unit got has it from the unit, so it counts and is said.
"""

import functools
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from ledgergen.findings import Finding, Where, finding
from ledgergen.plan.units import Registry
from ledgergen.records import Group, MailSettings, Unit

# Where anybody has an address: a whole domain of these is nobody's.
PUBLIC: Final = frozenset(
    [
        "qq.com",
        "foxmail.com",
        "vip.qq.com",
        "163.com",
        "126.com",
        "yeah.net",
        "vip.163.com",
        "vip.126.com",
        "188.com",
        "139.com",
        "189.cn",
        "wo.cn",
        "wo.com.cn",
        "sina.com",
        "sina.cn",
        "vip.sina.com",
        "sohu.com",
        "vip.sohu.com",
        "aliyun.com",
        "tom.com",
        "21cn.com",
        "263.net",
        "2980.com",
        "hotmail.com",
        "outlook.com",
        "live.com",
        "live.cn",
        "msn.com",
        "msn.cn",
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "yahoo.cn",
        "yahoo.com.cn",
        "icloud.com",
        "me.com",
        "protonmail.com",
        "proton.me",
        "mail.com",
        "gmx.com",
        "yandex.com",
    ]
)
_COMMENT: Final = re.compile(r"\([^()]{0,1000}\)")
_RESULT: Final = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_SIGNED: Final = re.compile(r"\bheader\.(?:d|i|from)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_MAILED: Final = re.compile(r"\bsmtp\.(?:mailfrom|mfrom|from)\s*=\s*\"?<?([^\s;\">]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a return counts: ``held`` is the code of what is against it, if anything is; and what to say of it."""

    held: str = ""
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """What is known of who sent a mail: address, the office's server's opinion of it, the units it replied for."""

    address: str
    authentication: str = ""
    replied: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True)
class Senders:
    """Knows who has which address. ``sent``: the units of the mails that went out, by Message-ID.

    Without slots, so that what follows from it is worked out once and not for every mail.
    """

    registry: Registry
    settings: MailSettings
    sent: Mapping[str, str] = field(default_factory=dict)

    @functools.cached_property
    def _own(self) -> Mapping[str, Collection[str]]:
        """Give the units by address, and by domain with its ``@``."""
        own: dict[str, set[str]] = {}
        for unit in self.registry.units:
            for address in (written.strip().lower() for written in unit.mail):
                if not (address.startswith("@") and self.is_public(address[1:])):
                    own.setdefault(address, set()).add(unit.name)
        return own

    @functools.cached_property
    def _behalf(self) -> Mapping[str, Collection[str]]:
        """Give by unit the names of those that it may return for."""
        found: dict[str, set[str]] = {}
        for who, others in self.settings.on_behalf.items():
            for sender in self._units(who):
                found.setdefault(sender, set()).update(name for other in others for name in self._units(other))
        return found

    def is_public(self, domain: str) -> bool:
        """Tell whether anybody may have an address in a domain."""
        own = {each.strip().lower().lstrip("@") for each in self.settings.public_domains}
        return domain in PUBLIC or domain in own

    def _units(self, phrase: str) -> list[str]:
        who = self.registry.find(phrase)
        if isinstance(who, Group):
            return [unit.name for unit in self.registry.members(who)]
        return [who.name] if isinstance(who, Unit) else []

    def units_of(self, address: str) -> frozenset[str]:
        """Give the units that an address belongs to: by the address itself, else by its domain."""
        address = address.strip().lower()
        own = self._own.get(address)
        if own:
            return frozenset(own)
        domain = address.rpartition("@")[2]
        return frozenset(self._own.get(f"@{domain}", ())) if domain else frozenset()

    def replied_for(self, references: Iterable[str]) -> frozenset[str]:
        """Give the units whose mails of ours these Message-IDs are."""
        return frozenset(self.sent[each] for each in references if each in self.sent)

    def authenticated(self, address: str, headers: Iterable[str]) -> tuple[str, str]:
        """Give what the topmost result of a trusted server says of an address: ``pass``, ``fail``, ``none``; and why.

        Empty where no server is trusted. Headers below were there before the mail came to us: anybody may write them.
        """
        trusted = {each.strip().lower() for each in self.settings.trusted_authserv}
        if not trusted:
            return "", ""
        for header in headers:
            name, _, results = _COMMENT.sub(" ", header).partition(";")
            if name.split()[:1] and name.split()[0].lower() in trusted:
                return _verdict(results, address.rpartition("@")[2].lower())
        return "none", ""

    def judge(self, sender: Sender, unit: str, where: Where) -> Judgement:
        """Say whether a return of a unit's ledger counts that came from this sender."""
        facts = {"unit": unit, "sender": sender.address or "?"}
        own = self.registry.unit(unit)
        name = own.name if own else unit
        senders = self.units_of(sender.address)
        if sender.authentication == "fail":
            said = finding("sender-forged", where, **facts, reason=sender.reason)
            return Judgement(said.code, said)
        for_others = [each for each in sorted(senders | sender.replied) if name in self._behalf.get(each, ())]
        if name not in senders and for_others:
            said = finding("sender-on-behalf", where, **facts, others="、".join(for_others))
            return Judgement("", said)
        return self._matched(sender, name, senders, where, facts)

    def _matched(
        self, sender: Sender, name: str, senders: frozenset[str], where: Where, facts: Mapping[str, str]
    ) -> Judgement:
        known = name in senders and (not sender.replied or sender.replied & senders)
        if sender.replied and name not in sender.replied and not known:
            said = finding("sender-other-mail", where, **facts, others="、".join(sorted(sender.replied)))
        elif name in senders:
            return Judgement()
        elif senders:
            said = finding("sender-mismatch", where, **facts, others="、".join(sorted(senders)))
        elif name in sender.replied:
            return Judgement("", finding("sender-by-reply", where, **facts))
        elif not self._own:
            return Judgement("", finding("sender-unlisted", where, **facts))
        else:
            said = finding("sender-unknown", where, **facts)
        return Judgement(said.code, said)


def _verdict(results: str, domain: str) -> tuple[str, str]:
    """Read one Authentication-Results (RFC 8601): DMARC decides; else a DKIM or SPF that is aligned with From."""
    found = _results(results)
    policies = [value for value, _ in found.get("dmarc", ())]
    if "pass" in policies or "fail" in policies:
        return ("pass", "") if "pass" in policies else ("fail", "dmarc=fail")
    checked = [(method, value, about) for method in ("spf", "dkim") for value, about in found.get(method, ())]
    if any(value == "pass" and _is_aligned(about, domain) for _, value, about in checked):
        return "pass", ""
    failed = [f"{method}={value}" for method, value, _ in checked if value in ("fail", "softfail")]
    return ("fail", failed[0]) if failed else ("none", "")


def _results(results: str) -> dict[str, list[tuple[str, str]]]:
    """Give by method each result and the domain that it is about."""
    found: dict[str, list[tuple[str, str]]] = {}
    for piece in results.split(";"):
        result = _RESULT.search(piece)
        if result:
            named = (_MAILED if result[1].lower() == "spf" else _SIGNED).search(piece)
            about = named[1].rpartition("@")[2].lower() if named else ""
            found.setdefault(result[1].lower(), []).append((result[2].lower(), about))
    return found


def _is_aligned(about: str, domain: str) -> bool:
    return bool(about) and (about == domain or domain.endswith(f".{about}") or about.endswith(f".{domain}"))
