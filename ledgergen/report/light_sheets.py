"""The lists that follow from the lights: 逾期清单, 即将到期事项清单, 未报送, 需领导协调事项, 变动情况."""

from collections.abc import Iterator, Sequence
from typing import Final

from ledgergen.report.tablesheet import TableColumn, Value
from ledgergen.report.wording import LIGHTS, MOVES, STAGES, WANTED, days_of, why
from ledgergen.state.light import Light
from ledgergen.state.picture import Assessed, Picture

OVERDUE: Final = "逾期清单"
DUE_SOON: Final = "即将到期事项清单"
SILENT: Final = "未报送"
WANTED_SHEET: Final = "需领导协调事项"
CHANGES: Final = "变动情况"

_WHICH: Final = (
    TableColumn("序号", 6, "count"),
    TableColumn("单位", 18, "mid"),
    TableColumn("单位类别", 9, "mid"),
    TableColumn("总表序号", 6, "mid"),
    TableColumn("工作任务", 24),
    TableColumn("角色", 7, "mid"),
)
OVERDUE_COLUMNS: Final = (
    *_WHICH,
    TableColumn("时限", 12, "mid"),
    TableColumn("已逾期", 12, "mid"),
    TableColumn("落实状态", 10, "state"),
    TableColumn("预警灯", 8, "light"),
    TableColumn("为什么", 44),
    TableColumn("单位分管领导", 11, "mid"),
    TableColumn("责任科室", 12, "mid"),
    TableColumn("单位说明", 24),
)
DUE_COLUMNS: Final = (
    *_WHICH,
    TableColumn("时限", 12, "mid"),
    TableColumn("还有天数", 9, "count"),
    TableColumn("落实状态", 10, "state"),
    TableColumn("预警灯", 8, "light"),
    TableColumn("为什么", 44),
    TableColumn("单位分管领导", 11, "mid"),
    TableColumn("责任科室", 12, "mid"),
)
SILENT_COLUMNS: Final = (
    *_WHICH,
    TableColumn("台账", 9, "mid"),
    TableColumn("时限", 12, "mid"),
    TableColumn("已逾期", 12, "mid"),
    TableColumn("预警灯", 8, "light"),
    TableColumn("为什么", 40),
    TableColumn("联系情况", 22),
    TableColumn("联系时间", 12, "mid"),
    TableColumn("答复报送时间", 12, "mid"),
)
WANTED_COLUMNS: Final = (
    *_WHICH,
    TableColumn("事由", 16, "mid"),
    TableColumn("单位说明", 46),
    TableColumn("落实状态", 10, "state"),
    TableColumn("预警灯", 8, "light"),
    TableColumn("为什么", 36),
    TableColumn("领导意见", 24, "input"),
)
CHANGE_COLUMNS: Final = (
    *_WHICH,
    TableColumn("变动", 10, "mid"),
    TableColumn("上期末阶段", 14, "mid"),
    TableColumn("上期末灯", 8, "light"),
    TableColumn("现阶段", 14, "mid"),
    TableColumn("现灯", 8, "light"),
    TableColumn("为什么", 44),
)
ROLES: Final = {"lead": "牵头", "responsible": "责任", "supporting": "配合"}


def overdue_rows(found: Picture) -> Iterator[Sequence[Value]]:
    """Give a row for each red light, those overdue longest first."""
    for number, item in enumerate(found.overdue, start=1):
        light = item.light
        lamp = item.state, LIGHTS[light.colour], why(light)
        yield (*_which(number, item), _due(light), days_of(light), *lamp, item.leader, item.office, item.note)


def due_rows(found: Picture) -> Iterator[Sequence[Value]]:
    """Give a row for what falls due soon, the nearest first."""
    for number, item in enumerate(found.due_soon, start=1):
        light = item.light
        lamp = item.state, LIGHTS[light.colour], why(light)
        yield (*_which(number, item), _due(light), light.left or 0, *lamp, item.leader, item.office)


def silent_rows(found: Picture) -> Iterator[Sequence[Value]]:
    """Give a row for each assignment of which nothing was reported, with room for what a telephone call brought.

    First the units whose ledger did not come back at all.
    """
    silent = {unit.unit for unit in found.silent_units}
    ordered = sorted(found.unreported, key=lambda item: item.unit not in silent)
    for number, item in enumerate(ordered, start=1):
        light = item.light
        ledger = "未报" if item.unit in silent else "已报，未填"
        lamp = ledger, _due(light), days_of(light), LIGHTS[light.colour], why(light)
        yield (*_which(number, item), *lamp, "", "", "")


def wanted_rows(found: Picture) -> Iterator[Sequence[Value]]:
    """Give a row for each thing that a leader is to decide, with room for what he says."""
    for number, each in enumerate(found.wanted, start=1):
        item = each.item
        lamp = item.state, LIGHTS[item.light.colour], why(item.light)
        yield (*_which(number, item), WANTED[each.code], each.text, *lamp, "")


def change_rows(found: Picture) -> Iterator[Sequence[Value]]:
    """Give a row for each assignment that stands otherwise than at the end of the round before."""
    for number, each in enumerate(found.moved, start=1):
        item, before = each.item, each.before
        then = (STAGES[before.stage], LIGHTS[before.light.colour]) if before else ("", "")
        now = STAGES[item.stage], LIGHTS[item.light.colour], why(item.light)
        yield (*_which(number, item), MOVES[each.code], *then, *now)


def _which(number: int, item: Assessed) -> tuple[Value, ...]:
    return number, item.unit, item.kind, item.number, item.name, ROLES[item.role]


def _due(light: Light) -> str:
    return light.due.isoformat() if light.due else ""
