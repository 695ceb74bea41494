"""Encrypted files: opened with the password that fits, and nothing of it is left anywhere."""

import hashlib
import json
import logging
import struct
import zlib
from pathlib import Path

import psutil
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.method.ecma376_standard import ECMA376Standard

from archive_builders import codes, encrypted_zip, locked, rarred, readings, sevenzipped, told, zipped, zipped_raw
from ledgergen.findings import message, remedy
from ledgergen.workbook import decrypt
from ledgergen.workbook.inspect import Refused
from ledgergen.workbook.pool import BoundedReader
from test_read_builders import written
from write_cases import in_libreoffice

WORD = "密码 A-1;$(x)"  # Excel 97 takes 15 characters at most
BOOK = written([["财政", "行"]])
LOCKED = locked(BOOK, WORD)
TWO = {"a.xlsx": BOOK, "b.xlsx": written([["发改", "行"]])}


@pytest.mark.parametrize(
    ("data", "label"),
    [
        (LOCKED, ""),
        (zipped({"a.xlsx": LOCKED}), "a.xlsx"),
        (encrypted_zip({"a.xlsx": BOOK}, WORD.encode()), "a.xlsx"),
        (encrypted_zip({"a.xlsx": BOOK}, WORD.encode("gb18030")), "a.xlsx"),
        (sevenzipped({"a.xlsx": BOOK}, WORD), "a.xlsx"),
        (sevenzipped({"a.xlsx": BOOK}, WORD, names_too=True), "a.xlsx"),
        (encrypted_zip({"a.xlsx": LOCKED}, WORD.encode()), "a.xlsx"),
        (zipped({"b.zip": encrypted_zip({"a.xlsx": BOOK}, WORD.encode())}), "b.zip › a.xlsx"),
    ],
    ids=["xlsx", "xlsx in zip", "zip", "zip, GBK", "7z", "7z with names", "twice", "zip in zip"],
)
def test_the_password_that_fits_opens_it_and_without_it_a_finding_says_how(data: bytes, label: str) -> None:
    for passwords in ([], ["wrong"], ["", "x" * 300, "wrong"]):
        found = [each for each in readings(data, passwords) if each.findings]
        assert [codes(each.findings) for each in found] == ["file-encrypted"]
        assert WORD not in message(found[0].findings[0])
        for way in ("--password-file", "--ask-password", "LEDGERGEN_PASSWORDS"):
            assert way in remedy(found[0].findings[0])
    assert told(readings(data, ["wrong", WORD])) == [(label, "财政")]


def test_zipcrypto_as_old_programs_write_it() -> None:
    """Python cannot write it; this is what it comes to by its own rules (APPNOTE 6.1)."""
    data = _zipcrypto("a.xlsx", BOOK, b"geheim")
    assert told(readings(data, ["wrong", "geheim"])) == [("a.xlsx", "财政")]
    # One wrong password in 256 passes the first check.
    assert told(readings(data, [f"wrong {number}" for number in range(600)])) == [("a.xlsx", "file-encrypted")]


def test_files_that_are_not_encrypted_are_read_beside_those_that_are() -> None:
    data = zipped({**TWO, "c.xlsx": LOCKED})
    assert told(readings(data)) == [("a.xlsx", "财政"), ("b.xlsx", "发改"), ("c.xlsx", "file-encrypted")]
    assert told(readings(data, [WORD]))[2] == ("c.xlsx", "财政")


def test_what_excel_encrypts_with_its_own_password_opens_unasked() -> None:
    assert told(readings(locked(BOOK, "VelvetSweatshop"))) == [("", "财政")]


