"""One-time codes (TOTP, RFC 6238): six digits every thirty seconds, each taken once."""

from __future__ import annotations

from datetime import datetime
from hmac import compare_digest

import pyotp

from callbot.domain.personal import Personal

STEP_S = 30
_DRIFT = 1
"""steps a telephone's clock may be early or late (RFC 6238, 5.2)"""


def new_key() -> Personal:
    """160 random bits in base32."""
    return Personal(pyotp.random_base32())


def step_of(key: Personal, code: str, at: datetime) -> int | None:
    """The time step whose code this is, None when it is none of now; all steps are compared, in constant time."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        return None
    codes = pyotp.TOTP(key.reveal(), interval=STEP_S)
    now = int(at.timestamp()) // STEP_S
    fitting = [step for step in range(now - _DRIFT, now + _DRIFT + 1) if compare_digest(_code(codes, step), digits)]
    return fitting[-1] if fitting else None


def _code(codes: pyotp.TOTP, step: int) -> str:
    return codes.at(step * STEP_S)


def provisioning_uri(key: Personal, account: str, issuer: str) -> str:
    """The ``otpauth:`` address that authenticator applications read from a drawing."""
    return pyotp.TOTP(key.reveal(), interval=STEP_S).provisioning_uri(name=account, issuer_name=issuer)
