"""Buttons: each is an answer that the dialogue understands, shown by its meaning."""

from __future__ import annotations

import pytest

from callbot.dialogue.acts import Act, Say
from callbot.dialogue.prompts import EXPECTS
from callbot.dialogue.state import State
from callbot.domain.meaning import Expectation
from callbot.web.quick import label_of, quick_answers, typed_keys
from tests.dialogue.world import WORLD

DAYS = ("le mardi premier décembre", "le jeudi 3 décembre")


def asked(act: Act, hints: tuple[str, ...] = (), expect: Expectation | None = None) -> State:
    return State("text-1", WORLD, asked=Say(act, ("?",), expect or EXPECTS[act], hints=hints))


def labels(state: State) -> list[str]:
    return [answer.label for answer in quick_answers(state)]


YES_NO = [act for act, expect in EXPECTS.items() if expect is Expectation.YES_NO]


@pytest.mark.parametrize("act", YES_NO)
def test_every_question_for_yes_or_no_has_both_as_buttons(act: Act) -> None:
    assert labels(asked(act)) == ["Oui", "Non"]


@pytest.mark.parametrize(
    ("act", "shown"),
    [
        (Act.ASK_PART, ["Le numéro", "La rue"]),
        (Act.ASK_CORRECTION, ["Les objets", "L'adresse", "La date", "Le téléphone"]),
        (Act.ASK_CHANGE, ["Les objets", "La date", "Le téléphone"]),
        (Act.ASK_PHONE, ["Pas de portable"]),
        (Act.ASK_NAME, ["Continuer sans nom"]),
        (Act.ASK_NAME_SPELLED, ["Continuer sans nom"]),
        (Act.ASK_REFERENCE, ["Je n'ai pas la référence"]),
        (Act.ASK_CALL_BACK_NUMBER, ["Ne pas être rappelé"]),
        (Act.ASK_ADDRESS, []),
    ],
)
def test_other_questions_have_the_buttons_that_fit(act: Act, shown: list[str]) -> None:
    assert labels(asked(act)) == shown


@pytest.mark.parametrize(
    ("act", "none"),
    [
        (Act.OFFER_DATES, "Une autre date"),
        (Act.CHOOSE_ADDRESS, "Aucune de ces adresses"),
        (Act.CHOOSE_BOOKING, "Aucun de ces rendez-vous"),
    ],
)
def test_what_is_offered_is_a_button_each_and_so_is_none_of_it(act: Act, none: str) -> None:
    assert labels(asked(act, DAYS)) == ["Mardi premier décembre", "Jeudi 3 décembre", none]
    assert labels(asked(act)) == []


def test_house_numbers_that_are_offered_are_buttons_too() -> None:
    state = asked(Act.CHOOSE_ADDRESS, ("le 12", "le 22 bis"), Expectation.NUMBER)
    assert labels(state) == ["12", "22 bis", "Aucune de ces adresses"]


def test_nothing_asked_no_button() -> None:
    assert quick_answers(State("text-1", WORLD)) == ()


@pytest.mark.parametrize(
    ("keys", "label"),
    [("2", "Jeudi 3 décembre"), ("9", "Une autre date"), ("0", "Parler à une personne"), ("7", "7"),
     ("*", "Répéter la question")],
)  # fmt: skip
def test_keys_are_shown_as_what_they_meant(keys: str, label: str) -> None:
    assert label_of(asked(Act.OFFER_DATES, DAYS), keys) == label


@pytest.mark.parametrize(
    ("act", "text", "keys"),
    [
        (Act.RECAP, "1", "1"),
        (Act.RECAP, "3", None),
        (Act.RECAP, "oui", None),
        (Act.ASK_PHONE, "06.12.34.56.78", "0612345678"),
        (Act.ASK_PHONE, "06 12 34", None),
        (Act.ASK_COMMUNE, "13006", "13006"),
        (Act.ASK_NUMBER, "12", "12"),
        (Act.ASK_NUMBER, "12 bis", None),
        (Act.ASK_REFERENCE, "98345", None),
        (Act.ASK_REFERENCE, "#", "#"),
        (Act.ASK_ITEMS, "0", "0"),
        (Act.ASK_ITEMS, "٣", None),
        (Act.ASK_ITEMS, "-", None),
    ],
)
def test_a_message_that_is_keys_counts_as_keys_where_they_answer(act: Act, text: str, keys: str | None) -> None:
    assert typed_keys(asked(act), text) == keys
