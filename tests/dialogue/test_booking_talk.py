"""The booking conversation, step by step, in one breath, and with every read-back answered no once."""

from __future__ import annotations

import pytest

from callbot.dialogue.acts import Act, Book, FindAddress, FindDates, HandOver, HangUp, HoldDate
from callbot.dialogue.errands import blank
from callbot.domain.addresses import NumberCheck
from callbot.domain.bookings import NotBooked
from callbot.domain.events import BookingFailed, DatesFound, EndReason, HandOverReason
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardAddress, HeardDate, Intent, Meaning, Topic, YesNo
from callbot.domain.personal import PhoneNumber
from tests.dialogue.world import (
    FIRST,
    LANDLINE,
    MATTRESS,
    MOBILE,
    PIANO,
    RUBBLE,
    SECOND,
    SOFA,
    THIRD,
    TWO_ITEMS,
    Talk,
    candidate,
    dates,
)


def booked_draft(talk: Talk) -> Book:
    return next(act for act in talk.asked_for if isinstance(act, Book))


def test_step_by_step_ends_with_the_booking_that_was_read_back() -> None:
    talk = Talk().to_recap().yes()
    assert talk.acts == [
        Act.NOTICE, Act.TELL_HUMAN, Act.ASK_NEED, Act.ASK_COMMUNE, Act.ASK_ADDRESS, Act.CONFIRM_ADDRESS,
        Act.OFFER_DATES, Act.CONFIRM_PHONE, Act.RECAP, Act.GIVE_REFERENCE, Act.GIVE_REFERENCE, Act.GIVE_REFERENCE,
        Act.PUT_OUT, Act.GOODBYE,
    ]  # fmt: skip
    draft = booked_draft(talk).draft
    assert (draft.address.line, draft.day, draft.items, draft.phone) == ("12 Rue de Rome", SECOND, TWO_ITEMS, MOBILE)
    assert draft.readback_accepted
    assert talk.ended == HangUp(EndReason.DONE)


def test_the_notice_comes_first_says_machine_and_cannot_be_spoken_over() -> None:
    notice, way_to_a_person, question = Talk().start().said
    assert "automatique" in notice.text
    assert "intelligence artificielle" in notice.text
    assert "transcrites" in notice.text
    assert not notice.interruptible
    assert "conseiller" in way_to_a_person.text
    assert "zéro" in way_to_a_person.text
    assert way_to_a_person.interruptible
    assert question.interruptible


def test_reference_is_said_twice_with_the_telephone_alphabet() -> None:
    talk = Talk().to_recap().yes()
    told = " ".join(say.text for say in talk.said if say.act is Act.GIVE_REFERENCE)
    assert told.count("A comme Anatole, C comme Célestin, 4, 7, K comme Kléber") == 2


def test_one_breath_asks_only_what_is_missing() -> None:
    talk = Talk().start()
    talk.hear(items=TWO_ITEMS, address=HeardAddress(12, None, "rue de rome", "13206"), date=HeardDate(SECOND, SECOND))
    assert talk.acts[3:] == [Act.CONFIRM_ADDRESS]
    assert "C'est noté : un canapé et deux matelas." in talk.last.text
    talk.yes()
    assert talk.asks() is Act.OFFER_DATES
    assert any(isinstance(act, FindDates) and act.wish == HeardDate(SECOND, SECOND) for act in talk.asked_for)


def test_wrong_address_corrected_in_the_same_breath() -> None:
    talk = (
        Talk(finds=[(candidate("Rue de Rhodes"),)]).to_address().hear(address=HeardAddress(12, None, "rue de rhodes"))
    )
    assert "Rue de Rhodes" in talk.last.text
    talk.hear(yes_no=YesNo.NO, address=HeardAddress(None, None, "rue de rome"))
    assert "Rue de Rome" in talk.last.text
    assert "12," in talk.last.text


def test_number_alone_corrected_keeps_the_street() -> None:
    talk = Talk().to_address().hear(address=HeardAddress(12, None, "rue de rome"))
    talk.hear(yes_no=YesNo.NO, address=HeardAddress(number=22))
    assert "22, Rue de Rome" in talk.last.text


def test_yes_with_the_address_repeated_is_a_yes() -> None:
    talk = Talk().to_address().hear(address=HeardAddress(12, None, "rue de rome"))
    talk.hear(yes_no=YesNo.YES, address=HeardAddress(12, None, "la rue de rome"))
    assert talk.asks() is Act.OFFER_DATES


