"""Real mail servers on the loopback for the tests: Dovecot (IMAP, POP3, LMTP) and an SMTP server that relays to it.

One Dovecot for a whole run, below a folder of its own, as one unprivileged user, with a certificate of a CA made for
the run. Every user name is a mailbox and every mailbox has the one password, so that a test takes a fresh name and
disturbs no other. Stopped at exit.
"""

import contextlib
import grp
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from certificates import make_certificates

HOST: Final = "localhost"
PASSWORD: Final = "canary-authorisation-code-7Qx"  # noqa: S105 - what a test looks for in all that is written
_PATIENCE: Final = 20.0
_CONFIG: Final = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap pop3 lmtp
listen = 127.0.0.1
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
auth_username_format = %Lu
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = 1000
lmtp_save_to_detail_mailbox = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  service_count = 0
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
protocol imap {{
  imap_id_send = name *
}}
"""


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on."""
    with contextlib.ExitStack() as held:
        listening = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in listening]


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running Dovecot. The plain ports speak STARTTLS too; ``ca`` is the certificate that clients must trust."""

    folder: Path
    ca: Path
    imap: int
    imaps: int
    pop3: int
    pop3s: int
    lmtp: int
    process: "subprocess.Popen[bytes]"

    def maildir(self, user: str, folder: str = "INBOX") -> Path:
        """Give the Maildir of a user's folder, made where it is not there."""
        root = self.folder / "mail" / user
        path = root if folder == "INBOX" else root / f".{folder.replace('/', '.')}"
        if not (path / "tmp").is_dir():
            for name in ("cur", "new", "tmp"):
                (path / name).mkdir(parents=True, exist_ok=True)
            if path != root:
                (path / "maildirfolder").touch()
            self._own(root)
        return path

    def put(
        self,
        user: str,
        message: bytes,
        *,
        folder: str = "INBOX",
        flags: str = "",
        at: float | None = None,
        name: str = "",
    ) -> Path:
        """Lay a message into a mailbox as it is; ``flags`` as Maildir spells them (``S`` seen, ``T`` deleted)."""
        path = self.maildir(user, folder)
        number = sum(1 for name in ("cur", "new") for _ in (path / name).iterdir()) + 1
        file = path / "cur" / f"{name or f'17000{number:07d}.M{number}P1.test'}:2,{''.join(sorted(flags))}"
        file.write_bytes(message)
        moment = 1_660_000_000 + number if at is None else at
        os.utime(file, (moment, moment))
        self._own(file)
        return file

    def deliver(self, recipient: str, message: bytes, sender: str = "sender@example.invalid") -> None:
        """Deliver a message by LMTP, as a mail server does."""
        with smtplib.LMTP("127.0.0.1", self.lmtp, timeout=_PATIENCE) as line:
            line.sendmail(sender, [recipient], message)

    def messages(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """Give the messages that lie in a mailbox, in the order in which they came."""
        path = self.maildir(user, folder)
        files = [*(path / "cur").iterdir(), *(path / "new").iterdir()]
        return [file.read_bytes() for file in sorted(files, key=lambda each: (each.stat().st_mtime_ns, each.name))]

    def snapshot(self, user: str) -> Mapping[str, tuple[int, bytes]]:
        """Take everything of a user's mailboxes: file names (they carry the flags), times and bytes.

        Left out is what Dovecot keeps for itself (``dovecot*``): indexes and the list of UIDs.
        """
        root = self.folder / "mail" / user
        files = (path for path in root.rglob("*") if path.is_file() and not path.name.startswith("dovecot"))
        return {str(path.relative_to(root)): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    def renumber(self, user: str, folder: str = "INBOX") -> None:
        """Give a folder another UIDVALIDITY and all its messages other UIDs, as a restored mailbox has."""
        for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
            (self.maildir(user, folder) / name).unlink(missing_ok=True)
        time.sleep(1.1)  # Dovecot takes the second for its new UIDVALIDITY

    def log(self) -> str:
        """Give what Dovecot has logged."""
        return (self.folder / "dovecot.log").read_text(encoding="utf-8", errors="replace")

    def _own(self, top: Path) -> None:
        if os.geteuid() == 0:
            uid, gid = _unprivileged()
            for path in (top, *top.rglob("*")):
                os.chown(path, uid, gid)

    def stop(self) -> None:
        """Stop the server and remove all it had."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(_PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)


def start_dovecot(program: str) -> Dovecot:
    """Start Dovecot and wait for its greeting."""
    folder = Path(tempfile.mkdtemp(prefix="lg-mail-"))
    uid, gid = _unprivileged()
    make_certificates(folder)
    ports = dict(zip(("imap", "imaps", "pop3", "pop3s", "lmtp"), free_ports(5), strict=True))
    user, group = pwd.getpwuid(uid).pw_name, grp.getgrgid(gid).gr_name
    text = _CONFIG.format(folder=folder, user=user, group=group, uid=uid, gid=gid, password=PASSWORD, **ports)
    (folder / "dovecot.conf").write_text(text, encoding="utf-8")
    (folder / "mail").mkdir()
    command = [program, "-F", "-c", str(folder / "dovecot.conf")]
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, uid, gid)
        command = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *command]
    with (folder / "start.log").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, cwd=folder)
    server = Dovecot(folder, folder / "ca.pem", process=process, **ports)
    try:
        for port in (server.imap, server.pop3, server.lmtp):
            _await_greeting(server, port)
    except BaseException:
        server.stop()
        raise
    return server


def _unprivileged() -> tuple[int, int]:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid
    return os.geteuid(), os.getegid()


def _await_greeting(server: Dovecot, port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            if line.recv(64):
                return
        time.sleep(0.02)
    raise RuntimeError(f"Dovecot does not answer: {(server.folder / 'start.log').read_text()}{server.log()}")
