"""Regression cases as sealed files in the data folder. Conforms to ``review.ports.KeepsCases``.

Sealed as the columns of the database are: a copy of the folder without the keys tells nothing. A file of its own each,
so that one is looked at, copied to another machine with its keys, or thrown away by itself.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from callbot.privacy import KeyRing
from callbot.privacy.keys import key_id_of

FOLDER = "regressions"
"""where they are, below the data folder"""
_NAME = re.compile(r"[a-z0-9_]{1,64}", re.ASCII)
_ENDING = ".sealed"


class SealedCases:
    """The cases below one folder; every call blocks."""

    def __init__(self, folder: Path, key_ring: KeyRing) -> None:
        self._folder = folder
        self._keys = key_ring

    def names(self) -> tuple[str, ...]:
        """All of them, in order."""
        if not self._folder.is_dir():
            return ()
        return tuple(sorted(path.name.removesuffix(_ENDING) for path in self._folder.glob(f"*{_ENDING}")))

    def read(self, name: str) -> str:
        """The text of a case; raises ``OSError`` or ``CannotOpenError``."""
        return self._keys.open(self._path(name).read_bytes(), _place(name))

    def key_of(self, name: str) -> str:
        """The id of the key a case is sealed with; raises ``OSError`` or ``CannotOpenError``."""
        return key_id_of(self._path(name).read_bytes())

    def write(self, name: str, text: str) -> None:
        """Keep a case whole or not at all, readable by its owner only."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(name)
        draft = path.with_suffix(".draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(self._keys.seal(text, _place(name)))
        draft.replace(path)

    def remove(self, name: str) -> None:
        """Forget it; nothing happens where there is none."""
        self._path(name).unlink(missing_ok=True)

    def due(self, before: datetime) -> int:
        """How many cases are from before a moment."""
        return len(self._from_before(before))

    def oldest(self) -> datetime | None:
        """When the oldest case is from."""
        return min((self._made(name) for name in self.names()), default=None)

    def remove_old(self, before: datetime) -> int:
        """Forget the cases from before a moment; how many."""
        old = self._from_before(before)
        for name in old:
            self.remove(name)
        return len(old)

    def seal_again(self, name: str) -> None:
        """Seal a case with the active key; it gets no younger by it."""
        made = self._path(name).stat().st_mtime
        self.write(name, self.read(name))
        os.utime(self._path(name), (made, made))

    def _from_before(self, before: datetime) -> list[str]:
        return [name for name in self.names() if self._made(name) < before]

    def _made(self, name: str) -> datetime:
        return datetime.fromtimestamp(self._path(name).stat().st_mtime, UTC)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("a case is named by small letters, digits and _")
        return self._folder / f"{name}{_ENDING}"


def _place(name: str) -> str:
    return f"regression case|{name}"
