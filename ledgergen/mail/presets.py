"""What is known of mail providers: servers, whether they want an authorisation code, where it is made.

It is data (``templates/mailboxes.yaml``): providers change, and an office may add its own. The shape is checked by
hand here, as the file is ours or the office's and small.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledgergen.errors import InputFaults
from ledgergen.findings import Where, finding
from ledgergen.plan.yaml_files import read_yaml
from ledgergen.records import Server

GENERIC = "generic"
_SECURITIES = ("tls", "starttls", "plain")


@dataclass(frozen=True, slots=True)
class Preset:
    """One provider. ``servers``: by protocol (``imap``, ``pop3``, ``smtp``) host, port, security."""

    id: str
    name: str
    domains: tuple[str, ...]
    servers: Mapping[str, tuple[str, int, str]]
    wants_code: bool
    authserv: tuple[str, ...]
    advice: Mapping[str, str]

    def server(self, protocol: str, address: str) -> Server | None:
        """Give a server for an address, None where the provider has none of the kind."""
        if protocol not in self.servers:
            return None
        host, port, security = self.servers[protocol]
        domain = address.rpartition("@")[2]
        return Server(host.replace("{domain}", domain), port, security, address)

    def advises(self, language: str) -> str:
        """Tell where on the web page mail programs are let in."""
        return self.advice.get(language) or self.advice.get("zh", "")


def read_presets(data: bytes, file: str = "mailboxes.yaml") -> tuple[Preset, ...]:
    """Read the presets.

    Raises:
        InputFaults: the file has faults.
    """
    document, findings = read_yaml(data, file)
    if document is None:
        raise InputFaults(findings)
    try:
        return tuple(_preset(row) for _, row in document.items("presets"))
    except (KeyError, ValueError, TypeError) as fault:
        raise InputFaults([finding("mailbox-presets-faulty", Where(file), reason=str(fault))]) from None


def _preset(row: Mapping[str, object]) -> Preset:
    def texts(key: str) -> tuple[str, ...]:
        value = row.get(key) or ()
        if not isinstance(value, list | tuple):
            raise TypeError(key)
        return tuple(map(str, value))

    servers = {key: _server(str(row[key])) for key in ("imap", "pop3", "smtp") if row.get(key)}
    return Preset(
        id=str(row["id"]),
        name=str(row["name"]),
        domains=texts("domains"),
        servers=servers,
        wants_code=row.get("code") == "true",
        authserv=texts("authserv"),
        advice={"zh": str(row.get("advice") or ""), "en": str(row.get("advice_en") or "")},
    )


def _server(text: str) -> tuple[str, int, str]:
    place, _, security = text.partition(" ")
    host, _, port = place.rpartition(":")
    if security.strip() not in _SECURITIES or not host or not port.isdecimal():
        raise ValueError(text)
    return host, int(port), security.strip()


def preset_of_address(presets: Iterable[Preset], address: str) -> Preset | None:
    """Find the provider that an address's domain belongs to."""
    domain = address.rpartition("@")[2].lower()
    return next((preset for preset in presets if domain in preset.domains), None)


def preset_of_host(presets: Iterable[Preset], host: str) -> Preset | None:
    """Find the provider that a server belongs to."""
    hosts = {server[0]: preset for preset in presets for server in preset.servers.values()}
    return hosts.get(host.lower())
