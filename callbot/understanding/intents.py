"""Why the caller speaks, and whether a person is asked for, out of the folded words (patterns: ``intent_lexicon``)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from callbot.domain.meaning import Intent
from callbot.understanding.aside_lexicon import ASIDES
from callbot.understanding.intent_lexicon import OTHER_SERVICE_ALONE, REASONS
from callbot.understanding.lexicon import STREET_TYPES, alternation, vocabulary


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?:^|\b)(?:{pattern})(?:\b|$)" for pattern in patterns))


_RULES = tuple((intent, _any_of(patterns)) for intent, patterns in (*REASONS, *ASIDES))
_OTHER_SERVICE_ALONE = _any_of(OTHER_SERVICE_ALONE)
_YIELDS_TO_SLOTS = frozenset(
    {Intent.WAIT, Intent.GOODBYE, Intent.REPEAT, Intent.SLOWER, Intent.NOT_HEARING, Intent.BACK, Intent.INSULT,
     Intent.JOKE}
)  # fmt: skip
"""what is only said in passing where something else was understood"""
_NEARBY = re.compile(
    r"\b(?:en face|a cote|pres|devant|derriere|au niveau|a l angle|au bout|au coin)"
    r"(?: (?:de|du|d|des|la|le|les|l|a|au))+ \w+"
)
_NOT_NEARBY = frozenset({Intent.OTHER_SERVICE, Intent.PROFESSIONAL})
"""intents for which a place nearby is no reason: "en face de la cantine" """
_STREET_NAME = re.compile(
    rf"\b(?P<type>{alternation(STREET_TYPES | vocabulary('place cours passage square residence'))})"
    r" (?:de la|de l|du|de|d|(?<!la rue )(?<!ma rue )(?<!notre rue )des) \w+"
)
"""a street type with the word its name is made of: no word of a name is a reason to call"""

_AGENT = (
    "(?:(?:tele)?conseill(?:er|ere|e|ers|eres|ez)|operat(?:eur|rice)|humaine?|etre humain|standard(?:iste)?|agente?"
    "|employee?|responsable|superieur)"
)
_SOMEBODY = "(?:quelqu un|une (?:autre )?personne)(?! agee| handicapee| seule| a mobilite)"
_PLEASE = "(?: (?:s il|si|sur) vous plait| svp| merci| oui)*"
_HUMAN = re.compile(
    "|".join(
        (
            rf"\b(?:une?|l|le|la|au|aux|avec|votre|vos|des|d autre) (?:vraie? )?{_AGENT}\b(?! immobilier)",
            # the word callers are taught, and as the ears write "un conseiller": no such word is said to a machine
            rf"^(?:oui |non |bonjour |je voudrais |je veux |a |en |et |euh )*{_AGENT}{_PLEASE}$",
            rf"^je (?:voudrais|veux) vous conseiller{_PLEASE}$",
            r"\b(?:vraie|veritable|reelle|autre) personne\b",
            rf"\bvrai {_AGENT}\b",
            r"\bquelqu un de (?:reel|vrai|humain|vivant)\b",
            r"\b(?:parl|pass|transf|discut|echang)\w* (?:moi |a |avec |directement |vers )*" + _SOMEBODY,
            r"\b(?:avoir|joindre|voir|prefere|voudrais|veux|mettez moi) (?:en (?:relation|ligne) )?(?:avec )?"
            + _SOMEBODY,
            rf"^(?:oui |non |bonjour |je veux |je voudrais )*(?:quelqu un|une personne){_PLEASE}$",
            r"\bpas (?:\w+ ){0,3}(?:robot|machine|repondeur|ordinateur)$",
            r"\bpas parler (?:a |avec )?(?:une? )?(?:robot|machine|repondeur|ordinateur)\b",
        )
    )
)
_NO_HUMAN = re.compile(
    "|".join(
        (
            rf"\b(?:pas|sans|plus|aucun) (?:(?:besoin|parler|passer|de|d|par|a|avec|envie|une?|l) )*{_AGENT}",
            r"\b(?:les|des|vos) agents? (?:sont|ont|est|passe)",
            rf"\b{_AGENT} (?:m a|m avait|a dit|qui|d immeuble|est|sont|de l immeuble|de la copropriete)",
            rf"\b(?:mon|ma) {_AGENT}",
            rf"\b(?:heures?|horaires?|ouverte?s?)\b.*{_AGENT}",
            r"\b(?:vous etes|etes vous|c est) (?:pas |bien |donc )*une vraie personne",
        )
    )
)


def find_intent(line: str, *, has_slots: bool, has_items: bool) -> Intent:
    """The intent of the folded words ``line``; ``has_slots``: something else was understood, courtesies yield to it."""
    said = _STREET_NAME.sub(r"\g<type> |", _without_ne(line))
    elsewhere = _NEARBY.sub("|", said)
    ours = "chetterie" in said or "decheterie" in said or "encombrant" in said
    for intent, pattern in _RULES:
        if (has_slots and intent in _YIELDS_TO_SLOTS) or (ours and intent is Intent.OTHER_SERVICE):
            continue
        if pattern.search(elsewhere if intent in _NOT_NEARBY else said):
            return intent
        if intent is Intent.OTHER_SERVICE and not has_items and _OTHER_SERVICE_ALONE.search(elsewhere):
            return intent
    return Intent.BOOK if has_items else Intent.UNKNOWN


def wants_human(line: str) -> bool:
    """True when a person is asked for, by any of the words people use."""
    said = _without_ne(line)
    return bool(_HUMAN.search(said)) and not _NO_HUMAN.search(said)


def _without_ne(line: str) -> str:
    return " ".join(word for word in line.split() if word not in ("ne", "n"))
