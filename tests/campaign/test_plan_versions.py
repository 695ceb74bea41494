"""Three versions of plan and units: as exported, as the files are now, as the workbook came back. And undoing."""

from pathlib import Path

from builders import make_folder
from commands import ledgergen
from plan_clerk import (
    COMMENTED,
    PlanBook,
    applied,
    codes,
    commented,
    exported,
    files,
    json_of,
    said,
    task,
)

__all__ = ["commented"]

# --- Three versions.


def test_what_both_changed_differently_is_a_conflict_at_cell_and_line(commented: Path) -> None:
    book = exported(commented).type("任务", "2", "时限要求", "年底前").type("任务", "3", "时限要求", "6月底前")
    path = commented / "plan.yaml"
    text = path.read_text(encoding="utf-8").replace("长期坚持", "9月底前").replace("公开收费目录清单", "公开收费清单")
    path.write_text(text, encoding="utf-8")
    ran = json_of(commented, book)
    assert ran.code == 1
    assert codes(ran) == [("任务 › H6", "plan-cell-conflict"), ("", "plan-book-older")]
    assert "plan.yaml, line 6" in ran.json["findings"][0]["message"]
    assert task(commented, "2")["time_limit"] == "9月底前"
    assert (task(commented, "3")["time_limit"], task(commented, "3")["requirement"]) == ("6月底前", "公开收费清单")


def test_an_older_export_leaves_alone_what_changed_only_in_the_files(commented: Path) -> None:
    book = exported(commented).type("任务", "1", "时限要求", "年底前")
    newer = (
        exported(commented)
        .type("任务", "2", "时限要求", "9月底前")
        .append("任务", 编号="9", 工作任务="新", 责任单位="财政局")
    )
    assert applied(commented, newer, name="newer.xlsx").code == 0
    assert applied(commented, book, "--delete").code == 0
    assert [task(commented, each).get("time_limit") for each in ("1", "2", "3", "9")] == [
        "年底前",
        "9月底前",
        "年底前",
        None,
    ]


def test_a_row_that_both_have_added_is_compared(commented: Path) -> None:
    book = exported(commented).append("任务", 编号="4", 工作任务="新任务", 责任单位="财政局")
    path = commented / "plan.yaml"
    path.write_text(
        path.read_text(encoding="utf-8") + '- {id: "4", name: 别的, responsible: [财政局]}\n', encoding="utf-8"
    )
    ran = json_of(commented, book)
    assert codes(ran) == [("任务 › C8", "plan-cell-conflict"), ("", "plan-book-older")]


def test_a_row_deleted_here_and_changed_there_stays(commented: Path) -> None:
    book = exported(commented).delete("任务", "2").type("任务", "3", "时限要求", "6月底前")
    path = commented / "plan.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("长期坚持", "9月底前"), encoding="utf-8")
    ran = json_of(commented, book, "--delete")
    assert ("任务", "plan-row-deleted-changed") in codes(ran)
    assert len(said(commented, "plan.yaml")["tasks"]) == 3


def test_a_row_deleted_there_and_changed_here_is_named(commented: Path) -> None:
    book = exported(commented).type("任务", "2", "时限要求", "6月底前")
    assert applied(commented, exported(commented).delete("任务", "2"), "--delete", name="other.xlsx").code == 0
    ran = json_of(commented, book)
    assert codes(ran) == [("任务 › A6", "plan-row-gone"), ("", "plan-book-older")]
    book.cell("任务", "2", "原编号").value = None
    assert applied(commented, book).out == "task 2: added  减税降费\n"


def test_a_workbook_of_another_campaign_is_refused(commented: Path, tmp_path: Path) -> None:
    other = make_folder(
        tmp_path / "other", {**COMMENTED, "ledgergen.yaml": COMMENTED["ledgergen.yaml"].replace("small", "b")}
    )
    book = exported(other).type("任务", "2", "时限要求", "6月底前")
    exported(commented)
    ran = json_of(commented, book)
    assert (ran.code, codes(ran)) == (1, [("", "plan-book-unknown")])
    (commented / "x.xlsx").write_bytes((commented / "plan.yaml").read_bytes())
    assert ledgergen("plan", "apply", commented / "x.xlsx", "--json", at=commented).code == 1


