"""Plan and units out as a workbook and back: what a clerk changed there, and nothing else, is in the files."""

import json
import random
import shutil
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import make_folder
from commands import ledgergen
from plan_clerk import (
    COMMENTED,
    PLAN_NOTE,
    PlanBook,
    applied,
    codes,
    commented,
    exported,
    files,
    json_of,
    said,
    task,
    unit,
)

__all__ = ["commented"]


# --- Nothing was edited.


def test_a_workbook_that_nobody_edited_changes_not_one_byte(commented: Path) -> None:
    before = files(commented)
    assert ledgergen("plan", "export", at=commented).out == "new  plan.xlsx\n"
    ran = ledgergen("plan", "apply", commented / "plan.xlsx", at=commented)
    assert (ran.code, ran.out, ran.err) == (0, "", "The workbook changes nothing.\n")
    assert files(commented) == before
    ran = applied(commented, PlanBook(commented / "plan.xlsx"))
    assert (ran.code, ran.out) == (0, "")
    assert files(commented) == before
    assert [each["kind"] for each in ledgergen("log", "--json", at=commented).json] == ["exported"]


def test_the_example_goes_out_and_back_unchanged(tmp_path: Path) -> None:
    campaign = tmp_path / "z"
    assert ledgergen("new", campaign, "--example", "zichuan-2022").code == 0
    before = files(campaign)
    book = exported(campaign)
    assert [book.sheet(name).max_row - 4 for name in ("任务", "单位", "单位类别", "计划")] == [58, 48, 9, 6]
    ran = json_of(campaign, book)
    assert ran.json == {"changes": [], "written": [], "findings": []}
    assert files(campaign) == before


def test_a_second_export_writes_nothing_and_journals_nothing(commented: Path) -> None:
    exported(commented)
    assert ledgergen("plan", "export", at=commented).out == "same  plan.xlsx\n"
    assert len(ledgergen("log", "--json", at=commented).json) == 1
    assert ledgergen("verify", at=commented).code == 0


def test_a_dry_run_writes_nothing(commented: Path) -> None:
    ran = ledgergen("plan", "export", "--dry-run", at=commented)
    assert ran.out == "new  plan.xlsx\n"
    assert not (commented / "plan.xlsx").exists()
    assert not (commented / ".ledgergen").exists()
    book = exported(commented).type("任务", "2", "时限要求", "年底前")
    before = files(commented)
    ran = applied(commented, book, "--dry-run")
    assert ran.out == "task 2 time_limit: 长期坚持 → 年底前\n"
    assert files(commented) == before
    assert applied(commented, book).out == ran.out
    assert files(commented) != before


# --- What is edited.


def test_an_edit_is_in_the_file_and_in_the_next_export(commented: Path) -> None:
    book = exported(commented)
    book.type("任务", "1", "责任单位", "区财政局、昆仑镇").type("任务", "3", "章节", "一、总则\n（一）收费")
    book.type("任务", "3", "工作举措", "每季度核对一次\n公开，并说明").type("计划", "印发日期", "内容", "2022-06-09")
    book.type("单位", "区发改局", "邮箱", "a@example.invalid，b@example.invalid").type(
        "单位类别", "各单位", "除外", "昆仑镇"
    )
    ran = applied(commented, book)
    assert ran.code == 0, ran.err
    assert ran.out.splitlines() == [
        "task 1 responsible: 区财政局、区发改局 → 区财政局、昆仑镇",
        "task 3 section: — → 一、总则 （一）收费",
        "task 3 measures: — → 每季度核对一次 公开，并说明",
        "unit 区发改局 mail: — → a@example.invalid、b@example.invalid",
        "group 各单位 except: — → 昆仑镇",
        "plan issued: 2022-06-08 → 2022-06-09",
    ]
    assert task(commented, "1")["responsible"] == ["区财政局", "昆仑镇"]
    assert task(commented, "3")["section"] == ["一、总则", "（一）收费"]
    assert task(commented, "3")["measures"] == ["每季度核对一次", "公开，并说明"]
    assert unit(commented, "区发改局")["mail"] == ["a@example.invalid", "b@example.invalid"]
    assert said(commented, "plan.yaml")["plan"]["issued"] == "2022-06-09"
    for note in (PLAN_NOTE, "# ── 第二部分 ──\n"):
        assert note in (commented / "plan.yaml").read_text(encoding="utf-8")
    assert "# 镇\n" in (commented / "units.yaml").read_text(encoding="utf-8")
    again = exported(commented)
    assert again.cell("任务", "3", "章节").value == "一、总则\n（一）收费"
    assert again.cell("单位", "区发改局", "邮箱").value == "a@example.invalid、b@example.invalid"
    assert applied(commented, book).err.endswith("The workbook changes nothing.\n")


