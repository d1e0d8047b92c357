"""Where the keys come from: the settings, or a key file made in the data folder for its owner only."""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from pathlib import Path

from pydantic import BaseModel, SecretStr, ValidationError

from callbot.privacy.keys import KeyProblemError, KeyRing, new_key
from callbot.settings import Privacy, Settings

KEY_FILE = "keys.json"
_OTHERS = 0o077


class _KeyFile(BaseModel):
    """Content of the key file; keys in base64."""

    active: str
    keys: dict[str, SecretStr]
    index: SecretStr


def load_key_ring(settings: Settings) -> KeyRing:
    """The key ring of ``settings``; blocking, call it before the loop runs or in a thread.

    Without configured keys the embedded set-up makes ``keys.json`` in the data folder (mode 0600) the first time and
    reads it afterwards: whoever loses that file loses the personal fields of the database. Raises ``KeyProblemError``.
    """
    if settings.privacy.keys:
        return _from_settings(settings.privacy)
    path = settings.data_dir / KEY_FILE
    if not path.exists():
        _make(path)
    return _from_file(path)


def _from_settings(privacy: Privacy) -> KeyRing:
    active = privacy.active_key or (next(iter(privacy.keys)) if len(privacy.keys) == 1 else "")
    if not active:
        raise KeyProblemError("several keys are configured: say which one seals in CALLBOT_PRIVACY__ACTIVE_KEY")
    if not privacy.index_key.get_secret_value():
        raise KeyProblemError("keys are configured without CALLBOT_PRIVACY__INDEX_KEY (base64 of 32 bytes)")
    keys = {key_id: _decode(key, f"CALLBOT_PRIVACY__KEYS[{key_id}]") for key_id, key in privacy.keys.items()}
    return KeyRing(keys, active, _decode(privacy.index_key, "CALLBOT_PRIVACY__INDEX_KEY"))


def _make(path: Path) -> None:
    """Write a new key file whole or not at all; when another process was first, its file stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    active = f"local-{secrets.token_hex(4)}"
    content = {"active": active, "keys": {active: _encode(new_key())}, "index": _encode(new_key())}
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _from_file(path: Path) -> KeyRing:
    if path.stat().st_mode & _OTHERS:
        raise KeyProblemError(f"{path} can be read by others than its owner: run chmod 600 {path}")
    try:
        content = _KeyFile.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        # "from None": the error of the parser would show what it read.
        raise KeyProblemError(
            f"{path} is not a key file ({type(error).__name__}): bring it back from a backup"
        ) from None
    keys = {key_id: _decode(key, f"{path} key {key_id!r}") for key_id, key in content.keys.items()}
    return KeyRing(keys, content.active, _decode(content.index, f"{path} index key"))


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _decode(secret: SecretStr, where: str) -> bytes:
    try:
        return base64.b64decode(secret.get_secret_value(), validate=True)
    except (binascii.Error, ValueError):
        raise KeyProblemError(f"{where} is not base64") from None
