"""The labelled sentences are what they should be, and the part that rules are made on is hidden nearly whole."""

from __future__ import annotations

import pytest

from callbot.privacy import Asked
from tests.bench.masking.judging import figures, judge
from tests.bench.masking.known import nobody
from tests.bench.masking.labelled import Part, Span, parsed, sentences

LEAST_RECALL, LEAST_PRECISION, LEAST_OF_FRESH = 0.99, 0.95, 0.8


def test_what_is_measured_on_is_large_apart_and_often_has_nothing_to_hide() -> None:
    dev, test = sentences(Part.DEV), sentences(Part.TEST)
    assert len(test) > 300
    assert sum(not one.secrets for one in test) * 3 > len(test)
    assert not {one.text for one in dev if one.secrets} & {one.text for one in test if one.secrets}
    assert {one.category for one in dev} == {one.category for one in test}


def test_secrets_are_hidden_and_little_else() -> None:
    found = figures([judge(one, nobody()) for one in sentences(Part.DEV)])
    assert found.recall.value >= LEAST_RECALL
    assert found.precision.value >= LEAST_PRECISION


def test_what_was_written_to_break_the_rules_is_mostly_hidden() -> None:
    found = figures([judge(one, nobody()) for one in sentences(Part.FRESH)])
    assert found.recall.value >= LEAST_OF_FRESH
    assert found.precision.value >= LEAST_PRECISION


def test_marks_become_places_in_the_text() -> None:
    one = parsed("name\tnom\tau nom de {nom:Roux} {?:rue X}")
    assert (one.asked, one.text) == (Asked.NAME, "au nom de Roux rue X")
    assert (one.secrets, one.free) == ((Span("nom", 10, 14),), (Span("?", 15, 20),))


def test_a_word_missed_and_a_word_hidden_for_nothing_count() -> None:
    judged = judge(parsed("anything\tnom\tmadame Durand et {nom:le voisin}"), nobody())
    assert (judged.missed, judged.hidden_wrong) == (("le voisin",), ("durand",))
    assert figures([judged]).recall.value == figures([judged]).precision.value == 0


def test_a_mark_that_is_not_closed_is_an_error() -> None:
    with pytest.raises(ValueError, match="not closed"):
        parsed("name\tnom\tje suis {nom:Roux")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("mon mari est mort", "mon mari est [masqué]"),
        ("le frigo est mort", "le frigo est mort"),
        ("je suis handicapé", "je suis [masqué]"),
        ("j'ai perdu mon père", "j'ai [masqué] mon père"),
        ("j'ai perdu mon ticket", "j'ai perdu mon ticket"),
        ("on se sépare de ma femme", "on se [masqué] de ma femme"),
        ("on se sépare de deux meubles", "on se sépare de deux meubles"),
        ("je suis enceinte", "je suis [masqué]"),
        ("une enceinte", "une enceinte"),
        ("au troisième à gauche", "au [numéro]"),
        ("le troisième créneau", "le troisième créneau"),
        ("née le deux mai cinquante", "née le [masqué]"),
        ("une cuisinière Arthur Martin", "une cuisinière Arthur Martin"),
        ("après la saint valentin", "après la saint valentin"),
    ],
)
def test_the_same_word_of_people_and_of_things(said: str, left: str) -> None:
    assert judge(parsed(f"anything\trien\t{said}"), nobody()).masked == left