@pytest.mark.parametrize("left", [("plan.yaml", "units.yaml"), ("units.yaml",)])
def test_applying_that_was_broken_off_is_finished_and_journalled_once(commented: Path, left: tuple[str, ...]) -> None:
    """The event is written first; a power cut after it leaves the files, or the second of them, as they were."""
    book = exported(commented).type("任务", "1", "工作要求", "每月公开")
    path = book.type("单位", "昆仑镇", "简称和其他写法", "昆仑").save(commented / "back.xlsx")
    before = {name: (commented / name).read_bytes() for name in left}
    assert ledgergen("plan", "apply", path, at=commented).code == 0
    done, log = files(commented), ledgergen("log", "--json", at=commented).json
    for name, data in before.items():
        (commented / name).write_bytes(data)
    half = commented / ".tmp-0123456789abcdef"
    half.write_bytes(b"plan: {ti")
    assert ledgergen("plan", "apply", path, at=commented).code == 0
    assert files(commented) == done
    assert not half.exists()
    assert ledgergen("log", "--json", at=commented).json == log
    assert ledgergen("undo", at=commented).code == 0
    assert {name: (commented / name).read_bytes() for name in left} == before
    assert ledgergen("plan", "apply", path, at=commented).code == 0  # taken back, it is an edit of its own
    assert files(commented) == done
    assert [each["kind"] for each in ledgergen("log", "--json", at=commented).json][-2:] == ["cancel", "edited"]


def test_sorting_and_moving_columns_changes_nothing(commented: Path) -> None:
    book = exported(commented).sort("任务", "工作任务").sort("单位", "单位名称").sort("单位类别", "单位类别")
    sheet = book.sheet("任务")
    for row in sheet.iter_rows(min_row=4, max_row=sheet.max_row):
        values = [cell.value for cell in row]
        for cell, value in zip(row, [*values[3:], *values[:3]], strict=True):
            cell.value = value
    book.sheet("任务").title = "改了名的表"
    assert json_of(commented, book).json["changes"] == []


@pytest.mark.parametrize("leaving", [1, 2])
def test_sorting_that_leaves_the_keys_behind_changes_nothing(commented: Path, leaving: int) -> None:
    book = exported(commented).sort("任务", "编号", leaving=leaving).sort("单位", "单位名称", leaving=leaving)
    assert [str(book.sheet("任务").cell(row, 1).value) for row in (5, 6, 7)] == ["3", "2", "1"]  # while the keys stay
    before = files(commented)
    ran = json_of(commented, book)
    assert (ran.code, ran.json) == (0, {"changes": [], "written": [], "findings": []})
    assert files(commented) == before


def test_numbers_changed_about_are_changes_though_each_is_another_rows(commented: Path) -> None:
    book = exported(commented)
    first, second = book.row("任务", "1"), book.row("任务", "2")
    for row, number in ((first, "2"), (second, "1")):
        book.sheet("任务").cell(row, 1).value = number
    ran = json_of(commented, book)
    assert [(each["key"], each["new"]) for each in ran.json["changes"]] == [("1", "2"), ("2", "1")]
    assert [(each["id"], each["name"]) for each in said(commented, "plan.yaml")["tasks"]][:2] == [
        ("2", "重要部署"),
        ("1", "减税降费"),
    ]


