"""``ledgergen layout``: which layouts there are, whether they hold, what they look like, a copy to change."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from builders import SMALL_CAMPAIGN, make_folder
from commands import ledgergen
from conftest import need

FAULTY = "id: mine\nsheet: 台账\n"


def test_every_layout_is_listed_with_what_it_asks(tmp_path: Path) -> None:
    found = {each["name"]: each for each in ledgergen("layout", "list", "--json", at=tmp_path).json}
    assert {"zichuan", "standard", "plain", "hazards", "internal"} <= set(found)
    assert found["zichuan"]["cells"] == {"first": 5, "progress": 2}
    assert found["plain"]["cells"] == {"first": 4, "progress": 0}
    assert all(each["points"] >= 8 and each["about"] and not each["faulty"] for each in found.values())
    shown = ledgergen("layout", "list", at=tmp_path)
    assert shown.code == 0
    assert "安全生产隐患整改台账" in shown.out


def test_a_campaigns_own_layout_hides_the_products(campaign: Path) -> None:
    assert ledgergen("layout", "copy", "zichuan", at=campaign).out.strip() == "templates/layouts/zichuan.yaml"
    path = campaign / "templates/layouts/zichuan.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("title: 工作举措", "title: 具体举措"), encoding="utf-8")
    found = {each["name"]: each["own"] for each in ledgergen("layout", "list", "--json", at=campaign).json}
    assert [name for name, own in found.items() if own] == ["zichuan"]
    assert ledgergen("generate", at=campaign).code == 0
    ledger = next((campaign / "ledgers").rglob("*.xlsx"))
    assert "具体举措" in [cell.value for row in load_workbook(ledger).worksheets[0].iter_rows() for cell in row]


def test_a_copy_may_have_another_name_and_is_never_written_over(campaign: Path) -> None:
    dry = ledgergen("layout", "copy", "hazards", "mine", "--dry-run", at=campaign)
    assert dry.out.strip() == "templates/layouts/mine.yaml"
    assert not (campaign / "templates").exists()
    assert ledgergen("layout", "copy", "hazards", "mine", at=campaign).code == 0
    text = (campaign / "templates/layouts/mine.yaml").read_text(encoding="utf-8")
    assert "\nid: mine\n" in text
    again = ledgergen("layout", "copy", "hazards", "mine", at=campaign)
    assert again.code == 3
    assert "layout-exists" in again.err
    assert (campaign / "templates/layouts/mine.yaml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", ["../mine", "a/b", "C:mine", ".mine", "my layout", ""])
def test_a_copy_stays_in_its_folder(campaign: Path, name: str) -> None:
    ran = ledgergen("layout", "copy", "zichuan", name, at=campaign)
    assert ran.code == (2 if name else 0)
    assert [path.name for path in campaign.rglob("*.yaml") if path.parent.name != "layouts"] == [
        path.name for path in campaign.glob("*.yaml")
    ]


def test_check_says_every_fault_and_where(campaign: Path) -> None:
    assert ledgergen("layout", "check", at=campaign).code == 0
    folder = campaign / "templates/layouts"
    make_folder(folder, {"mine.yaml": FAULTY})
    ran = ledgergen("layout", "check", "--json", at=campaign)
    assert ran.code == 1
    assert [(each["name"], each["faulty"]) for each in ran.json["layouts"]] == [("zichuan", False), ("mine", True)]
    assert {found["where"].partition(":")[0] for found in ran.json["findings"]} == {"templates/layouts/mine.yaml"}
    assert ledgergen("layout", "check", "zichuan", at=campaign).code == 0
    unknown = ledgergen("layout", "check", "nope", at=campaign)
    assert unknown.code == 3
    assert "layout-unknown" in unknown.err


def test_check_tries_the_patterns_and_asks_what_answers_mean(campaign: Path) -> None:
    assert ledgergen("layout", "copy", "hazards", "mine", at=campaign).code == 0
    path = campaign / "templates/layouts/mine.yaml"
    text = (
        path.read_text(encoding="utf-8")
        .replace("{{ round_name }}", "{{ round_nam }}", 1)
        .replace(", means: 未启动", "")
    )
    path.write_text(text, encoding="utf-8")
    ran = ledgergen("layout", "check", "mine", "--json", at=campaign)
    assert ran.code == 1
    assert sorted(found["code"] for found in ran.json["findings"]) == ["layout-state-unknown", "pattern-faulty"]


def test_a_preview_without_libreoffice_says_so(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(campaign))
    ran = ledgergen("layout", "preview", "plain", at=campaign)
    assert (ran.code, ran.out) == (3, "")
    assert "no-libreoffice" in ran.err
    wanted = campaign / "plain.xlsx"
    assert ledgergen("layout", "preview", "plain", "--to", wanted, "--face", "progress", at=campaign).code == 0
    assert load_workbook(wanted).worksheets[0]["A1"].value == "淄川区财政局小型台账工作任务台账"


def test_a_preview_is_a_page_and_the_same_twice(campaign: Path) -> None:
    need("soffice")
    dry = ledgergen("layout", "preview", "hazards", "--dry-run", at=campaign)
    assert dry.code == 0
    assert not (campaign / "previews").exists()
    assert ledgergen("layout", "preview", "hazards", at=campaign).code == 0
    path = campaign / "previews/hazards-first.pdf"
    first, written = path.read_bytes(), path.stat().st_mtime_ns
    assert first.startswith(b"%PDF")
    assert ledgergen("layout", "preview", "hazards", at=campaign).code == 0
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (first, written)


def test_a_preview_is_never_written_over_a_file_of_somebodys(campaign: Path) -> None:
    mine = campaign / "mine.xlsx"
    mine.write_bytes(b"mine")
    ran = ledgergen("layout", "preview", "plain", "--to", mine, at=campaign)
    assert ran.code == 0
    assert "file-kept" in ran.err
    assert mine.read_bytes() == b"mine"
    assert Path(ran.out.strip()) != mine
    assert Path(ran.out.strip()).is_file()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("--to", "x.doc"), "preview-kind"), (("--unit", "火星局", "--to", "x.xlsx"), "unit-unknown-asked")],
)
def test_what_cannot_be_shown_is_said(campaign: Path, arguments: tuple[str, ...], code: str) -> None:
    ran = ledgergen("layout", "preview", "plain", *arguments, at=campaign)
    assert ran.code == 2
    assert code in ran.err


def test_without_a_name_the_campaigns_own_is_shown(campaign: Path) -> None:
    wanted = campaign / "x.xlsx"
    assert ledgergen("layout", "preview", "--to", wanted, "--unit", "昆仑镇", at=campaign).code == 0
    assert load_workbook(wanted).worksheets[0]["A1"].value == "淄川区昆仑镇政务公开工作任务台账"


def test_without_a_campaign_an_example_is_shown(tmp_path: Path) -> None:
    assert ledgergen("layout", "preview", "internal", "--to", tmp_path / "x.xlsx", at=tmp_path).code == 0
    assert len(list(load_workbook(tmp_path / "x.xlsx").worksheets[0].iter_rows())) > 20


def test_a_round_with_the_plain_form(tmp_path: Path) -> None:
    """No status is asked for: what came back with something in it is under way."""
    files = {**SMALL_CAMPAIGN, "ledgergen.yaml": SMALL_CAMPAIGN["ledgergen.yaml"].replace("zichuan", "plain")}
    campaign = make_folder(tmp_path / "c", files)
    assert ledgergen("generate", at=campaign).code == 0
    (path,) = (campaign / "ledgers").rglob("区财政局*.xlsx")
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    header = next(row for row in range(1, 30) if sheet.cell(row, 1).value == "序号")
    assert [sheet.cell(header, column).value for column in range(1, 8)] == [
        *("序号", "工作任务", "工作举措", "时限要求", "单位分管领导", "责任科室", "编码")
    ]
    tasks = [str(sheet.cell(row, 2).value) for row in range(header + 1, header + 4)]
    assert sorted(tasks) == [
        "减税降费：公开收费目录清单",
        "减税降费：推送各项减税政策",
        "重要部署：按季度公开重点任务的进展",
    ]
    sheet.cell(header + 1, 3).value = "印发通知"
    workbook.save(campaign / "inbox.xlsx")
    ran = ledgergen("collect", "--json", campaign / "inbox.xlsx", at=campaign)
    assert [found["code"] for each in ran.json for found in each["findings"]] in ([], ["not-filled"])
    assert ran.json[0]["returns"][0]["rows"] == {"matched": 3, "new": 0, "missing": 0, "doubtful": 0}
    rows = [row for row in ledgergen("show", "--entries", "--json", at=campaign).json if row["unit"] == "区财政局"]
    assert sorted(row["state"] for row in rows) == ["推进中", "未报送", "未报送"]
    assert ledgergen("merge", at=campaign).code == 0
    assert ledgergen("status", at=campaign).code == 0
