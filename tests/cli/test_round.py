"""The whole round on a small campaign, through the commands that a user types."""

import json
import os
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from builders import SMALL_CAMPAIGN, make_folder
from clerk import Ledger, edit, zichuan
from commands import ledgergen

FINANCE, PLANNING, TOWN = (
    f"{unit}_2022年第二季度_政务公开工作任务台账.xlsx" for unit in ("区财政局", "区发改局", "昆仑镇")
)


def ledger(campaign: Path, name: str = FINANCE) -> Path:
    return campaign / "ledgers" / "2022Q2" / name


def events(campaign: Path) -> list[str]:
    return sorted(path.name for path in (campaign / ".ledgergen" / "journal").glob("*.json"))


def entries(campaign: Path) -> dict[tuple[str, str], dict[str, dict[str, object]]]:
    ran = ledgergen("show", "--entries", "--json", at=campaign)
    assert ran.code == 0, ran.err
    return {(row["unit"], row["task"]): row["fields"] for row in ran.json if row["code"]}


def test_check_counts_and_finds_nothing(campaign: Path) -> None:
    ran = ledgergen("check", "--json", at=campaign)
    assert ran.json == {"tasks": 3, "units": 3, "assignments": 6, "ledgers": 3, "findings": []}


def test_every_assignment_is_in_exactly_one_ledger(issued_campaign: Path) -> None:
    pairs = []
    for name, unit in ((FINANCE, "区财政局"), (PLANNING, "区发改局"), (TOWN, "昆仑镇")):
        pairs += [(task, unit) for task in Ledger(ledger(issued_campaign, name)).rows()]
    expected = [
        ("1", "区财政局"),
        ("2", "区财政局"),
        ("3", "区财政局"),
        ("1", "区发改局"),
        ("3", "区发改局"),
        ("3", "昆仑镇"),
    ]
    assert sorted(pairs) == sorted(expected)


def test_generate_says_what_it_asks_and_a_second_run_adds_nothing(campaign: Path) -> None:
    first = ledgergen("generate", "--json", at=campaign)
    assert [each["verb"] for each in first.json["ledgers"]] == ["new"] * 3
    assert all(each["cells"] > each["rows"] for each in first.json["ledgers"])
    before = events(campaign)
    second = ledgergen("generate", "--json", at=campaign)
    assert [each["verb"] for each in second.json["ledgers"]] == ["same"] * 3
    assert events(campaign) == before


def test_a_dry_run_prints_the_very_lines_and_writes_nothing(campaign: Path) -> None:
    dry = ledgergen("generate", "--dry-run", at=campaign)
    assert not (campaign / ".ledgergen").exists()
    assert not (campaign / "ledgers").exists()
    assert ledgergen("generate", at=campaign).out == dry.out


def test_an_edited_ledger_is_kept_and_the_new_one_gets_a_new_name(issued_campaign: Path) -> None:
    path = edit(ledger(issued_campaign), ledger(issued_campaign), put_note)
    mine = path.read_bytes()
    ran = ledgergen("generate", "--json", at=issued_campaign)
    verbs = {each["unit"]: each for each in ran.json["ledgers"]}
    assert verbs["区财政局"]["verb"] == "kept"
    assert (issued_campaign / verbs["区财政局"]["path"]).is_file()
    assert path.read_bytes() == mine
    assert [each["code"] for each in ran.json["findings"]] == ["file-kept"]


def put_note(made: Ledger) -> None:
    made.type({("1", "note"): "我的批注"})


def test_a_changed_plan_issues_a_new_edition(issued_campaign: Path) -> None:
    plan = issued_campaign / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("推送各项减税政策", "推送减税降费政策"), encoding="utf-8")
    ran = ledgergen("generate", "--json", at=issued_campaign)
    verbs = {each["unit"]: each["verb"] for each in ran.json["ledgers"]}
    # a plan version stands in the marks of every ledger, so each of them is a new edition
    assert verbs["区财政局"] == "changed"


