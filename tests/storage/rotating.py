"""A process that replaces the key of indexes, to be killed: ``python -m tests.storage.rotating FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from callbot.commands.privacy_keys import _index_step
from callbot.privacy.key_sources import FromFile
from callbot.settings import Settings


def main(folder: Path) -> None:
    """Every step that is left."""
    settings, source = Settings(data_dir=folder), FromFile(folder / "keys.json")
    _index_step(settings, source, now=True)
    while len(source.load().index_keys) > 1:
        _index_step(settings, source, now=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
