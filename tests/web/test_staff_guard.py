"""Who sees a page that is not for everybody, and who is sent where."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.staff_world import Staff, StaffService, staff_service


@pytest.fixture
async def service(migrated: Path, tmp_path: Path) -> AsyncIterator[StaffService]:
    async with staff_service(migrated, tmp_path) as running:
        yield running
    await asyncio.sleep(0)


@pytest.fixture
async def staff(service: StaffService) -> AsyncIterator[Staff]:
    someone = Staff(service)
    async with someone.client:
        yield someone


async def test_who_is_not_signed_in_signs_in_and_comes_where_they_wanted(staff: Staff, service: StaffService) -> None:
    await service.account("c.essai")
    page = await staff.get("/desk?vue=attente")
    assert page.url.endswith("/agents/connexion?vers=%2Fdesk%3Fvue%3Dattente")
    page = await staff.press("Se connecter", identifiant="c.essai", mot_de_passe="cheval pile agrafe correct", code="")
    assert page.url.endswith("/desk?vue=attente")
    assert page.text.startswith("desk of")
