"""The texts that the cells of an .xlsx share: ``sharedStrings.xml``, and the inline texts that are built like them."""

import re
from typing import TYPE_CHECKING, Final

from ledgergen.workbook.grid import unescaped
from ledgergen.workbook.inspect import xml_root

if TYPE_CHECKING:
    from ledgergen.workbook.inspect import Element

_ATTRIBUTES: Final = r'(?: (\w++)="[^"<>&]*+"(?![^<>]*? \1=))*+ ?+'  # none twice
_LOOKS: Final = re.compile(rf"<rPr>(?:<\w++{_ATTRIBUTES}/>)*+</rPr>")
_PHONETIC: Final = re.compile(rf"<phoneticPr{_ATTRIBUTES}/>")
_ENTITY: Final = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def shared_texts(text: str) -> list[str]:
    """Read the shared texts; ``uniqueCount`` is not asked. Rich text is joined, phonetic runs are left out.

    What programs usually write is brought into one plain form by replacing tags, which no text can contain, and then
    split; where the tags do not add up, lxml reads it. (Seen: LibreOffice makes rich text of every text that mixes
    Chinese and Latin letters, Chinese Excel adds phonetic properties to every text.)
    """
    plain = text.replace('<t xml:space="preserve">', "<t>")
    if "<phoneticPr" in plain:
        plain = _PHONETIC.sub("", plain)
    if "<r>" in plain:
        plain = _LOOKS.sub("", plain).replace("</t></r><r><t>", "")
        plain = plain.replace("<si><r><t>", "<si><t>").replace("</t></r></si>", "</t></si>")
    start, end = plain.find("<si><t>") + len("<si><t>"), plain.rfind("</t></si>")
    found = plain[start:end].split("</t></si><si><t>")
    tags = 4 * len(found) + 2 + plain.count("<?", 0, start)
    is_plain = plain.count("<") == tags and plain[end:].strip() == "</t></si></sst>" and "]]>" not in plain
    if is_plain and "&" in plain:
        is_plain = len(_ENTITY.findall(plain)) == plain.count("&")
        try:
            found = [_ENTITY.sub(_character, each) if "&" in each else each for each in found]
        except ValueError:
            is_plain = False
    if not is_plain or "\r" in plain:
        found = [text_of(item) for item in xml_root(text, "sharedStrings").iterfind("{*}si")]
    return [unescaped(each) for each in found] if "_x" in plain else found


def text_of(item: "Element") -> str:
    """Join the runs of one text."""
    runs = [*item.iterfind("{*}t"), *item.iterfind("{*}r/{*}t")]
    return "".join(run.text or "" for run in runs)


def _character(found: re.Match[str]) -> str:
    """Give the character that is meant; ValueError where XML has none such, which lxml then refuses."""
    if found[3]:
        return _ENTITIES[found[3]]
    character = chr(int(found[1], 16) if found[1] else int(found[2]))
    if _NOT_XML.match(character):
        raise ValueError(found[0])
    return character
