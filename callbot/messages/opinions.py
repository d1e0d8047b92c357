"""The one question by SMS after a pickup, and what its answers may look like."""

from __future__ import annotations

from datetime import date

from callbot.messages.texts import written_day

THANKS = "Merci, votre réponse est notée."
_ANSWERS = {"1": 1, "2": 2, "3": 3, "oui": 1, "en partie": 2, "non": 3}


def opinion_sms(day: date) -> str:
    """The question, in one SMS; a STOP is honoured like everywhere."""
    return (
        f"Encombrants, collecte du {written_day(day)} : avez-vous obtenu ce que vous vouliez ? Répondez 1 pour oui,"
        " 2 pour en partie, 3 pour non."
    )


def rating_of(text: str) -> int | None:
    """1 to 3 where the whole message is an answer; anything else is a message like any other, nothing is guessed."""
    return _ANSWERS.get(text.strip().rstrip(" .!").lower())