def test_a_plain_no_offers_the_next_candidates_then_asks_anew() -> None:
    found = (
        candidate("Rue de Rome"),
        candidate("Rue de Rhodes", probability=0.06),
        candidate("Rue Roux", probability=0.05),
    )
    talk = Talk(finds=[found]).to_address().hear(address=HeardAddress(12, None, "rue de rome")).no()
    assert talk.asks() is Act.CHOOSE_ADDRESS
    assert "Rue de Rhodes" in talk.last.text
    assert "Rue de Rome" not in talk.last.text
    talk.no()
    assert talk.asks() is Act.ASK_ADDRESS
    assert talk.last.text == "Dites seulement le nom de la rue."


def test_close_candidates_are_offered_together_and_chosen_by_key() -> None:
    found = (candidate("Rue de Rome", probability=0.5), candidate("Rue de Rhodes", probability=0.45))
    talk = Talk(finds=[found]).to_address().hear(address=HeardAddress(12, None, "rue de ro"))
    assert talk.asks() is Act.CHOOSE_ADDRESS
    talk.keys("2")
    assert talk.asks() is Act.CONFIRM_ADDRESS
    talk.yes()
    assert talk.state.where.confirmed == found[1].address


def test_an_unlikely_street_is_never_read_back_as_if_known() -> None:
    talk = Talk(finds=[(candidate(probability=0.01),)]).to_address()
    talk.hear(address=HeardAddress(12, None, "rue du grand nulle part"))
    assert talk.asks() is Act.ASK_ADDRESS


def test_three_searches_that_find_nothing_offer_a_person() -> None:
    talk = Talk(finds=[(), (), ()]).to_address()
    for street in ("rue a", "rue b", "rue c"):
        talk.hear(address=HeardAddress(1, None, street))
    assert talk.asks() is Act.OFFER_HUMAN
    talk.no()
    assert talk.asks() is Act.ASK_LANDMARK
    talk.hear()
    assert talk.ended == HandOver(HandOverReason.ADDRESS_DOUBT)


def test_number_missing_is_asked_then_read_back_with_the_street() -> None:
    talk = Talk().to_address().hear(address=HeardAddress(street_heard="rue de rome"))
    assert talk.asks() is Act.ASK_NUMBER
    talk.keys("12#")
    assert talk.asks() is Act.CONFIRM_ADDRESS
    assert "12, Rue de Rome" in talk.last.text


def test_number_unknown_to_the_base_is_asked_once_and_stands_when_said_again() -> None:
    doubtful = (candidate(number=212, check=NumberCheck.UNKNOWN),)
    talk = Talk(finds=[doubtful, doubtful]).to_address().hear(address=HeardAddress(212, None, "rue de rome"))
    assert talk.asks() is Act.ASK_NUMBER
    talk.hear(address=HeardAddress(number=212))
    assert talk.asks() is Act.CONFIRM_ADDRESS


def test_marseille_alone_asks_the_arrondissement_and_keys_answer() -> None:
    doubt = tuple(f"132{n:02}" for n in range(1, 17))
    talk = Talk().start().hear(items=TWO_ITEMS).hear(address=HeardAddress(commune_doubt=doubt))
    assert "arrondissement" in talk.last.text
    talk.keys("6")
    assert talk.state.insee == "13206"
    assert talk.asks() is Act.ASK_ADDRESS


def test_a_caller_who_does_not_know_the_arrondissement_is_asked_for_the_street() -> None:
    doubt = tuple(f"132{n:02}" for n in range(1, 17))
    talk = Talk().start().hear(items=TWO_ITEMS).hear(address=HeardAddress(commune_doubt=doubt)).hear().hear()
    assert talk.asks() is Act.ASK_ADDRESS
    talk.hear(address=HeardAddress(12, None, "rue de rome")).yes()
    assert talk.state.insee == "13206"


def test_doubtful_commune_is_confirmed() -> None:
    talk = Talk().start().hear(items=TWO_ITEMS).hear(address=HeardAddress(commune_doubt=("13005",)))
    assert talk.asks() is Act.CONFIRM_COMMUNE
    assert "Aubagne" in talk.last.text
    assert talk.yes().asks() is Act.ASK_ADDRESS


def test_refused_item_names_the_alternative_and_the_rest_goes_on() -> None:
    talk = Talk().start().hear(items=(ItemLine(RUBBLE, 3), ItemLine(SOFA, 1)))
    told, question = talk.said[-2:]
    assert told.act is Act.TELL_RULING
    assert "Portez-les en déchèterie." in told.text
    assert question.act is Act.ASK_COMMUNE
    assert talk.state.items == (ItemLine(SOFA, 1),)


def test_only_refused_items_asks_for_others_and_a_no_takes_leave() -> None:
    talk = Talk().start().hear(items=(ItemLine(RUBBLE, 1),))
    assert "autre chose" in talk.last.text
    assert talk.no().ended == HangUp(EndReason.DONE)