def test_a_row_inserted_is_a_new_task_in_its_place(commented: Path) -> None:
    book = exported(commented)
    book.insert("任务", "3", 编号=4, 工作任务="新任务", 责任单位="财政局、各单位", 时限要求="长期坚持")
    ran = applied(commented, book)
    assert ran.out == "task 4: added  新任务\n"
    assert [each["id"] for each in said(commented, "plan.yaml")["tasks"]] == ["1", "2", "4", "3"]
    assert task(commented, "4") == {
        "id": "4",
        "name": "新任务",
        "responsible": ["财政局", "各单位"],
        "time_limit": "长期坚持",
    }
    assert applied(commented, book).out == ""


def test_a_copied_row_with_a_number_of_its_own_is_a_new_task(commented: Path) -> None:
    book = exported(commented)
    sheet = book.sheet("任务")
    sheet.append([cell.value for cell in sheet[book.row("任务", "2")]])
    sheet.cell(sheet.max_row, 1).value = "9"
    assert applied(commented, book).out == "task 9: added  减税降费\n"
    assert [each["id"] for each in said(commented, "plan.yaml")["tasks"]] == ["1", "2", "3", "9"]


def test_a_new_row_without_a_number_is_proposed_one(commented: Path) -> None:
    book = exported(commented).append("任务", 工作任务="新任务", 责任单位="财政局").append("单位", 单位性质="镇")
    ran = json_of(commented, book.type("任务", "2", "时限要求", "年底前"))
    assert ran.code == 1
    assert codes(ran) == [("任务 › A8", "plan-task-without-id"), ("单位 › A8", "plan-row-without-name")]
    assert "such as 4" in ran.json["findings"][0]["remedy"]
    assert task(commented, "2")["time_limit"] == "年底前"  # what is clear is taken all the same


def test_a_deleted_row_stays_until_deleting_is_asked_for(commented: Path) -> None:
    book = exported(commented).delete("任务", "2").delete("单位类别", "各单位").type("任务", "3", "责任单位", "昆仑镇")
    emptied = book.row("单位", "区发改局")
    for column in range(1, 20):
        book.sheet("单位").cell(emptied, column).value = None
    ran = json_of(commented, book)
    assert ran.code == 0
    assert {code for _, code in codes(ran)} == {"plan-row-deleted"}
    assert len(said(commented, "plan.yaml")["tasks"]) == 3
    ran = json_of(commented, book, "--delete")
    assert ran.code == 1  # task 1 still names the unit
    assert codes(ran) == [("任务 › F5", "unit-unknown"), ("", "plan-book-older")]
    assert len(said(commented, "plan.yaml")["tasks"]) == 3
    ran = applied(commented, book.type("任务", "1", "责任单位", "财政局"), "--delete")
    assert ran.code == 0, ran.err
    assert "task 2: deleted  减税降费" in ran.out
    assert [each["id"] for each in said(commented, "plan.yaml")["tasks"]] == ["1", "3"]
    assert [each["name"] for each in said(commented, "units.yaml")["units"]] == ["区财政局", "昆仑镇"]
    assert said(commented, "units.yaml")["groups"] == []
    assert "# ── 第二部分 ──\n" in (commented / "plan.yaml").read_text(encoding="utf-8")


def test_a_renamed_unit_keeps_its_old_name_as_a_former_one(commented: Path) -> None:
    book = exported(commented).type("单位", "区发改局", "单位名称", "区发展改革局")
    ran = json_of(commented, book)
    assert codes(ran) == [("单位 › A6", "plan-unit-renamed")]
    assert unit(commented, "区发展改革局")["former_names"] == ["区发改局"]
    assert ledgergen("check", at=commented).code == 0
    assert task(commented, "1")["responsible"] == ["区财政局", "区发改局"]
    assert json_of(commented, book).json["changes"] == []
    assert exported(commented).cell("单位", "区发展改革局", "曾用名").value == "区发改局"


