"""Numbers of persons: found where they are, not found where they only look so, shown so that they cannot be used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergen.state.personal import BANK_CARD, ID_CARD, PHONE, masked, personal_numbers, without_numbers

CARD, OLD_CARD, BANK = "370303199001011239", "130503670401001", "6222021603001234566"  # invented


@pytest.mark.parametrize(
    ("text", "code", "number"),
    [
        (f"经办人身份证{CARD}。", ID_CARD, CARD),
        ("身份证：370303 19900101 1239", ID_CARD, "370303 19900101 1239"),
        ("11010519491231002x", ID_CARD, "11010519491231002x"),
        ("３７０３０３１９９００１０１１２３９", ID_CARD, "３７０３０３１９９００１０１１２３９"),
        (OLD_CARD, ID_CARD, OLD_CARD),
        (f"卡号{BANK}", BANK_CARD, BANK),
        ("联系13800001234", PHONE, "13800001234"),
        ("138 0000 1234", PHONE, "138 0000 1234"),
        ("+86-13800001234", PHONE, "+86-13800001234"),
        ("值班0533-1234567", PHONE, "0533-1234567"),
        ("（0533）12345678", PHONE, "（0533）12345678"),
        ("电话：5123456", PHONE, "5123456"),
    ],
)
def test_numbers_of_persons_are_found(text: str, code: str, number: str) -> None:
    assert [(each.code, text[each.start : each.end]) for each in personal_numbers(text)] == [(code, number)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "共公开信息1234567条",
        "370303199001011234",  # the check digit is another
        "370303199013011239",  # no such day
        "91370303MA3ABCDE1X",  # a firm's credit code
        "6222021603001234567",  # the check digit is another
        "http://www.example.invalid/art/2022/6/30/art_1_13800001234.html",
        "zhang13800001234@example.invalid",
        "2022-06-30 2022-07-01 共20220630件",
        "投入13800001234.56元",
        "文号：20220630",
        "拨打12345热线",
        "0533",
        "A13800001234B",
    ],
)
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert personal_numbers(text) == []


def test_several_are_found_in_their_order() -> None:
    text = f"王某13800001234，{CARD}，卡{BANK}"
    assert [each.code for each in personal_numbers(text)] == [PHONE, ID_CARD, BANK_CARD]
    assert without_numbers(text) == "王某138******34，3703**********1239，卡6222***********4566"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(CARD, "3703**********1239"), (OLD_CARD, "1305*******1001"), ("13800001234", "138******34")],
)
def test_a_number_is_shown_in_part(number: str, shown: str) -> None:
    assert masked(number) == shown


@given(st.text(alphabet="0123456789０１²Xx -（）电话:+年张.", max_size=60))
def test_no_text_makes_it_fail_and_what_is_found_is_never_shown_whole(text: str) -> None:
    shown = without_numbers(text)
    assert len(shown) == len(text)
    for each in personal_numbers(text):
        assert text[each.start : each.end] not in shown[each.start : each.end]
