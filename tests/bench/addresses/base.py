"""The address base of the bench: imported once from an official file, again when the file or the import changes."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from callbot.gazetteer.communes import communes
from callbot.gazetteer.importing import import_files

_GAZETTEER: Final = Path(__file__).parents[3] / "callbot" / "gazetteer"
_SHAPING: Final = ("ban", "folding", "importing", "numerals", "phonetics", "profiles", "store")
"""modules that decide what is in a base"""


def prepared(data: Path, folder: Path) -> tuple[Path, str]:
    """The base of ``data`` (any form the import reads) in ``folder``, and its name: another one for other contents.

    Raises ``UnreadableFileError`` for a file of another kind.
    """
    base, note = folder / "gazetteer.db", folder / "made-of.txt"
    name = _name(data)
    if not (base.is_file() and note.is_file() and note.read_text(encoding="utf-8") == name):
        folder.mkdir(parents=True, exist_ok=True)
        for old in (note, base):
            old.unlink(missing_ok=True)
        import_files(base, [data], communes(), datetime.now(UTC))
        note.write_text(name, encoding="utf-8")
    return base, name


def _name(data: Path) -> str:
    digest = hashlib.sha256(data.read_bytes() if data.is_file() else b"")
    for module in _SHAPING:
        digest.update((_GAZETTEER / f"{module}.py").read_bytes())
    return f"{data.name} {digest.hexdigest()[:16]}"
