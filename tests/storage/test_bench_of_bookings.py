"""The bench of bookings counts right with one of its processes killed; how fast it is, is not asked here."""

from __future__ import annotations

import pytest

from tests.bench.booking.__main__ import measure


@pytest.mark.process
def test_after_a_kill_everybody_rings_again_and_each_place_has_one_booking(database_url: str) -> None:
    result = measure(database_url, calls=80, capacity=15, way="hold", kill=True)
    assert result.first.killed_after is not None
    assert result.again is not None
    assert len(result.first.answers) < 80
    assert (result.booked, result.refused, result.wrong) == (60, 20, 0)
