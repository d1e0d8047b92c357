"""A host killed in the middle of twelve calls: the other one goes on with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.hosts import CALLS, host_dies, table, well
from tests.deploy.judges import program
from tests.e2e.workers import mother

pytestmark = [pytest.mark.process, pytest.mark.postgres, pytest.mark.peer]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_twelve_calls_survive_the_death_of_their_host(
    database_url: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    program("haproxy")
    with mother(tmp_path) as running:
        outcome = host_dies(running, tmp_path, database_url, tmp_path_factory.mktemp("h"))
    assert len(outcome.calls) == CALLS
    assert outcome.cut, "nobody was on the host that died"
    assert well(outcome), table(outcome)
