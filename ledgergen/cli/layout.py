"""Verbs about layouts: ``layout list``, ``check``, ``preview`` and ``copy``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgergen.cli.options import as_json, dry_run
from ledgergen.cli.root import Session
from ledgergen.cli.talk import exit_code, put, put_json, say, say_findings, table, worded_all
from ledgergen.cli.verbs import VERBS
from ledgergen.messages import gettext as _
from ledgergen.messages import printable

if TYPE_CHECKING:
    from ledgergen.campaign.layouts import CheckedLayout


@click.group(help=VERBS["layout"].help)
def layout() -> None:
    """Group the verbs about layouts."""


@layout.command("list", help=_("List the layouts: what each is for, and what it asks of a unit."))
@as_json
@click.pass_obj
def list_layouts(session: Session, *, as_json: bool) -> int:
    """List the layouts."""
    from ledgergen.campaign.layouts import check_layout, known_layouts

    found = [check_layout(place) for place in known_layouts(session.root).values()]
    if as_json:
        put_json([_json(each) for each in found])
        return 0
    titles = (_("layout"), _("whose"), _("cells per row, first round"), _("later"), _("print"), _("what for"))
    table(titles, (_line(each) for each in found))
    return 0


@layout.command(help=_("Check layouts: those of the campaign, or those named."))
@click.argument("names", nargs=-1, metavar="[NAME]...")
@as_json
@click.pass_obj
def check(session: Session, *, names: tuple[str, ...], as_json: bool) -> int:
    """Check layouts."""
    from ledgergen.campaign.design import form_faults
    from ledgergen.campaign.layouts import check_layouts

    found = check_layouts(session.root, names)
    findings = [fault for each in found for fault in each.findings]
    findings += [] if names else form_faults(session.root)
    if as_json:
        put_json({"layouts": [_json(each) for each in found], "findings": worded_all(findings)})
        return exit_code(findings)
    say_findings(findings)
    for each in found:
        put(_("{name}: faulty").format(name=each.place.name) if each.layout is None else _summary(each))
    return exit_code(findings)


@layout.command(
    help=_("Show a ledger in a layout, or in the campaign's own, as previews/NAME-FACE.pdf through LibreOffice.")
)
@click.argument("name", required=False, metavar="[NAME]")
@click.option(
    "--face",
    type=click.Choice(["first", "progress"]),
    default="first",
    show_default=True,
    help=_("The first round's face, or that of later rounds."),
)
@click.option("--unit", default="", metavar="NAME", help=_("Whose ledger; the unit with most tasks if not given."))
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=_("Write this file: .pdf, .png (the first page) or .xlsx (without LibreOffice)."),
)
@dry_run
@click.pass_obj
def preview(session: Session, *, name: str | None, face: str, unit: str, target: Path | None, dry_run: bool) -> int:
    """Write a preview."""
    from ledgergen.campaign.preview import Preview
    from ledgergen.campaign.preview import preview as write_preview
    from ledgergen.workbook.layout import Face

    wanted = Preview(name or "", Face(face), unit, target)
    path, findings = write_preview(session.root, wanted, dry_run=dry_run)
    say_findings(findings)
    put(printable(path.as_posix()))
    if dry_run:
        say(_("Nothing was written (--dry-run)."))
    return exit_code(findings)


@layout.command(help=_("Copy a layout into the campaign's templates/layouts/, to be changed there."))
@click.argument("name", metavar="NAME")
@click.argument("new_name", required=False, metavar="[NEW-NAME]")
@dry_run
@click.pass_obj
def copy(session: Session, *, name: str, new_name: str | None, dry_run: bool) -> int:
    """Copy a layout."""
    from ledgergen.campaign.folder import find_folder
    from ledgergen.campaign.layouts import copy_layout

    folder = find_folder(session.root)
    path = copy_layout(folder, name, new_name or name, dry_run=dry_run)
    put(printable(folder.shown(path)))
    if dry_run:
        say(_("Nothing was written (--dry-run)."))
    else:
        say(
            _("Next: edit it, write `layout: {name}` in ledgergen.yaml, then run `ledgergen layout check`.").format(
                name=path.stem
            )
        )
    return 0


def _line(found: "CheckedLayout") -> tuple[str, ...]:
    from ledgergen.workbook.layout import Face

    whose = _("the campaign's") if found.place.own else "ledgergen"
    if found.layout is None:
        return (
            found.place.name,
            whose,
            "",
            "",
            "",
            _("faulty: ledgergen layout check {name}").format(name=found.place.name),
        )
    cells = (str(found.cells(face)) for face in Face)
    return found.place.name, whose, *cells, _print(found), found.layout.about


def _summary(found: "CheckedLayout") -> str:
    from ledgergen.workbook.layout import Face

    if found.layout is None:
        return ""
    first, later = (found.cells(face) for face in Face)
    return _(
        "{name}: {columns} columns, asks for {first} cells a row in the first round, {later} later; {printed}"
    ).format(name=found.place.name, columns=len(found.layout.columns), first=first, later=later, printed=_print(found))


def _print(found: "CheckedLayout") -> str:
    if found.layout is None:
        return ""
    style = found.layout.style
    way = _("landscape") if style.landscape else _("portrait")
    return _("{paper} {way}, {points} points").format(paper=style.paper, way=way, points=f"{found.print_points:.1f}")


def _json(found: "CheckedLayout") -> dict[str, object]:
    from ledgergen.workbook.layout import Face

    known: dict[str, object] = {"name": found.place.name, "own": found.place.own, "faulty": found.layout is None}
    if found.layout is None:
        return known
    return {
        **known,
        "about": found.layout.about,
        "columns": [column.id for column in found.layout.columns],
        "cells": {str(face): found.cells(face) for face in Face},
        "paper": found.layout.style.paper,
        "landscape": found.layout.style.landscape,
        "points": round(found.print_points, 1),
    }
