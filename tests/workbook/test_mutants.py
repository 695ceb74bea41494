"""Mutants of every kind of file through the bounded reader: each a finding, or read as it stands.

The suite runs a hundredth of them; ``make soak`` runs 100,000 and prints the figures that ``docs/how-it-works.md``
quotes. What earlier runs have found stands at the end, each fault as a test of its own.
"""

from functools import partial

import pytest

from archive_builders import encrypted_zip, readings, tarred, told, zipped, zipped_raw
from ledgergen.workbook.grid import date_text, duration_text, number_text, percent_text
from ledgergen.workbook.pool import BoundedReader
from make_mutants import WHOLE, stored
from mutants import BOUND, HEADING, PATIENCE, Chance, Layer, Mutant, Original, Trial, numbered
from mutants import GOOD as JUDGED_GOOD
from mutants_originals import LAYERS, originals
from test_read_builders import GOOD, grid, package, refused, written, xlsx, xlsx_parts


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Original]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEDGERGEN_CACHE", str(tmp_path_factory.mktemp("cache")))
        return originals(tmp_path_factory.mktemp("originals"))


def _tried(files: dict[str, Original], total: int) -> list[str]:
    """Try so many mutants, print the figures, and give what must not be."""
    with Trial(files) as trial:
        for layer, name, number in numbered(LAYERS, total):
            trial.run(layer, name, number)
        assert {name for layer in LAYERS for name in layer.originals if not trial.sound(name)} == set()
    print(HEADING)  # noqa: T201
    for name, figures in trial.figures.items():
        print(figures.line(name))  # noqa: T201
    return [fault for figures in trial.figures.values() for fault in figures.faults]


def test_a_thousand_mutants(files: dict[str, Original]) -> None:
    assert _tried(files, WHOLE // 100) == []


@pytest.mark.soak
def test_a_hundred_thousand_mutants(files: dict[str, Original]) -> None:
    assert _tried(files, WHOLE) == []


def test_the_figures_that_the_docs_show_are_of_a_whole_run_without_a_fault() -> None:
    figures = stored()
    assert [*figures] == [layer.name for layer in LAYERS]
    assert sum(each.outcomes.total() for each in figures.values()) >= WHOLE
    assert [fault for each in figures.values() for fault in each.faults] == []
    assert {outcome for each in figures.values() for outcome in each.outcomes} <= set(JUDGED_GOOD)
    assert max(each.highest for each in figures.values()) <= BOUND
    assert max(each.slowest for each in figures.values()) <= PATIENCE


def test_the_judge_sees_what_is_wrong() -> None:
    changed = written([["序号", "工作任务"], ["1", "计划"]])
    here, elsewhere = frozenset({(0, 1, 1)}), frozenset({(0, 0, 0)})
    verdicts = {
        "wrong": [
            Mutant(changed, "a value changed in silence"),
            Mutant(changed, "another cell than was meant", elsewhere),
            Mutant(changed, "not as it was meant", here, frozenset({"规划"})),
            Mutant(GOOD, "the change was not seen", here, frozenset({"计划"})),
            Mutant(changed, "its other spelling reads otherwise", None, twin=GOOD),
            Mutant(changed, "its other spelling is no XML", None, twin=GOOD[:-9]),
        ],
        "as meant": [Mutant(changed, "as it was meant", here, frozenset({"计划"}))],
        "other": [Mutant(changed, "another document", None, twin=changed)],
        "identical": [Mutant(GOOD, "the same")],
        "finding": [Mutant(GOOD[:-9], "cut")],
    }
    with Trial({"a.xlsx": Original("a.xlsx", GOOD)}) as trial:
        for verdict, mutants in verdicts.items():
            for mutant in mutants:
                layer = Layer(mutant.how, partial(_as_it_is, mutant), ("a.xlsx",), 1)
                assert trial.run(layer, "a.xlsx", 0) == verdict, mutant.how


def _as_it_is(mutant: Mutant, _original: Original, _chance: Chance) -> Mutant:
    return mutant


@pytest.mark.parametrize("spell", [number_text, date_text, duration_text, percent_text])
@pytest.mark.parametrize("written", ["1_000", "١٢", "4_4834.0"])
def test_what_only_python_takes_for_a_number_is_none(spell: object, written: str) -> None:
    assert callable(spell)
    assert spell(written) in (written, None)


@pytest.mark.parametrize("text", ["\x01", "&#1;", "&#xFFFF;", "&#xD800;", "\ufffe", "]]>"])
def test_a_character_that_xml_has_not_makes_the_file_damaged(text: str) -> None:
    parts = xlsx_parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    parts["xl/sharedStrings.xml"] = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>甲{text}</t></si></sst>'
    )
    assert refused(package(parts)).code == "file-damaged"


