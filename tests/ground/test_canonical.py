"""Canonical JSON: whichever library writes it, the bytes are the same, and what is written is read back."""

import json

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


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_does_not_know_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical.dumps({"a": [1, number]})


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b'"\xff"', b"nul"])
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        canonical.loads(data)
