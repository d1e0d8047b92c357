"""What the caller wants to change, when they name it without its new value ("c'est la date qui ne va pas")."""

from __future__ import annotations

import re

from callbot.domain.meaning import AddressPart, Topic

_TOPICS = (
    (Topic.PHONE, r"(?:telephone|portable|mobile|numero de (?:telephone|portable|mobile)|sms)"),
    (Topic.ADDRESS, r"(?:adresse|rue|commune|ville|arrondissement|numero de (?:rue|maison|la rue))"),
    (Topic.DATE, r"(?:dates?|jour|rendez vous|rdv|creneau)"),
    (Topic.ITEMS, r"(?:objets?|encombrants?|meubles?|affaires|liste|quantites?|articles?)"),
)
_RULES = tuple(
    (topic, re.compile(rf"\b(?:l|la|le|les|mon|ma|mes|de|d|un autre|une autre) {pattern}\b"))
    for topic, pattern in _TOPICS
)
_PARTS = (
    (AddressPart.ALL, re.compile(r"\b(?:les deux|(?<!\bdu )tout(?! a fait)|toute l adresse|ni l un ni l autre)\b")),
    (AddressPart.NUMBER, re.compile(r"\b(?:le|mon|du|bon|mauvais|un autre) numero\b(?! de (?:telephone|portable))")),
    (AddressPart.STREET, re.compile(r"\b(?:la|ma|bonne|mauvaise|une autre) rue\b")),
    (AddressPart.COMMUNE, re.compile(r"\b(?:l|le bon|la|la bonne) ?(?:arrondissement|commune|ville)\b")),
)
"""in this order: "le numéro de la rue" is the number"""
_BOTH = re.compile(r"\bnumero (?:et|ni) .*\brue\b|\brue (?:et|ni) .*\bnumero\b")
_MOVES = re.compile(r"\b(?:decal|deplac|report|avanc|repouss)\w*")
"""verbs that change a booking's day, whatever name the booking is given"""
_THE_BOOKING = re.compile(r"\b(?:(?:de|pour|sur|dans) )?(?:le|mon|du|un|notre|ce) (?:rendez vous|rdv)\b")
_WHAT_IS_TAKEN = re.compile(r"\bce que? (?:vous|l equipe|le camion|on|ils)\b")
_MOST_WORDS = 12
"""a longer sentence tells a story, it does not name one thing to change"""


def find_topic(line: str, *, of_booking: bool = False) -> Topic | None:
    """The one thing named in the folded words ``line``; None when several or none are named.

    ``of_booking``: a booking made before is to be changed; there "mon rendez-vous" is all of it, not its date.
    """
    if len(line.split()) > _MOST_WORDS:
        return None
    if not of_booking:
        return _only(line)
    named = _only(_THE_BOOKING.sub("|", line))
    if named is None and _WHAT_IS_TAKEN.search(line):
        return Topic.ITEMS
    return Topic.DATE if named is None and _MOVES.search(line) else named


def _only(line: str) -> Topic | None:
    topics = [topic for topic, pattern in _RULES if pattern.search(line)]
    return topics[0] if len(topics) == 1 else None


def find_part(line: str) -> AddressPart | None:
    """The part of an address named as wrong in the folded words ``line``; "le numéro et la rue" is all of it."""
    if len(line.split()) > _MOST_WORDS:
        return None
    named = [part for part, pattern in _PARTS if pattern.search(line)]
    return AddressPart.ALL if _BOTH.search(line) else next(iter(named), None)
