"""The key ring: AES-256-GCM for personal fields, HMAC-SHA256 for looking up by phone number."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from callbot.privacy.index_keys import PLAIN, Indexed, IndexKeys
from callbot.privacy.strength import weaknesses

Cipher = AESGCM
"""what seals with one key"""
KEY_BYTES = 32
_NONCE_BYTES = 12
_LONGEST_KEY_ID = 255


class KeyProblemError(Exception):
    """A key is missing, malformed or unreadable; the message says which setting or file, never the key."""


class CannotOpenError(Exception):
    """A sealed value cannot be opened: its key is not on the ring, or it was altered or moved to another place."""


class KeyRing:
    """Seals with the active key, opens with any key of the ring, so that keys can be changed without a rewrite.

    A sealed value is ``length of key id (1 byte) | key id | nonce (12 bytes) | ciphertext and tag``. ``place`` (table,
    column and row) is authenticated with it: a value copied to another row does not open.
    """

    __slots__ = ("_active", "_ciphers", "_index_key", "indexes", "weaknesses")

    def __init__(
        self, keys: Mapping[str, bytes], active: str, index_key: bytes, indexes: IndexKeys | None = None
    ) -> None:
        """``keys`` by id, 32 bytes each, ``active`` among them; ``index_key``: the inner key of blind indexes and of
        signatures, ``indexes``: the outer ones; raises ``KeyProblemError``."""
        if active not in keys:
            raise KeyProblemError(
                f"the active key {active!r} is not among the keys: {', '.join(sorted(keys)) or 'none'}"
            )
        for key_id, key in keys.items():
            if len(key) != KEY_BYTES or not 0 < len(key_id.encode()) <= _LONGEST_KEY_ID:
                raise KeyProblemError(
                    f"key {key_id!r} must be {KEY_BYTES} bytes with an id of 1 to {_LONGEST_KEY_ID} bytes"
                )
        if len(index_key) != KEY_BYTES:
            raise KeyProblemError(f"the index key must be {KEY_BYTES} bytes")
        self.weaknesses = weaknesses(keys, index_key)
        """what is wrong with these keys; empty: nothing was found"""
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._active = active
        self._index_key = index_key
        self.indexes = indexes or IndexKeys({PLAIN: b""}, PLAIN)
        """the outer keys of blind indexes"""

    def __repr__(self) -> str:
        return f"KeyRing(active={self._active!r}, keys={len(self._ciphers)})"

    @property
    def active(self) -> str:
        """The id of the key that seals."""
        return self._active

    @property
    def key_ids(self) -> frozenset[str]:
        """The ids of all keys."""
        return frozenset(self._ciphers)

    def follow(self, other: KeyRing) -> bool:
        """Take over the keys of ``other``, as its source has them now; True when they are not the same.

        Whoever holds this ring uses them from then on: keys are rotated under a running service. The inner index key
        stays: old signatures could not be checked any more. Raises ``KeyProblemError`` for another one.
        """
        if not hmac.compare_digest(other._index_key, self._index_key):
            raise KeyProblemError("the inner index key is another one: it is never rotated, bring the old one back")
        if (other._active, other.key_ids, other.indexes) == (self._active, self.key_ids, self.indexes):
            return False
        self.indexes = other.indexes
        self._ciphers, self._active, self.weaknesses = dict(other._ciphers), other._active, other.weaknesses
        return True

    def seal(self, text: str, place: str) -> bytes:
        """``text`` encrypted for ``place`` under the active key."""
        return seal_with(self._ciphers[self._active], self._active, text, place)

    def open(self, sealed: bytes, place: str) -> str:
        """The text sealed for ``place``; raises ``CannotOpenError``."""
        key_id = key_id_of(sealed)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise CannotOpenError(f"sealed with the key {key_id!r}, which is not on the ring")
        return open_with(cipher, sealed, place)

    def index(self, value: str) -> Indexed:
        """The blind index of ``value`` to store and to look up by: equal for equal values, tells nothing without the
        keys. Columns compare it under both outer keys while one replaces the other (``storage.types.BlindIndex``)."""
        return self.indexes.index(self.inner(value))

    def inner(self, value: str) -> str:
        """A name for ``value`` that no rotation changes: for locks, and where a sealed value is bound to it."""
        return hmac.new(self._index_key, value.encode(), hashlib.sha256).hexdigest()

    def sign(self, text: str) -> str:
        """A signature (Ed25519, hexadecimal) that anybody with the verifying key can check."""
        return self._signing_key().sign(text.encode()).hex()

    @property
    def verifying_key(self) -> str:
        """What signatures are checked with; may be published."""
        return self._signing_key().public_key().public_bytes_raw().hex()

    def _signing_key(self) -> Ed25519PrivateKey:
        # Of the inner index key, which is never rotated: old reports stay checkable.
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.inner("signing key of reports")))


def signature_fits(verifying_key: str, text: str, signature: str) -> bool:
    """True when ``signature`` was made over ``text`` by the ring with this verifying key; all in hexadecimal."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(verifying_key)).verify(bytes.fromhex(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def seal_with(cipher: Cipher, key_id: str, text: str, place: str) -> bytes:
    """``text`` encrypted for ``place``, with the id of its key before it."""
    header, nonce = key_header(key_id), secrets.token_bytes(_NONCE_BYTES)
    return header + nonce + cipher.encrypt(nonce, text.encode(), header + place.encode())


def open_with(cipher: Cipher, sealed: bytes, place: str) -> str:
    """The text sealed for ``place`` with the key of ``cipher``; raises ``CannotOpenError``."""
    header = key_header(key_id_of(sealed))
    nonce, body = sealed[len(header) : len(header) + _NONCE_BYTES], sealed[len(header) + _NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, body, header + place.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotOpenError(f"the value of {place.partition('|')[0]} does not open: altered or moved") from error


def key_id_of(sealed: bytes) -> str:
    """The id of the key a value was sealed with; raises ``CannotOpenError`` when it is no sealed value."""
    length = sealed[0] if sealed else 0
    if length == 0 or len(sealed) < 1 + length + _NONCE_BYTES:
        raise CannotOpenError("not a sealed value")
    try:
        return sealed[1 : 1 + length].decode()
    except UnicodeDecodeError as error:
        raise CannotOpenError("not a sealed value") from error


def new_key() -> bytes:
    """A fresh random key."""
    return secrets.token_bytes(KEY_BYTES)


def key_header(key_id: str) -> bytes:
    """What every value begins with that is sealed with this key."""
    encoded = key_id.encode()
    return bytes([len(encoded)]) + encoded
