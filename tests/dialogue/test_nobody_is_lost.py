"""Callers who answer beside the question: no endless loop, no booking that was not meant, nobody misled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from callbot.dialogue.acts import Act, Book, FindDates, HandOver, HangUp, JudgeItems
from callbot.domain.events import Ended, EndReason, HandedOver, HandOverReason, Understood
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardAddress, HeardDate, Intent, Meaning, PartOfDay, Topic, YesNo
from tests.dialogue.world import FIRST, LANDLINE, MATTRESS, MOBILE, PIANO, RUBBLE, SECOND, SOFA, THIRD, Talk, candidate

ANY_DAY = HeardDate(FIRST - timedelta(days=10), FIRST + timedelta(days=50))
NO_ROOM = HeardDate(FIRST - timedelta(days=3), FIRST - timedelta(days=3))
ADDRESS = HeardAddress(12, None, "rue de rome")


def is_booked(talk: Talk) -> bool:
    return any(isinstance(act, Book) for act in talk.asked_for)


def said_since(talk: Talk, before: int) -> list[str]:
    return [say.text for say in talk.said[before:]]


def test_any_day_takes_the_first_one_offered() -> None:
    assert Talk().to_dates().hear(date=ANY_DAY).state.when.held == FIRST


def test_a_wish_for_all_the_days_offered_is_no_choice_and_is_asked_otherwise() -> None:
    talk = Talk().to_dates()
    before = len(talk.said) - 1
    for wish in (HeardDate(FIRST, THIRD), HeardDate(ANY_DAY.first, ANY_DAY.last, PartOfDay.MORNING)):
        talk.hear(date=wish)
    asked = said_since(talk, before)
    assert len(set(asked)) == len(asked) == 3
    assert talk.hear(date=HeardDate(FIRST, THIRD)).asks() is Act.OFFER_HUMAN


def test_no_room_when_the_caller_wished_is_said_and_three_times_offer_a_person() -> None:
    talk = Talk().to_dates()
    before = len(talk.said) - 1
    for _ in range(3):
        talk.hear(date=NO_ROOM)
    asked = said_since(talk, before)
    assert len(set(asked)) == len(asked) == 4
    assert asked[1].startswith("Je n'ai pas de place à ce moment-là.")
    assert talk.asks() is Act.OFFER_HUMAN
    assert talk.no().asks() is Act.OFFER_DATES


def test_who_names_a_street_instead_of_choosing_is_not_asked_to_choose_again() -> None:
    close = (candidate("Rue de Rome", probability=0.5), candidate("Rue de Rhodes", probability=0.45))
    talk = Talk(finds=[close] * 9).to_address().hear(address=ADDRESS)
    before = len(talk.said) - 1
    for reading in ("rue de rhum", "rue de roms", "rue d'arômes", "rue de rom", "rue des romes", "rue de rame", "rhum"):
        talk.feed(Understood(Meaning(address=ADDRESS), ("rue de rome", reading)))
    asked = said_since(talk, before)
    assert Act.CONFIRM_ADDRESS in talk.acts
    assert all(one != other for one, other in pairwise(asked))
    assert Act.OFFER_HUMAN in talk.acts


@pytest.mark.parametrize("extra", [PIANO, RUBBLE, MATTRESS])
def test_a_yes_that_adds_an_object_is_read_back_before_it_books(extra: str) -> None:
    talk = Talk().to_recap()
    talk.state = replace(talk.state, items=(ItemLine(SOFA, 1),))
    talk.hear(yes_no=YesNo.YES, items=(ItemLine(extra, 1),))
    assert not is_booked(talk)
    assert talk.asks() is Act.RECAP


def test_a_yes_that_names_another_day_offered_is_read_back_before_it_books() -> None:
    talk = Talk().to_recap().hear(yes_no=YesNo.YES, date=HeardDate(FIRST, FIRST))
    assert not is_booked(talk)
    assert "premier décembre" in talk.last.text


@pytest.mark.parametrize(
    "repeated",
    [
        Meaning(yes_no=YesNo.YES, date=HeardDate(SECOND, SECOND)),
        Meaning(yes_no=YesNo.YES, date=HeardDate(FIRST, THIRD)),
        Meaning(yes_no=YesNo.YES, date=NO_ROOM),
        Meaning(yes_no=YesNo.YES, items=(ItemLine(SOFA, 1), ItemLine(MATTRESS, 1))),
    ],
)
def test_a_yes_that_only_repeats_books(repeated: Meaning) -> None:
    assert is_booked(Talk().to_recap().hear(repeated))


@pytest.mark.parametrize("intent", [Intent.MISSED, Intent.CANCEL, Intent.AMEND, Intent.STATUS])
def test_a_request_about_a_booking_that_names_an_object_starts_no_new_one(intent: Intent) -> None:
    talk = Talk().start().hear(intent=intent, items=(ItemLine(SOFA, 1),))
    assert talk.asks() is Act.ASK_REFERENCE
    assert not any(isinstance(act, JudgeItems) for act in talk.asked_for)


def test_goodbye_at_the_recap_is_asked_once_more_and_nobody_believes_it_booked() -> None:
    talk = Talk().to_recap().hear(intent=Intent.GOODBYE)
    assert talk.asks() is Act.RECAP
    talk.hear(intent=Intent.GOODBYE)
    assert talk.ended == HangUp(EndReason.DONE)
    assert "rien réservé" in talk.last.text


def test_the_same_street_in_another_commune_was_not_refused() -> None:
    talk = Talk(finds=[(candidate(),), (candidate(insee="13005"),)]).to_address().hear(address=ADDRESS).no()
    talk.hear(address=HeardAddress(12, None, "rue de rome", "13005"))
    assert talk.asks() is Act.CONFIRM_ADDRESS
    assert "Aubagne" in talk.last.text


def test_three_corrections_in_a_row_offer_a_person() -> None:
    talk = Talk().to_address().hear(address=ADDRESS)
    for number in (22, 62, 72):
        talk.hear(yes_no=YesNo.NO, address=HeardAddress(number=number))
    assert talk.asks() is Act.OFFER_HUMAN
    assert "72," in talk.no().last.text


def test_another_date_at_the_recap_may_be_an_earlier_one() -> None:
    talk = Talk().to_recap().no().hear(topic=Topic.DATE)
    assert [act.after for act in talk.asked_for if isinstance(act, FindDates)] == [None, None]


def test_a_number_that_takes_no_sms_is_never_confirmed() -> None:
    talk = Talk(caller=LANDLINE).to_dates().hear(choice=1).hear(phone=LANDLINE.reveal())
    assert talk.asks() is Act.ASK_PHONE
    assert "ne reçoit pas de SMS" in talk.last.text
    first = talk.last.text
    assert talk.hear(phone=LANDLINE.reveal()).last.text != first
    assert talk.hear(phone=MOBILE.reveal()).asks() is Act.CONFIRM_PHONE


def test_a_landline_named_after_the_mobile_was_confirmed_changes_nothing() -> None:
    talk = Talk().to_recap().hear(phone=LANDLINE.reveal())
    assert talk.state.contact.phone == MOBILE
    assert talk.asks() is Act.RECAP


def test_who_did_not_catch_the_offer_of_a_person_hears_it_again() -> None:
    talk = Talk().to_address().hear().hear().hear()
    assert talk.hear(intent=Intent.REPEAT).asks() is Act.OFFER_HUMAN
    assert talk.ended is None


def test_a_person_can_be_asked_for_while_the_reference_and_the_goodbye_are_said() -> None:
    talk = Talk().to_recap().yes()
    assert talk.keys("1").ended == HangUp(EndReason.DONE)
    assert talk.keys("0").ended == HandOver(HandOverReason.ASKED)
    assert talk.asks() is Act.HAND_OVER
    assert talk.state.booked is not None


def test_a_person_can_be_asked_for_while_an_early_goodbye_is_said() -> None:
    talk = Talk().start()
    assert talk.hear(intent=Intent.GOODBYE).ended == HangUp(EndReason.DONE)
    assert talk.keys("0").ended == HandOver(HandOverReason.ASKED)


def test_a_key_after_the_end_calls_nobody() -> None:
    handed = Talk().to_recap().yes().keys("0").feed(HandedOver(HandOverReason.ASKED))
    closed = Talk().to_recap().yes().feed(Ended(EndReason.DONE))
    for talk in (handed, closed):
        before = len(talk.said)
        assert said_since(talk.keys("0"), before) == []
