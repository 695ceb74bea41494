"""Bytes as WPS is known to write them, made of what another program wrote.

Known: ``<dimension ref="A1"/>`` whatever the sheet holds; number formats of its own under odd ids, built-in ids with
codes spelled out; shared strings in runs, with phonetic guides; its name as the application; in the BIFF format its own
class id in the root of the container.
"""

import re
import uuid
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

CLASS_ID: Final = uuid.UUID("45540001-5750-5300-4B49-4E47534F4655").bytes_le
_SECTOR: Final = 512
_DIRECTORY: Final = 48  # where a container says in which sector its directory begins
_ROOT_CLASS: Final = 80  # where an entry of the directory has its class id

_ODD_FORMATS: Final = (
    '<numFmt numFmtId="43" formatCode="_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * &quot;-&quot;??_ ;_ @_ "/>'
    '<numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>'
    '<numFmt numFmtId="177" formatCode="[DBNum1][$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>'
    '<numFmt numFmtId="178" formatCode="0_ "/>'
)
_APP: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/'
    'officeDocument/2006/extended-properties"><Application>WPS 表格</Application><AppVersion>12.0000</AppVersion>'
    "</Properties>"
)
_TEXT: Final = re.compile(r"<si>\s*<t(?: xml:space=\"preserve\")?>([^<]{4,})</t>\s*</si>")


def as_wps(path: Path) -> None:
    """Rewrite a .xlsx as WPS would have written it."""
    changes: dict[str, Callable[[str], str]] = {
        "docProps/app.xml": lambda _: _APP,
        "xl/styles.xml": _with_odd_formats,
        "xl/sharedStrings.xml": lambda text: _TEXT.sub(_in_runs, text),
    }
    made = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb'<dimension ref="[^"]*"\s*/>', b'<dimension ref="A1"/>', data)
            elif change := changes.get(name):
                data = change(data.decode()).encode()
            new.writestr(name, data)
    path.write_bytes(made.getvalue())


def with_class_id(path: Path) -> None:
    """Write the class id of WPS into the root of a .xls."""
    data = bytearray(path.read_bytes())
    directory = (int.from_bytes(data[_DIRECTORY : _DIRECTORY + 4], "little") + 1) * _SECTOR
    data[directory + _ROOT_CLASS : directory + _ROOT_CLASS + len(CLASS_ID)] = CLASS_ID
    path.write_bytes(data)


def _with_odd_formats(text: str) -> str:
    """Show days by formats of WPS, and add formats that nobody uses."""
    text = re.sub(
        r'formatCode="yyyy-mm-dd"', 'formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"', text
    )
    if "<numFmts" not in text:
        return re.sub(
            r"(<styleSheet[^>]*>)", rf'\1<numFmts count="4">{_ODD_FORMATS}</numFmts>'.replace("\\-", "\\\\-"), text
        )
    taken = re.findall(r'numFmtId="(\d+)" formatCode|formatCode="[^"]*" numFmtId="(\d+)"', text)
    used = {first or second for first, second in taken}
    fresh = "".join(each for each in re.findall(r"<numFmt [^>]*/>", _ODD_FORMATS) if each.split('"')[1] not in used)
    return text.replace("</numFmts>", f"{fresh}</numFmts>", 1)


def _in_runs(found: re.Match[str]) -> str:
    """Write a text in two runs, as WPS does once a part of it was ever formatted, with a phonetic guide."""
    text = found[1]
    if "&" in text or "_x" in text:
        return found[0]
    half = len(text) // 2
    runs = "".join(
        f'<r><rPr><sz val="{size}"/><rFont val="仿宋_GB2312"/></rPr><t xml:space="preserve">{part}</t></r>'
        for size, part in ((10.5, text[:half]), (11, text[half:]))
    )
    return f'<si>{runs}<rPh sb="0" eb="1"><t>zi</t></rPh><phoneticPr fontId="1" type="noConversion"/></si>'
