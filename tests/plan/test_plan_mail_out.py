"""What the campaign's files say of reaching units: addresses, channels, and when they are reminded."""

from datetime import date

import pytest

from ledgergen.plan.load import load_settings, load_units
from ledgergen.records import RemindSettings

HEAD = "id: a\nname: b\nlayout: zichuan\n"


def test_a_unit_has_addresses_domains_copies_a_person_and_a_channel() -> None:
    text = 'units:\n- {name: 甲, mail: [a@b.cn, "@b.cn"], cc: [c@b.cn], contact: 王某, phone: 0533-1, channel: oa}\n'
    text += "- {name: 乙}\n"
    registry, findings = load_units(text.encode())
    assert registry is not None
    assert not findings
    unit, plain = registry.units
    assert (unit.addresses, unit.mail, unit.cc) == (("a@b.cn",), ("a@b.cn", "@b.cn"), ("c@b.cn",))
    assert (unit.contact, unit.phone, unit.channel, plain.channel) == ("王某", "0533-1", "oa", "mail")


def test_a_channel_that_does_not_exist_is_a_finding() -> None:
    registry, findings = load_units("units:\n- {name: 甲, channel: fax}\n".encode())
    assert (registry, [each.code for each in findings], findings[0].where.line) == (None, ["value-unknown"], 2)


def test_reminders_have_steps_of_their_own() -> None:
    settings, findings = load_settings(
        f"{HEAD}remind: {{before: [5], quiet: [2022-07-01], on_free_days: true}}\n".encode()
    )
    assert settings is not None
    assert not findings
    assert settings.remind == RemindSettings(before=(5,), quiet=(date(2022, 7, 1),), on_free_days=True)
    plain, _ = load_settings(HEAD.encode())
    assert plain is not None
    assert plain.remind == RemindSettings()


@pytest.mark.parametrize("wrong", ["before: [-1]", "after: [0]", "every: 0", "gap: x", "quiet: [morgen]"])
def test_impossible_steps_are_findings(wrong: str) -> None:
    settings, findings = load_settings(f"{HEAD}remind: {{{wrong}}}\n".encode())
    assert settings is None
    assert [each.where.line for each in findings] == [4]
