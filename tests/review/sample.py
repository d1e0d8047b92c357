"""A call that went wrong at its address, as events; invented from the first word to the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from callbot.domain.addresses import AddressCandidate, NumberCheck, StreetAddress
from callbot.domain.events import (
    AddressesFound,
    CallAnswered,
    CallerSpoke,
    Ended,
    EndReason,
    Event,
    HandedOver,
    HandOverReason,
    ItemsJudged,
    KeysPressed,
    Prompted,
    PromptHeard,
    Understood,
)
from callbot.domain.items import ItemLine, Ruling, Verdict
from callbot.domain.meaning import HeardAddress, Intent, Meaning, YesNo
from callbot.domain.personal import PhoneNumber

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALLER = PhoneNumber("+33639981234")
WRONG = StreetAddress("Rue de Rome", "13206", "Marseille 6e", "13006", 2)
RIGHT = StreetAddress("Rue Dragon", "13206", "Marseille 6e", "13006", 12)
ADDRESS_LINE = 12
"""the number of the event in which the address was said"""
SECRETS = ("Rome", "Dragon", "39981234", "0639981234", "639981234")
"""what must not be seen of it"""


@dataclass(frozen=True)
class Kept:
    """An event as the log gives it."""

    number: int
    at: datetime
    event: Event


def said(text: str, *others: str, confidence: float = 0.9) -> CallerSpoke:
    return CallerSpoke(text, (text, *others), confidence, speech_ms=1200, decode_ms=300)


WRONG_ADDRESS: tuple[Event, ...] = (
    CallAnswered(CALLER, today=date(2026, 11, 23)),
    Prompted("notice", 1, "Bonjour, ici l'assistant automatique de la Métropole."),
    Prompted("ask_need", 2, "Que souhaitez-vous ?"),
    PromptHeard("ask_need", 2),
    said("Bonjour, j'ai un canapé à faire enlever."),
    Understood(Meaning(intent=Intent.BOOK, items=(ItemLine("canape", 1, "un canapé"),))),
    ItemsJudged((Ruling("canape", Verdict.ACCEPTED, source="Règlement de collecte"),), 1.5),
    Prompted("ask_commune", 3, "Dans quelle commune ou quel arrondissement ?"),
    said("Marseille, sixième arrondissement."),
    Understood(Meaning(address=HeardAddress(insee="13206"))),
    Prompted("ask_address", 4, "Quel est le numéro et la rue ?"),
    said("Douze rue Dragon.", "Deux rue de Rome.", confidence=0.41),
    Understood(Meaning(address=HeardAddress(2, None, "rue de Rome", "13206")), ("rue de Rome", "rue Dragon")),
    AddressesFound(
        (
            AddressCandidate(WRONG, 0.8, 0.71, NumberCheck.KNOWN, {"fit": 0.6}),
            AddressCandidate(RIGHT, 0.5, 0.2, NumberCheck.KNOWN, {"fit": 0.4}),
        )
    ),
    Prompted("confirm_address", 5, "J'ai noté : 2, Rue de Rome, Marseille, sixième arrondissement. C'est bien ça ?"),
    said("Non, passez-moi un conseiller."),
    Understood(Meaning(yes_no=YesNo.NO, wants_human=True)),
    Prompted("hand_over", 6, "Je vous passe un conseiller."),
    HandedOver(HandOverReason.ASKED),
    Ended(EndReason.HANDED_OVER),
)
QUICK: tuple[Event, ...] = (
    CallAnswered(None),
    Prompted("ask_need", 1, "Que souhaitez-vous ?"),
    said("C'est combien pour un frigo ?"),
    Understood(Meaning(intent=Intent.QUESTION, question="prix")),
    Prompted("answer", 2, "Le ramassage est gratuit.", "prix"),
    Prompted("ask_more", 3, "Autre chose ?"),
    KeysPressed("2"),
    Prompted("goodbye", 4, "Au revoir."),
    Ended(EndReason.DONE),
)


def kept(events: Sequence[Event] = WRONG_ADDRESS, start: datetime = START) -> list[Kept]:
    """The events with numbers and moments, half a second apart."""
    return [Kept(place + 1, start + timedelta(milliseconds=500 * place), event) for place, event in enumerate(events)]
