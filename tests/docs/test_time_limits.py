"""The reference's section on time limits is what the program does, row by row."""

import re
from datetime import date

import ledgergen
from ledgergen.plan.deadline import KEYS_OF, KINDS, read_limit
from ledgergen.plan.deadline_text import deadline_yaml
from ledgergen.plan.load import load_settings
from test_documentation import section, table_rows

TEXT = section("docs/reference.md", "Time limits")
ROWS = table_rows(TEXT)


def test_every_kind_is_told_with_keys_that_it_knows() -> None:
    kinds = {row[0]: set(re.findall("`?([a-z_]+)`?", row[2])) for row in ROWS if row[0] in KINDS}
    assert list(kinds) == ["fixed", "recurring", "on_event", "period", "continuous", "unclear", "none"]
    words = {"month", "quarter", "half_year", "year"}
    assert [kind for kind, keys in kinds.items() if not keys - words <= set(KEYS_OF[kind])] == []


def test_words_are_read_as_the_table_says() -> None:
    told = {row[0]: row[1] for row in ROWS if row[1].startswith("{kind: ")}
    assert len(told) >= 15
    assert {words: deadline_yaml(read_limit(words, 2022, date(2022, 6, 8))) for words in told} == told


def test_every_public_name_is_told() -> None:
    text = TEXT + section("docs/reference.md", "Lights")
    assert [name for name in ledgergen.__all__ if name != "__version__" and f"`{name}" not in text] == []


def test_the_office_can_write_its_days_as_shown() -> None:
    (yaml,) = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
    settings, findings = load_settings(f"id: a\nname: b\nlayout: c\n{yaml}".encode())
    assert findings == []
    assert settings
    assert (settings.grace, settings.complete_years) == (3, (2027,))


def test_the_python_shown_gives_what_it_says() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    *setup, first, second = (line.partition("  #") for line in code.splitlines() if line.strip())
    names: dict[str, object] = {}
    exec("\n".join(line for line, _, _ in setup), names)  # noqa: S102 - our own documentation
    days, after = (eval(line, names) for line, _, _ in (first, second))  # noqa: S307
    assert [f"{day.day} {day:%B}" for day in days] == first[2].strip().split(", ")
    assert f"{after.day} {after:%B}" == second[2].strip()
