"""Codes for who lost the telephone: ten, each opens once instead of a one-time code.

Twelve digits, so that they fit the field and the keys of the one-time codes: 40 bits, which nobody guesses in five
attempts a quarter of an hour; what is kept is a keyed hash, so that a copy of the database is no place to guess either.
"""

from __future__ import annotations

import re
import secrets

from callbot.domain.personal import Personal

COUNT, DIGITS = 10, 12
_CODE = re.compile(rf"[0-9]{{{DIGITS}}}", re.ASCII)


def new_codes() -> tuple[Personal, ...]:
    """Ten different codes."""
    codes: dict[str, None] = {}
    while len(codes) < COUNT:
        codes[f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"] = None
    return tuple(Personal(code) for code in codes)


def read_code(text: str) -> Personal | None:
    """The code as typed from paper, spaces and dashes dropped; None for anything else."""
    digits = "".join(text.split()).replace("-", "")
    return Personal(digits) if _CODE.fullmatch(digits) else None


def in_groups(code: Personal) -> str:
    """A code as it is shown: « 1234 5678 9012 »."""
    text = code.reveal()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