def test_an_unedited_return_changes_nothing_and_says_only_that(issued_campaign: Path) -> None:
    before = entries(issued_campaign)
    edit(ledger(issued_campaign), issued_campaign / "inbox" / "退.xlsx", lambda _: None)
    ran = ledgergen("collect", "--json", at=issued_campaign)
    assert ran.code == 0
    (one,) = ran.json
    assert [each["code"] for each in one["findings"]] == ["nothing-filled"]
    assert one["returns"] == [
        {
            "unit": "区财政局",
            "round": "2022Q2",
            "rows": {"matched": 3, "new": 0, "missing": 0, "doubtful": 0},
            "changed": 0,
        }
    ]
    assert entries(issued_campaign) == before


TYPED = {
    ("1", "status"): "办结",
    ("1", "progress"): "=SUM(A1)\n第二行  尾部有空格 ",
    ("1", "published_on"): "６月３０日",
    ("1", "evidence"): "https://www.example.invalid/a?b=1&c=<d>",
    ("2", "status"): "√",
    ("2", "measure"): "-印发通知",
    ("2", "leader"): "@李某",
    ("3", "status"): "基本完成",
    ("3", "unit_limit"): "+4月底",
}
HEAD = {"filled_by": "王某", "phone": "0000-0000002", "reviewer": "=1", "default_leader": "赵某"}


@pytest.fixture
def filled_campaign(issued_campaign: Path) -> Path:
    Ledger(ledger(issued_campaign)).type(TYPED, HEAD).save(issued_campaign / "inbox" / "财政（最终）.xlsx")
    ran = ledgergen("collect", at=issued_campaign)
    assert ran.code == 0, ran.err
    return issued_campaign


def test_what_was_typed_comes_out_character_for_character_with_its_place(filled_campaign: Path) -> None:
    found = entries(filled_campaign)
    book = Ledger(ledger(filled_campaign))
    for (task, column), text in TYPED.items():
        field = found["区财政局", task][column]
        assert field["text"] == text
        source = field["source"]
        assert isinstance(source, dict)
        assert (source["name"], source["sheet"]) == ("财政（最终）.xlsx", "台账")
        assert source["cell"] == book.cell(task, column).coordinate
    for item, text in HEAD.items():
        assert found["区财政局", "1"][item]["text"] == text
        assert found["区财政局", "1"][item]["source"]["cell"] == book.head_cell(item).coordinate  # type: ignore[index]
    assert found["区财政局", "1"]["leader"]["text"] == "赵某"
    assert found["区财政局", "1"]["status"]["value"] == "已完成"
    assert found["区财政局", "1"]["published_on"]["value"] == "2022-06-30"
    assert found["区财政局", "3"]["status"]["value"] is None


def test_collecting_twice_adds_no_event(filled_campaign: Path) -> None:
    before = events(filled_campaign)
    again = ledgergen("collect", "--json", at=filled_campaign)
    assert [each["verdict"] for each in again.json] == ["duplicate"]
    assert events(filled_campaign) == before


def test_the_same_bytes_under_another_name_are_one_return_and_two_receipts(filled_campaign: Path) -> None:
    (filled_campaign / "inbox" / "财政（最终） (1).xlsx").write_bytes(
        (filled_campaign / "inbox" / "财政（最终）.xlsx").read_bytes()
    )
    before, state = events(filled_campaign), entries(filled_campaign)
    ledgergen("collect", at=filled_campaign)
    assert len(events(filled_campaign)) == len(before) + 1
    ledgergen("collect", at=filled_campaign)
    assert len(events(filled_campaign)) == len(before) + 1
    assert entries(filled_campaign) == state


def test_status_counts_tasks_first_then_assignments(filled_campaign: Path) -> None:
    found = ledgergen("status", "--json", at=filled_campaign).json
    assert found["assignments"] == {"total": 6, "by_state": {"已完成": 2, "未报送": 4}}
    assert {each["task"]: each["state"] for each in found["by_task"]} == {"1": "推进中", "2": "已完成", "3": "未报送"}
    assert found["without_return"] == ["区发改局", "昆仑镇"]
    assert "区财政局" in ledgergen("status", at=filled_campaign).out


