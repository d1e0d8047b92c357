"""Questions in the middle, "répétez", "attendez", "revenons en arrière", corrections, insults, calls cut off."""

from __future__ import annotations

import pytest

from callbot.dialogue.acts import Act, HandOver, HangUp, MakeReport, NoteGap, RecallCall
from callbot.dialogue.requests import SLOW_FROM
from callbot.domain.data_rights import Came, DataRight
from callbot.domain.events import (
    Channel,
    EarlierCallFound,
    EndReason,
    HandOverReason,
    NoProgress,
    NothingHeard,
    NoWords,
)
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardAddress, Intent, Meaning, YesNo
from callbot.domain.people import ReportKind
from tests.dialogue.world import MATTRESS, MOBILE, PIANO, RUBBLE, SOFA, TWO_ITEMS, Talk, candidate

PRICE = Meaning(intent=Intent.QUESTION, question="prix")


def test_a_question_first_is_answered_with_its_entry_and_anything_else_is_asked() -> None:
    talk = Talk().start().hear(PRICE)
    assert [say.act for say in talk.said[-2:]] == [Act.ANSWER, Act.ASK_MORE]
    assert (talk.said[-2].text, talk.said[-2].entry) == ("C'est gratuit.", "prix")


@pytest.mark.parametrize("place", ["address", "dates", "recap"])
def test_a_question_in_the_middle_is_answered_and_the_booking_goes_on(place: str) -> None:
    talk = getattr(Talk(), f"to_{place}")()
    waiting, state = talk.last, talk.state
    talk.hear(PRICE)
    assert talk.said[-2].entry == "prix"
    assert talk.last.act is waiting.act
    assert talk.last.text == f"Revenons à votre demande. {waiting.text}"
    assert talk.state.items == state.items
    assert talk.state.when == state.when


def test_a_question_without_an_answer_is_said_so_noted_as_a_gap_and_offered_a_person() -> None:
    talk = Talk().start().hear(intent=Intent.QUESTION, nearest=("prix",))
    assert talk.asked_for[-1] == NoteGap(("prix",))
    assert [say.act for say in talk.said[-2:]] == [Act.NOT_KNOWN, Act.OFFER_HUMAN]
    assert talk.yes().ended == HandOver(HandOverReason.NOT_KNOWN)


def test_an_entry_that_is_gone_is_a_gap_too() -> None:
    assert Act.NOT_KNOWN in Talk().start().hear(intent=Intent.QUESTION, question="ancienne").acts


@pytest.mark.parametrize(
    ("item", "words", "asked"),
    [(SOFA, "Oui, nous prenons un canapé.", Act.OFFER_BOOKING), (RUBBLE, "déchèterie", Act.ASK_MORE),
     (PIANO, "un conseiller doit vérifier", Act.ASK_MORE)],
)  # fmt: skip
def test_whether_something_is_taken_is_answered_by_the_rules(item: str, words: str, asked: Act) -> None:
    talk = Talk().start().hear(intent=Intent.QUESTION, items=(ItemLine(item, 1),))
    assert words in talk.said[-2].text
    assert talk.asks() is asked


def test_what_was_asked_about_can_be_booked_at_once_or_not() -> None:
    def asked() -> Talk:
        return Talk().start().hear(intent=Intent.QUESTION, items=(ItemLine(SOFA, 1),))

    assert asked().yes().state.items == (ItemLine(SOFA, 1),)
    assert asked().no().asks() is Act.ASK_MORE
    assert asked().hear(items=(ItemLine(MATTRESS, 2),)).state.items == (ItemLine(MATTRESS, 2),)


def test_whether_something_is_taken_in_the_middle_changes_nothing() -> None:
    talk = Talk().to_dates().hear(intent=Intent.QUESTION, items=(ItemLine(RUBBLE, 1),))
    assert talk.state.items == TWO_ITEMS
    assert talk.asks() is Act.OFFER_DATES


def test_after_two_repetitions_everything_is_said_slower() -> None:
    talk = Talk().to_address()
    for count in range(1, SLOW_FROM + 1):
        talk.hear(intent=Intent.REPEAT)
        assert talk.last.slow is (count >= SLOW_FROM)
    assert talk.hear(address=HeardAddress(12, None, "rue de rome")).last.slow


