"""One service for all tests of a module: opening it takes seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from callbot.bootstrap import Service
from tests.security.whole_service import PUBLIC, whole_service


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service keeps its data."""
    return tmp_path_factory.mktemp("service")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(folder: Path) -> AsyncIterator[Service]:
    async with whole_service(folder) as running:
        yield running
    # aiosqlite ends its threads a moment after the close; the loop has to turn once more for them.
    await asyncio.sleep(0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody nobody knows."""
    transport = httpx.ASGITransport(service.app, client=("203.0.113.9", 40000), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC, headers={"origin": PUBLIC}) as client:
        yield client
