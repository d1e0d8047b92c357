"""Blind indexes whose key can be changed without the values they stand for: many are kept nowhere else.

The inner part of an index is HMAC-SHA256 under a key that stays. The outer part is a point of the curve P-256: a point
hashed from the inner part, times the outer key; its x coordinate is the index (the key-homomorphic function of Boneh et
al., CRYPTO 2013, "H(x) to the k"). From an index under one key that under another is reckoned by the quotient of the
two, so the old one can be destroyed. ``PLAIN`` is the first generation: the inner part alone.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

PLAIN: Final = "plain"
INDEX_KEY_BYTES: Final = 32
_CURVE: Final = ec.SECP256R1()
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""of P-256 (NIST SP 800-186)"""
_TAG: Final = 8
_EVEN: Final = b"\x02"
"""before the x coordinate of a compressed point; the other one has the same multiples but for their sign"""


class Indexed(str):
    """An index under the active key. ``before``: under the other key while one replaces the other, else the same."""

    __slots__ = ("before",)
    before: str

    def __new__(cls, value: str, before: str) -> Indexed:
        """Both forms."""
        made = super().__new__(cls, value)
        made.before = before
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """What a copy is made from."""
        return str(self), self.before


def new_index_key() -> bytes:
    """A fresh outer key."""
    return (secrets.randbelow(_ORDER - 1) + 1).to_bytes(INDEX_KEY_BYTES, "big")


def tag_of(key_id: str) -> str:
    """What an index under this outer key begins with; "" for the first generation."""
    return "" if key_id == PLAIN else hashlib.sha256(key_id.encode()).hexdigest()[:_TAG] + "."


class IndexKeys:
    """One outer key, or two while one replaces the other."""

    __slots__ = ("_keys", "active")

    def __init__(self, keys: Mapping[str, bytes], active: str) -> None:
        """``keys`` by id, 32 bytes each but for ``PLAIN``, which has none; raises ``ValueError``."""
        good = all(not key if key_id == PLAIN else _is_scalar(key) for key_id, key in keys.items())
        if active not in keys or not good or len(keys) > 2:
            raise ValueError("one or two index keys of 32 bytes, the active one among them")
        self._keys = dict(keys)
        self.active = active

    def __eq__(self, other: object) -> bool:
        return isinstance(other, IndexKeys) and (self._keys, self.active) == (other._keys, other.active)

    __hash__ = None  # type: ignore[assignment]

    @property
    def other(self) -> str | None:
        """The id of the key that comes or goes."""
        return next((key_id for key_id in self._keys if key_id != self.active), None)

    def index(self, inner: str) -> Indexed:
        """The index of what has this inner part."""
        value = self._under(self.active, inner)
        return Indexed(value, self._under(self.other, inner) if self.other else value)

    def moved(self, value: str, to: str) -> str:
        """An index under either key as it is under ``to``; raises ``ValueError`` when it is under neither."""
        if value.startswith(tag_of(to)) and (to != PLAIN or "." not in value):
            return value
        start = next((each for each in self._keys if each != to), None)
        if start is None or to == PLAIN or not self._is_under(start, value):
            raise ValueError("an index under a key that is not here")
        if start == PLAIN:
            return self._under(to, value)
        x = base64.urlsafe_b64decode(value.removeprefix(tag_of(start)) + "=")
        return tag_of(to) + _multiple(_quotient(self._keys[to], self._keys[start]), _point(x))

    def _is_under(self, key_id: str, value: str) -> bool:
        return "." not in value if key_id == PLAIN else value.startswith(tag_of(key_id))

    def _under(self, key_id: str, inner: str) -> str:
        if key_id == PLAIN:
            return inner
        return tag_of(key_id) + _multiple(int.from_bytes(self._keys[key_id], "big"), _hashed(inner))


def _is_scalar(key: bytes) -> bool:
    return len(key) == INDEX_KEY_BYTES and 0 < int.from_bytes(key, "big") < _ORDER


def _quotient(new: bytes, old: bytes) -> int:
    return int.from_bytes(new, "big") * pow(int.from_bytes(old, "big"), -1, _ORDER) % _ORDER


def _point(x: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _EVEN + x)


def _hashed(inner: str) -> ec.EllipticCurvePublicKey:
    """A point whose logarithm nobody knows: every second x coordinate is one of the curve."""
    for attempt in range(256):
        try:
            return _point(hashlib.sha256(f"{attempt}|{inner}".encode()).digest())
        except ValueError:
            continue
    raise ValueError("no point found")  # once in 2**256


def _multiple(scalar: int, point: ec.EllipticCurvePublicKey) -> str:
    """The x coordinate of ``scalar`` times the point, in base64."""
    return base64.urlsafe_b64encode(_private(scalar).exchange(ec.ECDH(), point)).decode().rstrip("=")


@lru_cache(maxsize=4)
def _private(scalar: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(scalar, _CURVE)
