"""Get the tools that tests need: Debian packages where this may install them, and the pinned npm packages.

Elsewhere what is missing is named; the tests that need it are then skipped with the reason. Under ``CI=true`` a missing
tool is a failure. Runs before anything is installed: standard library only.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NODE = Path(__file__).resolve().parent / "node"


def _has_font(name: str) -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    return bool(subprocess.run([lister, name], capture_output=True, check=False).stdout.strip())


def _has_uno() -> bool:
    python = Path("/usr/bin/python3")
    if not python.exists():
        return False
    return subprocess.run([python, "-c", "import uno"], capture_output=True, check=False).returncode == 0


def _has_file(path: str) -> bool:
    return Path(path).exists()


# Debian package → is what it brings already here?
NEEDED: dict[str, Callable[[], object]] = {
    "libreoffice-calc": lambda: shutil.which("soffice") and _has_file("/usr/lib/libreoffice/program/libsclo.so"),
    "libreoffice-writer": lambda: _has_file("/usr/lib/libreoffice/program/libswlo.so"),
    "python3-uno": _has_uno,
    "fonts-noto-cjk": lambda: _has_font("Noto Sans CJK SC"),
    "fonts-crosextra-carlito": lambda: _has_font("Carlito"),
    "gnumeric": lambda: shutil.which("ssconvert"),
    "poppler-utils": lambda: shutil.which("pdftoppm"),
    "strace": lambda: shutil.which("strace"),
    "dovecot-imapd": lambda: _has_file("/usr/lib/dovecot/imap"),
    "dovecot-pop3d": lambda: _has_file("/usr/lib/dovecot/pop3"),
    "dovecot-lmtpd": lambda: _has_file("/usr/lib/dovecot/lmtp"),
    "chromium": lambda: shutil.which("chromium"),
    "npm": lambda: shutil.which("npm"),
}


def _has_npm_packages() -> bool:
    """Tell whether every package that tests/node asks for is there; ``package.json`` names them."""
    wanted = json.loads((NODE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return all((NODE / "node_modules" / name / "package.json").exists() for name in wanted)


def _missing() -> list[str]:
    return [package for package, is_here in NEEDED.items() if not is_here()]


def main() -> int:
    """Install what is missing where that is possible; name the rest. Exit status 1 only under CI."""
    missing = _missing()
    if missing and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("installing for the tests:", *missing, flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
            subprocess.run(["apt-get", *arguments], env=environment, capture_output=True, check=False)
        missing = _missing()
    if "npm" not in missing and not _has_npm_packages():
        done = subprocess.run(
            ["npm", "install", "--no-save", "--silent", "--no-audit", "--no-fund"], cwd=NODE, check=False
        )
        if done.returncode:
            missing.append("the npm packages of tests/node")
    if missing:
        print("not here, so tests that need it are skipped:", ", ".join(missing), file=sys.stderr)
    return int(bool(missing) and os.environ.get("CI") == "true")


if __name__ == "__main__":
    sys.exit(main())