def test_a_clerk_may_write_the_former_names_himself(commented: Path) -> None:
    book = exported(commented).type("单位", "区发改局", "单位名称", "区发展改革局")
    book.type("单位", "区发展改革局", "曾用名", "区发改委")
    assert applied(commented, book).code == 0
    assert unit(commented, "区发展改革局")["former_names"] == ["区发改委", "区发改局"]


def test_a_group_becomes_pending_and_back(commented: Path) -> None:
    book = (
        exported(commented).type("单位类别", "各单位", "按性质", "").type("单位类别", "各单位", "由牵头单位明确", "是")
    )
    book.type("任务", "3", "牵头单位", "区财政局")
    assert applied(commented, book).code == 0
    assert said(commented, "units.yaml")["groups"] == [{"name": "各单位", "kinds": [], "pending": "lead"}]
    book = (
        exported(commented)
        .type("单位类别", "各单位", "由牵头单位明确", None)
        .type("单位类别", "各单位", "按名单", "昆仑镇")
    )
    assert applied(commented, book).code == 0
    assert said(commented, "units.yaml")["groups"] == [{"name": "各单位", "kinds": [], "members": ["昆仑镇"]}]


def test_contacts_channel_and_publishing_go_through_the_workbook(commented: Path) -> None:
    before = (commented / "plan.yaml").read_bytes()
    contact = {"抄送": "a@example.invalid、b@example.invalid", "联系人": "王某", "联系电话": "0533-0000000"}
    book = exported(commented)
    for title, text in {**contact, "送达方式": "OA"}.items():
        book.type("单位", "区财政局", title, text)
    book.type("任务", "1", "公开网页", "不公开")
    assert applied(commented, book).code == 0
    shown = unit(commented, "区财政局")
    assert [shown[key] for key in ("cc", "contact", "phone", "channel")] == [
        ["a@example.invalid", "b@example.invalid"], "王某", "0533-0000000", "oa",
    ]  # fmt: skip
    assert "publish: false" in (commented / "plan.yaml").read_text("utf-8")
    assert ledgergen("check", at=commented).code == 0
    again = exported(commented)
    assert again.cell("单位", "区财政局", "送达方式").value == "OA"
    assert again.cell("任务", "1", "公开网页").value == "不公开"
    assert json_of(commented, again).json["changes"] == []
    for title in (*contact, "送达方式"):
        again.type("单位", "区财政局", title, None)
    again.type("任务", "1", "公开网页", None)
    assert applied(commented, again).code == 0
    assert (commented / "plan.yaml").read_bytes() == before
    assert not any(unit(commented, "区财政局").get(key) for key in ("cc", "contact", "phone", "channel"))


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("2022-12-31", {"kind": "fixed", "due": "2022-12-31"}),
        ("2022年12月31日前", {"kind": "fixed", "due": "2022-12-31"}),
        ("每季度", {"kind": "recurring", "every": "quarter"}),
        ("长期", {"kind": "continuous"}),
        ("信息形成后20个工作日", {"kind": "on_event", "event": "信息形成", "within": "20", "unit": "working_days"}),
        ("9月底前", {"kind": "fixed", "due": "2022-09-30"}),
        ("{kind: recurring, every: year, by: 12-31}", {"kind": "recurring", "every": "year", "by": "12-31"}),
    ],
)
def test_a_reading_is_put_right_in_plain_words(commented: Path, typed: str, reading: dict[str, str]) -> None:
    assert applied(commented, exported(commented).type("任务", "3", "时限核定", typed)).code == 0
    assert task(commented, "3")["deadline"] == reading
    assert task(commented, "3")["time_limit"] == "年底前"
    book = exported(commented)
    assert applied(commented, book.type("任务", "3", "时限核定", None)).code == 0
    assert "deadline" not in task(commented, "3")


