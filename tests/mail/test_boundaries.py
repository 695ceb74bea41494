"""Boundaries are found as the standard library's pattern finds them."""

import email.feedparser
import re

from hypothesis import example, given
from hypothesis import strategies as st

from ledgergen.mail.boundaries import Boundary, without_compiling

SEPARATORS = st.text(max_size=12).map("--".__add__)
ENDS = st.sampled_from(["", "--", "-", "---", "-- \t", " ", "\n", "\r\n", "--\n", " \r", "--x", "\n\n", "-- --"])


@given(SEPARATORS, st.one_of(ENDS, st.text(max_size=5)), st.booleans())
@example("--a.b*", "--\r\n", True)  # noqa: FBT003
@example("--\n", "", True)  # noqa: FBT003
def test_a_line_is_a_boundary_where_the_pattern_says_so(separator: str, end: str, is_own: bool) -> None:  # noqa: FBT001
    line = (separator if is_own else "--other") + end
    pattern = "(?P<sep>" + re.escape(separator) + r")(?P<end>--)?(?P<ws>[ \t]*)(?P<linesep>\r\n|\r|\n)?$"
    theirs = re.compile(pattern).match(line)
    kept = email.feedparser.re  # type: ignore[attr-defined]
    try:
        without_compiling()
        made = email.feedparser.re.compile(pattern)  # type: ignore[attr-defined]
        assert isinstance(made, Boundary)
        assert email.feedparser.re.escape("a.b") == r"a\.b"  # type: ignore[attr-defined]
        assert isinstance(email.feedparser.re.compile("a"), re.Pattern)  # type: ignore[attr-defined]
    finally:
        email.feedparser.re = kept  # type: ignore[attr-defined]
    ours = made.match(line)
    assert (ours is None) == (theirs is None)
    if ours and theirs:
        assert ours.group("end", "linesep") == theirs.group("end", "linesep")
