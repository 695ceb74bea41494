"""Reading YAML: what it says as written, where it says it, and everything that is refused."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergen.findings import Where, message, remedy, worded
from ledgergen.plan.yaml_files import MAX_FINDINGS, read_yaml
from plan_texts import document_of, refused, refused_bytes

PLAN = """
    plan: {title: 方案, year: 2022}   # the facts
    tasks:
    - id: 5
      lead: [区发改局, 区财政局]
      time_limit: 2022-12-31
    - id: "0533"
      name:
      requirement: |
        第一行
        第二行
"""


def test_every_scalar_is_the_text_in_the_file() -> None:
    written = document_of("""
        phone: 0533
        id: 5
        quoted: "5"
        day: 2022-12-31
        yes: true
        number: 1_000
        float: 1.50
        hex: 0x1F
        time: 12:30:45
        nothing:
        tilde: ~
        said: "null"
        12: 3
    """).written()
    assert written == {
        "phone": "0533",
        "id": "5",
        "quoted": "5",
        "day": "2022-12-31",
        "yes": "true",
        "number": "1_000",
        "float": "1.50",
        "hex": "0x1F",
        "time": "12:30:45",
        "nothing": None,
        "tilde": None,
        "said": "null",
        "12": "3",
    }


def test_resolved_values_follow_the_core_schema() -> None:
    document = document_of("""
        a: [5, -3, 010, 0o17, 0x1F, 1.5, .5, 1e3, 1e999, .inf, "5", !!str 5]
        b: [true, False, yes, null, ~, "", 2022-12-31, 12:30, 1_000, 99999999999999999999]
    """)
    assert document.resolved() == {
        "a": [5, -3, 10, 15, 31, 1.5, 0.5, 1000.0, "1e999", ".inf", "5", "5"],
        "b": [True, False, "yes", None, None, "", "2022-12-31", "12:30", "1_000", "99999999999999999999"],
    }


@pytest.mark.parametrize(
    ("steps", "place"),
    [
        ((), (1, 1)),
        (("plan",), (1, 7)),
        (("plan", "year"), (1, 25)),
        (("plan", "region"), (1, 7)),  # missing: the mapping's own place
        (("tasks",), (3, 1)),
        (("tasks", 0), (3, 3)),
        (("tasks", 0, "id"), (3, 7)),
        (("tasks", 0, "lead", 1), (4, 16)),
        (("tasks", 0, "lead", 7), (4, 9)),
        (("tasks", 0, "name"), (3, 3)),
        (("tasks", 1, "id", "deeper"), (6, 7)),
        (("tasks", 1, "name"), (7, 3)),  # empty: its key
        (("tasks", 1, "requirement"), (8, 16)),
        (("tasks", "name"), (3, 1)),
    ],
)
def test_everything_has_its_place(steps: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert document_of(PLAN).where(steps) == Where("a.yaml", *place)


def test_a_key_has_its_place() -> None:
    document = document_of(PLAN)
    assert document.where_key(("tasks", 0, "lead")) == Where("a.yaml", 4, 3)
    assert document.where_key(("tasks", 1)) == Where("a.yaml", 6, 3)


def test_a_byte_order_mark_changes_nothing() -> None:
    document, findings = read_yaml(b"\xef\xbb\xbfid: 5\n", "a.yaml")
    assert document is not None
    assert findings == []
    assert document.written() == {"id": "5"}
    assert document.where_key(("id",)) == Where("a.yaml", 1, 1)


def test_windows_line_ends_change_nothing() -> None:
    document, _ = read_yaml(b"a: 1\r\nb: [x,\r\n  y]\r\n", "a.yaml")
    assert document is not None
    assert document.written() == {"a": "1", "b": ["x", "y"]}
    assert document.where(("b", 1)) == Where("a.yaml", 3, 3)


# What could make a small file large, or mean something else than it shows.


def test_414_bytes_of_aliases_are_refused_at_once() -> None:
    bomb = 'a: &a ["lol","lol","lol","lol","lol","lol","lol","lol","lol"]\n'
    bomb += "".join(
        f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    bomb = bomb[:414]
    found = refused_bytes(bomb.encode())
    assert found[:4] == [("yaml-anchor", 1, 4), ("yaml-anchor", 2, 4), ("yaml-alias", 2, 8), ("yaml-alias", 2, 11)]


def test_anchor_alias_merge_key_and_tags_are_all_said_at_once() -> None:
    assert refused("""
        base: &base {kind: 镇}
        units:
        - <<: *base
          name: !secret 双杨镇
        - *base
        - !!python/object:os.system [rm]
        - !!str 5
        - ! 5
    """) == [
        ("yaml-anchor", 1, 7),
        ("yaml-merge-key", 3, 3),
        ("yaml-alias", 3, 7),
        ("yaml-tag", 4, 9),
        ("yaml-alias", 5, 3),
        ("yaml-tag", 6, 3),
        ("yaml-tag", 8, 3),
    ]


def test_core_tags_mean_what_they_say() -> None:
    assert document_of("a: !!str 5\nb: !!map {c: !!seq [1]}\n").written() == {"a": "5", "b": {"c": ["1"]}}


def test_a_core_tag_turned_into_another_is_refused() -> None:
    assert refused("""
        %TAG !! tag:evil.invalid,2000:
        ---
        a: !!str 5
    """) == [("yaml-tag", 3, 4)]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_a_depth_of_a_thousand_is_refused(opening: str) -> None:
    found = refused_bytes((opening * 1000).encode())
    assert found[-1][0] == "yaml-too-deep"


def test_a_depth_of_20_is_read_and_21_is_not() -> None:
    document_of("[" * 20 + "]" * 20)
    assert refused("[" * 21 + "]" * 21) == [("yaml-too-deep", 1, 21)]


def test_six_megabytes_are_refused_unread() -> None:
    start = time.process_time()
    assert refused_bytes(b"# plan\n" * 900_000) == [("yaml-too-big", 1, 1)]
    assert time.process_time() - start < 5


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledgergen.plan.yaml_files.MAX_NODES", 1000)
    assert refused("- a\n" * 2000) == [("yaml-too-many", 1000, 3)]


def test_a_text_that_no_cell_holds_is_refused() -> None:
    assert refused("a: " + "字" * 32_768) == [("yaml-text-too-long", 1, 4)]
    document_of("a: " + "字" * 32_767)


def test_a_tag_of_megabytes_is_refused_at_once() -> None:
    """The parser behind needs minutes for it."""
    start = time.process_time()
    assert refused_bytes(b"a: !" + b"%41" * 1_000_000) == [("yaml-tag", 1, 4)]
    assert time.process_time() - start < 60


def test_a_bomb_of_faults_ends_soon() -> None:
    assert len(refused("- *a\n" * 100_000)) == MAX_FINDINGS


def test_several_documents_are_refused() -> None:
    assert refused("id: 5\n---\nid: 6\n") == [("yaml-several-documents", 2, 1)]


def test_a_key_twice_is_refused_with_both_places() -> None:
    _, (found,) = read_yaml(b"id: 5\nname: x\nid: 6\n", "plan.yaml")
    assert (found.code, str(found.where), found.facts["line"]) == ("key-twice", "plan.yaml:3:1", 1)


def test_keys_must_be_texts() -> None:
    assert refused("? [a, b]\n: 1\n? {c: d}\n: 2\n") == [("key-not-text", 1, 3), ("key-not-text", 3, 3)]


# Encodings and characters.


def test_gbk_says_save_as_utf8() -> None:
    _, (found,) = read_yaml("id: 5\nname: 规划落实\n".encode("gb18030"), "plan.yaml")
    assert (found.code, str(found.where)) == ("yaml-gb18030", "plan.yaml:2:7")
    assert message(found) == "The file is saved as ANSI (GBK or GB18030), not as UTF-8."
    assert remedy(found) == "Open it in an editor and save it again with the encoding UTF-8."


def test_the_place_of_a_bad_byte_counts_characters() -> None:
    data = b"\xef\xbb\xbf" + "name: 规划".encode() + b"\xff\xff"
    assert refused_bytes(data) == [("yaml-not-utf8", 1, 9)]


def test_utf16_is_no_utf8() -> None:
    assert refused_bytes("id: 5".encode("utf-16"))[0][0] == "yaml-not-utf8"


@pytest.mark.parametrize(
    ("yaml", "place"),
    [
        ("a: 1\nb: x\x00y", (2, 5)),
        ('a: "x\\0y"', (1, 4)),
        ('a: "\\ud800"', (1, 4)),
        ("a: \x1b[2J", (1, 4)),
    ],
)
def test_characters_that_no_workbook_holds(yaml: str, place: tuple[int, int]) -> None:
    assert refused(yaml) == [("yaml-character", *place)]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# nothing\n", b"\xef\xbb\xbf", b"---\n...\n"])
def test_an_empty_file(data: bytes) -> None:
    document, findings = read_yaml(data, "a.yaml")
    if document is None:
        assert [found.code for found in findings] == ["yaml-empty"]
    else:
        assert document.written() is None


# Faults of syntax are said where a person must look.


@pytest.mark.parametrize(
    ("yaml", "fault"),
    [
        ("tasks:\n- id: '1'\n  name：规划落实\n  requirement: x\n", ("yaml-wide-colon", 3, 7)),
        ("tasks:\n- id: '1'\n  name：规划落实\n", ("yaml-wide-colon", 3, 7)),
        ("plan：\n  title: x\n", ("yaml-wide-colon", 1, 5)),
        ("tasks:\n- id: '1'\n\tname: x\n", ("yaml-tab", 3, 1)),
        ("tasks:\n- id: '1'\n　name: x\n", ("yaml-wide-space", 3, 1)),
        ("tasks:\n- id: '1'\n  lead: [a, b\n  name: y\n", ("yaml-syntax", 3, 9)),
        ("a: 1\nb: 'x\nc: 2\n", ("yaml-syntax", 2, 4)),
        ("tasks:\n- name: 规划: 落实\n", ("yaml-syntax", 2, 11)),
        ("a: @x\n", ("yaml-syntax", 1, 4)),
        ('a: "\\U00110000"\n', ("yaml-syntax", 1, 1)),
    ],
)
def test_faults_of_syntax(yaml: str, fault: tuple[str, int, int]) -> None:
    assert refused(yaml) == [fault]


def test_a_full_width_colon_in_a_text_is_no_fault() -> None:
    assert document_of("name: 注意：规划\n").written() == {"name": "注意：规划"}


WORDS = ("a", "规划", "'lead'", "~", "|\n", ">", "#", "?", "：", "\t", "\x85", "\ufeff", "\n", "\n  ")
MARKS = (
    "- ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "'",
    '"',
    "&a ",
    "*a",
    "<<",
    "!!str ",
    "!x ",
    "%YAML 1.1\n",
    "---\n",
    "...\n",
)
BITS = st.sampled_from([*WORDS, *MARKS, "\\x00", "\\ud800", "\\U00110000"])


@given(st.one_of(st.binary(max_size=60), st.lists(BITS, max_size=40).map(lambda bits: "".join(bits).encode())))
def test_no_file_whatever_raises(data: bytes) -> None:
    document, findings = read_yaml(data, "a.yaml")
    assert (document is None) == bool(findings)
    for found in findings:
        assert found.where.line >= 1
        assert found.where.column >= 1
        assert worded(found)["message"]
    if document is not None:
        document.written()
        document.resolved()
