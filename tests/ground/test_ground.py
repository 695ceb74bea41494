"""The ground: findings are put into words late, languages are chosen by one rule, patterns are strict."""

import json

import pytest

from ledgergen.catalogue import CATALOGUE, Severity
from ledgergen.errors import WrongUse
from ledgergen.findings import Finding, Where, finding, has_errors, in_order, message, worded
from ledgergen.messages import choose, printable
from ledgergen.texts import placed_in, render


def test_a_place_is_written_as_people_look_for_it() -> None:
    assert str(Where("plan.yaml", 12, 5)) == "plan.yaml:12:5"
    assert str(Where("a.xlsx", sheet="台账", cell="K7")) == "a.xlsx › 台账 › K7"
    assert str(Where("a.xlsx")) == "a.xlsx"


def test_an_unknown_code_is_a_bug_at_once() -> None:
    with pytest.raises(KeyError):
        finding("no-such-code")


def test_a_finding_is_stored_without_words() -> None:
    found = finding("row-missing", Where("a.xlsx", sheet="台账"), task="5", name="规划")
    stored = json.loads(json.dumps(found.to_json()))
    assert Finding.from_json(stored) == found
    assert "missing" not in json.dumps(stored["facts"])


def test_the_most_basic_fault_comes_first_and_warnings_never_drown_errors() -> None:
    found = [finding("nothing-filled"), finding("row-missing", task="1", name=""), finding("unrecognised")]
    assert [each.code for each in in_order(found)] == ["unrecognised", "row-missing", "nothing-filled"]
    assert has_errors(found)
    assert not has_errors(found[:2])


def test_foreign_text_cannot_steer_a_terminal() -> None:
    found = finding("row-doubtful", Where("\x1b[2Ja.xlsx"), text="\x1b]0;x\x07\u202e清")
    shown = worded(found)
    assert "\x1b" not in shown["message"] + shown["where"]
    assert "\u202e" not in shown["message"]
    assert printable("一\n二\t三") == "一\n二\t三"


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_fault_can_be_put_into_words(code: str) -> None:
    class Anything(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return f"‹{key}›"

    fault = CATALOGUE[code]
    assert fault.severity in Severity
    assert fault.message.format_map(Anything())
    assert fault.remedy.format_map(Anything()).endswith((".", "!", "?", "›"))


def test_one_wording() -> None:
    found = finding("choice-unreadable", title="落实状态", text="基本完成", choices="未启动、推进中")
    assert message(found) == "“落实状态” holds “基本完成”, which is none of 未启动、推进中."


@pytest.mark.parametrize(
    ("argv", "environ", "language"),
    [
        ([], {}, "zh"),
        ([], {"LANG": "C.UTF-8"}, "zh"),
        ([], {"LANG": "en_US.UTF-8"}, "en"),
        ([], {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ([], {"LEDGERGEN_LANG": "en"}, "en"),
        (["--lang", "zh"], {"LEDGERGEN_LANG": "en"}, "zh"),
        (["--lang=en"], {}, "en"),
        (["--lang", "fr"], {"LEDGERGEN_LANG": "en"}, "en"),
    ],
)
def test_the_choice_of_language(argv: list[str], environ: dict[str, str], language: str) -> None:
    assert choose(argv, environ) == language


@pytest.mark.parametrize(
    ("name", "region", "full"),
    [
        ("区财政局", "淄川区", "淄川区财政局"),
        ("昆仑镇", "淄川区", "淄川区昆仑镇"),
        ("淄川区财政局", "淄川区", "淄川区财政局"),
        ("财政局", "", "财政局"),
        ("市市场监管局", "淄博市", "淄博市市场监管局"),
    ],
)
def test_a_units_name_after_its_region(name: str, region: str, full: str) -> None:
    assert placed_in(name, region) == full


@pytest.mark.parametrize("pattern", ["{{ nothing }}", "{{ unit", "{{ unit.__class__.__mro__ }}", "{% include 'x' %}"])
def test_a_faulty_or_prying_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(WrongUse) as stopped:
        render(pattern, {"unit": "区财政局"}, "zichuan")
    assert stopped.value.finding.code == "pattern-faulty"
