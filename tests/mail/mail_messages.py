"""Messages for the mailbox tests: ledgers, notes and large files as attachments."""

import base64
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP


def letter(
    number: int | str = 1,
    *attached: tuple[str, bytes],
    sender: str = "zjj@example.invalid",
    subject: str = "报送台账",
    text: str = "请查收。",
) -> bytes:
    """Write a mail with attachments, as a mail program does."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, "office@example.invalid", subject
    message["Date"] = "Fri, 08 Jul 2022 09:30:00 +0800"
    message["Message-ID"] = f"<m{number}@example.invalid>"
    message.set_content(text)
    for name, data in attached:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def large_letter(size: int, number: int | str = "large", name: str = "现场照片.bin") -> bytes:
    """Write a mail of about so many bytes, most of them one attachment that does not compress."""
    return b"".join(large_pieces(size, number, name))


def large_pieces(size: int, number: int | str = "large", name: str = "现场照片.bin") -> Iterator[bytes]:
    """Write such a mail piece by piece."""
    encoded = base64.b64encode(name.encode()).decode()
    yield (
        f"From: zjj@example.invalid\r\nSubject: large\r\nMessage-ID: <{number}@example.invalid>\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\n'
        f'Content-Type: application/octet-stream; name="=?utf-8?B?{encoded}?="\r\n'
        "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n"
    ).encode()
    line = base64.b64encode(bytes(range(57))) + b"\r\n"
    block = line * 1000
    for _ in range(size // len(block)):
        yield block
    yield line * ((size % len(block)) // len(line))
    yield b"--b--\r\n"
