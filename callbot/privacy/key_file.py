"""The key file: made for its owner only, changed whole or not at all, so that keys can be rotated under a running
service: a key is added first, seals once every process has read it, and is destroyed when nothing needs it any more.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import BaseModel, Field, SecretStr, ValidationError

from callbot.privacy.index_keys import PLAIN, IndexKeys, new_index_key
from callbot.privacy.keys import KeyProblemError, KeyRing, new_key

KEY_FILE = "keys.json"
_OTHERS = 0o077


class _Written(BaseModel):
    """Content of the key file; keys in base64. ``next`` is added and does not seal yet."""

    active: str
    keys: dict[str, SecretStr]
    index: SecretStr
    next: str = ""
    next_at: float = Field(0.0, ge=0)
    index_keys: dict[str, SecretStr] = Field(default_factory=lambda: {PLAIN: SecretStr("")}, min_length=1)
    index_active: str = PLAIN
    index_at: float = Field(0.0, ge=0)


@dataclass(frozen=True, slots=True, repr=False)
class KeyMaterial:
    """Keys as their source gives them. ``coming``: the key that was added last and does not seal yet, ``coming_at``
    when (seconds since 1970). ``index_keys``: outer keys of blind indexes, two while one replaces the other;
    ``index_at``: when they changed last."""

    keys: dict[str, bytes]
    active: str
    index: bytes
    coming: str = ""
    coming_at: float = 0.0
    index_keys: dict[str, bytes] = field(default_factory=lambda: {PLAIN: b""})
    index_active: str = PLAIN
    index_at: float = 0.0

    def ring(self) -> KeyRing:
        """What seals and opens with them; raises ``KeyProblemError``."""
        try:
            indexes = IndexKeys(self.index_keys, self.index_active)
        except ValueError as error:
            raise KeyProblemError(str(error)) from None
        return KeyRing(self.keys, self.active, self.index, indexes)


def read_or_make(path: Path) -> KeyMaterial:
    """The keys of the file, made the first time; raises ``KeyProblemError``. Blocking."""
    if not path.exists():
        _make(path)
    return read_keys(path)


def read_keys(path: Path) -> KeyMaterial:
    """The keys of the file; raises ``KeyProblemError``. Blocking."""
    try:
        if path.stat().st_mode & _OTHERS:
            raise KeyProblemError(f"{path} can be read by others than its owner: run chmod 600 {path}")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise KeyProblemError(f"{path} is not there") from None
    except UnicodeDecodeError as error:
        raise KeyProblemError(
            f"{path} is not a key file ({type(error).__name__}): bring it back from a backup"
        ) from None
    return parsed(text, str(path))


def parsed(text: str, where: str) -> KeyMaterial:
    """Keys as the key file writes them; raises ``KeyProblemError`` that shows nothing of the text."""
    try:
        content = _Written.model_validate_json(text)
    except ValidationError as error:
        # "from None": the error of the parser would show what it read.
        raise KeyProblemError(
            f"{where} is not a key file ({type(error).__name__}): bring it back from a backup"
        ) from None
    keys = {key_id: decode(key, f"{where} key {key_id!r}") for key_id, key in content.keys.items()}
    index = decode(content.index, f"{where} index key")
    index_keys = {key_id: decode(key, f"{where} index key {key_id!r}") for key_id, key in content.index_keys.items()}
    return KeyMaterial(
        keys, content.active, index, content.next, content.next_at, index_keys, content.index_active, content.index_at
    )


def add_key(path: Path, at: float) -> str:
    """Add a key that does not seal yet; its id. One that was added before and waits stays the one. Blocking."""
    material = read_keys(path)
    if material.coming:
        return material.coming
    key_id = _new_id()
    keys = {**material.keys, key_id: new_key()}
    _write(path, replace(material, keys=keys, coming=key_id, coming_at=at))
    return key_id


def activate_key(path: Path) -> str:
    """The key that was added seals from now on; its id. Blocking."""
    material = read_keys(path)
    if not material.coming:
        raise KeyProblemError("no key was added: nothing is rotated")
    _write(path, replace(material, active=material.coming, coming="", coming_at=0.0))
    return material.coming


def destroy_key(path: Path, key_id: str) -> None:
    """Take a key out of the file: what it sealed is unreadable, in backups too. Blocking."""
    material = read_keys(path)
    if key_id not in material.keys or key_id in {material.active, material.coming}:
        raise KeyProblemError(f"{key_id!r} is not a key that is out of use")
    _write(path, replace(material, keys={one: key for one, key in material.keys.items() if one != key_id}))


def add_index_key(path: Path, at: float) -> str:
    """Add an outer key of blind indexes: look-ups answer under both from now on; its id. Blocking."""
    material = read_keys(path)
    if len(material.index_keys) > 1:
        raise KeyProblemError("an index key replaces another one already")
    key_id = f"index-{secrets.token_hex(4)}"
    keys = {**material.index_keys, key_id: new_index_key()}
    _write(path, replace(material, index_keys=keys, index_at=at))
    return key_id


def activate_index_key(path: Path, key_id: str, at: float) -> None:
    """New rows get their indexes under the key that was added. Blocking."""
    material = read_keys(path)
    if key_id not in material.index_keys:
        raise KeyProblemError(f"{key_id!r} is no index key")
    _write(path, replace(material, index_active=key_id, index_at=at))


def destroy_index_key(path: Path, key_id: str, at: float) -> None:
    """Take the index key away that nothing is found by any more. Blocking."""
    material = read_keys(path)
    if key_id not in material.index_keys or key_id == material.index_active:
        raise KeyProblemError(f"{key_id!r} is not an index key that is out of use")
    keys = {one: key for one, key in material.index_keys.items() if one != key_id}
    _write(path, replace(material, index_keys=keys, index_at=at))


def decode(secret: SecretStr, where: str) -> bytes:
    """A key from base64; raises ``KeyProblemError``."""
    try:
        return base64.b64decode(secret.get_secret_value(), validate=True)
    except (binascii.Error, ValueError):
        raise KeyProblemError(f"{where} is not base64") from None


def _make(path: Path) -> None:
    """Write a new key file whole or not at all; when another process was first, its file stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    active = _new_id()
    draft = _draft(path, KeyMaterial({active: new_key()}, active, new_key()))
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _write(path: Path, material: KeyMaterial) -> None:
    """Put other keys into the place of the file. What its old blocks held is the disk's affair: encrypt the disk."""
    _draft(path, material).replace(path)


def _draft(path: Path, material: KeyMaterial) -> Path:
    content = {
        "active": material.active,
        "keys": {key_id: _encode(key) for key_id, key in material.keys.items()},
        "index": _encode(material.index),
        "next": material.coming,
        "next_at": material.coming_at,
        "index_keys": {key_id: _encode(key) for key_id, key in material.index_keys.items()},
        "index_active": material.index_active,
        "index_at": material.index_at,
    }
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _new_id() -> str:
    return f"local-{secrets.token_hex(4)}"


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode()
