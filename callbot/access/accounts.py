"""Accounts of staff. What opens one is kept apart from who it is, so that no page ever holds it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from callbot.access.roles import Role
from callbot.domain.personal import Personal, PersonName

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,62}[a-z0-9]", re.ASCII)
LONGEST_NAME = 80
"""characters of a display name"""


@dataclass(frozen=True, slots=True, repr=False)
class Login(Personal):
    """What somebody types to say who they are, in small letters."""


def read_login(text: str) -> Login | None:
    """The login of ``text``: 3 to 64 small letters, digits and ``. _ - @``; capitals are made small. None otherwise."""
    folded = text.strip().lower()
    return Login(folded) if _LOGIN.fullmatch(folded) else None


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the staff. ``login`` is None for accounts that enter by the authority's own provider only."""

    id: str
    name: PersonName
    role: Role
    created_at: datetime
    login: Login | None = None
    has_second_factor: bool = False
    must_change_password: bool = False
    """somebody else chose it"""
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Secrets:
    """What opens an account. The one-time codes' keys are in base32."""

    password_hash: str | None = field(default=None, repr=False)
    key: Personal | None = None
    pending_key: Personal | None = None
    """shown, and not confirmed by a code yet"""


@dataclass(frozen=True, slots=True)
class Known:
    """An account with what opens it; never leaves this room and the storage."""

    account: Account
    secrets: Secrets


def new_id() -> str:
    """An id that tells nothing."""
    return secrets.token_hex(8)