def test_formulas_stay_text_in_the_status_workbook(filled_campaign: Path) -> None:
    ran = ledgergen("merge", "--json", at=filled_campaign)
    assert ran.code == 0, ran.err
    path = filled_campaign / ran.json["files"][0]["path"]
    sheet = load_workbook(path)["汇总台账"]
    typed = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    for text in ("=SUM(A1)\n第二行  尾部有空格 ", "-印发通知", "@李某", "+4月底"):
        assert typed[text] == "s"
    assert "f" not in typed.values()


def test_merging_twice_adds_no_event_and_keeps_an_edited_workbook(filled_campaign: Path) -> None:
    first = ledgergen("merge", "--json", at=filled_campaign).json["files"][0]
    assert first["verb"] == "new"
    before = events(filled_campaign)
    assert ledgergen("merge", "--json", at=filled_campaign).json["files"][0]["verb"] == "same"
    assert events(filled_campaign) == before
    path = filled_campaign / first["path"]
    book = load_workbook(path)
    book.worksheets[0]["Z99"] = "领导批示"
    book.save(path)
    mine = path.read_bytes()
    kept = ledgergen("merge", "--json", at=filled_campaign).json
    assert kept["files"][0]["verb"] == "kept"
    assert [each["code"] for each in kept["findings"]] == ["file-kept"]
    assert path.read_bytes() == mine


def test_undo_takes_a_collection_back_and_undoing_that_brings_it_again(filled_campaign: Path) -> None:
    full = entries(filled_campaign)
    assert ledgergen("undo", at=filled_campaign).code == 0
    assert entries(filled_campaign) != full
    assert all(not fields for fields in entries(filled_campaign).values())
    last = len(events(filled_campaign))
    assert ledgergen("undo", str(last), at=filled_campaign).code == 0
    assert entries(filled_campaign) == full
    log = ledgergen("log", "--json", at=filled_campaign).json
    assert [each["kind"] for each in log] == ["issued", "collected", "cancel", "cancel"]
    assert [each["cancelled"] for each in log] == [False, False, True, False]


def test_after_an_undo_the_file_is_collected_anew(filled_campaign: Path) -> None:
    full = entries(filled_campaign)
    ledgergen("undo", at=filled_campaign)
    assert ledgergen("collect", "--json", at=filled_campaign).json[0]["verdict"] == "accepted"
    assert entries(filled_campaign) == full


