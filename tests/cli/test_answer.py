"""Checks and answers through the commands: what came back is checked, kicked back, corrected, and receipted."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from builders import SMALL_CAMPAIGN, make_folder
from clerk import Ledger
from commands import Ran, ledgergen

UNIT, OTHER = "区财政局", "区发改局"
CARD = "370303199001011239"  # invented; its check digit agrees
ROUND = "2022Q2"
FAULTY = {
    ("1", "status"): "已完成",
    ("1", "progress"): f"公开信息12条，经办人身份证{CARD}",
    ("2", "status"): "推进中",
    ("2", "progress"): "已推送3批减税政策",
    ("2", "published_on"): "2012-07-01",
    ("2", "evidence"): "已公开",
}
CORRECTED = {
    ("1", "published_on"): "2022-06-30",
    ("1", "evidence"): "https://www.example.invalid/a.html",
    ("1", "progress"): "公开信息12条",
    ("2", "published_on"): "2022-07-01",
}


@pytest.fixture
def strict(tmp_path: Path) -> Path:
    """Make the small campaign with every check as the product has it, and issue its ledgers."""
    settings = re.sub("(?m)^checks:.*\n", "", SMALL_CAMPAIGN["ledgergen.yaml"])
    campaign = make_folder(tmp_path / "campaign", {**SMALL_CAMPAIGN, "ledgergen.yaml": settings})
    assert ledgergen("generate", at=campaign).code == 0
    return campaign


def ledger(campaign: Path, unit: str = UNIT) -> Ledger:
    (path,) = (campaign / "ledgers" / ROUND).glob(f"{unit}_*")
    return Ledger(path)


def returns(campaign: Path, book: Ledger, name: str, typed: dict[tuple[str, str], str], day: str = "2022-07-05") -> Ran:
    path = book.type(typed).save(campaign / "inbox" / name)
    return ledgergen("collect", path, "--received", day, "--json", at=campaign)


def set_checks(campaign: Path, text: str) -> None:
    path = campaign / "ledgergen.yaml"
    path.write_text(path.read_text(encoding="utf-8") + f"checks: {text}\n", encoding="utf-8")


def said(ran: Ran) -> set[tuple[str, str, str]]:
    """Give place, code and severity of all that is said of the one file."""
    (one,) = ran.json
    return {(each["where"].rpartition(" › ")[2], each["code"], each["severity"]) for each in one["findings"]}


def answers(campaign: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    ran = ledgergen("answer", "--json", *arguments, at=campaign)
    assert ran.code == 0, ran.err
    return {each["unit"]: each for each in ran.json["answers"]}


def kickback(campaign: Path, unit: str = UNIT) -> Ledger:
    return Ledger(campaign / answers(campaign, unit)[unit]["path"])


def listed(book: Ledger) -> list[tuple[str, ...]]:
    """Give the rows of the list: how grave, where it stood, where it stands, column."""
    rows = [tuple(str(cell or "") for cell in row) for row in book.workbook["退回补正说明"].iter_rows(values_only=True)]
    header = next(index for index, row in enumerate(rows) if row[0] == "序号")
    return [(row[1], row[2], row[3], row[5]) for row in rows[header + 1 :]]


def stands(campaign: Path, unit: str = UNIT) -> dict[tuple[str, str], tuple[str, str]]:
    """Give text and file of all that stands, by task and field."""
    rows = ledgergen("show", unit, "--json", at=campaign).json
    return {
        (row["task"], name): (value["text"], value["source"]["name"])
        for row in rows
        for name, value in row["fields"].items()
    }


def test_collecting_says_what_the_checks_find_at_its_place(strict: Path) -> None:
    ran = returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    assert ran.code == 1
    book = ledger(strict)
    at = {place: book.cell(*place).coordinate for place in FAULTY}
    assert said(ran) == {
        (at["1", "status"], "required-when", "warning"),
        (at["1", "progress"], "id-card-number", "error"),
        (at["2", "published_on"], "date-out-of-range", "warning"),
        (at["2", "evidence"], "evidence-unclear", "warning"),
    }
    assert CARD not in ran.out


def test_the_office_says_how_grave_a_check_is(strict: Path) -> None:
    set_checks(strict, "{required-when: note, id-card-number: off, date-out-of-range: note, evidence-unclear: error}")
    ran = returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    assert ran.code == 1
    assert {(code, severity) for _, code, severity in said(ran)} == {
        ("required-when", "note"),
        ("date-out-of-range", "note"),
        ("evidence-unclear", "error"),
    }
    one = answers(strict)[UNIT]
    assert (one["kind"], one["must"], one["may"]) == ("kickback", 1, 0)


def test_checks_that_are_off_or_notes_send_nothing_back(strict: Path) -> None:
    set_checks(strict, "{required-when: note, id-card-number: off, date-out-of-range: off, evidence-unclear: note}")
    assert returns(strict, ledger(strict), "甲.xlsx", FAULTY).code == 0
    one = answers(strict)[UNIT]
    assert (one["kind"], one["must"], one["may"]) == ("receipt", 0, 0)


def test_errors_come_first_in_the_list_of_faults_and_in_the_counts(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    assert ledgergen("status", "--json", at=strict).json["checks"] == {"error": 1, "warning": 4, "note": 1}
    assert "errors 1, warnings 4, notes 1" in ledgergen("status", at=strict).out
    assert ledgergen("merge", at=strict).code == 0
    sheet = openpyxl.load_workbook(strict / "reports" / f"台账落实情况_{ROUND}.xlsx")["填报差错清单"]
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert [row[0] for row in rows] == ["错误"] + ["警告"] * 4 + ["提示"]
    assert [row[7] for row in rows] == [
        "id-card-number",
        "required-when",
        "required-when",
        "date-out-of-range",
        "evidence-unclear",
        "not-filled",
    ]
    assert not any(CARD in cell for row in rows for cell in row)


def test_show_tells_what_the_checks_say_of_a_row(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    rows = {row["task"]: row for row in ledgergen("show", UNIT, "--json", at=strict).json}
    assert {each["code"] for each in rows["1"]["findings"]} == {"required-when", "id-card-number"}
    assert "findings" not in rows["3"]
    assert "evidence-unclear" in ledgergen("show", "2", at=strict).err


def test_a_value_that_no_longer_stands_is_not_spoken_of(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    ran = returns(strict, ledger(strict), "乙.xlsx", {**FAULTY, **CORRECTED, ("2", "evidence"): "a.pdf"}, "2022-07-06")
    assert {code for _, code, _ in said(ran)} & {"required-when", "id-card-number", "date-out-of-range"} == set()
    assert ledgergen("status", "--json", at=strict).json["checks"] == {"error": 0, "warning": 0, "note": 1}


def test_of_several_files_each_is_told_its_own(strict: Path) -> None:
    ledger(strict).type(FAULTY).save(strict / "inbox" / "甲.xlsx")
    ledger(strict, OTHER).type({("1", "status"): "不涉及", ("3", "status"): "未启动"}).save(
        strict / "inbox" / "乙.xlsx"
    )
    ran = ledgergen("collect", "--json", "--dry-run", at=strict)
    codes = {each["name"]: sorted(found["code"] for found in each["findings"]) for each in ran.json}
    assert codes["乙.xlsx"] == ["required-when"]
    assert "id-card-number" in codes["甲.xlsx"]


def test_a_kick_back_lists_the_faults_with_true_addresses(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    sent, book = ledger(strict), kickback(strict)
    assert listed(book) == [
        ("须补正", f"台账 {sent.cell(task, field).coordinate}", book.cell(task, field).coordinate, title)
        for task, field, title in (
            ("1", "published_on", "公开（完成）日期"),
            ("1", "evidence", "公开网址或佐证文件名"),
            ("1", "progress", "本期进展情况"),
            ("2", "published_on", "公开（完成）日期"),
        )
    ] + [
        (
            "请核对",
            f"台账 {sent.cell('2', 'evidence').coordinate}",
            book.cell("2", "evidence").coordinate,
            "公开网址或佐证文件名",
        )
    ]
    assert book.cell("1", "progress").value == FAULTY["1", "progress"]
    first = book.workbook.worksheets[0]
    assert first.title == "退回补正说明"
    assert not any(CARD in str(cell or "") for row in first.iter_rows(values_only=True) for cell in row)


def test_wrong_cells_are_coloured_and_right_ones_are_not(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    book = kickback(strict)
    fills = {place: book.cell(*place).fill.fgColor.rgb for place in FAULTY}
    assert fills["1", "progress"] == fills["2", "published_on"] == "FFF8CBAD"
    assert fills["2", "evidence"] == "FFFCE8DC"
    assert fills["1", "status"] == fills["2", "status"] == fills["2", "progress"] == "FFFFFEF5"
    rules = [
        rule
        for area in book.sheet.conditional_formatting
        for rule in area.rules
        if "已完成" in "".join(rule.formula) and str(area.sqref).split(":")[0].startswith("N")
    ]
    assert [rule.dxf.fill.bgColor.rgb for rule in rules] == ["FFF8CBAD"]


def test_the_corrected_kick_back_is_the_unit_s_own_correction(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    ran = returns(strict, kickback(strict), "改.xlsx", CORRECTED, "2022-07-08")
    assert (ran.json[0]["verdict"], ran.json[0]["returns"][0]["changed"]) == ("accepted", 4)
    codes = {code for _, code, _ in said(ran)}
    assert codes == {"value-corrected", "evidence-unclear"}
    now = stands(strict)
    assert now["1", "progress"] == (CORRECTED["1", "progress"], "改.xlsx")
    assert now["1", "status"] == ("已完成", "甲.xlsx")
    assert ledgergen("resolve", "--json", at=strict).json[0]["open"] is False
    assert answers(strict)[UNIT]["kind"] == "receipt"


def test_a_kick_back_that_comes_back_untouched_says_nothing(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    before = stands(strict)
    ran = returns(strict, kickback(strict), "改.xlsx", {}, "2022-07-08")
    assert ran.json[0]["returns"][0]["changed"] == 0
    assert "text-outside" not in {code for _, code, _ in said(ran)}
    assert stands(strict) == before


def test_what_is_written_beside_the_list_is_quoted(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    book = kickback(strict)
    book.workbook["退回补正说明"]["K6"] = "第2条不属实"
    ran = returns(strict, book, "改.xlsx", {}, "2022-07-08")
    (found,) = [each for each in ran.json[0]["findings"] if each["code"] == "text-outside"]
    assert "第2条不属实" in found["message"]
    assert "须补正" not in found["message"]


def test_a_prefilled_cell_that_is_blanked_is_taken_back(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    returns(strict, kickback(strict), "改.xlsx", {("1", "progress"): "", ("1", "status"): "推进中"}, "2022-07-08")
    now = stands(strict)
    assert ("1", "progress") not in now
    assert now["1", "status"][0] == "推进中"


def test_a_return_on_the_older_ledger_still_counts_before_the_kick_back_is_returned(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    kickback(strict)
    ran = returns(strict, ledger(strict), "乙.xlsx", {**FAULTY, ("3", "progress"): "已公布目录"}, "2022-07-08")
    assert ran.json[0]["verdict"] == "accepted"
    assert ("台账", "edition-earlier", "note") in said(ran)
    assert stands(strict)["3", "progress"] == ("已公布目录", "乙.xlsx")


def test_after_it_a_return_on_the_older_ledger_waits_for_the_office(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    returns(strict, kickback(strict), "改.xlsx", CORRECTED, "2022-07-08")
    ran = returns(strict, ledger(strict), "旧.xlsx", {**FAULTY, ("3", "progress"): "已公布"}, "2022-07-09")
    assert ran.json[0]["verdict"] == "review"
    assert {code for _, code, _ in said(ran)} >= {"edition-earlier", "return-outdated"}


def test_a_kick_back_of_the_round_before_makes_the_new_round_no_earlier_one(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    settings = strict / "ledgergen.yaml"
    line = "- {id: 2022Q3, name: 2022年第三季度, opens: 2022-09-20, due: 2022-10-10, not_due: ask}\n"
    settings.write_text(settings.read_text(encoding="utf-8") + line, encoding="utf-8")
    assert ledgergen("generate", "--round", "2022Q3", at=strict).code == 0
    assert ledgergen("answer", "--round", ROUND, at=strict).code in (0, 1)
    (path,) = (strict / "ledgers" / "2022Q3").glob(f"{UNIT}_*")
    ran = returns(strict, Ledger(path), "三季度.xlsx", {("3", "progress"): "已公布目录"}, "2022-10-08")
    assert not {code for _, code, _ in said(ran)} & {"round-earlier", "edition-earlier"}
    ran = returns(strict, ledger(strict), "二季度.xlsx", {("3", "progress"): "已公布目录"}, "2022-10-09")
    assert {code for _, code, _ in said(ran)} >= {"round-earlier", "edition-earlier"}


def test_what_a_kick_back_shows_does_not_stand_once_the_return_is_taken_back(strict: Path) -> None:
    before = stands(strict)
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    kickback(strict)
    assert ledgergen("withdraw", "甲.xlsx", at=strict).code == 0
    assert stands(strict) == before


def test_a_ledger_issued_anew_meanwhile_does_not_hold_the_kick_back_up(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    back = kickback(strict)
    plan = strict / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("公开收费目录清单", "公开收费目录"), encoding="utf-8")
    verbs = {each["unit"]: each["verb"] for each in ledgergen("generate", "--json", at=strict).json["ledgers"]}
    assert verbs[UNIT] == "changed"
    ran = returns(strict, back, "改.xlsx", CORRECTED, "2022-07-08")
    assert (ran.json[0]["verdict"], ran.json[0]["returns"][0]["changed"]) == ("accepted", 4)
    assert stands(strict)["1", "progress"] == (CORRECTED["1", "progress"], "改.xlsx")


def test_the_next_round_goes_on_from_what_was_corrected(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", {**FAULTY, ("1", "measure"): "印发通知"})
    returns(strict, kickback(strict), "改.xlsx", {**CORRECTED, ("1", "measure"): "印发方案"}, "2022-07-08")
    settings = strict / "ledgergen.yaml"
    line = "- {id: 2022Q3, name: 2022年第三季度, opens: 2022-09-20, due: 2022-10-10, not_due: ask}\n"
    settings.write_text(settings.read_text(encoding="utf-8") + line, encoding="utf-8")
    assert ledgergen("generate", "--round", "2022Q3", at=strict).code == 0
    (path,) = (strict / "ledgers" / "2022Q3").glob(f"{UNIT}_*")
    later = Ledger(path)
    assert later.cell("1", "measure").value == "印发方案"
    later.type({("1", "status"): "推进中", ("1", "progress"): CORRECTED["1", "progress"]})
    ran = returns(strict, later, "三季度.xlsx", {}, "2022-10-08")
    assert {code for _, code, _ in said(ran)} == {"state-backwards", "progress-repeated"}


def test_rows_stand_in_the_sender_s_order_with_measures_of_its_own(strict: Path) -> None:
    book = ledger(strict)
    body = book.header + 1
    rows = [[cell.value for cell in row] for row in book.sheet.iter_rows(min_row=body, max_row=body + 2)]
    for place, values in enumerate([rows[2], rows[0], rows[1], rows[1]]):
        for column, value in enumerate(values, start=1):
            book.sheet.cell(body + place, column).value = value
    measure, status = book.columns["measure"], book.columns["status"]
    for place, (text, state) in enumerate([("甲", "推进中"), ("乙", "已完成"), ("丙", "推进中"), ("丁", "推进中")]):
        book.sheet.cell(body + place, measure).value = text
        book.sheet.cell(body + place, status).value = state
    assert returns(strict, book, "甲.xlsx", {}).json[0]["returns"][0]["rows"]["new"] == 1
    back = kickback(strict)
    body = back.header + 1
    shown = [back.sheet.cell(body + place, back.columns["measure"]).value for place in range(4)]
    assert shown == ["甲", "乙", "丙", "丁"]
    assert [back.sheet.cell(body + place, back.columns["seq"]).value for place in range(4)] == [1, 2, 3, 4]
    codes = [str(back.sheet.cell(body + place, back.columns["code"]).value) for place in range(4)]
    assert re.fullmatch("[0-9A-Z]{6}-2-N[0-9A-Z]{4}-.", codes[3])
    ran = returns(strict, back, "改.xlsx", {("1", "status"): "推进中"}, "2022-07-08")
    assert ran.json[0]["returns"][0]["rows"] == {"matched": 4, "new": 0, "missing": 0, "doubtful": 0}
    assert len(ledgergen("show", UNIT, "--json", at=strict).json) == 4


def test_a_receipt_counts_what_show_shows(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", {("1", "status"): "推进中", ("1", "progress"): "公开信息12条"})
    one = answers(strict)[UNIT]
    rows = ledgergen("show", UNIT, "--json", at=strict).json
    blank = [row["task"] for row in rows if row["state"] == "未报送"]
    assert (one["kind"], one["tasks"], one["updated"], one["unfilled"]) == ("receipt", len(rows), 1, blank)
    data = (strict / one["path"]).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert "贵单位报送的2022年第二季度台账已收悉，共3项，更新1项，尚有2项未填报（总表序号：2、3）" in text
    assert "收到的文件：甲.xlsx（2022年7月5日）" in text
    assert text.count("\r\n") == text.count("\n")


def test_a_receipt_names_what_the_unit_should_look_at(strict: Path) -> None:
    typed = {
        (task, field): text for task in ("1", "2", "3") for field, text in (("status", "推进中"), ("evidence", "有"))
    }
    returns(strict, ledger(strict), "甲.xlsx", typed)
    text = (strict / answers(strict)[UNIT]["path"]).read_text(encoding="utf-8-sig")
    assert "已全部填报" in text
    assert "以下3处请核对" in text
    assert f"台账 {ledger(strict).cell('1', 'evidence').coordinate} 1 重要部署" in text


def test_a_dry_run_prints_the_very_lines_and_a_second_run_changes_nothing(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    dry = ledgergen("answer", "--dry-run", at=strict)
    assert not (strict / "reports").exists()
    first = ledgergen("answer", at=strict)
    assert first.out == dry.out
    path = next((strict / "reports").rglob("*.xlsx"))
    data, events = path.read_bytes(), ledgergen("log", "--json", at=strict).json
    assert {each["verb"] for each in answers(strict).values()} == {"same"}
    assert (path.read_bytes(), ledgergen("log", "--json", at=strict).json) == (data, events)
    assert {each["verb"] for each in ledgergen("generate", "--json", at=strict).json["ledgers"]} == {"same"}
    assert ledgergen("verify", at=strict).code == 0


def test_an_answer_that_somebody_has_edited_is_kept(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", {("1", "status"): "推进中"})
    path = strict / answers(strict)[UNIT]["path"]
    path.write_text("我改过的回执", encoding="utf-8")
    ran = ledgergen("answer", "--json", at=strict)
    assert [each["code"] for each in ran.json["findings"]] == ["file-kept"]
    assert path.read_text(encoding="utf-8") == "我改过的回执"
    assert (strict / ran.json["answers"][0]["path"]).is_file()


def test_undoing_an_answer_lets_it_be_made_again(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    ledgergen("answer", at=strict)
    assert ledgergen("undo", at=strict).code == 0
    before = len(ledgergen("log", "--json", at=strict).json)
    assert answers(strict)[UNIT]["verb"] == "same"
    kinds = [each["kind"] for each in ledgergen("log", "--json", at=strict).json]
    assert kinds[before:] == ["answered"]


def test_units_without_a_return_get_no_answer(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", FAULTY)
    assert list(answers(strict)) == [UNIT]
    ran = ledgergen("answer", OTHER, "--json", at=strict)
    assert (ran.json["answers"], [each["code"] for each in ran.json["findings"]]) == ([], ["answer-nothing"])
    assert ledgergen("answer", "无此单位", at=strict).code == 2


def test_the_campaign_s_own_letter_is_taken(strict: Path) -> None:
    returns(strict, ledger(strict), "甲.xlsx", {("1", "status"): "推进中"})
    make_folder(strict, {"templates/answers/receipt.txt.j2": "{{ unit }}好！更新{{ updated }}项。"})
    assert (strict / answers(strict)[UNIT]["path"]).read_text(encoding="utf-8-sig").strip() == "区财政局好！更新1项。"
    make_folder(strict, {"templates/answers/receipt.txt.j2": "{{ unheard }}"})
    ran = ledgergen("answer", "--json", at=strict)
    assert (ran.code, ran.json["findings"][0]["code"]) == (2, "pattern-faulty")


def test_a_faulty_severity_is_named_with_its_place(strict: Path) -> None:
    set_checks(strict, "{required-wen: off}")
    ran = ledgergen("check", "--json", at=strict)
    (found,) = ran.json["findings"]
    assert (found["code"], "required-when" in found["remedy"] + found["message"]) == ("key-near-miss", True)


def strings(data: bytes) -> set[str]:
    """Give every text of every part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        whole = "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return {text for text in re.split('[<>"\n]', whole) if text.strip()}


def test_nothing_of_another_unit_is_in_an_answer(strict: Path) -> None:
    secrets = {}
    for unit in (UNIT, OTHER, "昆仑镇"):
        book = ledger(strict, unit)
        typed = {}
        for task in book.rows():
            for column in book.layout.inputs:
                if column.choices:
                    typed[task, column.id] = "已完成"
                elif column.id not in ("published_on", "formed_on"):
                    typed[task, column.id] = f"密{unit}{task}{column.id}"
        head = {item: f"密{unit}{item}" for item in ("filled_by", "phone", "reviewer", "default_leader")}
        secrets[unit] = f"密{unit}"
        book.type(typed, head).save(strict / "inbox" / f"{unit}.xlsx")
    ledgergen("collect", at=strict)
    made = answers(strict)
    assert {each["kind"] for each in made.values()} == {"kickback"}
    for unit, each in made.items():
        texts = strings((strict / each["path"]).read_bytes())
        assert any(secrets[unit] in text for text in texts)
        others = [name for name in secrets if name != unit]
        assert not [text for text in texts for other in others if secrets[other] in text or other in text]
