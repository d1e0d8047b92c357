"""Figures in French: names of motives, outcomes and reasons, numbers as people write them."""

from __future__ import annotations

from callbot.domain.events import HandOverReason
from callbot.insight.figures.facts import Motive, Outcome
from callbot.insight.figures.figure import NO_SENSE, Family, Figure, Unit
from callbot.insight.figures.statistics import Interval

_NARROW = "\u202f"
"""narrow no-break space, before a per-cent sign and between thousands"""

FAMILY_WORDS = {
    Family.PICK_UP: "Appels reçus et décrochés",
    Family.WAITING: "Attente",
    Family.ABANDONED: "Abandons",
    Family.HANDLING: "Durée des appels",
    Family.RESOLUTION: "Résolution",
    Family.PEOPLE: "Passage à un conseiller",
    Family.SATISFACTION: "Satisfaction",
    Family.QUALITY: "Qualité et pannes",
}
MOTIVE_WORDS = {
    Motive.BOOK: "prendre rendez-vous",
    Motive.STATUS: "suivre un rendez-vous",
    Motive.MISSED: "signaler un oubli de collecte",
    Motive.AMEND: "modifier un rendez-vous",
    Motive.CANCEL: "annuler un rendez-vous",
    Motive.FLY_TIP: "signaler un dépôt sauvage",
    Motive.QUESTION: "poser une question",
    Motive.PERSON: "parler à une personne",
    Motive.COMPLAINT: "faire une réclamation",
    Motive.DATA_RIGHTS: "données personnelles",
    Motive.ASSISTED: "aide au portage",
    Motive.PROFESSIONAL: "professionnel",
    Motive.LANGUAGE: "autre langue",
    Motive.OTHER_SERVICE: "autre service",
    Motive.EMERGENCY: "urgence",
    Motive.UNKNOWN: "motif non compris",
}
OUTCOME_WORDS = {
    Outcome.BOOKED: "rendez-vous pris",
    Outcome.AMENDED: "rendez-vous modifié",
    Outcome.CANCELLED: "rendez-vous annulé",
    Outcome.REPORTED: "signalement enregistré",
    Outcome.HANDED_OVER: "passé à un conseiller",
    Outcome.CALL_BACK: "rappel promis",
    Outcome.STATUS_TOLD: "suivi donné",
    Outcome.ANSWERED: "question répondue",
    Outcome.ABANDONED: "raccroché avant la fin",
    Outcome.FAILED: "panne",
    Outcome.SILENCE: "personne n'a parlé",
    Outcome.NOTHING: "terminé sans suite",
    Outcome.UNANSWERED: "non décroché",
    Outcome.GOING_ON: "en cours",
}
REASON_WORDS = {
    HandOverReason.ASKED: "demandé par l'appelant",
    HandOverReason.NOT_UNDERSTOOD: "incompréhension",
    HandOverReason.NO_ANSWER: "pas de réponse de l'appelant",
    HandOverReason.RULE_UNKNOWN: "règle non connue",
    HandOverReason.ITEM_DOUBT: "doute sur un objet",
    HandOverReason.ADDRESS_DOUBT: "doute sur l'adresse",
    HandOverReason.NO_DATE: "aucune date disponible",
    HandOverReason.OTHER_REQUEST: "autre demande",
    HandOverReason.TECHNICAL: "panne",
    HandOverReason.TOO_LONG: "appel trop long",
    HandOverReason.EMERGENCY: "urgence",
    HandOverReason.STATUS: "suivi d'un rendez-vous",
    HandOverReason.MISSED: "oubli de collecte",
    HandOverReason.AMEND: "modification",
    HandOverReason.CANCEL: "annulation",
    HandOverReason.ASSISTED: "aide au portage",
    HandOverReason.PROFESSIONAL: "professionnel",
    HandOverReason.COMPLAINT: "réclamation",
    HandOverReason.LANGUAGE: "autre langue",
    HandOverReason.NOT_KNOWN: "question sans réponse",
    HandOverReason.HOUSEHOLD_LIMIT: "limite du foyer atteinte",
    HandOverReason.UPSET: "appelant fâché",
    HandOverReason.DIVERTED: "assistant arrêté",
}


def reason_word(reason: str) -> str:
    """A reason in French; one this version does not know stays as it is stored."""
    return REASON_WORDS[HandOverReason(reason)] if reason in set(HandOverReason) else reason


def written_number(value: float, decimals: int = 0) -> str:
    """« 12 345,6 »."""
    return f"{value:,.{decimals}f}".replace(",", _NARROW).replace(".", ",").replace("-", "\u2212")


def written_value(value: float | None, unit: Unit) -> str:
    """A value with its unit; « sans objet » where nobody was counted."""
    if value is None:
        return NO_SENSE
    match unit:
        case Unit.SHARE:
            return f"{written_number(value * 100, 1)}{_NARROW}%"
        case Unit.CHANGE:
            return f"{'+' if value > 0 else ''}{written_number(value * 100, 1)}{_NARROW}%"
        case Unit.SECONDS:
            return written_duration(value)
    return written_number(value)


def written_duration(seconds: float) -> str:
    """« 1,4 s » below a minute, « 3 min 05 s » below an hour, « 22 h 12 min » above."""
    if seconds < 59.95:
        return f"{written_number(seconds, 1)}{_NARROW}s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}{_NARROW}min{_NARROW}{whole % 60:02}{_NARROW}s"
    return f"{written_number(whole // 3600)}{_NARROW}h{_NARROW}{whole % 3600 // 60:02}{_NARROW}min"


def written_interval(interval: Interval | None, unit: Unit) -> str:
    """« de 81,2 % à 84,0 % », empty without one."""
    if interval is None:
        return ""
    return f"de {written_value(interval.low, unit)} à {written_value(interval.high, unit)}"


def written_count(figure: Figure) -> str:
    """« 80 sur 100 », « 22 h 12 min en tout, sur 616 appels »; empty where there is no denominator."""
    return written_parts(figure.numerator, figure.denominator, figure.unit)


def written_parts(numerator: float | None, denominator: int | None, unit: Unit) -> str:
    """The same of its parts."""
    if denominator is None:
        return ""
    trials = written_number(denominator)
    if numerator is None:
        return f"sur {trials} appels"
    if unit is Unit.SECONDS:
        return f"{written_duration(numerator)} en tout, sur {trials} appels"
    return f"{written_number(numerator)} sur {trials}"
