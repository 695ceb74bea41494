"""What a server means when it does not let us in: the words differ from provider to provider, the reasons are few."""

import re
from collections.abc import Sequence
from typing import Final

from ledgergen.findings import Finding, Where, finding
from ledgergen.mail.presets import Preset, preset_of_host
from ledgergen.records import Server

# As reported of NetEase, QQ, Coremail, Aliyun and Exchange; what fits none is a refused login. The order counts: a
# message that names several reasons is taken for the one that a person can do most about.
_REASONS: Final = (
    ("mail-unsafe-login", re.compile(r"unsafe login|不安全", re.IGNORECASE)),
    (
        "mail-login-code",
        re.compile(r"authori[sz]ed code|authori[sz]ation code|application[- ]specific|app password|授权码|授权密码|"
                   r"客户端专用密码|service\.mail\.qq\.com", re.IGNORECASE),
    ),
    (
        "mail-not-enabled",
        re.compile(r"not (?:be )?(?:enabled|opened|open\b|activated)|service is not open|no permission|disabled|"
                   r"permission denied|未开启|未开通|没有开启|usernotenabled|basicauthblocked", re.IGNORECASE),
    ),
)  # fmt: skip


def login_refused(words: str, server: Server, presets: Sequence[Preset] = (), language: str = "zh") -> Finding:
    """Put a refused login in plain words: the wrong code, mail programs not let in, an unsafe program, or just wrong.

    ``words`` are the server's own, already without the secret.
    """
    preset = preset_of_host(presets, server.host)
    code = next((code for code, pattern in _REASONS if pattern.search(words)), "mail-login-refused")
    if code == "mail-login-refused" and preset is not None and preset.wants_code:
        code = "mail-login-code"  # whoever wants a code is nearly always given the password of the web page instead
    place = f"{server.host}:{server.port}"
    advice = preset.advises(language) if preset else _nobody_knows(presets, language)
    return finding(code, Where(server.place), server=place, reason=words, advice=advice)


def _nobody_knows(presets: Sequence[Preset], language: str) -> str:
    return next((preset.advises(language) for preset in presets if preset.id == "generic"), "")