def test_the_index_may_be_lost_at_any_time(
    filled_campaign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ledgergen("log", "--json", at=filled_campaign).out
    monkeypatch.setenv("LEDGERGEN_CACHE", str(tmp_path / "other"))
    assert ledgergen("rebuild", at=filled_campaign).code == 0
    assert ledgergen("log", "--json", at=filled_campaign).out == before


def test_verify_finds_an_altered_original(filled_campaign: Path) -> None:
    assert ledgergen("verify", at=filled_campaign).code == 0
    victim = next(path for path in (filled_campaign / ".ledgergen" / "originals").rglob("*") if path.is_file())
    victim.write_bytes(b"x")
    ran = ledgergen("verify", "--json", at=filled_campaign)
    assert ran.code == 1
    assert ran.json["findings"][0]["code"] == "original-damaged"


def broken_zip(campaign: Path) -> bytes:
    return ledger(campaign).read_bytes()[:3000]


def another_campaign(campaign: Path) -> bytes:
    other = {**SMALL_CAMPAIGN, "ledgergen.yaml": SMALL_CAMPAIGN["ledgergen.yaml"].replace("id: small", "id: other")}
    make_folder(campaign.parent / "other", other)
    ledgergen("generate", at=campaign.parent / "other")
    return ledger(campaign.parent / "other").read_bytes()


def without_codes(campaign: Path) -> bytes:
    made = Ledger(ledger(campaign))
    made.sheet.delete_cols(made.columns["code"], 2)
    return made.save(campaign.parent / "x.xlsx").read_bytes()


def other_workbook(campaign: Path) -> bytes:
    book = Workbook()
    book.worksheets[0].append(["通讯录", "张某"])
    path = campaign.parent / "y.xlsx"
    book.save(path)
    return path.read_bytes()


BAD = {
    "断.xlsx": (broken_zip, "file-damaged"),
    "空.xlsx": (lambda _: b"", "file-empty"),
    "图.xlsx": (lambda _: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(500), "file-not-a-workbook"),
    "别的.xlsx": (another_campaign, "another-campaign"),
    "无码.xlsx": (without_codes, "codes-missing"),
    "通讯录.xlsx": (other_workbook, "unrecognised"),
}


def test_each_bad_file_is_its_own_finding_and_all_others_go_through(issued_campaign: Path) -> None:
    inbox = issued_campaign / "inbox"
    inbox.mkdir(exist_ok=True)
    for name, (make, _) in BAD.items():
        (inbox / name).write_bytes(make(issued_campaign))
    Ledger(ledger(issued_campaign, PLANNING)).type({("1", "status"): "已完成"}).save(inbox / "正常.xlsx")
    ran = ledgergen("collect", "--json", at=issued_campaign)
    assert ran.code == 1
    codes = {each["name"]: [found["code"] for found in each["findings"]] for each in ran.json}
    for name, (_, code) in BAD.items():
        assert code in codes[name], (name, codes[name])
    assert codes["正常.xlsx"] == []
    assert entries(issued_campaign)["区发改局", "1"]["status"]["value"] == "已完成"


@pytest.mark.parametrize("name", BAD)
def test_each_bad_file_alone_makes_the_exit_code_one(issued_campaign: Path, name: str) -> None:
    path = issued_campaign.parent / name
    path.write_bytes(BAD[name][0](issued_campaign))
    ran = ledgergen("collect", path, at=issued_campaign)
    assert ran.code == 1
    assert name in ran.err


def test_a_rejected_file_is_said_again_but_not_journalled_again(issued_campaign: Path) -> None:
    path = issued_campaign.parent / "空.xlsx"
    path.write_bytes(b"")
    assert ledgergen("collect", path, at=issued_campaign).code == 1
    before = events(issued_campaign)
    assert ledgergen("collect", path, at=issued_campaign).code == 1
    assert events(issued_campaign) == before


def sort_rows(made: Ledger) -> None:
    body = [[cell.value for cell in row] for row in made.sheet.iter_rows(min_row=made.header + 1)]
    for row, values in enumerate(sorted(body, key=str, reverse=True), start=made.header + 1):
        for column, value in enumerate(values, start=1):
            made.sheet.cell(row, column).value = value


def move_columns(made: Ledger) -> None:
    for row in range(made.header, made.sheet.max_row + 1):
        for one, other in (("code", "task"), ("status", "measure")):
            first, second = (made.sheet.cell(row, made.columns[each]) for each in (one, other))
            first.value, second.value = second.value, first.value


def rename(made: Ledger) -> None:
    made.sheet.title = "Sheet 1 (2)"


def insert_rows(made: Ledger) -> None:
    made.sheet.insert_rows(made.header + 1, 2)
    made.sheet.insert_rows(made.header + 4)


@pytest.mark.parametrize("change", [sort_rows, move_columns, rename, insert_rows])
def test_every_row_is_found_again(issued_campaign: Path, change: object) -> None:
    made = Ledger(ledger(issued_campaign)).type({("2", "status"): "办结", ("3", "progress"): "查甲"})
    assert callable(change)
    change(made)
    made.save(issued_campaign / "inbox" / "x.xlsx")
    ran = ledgergen("collect", "--json", at=issued_campaign)
    assert ran.json[0]["returns"][0]["rows"] == {"matched": 3, "new": 0, "missing": 0, "doubtful": 0}, ran.json
    found = entries(issued_campaign)
    assert found["区财政局", "2"]["status"]["text"] == "办结"
    assert found["区财政局", "3"]["progress"]["text"] == "查甲"


def test_an_inserted_measure_comes_out_as_a_row_of_its_task(issued_campaign: Path) -> None:
    made = Ledger(ledger(issued_campaign)).type({("2", "measure"): "第一条"})
    row = made.sheet.max_row + 1
    for column in ("task", "requirement", "code"):
        made.sheet.cell(row, made.columns[column]).value = made.cell("2", column).value
    made.sheet.cell(row, made.columns["measure"]).value = "第二条"
    made.save(issued_campaign / "inbox" / "x.xlsx")
    ran = ledgergen("collect", "--json", at=issued_campaign)
    assert ran.json[0]["returns"][0]["rows"]["new"] == 1
    rows = [
        row for row in ledgergen("show", "--json", "--unit", "财政局", at=issued_campaign).json if row["task"] == "2"
    ]
    assert [row["fields"]["measure"]["text"] for row in rows] == ["第一条", "第二条"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["collect"], 3, "nothing-issued"),
        (["status"], 3, "nothing-issued"),
        (["generate", "--round", "2030Q1"], 3, "round-unknown"),
        (["undo"], 2, "nothing-to-undo"),
        (["undo", "7"], 2, "event-unknown"),
    ],
)
def test_wrong_use_says_what_to_do(campaign: Path, arguments: list[str], code: int, said: str) -> None:
    (campaign / "inbox").mkdir()
    ran = ledgergen(*arguments, at=campaign)
    assert ran.code == code
    assert said in ran.err