def test_what_is_doubtful_is_shown_and_confirmed(commented: Path) -> None:
    path = commented / "plan.yaml"
    text = path.read_text(encoding="utf-8").replace("# ── 第二部分 ──\n", "# 待核：时限续自上一行\n")
    path.write_text(text, encoding="utf-8")
    book = exported(commented)
    assert book.cell("任务", "2", "待核").value == "时限续自上一行"
    assert book.cell("任务", "2", "时限读法").value == "长期"
    ran = applied(commented, book.type("任务", "2", "核定", "确认").type("任务", "1", "核定", "未定"))
    assert ran.out.splitlines() == ["task 2 deadline: — → 长期", "task 2: 待核 → 已核"]
    assert "# 已核：时限续自上一行\n" in path.read_text(encoding="utf-8")
    assert task(commented, "2")["deadline"] == {"kind": "continuous"}
    assert exported(commented).cell("任务", "2", "待核").value is None
    assert applied(commented, book).out == ""


def test_a_limit_that_is_read_in_doubt_is_confirmed_in_its_own_column(commented: Path) -> None:
    path = commented / "plan.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("长期坚持", "适时公开"), encoding="utf-8")
    book = exported(commented)
    assert "适时公开" in str(book.cell("任务", "2", "待核").value)
    assert book.cell("任务", "2", "时限读法").value == "不明确"
    ran = json_of(commented, book.type("任务", "2", "时限核定", "确认"))
    assert [(each["field"], each["new"]) for each in ran.json["changes"]] == [("deadline", "不明确")]
    assert task(commented, "2")["deadline"] == {"kind": "unclear"}
    assert exported(commented).cell("任务", "2", "待核").value is None


def test_a_reading_that_the_plan_may_not_hold_is_told_at_its_cell(commented: Path) -> None:
    ran = json_of(commented, exported(commented).type("任务", "2", "时限核定", "{kind: fixed}"))
    assert (ran.code, [place for place, _ in codes(ran)]) == (1, ["任务 › J6"])
    assert "deadline" not in task(commented, "2")


def test_names_with_a_comma_in_brackets_are_one_name(tmp_path: Path) -> None:
    files_ = {**COMMENTED, "units.yaml": COMMENTED["units.yaml"].replace("各单位", "各镇（街道、开发区）"),
              "plan.yaml": COMMENTED["plan.yaml"].replace("各单位", "各镇（街道、开发区）")}  # fmt: skip
    campaign = make_folder(tmp_path / "c", files_)
    book = exported(campaign).type("任务", "2", "配合单位", "各镇（街道、开发区）、区发改局")
    assert applied(campaign, book).code == 0
    assert task(campaign, "2")["supporting"] == ["各镇（街道、开发区）", "区发改局"]


# --- Faults point at the cell.


def test_a_name_nobody_has_is_told_at_its_cell_and_nothing_is_written(commented: Path) -> None:
    before = files(commented)
    book = exported(commented).type("任务", "2", "配合单位", "区财政所").type("任务", "1", "时限要求", "年底前")
    ran = json_of(commented, book.sort("任务", "编号"))
    assert ran.code == 1
    assert codes(ran) == [("任务 › G6", "unit-near-miss")]
    assert ran.json["written"] == []
    assert files(commented) == before
    assert "Nothing was written" in applied(commented, book).err


