"""The one sentence that a round comes to, the same in every form."""

from collections.abc import Iterator

from ledgergen.report.facts import ReportFacts, day_text
from ledgergen.report.wording import STAGES
from ledgergen.state.light import Colour, Stage
from ledgergen.state.picture import Picture

_ALWAYS = (Stage.CLOSED, Stage.CLAIMED, Stage.ON_TRACK, Stage.OVERDUE, Stage.SILENT)


def conclusion(facts: ReportFacts, found: Picture) -> str:
    """Put a round into one sentence with its numbers: who has handed in, and at what stage the tasks are."""
    if not found.units:
        return f"{facts.round_name}尚未下发台账。"
    units, silent, late = len(found.units), len(found.silent_units), len(found.late_units)
    tardy = f"（其中迟报{late}家）" if late else ""
    return (
        f"截至{day_text(found.as_of)}，{facts.round_name}应报单位{units}家，已报{units - silent}家{tardy}，"
        f"未报{silent}家；{found.task_counts.total}项工作任务中，{'、'.join(_stages(found))}。"
    )


def _stages(found: Picture) -> Iterator[str]:
    counts = found.task_counts
    for stage in Stage:
        number = counts.by_stage.get(stage, 0)
        if number or stage in _ALWAYS:
            overdue = silent_overdue(found) if stage is Stage.SILENT else 0
            yield f"{STAGES[stage]}{number}项" + (f"（其中已逾期{overdue}项）" if overdue else "")


def silent_overdue(found: Picture) -> int:
    """Count the tasks of which nothing was reported although their date is past."""
    return sum(
        task.stage is Stage.SILENT and task.light.colour is Colour.RED for task in found.tasks if task.light.counts
    )
