"""Intents, and asking for a person."""

from __future__ import annotations

import pytest

from callbot.domain.meaning import Intent
from callbot.understanding.intents import find_intent, wants_human
from callbot.understanding.sentence import clean, words_of


def line(text: str) -> str:
    return " ".join(word.folded for word in words_of(clean(text)))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("je voudrais faire enlever des encombrants", Intent.BOOK),
        ("pouvez-vous venir chercher un canapé ?", Intent.BOOK),
        ("est-ce que vous pouvez débarrasser une armoire ?", Intent.BOOK),
        ("je voudrais un rendez-vous", Intent.BOOK),
        ("c'est pour des encombrants", Intent.BOOK),
        ("j'ai un truc à jeter", Intent.BOOK),
        ("prendre rendez-vous", Intent.BOOK),
        ("où en est mon enlèvement ?", Intent.STATUS),
        ("je voudrais le suivi de ma demande", Intent.STATUS),
        ("quand est-ce que vous passez ?", Intent.STATUS),
        ("j'ai déjà un rendez-vous", Intent.STATUS),
        ("c'est bien prévu demain ?", Intent.STATUS),
        ("il n'est pas passé", Intent.MISSED),
        ("ils sont pas passés ce matin", Intent.MISSED),
        ("personne n'est venu", Intent.MISSED),
        ("le canapé n'a pas été ramassé", Intent.MISSED),
        ("vous avez oublié mon matelas", Intent.MISSED),
        ("mon frigo est toujours sur le trottoir", Intent.MISSED),
        ("je voudrais changer la date", Intent.AMEND),
        ("modifier mon rendez-vous", Intent.AMEND),
        ("je voudrais décaler mon enlèvement", Intent.AMEND),
        ("ajouter une chaise à ma demande", Intent.AMEND),
        ("annuler mon rendez-vous", Intent.CANCEL),
        ("je ne veux plus de rendez-vous", Intent.CANCEL),
        ("est-ce que vous prenez les pneus ?", Intent.QUESTION),
        ("combien ça coûte ?", Intent.QUESTION),
        ("c'est payant ?", Intent.QUESTION),
        ("quels objets vous prenez", Intent.QUESTION),
        ("où est la déchèterie ?", Intent.QUESTION),
        ("à quelle heure il faut sortir les objets", Intent.QUESTION),
        ("il y a une fuite de gaz", Intent.EMERGENCY),
        ("ça sent le gaz", Intent.EMERGENCY),
        ("il y a le feu", Intent.EMERGENCY),
        ("un incendie", Intent.EMERGENCY),
        ("quelqu'un est blessé", Intent.EMERGENCY),
        ("répétez s'il vous plaît", Intent.REPEAT),
        ("vous pouvez répéter ?", Intent.REPEAT),
        ("pardon ?", Intent.REPEAT),
        ("comment ?", Intent.REPEAT),
        ("j'ai pas compris", Intent.REPEAT),
        ("je n'ai pas bien entendu", Intent.REPEAT),
        ("plus fort", Intent.NOT_HEARING),
        ("attendez", Intent.WAIT),
        ("un instant", Intent.WAIT),
        ("une seconde", Intent.WAIT),
        ("deux minutes", Intent.WAIT),
        ("ne quittez pas", Intent.WAIT),
        ("je vais chercher mes lunettes", Intent.WAIT),
        ("revenons en arrière", Intent.BACK),
        ("on peut recommencer", Intent.BACK),
        ("au revoir", Intent.GOODBYE),
        ("merci bonne journée", Intent.GOODBYE),
        ("", Intent.UNKNOWN),
        ("rue de Rome", Intent.UNKNOWN),
        ("une bouteille de gaz", Intent.UNKNOWN),
        ("au feu rouge", Intent.UNKNOWN),
        ("pourquoi pas", Intent.UNKNOWN),
    ],
)
def test_intents(text: str, intent: Intent) -> None:
    assert find_intent(line(text), has_slots=False, has_items=False) is intent


def test_items_alone_are_a_booking() -> None:
    assert find_intent(line("deux matelas"), has_slots=True, has_items=True) is Intent.BOOK


@pytest.mark.parametrize("text", ["attendez", "au revoir", "pardon"])
def test_courtesies_yield_to_a_slot(text: str) -> None:
    assert find_intent(line(text), has_slots=True, has_items=False) is Intent.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "je voudrais parler à un conseiller", "un conseiller", "conseillère s'il vous plaît", "un humain",
        "un conseillé",
        "je veux parler à quelqu'un", "passez-moi quelqu'un", "quelqu'un s'il vous plaît", "une vraie personne",
        "parler à un agent", "un opérateur", "je préfère avoir quelqu'un", "je ne veux pas parler à un robot",
        "je peux avoir une personne ?", "un être humain", "mettez-moi en relation avec un conseiller",
    ],
)  # fmt: skip
def test_a_person_is_asked_for(text: str) -> None:
    assert wants_human(line(text))


@pytest.mark.parametrize(
    "text",
    [
        "", "oui", "personne n'est venu", "il y a quelqu'un chez moi", "je suis une personne âgée", "pour ma personne",
        "non pas besoin d'un conseiller", "les agents sont pas passés", "mon conseiller", "quelqu'un sera là",
        "un agent immobilier", "une machine à laver", "pas la machine à laver",
    ],
)  # fmt: skip
def test_no_person_is_asked_for(text: str) -> None:
    assert not wants_human(line(text))