@pytest.mark.parametrize(
    ("sheet", "key", "title", "typed", "code"),
    [
        ("任务", "2", "编号", "a b", "task-id-bad"),
        ("任务", "2", "编号", "1", "task-id-twice"),
        ("任务", "2", "工作任务", None, "value-empty"),
        ("单位", "昆仑镇", "单位名称", "财政局", "unit-name-twice"),
        ("单位", "昆仑镇", "曾用名", "区财政局", "unit-name-twice"),
        ("单位类别", "各单位", "按性质", "乡", "group-kind-unknown"),
        ("单位类别", "各单位", "由牵头单位明确", "是", "group-pending-with-members"),
        ("计划", "年份", "内容", "二〇二二", "value-not-year"),
        ("计划", "印发日期", "内容", "6月8日", "value-not-date"),
    ],
)
def test_what_the_files_may_not_say_is_told_at_its_cell(
    commented: Path, sheet: str, key: str, title: str, typed: str | None, code: str
) -> None:
    before = files(commented)
    book = exported(commented)
    place = f"{sheet} › {book.cell(sheet, key, title).coordinate}"
    ran = json_of(commented, book.type(sheet, key, title, typed))
    assert ran.code == 1
    assert (place, code) in codes(ran)
    assert files(commented) == before


@pytest.mark.parametrize(
    ("sheet", "key", "title", "typed", "code"),
    [
        ("任务", "2", "时限核定", "看情况", "plan-cell-unreadable"),
        ("单位类别", "各单位", "由牵头单位明确", "也许", "plan-cell-unreadable"),
        ("单位", "区财政局", "送达方式", "飞鸽", "plan-cell-unreadable"),
    ],
)
def test_a_cell_that_cannot_be_taken_costs_itself_only(
    commented: Path, sheet: str, key: str, title: str, typed: str, code: str
) -> None:
    book = exported(commented).type(sheet, key, title, typed).type("任务", "1", "时限要求", "年底前")
    ran = json_of(commented, book)
    assert (ran.code, codes(ran)) == (1, [(f"{sheet} › {book.cell(sheet, key, title).coordinate}", code)])
    assert task(commented, "1")["time_limit"] == "年底前"
    assert [change["where"].partition(" › ")[2] for change in ran.json["changes"]] == ["任务 › H5"]


@pytest.mark.parametrize(("text", "code"), [("长" * 100_000, "plan-cell-too-long"), ("_x0007_", "plan-cell-character")])
def test_a_text_that_no_file_may_hold_is_told_at_its_cell(commented: Path, text: str, code: str) -> None:
    book = exported(commented).type("任务", "2", "工作要求", "PLACEHOLDER").type("任务", "1", "时限要求", "年底前")
    path = book.save(commented / "back.xlsx")
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part.replace(b"PLACEHOLDER", text.encode()))
    ran = ledgergen("plan", "apply", path, "--json", at=commented)
    assert (ran.code, codes(ran)) == (1, [("任务 › D6", code)])
    assert [change["key"] for change in ran.json["changes"]] == ["1"]
    assert task(commented, "2")["requirement"] == "推送各项减税政策"


def test_a_formula_is_never_taken_and_a_text_like_one_stays_a_text(commented: Path) -> None:
    book = exported(commented).type("任务", "1", "工作要求", "=1+1")
    book.cell("任务", "2", "工作要求").value = "=A5&B5"
    book.cell("任务", "3", "编号").value = "=A5"
    ran = json_of(commented, book)
    assert codes(ran) == [("任务 › D6", "plan-cell-formula"), ("任务 › A7", "plan-cell-formula")]
    assert task(commented, "1")["requirement"] == "=1+1"
    assert task(commented, "2")["requirement"] == "推送各项减税政策"
    assert exported(commented).cell("任务", "1", "工作要求").data_type == "s"


def test_a_row_that_stands_twice_is_nobodys(commented: Path) -> None:
    book = exported(commented).type("任务", "2", "时限要求", "年底前")
    sheet = book.sheet("任务")
    sheet.append([cell.value for cell in sheet[book.row("任务", "2")]])
    ran = json_of(commented, book)
    assert codes(ran) == [("任务 › A6", "plan-row-twice")]
    assert task(commented, "2")["time_limit"] == "长期坚持"


