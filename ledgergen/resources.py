"""Where the product's own files lie: beside the package in a wheel, in the repository for an editable install."""

from pathlib import Path

from ledgergen.errors import Surroundings


def package_folder() -> Path:
    """Give the folder of the package itself."""
    return Path(__file__).resolve().parent


def resource_folder(name: str) -> Path:
    """Find ``templates`` or ``examples``.

    hatchling ships both inside the wheel (``pyproject.toml``, force-include); an editable install does not see them
    there, so the repository is looked at second.

    Raises:
        Surroundings: the installation is incomplete.
    """
    for folder in (package_folder() / name, package_folder().parent / name):
        if folder.is_dir():
            return folder
    raise Surroundings("installation-incomplete", name=name)
