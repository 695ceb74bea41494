"""Look again at a file that is no plain workbook: an archive with files in it, or an encrypted workbook.

Runs inside the worker only, and is loaded when the first such file comes. Every file of an archive is read behind a
trap of its own, which the worker lends.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, TypeAlias

from ledgergen.findings import Finding, Where, finding
from ledgergen.workbook.archives import Member, archive_kind, members
from ledgergen.workbook.grid import Workbook
from ledgergen.workbook.inspect import Refused
from ledgergen.workbook.read import read_workbook

Result: TypeAlias = tuple[Workbook | None, list[Finding]]
Trap: TypeAlias = Callable[[Callable[[], Result]], Result]

_OLE: Final = b"\xd0\xcf\x11\xe0"


class Step(NamedTuple):
    """What is to be said next: of a member its label alone before it is read, then with its result; last the whole."""

    label: str | None
    result: Result | None


def look_again(data: bytes, result: Result, passwords: Sequence[str], skip: int, trap: Trap) -> Iterator[Step]:
    """Go on where ``result`` says that the bytes are no workbook; the last step is about the file as a whole.

    ``skip`` is the number of members that were dealt with before, by a child that then died.
    """
    kind = archive_kind(data)
    if not kind:
        yield Step(None, trap(lambda: _with_password(data, result, passwords)))
        return
    try:
        yield from _steps(data, kind, passwords, skip, trap)
    except GeneratorExit:
        raise
    except BaseException as fault:  # noqa: BLE001 - the trap sorts out which are to be raised
        yield Step(None, trap(lambda fault=fault: _raised(fault)))  # type: ignore[misc]


def _steps(data: bytes, kind: str, passwords: Sequence[str], skip: int, trap: Trap) -> Iterator[Step]:
    for number, member in enumerate(members(data, kind, passwords)):
        if not member.label:
            yield Step(None, (None, [_said(member)]))
            return
        if number >= skip:
            yield Step(member.label, None)
            yield Step(member.label, trap(lambda member=member: _read(member, passwords)))  # type: ignore[misc]
    yield Step(None, (None, []))


def _raised(fault: BaseException) -> Result:
    raise fault


def _read(member: Member, passwords: Sequence[str]) -> Result:
    """Read a member; one that is no workbook at all is worth a note only."""
    if member.refusal:
        return None, [_said(member)]
    result = read_workbook(member.label, member.content)
    if result[0] is None:
        result = _with_password(member.content, result, passwords)
    return result[0], [_as_member(found) for found in result[1]]


def _said(member: Member) -> Finding:
    refusal = member.refusal or Refused("file-empty")
    return _as_member(refusal.finding(member.label)) if member.label else refusal.finding("")


def _as_member(found: Finding) -> Finding:
    if found.code in ("file-not-a-workbook", "file-unrecognised"):
        return finding("not-a-ledger", found.where, kind=found.facts.get("kind", "?"))
    return found


def _with_password(data: bytes, result: Result, passwords: Sequence[str]) -> Result:
    """Read an encrypted workbook with the password that fits; the result stays as it is where it is none."""
    if not data.startswith(_OLE) or all(found.code != "file-encrypted" for found in result[1]):
        return result
    from ledgergen.workbook.decrypt import decrypted

    try:
        content = decrypted(data, passwords)
    except Refused as refusal:
        return None, [refusal.finding("")]
    workbook, findings = read_workbook("", content)
    return workbook, [
        replace(found, where=Where("", sheet=found.where.sheet, cell=found.where.cell)) for found in findings
    ]
