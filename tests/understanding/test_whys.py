"""Whether words ask for the reason of what was just said: "pourquoi ?"; "pourquoi pas" is a yes."""

from __future__ import annotations

import pytest

from callbot.domain.meaning import Expectation, Meaning, YesNo
from callbot.understanding import Understander
from tests.understanding.conftest import TODAY

ASKED = [
    "pourquoi ?", "Pourquoi ça ?", "mais pourquoi donc", "ah non, pourquoi ?", "et pour quelle raison, madame ?",
    "pourquoi vous ne le prenez pas ?", "pourquoi c'est refusé", "pourquoi vous refusez mon objet",
    "pourquoi c'est trop lourd ?", "comment ça se fait ?", "c'est quoi cette règle ?", "quelle est la règle ?",
    "d'où vient cette règle ?", "d'où sortez-vous ça", "quelle est la source", "qui a décidé ça ?",
    "pourquoi c'est fermé mardi ?", "pour quelle raison un conseiller doit vérifier",
]  # fmt: skip
NOT_ASKED = [
    "pourquoi pas", "oui, pourquoi pas", "pourquoi pas mardi", "pourquoi vous voulez mon numéro de téléphone",
    "rue de la Source", "oui", "j'ai un canapé", "comment ?", "c'est combien", "quelle est votre adresse", "",
]  # fmt: skip


def understood(understander: Understander, text: str, expect: Expectation = Expectation.YES_NO) -> Meaning:
    return understander.understand(text, expect, today=TODAY)


@pytest.mark.parametrize("expect", [Expectation.YES_NO, Expectation.ITEMS, Expectation.COMMUNE, Expectation.DATE])
@pytest.mark.parametrize("text", ASKED)
def test_the_reason_is_asked_for(understander: Understander, text: str, expect: Expectation) -> None:
    assert understood(understander, text, expect).why


@pytest.mark.parametrize("text", NOT_ASKED)
def test_no_reason_is_asked_for(understander: Understander, text: str) -> None:
    assert not understood(understander, text).why


def test_why_not_is_a_yes(understander: Understander) -> None:
    assert understood(understander, "pourquoi pas").yes_no is YesNo.YES
