"""What is to be changed in a booking made before, and a wish to change it taken back."""

from __future__ import annotations

from datetime import date

import pytest

from callbot.domain.meaning import Expectation, Intent, Topic, YesNo
from callbot.understanding import Understander

E = Expectation


@pytest.mark.parametrize(
    "text",
    ["Je voudrais modifier mon rendez-vous.", "Je voudrais changer mon rendez-vous.", "il faudrait modifier mon rdv",
     "je veux modifier ma réservation", "je voudrais changer quelque chose à mon rendez-vous, le modifier"],
)  # fmt: skip
def test_a_booking_to_be_changed_does_not_say_what_in_it(text: str, understander: Understander, today: date) -> None:
    meaning = understander.understand(text, E.ANY, today=today)
    assert (meaning.intent, meaning.topic) == (Intent.AMEND, None)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Je voudrais changer la date de mon rendez-vous.", Topic.DATE),
        ("je voudrais décaler mon rendez-vous", Topic.DATE),
        ("il faudrait déplacer mon rendez-vous à un autre jour", Topic.DATE),
        ("je voudrais décaler mon enlèvement", Topic.DATE),
        ("on peut avancer mon rendez-vous", Topic.DATE),
        ("je voudrais changer de jour", Topic.DATE),
        ("changer de créneau", Topic.DATE),
        ("Je voudrais changer les objets de mon rendez-vous.", Topic.ITEMS),
        ("je voudrais changer ce que vous prenez", Topic.ITEMS),
        ("je veux changer ce que vous devez ramasser", Topic.ITEMS),
        ("modifier la liste des objets", Topic.ITEMS),
        ("changer la liste", Topic.ITEMS),
        ("changer le nombre d'objets de mon rendez-vous", Topic.ITEMS),
        ("je voudrais changer le numéro pour le SMS", Topic.PHONE),
        ("Je voudrais changer mon numéro de téléphone.", Topic.PHONE),
        ("je veux changer de numéro de portable", Topic.PHONE),
        ("modifier mon numéro de téléphone pour le rendez-vous", Topic.PHONE),
        ("changer l'adresse de mon rendez-vous", Topic.ADDRESS),
    ],
)
def test_what_is_to_be_changed_is_named_at_once(
    text: str, topic: Topic, understander: Understander, today: date
) -> None:
    meaning = understander.understand(text, E.ANY, today=today)
    assert (meaning.intent, meaning.topic) == (Intent.AMEND, topic)
    assert meaning.items == ()


@pytest.mark.parametrize(
    "text", ["je change de canapé, il faut prendre l'ancien", "j'ai changé mes meubles", "c'est un rendez-vous de plus"]
)
def test_new_furniture_changes_no_booking(text: str, understander: Understander, today: date) -> None:
    assert understander.understand(text, E.ANY, today=today).intent is not Intent.AMEND


def test_at_a_read_back_the_booking_is_its_date(understander: Understander, today: date) -> None:
    assert understander.understand("non, le rendez-vous", E.YES_NO, today=today).topic is Topic.DATE


@pytest.mark.parametrize("expect", [E.ANY, E.YES_NO])
@pytest.mark.parametrize(
    "text",
    ["Rien finalement.", "finalement rien", "rien du tout", "laissez comme c'est", "Non, laissez comme c'est.",
     "ne changez rien", "on ne change rien", "on laisse tomber", "laissez tomber", "bon, je laisse comme ça",
     "rien à changer", "je ne change rien merci", "je ne veux rien changer", "non je laisse comme ça"],
)  # fmt: skip
def test_a_wish_taken_back_is_a_no(text: str, expect: E, understander: Understander, today: date) -> None:
    meaning = understander.understand(text, expect, today=today)
    assert meaning.yes_no is YesNo.NO
    assert (meaning.part, meaning.topic, meaning.intent) == (None, None, Intent.UNKNOWN)


@pytest.mark.parametrize(
    "text",
    ["il n'y a rien dans la rue", "laissez tomber mon rendez-vous", "vous laissez tout devant la porte",
     "vous n'avez rien ramassé", "je n'ai rien compris", "je n'entends rien", "rien n'a été pris"],
)  # fmt: skip
def test_nothing_beside_something_else_is_no_answer(text: str, understander: Understander, today: date) -> None:
    assert understander.understand(text, E.ANY, today=today).yes_no is None


@pytest.mark.parametrize(
    "text",
    ["oui, laissez comme ça", "c'est bon, laissez comme ça", "ok on laisse comme ça", "laissez comme ça c'est bon"],
)
def test_left_as_it_is_beside_a_yes_agrees(text: str, understander: Understander, today: date) -> None:
    assert understander.understand(text, E.YES_NO, today=today).yes_no is YesNo.YES


def test_nothing_else_still_ends_the_objects(understander: Understander, today: date) -> None:
    assert understander.understand("rien d'autre", E.ITEMS, today=today).yes_no is YesNo.NO
    assert understander.understand("rien finalement", E.ITEMS, today=today).yes_no is None
