"""What is noted of an account, in the journal that nobody changes: by ids, never by names or logins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

COMMAND, PROVIDER = "callbot", "provider"
"""who is named where no account did it: a command or the program itself, the authority's own provider"""
NOBODY = "unknown"
"""stands for the account where a login was tried that nobody has"""


class Change(StrEnum):
    """Kinds of notes."""

    MADE = "made"
    ROLE = "role changed"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    PASSWORD_RESET = "password reset"  # noqa: S105 - a word of the journal
    PASSWORD_CHANGED = "password changed"  # noqa: S105
    SECOND_FACTOR_SET_UP = "second factor set up"
    SECOND_FACTOR_RESET = "second factor reset"
    RECOVERY_CODES = "recovery codes renewed"
    RECOVERY_CODE_USED = "recovery code used"
    SESSIONS_ENDED = "sessions ended"
    FAILURES = "sign-ins failed"


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """A note; ``by`` and ``account`` are ids or one of the words above, ``detail`` a role, a number."""

    at: datetime
    change: Change
    by: str
    account: str
    detail: str = ""