def test_doubtful_item_alone_goes_to_a_person_and_with_others_is_told() -> None:
    assert Talk().start().hear(items=(ItemLine(PIANO, 1),)).ended == HandOver(HandOverReason.ITEM_DOUBT)
    talk = Talk().start().hear(items=(ItemLine(PIANO, 1), ItemLine(SOFA, 1)))
    assert talk.ended is None
    assert "un conseiller doit vérifier" in talk.said[-2].text


def test_another_date_is_looked_for_after_those_refused() -> None:
    talk = Talk().to_dates().no()
    assert [act.after for act in talk.asked_for if isinstance(act, FindDates)] == [None, THIRD]


def test_a_wish_outside_the_offer_is_looked_for() -> None:
    wish = HeardDate(THIRD.replace(day=14), THIRD.replace(day=18))
    talk = Talk().to_dates().hear(date=wish)
    assert isinstance(talk.asked_for[-1], FindDates)
    assert talk.asked_for[-1].wish == wish


def test_a_date_taken_meanwhile_is_said_and_others_are_offered() -> None:
    talk = Talk(holds=[False]).to_dates().hear(choice=1)
    assert talk.asks() is Act.OFFER_DATES
    assert "vient d'être prise" in talk.last.text


def test_yes_to_several_dates_is_asked_again_and_to_one_is_taken() -> None:
    assert Talk().to_dates().yes().asks() is Act.OFFER_DATES
    talk = Talk(calendar=[dates(FIRST)]).to_dates().yes()
    assert talk.state.when.held == FIRST


def test_landline_gives_a_mobile_or_declines() -> None:
    talk = Talk(caller=LANDLINE).to_dates().hear(choice=1)
    assert talk.asks() is Act.ASK_PHONE
    talk.hear(phone="+33698765432")
    assert "06, 98, 76, 54, 32" in talk.last.text
    talk.yes().yes()
    assert booked_draft(talk).draft.phone == PhoneNumber("+33698765432")
    declined = Talk(caller=None).to_dates().hear(choice=1).no().yes()
    assert booked_draft(declined).draft.phone is None
    assert "Gardez bien votre référence" in declined.last.text


def test_a_number_read_back_wrong_is_asked_by_keys_and_may_still_be_said() -> None:
    misheard = Talk(caller=None).to_dates().hear(choice=1).hear(phone="+33698765432").no()
    assert misheard.asks() is Act.ASK_PHONE
    assert misheard.last.text.startswith("Excusez-moi. Tapez votre numéro sur le clavier")
    assert "06, 11, 22, 33, 44" in misheard.keys("0611223344").last.text
    said = Talk(caller=None).to_dates().hear(choice=1).hear(phone="+33698765432").no()
    assert "06, 11, 22, 33, 44" in said.hear(phone="+33611223344").last.text


def test_a_number_not_understood_is_asked_by_keys_next() -> None:
    talk = Talk(caller=None).to_dates().hear(choice=1)
    assert "Tapez" not in talk.last.text
    assert talk.hear().last.text == "Tapez les dix chiffres sur le clavier, ou dites-les un par un."
    assert talk.keys("0611223344").asks() is Act.CONFIRM_PHONE


def test_the_number_that_calls_was_refused_not_misheard() -> None:
    talk = Talk().to_dates().hear(choice=1).no()
    assert talk.asks() is Act.ASK_PHONE
    assert "Tapez" not in talk.last.text


def test_a_no_to_the_recap_asks_what_to_change_and_keeps_the_rest() -> None:
    talk = Talk().to_recap().no()
    assert talk.asks() is Act.ASK_CORRECTION
    talk.hear(topic=Topic.DATE)
    assert talk.asks() is Act.OFFER_DATES
    talk.hear(choice=1)
    assert talk.asks() is Act.RECAP
    assert "premier décembre" in talk.last.text


def test_not_knowing_what_to_change_never_turns_in_circles() -> None:
    talk = Talk().to_recap().no()
    asked = [talk.last.text, talk.hear().last.text, talk.hear().last.text]
    assert len(set(asked)) == 3
    assert talk.hear().asks() is Act.OFFER_HUMAN
    again = Talk().to_recap()
    for _ in range(2):
        again.no().hear(topic=Topic.PHONE).hear(phone="+33698765432").no().hear(phone="+33698765433")
    assert Act.OFFER_HUMAN in again.acts


def refuse_recaps(talk: Talk, times: int) -> Talk:
    """A no, the address given again and agreed to, and the same recap."""
    for _ in range(times):
        talk.no()
        if talk.asks() is Act.OFFER_HUMAN:
            talk.no().no()
        if talk.ended is not None:
            return talk
        talk.hear(topic=Topic.ADDRESS).hear(address=HeardAddress(insee="13206"))
        talk.hear(address=HeardAddress(12, None, "rue de rome")).yes().hear(choice=1)
        assert talk.asks() is Act.RECAP
    return talk


