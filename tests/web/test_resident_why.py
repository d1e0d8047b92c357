"""A resident can read why this date, and which rule in which version decided."""

from __future__ import annotations

from datetime import date

from callbot.domain.items import Certainty, Ground
from callbot.web.resident.words import named
from tests.web.resident_world import Resident, ResidentService, a_draft


async def test_the_page_says_why_this_date_and_why_not_an_object(rdv: ResidentService) -> None:
    _, token = await rdv.booked(a_draft())
    resident = Resident(rdv, token)
    page = await resident.get("")
    assert "Pourquoi cette date" in page.text
    assert "Votre date est un de ces jours." in page.text
    assert "règle marseille/calendar" in page.text.lower()
    assert "Pourquoi pas cet objet" in page.text
    assert "Comment marche l'assistant" in page.text


def test_a_rule_is_told_with_its_id_its_source_and_its_version() -> None:
    ground = Ground("pays_d_essai/limits.max_items", "Délibération d'essai.", Certainty.SOURCED, date(2027, 1, 1))
    assert named(ground) == "Délibération d'essai (règle pays_d_essai/limits.max_items, version du 01/01/2027)"
