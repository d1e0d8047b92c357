"""What an agent hears before a caller is put through: why and what is known, nothing that tells who or which door."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest

from callbot.domain.events import CallAnswered, CallerSpoke, Event, HandedOver, HandOverReason, ItemsJudged, Understood
from callbot.domain.meaning import HeardAddress, Meaning
from callbot.domain.personal import PhoneNumber
from callbot.telephony.summary import MOTIVES, NOTHING_KNOWN, Summaries, summary_of
from tests.dialogue.world import TODAY, TWO_ITEMS, WORLD, Talk


def test_every_reason_has_its_motive() -> None:
    assert set(MOTIVES) == set(HandOverReason)
    assert len(set(MOTIVES.values())) == len(MOTIVES)


@pytest.mark.parametrize(
    ("talk", "known"),
    [
        (Talk().start(), NOTHING_KNOWN),
        (Talk().start().hear(items=TWO_ITEMS), "Un canapé et deux matelas."),
        (
            Talk().to_address(),
            "Un canapé et deux matelas, Marseille, sixième arrondissement, adresse à préciser.",
        ),
        (
            Talk().to_dates(),
            "Un canapé et deux matelas, Marseille, sixième arrondissement, adresse confirmée.",
        ),
        (
            Talk().to_recap(),
            "Un canapé et deux matelas, Marseille, sixième arrondissement, adresse confirmée,"
            " date retenue : jeudi 3 décembre.",
        ),
        (
            Talk().to_recap().yes(),
            "Un canapé et deux matelas, Marseille, sixième arrondissement, adresse confirmée,"
            " réservé pour le jeudi 3 décembre.",
        ),
    ],
)
def test_what_is_known_is_told_as_far_as_it_is(talk: Talk, known: str) -> None:
    assert summary_of(talk.state, HandOverReason.ASKED) == f"La personne demande un conseiller. {known}"


@pytest.mark.parametrize("reason", list(HandOverReason))
def test_no_name_no_number_no_door(reason: HandOverReason) -> None:
    caller = Talk(caller=PhoneNumber("+33612345678")).to_recap().hear(name="Martin", phone="+33698765432")
    told = summary_of(caller.state, reason)
    assert told.count(". ") == 1
    assert set(re.findall(r"\w+", told)) & {"Rome", "12", "Martin", "0612345678", "33612345678", "0698765432"} == set()


@dataclass
class Stored:
    events_of: dict[str, list[Event]] = field(default_factory=dict)

    async def events(self, call_id: str) -> list[Event]:
        return self.events_of.get(call_id, [])


async def test_a_stored_call_is_summed_up_from_its_events() -> None:
    told: list[Event] = [
        CallAnswered(None, today=TODAY),
        CallerSpoke("un canapé et deux matelas"),
        Understood(Meaning(items=TWO_ITEMS)),
        ItemsJudged((), 1.0),
        Understood(Meaning(address=HeardAddress(insee="13005"))),
        HandedOver(HandOverReason.ASSISTED),
    ]
    summaries = Summaries(Stored({"CA1": told}), WORLD)
    assert await summaries.summary("CA1") == (
        "La personne a besoin d'aide pour sortir ses objets. Un canapé et deux matelas, Aubagne, adresse à préciser."
    )
    assert await summaries.summary("CA2") == ""
