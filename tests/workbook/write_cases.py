"""What the tests of writing say again and again: a real-looking book, the parts of a file, missing programs."""

import functools
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from ledgergen.records import Assignment, Book, PlanFacts, Role, Round, Settings, Task, Unit
from ledgergen.workbook.book import BookSetting, Carried, make_book
from ledgergen.workbook.codes import book_token
from ledgergen.workbook.layout import Face, Layout
from ledgergen.workbook.layout_file import load_layout
from ledgergen.workbook.write import write_ledger

ROOT = Path(__file__).resolve().parents[2]
DATED = date(2022, 6, 15)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

REQUIREMENTS = (
    "对照2022年《政府工作报告》重点任务、为民办实事任务两张分解表，定期公布本单位承担事项的进展、成效和下一步举措",
    "公开房地产市场监管信息，规范开发和中介秩序，防范虚假宣传与恶意炒作，违法违规行为的查处结果及时公布",
    "及时公开“双随机、一公开”年度计划、抽查清单、工作指引等信息，按季度公开检查结果，对未全面公开的督促整改完善",
    (
        "参考国务院有关部门印发的标准指引，持续优化完善本地区各领域事项标准目录，做到公开事项名称、内容、依据、时限、主体、方式、"
        "渠道、公开对象等要素齐全，并在区政府网站（https://www.example.invalid/zwgk）集中展示"
    ),
    "每年至少听取1次政务公开工作汇报，专题研究部署推动工作",
    "积极推动全区政府网站和政务新媒体适老化和无障碍改造",
    "严格落实网络意识形态责任制，确保政府网站与新媒体安全平稳运行；强化政务新媒体矩阵建设和监督管理",
    "在依申请公开工作中强化服务理念，加强与申请人的沟通，准确了解申请人诉求，提高答复的及时性和针对性。",
    "健全解读机制，坚持“谁起草、谁解读”，文件公布之日起3个工作日内发布解读材料，图文、音视频等形式占比不低于50%",
)
NAMES = (
    *("重要部署", "房地产市场监管", "“双随机、一公开”监管", "标准化规范化", "组织领导", "公开平台建设"),
    *("公开平台建设", "依申请公开", "政策解读回应"),
)
LIMITS = (
    "按季度公开",
    "信息形成或者变更之日起20个工作日内公开，行政处罚信息于处罚结果作出后7个工作日内公开",
    "长期坚持",
    "2022年年底前",
    "6月底前",
    "自收到申请之日起20个工作日内予以答复；需要延长答复期限的，延长的期限最长不得超过20个工作日",
    "",
)
MEASURES = (
    "督促相关科室及时公开“双随机、一公开”年度计划、抽查清单、工作指引等信息",
    "印发通知，督促相关科室4月底全部公开到位",
)


SHIPPED = tuple(sorted(path.stem for path in (ROOT / "templates/layouts").glob("*.yaml")))


@functools.cache
def shipped(name: str, face: Face = Face.FIRST) -> Layout:
    """Load a shipped layout, on a face."""
    layout, findings = load_layout((ROOT / f"templates/layouts/{name}.yaml").read_bytes(), f"{name}.yaml")
    assert layout is not None
    assert findings == []
    return layout.for_face(face)


def zichuan(face: Face = Face.FIRST) -> Layout:
    """Load the layout that most tests use."""
    return shipped("zichuan", face)


def tasks(count: int) -> tuple[Task, ...]:
    """Make so many tasks; every seventh has two measures of the office's own."""
    return tuple(
        Task(
            id=str(number),
            name=NAMES[number % len(NAMES)],
            requirement=REQUIREMENTS[number % len(REQUIREMENTS)],
            time_limit=LIMITS[number % len(LIMITS)],
            measures=MEASURES if number % 7 == 3 else (),
        )
        for number in range(1, count + 1)
    )


def assigned(unit: str, given: tuple[Task, ...]) -> list[Assignment]:
    """Assign all tasks to one unit."""
    return [Assignment(task, Unit(unit), Role.LEAD if task.id == "5" else Role.RESPONSIBLE) for task in given]


def setting(layout: Layout | None = None) -> BookSetting:
    """Give what all books have in common."""
    round_ = Round("2022Q2", "2022年第二季度", DATED, date(2022, 7, 10))
    settings = Settings("zichuan-2022", "2022年淄川区政务公开", "zichuan", (round_,), "区政府办公室", "0000-0000000")
    return BookSetting(settings, PlanFacts("方案", 2022, "淄川区"), round_, layout or zichuan(), "p1")


