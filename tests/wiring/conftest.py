"""The real facts, read once: knowledge base, sample of streets, language model."""

from __future__ import annotations

import pytest

from callbot.bootstrap import Facts, load_facts
from callbot.settings import Settings


@pytest.fixture(scope="session")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return load_facts(Settings(data_dir=tmp_path_factory.mktemp("facts")))
