"""Booking references as callers say, spell and type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.keypad import on_keys
from callbot.domain.meaning import Expectation, Intent, YesNo
from callbot.domain.names import TELEPHONE
from callbot.domain.references import ALPHABET, check_character, parse_reference, references_on_keys, spoken_reference
from callbot.understanding import Understander
from callbot.understanding.references import find_reference
from callbot.understanding.sentence import clean, words_of

E = Expectation
_DIGITS = {"2": "deux", "3": "trois", "4": "quatre", "5": "cinq", "7": "sept", "8": "huit", "9": "neuf"}
references = st.text(ALPHABET, min_size=4, max_size=4).map(lambda body: body + check_character(body))


def found(text: str, expect: Expectation = E.REFERENCE) -> str | None:
    reading = find_reference(words_of(clean(text)), expect)
    return reading[0] if reading else None


def in_words(reference: str) -> str:
    return " ".join(_DIGITS.get(sign, sign.lower()) for sign in reference)


def on_the_phone(reference: str) -> str:
    said = (f"{sign} comme {TELEPHONE[sign]}" if sign in TELEPHONE else _DIGITS[sign] for sign in reference)
    return "euh alors c'est " + " et ".join(said)


@given(references)
def test_a_reference_is_read_however_it_is_said(reference: str) -> None:
    said = in_words(reference)
    ways = (reference, reference.lower(), "-".join(reference), ", ".join(reference), said, spoken_reference(reference),
            on_the_phone(reference), f"ma référence c'est {said} merci")  # fmt: skip
    assert [found(way) for way in ways] == [reference] * len(ways)


@given(references, st.integers(0, 4), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_never_another_reference(reference: str, place: int, sign: str) -> None:
    wrong = reference[:place] + sign + reference[place + 1 :]
    if wrong != reference:
        assert found(", ".join(wrong)) is None
        assert found(wrong) is None


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("ah c'est 4 cas h", "AC4KH"), ("a c quatre k ache", "AC4KH"), ("ka elle u neuf huit", "KLU98"),
        ("k l u quatre-vingt-dix-huit", "KLU98"), ("AC 4 KH", "AC4KH"), ("comanatole cé quatre k h", "AC4KH"),
        ("attendez je regarde c'est K, L, U, 98", "KLU98"),
    ],
)  # fmt: skip
def test_as_whisper_writes_letters(text: str, reference: str) -> None:
    assert found(text) == reference


@pytest.mark.parametrize(
    "text", ["", "oui", "je ne l'ai pas", "deux matelas au 12 rue de Rome", "A C 4 K R", "A C 4 K", "A C 4 K H 7", "9"]
)
def test_what_is_no_reference(text: str) -> None:
    assert found(text) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [("annuler AC4KH", Intent.CANCEL), ("ma référence c'est AC4KH", Intent.STATUS),
     ("ma référence c'est A comme Anatole, C, 4, K, H", Intent.STATUS), ("ANNULER ac4kh", Intent.CANCEL)],
)  # fmt: skip
def test_it_is_read_unasked_where_it_is_announced_or_solid(
    text: str, intent: Intent, understander: Understander, today: date
) -> None:
    meaning = understander.understand(text, E.ANY, today=today)
    assert (meaning.references, meaning.intent, meaning.address) == (("AC4KH",), intent, None)


@pytest.mark.parametrize("text", ["a c 4 k h", "cinq chaises", "12 rue de Rome, 13006 Marseille", "06 12 34 56 78"])
def test_nothing_is_one_where_none_is_spoken_of(text: str) -> None:
    assert found(text, E.ANY) is None


@pytest.mark.parametrize(
    "text", ["je ne l'ai pas", "je l'ai perdue", "je ne sais plus", "aucune idée", "j'ai pas la référence",
             "je ne l'ai pas notée", "je ne la retrouve plus", "non"],
)  # fmt: skip
def test_no_reference_at_hand_is_a_no(text: str, understander: Understander, today: date) -> None:
    meaning = understander.understand(text, E.REFERENCE, today=today)
    assert (meaning.yes_no, meaning.references) == (YesNo.NO, ())


def test_a_person_or_a_repeat_is_still_heard_there(understander: Understander, today: date) -> None:
    assert understander.understand("un conseiller", E.REFERENCE, today=today).wants_human
    assert understander.understand("répétez", E.REFERENCE, today=today).intent is Intent.REPEAT


@given(references)
def test_the_keys_of_a_reference_stand_for_it(reference: str) -> None:
    readings = references_on_keys(on_keys(reference.lower()))
    assert reference in readings
    assert len(readings) == len(set(readings)) <= 30
    assert all(parse_reference(each) == each for each in readings)


@pytest.mark.parametrize("keys", ["", "2345", "234567", "20222", "21222", "AC4KH", "2222#"])
def test_other_keys_stand_for_none(keys: str) -> None:
    assert references_on_keys(keys) == ()


@given(st.text(max_size=200), st.sampled_from(list(E)))
def test_any_text_is_read_without_harm(text: str, expect: Expectation) -> None:
    reading = find_reference(words_of(clean(text)), expect)
    assert reading is None or parse_reference(reading[0]) == reading[0]
