"""The sample of streets that ships."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from callbot.gazetteer import ensure_gazetteer
from callbot.gazetteer.search import Gazetteer, open_gazetteer


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gazetteer]:
    """A base with streets of Marseille."""
    file = tmp_path_factory.mktemp("sample") / "gazetteer.db"
    ensure_gazetteer(file)
    opened = open_gazetteer(file)
    yield opened
    opened.close()
