"""What the desk says of telephones that ring: in French, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from callbot.desk import CallBackWork, Heard, RingResult, Rung, Taken
from callbot.web.desk import words

TAKEN: Final[Mapping[Taken, str]] = {
    Taken.RINGS: "Votre téléphone va sonner. Appuyez sur une touche pour prendre l'appel.",
    Taken.CALLER_GONE: (
        "L'appelant n'est pas dans la file. S'il vient de quitter le robot, faites sonner votre téléphone dans un "
        "instant ; sinon rappelez-le. La fiche est à vous."
    ),
}
"""what is said on the page of a call for which a telephone was to ring"""
RUNG: Final[Mapping[Rung, str]] = {
    Rung.RINGS: "Votre téléphone va sonner. Appuyez sur une touche : l'usager est appelé ensuite.",
    Rung.NO_LINE: "Indiquez d'abord votre téléphone à l'accueil d'appels.",
    Rung.ALREADY: "Un appel est déjà en cours pour ce rappel.",
    Rung.NOT_ORDINARY: "Ce numéro n'est pas un numéro français ordinaire : le service ne l'appelle pas.",
    Rung.NOT_REACHED: "L'opérateur ne répond pas. Appelez directement, ou réessayez dans un instant.",
}
HEARD: Final[Mapping[Heard, str]] = {
    Heard.RINGS: "Votre téléphone va sonner. Appuyez sur une touche pour écouter.",
    Heard.OFF: "L'écoute n'est pas activée.",
    Heard.NO_LINE: "Indiquez d'abord votre téléphone à l'accueil d'appels.",
    Heard.REFUSED: "L'appelant ne veut pas être écouté.",
    Heard.OVER: "Cet appel est terminé.",
    Heard.NOT_REACHED: "L'opérateur ne répond pas. Réessayez dans un instant.",
}
_RESULTS: Final[Mapping[RingResult, str]] = {
    RingResult.TALKED: "l'usager a répondu",
    RingResult.NO_ANSWER: "l'usager n'a pas répondu",
    RingResult.BUSY: "la ligne de l'usager est occupée",
    RingResult.FAILED: "l'appel n'a pas abouti",
    RingResult.AGENT_ABSENT: "votre téléphone n'a pas été décroché",
}


def ring_words(work: CallBackWork) -> str:
    """How the last ring of the service for a call-back stands, "" where there was none."""
    if work.rung_at is None:
        return ""
    at = words.clock_time(work.rung_at)
    if work.ring_result is None:
        return f"Appel lancé par le service à {at}."
    return f"Dernier appel par le service, à {at} : {_RESULTS[work.ring_result]}."