def test_a_recap_that_stays_wrong_leads_to_a_person_whatever_is_confirmed_in_between() -> None:
    twice = refuse_recaps(Talk().to_recap(), 2)
    assert Act.OFFER_HUMAN not in twice.acts
    assert twice.no().asks() is Act.OFFER_HUMAN
    for_ever = refuse_recaps(Talk().to_recap(), 20)
    assert for_ever.ended == HandOver(HandOverReason.NOT_UNDERSTOOD)


def test_another_errand_begins_with_no_recap_refused() -> None:
    talk = refuse_recaps(Talk().to_recap(), 2)
    assert talk.state.recaps_refused == 2
    assert blank(talk.state).recaps_refused == 0


def test_other_items_named_as_the_correction_take_the_place_of_those_noted() -> None:
    talk = Talk().to_recap().no().hear(items=(ItemLine(PIANO, 1), ItemLine(SOFA, 2)))
    assert SOFA in {line.item for line in talk.state.items}
    assert MATTRESS in {line.item for line in talk.state.items}
    replaced = Talk().start().hear(items=(ItemLine(SOFA, 1),)).hear(address=HeardAddress(insee="13206"))
    replaced.hear(address=HeardAddress(12, None, "rue de rome")).yes().hear(choice=1).yes().no()
    assert replaced.hear(items=(ItemLine(MATTRESS, 1),)).state.items == (ItemLine(MATTRESS, 1),)


def test_items_corrected_at_the_recap_are_read_back_again() -> None:
    talk = Talk().to_recap().hear(yes_no=YesNo.NO, items=(ItemLine(MATTRESS, 3),))
    assert talk.asks() is Act.RECAP
    assert "trois matelas" in talk.last.text


def test_address_corrected_at_the_recap_gets_its_own_dates() -> None:
    talk = Talk().to_recap().hear(address=HeardAddress(number=44))
    assert talk.asks() is Act.CONFIRM_ADDRESS
    talk.yes()
    assert talk.asks() is Act.OFFER_DATES


def test_nothing_is_booked_without_an_explicit_yes() -> None:
    talk = Talk().to_recap().hear(Meaning(intent=Intent.BOOK)).hear()
    assert not any(isinstance(act, Book) for act in talk.asked_for)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (DatesFound((), served=False), HandOverReason.RULE_UNKNOWN),
        (DatesFound(()), HandOverReason.NO_DATE),
    ],
)
def test_no_date_to_offer_goes_to_a_person(answer: DatesFound, reason: HandOverReason) -> None:
    assert Talk(calendar=[answer]).to_dates().ended == HandOver(reason)


def test_a_place_lost_at_booking_is_offered_again() -> None:
    talk = Talk(bookings=[BookingFailed(NotBooked.NO_ROOM)]).to_recap().yes()
    assert talk.asks() is Act.OFFER_DATES
    talk.hear(choice=3).yes()
    assert talk.ended == HangUp(EndReason.DONE)


def test_any_other_failed_booking_goes_to_a_person() -> None:
    talk = Talk(bookings=[BookingFailed(NotBooked.NOT_SERVED)]).to_recap().yes()
    assert talk.ended == HandOver(HandOverReason.RULE_UNKNOWN)


def test_every_date_is_held_before_the_recap() -> None:
    talk = Talk().to_recap()
    kinds = [type(act) for act in talk.asked_for]
    assert kinds.index(HoldDate) > kinds.index(FindAddress)
    assert talk.state.when.held == SECOND


def test_items_are_known_by_their_names() -> None:
    assert SOFA in Talk().state.world.catalogue


def test_a_commune_in_doubt_is_asked_by_name_then_the_next_then_by_keys() -> None:
    doubt = HeardAddress(commune_doubt=("13206", "13210"))
    talk = Talk().start().hear(items=TWO_ITEMS).hear(address=doubt)
    assert talk.asks() is Act.CONFIRM_COMMUNE
    assert "sixième" in talk.last.text
    assert "dixième" in talk.no().last.text
    asked = talk.no()
    assert asked.asks() is Act.ASK_COMMUNE
    assert "Tapez le code postal" in asked.last.text
    assert asked.keys("6").state.insee == "13206"


def test_a_refused_commune_is_not_the_next_to_be_asked() -> None:
    talk = Talk().start().hear(items=TWO_ITEMS).hear(address=HeardAddress(commune_doubt=("13206", "13210")))
    talk.no().no().hear(address=HeardAddress(commune_doubt=("13206", "13203")))
    assert "troisième" in talk.last.text
