"""Canonical JSON: whichever library writes it, the bytes are the same, and what is written is read back."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergen import canonical

TEXTS = st.text(st.characters(exclude_categories=()), max_size=12)  # lone surrogates among them
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def written_by_json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode(errors="backslashreplace")


@given(VALUES)
def test_the_bytes_are_those_of_the_standard_library(value: object) -> None:
    assert canonical.dumps(value) == written_by_json(value)


@given(VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    assert canonical.loads(canonical.dumps(value)) == value


@given(VALUES, VALUES)
def test_a_part_that_was_spelled_before_is_taken_as_it_is(one: object, other: object) -> None:
    whole = {"parts": [canonical.part(one), canonical.part([other])], "rest": other}
    assert canonical.dumps(whole) == canonical.dumps({"parts": [one, [other]], "rest": other})


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
@pytest.mark.parametrize("write", [canonical.dumps, canonical.part])
def test_a_number_that_json_does_not_know_is_refused(number: float, write: Callable[[object], bytes]) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write({"a": [1, number]})


@pytest.mark.parametrize("value", [b"bytes", {"a": object()}, [None, {1}]])
def test_what_json_has_no_form_for_is_an_error(value: object) -> None:
    with pytest.raises(TypeError, match="JSON"):
        canonical.dumps(value)


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b'"\xff"', b"nul"])
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        canonical.loads(data)
