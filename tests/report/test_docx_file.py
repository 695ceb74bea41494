"""Word templates: what Word splits is put together again, loops go round paragraphs and rows, values stay texts."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergen.errors import WrongUse
from ledgergen.report.docx_file import Filled, Grid, Line, fill_document
from ledgergen.report.docx_marks import joined
from ledgergen.report.papers import Template, paper_files
from ledgergen.texts import without_controls
from word_files import paragraphs, part, tables, word_file

UNITS = {"units": [{"name": "区财政局", "tasks": 3}, {"name": "区发改局", "tasks": 5}], "empty": []}


def filled(*blocks: str | tuple[str, ...] | list[list[str]], **values: object) -> Filled:
    return fill_document(word_file(*blocks), {**UNITS, **values}, "x.docx")


def test_a_placeholder_that_word_split_into_runs_is_filled() -> None:
    made = filled(("共{", "{ units", " | length }", "}家，", "其中{{ units[0].name }}"))
    assert paragraphs(made.data) == ["共2家，其中区财政局"]


def test_runs_keep_their_own_look() -> None:
    document = word_file(("前", "{{ units[0].name }}", "后"))
    made = fill_document(document, UNITS, "x.docx")
    assert part(made.data, "word/document.xml").count("<w:r>") == 3


def test_quotes_that_word_curled_inside_a_placeholder_are_straightened_and_only_there() -> None:
    made = filled("“甲”{{ units | join(“、”, attribute=‘name’) }}")
    assert paragraphs(made.data) == ["“甲”区财政局、区发改局"]


def test_a_loop_goes_round_paragraphs_and_leaves_none_of_its_own() -> None:
    made = filled("始", "{% for unit in units %}", "{{ unit.name }}", "{{ unit.tasks }}项", "{% endfor %}", "终")
    assert paragraphs(made.data) == ["始", "区财政局", "3项", "区发改局", "5项", "终"]


def test_a_loop_goes_round_the_rows_of_a_table() -> None:
    made = filled(
        [
            ["单位", "任务"],
            ["{% for unit in units %}", ""],
            ["{{ unit.name }}", "{{ unit.tasks }}"],
            ["{% endfor %}", ""],
        ]
    )
    assert tables(made.data) == [[["单位", "任务"], ["区财政局", "3"], ["区发改局", "5"]]]
    assert made.body == (Grid((("单位", "任务"), ("区财政局", "3"), ("区发改局", "5"))),)


def test_a_table_between_instructions_is_left_out_as_a_whole() -> None:
    made = filled("{% if empty %}", [["单位"], ["甲"]], "{% else %}", "没有", "{% endif %}")
    assert tables(made.data) == []
    assert paragraphs(made.data) == ["没有"]


def test_a_table_whose_rows_all_vanish_vanishes_too() -> None:
    made = filled("前", [["{% for each in empty %}"], ["{{ each }}"], ["{% endfor %}"]], "后")
    assert tables(made.data) == []
    assert paragraphs(made.data) == ["前", "后"]


def test_line_ends_of_a_value_become_breaks_and_those_of_the_template_nothing() -> None:
    made = filled("{{ text }}", "后", text="一\n二")
    assert made.body == (Line("Normal", "一\n二"), Line("Normal", "后"))
    assert part(made.data, "word/document.xml").count("<w:br/>") == 1


@pytest.mark.parametrize(
    "text",
    [
        '{ INCLUDEPICTURE "http://example.invalid/a.png" }',
        '=HYPERLINK("http://example.invalid")',
        "</w:t></w:r><w:r><w:instrText>DDEAUTO c:\\\\x.exe</w:instrText></w:r>",
        "<script>alert(1)</script>",
        "{{ units }}{% for x in y %}",
        "\u0001p0\u0002 0".replace("\u0001", "").replace("\u0002", ""),
    ],
)
def test_what_a_unit_typed_stays_the_text_that_it_is(text: str) -> None:
    made = filled("{{ text }}", text=text)
    assert paragraphs(made.data) == [text]
    xml = part(made.data, "word/document.xml")
    assert "<w:instrText" not in xml
    assert "<w:fldSimple" not in xml
    assert "<w:hyperlink" not in xml


def test_control_characters_are_left_out_with_a_finding_that_counts_them() -> None:
    template = Template(word_file("{{ text }}"), "x.docx")
    files, findings = paper_files("报告", template, None, {"text": "甲\x01\x02乙\x0b\ud800", "more": [{"a": "\x00"}]})
    assert paragraphs(files["报告.docx"]) == ["甲乙"]
    assert [(each.code, each.facts["count"]) for each in findings] == [("report-characters", 5)]


@given(st.text(max_size=40))
def test_any_text_comes_out_as_it_went_in_but_for_what_no_document_may_hold(text: str) -> None:
    clean, _ = without_controls(text)
    made = filled("始{{ text }}终", text=clean)
    assert made.body == (Line("Normal", f"始{clean}终".replace("\u2028", "\u2028")),)


@given(st.lists(st.text(alphabet="{}%甲a |", max_size=8), max_size=6))
def test_putting_placeholders_together_loses_no_letter_and_no_run(texts: list[str]) -> None:
    found = joined(texts)
    assert "".join(found) == "".join(texts)
    assert len(found) == len(texts)


def test_the_same_values_are_the_same_bytes() -> None:
    template = word_file("{{ units[0].name }}")
    made = [fill_document(template, UNITS, "x.docx").data for _ in range(2)]
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as container:
        assert container.namelist()[0] == "[Content_Types].xml"


@pytest.mark.parametrize(
    "text", ["{{ nobody }}", "{% for x in units %}", "{{ units | nofilter }}", "{{ ''.__class__.__mro__ }}"]
)
def test_a_faulty_placeholder_says_so_and_names_the_file(text: str) -> None:
    with pytest.raises(WrongUse) as stop:
        filled(text)
    assert (stop.value.finding.code, stop.value.finding.where.file) == ("template-faulty", "x.docx")


def test_a_template_gets_no_further_than_its_values() -> None:
    with pytest.raises(WrongUse):
        filled("{{ units.append(1) }}")


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + b"\0" * 18, b"no zip at all", word_file("a")[:-100]])
def test_what_is_no_word_file_is_refused(data: bytes) -> None:
    with pytest.raises(WrongUse) as stop:
        fill_document(data, {}, "templates/reports/notice.docx")
    assert stop.value.finding.code == "template-not-word"
