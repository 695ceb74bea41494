"""The status workbook is a clean file, the same every time, and prints as it should."""

import functools
import json
import os
import shutil
import subprocess
import tempfile
import time
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import psutil
import pytest

from conftest import need
from ledgergen.findings import Where, finding
from ledgergen.plan.score_rules import ScoreRules
from ledgergen.records import Role, Round, Settings
from ledgergen.report import overview
from ledgergen.report.score_book import score_values, score_workbook
from ledgergen.report.status_workbook import ReportFacts, status_workbook
from ledgergen.report.sums import sums, sums_workbook
from ledgergen.returns.decisions import Verdict
from ledgergen.state.light import Stage
from ledgergen.state.score import scores
from ledgergen.workbook.marks import REPORT_PROPERTY
from report_rounds import FACTS, Told, plan_texts, read_back

SHEETS = (
    "总体情况",
    "汇总台账",
    "任务进度",
    "单位进度",
    "任务×单位",
    "逾期清单",
    "即将到期事项清单",
    "未报送",
    "需领导协调事项",
    "填报不一致",
    "填报差错清单",
    "变动情况",
    "数据来源",
)
STATUS = ("已完成", "持续推进", "推进中", "未启动", "不涉及", "进展顺利")
PROGRESS = (
    "6月20日召开局党组会议专题研究，印发《实施方案》，公开各类信息32条，其中政策文件4件、解读材料4件",
    "已公开",
    "=1+1",
    "按季度公布进展情况，二季度公开检查结果12批次，督促整改3家；下一步将持续完善公开内容，加强与牵头单位的沟通衔接",
)


def a_round(units: int, tasks: int, texts: dict[str, dict[str, str]] | None = None) -> Told:
    """Tell a round in which every unit has every task and every tenth unit is silent."""
    told = Told()
    roles = list(Role)
    texts = texts or {str(task): plan_texts(str(task)) for task in range(1, tasks + 1)}
    for number in range(units):
        name = f"第{number + 1}办事处政务服务中心"
        told.issue(name, {task: roles[(number + int(task)) % 3] for task in texts}, texts=texts)
        if number % 10 == 9:
            continue
        filled: dict[str | tuple[str, str], dict[str, str]] = {
            task: {
                "status": STATUS[(number * 7 + int(task)) % len(STATUS)],
                "progress": f"{PROGRESS[(number + int(task)) % len(PROGRESS)]}（{number}.{task}）",
                "measure": f"制定{number}号方案，督促相关科室及时公开",
                "leader": "张某某",
                "published_on": "2022.6.30",
                "evidence": f"https://www.example.invalid/art/2022/6/30/art_{number}_{task}.html",
            }
            for task in texts
        }
        where = Where(f"{name}.xlsx", sheet="台账", cell="K10")
        unclear = finding("choice-unreadable", where, title="落实状态", text="进展顺利", choices="、".join(STATUS[:-1]))
        told.returns(name, filled, head={"filled_by": "李某", "phone": "0533-1234567"}, findings=(unclear,))
    told.arrives("放假通知.docx", Verdict.REJECTED, finding("unrecognised", Where("放假通知.docx")))
    return told


@functools.cache
def ordinary() -> bytes:
    """Make the workbook of an ordinary district: 48 units, 20 tasks."""
    told = a_round(48, 20)
    return status_workbook(FACTS, told.picture, told.parcels)


def missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def faults(data: bytes, folder: Path) -> object:
    """Ask the Open XML SDK's validator."""
    beside = Path(__file__).resolve().parents[1] / "node" / "node_modules" / ".bin" / "ooxml-validator"
    program = Path(os.environ.get("LEDGERGEN_OOXML_VALIDATOR") or beside)
    if not program.exists():
        missing("the Open XML validator is not installed (npm ci in tests/node)")
    path = folder / "status.xlsx"
    path.write_bytes(data)
    return json.loads(subprocess.run([program, path], capture_output=True, text=True, check=False).stdout)["errors"]