def test_the_offices_own_report_is_no_return(filled_campaign: Path) -> None:
    report = filled_campaign / ledgergen("merge", "--json", at=filled_campaign).json["files"][0]["path"]
    ran = ledgergen("collect", report, "--json", at=filled_campaign)
    assert ran.code == 1
    assert (ran.json[0]["verdict"], ran.json[0]["findings"][0]["code"]) == ("rejected", "own-report")


def next_round(campaign: Path) -> None:
    settings = campaign / "ledgergen.yaml"
    line = "- {id: 2022Q3, name: 2022年第三季度, opens: 2022-09-20, due: 2022-10-10, not_due: ask}\n"
    settings.write_text(settings.read_text(encoding="utf-8") + line, encoding="utf-8")
    assert ledgergen("generate", "--round", "2022Q3", at=campaign).code == 0


def rename_finance(campaign: Path) -> None:
    units = campaign / "units.yaml"
    renamed = "{name: 区财政金融局, former_names: [区财政局],"
    units.write_text(units.read_text(encoding="utf-8").replace("{name: 区财政局,", renamed), encoding="utf-8")


def test_a_later_round_is_prefilled_under_a_new_name_too(filled_campaign: Path) -> None:
    rename_finance(filled_campaign)
    next_round(filled_campaign)
    (path,) = (filled_campaign / "ledgers" / "2022Q3").glob("区财政金融局*")
    made = Ledger(path)
    assert made.cell("2", "measure").value == TYPED["2", "measure"]
    assert made.cell("2", "leader").value == TYPED["2", "leader"]
    assert made.cell("2", "status").value is None


def test_a_renamed_unit_keeps_its_ledger_and_returns(filled_campaign: Path) -> None:
    rename_finance(filled_campaign)
    assert ledgergen("generate", at=filled_campaign).code == 0
    found = ledgergen("status", "--json", at=filled_campaign).json
    assert [each["unit"] for each in found["units"]] == ["区财政金融局", "区发改局", "昆仑镇"]
    assert found["units"][0]["returned"]


def test_the_tick_confirms_what_stood_in_the_round_before(filled_campaign: Path) -> None:
    next_round(filled_campaign)
    (path,) = (filled_campaign / "ledgers" / "2022Q3").glob("区财政局*")
    Ledger(path).type({}, {"no_change": "是"}).save(filled_campaign / "inbox" / "无变化.xlsx")
    assert ledgergen("status", "--json", at=filled_campaign).json["units"][0]["by_state"] == {"未报送": 3}
    assert ledgergen("collect", at=filled_campaign).code == 0
    found = ledgergen("status", "--json", at=filled_campaign).json["units"][0]
    assert found["by_state"] == {"已完成": 2, "未报送": 1}
    shown = entries(filled_campaign)["区财政局", "1"]["status"]
    assert (shown["text"], shown["source"]["name"]) == ("办结", "财政（最终）.xlsx")  # type: ignore[index]


