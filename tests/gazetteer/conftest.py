"""Bases for the tests of this room: the sample, and small ones made of rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from callbot.gazetteer import Gazetteer, open_gazetteer


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gazetteer]:
    """The sample that the package brings along."""
    gazetteer = open_gazetteer(
        tmp_path_factory.mktemp("sample") / "gazetteer.db", sector_of=lambda insee, _: f"s{insee}"
    )
    yield gazetteer
    gazetteer.close()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Where a base may be made."""
    return tmp_path / "gazetteer.db"
