"""The whole history of one value, for ``show --cell``."""

from typing import TYPE_CHECKING

from ledgergen.cli.talk import exit_code, put_json, say_findings, table
from ledgergen.messages import gettext as _

if TYPE_CHECKING:
    from ledgergen.campaign.folder import Folder
    from ledgergen.state.provenance import Moment


def show_history(
    folder: "Folder", cell: tuple[str, str, str], measure: str, round_id: str | None, *, as_json: bool
) -> int:
    """Show who gave a value when, in which file, sheet and cell, and what stood before; gives the exit code."""
    from ledgergen.campaign.judging import FieldPlace, value_told

    unit, task, field = cell
    moments, findings = value_told(folder, FieldPlace(unit, task.strip("-"), field, measure), round_id)
    if as_json:
        put_json([_json(moment) for moment in moments])
    else:
        rows = [
            (
                moment.at[:19].replace("T", " "),
                _step_text(str(moment.step)),
                moment.text or "—",
                moment.source,
                moment.who,
                _("stands") if moment.stands else "" if moment.counts else _("does not count"),
            )
            for moment in moments
        ]
        table((_("when (UTC)"), _("what"), _("text"), _("source"), _("who"), ""), rows)
    say_findings(findings)
    return exit_code(findings)


def _json(moment: "Moment") -> dict[str, object]:
    sha256, name, sheet, cell, received, sender = moment.source
    return {
        "step": str(moment.step),
        "text": moment.text,
        "at": moment.at or None,
        "who": moment.who or None,
        "counts": moment.counts,
        "stands": moment.stands,
        "source": {
            "sha256": sha256 or None,
            "name": name,
            "sheet": sheet,
            "cell": cell,
            "received": received or None,
            "from": sender or None,
        },
    }


def _step_text(step: str) -> str:
    words = {
        "issued": _("issued"),
        "set": _("returned"),
        "cleared": _("taken away"),
        "chosen": _("chosen by the office"),
    }
    return words[step]