def test_old_xls_and_ods_as_libreoffice_saves_them(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(BOOK)
    in_libreoffice("lock", tmp_path / "a.xlsx", WORD)
    xls, ods = ((tmp_path / f"a.{extension}").read_bytes() for extension in ("xls", "ods"))
    assert told(readings(xls, ["wrong"])) == [("", "file-encrypted")]
    assert told(readings(xls, ["wrong", WORD])) == [("", "财政")]
    (found,) = readings(ods, [WORD])
    assert (codes(found.findings), found.findings[0].facts["kind"]) == ("file-encrypted-kind", "OpenDocument")
    assert "OpenDocument" in message(found.findings[0])


def test_an_encrypted_rar_is_not_opened_because_its_program_would_need_the_password_in_its_words() -> None:
    data = rarred({"a.xlsx": BOOK}, flags=4)
    (found, _) = readings(data, [WORD])
    assert (codes(found.findings), found.findings[0].facts["kind"]) == ("file-encrypted-kind", "RAR")


def test_the_child_is_told_through_its_pipe_only(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LEDGERGEN_PASSWORDS", WORD)
    caplog.set_level(logging.DEBUG)
    with BoundedReader(passwords=[WORD]) as reader:
        found = list(reader.read_all("a.xlsx", LOCKED))
        child = reader._child
        assert child is not None
        process = psutil.Process(child._process.pid)
        assert WORD not in " ".join(process.cmdline())
        assert WORD not in process.environ().values()
        assert told(found) == [("", "财政")]
        list(reader.read_all("b.xlsx", LOCKED[:5_000]))
        words = child._words
    said = json.dumps([item.to_json() for each in found for item in each.findings])
    assert WORD not in said + words.decode("utf-8", "replace") + caplog.text


def test_a_key_that_costs_too_much_is_not_even_begun() -> None:
    for about, code in (
        (b"<encryption spinCount='4000000000'/>", "file-key-costly"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><encryption spinCount='1'/>", "file-doctype"),
        ("<encryption spinCount='1'/>".encode("utf-16-le"), "file-damaged"),
        (b"<encryption/>", "file-damaged"),
    ):
        (found,) = readings(_compound({"EncryptionInfo": b"\4\0\4\0\x40\0\0\0" + about, "EncryptedPackage": bytes(9)}))
        assert codes(found.findings) == code


def test_many_passwords_for_a_key_that_costs_much_are_tried_as_far_as_time_allows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decrypt, "_MOST_ROUNDS", 300_000)
    monkeypatch.setattr(decrypt, "_fitted", [])
    with pytest.raises(Refused) as refused:
        decrypt.decrypted(LOCKED, ["one", "two", WORD])  # the third after Excel's own
    assert refused.value.code == "file-encrypted"
    assert decrypt.decrypted(LOCKED, ["one", WORD]) == BOOK
    assert decrypt.decrypted(LOCKED, ["one", "two", WORD]) == BOOK, "what fitted before is tried first"


def test_what_is_encrypted_otherwise_or_not_at_all_is_a_finding() -> None:
    for about, code in ((b"\3\0\3\0" + bytes(60), "file-encrypted-kind"), (b"\3\0\2\0" + bytes(60), "file-damaged")):
        (found,) = readings(_compound({"EncryptionInfo": about, "EncryptedPackage": bytes(5000)}), ["x"])
        assert codes(found.findings) == code


def test_the_standard_way_of_excel_2007() -> None:
    """Made by its own rules ([MS-OFFCRYPTO] 2.3.4.5): AES-128 without chaining, a key of 50,000 rounds of SHA-1."""
    salt, verifier = bytes(range(16)), bytes(range(16, 32))
    key = ECMA376Standard.makekey_from_password(WORD, 0x660E, 0x8004, 0x18, 128, 16, salt)

    def sealed(data: bytes) -> bytes:
        maker = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - as the format has it
        return maker.update(data.ljust(-(-len(data) // 16) * 16, b"\0")) + maker.finalize()

    name = "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")
    header = struct.pack("<8I", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + name
    hashed = hashlib.sha1(verifier).digest()  # noqa: S324 - as the format has it
    about = struct.pack("<HHII", 3, 2, 0x24, len(header)) + header
    about += struct.pack("<I", 16) + salt + sealed(verifier) + struct.pack("<I", 20) + sealed(hashed)
    content = struct.pack("<Q", len(BOOK)) + sealed(BOOK)
    data = _compound({"EncryptionInfo": about, "EncryptedPackage": content})
    assert told(readings(data, ["wrong"])) == [("", "file-encrypted")]
    assert told(readings(data, ["wrong", WORD])) == [("", "财政")]


@pytest.mark.parametrize("step", [97, 1009])
def test_an_encrypted_file_that_breaks_off_or_is_damaged(step: int) -> None:
    with BoundedReader(passwords=[WORD]) as reader:
        for cut in range(8, len(LOCKED), len(LOCKED) // 12 + step):
            for data in (LOCKED[:cut], LOCKED[:cut] + bytes([LOCKED[cut] ^ 0x55]) + LOCKED[cut + 1 :]):
                (found,) = reader.read_all("a.xlsx", data)
                assert found.findings or (found.workbook and found.workbook.grids[0].text(0, 0) == "财政")


def _compound(streams: dict[str, bytes]) -> bytes:
    """Make an OLE container with streams of their own sectors, each hung to the right of the one before it."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    entries, table, body = [_entry("Root Entry", 5, end, 0, 1)], [0xFFFFFFFD, end], b""
    for name, content in streams.items():
        padded = content.ljust(4096, b" ")
        start, count = len(table), -(-len(padded) // 512)
        table += [*range(start + 1, start + count), end]
        right = len(entries) + 1 if len(entries) < len(streams) else free
        entries.append(_entry(name, 2, start, len(padded), right))
        body += padded.ljust(count * 512, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIII", 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    table += [free] * (128 - len(table))
    return head + struct.pack("<128I", *table) + b"".join(entries).ljust(512, b"\0") + body


def _entry(name: str, kind: int, start: int, size: int, next_one: int) -> bytes:
    spelled, free = name.encode("utf-16-le"), 0xFFFFFFFF
    sides = (free, next_one, free) if kind == 2 else (free, free, next_one)
    return struct.pack("<64sHBB3I36xII4x", spelled, len(spelled) + 2, kind, 1, *sides, start, size)


def _zipcrypto(name: str, content: bytes, password: bytes) -> bytes:
    table = [0] * 256
    for number in range(256):
        value = number
        for _ in range(8):
            value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
        table[number] = value
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = keys[0] >> 8 ^ table[(keys[0] ^ byte) & 255]
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = keys[2] >> 8 ^ table[(keys[2] ^ keys[1] >> 24) & 255]

    def encrypted(data: bytes) -> bytes:
        made = bytearray()
        for byte in data:
            mask = keys[2] & 0xFFFF | 2
            made.append(byte ^ (mask * (mask ^ 1) >> 8) & 255)
            update(byte)
        return bytes(made)

    for byte in password:
        update(byte)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    sealed = encrypted(bytes(11) + bytes([zlib.crc32(content) >> 24]) + packed)
    data = zipped_raw([(name.encode(), content)], flags=1)
    at = data.index(packed)
    data = data[:at] + sealed + data[at + len(packed) :]
    patched = bytearray(data)
    struct.pack_into("<I", patched, 18, len(sealed))
    central = patched.index(b"PK\1\2")
    struct.pack_into("<I", patched, central + 20, len(sealed))
    end = patched.rindex(b"PK\5\6")
    struct.pack_into("<I", patched, end + 16, central)
    return bytes(patched)
