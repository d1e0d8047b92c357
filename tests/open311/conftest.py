"""The storage of ``tests/storage`` for this folder too, and a partner who asks."""

from __future__ import annotations

import httpx
import pytest

from callbot.storage import Storage
from tests.booking.sample import PinnedClock
from tests.open311.partner import door
from tests.storage.conftest import (
    clock,
    database_url,
    key_ring,
    postgres_server,
    postgres_template,
    sqlite_template,
    storage,
)

__all__ = ["clock", "database_url", "key_ring", "postgres_server", "postgres_template", "sqlite_template", "storage"]


@pytest.fixture
def partner(storage: Storage, clock: PinnedClock) -> httpx.AsyncClient:
    """A client of the door."""
    return door(storage, clock)
