"""Ledgers for hands other than ours: drafts for a mail program, a folder or archive per unit for OA and chat."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

from ledgergen.campaign.naming import distinct_stems
from ledgergen.campaign.outcome import Outcome, Written
from ledgergen.campaign.placing import Placed, place
from ledgergen.campaign.sending import Line, Step, Writer
from ledgergen.campaign.writing_desk import leak_check
from ledgergen.findings import Finding, Where, finding, has_errors
from ledgergen.journal.durable import make_folder
from ledgergen.mail.outgoing import compose

TEXT: Final = "说明.txt"
_EARLIEST: Final = (1980, 1, 1)  # an archive knows no earlier day


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is to be written: for whom, where, what."""

    unit: str
    path: Path
    data: bytes


def write_drafts(writer: Writer, lines: Sequence[Line], target: Path, *, dry_run: bool = False) -> Outcome:
    """Write a draft (``.eml``) of the mail of every unit that is reached by mail and has not been sent its ledger.

    Nothing is noted as sent: that is for whoever sends them to say (``send --mark-sent``).

    Raises:
        WrongUse: a template is faulty. Surroundings: disk.
    """
    chosen = [each for each in lines if each.step is Step.SEND]
    stems = _stems(chosen)
    files = [
        _File(each.unit.name, target / f"{stems[each.item.book.token]}.eml", compose(writer.mail(each), None))
        for each in chosen
    ]
    return _write(writer, chosen, files, dry_run=dry_run)


def write_handover(
    writer: Writer, lines: Sequence[Line], target: Path, *, packed: bool = False, dry_run: bool = False
) -> Outcome:
    """Write a folder, or an archive, per unit: its ledger as issued, and the text that goes with it.

    Raises:
        WrongUse: a template is faulty. Surroundings: disk.
    """
    stems, opens = _stems(lines), writer.desk.round.opens
    files: list[_File] = []
    for each in lines:
        stem, data = stems[each.item.book.token], writer.originals.read(each.item.sha256)
        text = ("\r\n".join(writer.paste(each).splitlines()) + "\r\n").encode("utf-8-sig", "replace")
        parts = {each.item.name: data, TEXT: text}
        if packed:
            files.append(_File(each.unit.name, target / f"{stem}.zip", _packed(parts, opens)))
        else:
            files += [_File(each.unit.name, target / stem / name, content) for name, content in parts.items()]
    return _write(writer, lines, files, dry_run=dry_run)


def _stems(lines: Sequence[Line]) -> dict[str, str]:
    return distinct_stems({each.item.book.token: each.item.book.unit for each in lines})


def _packed(parts: dict[str, bytes], dated: date) -> bytes:
    """Pack files; the same files give the same bytes. Names are in UTF-8 and say so."""
    day = (dated.year, dated.month, dated.day) if 1980 < dated.year < 2108 else _EARLIEST  # noqa: PLR2004 - the format's
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name, (*day, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _write(writer: Writer, lines: Sequence[Line], files: Sequence[_File], *, dry_run: bool) -> Outcome:
    """Look at every ledger, choose every place, then write; of a unit whose ledger leaks nothing is written."""
    findings = list(_leaks(writer, lines))
    unfit = {str(found.facts["unit"]) for found in findings if has_errors([found])}
    placed: list[tuple[_File, Placed, str]] = []
    for file in (each for each in files if each.unit not in unfit):
        digest = sha256(file.data).hexdigest()
        placed.append((file, place(file.path, digest, (), digest[:6]), digest))
    if not dry_run:
        for folder in dict.fromkeys(each.path.parent for each, _, _ in placed):
            make_folder(folder)
    written: list[Written] = []
    for file, where, digest in placed:
        if not dry_run:
            where.write(file.data, digest)
        written.append(Written(writer.desk.folder.shown(where.path), where.verb, file.unit))
        if where.path != where.wanted:
            findings.append(finding("file-kept", Where(str(where.wanted)), name=where.path.name))
    return Outcome(tuple(written), tuple(findings))


def _leaks(writer: Writer, lines: Sequence[Line]) -> Iterator[Finding]:
    look = leak_check(writer.desk)
    for each in lines:
        yield from look(writer.originals.read(each.item.sha256), each.item)