def test_text_beside_the_tables_is_quoted(commented: Path) -> None:
    book = exported(commented)
    book.sheet("任务").cell(6, 30).value = "请核"
    book.workbook.create_sheet("草稿").append(["备忘"])
    ran = json_of(commented, book)
    assert codes(ran) == [("任务 › AD6", "plan-text-outside"), ("草稿", "plan-text-outside")]
    assert "AD6：请核" in ran.json["findings"][0]["message"]


def test_a_sheet_or_column_that_is_gone_costs_itself_only(commented: Path) -> None:
    book = (
        exported(commented)
        .type("单位", "昆仑镇", "单位性质", "街道")
        .type("单位类别", "各单位", "按性质", "部门、街道")
    )
    book.workbook.remove(book.sheet("任务"))
    sheet = book.sheet("单位")
    sheet.delete_cols(book.titles("单位")["简称和其他写法"])
    ran = json_of(commented, book)
    assert codes(ran) == [("", "plan-sheet-missing"), ("单位", "plan-column-missing")]
    assert unit(commented, "昆仑镇")["kind"] == "街道"
    assert unit(commented, "区财政局")["aliases"] == ["财政局"]
    assert len(said(commented, "plan.yaml")["tasks"]) == 3


def test_without_the_keys_rows_are_known_by_number_and_name(commented: Path) -> None:
    book = exported(commented).type("任务", "2", "时限要求", "年底前")
    for name in ("任务", "单位", "单位类别"):
        book.sheet(name).delete_cols(max(book.titles(name).values()))
    ran = json_of(commented, book)
    assert {code for _, code in codes(ran)} == {"plan-column-missing"}
    assert [(change["key"], change["field"]) for change in ran.json["changes"]] == [("2", "time_limit")]


# --- A law.

FIELDS = {
    "name": "工作任务", "requirement": "工作要求", "time_limit": "时限要求", "section": "章节", "measures": "工作举措",
    "lead": "牵头单位", "supporting": "配合单位",
}  # fmt: skip
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=8)
NAMES = st.lists(st.sampled_from(["区财政局", "财政局", "区发改局", "昆仑镇", "各单位"]), unique=True, max_size=3)


@st.composite
def typed_cells(draw: st.DrawFn) -> dict[tuple[str, str], object]:
    cells = draw(st.lists(st.tuples(st.sampled_from(["1", "2", "3"]), st.sampled_from(sorted(FIELDS))), max_size=5))
    typed: dict[tuple[str, str], object] = {}
    for key, name in cells:
        if name in ("lead", "supporting"):
            typed[key, name] = draw(NAMES if name == "supporting" else NAMES.filter(bool))
        elif name in ("section", "measures"):
            typed[key, name] = draw(st.lists(WORDS, max_size=3))
        else:
            typed[key, name] = draw(WORDS)
    return typed


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(typed=typed_cells(), seed=st.integers(0, 999))
def test_what_is_typed_is_what_the_file_says_and_the_next_export_shows(
    tmp_path_factory: pytest.TempPathFactory, typed: dict[tuple[str, str], object], seed: int
) -> None:
    campaign = make_folder(tmp_path_factory.mktemp("law"), COMMENTED)
    book = exported(campaign)
    for (key, name), value in typed.items():
        text = ("、" if name in ("lead", "supporting") else "\n").join(value) if isinstance(value, list) else value
        book.type("任务", key, FIELDS[name], text or None)
    sheet = book.sheet("任务")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    random.Random(seed).shuffle(rows)  # noqa: S311 - no secret
    book.lay("任务", rows)
    ran = applied(campaign, book)
    assert ran.code == 0, ran.err
    for (key, name), value in typed.items():
        assert task(campaign, key).get(name, [] if isinstance(value, list) else "") == value
    for note in (PLAN_NOTE, "# ── 第二部分 ──\n"):
        assert note in (campaign / "plan.yaml").read_text(encoding="utf-8")
    assert json.loads(json_of(campaign, exported(campaign)).out)["changes"] == []
    shutil.rmtree(campaign)
