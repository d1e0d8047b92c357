"""What became of a call that a person took."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class WrapUp(StrEnum):
    """One code for each call, chosen by who took it."""

    BOOKED = "booked"
    CHANGED = "changed"
    INFORMED = "informed"
    REPORTED = "reported"
    OTHER_SERVICE = "other_service"
    NOT_REACHED = "not_reached"
    """rung, and nobody answered"""
    NOTHING_NEEDED = "nothing_needed"
    HANDED_BACK = "handed_back"
    """given back to the machine, its caller still on the line"""


WORDS: Final = {
    WrapUp.BOOKED: "Rendez-vous pris",
    WrapUp.CHANGED: "Rendez-vous modifié ou annulé",
    WrapUp.INFORMED: "Renseignement donné",
    WrapUp.REPORTED: "Signalement ou réclamation transmis",
    WrapUp.OTHER_SERVICE: "Orienté vers un autre service",
    WrapUp.NOT_REACHED: "Rappelé sans réponse",
    WrapUp.NOTHING_NEEDED: "Rien à faire",
    WrapUp.HANDED_BACK: "Rendu au robot",
}