@pytest.mark.parametrize("tag", ["ref='A1:B2'", 'ref = "A1:B2"'])
def test_merged_ranges_in_other_spellings(tag: str) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>'
    assert grid(xlsx(rows, tail=f"<mergeCells><mergeCell {tag}/></mergeCells>")).merged == ((0, 0, 1, 1),)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="s">ow></row>',
        '<row r="1" hidden="falrow><row r="4"><c r="A4"><v>1</v></c></row>',
    ],
)
def test_tags_that_are_never_closed_make_the_file_damaged(rows: str) -> None:
    assert refused(xlsx(rows)).code == "file-damaged"


@pytest.mark.parametrize(
    "tail",
    [
        '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells',
        '<mergeCells count="1"><mergeCell ref="A1:B2></mergeCells>',
        '<mergeCell ref="A1:B2"/></mergeCells>',
        '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells><pageMargins left="1" left="1"/>',
        '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>\x01',
    ],
)
def test_what_is_damaged_behind_the_rows_loses_no_merged_range_in_silence(tail: str) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>'
    assert refused(xlsx(rows, tail=tail)).code == "file-damaged"


def test_a_merged_range_that_is_only_spoken_of_is_none() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>'
    assert grid(xlsx(rows, tail='<!-- <mergeCells><mergeCell ref="A1:B2"/></mergeCells> -->')).merged == ()


def test_a_zip_whose_end_states_other_numbers_than_its_directory_has_is_damaged() -> None:
    inner = zipped({"a.xlsx": GOOD, "b.xlsx": GOOD})
    assert told(readings(inner)) == [("a.xlsx", "序号"), ("b.xlsx", "序号")]
    for archive in (inner, zipped({"c.zip": inner}), GOOD):
        end = archive.rfind(b"PK\5\6")
        for place in (10, 12):  # the number of files, the size of the directory
            damaged = archive[: end + place] + b"\0\0" + archive[end + place + 2 :]
            assert told(readings(damaged)) == [("", "file-damaged")], place
    end = inner.rfind(b"PK\5\6")
    nothing = inner[: end + 4] + bytes(len(inner) - end - 4)
    assert told(readings(nothing)) == [("", "file-damaged")]
    assert told(readings(zipped({"c.zip": nothing}))) == [("c.zip", "file-damaged")]


def test_a_merged_range_that_is_the_wrong_way_round_is_none() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2"><v>1</v></c></row>'
    with BoundedReader() as reader:
        workbook, findings = reader.read("a", xlsx(rows, tail='<mergeCells><mergeCell ref="B2:A1"/></mergeCells>'))
    assert workbook is not None, findings
    assert workbook.grids[0].merged == ()


def test_a_part_under_another_name_than_the_directory_says_is_a_finding() -> None:
    data = zipped_raw([(name.encode(), _bytes(text)) for name, text in xlsx_parts("<row/>").items()])
    assert grid(data).rows == ()
    start = data.rfind(b"xl/sharedStrings.xml")
    found = refused(data[:start] + b"xl/sharedStrinks.xml" + data[start + 20 :])
    assert found.code == "file-inconsistent"


def test_a_tar_that_breaks_off_or_is_damaged_between_two_files_is_a_finding() -> None:
    data = tarred({"a.xlsx": GOOD, "b.xlsx": GOOD}, "w")
    header = data.rfind(b"b.xlsx")
    damaged = data[:header] + b"c" + data[header + 1 :]
    assert told(readings(damaged)) == [("a.xlsx", "序号"), ("", "file-damaged")]
    assert told(readings(data[: header + 2_000])) == [
        ("a.xlsx", "序号"),
        ("b.xlsx", "file-damaged"),
        ("", "file-damaged"),
    ]


def test_a_damaged_file_behind_a_password_is_damaged_and_asks_for_no_other_password() -> None:
    data = encrypted_zip({"a.xlsx": GOOD}, b"1234")
    damaged = data[:200] + bytes([data[200] ^ 1]) + data[201:]
    assert told(readings(damaged, ["1234"])) == [("a.xlsx", "file-damaged")]
    assert told(readings(damaged, ["4321"])) == [("a.xlsx", "file-encrypted")]


def _bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()
