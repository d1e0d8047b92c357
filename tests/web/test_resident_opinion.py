"""A resident agrees on the page of the booking to be asked by SMS how it was, and takes it back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callbot.web.resident.opinion import Opinion
from tests.booking.sample import LANDLINE
from tests.web.resident_world import Resident, ResidentService, a_draft

AGREE, KEEP = "Relire avant de garder", "Oui, garder ce choix"


@pytest.fixture
async def resident(rdv: ResidentService) -> Resident:
    """Has the link of a pickup on Thursday."""
    _, token = await rdv.booked(a_draft())
    return Resident(rdv, token)


async def test_only_who_agrees_after_a_read_back_is_asked(rdv: ResidentService, resident: Resident) -> None:
    reference = (await rdv.storage.bookings())[0].reference
    page = await resident.get()
    assert f"{resident.path}/avis" in page.links
    await resident.get("/avis")
    page = await resident.fill(AGREE, avis="oui")
    assert "une question, après la collecte" in page.text
    assert not await rdv.storage.satisfaction.agreed(reference)
    page = await resident.fill(KEEP)
    assert "Votre choix est gardé" in page.text
    assert await rdv.storage.satisfaction.agreed(reference)
    await resident.get("/avis")
    await resident.fill(AGREE, avis="non")
    await resident.fill(KEEP)
    assert not await rdv.storage.satisfaction.agreed(reference)


async def test_nobody_agrees_by_accident(rdv: ResidentService, resident: Resident) -> None:
    await resident.get("/avis")
    for choice in ("", "peut-etre"):
        page = await resident.fill(AGREE, avis=choice)
        assert page.status == 422
        assert "Choisissez une réponse" in page.text
    page = await resident.fill(AGREE, avis="non")
    assert page.status == 422, "it is so already"
    assert not await rdv.storage.satisfaction.agreed((await rdv.storage.bookings())[0].reference)


async def test_without_a_mobile_there_is_nothing_to_agree_to(rdv: ResidentService) -> None:
    for number, phone in enumerate((LANDLINE, None)):
        _, token = await rdv.booked(replace(a_draft(f"CA{number}"), phone=phone))
        resident = Resident(rdv, token)
        assert f"{resident.path}/avis" not in (await resident.get()).links
        await resident.get("/avis")
        assert (await resident.fill(AGREE, avis="oui")).status == 422


def test_the_words_of_the_choice_fit_its_buttons(rdv: ResidentService) -> None:
    assert Opinion(rdv.storage.satisfaction).manner.yes == KEEP