def test_the_facts_come_from_the_campaigns_settings() -> None:
    own = Round(FACTS.round_id, FACTS.round_name, FACTS.opens, FACTS.due)
    settings = Settings(FACTS.campaign, FACTS.name, "zichuan", (own,), FACTS.contact_office, FACTS.contact_phone)
    assert ReportFacts.of(settings, own, FACTS.until, FACTS.plan_title) == FACTS


def test_the_sheets_are_there_in_order() -> None:
    assert tuple(read_back(ordinary()).sheetnames) == SHEETS


@pytest.mark.parametrize("units", [0, 1, 48])
def test_the_file_is_clean(units: int, tmp_path: Path) -> None:
    told = a_round(units, 20)
    assert faults(status_workbook(FACTS, told.picture, told.parcels), tmp_path) == []


def test_summary_sheets_and_scores_are_clean_files(tmp_path: Path) -> None:
    found = a_round(12, 5).picture
    assert faults(sums_workbook(FACTS, found, sums(found, [("第二季度", found)])), tmp_path) == []
    values = score_values(found, scores(found, ScoreRules(silent_unit=Decimal(10)), {}))
    for approved in ("", "批准：李某，2022年7月20日"):
        assert faults(score_workbook(FACTS, values, approved), tmp_path) == []


def test_a_chart_is_native_and_has_a_bar_for_every_stage() -> None:
    with zipfile.ZipFile(BytesIO(ordinary())) as container:
        (name,) = [name for name in container.namelist() if name.startswith("xl/charts/chart")]
        chart = container.read(name).decode()
    assert "<c:barChart>" in chart
    assert "总体情况" in chart
    assert chart.count("<c:dPt>") == len(Stage)


def test_hostile_texts_leave_a_clean_file(tmp_path: Path) -> None:
    hostile = "<r>&amp;\x00\ud800_x0041_=1\r\n" + "长" * 40_000
    texts = {"1": {"plan_no": "1", "task": hostile, "requirement": hostile, "time_limit": hostile}}
    told = Told().issue("甲局", {"1": Role.LEAD}, texts=texts).issue("乙" * 60, {"1": Role.LEAD}, texts=texts)
    told.returns("甲局", {"1": {"progress": hostile}}, name=hostile, sender=hostile, head={"filled_by": hostile})
    told.arrives(hostile, Verdict.REJECTED, finding("unrecognised", Where(hostile)))
    assert faults(status_workbook(FACTS, told.picture, told.parcels), tmp_path) == []


def test_the_same_input_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ordinary()
    told = a_round(48, 20)
    monkeypatch.setenv("TZ", "Asia/Shanghai" if time.timezone == 0 else "UTC")
    if hasattr(time, "tzset"):
        time.tzset()
    try:
        assert status_workbook(FACTS, told.picture, told.parcels) == first
    finally:
        monkeypatch.undo()
        if hasattr(time, "tzset"):
            time.tzset()


def test_the_file_says_what_it_is_and_when_its_data_end() -> None:
    with zipfile.ZipFile(BytesIO(ordinary())) as container:
        custom = container.read("docProps/custom.xml").decode()
        core = container.read("docProps/core.xml").decode()
    assert REPORT_PROPERTY in custom
    assert "zichuan-2022|2022Q2|2022-07-12T03:00:00.000Z" in custom
    assert core.count("2022-07-12T00:00:00Z") == 2


def test_tables_can_be_sorted_filtered_and_printed() -> None:
    book = read_back(ordinary())
    for name in SHEETS[1:]:
        sheet = book[name]
        header = 3
        assert sheet.auto_filter.ref.startswith("A3:")
        assert [area.min_row for area in sheet.merged_cells.ranges if area.max_row >= header] == []
        assert sheet.freeze_panes.endswith("4")
        assert sheet.print_title_rows == "$3:$3"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert "&P" in sheet.oddFooter.right.text
        assert sheet.oddFooter.left.text.startswith("2022年淄川区政务公开")
        assert sheet.oddFooter.left.size == 8
        heights = [sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1)]
        assert all(height and 0 < height <= 409 for height in heights)
    page = book[overview.SHEET].page_setup
    assert (page.orientation, page.fitToWidth or 1, page.fitToHeight or 1) == ("portrait", 1, 1)
    fonts = {cell.font.name for row in book["汇总台账"].iter_rows() for cell in row if cell.value}
    assert fonts <= {"方正小标宋简体", "黑体", "仿宋_GB2312", "Calibri"}


