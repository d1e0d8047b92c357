"""Which of our questions ask for what says who somebody is."""

from __future__ import annotations

from typing import Final

from callbot.dialogue.acts import Act
from callbot.dialogue.prompts import MEANINGS
from callbot.privacy import Asked

_ASKS: Final = {
    **dict.fromkeys(
        (
            Act.ASK_ADDRESS, Act.CHOOSE_ADDRESS, Act.CONFIRM_ADDRESS, Act.ASK_NUMBER, Act.ASK_PART, Act.ASK_INITIALS,
            Act.ASK_LANDMARK, Act.RECALL_ADDRESS,
        ),
        Asked.ADDRESS,
    ),
    **dict.fromkeys((Act.ASK_NAME, Act.ASK_NAME_SPELLED, Act.CONFIRM_NAME), Asked.NAME),
    **dict.fromkeys((Act.ASK_PHONE, Act.CONFIRM_PHONE, Act.ASK_CALL_BACK_NUMBER), Asked.PHONE),
    Act.ASK_REFERENCE: Asked.REFERENCE,
}  # fmt: skip


def asked_by(act: str) -> Asked:
    """What an answer to the question ``act`` tells about a person."""
    return _ASKS.get(Act(act), Asked.ANYTHING) if act in set(Act) else Asked.ANYTHING


def act_words(act: str) -> str:
    """An act in French; one this version does not know stays as it is stored."""
    return MEANINGS.get(Act(act), act) if act in set(Act) else act
