"""The templates of mails: the campaign's own where it has them, else the product's."""

from typing import Final

from ledgergen.campaign.folder import Folder, read_bytes
from ledgergen.report.letters import Template
from ledgergen.resources import resource_folder

MAIL: Final = "mail"
_ENDINGS: Final = (".txt.j2", ".html.j2")


def read_templates(folder: Folder) -> dict[str, Template]:
    """Read every template of a mail by its file's name.

    Raises:
        Surroundings: ``cannot-read``.
    """
    own, shipped = folder.root / "templates" / MAIL, resource_folder("templates") / MAIL
    found: dict[str, Template] = {}
    for place in (shipped, own):
        for path in sorted(place.iterdir()) if place.is_dir() else ():
            if path.name.endswith(_ENDINGS) and path.is_file():
                text = read_bytes(path).decode("utf-8-sig", "replace")
                found[path.name] = Template(text, is_own=place is own)
    return found
