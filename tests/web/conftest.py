"""A scripted service, its pages, and somebody who reads them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from callbot.storage.migrate import upgrade
from tests.web.desk_world import AGENT, OTHER, DeskService, desk_service
from tests.web.resident_world import ResidentService, resident_service
from tests.web.staff_world import Staff, StaffService, staff_service
from tests.web.world import Reader, ScriptedServices, TextService


@pytest.fixture
def services() -> ScriptedServices:
    return ScriptedServices()


@pytest.fixture
def service(services: ScriptedServices) -> TextService:
    return TextService(services)


@pytest.fixture
async def reader(service: TextService) -> AsyncIterator[Reader]:
    reader = Reader(service)
    async with reader.client:
        yield reader


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of this version, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"
    upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
async def rdv(migrated: Path, tmp_path: Path) -> AsyncIterator[ResidentService]:
    """The page of a booking over a database of its own."""
    async with resident_service(migrated, tmp_path) as running:
        yield running
    # aiosqlite ends its threads a moment after the close; the loop has to turn once more for them.
    await asyncio.sleep(0)


@pytest.fixture
async def office(migrated: Path, tmp_path: Path) -> AsyncIterator[StaffService]:
    """The pages of staff over a database of its own."""
    async with staff_service(migrated, tmp_path) as running:
        yield running
    await asyncio.sleep(0)


@pytest.fixture
async def staff(office: StaffService) -> AsyncIterator[Staff]:
    """Somebody in front of them."""
    someone = Staff(office)
    async with someone.client:
        yield someone


@pytest.fixture
async def desk(migrated: Path, tmp_path: Path) -> AsyncIterator[DeskService]:
    """The agents' desk over a database of its own."""
    async with desk_service(migrated, tmp_path) as running:
        yield running
    await asyncio.sleep(0)


@pytest.fixture
async def desk_of_loopback(migrated: Path, tmp_path: Path) -> AsyncIterator[DeskService]:
    """The same without a public address, for a browser of this machine."""
    async with desk_service(migrated, tmp_path, "") as running:
        yield running
    await asyncio.sleep(0)


@pytest.fixture
async def agent(desk: DeskService) -> AsyncIterator[Staff]:
    """An agent, signed in."""
    await desk.account(AGENT)
    someone = Staff(desk)
    async with someone.client:
        await someone.sign_in(AGENT)
        yield someone


@pytest.fixture
async def colleague(desk: DeskService) -> AsyncIterator[Staff]:
    """Another agent, signed in."""
    await desk.account(OTHER)
    someone = Staff(desk, "203.0.113.10")
    async with someone.client:
        await someone.sign_in(OTHER)
        yield someone