def book(
    count: int = 30,
    unit: str = "区住房城乡建设局",
    *,
    later: bool = False,
    given: tuple[Task, ...] | None = None,
    layout: Layout | None = None,
) -> Book:
    """Make a book of the first round, or of a later one with everything asked once prefilled.

    A layout with a face of its own says itself which of them it is.
    """
    layout = layout or zichuan(Face.PROGRESS if later else Face.FIRST)
    known = {"measure": MEASURES[0], "unit_limit": "4月底前", "leader": "张某某", "office": "政务公开科"}
    given = tasks(count) if given is None else given
    carried = Carried({task.id: {"1": known} for task in given} if layout.face is Face.PROGRESS else {})
    token = book_token("zichuan-2022", "2022Q2", unit)
    return make_book(setting(layout), token, assigned(unit, given), carried)


def not_all_due(made: Book, due: int) -> Book:
    """Let so many rows of a book be due, the first ones, and no others."""
    rows = (row._replace(due=number < due) for number, row in enumerate(made.rows))
    return replace(made, rows=tuple(rows))


def ledger(made: Book, layout: Layout | None = None) -> bytes:
    """Write a book."""
    return write_ledger(made, layout or zichuan(Face(made.face)), DATED)


def part(data: bytes, name: str) -> bytes:
    """Give one part of a file."""
    with zipfile.ZipFile(BytesIO(data)) as container:
        return container.read(name)


def sheet_xml(data: bytes, number: int = 1) -> "etree._Element":
    """Give a sheet as parsed XML."""
    return etree.fromstring(part(data, f"xl/worksheets/sheet{number}.xml"))


def cells(data: bytes, number: int = 1) -> dict[str, str]:
    """Give the texts of a sheet by cell name, through nothing but the XML."""
    shared = [
        "".join(text.text or "" for text in item.iter(f"{MAIN}t"))
        for item in etree.fromstring(part(data, "xl/sharedStrings.xml"))
    ]
    found = {}
    for cell in sheet_xml(data, number).iter(f"{MAIN}c"):
        value = cell.findtext(f"{MAIN}v")
        if value is not None:
            found[str(cell.get("r"))] = shared[int(value)] if cell.get("t") == "s" else value
    return found


def header_row(data: bytes) -> int:
    """Give the number, from 1, of the row with the column titles; the first is that of the rows' number."""
    return next(int(name[1:]) for name, text in cells(data).items() if re.fullmatch("A[0-9]+", name) and text == "序号")


def strings_of(data: bytes) -> Iterator[str]:
    """Give every string of every part: names of parts, texts, tails, attributes, comments, and raw text of the rest."""
    with zipfile.ZipFile(BytesIO(data)) as container:
        assert container.comment == b""
        for info in container.infolist():
            yield info.filename
            yield from (info.comment.decode(), info.extra.decode("latin-1"))
            for node in etree.fromstring(container.read(info)).iter():
                yield from filter(None, (node.text, node.tail, *map(str, node.attrib.values())))


def missing(reason: str) -> None:
    """Skip a test for want of a program; under CI nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def schema_faults(data: bytes, folder: Path, ending: str = ".xlsx") -> list[object]:
    """Ask the Open XML SDK's validator, the nearest thing to Excel's own opinion that runs here."""
    asked = os.environ.get("LEDGERGEN_OOXML_VALIDATOR")
    program = Path(asked) if asked else ROOT / "tests/node/node_modules/.bin/ooxml-validator"
    if not program.exists():
        missing("the Open XML validator is not installed (npm ci in tests/node)")
    path = folder / f"checked{ending}"
    path.write_bytes(data)
    answer = json.loads(subprocess.run([program, path], capture_output=True, text=True, check=False).stdout)
    assert answer["ok"] is not bool(answer["errors"])
    return list(answer["errors"])


def in_libreoffice(job: str, *arguments: str | Path, environment: dict[str, str] | None = None) -> dict[str, object]:
    """Have LibreOffice itself do something, by the script beside this file; gives what the script prints."""
    python, script = Path("/usr/bin/python3"), Path(__file__).with_name("write_uno.py")
    if sys.platform != "linux" or not python.exists():
        missing("needs the system's Python with python3-uno")
    if subprocess.run([python, "-c", "import uno"], capture_output=True, check=False).returncode:
        missing("python3-uno is not installed")
    done = subprocess.run(
        [python, script, job, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env={**os.environ, **(environment or {})},
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer
