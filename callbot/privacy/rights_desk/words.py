"""The words of the SMS about requests, in letters of an ordinary SMS, and of rights and states on pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from callbot.domain.data_rights import Came, DataRight, RequestState, Urgency
from callbot.domain.gsm7 import plain

RIGHT_WORDS: Mapping[DataRight, str] = MappingProxyType(
    {
        DataRight.ACCESS: "accès aux données",
        DataRight.RECTIFICATION: "rectification",
        DataRight.ERASURE: "effacement",
        DataRight.LIMITATION: "limitation",
        DataRight.OBJECTION: "opposition",
    }
)
STATE_WORDS: Mapping[RequestState, str] = MappingProxyType(
    {
        RequestState.RECEIVED: "reçue, personne à reconnaître",
        RequestState.IDENTIFIED: "personne reconnue",
        RequestState.TAKEN: "en cours",
        RequestState.ANSWERED: "répondue",
        RequestState.REFUSED: "refusée",
        RequestState.WITHDRAWN: "retirée",
        RequestState.NOT_IDENTIFIED: "close, personne non reconnue",
    }
)
URGENCY_WORDS: Mapping[Urgency, str] = MappingProxyType(
    {
        Urgency.OVERDUE: "en retard",
        Urgency.SOON: "à répondre sous 7 jours",
        Urgency.IN_TIME: "dans les temps",
        Urgency.CLOSED: "close",
    }
)
CAME_WORDS: Mapping[Came, str] = MappingProxyType(
    {
        Came.PHONE: "par téléphone",
        Came.SMS: "par SMS",
        Came.TEXT: "par écrit, sur la page de l'assistant",
        Came.PAGE: "par la page « Mes données »",
        Came.LETTER: "par courrier ou au guichet",
    }
)
EFFECT_WORDS: Mapping[DataRight, str] = MappingProxyType(
    {
        DataRight.ACCESS: "une copie lisible et une copie JSON, avec les photos ; ouverte aussitôt à qui a eu son code",
        DataRight.RECTIFICATION: "l'agent corrige avec la personne, puis le dit",
        DataRight.ERASURE: (
            "tout est effacé, avec un certificat signé ; un rendez-vous à venir garde son adresse et ses objets"
            " jusqu'au lendemain ; la demande elle-même ne garde ni numéro ni mots"
        ),
        DataRight.LIMITATION: (
            "gardé et plus utilisé : pas de relecture, pas de comparaison des appels dans les chiffres, pas de rappel"
            " ni d'enquête, adresse et appels passés plus proposés ; la conservation n'est pas prolongée ; un"
            " rendez-vous à venir a lieu ; levée à la demande"
        ),
        DataRight.OBJECTION: "le même effet qu'une limitation, jusqu'à ce que la personne change d'avis",
    }
)
_DONE: Mapping[DataRight, str] = MappingProxyType(
    {
        DataRight.ACCESS: "Votre copie vous a été donnée.",
        DataRight.RECTIFICATION: "Vos données sont corrigées.",
        DataRight.ERASURE: "Vos données sont effacées.",
        DataRight.LIMITATION: "Vos données sont gardées et ne sont plus utilisées.",
        DataRight.OBJECTION: "Vos données ne servent plus qu'à vos propres rendez-vous.",
    }
)


def day(at: date) -> str:
    """``30/12/2026``."""
    return f"{at:%d/%m/%Y}"


def code_text(code: str, minutes: int) -> str:
    """The SMS that carries a code."""
    return plain(
        f"Encombrants : votre code est {code}, valable {minutes} minutes. Ne le donnez que sur notre page ou à l'agent"
        " que vous avez appelé. Si vous n'avez rien demandé, oubliez ce message."
    )


def received_text(right: DataRight, number: str, due: date, page: str) -> str:
    """What follows a request made by voice or SMS; ``page``: the address of the page, empty where there is none."""
    faster = f" Plus vite, avec un code par SMS : {page}" if page else ""
    return plain(
        f"Encombrants : votre demande ({RIGHT_WORDS[right]}) est notée, n° {number}. Nous vous rappelons pour vérifier"
        f" que ce numéro est le vôtre. Réponse au plus tard le {day(due)}.{faster}"
    )


def extended_text(number: str, due: date, reason: str) -> str:
    """Why it takes longer (art. 12(3))."""
    return plain(
        f"Encombrants : la réponse à votre demande n° {number} prendra plus de temps, au plus tard le {day(due)}."
        f" Motif : {reason}. Vous pouvez saisir la CNIL : cnil.fr/plaintes"
    )


def refused_text(number: str, reason: str) -> str:
    """Why nothing was done, and where to complain (art. 12(4))."""
    return plain(
        f"Encombrants : votre demande n° {number} est refusée. Motif : {reason}. Vous pouvez saisir la CNIL"
        " (cnil.fr/plaintes) ou le tribunal administratif."
    )


def answered_text(right: DataRight, number: str, certificate: str | None) -> str:
    """What was done."""
    proof = f" Certificat {certificate}." if certificate else ""
    return plain(f"Encombrants : demande n° {number}. {_DONE[right]}{proof}")
