"""Passwords: what is too weak, and argon2 away from the event loop."""

from __future__ import annotations

import asyncio
import secrets
from enum import Enum

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST, LONGEST = 12, 128
"""characters (CNIL, deliberation 2022-100: length counts, and throttling stands behind it)"""
_FEWEST_DIFFERENT = 6
_COMMON = ("motdepasse", "password", "azerty", "qwerty", "encombrant", "marseille", "metropole", "bonjour")
_LEAST_OF_OWN = 6
"""letters that must be left of a password without the words everybody tries, digits and signs"""
_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"
_AT_ONCE = 2
"""hashes made at the same time: each takes 64 MiB for a tenth of a second"""


class WeakPassword(Enum):
    """Why a new password is not taken, in words for the person who chose it."""

    SHORT = f"Choisissez un mot de passe d'au moins {SHORTEST} caractères."
    LONG = f"Choisissez un mot de passe de {LONGEST} caractères au plus."
    PLAIN = "Ce mot de passe répète trop peu de caractères différents. Quatre mots sans lien font un bon mot de passe."
    COMMON = "Ce mot de passe est de ceux qu'on essaie d'abord. Quatre mots sans lien font un bon mot de passe."
    NAMED = "Ce mot de passe contient votre identifiant ou votre nom. Choisissez-en un autre."


def weakness(password: str, *about: str) -> WeakPassword | None:
    """What is wrong with a new password; ``about``: login and names, which it must not contain."""
    if len(password) < SHORTEST:
        return WeakPassword.SHORT
    if len(password) > LONGEST:
        return WeakPassword.LONG
    folded = password.casefold()
    if len(set(folded)) < _FEWEST_DIFFERENT:
        return WeakPassword.PLAIN
    if _left_of(folded) < _LEAST_OF_OWN:
        return WeakPassword.COMMON
    words = (word for text in about for word in (text.casefold(), *text.casefold().split()))
    return WeakPassword.NAMED if any(len(word) > 3 and word in folded for word in words) else None


def _left_of(folded: str) -> int:
    """How many letters are somebody's own."""
    rest = folded.replace(" ", "")
    for word in _COMMON:
        rest = rest.replace(word, "")
    return sum(char.isalpha() for char in rest)


def one_time_password() -> str:
    """One for somebody else to type once: 79 random bits in letters and digits that nobody takes for others."""
    while True:
        text = "".join(secrets.choice(_LEGIBLE) for _ in range(16))
        grouped = "-".join(text[at : at + 4] for at in range(0, 16, 4))
        if weakness(grouped) is None:  # one in some thousands has too few letters
            return grouped


class Passwords:
    """Makes and checks hashes in threads, few at a time."""

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        """``hasher``: argon2id with the library's recommended costs when None; tests take cheap ones."""
        self._hash = PasswordHash((hasher or Argon2Hasher(),))
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobody: str | None = None

    async def hashed(self, password: str) -> str:
        """The hash of a new password, with its own salt."""
        async with self._turn:
            return await asyncio.to_thread(self._hash.hash, password)

    async def fits(self, password: str, password_hash: str | None) -> bool:
        """Whether this is the password. Without a hash (no such account) as much is reckoned, and it never fits."""
        if len(password) > LONGEST:
            password = ""  # no account has it; reckoned all the same
        against = password_hash or await self._nobodys()
        async with self._turn:
            fitting = await asyncio.to_thread(self._verified, password, against)
        return fitting and password_hash is not None

    def _verified(self, password: str, password_hash: str) -> bool:
        try:
            return self._hash.verify(password, password_hash)
        except UnknownHashError:
            return False

    async def _nobodys(self) -> str:
        if self._nobody is None:
            self._nobody = await self.hashed(secrets.token_urlsafe())
        return self._nobody
