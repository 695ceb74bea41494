"""The words: every message has its Chinese, nothing that must stand unchanged is lost, and each language is whole."""

import os
import re
import string
import subprocess
import sys
from collections.abc import Sequence

import pytest
from babel.messages.catalog import Catalog, Message

from messages_catalogue import MO, compiled, extracted, stored

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_PERCENT = re.compile(r"%\(\w+\)[a-z]")
_QUOTED = re.compile(r"`[^`]*`")
_REPAIR = "run `make messages` and translate what it lists"


@pytest.fixture(scope="module")
def source() -> list[Message]:
    return [message for message in extracted() if message.id]


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return stored()


def forms(text: str | Sequence[str]) -> list[str]:
    """Give the forms of a message: one, or singular and plural."""
    return [text] if isinstance(text, str) else list(text)


def chinese(catalogue: Catalog, message: Message) -> list[str]:
    """Give the Chinese of a message of the source; Chinese has no plural, so where there is one it is one form."""
    found = catalogue.get(message.id, message.context)
    return forms(found.string or "") if found and not found.fuzzy else [""]


def fields(text: str) -> set[str]:
    """Give what is filled in: ``{name!r}`` as ``name!r``, ``%(name)s`` as it stands."""
    parsed = string.Formatter().parse(_PERCENT.sub("", text))
    named = {f"{name}{'!' + conversion if conversion else ''}" for _, name, _, conversion in parsed if name is not None}
    return named | set(_PERCENT.findall(text))


def spoken(language: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own, in one language."""
    environment = {**os.environ, "LEDGERGEN_LANG": language, "PYTHONUTF8": "1", "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, "-m", "ledgergen", *arguments],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_no_message_of_the_source_or_of_click_is_untranslated(source: list[Message], catalogue: Catalog) -> None:
    missing = [message.id for message in source if not all(chinese(catalogue, message))]
    assert missing == [], _REPAIR


def test_no_message_is_kept_that_nobody_says_any_more(source: list[Message], catalogue: Catalog) -> None:
    said = {message.id for message in source}
    assert [message.id for message in catalogue if message.id and message.id not in said] == [], _REPAIR


def test_what_is_filled_in_is_the_same_in_both_languages(source: list[Message], catalogue: Catalog) -> None:
    # of singular and plural the last counts: a singular may say “1” itself
    differing = [
        (message.id, text)
        for message in source
        for text in chinese(catalogue, message)
        if text and fields(forms(message.id)[-1]) != fields(text)
    ]
    assert differing == []


def test_what_a_user_would_type_stands_unchanged(source: list[Message], catalogue: Catalog) -> None:
    differing = [
        (message.id, text)
        for message in source
        for text in chinese(catalogue, message)
        if text and set(_QUOTED.findall(forms(message.id)[-1])) != set(_QUOTED.findall(text))
    ]
    assert differing == []


def test_the_compiled_catalogue_is_that_of_the_text(catalogue: Catalog) -> None:
    assert MO.read_bytes() == compiled(catalogue), _REPAIR


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("用法：", "选项", "命令", "显示本帮助后退出", "台账", "退出码")),
        ("en", ("Usage:", "Options", "Commands", "Show this message and exit", "ledger", "Exit codes")),
    ],
)
def test_help_speaks_the_language_asked_for(language: str, words: tuple[str, ...]) -> None:
    ran = spoken(language, "--help")
    assert ran.returncode == 0, ran.stderr
    assert [word for word in words if word not in ran.stdout] == []
    assert bool(_CHINESE.search(ran.stdout)) == (language == "zh")


@pytest.mark.parametrize(("language", "said"), [("zh", "错误：没有选项"), ("en", "Error: No such option")])
def test_an_unknown_option_is_refused_in_the_language_asked_for(language: str, said: str) -> None:
    ran = spoken(language, "check", "--no-such-option")
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "--no-such-option" in ran.stderr
    assert ("Error" in ran.stderr) == (language == "en")
