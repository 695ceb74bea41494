"""The reports in Word: clean by the Open XML SDK, and on paper as an official document is."""

import re
import subprocess
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from builders import SMALL_CAMPAIGN, make_folder
from commands import ledgergen
from conftest import need
from office_cases import converted, copied, own_cache, schema_faults, shown_round
from office_pdf import Page, pages_of

DAY = "2022-10-10"
TOP, LEFT, RIGHT, BOTTOM = 37, 28, 26, 35  # mm
MILLIMETRE = 72 / 25.4
CHARACTER = 16.5  # points


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write every report of the example's round; give one file of each kind by its name."""
    campaign = copied(shown_round(tmp_path_factory), tmp_path_factory.mktemp("papers") / "c")
    for kind in (("notice",), ("brief",), ("annual",), ("talk",), ("page",), ("giveback", "区文化和旅游局")):
        with own_cache():
            ran = ledgergen("report", *kind, "--as-of", DAY, at=campaign)
        assert ran.code == 0, ran.err
    found = [*(campaign / "reports").rglob("*.docx"), *(campaign / "reports" / "返还单位").rglob("*.xlsx")]
    return {path.stem.partition("_")[0] + path.suffix: path for path in found}


@pytest.fixture(scope="module")
def printed(papers: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Print them through LibreOffice."""
    folder = tmp_path_factory.mktemp("printed")
    named = {name: folder / f"{number}{path.suffix}" for number, (name, path) in enumerate(papers.items())}
    for name, copy in named.items():
        copy.write_bytes(papers[name].read_bytes())
    converted(list(named.values()), "pdf", folder)
    return {name: copy.with_suffix(".pdf") for name, copy in named.items()}


def test_the_validator_finds_nothing_in_any_of_them(papers: dict[str, Path], tmp_path: Path) -> None:
    words = ("通报", "简报", "年度报告素材", "拟表扬约谈名单", "文章", "实施方案（草稿）")
    assert set(papers) == {*(f"{name}.docx" for name in words), "台账.xlsx"}
    found = {}
    for number, (name, path) in enumerate(papers.items()):
        place = tmp_path / str(number)
        place.mkdir()
        found[name] = schema_faults(path.read_bytes(), place, path.suffix)
    assert {name: each for name, each in found.items() if each} == {}


def test_everything_stands_within_the_text_area(printed: dict[str, Path]) -> None:
    for name, pdf in printed.items():
        if name.endswith("xlsx"):
            continue
        for page in pages_of(pdf):
            body = [word for word in page.words if word.bottom < page.height - BOTTOM * MILLIMETRE + 2]
            assert min(word.left for word in body) > LEFT * MILLIMETRE - 2, name
            # Punctuation at a line's end hangs over by its one character, as Chinese typesetting has it.
            assert max(word.right for word in body) < page.width - RIGHT * MILLIMETRE + CHARACTER, name
            assert min(word.top for word in body) > TOP * MILLIMETRE - 4, name


def test_pages_are_numbered_between_dashes_odd_ones_at_the_right(printed: dict[str, Path]) -> None:
    pages = pages_of(printed["通报.docx"])
    assert len(pages) >= 2
    for number, page in enumerate(pages, start=1):
        foot = [word for word in page.words if word.top > page.height - BOTTOM * MILLIMETRE]
        assert "".join(word.text for word in sorted(foot)) == f"—{number}—"
        middle = sum(word.left + word.right for word in foot) / 2 / len(foot)
        assert (middle > page.width / 2) == bool(number % 2)


def test_a_full_page_has_twenty_two_lines(printed: dict[str, Path]) -> None:
    assert max(map(lines_of, pages_of(printed["实施方案（草稿）.docx"]))) == 22  # a heading goes with what follows it


def lines_of(page: Page) -> int:
    tops = sorted(word.top for word in page.words if word.top < page.height - BOTTOM * MILLIMETRE)
    return 1 + sum(later - earlier > 14 for earlier, later in pairwise(tops))


def test_the_brief_is_one_page(printed: dict[str, Path]) -> None:
    assert len(pages_of(printed["简报.docx"])) == 1


def test_the_brief_is_one_page_however_long_the_names_and_the_wishes_are(tmp_path: Path) -> None:
    units = [f"区第{number}项目建设协调服务中心" for number in range(60)]
    long_name = "很长的任务名称" * 8
    lines = ["units:", *(f"- {{name: {unit}, kind: 部门}}" for unit in units)]
    lines += ["groups:", "- {name: 各单位, kinds: [部门]}", "- {name: 有关单位, pending: lead}"]
    plan = ["plan: {title: 2022年工作方案, region: 淄川区, year: 2022, issued: 2022-06-08}", "tasks:"]
    for number in range(1, 21):
        given = f"lead: [{units[number]}], responsible: [各单位, 有关单位], time_limit: 7月底前"
        plan.append(f'- {{id: "{number}", name: {long_name}{number}, {given}}}')
    long = {**SMALL_CAMPAIGN, "units.yaml": "\n".join(lines), "plan.yaml": "\n".join(plan)}
    campaign = make_folder(tmp_path / "c", long)
    assert ledgergen("generate", at=campaign).code == 0
    assert ledgergen("report", "brief", "--as-of", DAY, at=campaign).code == 0
    (path,) = (campaign / "reports").glob("*.docx")
    copy = tmp_path / "brief.docx"
    copy.write_bytes(path.read_bytes())
    converted([copy], "pdf", tmp_path)
    assert len(pages_of(tmp_path / "brief.pdf")) == 1


def test_the_fonts_are_those_that_the_standard_names(papers: dict[str, Path], printed: dict[str, Path]) -> None:
    listed = subprocess.run([need("pdffonts"), printed["通报.docx"]], capture_output=True, check=True, text=True).stdout
    assert re.search("Serif|Song|Sans|Fang", listed)
    with zipfile.ZipFile(papers["通报.docx"]) as container:
        styles = container.read("word/styles.xml").decode()
    assert {"方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"} <= set(re.findall('w:eastAsia="([^"]+)"', styles))
