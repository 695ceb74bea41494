"""Where the room's files lie inside a campaign's folder."""

from pathlib import Path
from typing import Final

OWN: Final = ".ledgergen"


def journal_folder(campaign: Path) -> Path:
    """Give the folder of the events."""
    return campaign / OWN / "journal"


def originals_folder(campaign: Path) -> Path:
    """Give the folder of the originals."""
    return campaign / OWN / "originals"


def lock_file(campaign: Path) -> Path:
    """Give the file whose lock the one writer holds."""
    return campaign / OWN / "lock"


def shown(campaign: Path, path: Path) -> str:
    """Name a file of the campaign as findings do: relative to the campaign's folder, the same on every machine."""
    return path.relative_to(campaign).as_posix()