def test_slower_is_done_at_once_and_stays() -> None:
    talk = Talk().to_address().hear(intent=Intent.SLOWER)
    assert talk.last.slow
    assert talk.last.text.startswith("D'accord, je parle plus lentement.")


def test_who_asks_for_time_gets_it_and_the_question_still_waits() -> None:
    talk = Talk().to_address().hear(intent=Intent.WAIT)
    assert talk.last.waiting
    assert talk.last.expect is not None
    assert talk.feed(NothingHeard()).asks() is Act.ASK_ADDRESS
    assert not talk.last.waiting


def test_silence_is_answered_in_other_words_than_a_misunderstanding() -> None:
    assert Talk().to_address().feed(NothingHeard()).last.text.startswith("Je ne vous entends pas.")
    assert not Talk().to_address().feed(NoWords()).last.text.startswith("Je ne vous entends pas.")


@pytest.mark.parametrize(
    ("place", "earlier"),
    [("address", Act.ASK_COMMUNE), ("dates", Act.CONFIRM_ADDRESS), ("recap", Act.ASK_CORRECTION)],
)
def test_a_step_back_asks_what_was_settled_last(place: str, earlier: Act) -> None:
    assert getattr(Talk(), f"to_{place}")().hear(intent=Intent.BACK).asks() is earlier


def test_a_step_back_from_the_commune_asks_for_the_objects() -> None:
    assert Talk().start().hear(items=TWO_ITEMS).hear(intent=Intent.BACK).asks() is Act.ASK_ITEMS


def test_a_quantity_is_corrected_at_any_question() -> None:
    correction = Meaning(items=(ItemLine(SOFA, 2),), correcting=True)
    talk = Talk().to_address().hear(correction)
    assert {line.item: line.quantity for line in talk.state.items} == {SOFA: 2, MATTRESS: 2}
    assert talk.asks() is Act.ASK_ADDRESS


def test_a_house_number_is_corrected_after_it_was_confirmed() -> None:
    talk = Talk(finds=[(candidate(),), (candidate(number=22),)]).to_dates()
    talk.hear(address=HeardAddress(22), correcting=True)
    assert talk.asks() is Act.CONFIRM_ADDRESS
    assert "22, Rue de Rome" in talk.last.text


def test_a_stray_number_without_a_correction_changes_no_address() -> None:
    talk = Talk().to_dates()
    confirmed = talk.state.where.confirmed
    assert talk.hear(address=HeardAddress(22)).state.where.confirmed == confirmed


def test_an_insult_is_met_with_calm_once_then_with_a_person() -> None:
    talk = Talk().to_address().hear(intent=Intent.INSULT)
    assert [say.act for say in talk.said[-2:]] == [Act.CALM, Act.ASK_ADDRESS]
    assert talk.hear(intent=Intent.INSULT).ended == HandOver(HandOverReason.UPSET)


def test_a_joke_leads_back_to_the_question() -> None:
    assert [say.act for say in Talk().to_dates().hear(intent=Intent.JOKE).said[-2:]] == [Act.CALM, Act.OFFER_DATES]


@pytest.mark.parametrize(
    ("intent", "reason"),
    [(Intent.ASSISTED, HandOverReason.ASSISTED), (Intent.PROFESSIONAL, HandOverReason.PROFESSIONAL),
     (Intent.COMPLAINT, HandOverReason.COMPLAINT)],
)  # fmt: skip
def test_what_needs_a_person_goes_to_one(intent: Intent, reason: HandOverReason) -> None:
    talk = Talk().start().hear(intent=intent)
    assert talk.ended == HandOver(reason)


def test_help_to_carry_is_offered_with_the_objects_noted_for_the_person() -> None:
    assert Talk().start().hear(intent=Intent.ASSISTED, items=(ItemLine(SOFA, 1),)).state.items == (ItemLine(SOFA, 1),)


def test_data_rights_are_noted_and_the_call_goes_on() -> None:
    talk = Talk().to_dates().hear(intent=Intent.DATA_RIGHTS)
    assert [act.report.kind for act in talk.asked_for if hasattr(act, "report")] == [ReportKind.DATA_RIGHTS]
    assert [say.act for say in talk.said[-2:]] == [Act.TELL_REPORT, Act.OFFER_DATES]


