"""What is answered to a message while new calls go to people: where people are, and a call-back for who asks for it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

from callbot.dialogue.wording import spoken_window
from callbot.domain.events import CallBackKept
from callbot.domain.personal import PhoneNumber

ACT = "diverted"
"""act of the prompt that holds the answer"""
DIVERTED_SENTENCE = "L'assistant automatique est arrêté pour le moment. Un conseiller répond au {number}{hours}."
OFFER_SENTENCE = "Pour être rappelé, répondez RAPPEL."
KEPT_SENTENCE = "C'est noté : un conseiller vous rappelle {window}."
NOT_KEPT_SENTENCE = "Je n'ai pas pu noter de rappel. Appelez le {number}{hours}, s'il vous plaît."
_WANTS = re.compile(r"\W*(?:(?:merci|pri[èe]re) de )?(?:me |(?:je veux |je voudrais )?[êe]tre )?rappel", re.IGNORECASE)


async def _bot_answers() -> bool:
    return False


async def _nobody(_message_id: str, _writer: PhoneNumber) -> CallBackKept | None:
    return None


@dataclass(frozen=True, slots=True)
class InsteadOfTheBot:
    """``to_people``: whether new conversations go to people; ``hours``: when they answer, in words, "" if not known;
    ``call_back``: keeps one, once a message."""

    to_people: Callable[[], Awaitable[bool]] = _bot_answers
    hours: Callable[[], str] = str
    call_back: Callable[[str, PhoneNumber], Awaitable[CallBackKept | None]] = _nobody

    async def answer(
        self, message_id: str, writer: PhoneNumber, body: str, number: str, today: date
    ) -> tuple[str, CallBackKept | None]:
        """The sentence and, for who asked to be called back, what was kept. ``number``: of people, as it is written."""
        hours = self.hours()
        places = {"number": number, "hours": f", {hours}" if hours else ""}
        if not wants_call_back(body):
            return f"{DIVERTED_SENTENCE.format(**places)} {OFFER_SENTENCE}", None
        kept = await self.call_back(message_id, writer)
        if kept is None:
            return NOT_KEPT_SENTENCE.format(**places), None
        return KEPT_SENTENCE.format(window=spoken_window(kept.window, today)), kept


def wants_call_back(body: str) -> bool:
    """True for « RAPPEL », « rappelez-moi », « merci de me rappeler »: the word stands at the beginning."""
    return _WANTS.match(body) is not None
