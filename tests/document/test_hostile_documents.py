"""Files that are no plans, or mean harm: each is one clear finding, within bounds of time and memory."""

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import need
from ledgergen.document.answer import packed, unpacked
from ledgergen.document.draft import Draft, DraftTask
from ledgergen.document.facts import Facts
from ledgergen.document.reader import read_draft
from ledgergen.document.reading import read_document
from ledgergen.findings import Where, finding, message, remedy
from specimen_files import specimen, zipped

posix = pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def code_of(name: str, data: bytes) -> str:
    """Read a file in this process and give the code of the one finding."""
    draft, findings = read_document(name, data)
    assert draft is None
    (found,) = findings
    assert found.where.file == name
    assert message(found)
    assert remedy(found)
    return found.code


def pdf(pages: int, text: str = "a page of text that is long enough to be one") -> bytes:
    """Make a PDF by hand."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for _ in range(pages):
        stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R" % len(objects)
        objects.append(page + b" /Resources << /Font << /F1 3 0 R >> >> >>")
        kids.append(len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b" ".join(b"%d 0 R" % kid for kid in kids))
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + head + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))


def bomb() -> bytes:
    """Make a Word file of a few KB that unpacks to 60 MB."""
    body = "<w:p/>" * 10_000_000
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": f"<w:document {_W}>{body}</w:document>"})


def test_a_pdf_of_300_pages() -> None:
    assert code_of("long.pdf", pdf(300)) == "document-too-many-pages"


def test_a_scan_without_text() -> None:
    assert code_of("scan.pdf", pdf(3, "")) == "document-without-text"


def test_a_zip_bomb() -> None:
    assert code_of("bomb.docx", bomb()) == "document-too-large"


def test_a_page_of_50_megabytes() -> None:
    assert code_of("big.html", b"<html><body>" + b"<p>1.text</p>" * 4_000_000) == "document-too-much-text"


def test_a_single_paragraph_without_end() -> None:
    assert code_of("a.txt", ("一、" + "（责任单位：县财政局、" * 20_000).encode()) == "document-paragraph-too-long"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.docx", b"", "document-empty"),
        ("zeros.txt", b"\0" * 500, "document-empty"),
        ("program.docx", b"MZ" + b"\0" * 500, "document-unreadable"),
        ("picture.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "document-unreadable"),
        ("cut.pdf", pdf(2)[:300], "document-damaged"),
        ("cut.docx", bomb()[:2000], "document-damaged"),
        ("noise.txt", bytes(range(256)) * 20, "document-unreadable"),
    ],
)
def test_what_is_no_document(name: str, data: bytes, code: str) -> None:
    assert code_of(name, data) == code


def test_a_document_type_is_refused() -> None:
    body = f'<!DOCTYPE w [<!ENTITY a "aaaa">]><w:document {_W}><w:body><w:p/></w:body></w:document>'
    assert (
        code_of("a.docx", zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": body})) == "document-damaged"
    )


def test_an_encrypted_workbook_or_document(tmp_path: Path) -> None:
    office = pytest.importorskip("msoffcrypto.format.ooxml")
    path = specimen("s02-autonum", tmp_path)
    target = io.BytesIO()
    with path.open("rb") as source:
        office.OOXMLFile(source).encrypt("secret", target)
    assert code_of("locked.docx", target.getvalue()) == "document-encrypted"


@posix
def test_the_reader_is_bounded_from_outside(tmp_path: Path) -> None:
    data = specimen("s02-autonum", tmp_path).read_bytes()
    draft, findings = read_draft("方案.docx", data)
    assert draft is not None, findings
    assert len(draft.tasks) == 9
    draft, findings = read_draft("方案.docx", data, seconds=0)
    assert (draft, [found.code for found in findings]) == (None, ["document-timeout"])
    page = "<html><body>" + "<p>一、甲</p><p>1.做甲事，做好工作。（责任单位：县财政局）</p>" * 30_000 + "</body></html>"
    draft, findings = read_draft("方案.html", page.encode(), megabytes=64)
    assert (draft, [found.code for found in findings]) == (None, ["document-memory"])


def test_the_outer_and_the_inner_reading_agree(tmp_path: Path) -> None:
    data = specimen("s03-three-roles", tmp_path).read_bytes()
    assert read_draft("a.docx", data) == read_document("a.docx", data)


def test_old_formats_come_through_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need("soffice")
    rtf = rb"{\rtf1\ansi\ansicpg936 1.a (\'d4\'f0\'c8\'ce\'b5\'a5\'ce\'bb\'a3\'ba\'cf\'d8\'b2\'c6\'d5\'fe\'be\'d6)\par}"
    draft, findings = read_draft("old.rtf", rtf)
    assert draft is not None, findings
    assert [task.responsible for task in draft.tasks] == [("县财政局",)]
    monkeypatch.setenv("PATH", str(tmp_path))
    draft, findings = read_draft("old.rtf", rtf)
    assert (draft, [found.code for found in findings]) == (None, ["document-needs-office"])


def test_an_answer_is_not_believed() -> None:
    doubt = finding("doubt-no-units", Where("a"), number="1")
    draft = Draft(
        Facts("题"),
        (DraftTask("1", "做事", responsible=("县财政局",), deadline={"kind": "none", "also": []}, doubts=(doubt,)),),
    )
    said = packed(draft, [doubt])
    again, findings = unpacked(said, "b")
    assert again is not None
    assert again.tasks[0].responsible == ("县财政局",)
    assert findings[0].where.file == "b"
    for old, new in (
        (b'"doubt-no-units"', b'"no-such-code"'),
        (b'["\xe5\x8e\xbf', b'[1,"\xe5\x8e\xbf'),
        (b'"open_list":false', b'"open_list":0'),
        (b'"kind":"none"', b'"kind":["none"]'),
    ):
        assert old in said
        with pytest.raises((TypeError, ValueError, KeyError)):
            unpacked(said.replace(old, new), "b")
    with pytest.raises(ValueError, match="neither"):
        unpacked(packed(None, []), "b")


WORDS = st.sampled_from([
    "一、", "（一）", "1.", "（1）", "①", "第一章", "责任单位：", "牵头单位：", "（", "）", "〈", "》", "区财政局",
    "各镇（街道）", "和", "、", "。", "；", "，", "等有关部门", "按职责分工负责", "牵头", "配合", "2022年9月底前",
    "每季度", "20个工作日内", "\n", "\t", "\n\n", "序号", "工作任务", "工作要求", "时限要求", "|", "---", "附件1",
    "印发后", " ", "　", "列第一位者为牵头单位", "下同", "#",
])  # fmt: skip


@given(st.lists(WORDS, max_size=60).map("".join))
def test_no_text_whatever_breaks_the_reading(text: str) -> None:
    draft, findings = read_document("a.txt", f"甲{text}".encode())
    assert draft is not None
    said = packed(draft, findings)
    assert unpacked(said, "a.txt") == (draft, findings)


@given(st.binary(max_size=300))
def test_no_bytes_whatever_break_the_reading(data: bytes) -> None:
    for head in (b"", b"<html>", b"PK\3\4"):
        draft, findings = read_document("a", head + data)
        assert draft is not None or findings


def test_a_package_that_is_no_document() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("a.txt", "一、甲")
    assert code_of("a.zip", target.getvalue()) == "document-unreadable"
