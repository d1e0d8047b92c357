"""What the review calls things, in French."""

from __future__ import annotations

from typing import Final

from callbot.domain.addresses import NumberCheck
from callbot.domain.events import Channel, EndReason
from callbot.domain.items import Certainty, Verdict
from callbot.domain.meaning import AddressPart, Intent, NoStreet, Topic, YesNo
from callbot.insight.figures.words import REASON_WORDS

HAND_OVER_WORDS: Final = REASON_WORDS
END_WORDS: Final = {
    EndReason.DONE: "terminé normalement",
    EndReason.CALLER_HUNG_UP: "l'appelant a raccroché",
    EndReason.HANDED_OVER: "passé à une personne",
    EndReason.CALL_BACK: "rappel promis",
    EndReason.SILENCE: "personne ne parlait",
    EndReason.BROKEN_STREAM: "coupure de la ligne",
    EndReason.TOO_LONG: "appel trop long",
    EndReason.FAILURE: "panne",
    EndReason.DIVERTED: "dirigé vers les conseillers, assistant arrêté",
}
CHANNEL_WORDS: Final = {
    Channel.PHONE: "téléphone",
    Channel.TURNS: "téléphone, tour par tour",
    Channel.SMS: "SMS",
    Channel.TEXT: "page écrite",
}
INTENT_WORDS: Final = {
    Intent.BOOK: "prendre rendez-vous",
    Intent.STATUS: "suivre un rendez-vous",
    Intent.MISSED: "signaler un oubli",
    Intent.AMEND: "modifier un rendez-vous",
    Intent.CANCEL: "annuler un rendez-vous",
    Intent.QUESTION: "poser une question",
    Intent.FLY_TIP: "signaler un dépôt sauvage",
    Intent.ASSISTED: "aide au portage",
    Intent.PROFESSIONAL: "professionnel",
    Intent.COMPLAINT: "réclamation",
    Intent.OTHER_SERVICE: "autre service",
    Intent.LANGUAGE: "autre langue",
    Intent.DATA_RIGHTS: "données personnelles",
    Intent.EMERGENCY: "urgence",
    Intent.INSULT: "insulte",
    Intent.JOKE: "plaisanterie",
    Intent.REPEAT: "répéter",
    Intent.SLOWER: "parler plus lentement",
    Intent.NOT_HEARING: "entend mal",
    Intent.WAIT: "attendre",
    Intent.BACK: "revenir en arrière",
    Intent.GOODBYE: "au revoir",
    Intent.UNKNOWN: "aucune",
}
YES_NO_WORDS: Final = {YesNo.YES: "oui", YesNo.NO: "non"}
VERDICT_WORDS: Final = {
    Verdict.ACCEPTED: "accepté",
    Verdict.REFUSED: "non pris",
    Verdict.ASK_HUMAN: "à vérifier par une personne",
}
NUMBER_WORDS: Final = {
    NumberCheck.KNOWN: "numéro connu de la base",
    NumberCheck.UNKNOWN: "numéro inconnu de la base",
    NumberCheck.NOT_CHECKED: "numéro non vérifié",
}
CERTAINTY_WORDS: Final = {
    Certainty.SOURCED: "sourcé",
    Certainty.TYPICAL: "habituel, à confirmer",
    Certainty.GENERAL: "général, à vérifier",
    Certainty.INFERRED: "valeur d'exemple",
}
TOPIC_WORDS: Final = {
    Topic.ITEMS: "les objets",
    Topic.ADDRESS: "l'adresse",
    Topic.DATE: "la date",
    Topic.PHONE: "le téléphone",
}
PART_WORDS: Final = {
    AddressPart.NUMBER: "le numéro",
    AddressPart.STREET: "la rue",
    AddressPart.COMMUNE: "la commune",
    AddressPart.ALL: "toute l'adresse",
}
NO_STREET_WORDS: Final = {
    NoStreet.OTHER_TOWN: "une ville hors de la métropole",
    NoStreet.LANDMARK: "un lieu proche",
    NoStreet.NOT_KNOWN: "ne sait pas",
}


def decimal(value: float, places: int = 2) -> str:
    """« 0,81 »."""
    return f"{value:.{places}f}".replace(".", ",")
