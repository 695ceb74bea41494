"""One document as .docx, .pdf, .html, .txt and .doc, made of one source by LibreOffice: the same plan from each."""

import re
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest

from conftest import need
from ledgergen.document.draft import Draft
from ledgergen.document.reader import read_draft
from ledgergen.document.reading import read_document
from ledgergen.plan.phrases import plain_name
from specimen_files import docx, zipped

HEAD: Final = """\
>北川县人民政府办公室
>关于印发2024年北川县政务公开工作要点的通知
>北政办发〔2024〕6号
各乡镇人民政府，县政府各部门：
《2024年北川县政务公开工作要点》已经县政府同意，现印发给你们，请认真贯彻执行。
<北川县人民政府办公室
<2024年4月9日
>2024年北川县政务公开工作要点
""".splitlines()
OUTLINE: Final = """\
一、深化政策公开
（一）公布文件。每季度末月20日前，公布现行有效的行政规范性文件目录，逐件标明文号、成文日期和有效性，失效的在5个工作日内标注，并在县政府门户网站集中展示，方便群众查找和下载。（牵头单位：县司法局；责任单位：县发展和改革局、财政局，各乡镇人民政府）
（二）解读政策。2024年9月底前，为群众关心的政策配上图解或者问答。（责任单位：县政府办公室、县卫生健康局）
二、强化保障
1.各部门每年至少培训1次，培训情况记入台账。
2.本要点印发后30日内列出任务清单。
（县政府各部门按职责分工负责）
""".splitlines()
TABLE: Final = """\
|序号|工作任务|工作要求|责任单位|时限要求
|一、重点领域|<|<|<|<
|1|财政信息|公布预算、决算和三公经费，说明增减变化的原因，附上绩效目标|县财政局、审计局|每年3月底前
|2|^|公布惠农补贴发放结果，以村为单位在公开栏张贴|县农业农村局、各乡镇人民政府|年底前
|3|教育信息|公布招生政策和范围|县教育和体育局|7月10日前
|二、平台建设|<|<|<|<
|4|网站|检查栏目更新情况，发现错误在2个工作日内改正，结果每季度通报一次|县政府办公室|长期坚持
""".splitlines()
SOURCES: Final = {"outline": [*HEAD, *OUTLINE], "table": [*HEAD, "附件", ">重点任务分解表", *TABLE, "（此件公开发布）"]}
FILTERS: Final = {
    "pdf": "pdf", "html": "html:HTML (StarWriter)", "txt": "txt:Text (encoded):UTF8", "doc": "doc:MS Word 97",
}  # fmt: skip
FIELDS: Final = (
    "number", "part", "name", "section", "requirement", "lead", "responsible", "supporting", "time_limit", "deadline",
    "doubtful",
)  # fmt: skip


def converted(data: bytes, kind: str, folder: Path) -> Path:
    """Convert a Word file with LibreOffice."""
    source = folder / "plan.docx"
    source.write_bytes(data)
    command = [need("soffice"), "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to"]
    subprocess.run(
        [*command, FILTERS[kind], "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=120
    )
    return folder / f"plan.{kind}"


def read(path: Path) -> Draft:
    """Read a file as import does; only what LibreOffice must open needs the process around it."""
    data = path.read_bytes()
    draft, findings = read_draft(path.name, data) if path.suffix == ".doc" else read_document(path.name, data)
    assert draft is not None, findings
    return draft


def plain(value: Any) -> Any:  # noqa: ANN401 - texts, lists of texts, deadlines
    """Put width and white space aside."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    return plain_name(value) if isinstance(value, str) else value


def said(draft: Draft) -> dict[str, Any]:
    """Give what a draft says, as it is compared."""
    whole = draft.to_json()
    tasks = [{field: plain(task[field]) for field in FIELDS} for task in whole.pop("tasks")]  # type: ignore[attr-defined] # a list of records
    return {**{key: plain(value) for key, value in whole.items()}, "tasks": tasks}


@pytest.mark.parametrize("kind", FILTERS)
@pytest.mark.parametrize("name", SOURCES)
def test_every_format_gives_the_same_plan(name: str, kind: str, tmp_path: Path) -> None:
    data = docx(SOURCES[name])
    (tmp_path / "original.docx").write_bytes(data)
    wanted, found = said(read(tmp_path / "original.docx")), said(read(converted(data, kind, tmp_path)))
    assert len(wanted["tasks"]) == 4
    if name == "table" and kind == "txt":  # text keeps the cells, and neither which are merged nor which row is one
        wanted["tasks"], found["tasks"] = ([task["requirement"] for task in each["tasks"]] for each in (wanted, found))
    assert found == wanted


def unruled(lines: list[str], *, middle: bool = False) -> bytes:
    """Build a Word file whose tables are drawn without lines; ``middle``: texts stand in the middle of their rows."""
    with zipfile.ZipFile(BytesIO(docx(lines))) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    borders = re.compile("<w:tblBorders>.*?</w:tblBorders>")
    bare = {name: borders.sub("", text.partition("?>")[2]) for name, text in parts.items()}
    if middle:
        bare = {name: text.replace("</w:tcPr>", '<w:vAlign w:val="center"/></w:tcPr>') for name, text in bare.items()}
    return zipped(bare)


def test_a_table_of_a_pdf_without_lines_is_read_where_its_columns_leave_no_doubt(tmp_path: Path) -> None:
    rows = [line.replace("|^|", "|财政信息|") for line in TABLE if "<" not in line]
    data = unruled([">2024年重点任务分解表", *rows, "附件2", "填表说明"])
    (tmp_path / "original.docx").write_bytes(data)
    found = said(read(converted(data, "pdf", tmp_path)))
    assert found == said(read(tmp_path / "original.docx"))
    assert len(found["tasks"]) == 4


@pytest.mark.parametrize(
    "rows",
    [
        [line for line in TABLE if "<" not in line],  # a name that reaches over two rows
        [line.replace("|3|", "|5|") for line in TABLE if "<" not in line and "^" not in line],  # numbers that jump
        [
            "|类别|序号|任务|要求|责任单位|时限",
            *(f"|甲|{n}|{'^' if n == 2 else '乙'}|做|县财政局|年底前" for n in (1, 2, 3)),
        ],
    ],
)
def test_a_table_of_a_pdf_without_lines_is_a_finding_where_anything_is_in_doubt(
    rows: list[str], tmp_path: Path
) -> None:
    path = converted(unruled([">2024年重点任务分解表", *rows]), "pdf", tmp_path)
    draft, findings = read_document(path.name, path.read_bytes())
    assert draft is not None
    assert draft.tasks == ()
    assert "document-table-lost" in [found.code for found in findings]


def test_lines_above_a_number_are_never_taken_for_the_row_before(tmp_path: Path) -> None:
    rows = ["|序号|工作任务|工作要求|责任单位|时限要求", "|1|文件|公布文件|县财政局|年底前"]
    rows += [f"|2|财务|{'公布预算和决算，说明增减变化的原因，' * 3}|县财政局|3月底前"]
    path = converted(unruled([">2024年重点任务分解表", *rows], middle=True), "pdf", tmp_path)
    draft, findings = read_document(path.name, path.read_bytes())
    assert draft is not None
    assert draft.tasks == ()
    assert "document-table-lost" in [found.code for found in findings]
