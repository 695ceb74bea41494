"""Addresses that our mails do not reach."""

from dataclasses import dataclass

from ledgergen.state.history import History


@dataclass(frozen=True, slots=True)
class Bounce:
    """An address that a mail of ours did not reach: whose, when that was said, and the reason given."""

    address: str
    unit: str
    at: str
    reason: str


def unreachable(history: History) -> dict[str, Bounce]:
    """Give the addresses that the last mails did not reach; one that has written since is reached."""
    found: dict[str, Bounce] = {}
    for each in sorted(history.letters, key=lambda letter: (letter.received, letter.digest)):
        found.pop(each.sender, None)
        for address, reason in each.bounced.items():
            found[address] = Bounce(address, each.unit, each.received, reason)
    return found
