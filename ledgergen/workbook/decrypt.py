"""Open encrypted Office files with a password: the one door to msoffcrypto. Runs inside the worker only.

Making a key from a password takes as many rounds as the file itself says (Office: 100,000). So that number is read, and
bounded, before anything is tried.
"""

import contextlib
import io
import re
from collections.abc import Sequence
from typing import Final

from ledgergen.workbook.compound import Compound
from ledgergen.workbook.inspect import Refused

# With these Excel encrypts what is to be read-only, and files whose structure is protected: they open unasked.
_EXCELS_OWN: Final = ("VelvetSweatshop",)
MAX_ROUNDS: Final = 1_000_000  # for one password
_MOST_ROUNDS: Final = 3_000_000  # for all passwords; some ten seconds
_ROUNDS: Final = re.compile(rb'spinCount\s*=\s*["\'](\d{1,20})["\']')
_AGILE: Final = b"\4\0\4\0"  # the version of the way of 2010 and later
_STANDARD: Final = 50_000
_ABOUT: Final = "EncryptionInfo"
_LONGEST: Final = 255  # characters of a password in Excel

_fitted: list[str] = []  # passwords that opened a file: who encrypts many files mostly uses one


def decrypted(data: bytes, passwords: Sequence[str]) -> bytes:
    """Give what an encrypted .xlsx or .xls holds.

    Raises:
        Refused: ``file-encrypted``, no password fits; ``file-key-costly``; ``file-encrypted-kind``, it is encrypted in
            a way that cannot be undone here; ``file-damaged``, ``file-doctype``.
    """
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError

    rounds = _rounds(data)
    if rounds > MAX_ROUNDS:
        raise Refused("file-key-costly", count=rounds, limit=MAX_ROUNDS)
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        for password in _in_order(passwords)[: _MOST_ROUNDS // rounds]:
            content = io.BytesIO()
            with contextlib.suppress(InvalidKeyError):
                file.load_key(password=password)
                file.decrypt(content)
                _remember(password)
                return content.getvalue()
    except (DecryptionError, FileFormatError) as fault:
        raise Refused("file-encrypted-kind", kind="Office") from fault
    except MemoryError:
        raise
    except Exception as fault:
        # Whatever: it takes what was made up for true. Seen are IndexError, struct.error, AssertionError, ExpatError.
        raise Refused("file-damaged", part=_ABOUT) from fault
    raise Refused("file-encrypted")


def _remember(password: str) -> None:
    if password in _fitted:
        _fitted.remove(password)
    _fitted.insert(0, password)


def _in_order(passwords: Sequence[str]) -> list[str]:
    """Give the passwords to try: those that fitted before come first."""
    known = [each for each in _fitted if each in passwords]
    return list(dict.fromkeys([*_EXCELS_OWN, *known, *(each for each in passwords if 0 < len(each) <= _LONGEST)]))


def _rounds(data: bytes) -> int:
    """Read how many rounds a key takes; what is made otherwise (.xls, the standard way of 2007) takes a fixed number.

    The XML that says so is looked at before it is parsed: as ASCII, so that nothing hides in another encoding.
    """
    compound = Compound(data)
    if _ABOUT not in compound:
        return 1
    about = compound.stream(_ABOUT)
    if about[:4] != _AGILE:
        return _STANDARD
    if b"<!" in about:
        raise Refused("file-doctype", part=_ABOUT)
    found = [int(each) for each in _ROUNDS.findall(about)]
    if not found or b"\0" in about[8:].rstrip(b"\0"):
        raise Refused("file-damaged", part=_ABOUT)
    return max(1, *found)
