"""How a round stands, said on a terminal: totals first, then what is overdue, then unit by unit."""

from collections.abc import Iterable
from typing import Final

from ledgergen.cli.talk import put, table
from ledgergen.messages import gettext as _
from ledgergen.messages import printable
from ledgergen.state.light import Colour, Stage
from ledgergen.state.light_words import colour_text, marks_text, reason_text, stage_text
from ledgergen.state.picture import Assessed, Counts, Picture

_LISTED: Final = 10


def say_status(found: Picture) -> None:
    """Say how a round stands on a day."""
    said = _("Round {round} on {day}: {done} of {total} units have returned, {late} of them late")
    returned = len(found.units) - len(found.silent_units)
    late = len(found.late_units)
    put(said.format(round=found.round, day=found.as_of, done=returned, total=len(found.units), late=late))
    colours = [colour_text(colour) for colour in Colour]
    table(
        ("", *(stage_text(stage) for stage in Stage), _("total"), *colours, _("done late")),
        [(_("tasks"), *_counted(found.task_counts)), (_("assignments"), *_counted(found.assignment_counts))],
    )
    _list(_("Overdue: {count}"), found.overdue)
    _list(_("Due soon: {count}"), found.due_soon)
    rows = [(unit.unit, _returned(unit.returned, late=unit.late), *_counted(unit.counts)) for unit in found.units]
    table(
        (_("unit"), _("returned"), *(stage_text(stage) for stage in Stage), _("total"), *colours, _("done late")), rows
    )
    if found.silent_units:
        names = "、".join(printable(unit.unit) for unit in found.silent_units)
        put(_("No return yet: {units}").format(units=names))


def _counted(counts: Counts) -> Iterable[int]:
    yield from (counts.by_stage.get(stage, 0) for stage in Stage)
    yield counts.total
    yield from (counts.by_colour.get(colour, 0) for colour in Colour)
    yield counts.late


def _returned(returned: bool, *, late: bool) -> str:  # noqa: FBT001 - which of three words
    if not returned:
        return _("no")
    return _("late") if late else _("yes")


def _list(title: str, items: tuple[Assessed, ...]) -> None:
    """List the first of many, with the reason of each."""
    if not items:
        return
    put(title.format(count=len(items)))
    rows = [
        (item.task, item.unit, colour_text(item.light.colour), reason_text(item.light), marks_text(item.light))
        for item in items[:_LISTED]
    ]
    table((_("task"), _("unit"), _("light"), _("why"), _("marks")), rows)
    if len(items) > _LISTED:
        put(
            _("… and {count} more; `status --json` and the status workbook have them all.").format(
                count=len(items) - _LISTED
            )
        )