def test_no_temporary_file_is_left_even_where_the_work_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    told = a_round(3, 3)
    status_workbook(FACTS, told.picture, told.parcels)
    assert list(tmp_path.iterdir()) == []

    class Broken(Exception):  # noqa: N818
        pass

    def broken(*_: object) -> None:
        raise Broken

    monkeypatch.setattr("ledgergen.report.parcels.source_rows", broken)
    with pytest.raises(Broken):
        status_workbook(FACTS, told.picture, told.parcels)
    assert list(tmp_path.iterdir()) == []


def test_a_thousand_units_fit_into_the_matrix(tmp_path: Path) -> None:
    told = a_round(1000, 2)
    data = status_workbook(FACTS, told.picture, told.parcels)
    sheet = read_back(data)["任务×单位"]
    assert sheet.max_column == 1004
    assert sheet.page_setup.fitToWidth == 15
    assert sheet.print_title_cols == "$A:$D"
    assert faults(data, tmp_path) == []


def test_what_one_sheet_cannot_hold_goes_on_the_next(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("ledgergen.report.tablesheet._MOST_ROWS", 25)
    monkeypatch.setattr("ledgergen.report.matrix.MOST_UNITS", 8)
    told = a_round(20, 3)
    data = status_workbook(FACTS, told.picture, told.parcels)
    book = read_back(data)
    parts = [name for name in book.sheetnames if name.startswith("汇总台账")]
    assert parts == ["汇总台账", "汇总台账（2）", "汇总台账（3）"]
    assert [book[name].max_row - 3 for name in parts] == [25, 25, 10]
    assert [sheet.max_column - 4 for sheet in book.worksheets if sheet.title.startswith("任务×单位")] == [8, 8, 4]
    assert faults(data, tmp_path) == []


def pages_of(data: bytes, folder: Path) -> list[str]:
    """Print through LibreOffice; the text of every page."""
    office, to_text = need("soffice"), need("pdftotext")
    path = folder / "status.xlsx"
    path.write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [office, profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, capture_output=True, check=True, timeout=180)
    shutil.rmtree(folder / "profile", ignore_errors=True)
    text = subprocess.run([to_text, "-layout", str(path.with_suffix(".pdf")), "-"], capture_output=True, check=True)
    return text.stdout.decode().split("\f")[:-1]


def test_the_overview_is_one_page_even_with_many_names(tmp_path: Path) -> None:
    told = Told()
    for number in range(160):
        told.issue(f"第{number + 1}办事处政务服务中心", {str(number % 80 + 1): Role.LEAD})
    pages = pages_of(status_workbook(FACTS, told.picture, told.parcels), tmp_path)
    first, second = ("".join(page.split()) for page in pages[:2])
    assert "等160家" in first
    assert "重复来件不计差错" in first
    assert "汇总台账" in second


def test_pages_name_their_columns_again_and_are_numbered(tmp_path: Path) -> None:
    told = a_round(12, 10)
    pages = ["".join(page.split()) for page in pages_of(status_workbook(FACTS, told.picture, told.parcels), tmp_path)]
    summary = [page for page in pages if "核定表述" in page]
    assert len(summary) > 5
    assert all("本期进展情况" in page for page in summary)
    assert all(f"第{number}页共{len(pages)}页" in page for number, page in enumerate(pages, start=1))


@pytest.mark.soak
def test_sixty_thousand_rows_take_little_memory() -> None:
    told = a_round(1000, 60)
    found, parcels = told.picture, told.parcels
    process = psutil.Process()
    before, started = process.memory_info().rss, time.process_time()
    data = status_workbook(FACTS, found, parcels)
    grown = (process.memory_info().rss - before) / 2**20
    print(f"60,000 rows: {time.process_time() - started:.1f} CPU-s, {grown:.0f} MiB, {len(data) / 2**20:.1f} MiB file")  # noqa: T201
    assert grown < 250
