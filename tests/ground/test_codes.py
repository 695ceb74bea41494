"""Codes identify: derived, not counted; they survive retyping and notice a wrong character."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergen.workbook.codes import (
    book_number,
    book_token,
    check_character,
    fold,
    measure_mark,
    parse_book_number,
    parse_row_code,
    row_code,
)

task_ids = st.text(string.digits + string.ascii_letters + ".", min_size=1, max_size=12).filter(
    lambda id_: id_.strip(".")
)


def test_check_character_of_the_standards_example() -> None:
    # ISO 7064 names A12425GABC1234002 with check character M in Mod 37,36
    assert check_character("A12425GABC1234002") == "M"


@given(task_ids, st.sampled_from(["1", "2", "17", "N7K2F"]))
def test_a_row_code_is_taken_apart_as_it_was_composed(task: str, measure: str) -> None:
    token = book_token("c", "2022Q2", "区财政局")
    assert parse_row_code(row_code(token, task, measure)) == (fold(token), fold(task), fold(measure))


@given(st.integers(0, 5), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_of_the_token_is_noticed(place: int, wrong: str) -> None:
    code = row_code("7K2F9Q", "5", "1")
    mistyped = code[:place] + wrong + code[place + 1 :]
    assert (parse_row_code(mistyped) is None) == (fold(mistyped) != fold(code))


@pytest.mark.parametrize(
    "typed",
    [
        "7k2f9q-5-1-{}",
        " 7K2F9Q-5-1-{} ",
        "７Ｋ２Ｆ９Ｑ－５－１－{}",
        "7K2F9Q—5—1—{}",
        "7K2F9Q-5-1-{}\u200b",
        "\ufeff7K2F9Q -5- 1-{}",
    ],
)
def test_a_retyped_code_is_the_same_code(typed: str) -> None:
    check = row_code("7K2F9Q", "5", "1")[-1]
    assert parse_row_code(typed.format(check)) == ("7K2F9Q", "5", "1")


@pytest.mark.parametrize("text", ["", "5", "7K2F9Q", "7K2F9Q-5-1", "7K2F9Q-5-1-?", "7K2F9Q--1-X", "a-b-c-d-e", "…"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert parse_row_code(text) is None


def test_tokens_are_the_same_on_every_machine_and_bumped_where_taken() -> None:
    token = book_token("zichuan-2022", "2022Q2", "区财政局")
    assert token == book_token("zichuan-2022", "2022Q2", "区财政局")
    assert book_token("zichuan-2022", "2022Q2", "区财政局", {token}) != token
    assert book_token("zichuan-2022", "2022Q3", "区财政局") != token


def test_a_books_number_is_found_in_its_label() -> None:
    number = book_number("7K2F9Q", "4TXA")
    assert parse_book_number(f"台账编号：{number}") == ("7K2F9Q", "4TXA")
    assert parse_book_number(f"台账编号: {number.lower()}（财政局）") == ("7K2F9Q", "4TXA")
    assert parse_book_number(number[:-1] + ("A" if number[-1] != "A" else "B")) is None


def test_an_inserted_measure_is_known_again_by_its_text() -> None:
    mark = measure_mark("5", "召开 推进会")
    assert mark == measure_mark("5", "召开推进会\n")
    assert mark != measure_mark("6", "召开推进会")
    assert measure_mark("5", "召开推进会", {mark}) != mark
    assert parse_row_code(row_code("7K2F9Q", "5", mark)) == ("7K2F9Q", "5", fold(mark))
