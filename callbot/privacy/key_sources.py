"""Where keys come from: the settings, a file, or the answer of a command (a vault, a key management service)."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from callbot.privacy.key_file import KEY_FILE, KeyMaterial, decode, parsed, read_or_make
from callbot.privacy.keys import KeyProblemError, KeyRing
from callbot.settings import Privacy, Settings

_COMMAND_S = 30.0
"""seconds a command has to give the keys"""


class KeySource(Protocol):
    """Gives keys; asked again when they may have been rotated."""

    def load(self) -> KeyMaterial:
        """The keys as they are now; raises ``KeyProblemError``. Blocking."""


@dataclass(frozen=True, slots=True)
class FromEnvironment:
    """Keys in the settings."""

    privacy: Privacy

    def load(self) -> KeyMaterial:
        """The keys of the settings of this process."""
        privacy = self.privacy
        active = privacy.active_key or (next(iter(privacy.keys)) if len(privacy.keys) == 1 else "")
        if not active:
            raise KeyProblemError("several keys are configured: say which one seals in CALLBOT_PRIVACY__ACTIVE_KEY")
        if not privacy.index_key.get_secret_value():
            raise KeyProblemError("keys are configured without CALLBOT_PRIVACY__INDEX_KEY (base64 of 32 bytes)")
        keys = {key_id: decode(key, f"CALLBOT_PRIVACY__KEYS[{key_id}]") for key_id, key in privacy.keys.items()}
        return KeyMaterial(keys, active, decode(privacy.index_key, "CALLBOT_PRIVACY__INDEX_KEY"))


@dataclass(frozen=True, slots=True)
class FromFile:
    """A key file; made where there is none."""

    path: Path

    def load(self) -> KeyMaterial:
        """The keys of the file."""
        return read_or_make(self.path)


@dataclass(frozen=True, slots=True)
class FromCommand:
    """A command that prints what a key file holds. It is ours to run and nothing of a caller gets into it."""

    command: str

    def load(self) -> KeyMaterial:
        """The keys it prints. What it says when it fails is not shown: a part of a key may be in it."""
        try:
            answer = subprocess.run(  # noqa: S603 - the operator's own setting, split without a shell
                shlex.split(self.command), capture_output=True, check=True, text=True, timeout=_COMMAND_S
            )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise KeyProblemError(f"CALLBOT_PRIVACY__KEY_COMMAND gave no keys ({type(error).__name__})") from None
        return parsed(answer.stdout, "the answer of CALLBOT_PRIVACY__KEY_COMMAND")


def key_source(settings: Settings) -> KeySource:
    """The one source of keys of these settings; raises ``KeyProblemError`` when several are named."""
    privacy = settings.privacy
    if sum((bool(privacy.keys), privacy.key_file is not None, bool(privacy.key_command))) > 1:
        raise KeyProblemError("keys come from one place: CALLBOT_PRIVACY__KEYS, __KEY_FILE or __KEY_COMMAND")
    if privacy.keys:
        return FromEnvironment(privacy)
    if privacy.key_command:
        return FromCommand(privacy.key_command)
    return FromFile(privacy.key_file or settings.data_dir / KEY_FILE)


def load_key_ring(settings: Settings) -> KeyRing:
    """The key ring of ``settings``; blocking, call it before the loop runs or in a thread.

    Without configured keys the embedded set-up makes ``keys.json`` in the data folder (mode 0600) the first time and
    reads it afterwards: whoever loses that file loses the personal fields of the database. Raises ``KeyProblemError``.
    """
    return key_source(settings).load().ring()


def unfit_for_the_public(settings: Settings, ring: KeyRing) -> tuple[str, ...]:
    """Why these keys must not protect a service that anybody can reach; empty: nothing was found."""
    privacy = settings.privacy
    default = not (privacy.keys or privacy.key_command or privacy.key_file)
    beside = ("the key file lies in the data folder, and in every copy of it: set CALLBOT_PRIVACY__KEY_FILE",)
    return (*ring.weaknesses, *(beside if default else ()))