@pytest.mark.parametrize("right", list(DataRight))
@pytest.mark.parametrize(("channel", "came"), [(Channel.PHONE, Came.PHONE), (Channel.SMS, Came.SMS)])
def test_each_right_is_told_in_two_sentences_at_most(right: DataRight, channel: Channel, came: Came) -> None:
    talk = Talk(channel=channel).start().hear(intent=Intent.DATA_RIGHTS, data_right=right)
    (wish,) = [act.report.wish for act in talk.asked_for if isinstance(act, MakeReport)]
    assert wish is not None
    assert (wish.right, wish.came, wish.phone) == (right, came, talk.state.caller)
    told = next(say for say in talk.said if say.act is Act.TELL_REPORT)
    assert told.text.count(".") <= 2
    assert "sous un mois" in told.text
    assert talk.state.asked_act is Act.ASK_MORE


def test_another_authority_is_named_and_anything_else_is_asked() -> None:
    talk = Talk().start().hear(intent=Intent.OTHER_SERVICE)
    assert talk.said[-2].text == "Voyez avec votre mairie."
    assert talk.asks() is Act.ASK_MORE


def test_no_progress_by_the_clock_offers_a_person_and_then_gives_one() -> None:
    talk = Talk().to_address().feed(NoProgress())
    assert talk.asks() is Act.OFFER_HUMAN
    assert isinstance(talk.feed(NoProgress()).ended, HandOver)


def cut_off(**told: object) -> Talk:
    return Talk(cut_off=EarlierCallFound(**told)).start()  # type: ignore[arg-type]


def test_who_calls_again_after_being_cut_off_goes_on_where_they_were() -> None:
    talk = cut_off(items=TWO_ITEMS, address=candidate().address)
    assert talk.asks() is Act.OFFER_CONTINUE
    assert "un canapé et deux matelas" in talk.last.text
    assert talk.yes().asks() is Act.OFFER_DATES


def test_a_no_begins_afresh_and_another_wish_is_heard() -> None:
    assert cut_off(items=TWO_ITEMS).no().asks() is Act.ASK_NEED
    assert cut_off(items=TWO_ITEMS).hear(items=(ItemLine(SOFA, 1),)).state.items == (ItemLine(SOFA, 1),)
    assert cut_off(items=TWO_ITEMS).hear(intent=Intent.CANCEL).asks() is Act.ASK_REFERENCE


def test_nothing_told_before_is_nothing_to_go_on_with() -> None:
    assert cut_off().asks() is Act.ASK_NEED
    assert cut_off(items=(ItemLine("objet_retiré", 1),)).asks() is Act.ASK_NEED


@pytest.mark.parametrize("channel", [Channel.TEXT, Channel.SMS])
def test_only_the_telephone_network_shows_who_was_cut_off(channel: Channel) -> None:
    talk = Talk(caller=MOBILE, channel=channel).start()
    assert not any(isinstance(act, RecallCall) for act in talk.asked_for)


def test_no_mobile_is_an_answer_whatever_the_base_says_about_it() -> None:
    talk = Talk(caller=None).to_dates().hear(choice=1)
    assert talk.hear(yes_no=YesNo.NO, question="prix").asks() is Act.RECAP


def test_what_is_told_beside_a_question_is_kept() -> None:
    talk = Talk().start().hear(intent=Intent.BOOK, question="prix", items=TWO_ITEMS)
    assert Act.ANSWER in talk.acts
    assert talk.asks() is Act.ASK_COMMUNE
    assert talk.state.items == TWO_ITEMS
    asked = Talk().start().hear(intent=Intent.QUESTION, question="prix", items=TWO_ITEMS)
    assert asked.state.items == ()


def test_no_and_goodbye_takes_leave_at_once() -> None:
    assert Talk().start().hear(yes_no=YesNo.NO, intent=Intent.GOODBYE).ended == HangUp(EndReason.DONE)
    assert Talk().start().hear(yes_no=YesNo.NO).asks() is Act.ASK_MORE
