"""The templates of the reports: what the script makes, in the layout of GB/T 9704, in other forms the same words."""

import io
import re
from pathlib import Path

import pytest
from docx import Document
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt

import make_templates
from ledgergen.report.docx_file import Grid, Line
from ledgergen.report.paper_forms import as_html, as_text
from ledgergen.resources import resource_folder
from word_files import part

NAMES = sorted(make_templates.templates())
HTML = (resource_folder("templates") / "reports" / "paper.html.j2").read_text(encoding="utf-8")


def template(name: str) -> bytes:
    return (resource_folder("templates") / "reports" / name).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_template_is_what_its_text_makes(name: str) -> None:
    assert template(name) == make_templates.templates()[name], "run python tests/report/make_templates.py"


def test_every_shipped_template_has_its_text() -> None:
    shipped = {path.name for path in (resource_folder("templates") / "reports").glob("*.docx")}
    assert shipped == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_that_of_an_official_document(name: str) -> None:
    section = Document(io.BytesIO(template(name))).sections[0]
    measures = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    width, height, top, left = (each.mm for each in measures if each)
    right, bottom = (each.mm for each in (section.right_margin, section.bottom_margin) if each)
    found = (width, height, top, left, width - left - right, height - top - bottom)
    assert found == pytest.approx((210, 297, 37, 28, 156, 225), abs=0.1)


def test_fonts_sizes_and_line_spacing_are_those_of_the_standard() -> None:
    styles = Document(io.BytesIO(template("notice.docx"))).styles
    fonts = {}
    for name in ("Title", "heading 1", "heading 2", "footer"):
        style = styles[name]
        fonts[name] = (style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.size)
    assert fonts == {
        "Title": ("方正小标宋简体", Pt(22)),
        "heading 1": ("黑体", Pt(16)),
        "heading 2": ("楷体_GB2312", Pt(16)),
        "footer": ("宋体", Pt(14)),
    }
    body = styles["Normal"].paragraph_format
    assert (body.line_spacing, body.line_spacing_rule) == (Pt(28), WD_LINE_SPACING.EXACTLY)
    defaults = part(template("notice.docx"), "word/styles.xml").partition("</w:docDefaults>")[0]
    assert 'w:eastAsia="仿宋_GB2312"' in defaults
    assert '<w:sz w:val="32"/>' in defaults


def test_page_numbers_stand_between_dashes_outside_on_either_side() -> None:
    data = template("notice.docx")
    right, left = part(data, "word/footer1.xml"), part(data, "word/footer2.xml")
    assert "".join(re.findall("<w:t[^>]*>([^<]*)", right)) == "— 1 —"
    assert 'w:instr=" PAGE "' in right
    assert '<w:jc w:val="right"/>' in right
    assert '<w:jc w:val="left"/>' in left
    assert "<w:evenAndOddHeaders/>" in part(data, "word/settings.xml")


BODY: list[Line | Grid] = [
    Line("Draft", "送审稿"),
    Line("Title", "通报"),
    Line("Salutation", "各单位："),
    Line("heading 1", "一、总体情况"),
    Line("Normal", "<b>=1+1</b>"),
    Grid((("序号", "单位"), ("1", "区财政局\n（牵头）<img src=x onerror=alert(1)>"))),
    Line("Signature", "办公室"),
]


def test_the_plain_text_has_a_line_for_each_paragraph_and_row() -> None:
    assert as_text(BODY).decode("utf-8-sig").split("\r\n") == [
        "送审稿",
        "通报",
        "各单位：",
        "一、总体情况",
        "\u3000\u3000<b>=1+1</b>",
        "序号\t单位",
        "1\t区财政局 （牵头）<img src=x onerror=alert(1)>",
        "办公室",
        "",
    ]


def test_the_html_escapes_what_units_typed_and_says_the_same() -> None:
    html = as_html(BODY, HTML, "paper.html.j2").decode()
    assert "<h1>通报</h1>" in html
    assert "&lt;b&gt;=1+1&lt;/b&gt;" in html
    assert "<img" not in html
    assert '<p class="mark">送审稿</p>' in html
    assert html.count("<tr>") == 2


def test_the_script_writes_the_templates_that_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_templates, "FOLDER", tmp_path)
    make_templates.main(["brief.docx"])
    assert [path.name for path in tmp_path.iterdir()] == ["brief.docx"]
