"""A scripted service, its pages, and somebody who reads them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

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
