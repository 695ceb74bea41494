"""Make the pictures of the documents: a ledger of the demo, a filled one, the status workbook, and shipped layouts.

    python docs/make_pictures.py        (make pictures)

The demo runs through the commands that a user types, on a fixed day, in a temporary folder; LibreOffice prints the
workbooks and poppler draws their first pages. The fonts that the ledgers name are not free, so Noto fonts stand in.
"""
# ruff: noqa: INP001 - a script, not a package

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final, Self
from unittest import mock

from ledgergen import messages

PICTURES: Final = Path(__file__).resolve().parent / "pictures"
# picture → the demo's workbook whose first page it shows
SHOWN: Final = {
    "ledger.png": "ledgers/2022Q2/区财政局_*.xlsx",
    "filled.png": "inbox/区文化和旅游局_*.xlsx",
    "progress.png": "ledgers/2022Q3/区司法局_*.xlsx",
    "status.png": "reports/*.xlsx",
}
# picture → a layout, its face, and whose tasks of the demo it shows
LAYOUTS: Final = {
    "plain.png": ("plain", "first", "区司法局"),
    "hazards.png": ("hazards", "first", "区网信办"),
}
LATER: Final = "2022Q3"  # the demo's second round, whose ledgers know what came back in the first
DOTS_PER_INCH: Final = 110
LARGEST: Final = 300_000  # bytes of a picture
TOOLS: Final = {"soffice": "LibreOffice", "pdftoppm": "poppler-utils", "fc-list": "fontconfig"}
FONTS: Final = ("Noto Serif CJK SC", "Noto Sans CJK SC")
STAND_INS: Final = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>仿宋_GB2312</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>方正小标宋简体</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>黑体</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
</fontconfig>
"""


class DayOfTheDemo(datetime):
    """A clock that stands still, so that the pictures are the same on any day."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Give the day on which the last ledger of the demo comes in."""
        return cls(2022, 7, 12, 6, 0, tzinfo=UTC).astimezone(tz)


def main() -> int:
    """Make every picture; exit status 1 where a tool is missing or a picture is too large."""
    missing = [f"{name} ({package})" for name, package in TOOLS.items() if shutil.which(name) is None]
    missing += [font for font in FONTS if not missing and not _run("fc-list", font)]
    if missing:
        sys.stderr.write(f"the pictures need: {', '.join(missing)}\n")
        return 1
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        campaign = Path(place) / "demo"
        with _quiet(Path(place)):
            _demonstrate(campaign)
        for picture, pattern in SHOWN.items():
            (workbook,) = campaign.glob(pattern)
            _draw(workbook, PICTURES / picture, Path(place))
        for picture, (layout, face, unit) in LAYOUTS.items():
            workbook = Path(place) / f"preview-{layout}.xlsx"
            with _quiet(Path(place)):
                _run_command(
                    "-C", campaign, "layout", "preview", layout, "--face", face, "--unit", unit, "--to", workbook
                )
            _draw(workbook, PICTURES / picture, Path(place))
    pictures = map(PICTURES.joinpath, (*SHOWN, *LAYOUTS))
    too_large = [path.name for path in pictures if path.stat().st_size > LARGEST]
    for name in too_large:
        sys.stderr.write(f"{name} has more than {LARGEST} bytes\n")
    return int(bool(too_large))


def _demonstrate(campaign: Path) -> None:
    """Run the demo as ``ledgergen demo`` does, and issue the next round."""
    messages.activate("zh")
    from ledgergen.cli import root

    with mock.patch.object(root, "datetime", DayOfTheDemo):
        _run_command("demo", campaign)
        _run_command("-C", campaign, "generate", "--round", LATER)


def _run_command(*arguments: str | Path) -> None:
    from ledgergen.cli import root

    if (code := root.run([str(each) for each in arguments])) > 1:  # 1: faults of the demo's clerks
        raise SystemExit(f"ledgergen {arguments[0]} ended with exit code {code}")


@contextmanager
def _quiet(place: Path) -> Iterator[None]:
    """Let the demo say nothing, and keep the index out of the user's cache folder."""
    cache = {"LEDGERGEN_CACHE": str(place / "cache")}
    with (
        mock.patch.dict(os.environ, cache),
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
    ):
        yield


def _draw(workbook: Path, picture: Path, place: Path) -> None:
    """Print a workbook and draw its first page."""
    fonts = place / "fonts.conf"
    fonts.write_text(STAND_INS, encoding="utf-8")
    copy = place / f"{picture.stem}.xlsx"  # the name stands in no picture, and soffice keeps it for the .pdf
    shutil.copyfile(workbook, copy)
    profile = f"-env:UserInstallation={(place / 'profile').as_uri()}"
    _run(
        "soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", place, copy,
        environment={"FONTCONFIG_FILE": str(fonts)},
    )  # fmt: skip
    page = ["-r", str(DOTS_PER_INCH), "-f", "1", "-l", "1", "-singlefile", "-png"]
    _run("pdftoppm", *page, copy.with_suffix(".pdf"), picture.with_suffix(""))
    sys.stdout.write(f"{picture.relative_to(PICTURES.parent)}  {picture.stat().st_size} bytes\n")


def _run(*command: str | Path, environment: dict[str, str] | None = None) -> str:
    """Run a program and give what it printed; a failure ends the script with the program's own words."""
    done = subprocess.run(  # noqa: S603 - the named tools with arguments of our own
        command, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{command[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
