"""The name of the caller: asked only where the service asks for one, optional, read back, spelled after one no."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbot.dialogue.acts import Act, Book, HandOver, HangUp
from callbot.dialogue.completeness import answers_in_full
from callbot.dialogue.state import State
from callbot.domain.events import EndReason, HandOverReason, NothingHeard, Understood
from callbot.domain.items import ItemLine
from callbot.domain.meaning import Expectation, HeardAddress, Intent, Meaning, YesNo
from callbot.domain.names import Letter, SpelledName
from callbot.domain.personal import PersonName
from tests.dialogue.world import MATTRESS, TWO_ITEMS, WORLD, Talk

ASKING = replace(WORLD, asks_name=True)


def spelled(name: str) -> Meaning:
    letters = tuple(Letter(sign.upper(), 0.97) for sign in name)
    return Meaning(name=name, spelled=SpelledName(name, letters, name.upper()))


def to_name() -> Talk:
    """Everything but the name is known."""
    return Talk(state=State("CA1", ASKING)).to_recap()


def booked_name(talk: Talk) -> PersonName | None:
    return next(act.draft.name for act in talk.asked_for if isinstance(act, Book))


def test_nobody_is_asked_for_a_name_unless_the_service_does() -> None:
    talk = Talk().to_recap()
    assert talk.asks() is Act.RECAP
    assert booked_name(talk.hear(name="Martinez").yes()) is None


def test_a_name_is_read_back_and_goes_into_the_booking() -> None:
    talk = to_name()
    assert talk.asks() is Act.ASK_NAME
    assert talk.hear(name="Martinez").last.text == "J'ai noté : Martinez. C'est bien ça ?"
    assert talk.yes().asks() is Act.RECAP
    assert booked_name(talk.yes()) == PersonName("Martinez")
    assert talk.ended == HangUp(EndReason.DONE)


def test_a_name_is_spelled_after_one_refusal_and_read_back_letter_by_letter() -> None:
    talk = to_name().hear(name="Martin").no()
    assert talk.asks() is Act.ASK_NAME_SPELLED
    assert "Épelez le nom" in talk.last.text
    assert talk.last.expect is Expectation.NAME
    talk.hear(spelled("Rossi"))
    assert "Rossi, R comme Raoul, O comme Oscar, deux S comme Suzanne, I comme Irma." in talk.last.text
    assert booked_name(talk.yes().yes()) == PersonName("Rossi")


def test_a_second_refusal_books_without_a_name() -> None:
    talk = to_name().hear(name="Martin").no().hear(spelled("Mardin")).no()
    assert talk.asks() is Act.RECAP
    assert talk.last.text.startswith("Nous nous en passerons, votre référence suffit.")
    assert booked_name(talk.yes()) is None


def test_who_keeps_the_name_is_not_asked_twice() -> None:
    talk = to_name().no()
    assert talk.asks() is Act.RECAP
    assert "votre référence suffit" in talk.last.text
    assert "votre référence suffit" not in talk.hear().last.text


def test_another_name_in_the_same_breath_as_the_no_is_read_back() -> None:
    talk = to_name().hear(name="Martin").hear(yes_no=YesNo.NO, name="Martinez")
    assert "Martinez" in talk.last.text
    assert talk.asks() is Act.CONFIRM_NAME
    assert talk.no().asks() is Act.ASK_NAME_SPELLED
    assert talk.hear(spelled("Mardin")).no().asks() is Act.RECAP


def test_the_same_name_once_more_is_a_yes() -> None:
    assert to_name().hear(name="Martinez").hear(name="martinez").asks() is Act.RECAP


@pytest.mark.parametrize("silent", [True, False])
def test_two_misunderstandings_of_the_name_go_on_without_it(silent: bool) -> None:
    talk = to_name()
    for _ in range(2):
        talk = talk.feed(NothingHeard()) if silent else talk.hear()
    assert talk.asks() is Act.RECAP
    assert Act.OFFER_HUMAN not in talk.acts


def test_refusals_of_a_name_bring_nobody_nearer_to_a_person() -> None:
    talk = to_name().hear(name="Martin").no().hear(spelled("Mardin")).no()
    assert talk.state.setbacks == 0


@pytest.mark.parametrize(("key", "act"), [("#", Act.RECAP), ("5", Act.ASK_NAME)])
def test_the_hash_key_keeps_the_name(key: str, act: Act) -> None:
    assert to_name().keys(key).asks() is act


def test_the_name_is_no_object_and_no_street() -> None:
    talk = to_name().hear(name="Porte", items=(ItemLine(MATTRESS, 5),), address=HeardAddress(3, None, "rue x"))
    assert talk.state.items == TWO_ITEMS
    assert talk.asks() is Act.CONFIRM_NAME


def test_a_person_is_still_one_word_away() -> None:
    assert to_name().hear(wants_human=True).ended == HandOver(HandOverReason.ASKED)
    assert to_name().hear(intent=Intent.REPEAT).asks() is Act.ASK_NAME


def test_the_name_shows_in_no_representation_of_the_state_but_the_prompt() -> None:
    talk = to_name().hear(name="Martinez")
    assert "Martinez" not in repr(talk.state.naming)


def test_letters_are_never_cut_off_as_complete() -> None:
    assert not answers_in_full("M, A, R, T, I, N", spelled("Martin"), Expectation.NAME)
    assert answers_in_full("Martin", Meaning(name="Martin"), Expectation.NAME)


answers = st.builds(
    Meaning,
    yes_no=st.sampled_from([None, YesNo.YES, YesNo.NO]),
    name=st.sampled_from([None, "Martin", "Martinez", "Ba"]),
    items=st.sampled_from([(), (ItemLine(MATTRESS, 1),)]),
) | st.sampled_from([spelled("Rossi"), spelled("Le Goff")])


@settings(max_examples=200, deadline=None)
@given(st.lists(answers, min_size=1, max_size=12))
def test_the_name_is_asked_for_a_few_times_at_most_and_only_a_confirmed_one_is_kept(said: list[Meaning]) -> None:
    talk = Talk(state=State("CA1", ASKING)).to_recap()
    for meaning in said:
        talk.feed(Understood(meaning))
    assert talk.acts.count(Act.ASK_NAME) + talk.acts.count(Act.ASK_NAME_SPELLED) <= 6
    assert talk.ended is not None or talk.state.asked is not None
    kept = [act.draft.name for act in talk.asked_for if isinstance(act, Book)]
    assert all(name is None or talk.state.naming.confirmed for name in kept)