def test_a_changed_id_is_an_error_once_ledgers_are_out(issued_campaign: Path) -> None:
    settings = issued_campaign / "ledgergen.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("id: small", "id: other"), encoding="utf-8")
    for command in ("check", "generate"):
        ran = ledgergen(command, "--json", at=issued_campaign)
        assert ran.code == 1
        assert "campaign-id-changed" in [each["code"] for each in ran.json["findings"]]


def test_a_day_still_to_come_is_said(issued_campaign: Path) -> None:
    (issued_campaign / "inbox").mkdir()
    ran = ledgergen("collect", "--received", "2999-01-01", at=issued_campaign)
    assert ran.code == 0
    assert "received-in-future" in ran.err


def test_a_folder_that_cannot_be_read_is_said(issued_campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = issued_campaign / "inbox" / "区发改局报来"
    locked.mkdir(parents=True)
    Ledger(ledger(issued_campaign)).type({("1", "status"): "办结"}).save(issued_campaign / "inbox" / "财政.xlsx")
    real = os.scandir

    def refusing(path: str) -> object:
        if Path(path) == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    ran = ledgergen("collect", "--json", at=issued_campaign)
    assert ran.code == 1
    assert {each["name"]: each["verdict"] for each in ran.json} == {"区发改局报来": "rejected", "财政.xlsx": "accepted"}


def test_an_empty_inbox_is_said_and_no_fault(issued_campaign: Path) -> None:
    ran = ledgergen("collect", at=issued_campaign)
    assert ran.code == 0
    assert "nothing-to-collect" in ran.err


def test_outside_a_campaign(tmp_path: Path) -> None:
    ran = ledgergen("check", at=tmp_path)
    assert ran.code == 3
    assert "not-a-campaign" in ran.err


def test_faults_of_the_plan_stop_generating_with_exit_one(campaign: Path) -> None:
    plan = campaign / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("[区财政局, 区发改局]", "[区财政厅]"), encoding="utf-8")
    ran = ledgergen("generate", at=campaign)
    assert ran.code == 1
    assert "plan.yaml:3:" in ran.err
    assert not (campaign / ".ledgergen").exists() or not events(campaign)


def test_a_unit_that_vanished_is_a_finding(issued_campaign: Path) -> None:
    units = issued_campaign / "units.yaml"
    units.write_text(units.read_text(encoding="utf-8").replace("{name: 昆仑镇", "{name: 昆仑街道"), encoding="utf-8")
    assert "unit-vanished" in [
        each["code"] for each in ledgergen("check", "--json", at=issued_campaign).json["findings"]
    ]
    renamed = "{name: 昆仑街道, former_names: [昆仑镇]"
    units.write_text(units.read_text(encoding="utf-8").replace("{name: 昆仑街道", renamed), encoding="utf-8")
    assert ledgergen("check", "--json", at=issued_campaign).json["findings"] == []


def test_new_from_the_starter_checks_clean(tmp_path: Path) -> None:
    assert ledgergen("new", "fresh", at=tmp_path).code == 0
    ran = ledgergen("check", "--json", at=tmp_path / "fresh")
    assert ran.json["findings"] == []
    assert ledgergen("new", "fresh", at=tmp_path).code == 3
    first = (tmp_path / "fresh" / "plan.yaml").read_text(encoding="utf-8").splitlines()[0]
    schema = tmp_path / "fresh" / first.partition("$schema=")[2]
    assert json.loads(schema.read_text(encoding="utf-8"))["title"]


def test_the_layout_of_the_tests_is_the_products() -> None:
    assert zichuan().id == "zichuan"