def test_a_ledger_is_no_workbook_of_the_plan_and_the_other_way_round(issued_campaign: Path) -> None:
    ledger = next((issued_campaign / "ledgers" / "2022Q2").iterdir())
    ran = ledgergen("plan", "apply", ledger, "--json", at=issued_campaign)
    assert (ran.code, codes(ran)) == (1, [("", "plan-book-unrecognised")])
    exported(issued_campaign)
    ran = ledgergen("collect", issued_campaign / "plan.xlsx", "--json", at=issued_campaign)
    assert ran.json[0]["findings"][0]["code"] == "own-report"


def test_the_number_of_a_task_that_is_in_ledgers_stays(issued_campaign: Path) -> None:
    book = exported(issued_campaign).type("任务", "2", "编号", "7")
    ran = json_of(issued_campaign, book)
    assert codes(ran) == [("任务 › A6", "plan-task-id-issued")]
    assert task(issued_campaign, "2")["name"] == "减税降费"


def test_before_the_first_ledger_a_number_may_change(commented: Path) -> None:
    book = exported(commented).type("任务", "2", "编号", "7")
    assert applied(commented, book).out == "task 2 id: 2 → 7\n"
    assert applied(commented, book).out == ""
    assert [each["id"] for each in said(commented, "plan.yaml")["tasks"]] == ["1", "7", "3"]


# --- The workbook itself, and undoing.


def test_an_edited_workbook_is_kept_until_it_is_applied(commented: Path) -> None:
    book = exported(commented).type("任务", "2", "时限要求", "6月底前")
    path = book.save(commented / "plan.xlsx")
    edited = path.read_bytes()
    ran = ledgergen("plan", "export", at=commented)
    assert ran.out.startswith("kept  plan_")
    assert "file-kept" in ran.err
    assert path.read_bytes() == edited
    assert ledgergen("plan", "apply", path, at=commented).code == 0
    assert ledgergen("plan", "export", at=commented).out == "changed  plan.xlsx\n"
    assert PlanBook(path).cell("任务", "2", "时限要求").value == "6月底前"


def test_a_workbook_may_lie_anywhere_but_must_be_named_as_one(commented: Path, tmp_path: Path) -> None:
    ran = ledgergen("plan", "export", tmp_path / "他处.xlsx", at=commented)
    assert (ran.code, (tmp_path / "他处.xlsx").exists()) == (0, True)
    assert ledgergen("plan", "export", tmp_path / "plan.yaml", at=commented).code == 2


def test_applying_is_undone_and_done_again(commented: Path) -> None:
    before = files(commented)
    book = (
        exported(commented).type("任务", "2", "时限要求", "6月底前").type("单位", "昆仑镇", "邮箱", "a@example.invalid")
    )
    assert applied(commented, book).code == 0
    after = files(commented)
    assert ledgergen("undo", at=commented).out.splitlines()[1:] == ["put back: plan.yaml", "put back: units.yaml"]
    assert files(commented) == before
    number = ledgergen("log", "--json", at=commented).json[-1]["number"]
    assert ledgergen("undo", number, at=commented).code == 0
    assert files(commented) == after
    assert ledgergen("verify", at=commented).code == 0


def test_undoing_spares_a_file_that_was_edited_since(commented: Path) -> None:
    book = (
        exported(commented).type("任务", "2", "时限要求", "6月底前").type("单位", "昆仑镇", "邮箱", "a@example.invalid")
    )
    units = (commented / "units.yaml").read_bytes()
    assert applied(commented, book).code == 0
    path = commented / "plan.yaml"
    path.write_bytes(path.read_bytes() + b"# mine\n")
    ran = ledgergen("undo", at=commented)
    assert "plan-file-edited-since" in ran.err
    assert path.read_bytes().endswith(b"# mine\n")
    assert (commented / "units.yaml").read_bytes() == units


def test_faults_that_were_there_before_do_not_stop_an_edit(tmp_path: Path) -> None:
    plan = COMMENTED["plan.yaml"].replace("responsible: [各单位]", "responsible: [某局]")
    campaign = make_folder(tmp_path / "c", {**COMMENTED, "plan.yaml": plan})
    book = exported(campaign)
    assert "某局" in str(book.cell("任务", "3", "待核").value)
    assert applied(campaign, book.type("任务", "1", "时限要求", "年底前")).code == 0
    ran = json_of(campaign, book.type("任务", "3", "责任单位", "某局、另局"))
    assert codes(ran) == [("任务 › F7", "unit-unknown"), ("", "plan-book-older")]
    assert applied(campaign, book.type("任务", "3", "责任单位", "昆仑镇")).code == 0
    assert ledgergen("check", at=campaign).code == 0
