"""After a no, "pourquoi ?" is answered with the rule, its source and the way to a person; asked again, by a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callbot.calls.written import written
from callbot.dialogue.acts import Act, HandOver, Say
from callbot.dialogue.reasons import of_rulings
from callbot.domain.bookings import NotBooked, NotChanged
from callbot.domain.events import BookingFailed, Channel, ClosedThen, DatesFound, HandOverReason
from callbot.domain.items import Ground, ItemLine
from callbot.domain.meaning import HeardAddress, HeardDate, Intent, Meaning, Topic, YesNo
from callbot.domain.territories import HouseholdLimit
from tests.dialogue.world import (
    ALIKE,
    BREAKS,
    CATALOGUE,
    FIRST,
    MATTRESS,
    MIRROR,
    PIANO,
    RUBBLE,
    SAFE,
    SECOND,
    THIRD,
    TOO_HEAVY,
    TWO_ITEMS,
    Talk,
    booking,
    dates,
    ground,
)

WHY = Meaning(intent=Intent.QUESTION, why=True, nearest=("prix",))
SPEAK = "Pour voir cela avec une personne, dites « conseiller »."
STRIKE = ClosedThen(FIRST, SECOND, "grève", ground("nord/closures", ALIKE))
FIRST_WEEK = HeardDate(FIRST, SECOND)


def one(item: str, quantity: int = 1) -> tuple[ItemLine, ...]:
    return (ItemLine(item, quantity),)


def answer(talk: Talk) -> Say:
    """The last answer, with the question that waited after it."""
    told = [say for say in talk.said if say.act is Act.ANSWER]
    assert talk.said[-2] is told[-1]
    return told[-1]


def nobody_there(**more: object) -> Talk:
    return Talk(people_open=False, **more)  # type: ignore[arg-type]


def test_a_refused_object_is_told_with_its_rule_its_source_and_the_way_to_a_person() -> None:
    talk = Talk().start().hear(items=(*one(RUBBLE), *one(MATTRESS)))
    waited = talk.last
    told = answer(talk.hear(WHY))
    assert told.text == f"Les sacs de gravats ne font pas partie de cette collecte, d'après {ALIKE}. {SPEAK}"
    assert told.entry == "items/gravats"
    assert waited.text.endswith(talk.last.text)
    assert talk.last.act is Act.ASK_COMMUNE
    assert talk.state.items == one(MATTRESS)


def test_a_source_nobody_worded_is_named_short() -> None:
    talk = Talk().start().hear(items=(*one(PIANO), *one(MATTRESS))).hear(WHY)
    assert answer(talk).text.startswith(
        "Pour les pianos, c'est une personne qui décide, d'après la source « Document interne ». Pour voir cela"
    )


@pytest.mark.parametrize(
    ("limit", "rule"),
    [
        (ground("nord/limits.max_items", ALIKE, 6), "Un rendez-vous prend six objets au plus"),
        (ground("nord/limits.max_volume_m3", ALIKE, 2.5), "Un rendez-vous prend 2,5 mètres cubes au plus"),
        (ground("nord/limits.max_items", ALIKE, 1), "Un rendez-vous prend un objet au plus"),
        (ground("nord/limits.max_volume_m3", ALIKE, 1.5), "Un rendez-vous prend 1,5 mètre cube au plus"),
        (ground("nord/limits.max_items", ALIKE, 12), "Un rendez-vous prend 12 objets au plus"),
        (ground("nord/limits.max_items", ALIKE), "Un rendez-vous ne prend pas plus que cela"),
    ],
)
def test_too_many_objects_are_told_with_the_limit(limit: Ground, rule: str) -> None:
    talk = nobody_there(too_many=limit).start().hear(items=TWO_ITEMS)
    assert talk.asks() is Act.OFFER_CALL_BACK
    told = answer(talk.hear(WHY))
    assert told.text == f"{rule}, d'après {ALIKE}."
    assert talk.asks() is Act.OFFER_CALL_BACK, "the way to a person is the question that waits"
    assert talk.yes().state.promised is not None


def test_an_object_too_heavy_has_its_own_sentence_beside_others() -> None:
    talk = Talk().start().hear(items=(*one(SAFE), *one(MATTRESS)))
    [told] = [say for say in talk.said if say.act is Act.TELL_RULING]
    assert told.text == f"Pour un coffre-fort, c'{TOO_HEAVY[2:]}"
    assert answer(talk.hear(WHY)).text == f"Un objet peut peser 80 kilos au plus, d'après {ALIKE}. {SPEAK}"


def test_an_object_too_heavy_alone_goes_to_a_person_with_its_own_sentence() -> None:
    talk = Talk().start().hear(items=one(SAFE))
    assert talk.ended == HandOver(HandOverReason.ITEM_DOUBT)
    assert talk.last.text == f"Pour un coffre-fort, c'{TOO_HEAVY[2:]}"
    closed = nobody_there().start().hear(items=one(SAFE))
    assert any(say.text == "Pour un coffre-fort, c'est peut-être trop lourd pour l'équipe." for say in closed.said)
    assert answer(closed.hear(WHY)).text == f"Un objet peut peser 80 kilos au plus, d'après {ALIKE}."


def test_a_doubt_is_told_in_the_words_of_the_knowledge_base() -> None:
    alone = Talk().start().hear(items=one(MIRROR))
    assert (alone.last.text, alone.ended) == (BREAKS, HandOver(HandOverReason.ITEM_DOUBT))
    beside = Talk().start().hear(items=(*one(MIRROR), *one(MATTRESS)))
    [told] = [say for say in beside.said if say.act is Act.TELL_RULING]
    assert told.text == f"{BREAKS} Je ne peux pas le réserver moi-même."


@pytest.mark.parametrize("at_booking", [False, True])
def test_the_limit_of_a_household_is_told_with_its_number(at_booking: bool) -> None:
    found = replace(dates(FIRST), limit=HouseholdLimit(3, 365), ground=ground("nord/household", ALIKE))
    if at_booking:
        failed = BookingFailed(NotBooked.HOUSEHOLD_LIMIT)
        talk = nobody_there(calendar=[found], bookings=[failed]).to_dates().hear(choice=1).yes().yes()
    else:
        talk = nobody_there(calendar=[replace(found, over_limit=True)]).to_dates()
    assert talk.asks() is Act.OFFER_CALL_BACK
    assert answer(talk.hear(WHY)).text == f"Un foyer a droit à trois enlèvements par an, d'après {ALIKE}."


def test_days_that_are_closed_are_told_as_such_and_with_their_rule() -> None:
    talk = Talk(calendar=[dates(THIRD), replace(dates(THIRD), closed=STRIKE)]).to_dates().hear(date=FIRST_WEEK)
    assert "Il n'y a pas de collecte du mardi premier au jeudi 3 décembre : grève." in talk.last.text
    told = answer(talk.hear(WHY))
    assert told.text.startswith(
        f"Il n'y a pas de collecte du mardi premier au jeudi 3 décembre : grève, d'après {ALIKE}."
    )
    assert talk.asks() is Act.OFFER_DATES
    assert "grève" not in talk.last.text, "what was just told is not told again"


def test_a_sector_that_is_closed_for_good_goes_to_a_person_with_the_reason() -> None:
    one_day = replace(STRIKE, last=FIRST)
    talk = nobody_there(calendar=[DatesFound((), closed=one_day)]).to_dates()
    assert any(say.text == "Il n'y a pas de collecte le mardi premier décembre : grève." for say in talk.said)
    assert "décembre : grève, d'après" in answer(talk.hear(WHY)).text
    open_now = Talk(calendar=[DatesFound((), closed=one_day)]).to_dates()
    assert open_now.ended == HandOver(HandOverReason.NO_DATE)
    assert open_now.last.text.endswith("grève. Un conseiller va regarder avec vous.")


def test_a_date_after_its_cut_off_is_told_with_the_rule() -> None:
    late = BookingFailed(NotBooked.CUT_OFF_PASSED, ground("nord/cut_off", ALIKE))
    talk = Talk(bookings=[late]).to_recap().yes()
    assert talk.last.text.startswith("L'heure limite pour cette date vient de passer")
    told = answer(talk.hear(WHY))
    assert told.text == f"Une date ne se réserve plus après son heure limite, d'après {ALIKE}. {SPEAK}"
    assert talk.asks() is Act.OFFER_DATES


def test_a_wish_that_cannot_be_met_has_its_reason() -> None:
    talk = Talk(calendar=[dates(THIRD), dates(THIRD)]).to_dates().hear(date=FIRST_WEEK).hear(WHY)
    told = answer(talk)
    assert told.text == f"À ce moment-là, l'équipe ne passe pas dans votre secteur, ou elle est complète. {SPEAK}"


@pytest.mark.parametrize(
    ("found", "rule"),
    [
        (DatesFound(()), "Toutes les places de votre secteur sont prises pour le moment."),
        (DatesFound((), served=False), "Personne ne m'a encore donné les règles de cette commune."),
    ],
)
def test_where_no_document_says_no_the_reason_alone_is_told(found: DatesFound, rule: str) -> None:
    talk = nobody_there(calendar=[found]).to_dates().hear(WHY)
    assert answer(talk).text == rule


@pytest.mark.parametrize(
    ("reason", "by", "rule"),
    [
        (NotChanged.TOO_LATE, ground("nord/cut_off", ALIKE), "Un rendez-vous ne change plus après son heure limite"),
        (NotChanged.NOT_ACCEPTED, ground("nord/limits.max_items", ALIKE, 6), "Un rendez-vous prend six objets au plus"),
        (NotChanged.HOUSEHOLD_LIMIT, ground("nord/household", ALIKE), "Un foyer a droit à un nombre d'enlèvements"),
    ],
)
def test_a_change_that_a_rule_does_not_allow_is_told_with_its_rule(reason: NotChanged, by: Ground, rule: str) -> None:
    talk = nobody_there(of_caller=(booking(),), refuses=reason, refused_by=by)
    talk.start().hear(intent=Intent.AMEND, topic=Topic.DATE).hear(choice=2).yes()
    assert talk.asks() is Act.OFFER_CALL_BACK
    told = answer(talk.hear(WHY))
    assert told.text.startswith(rule)
    assert told.text.endswith(f", d'après {ALIKE}.")
    assert told.entry == by.rule


def test_asked_why_again_a_person_is_offered() -> None:
    talk = Talk().start().hear(items=(*one(RUBBLE), *one(MATTRESS))).hear(WHY).hear(WHY)
    assert talk.asks() is Act.OFFER_HUMAN
    assert talk.yes().ended == HandOver(HandOverReason.ITEM_DOUBT)
    goes_on = Talk().start().hear(items=(*one(RUBBLE), *one(MATTRESS))).hear(WHY).hear(WHY).no()
    assert goes_on.asks() is Act.ASK_COMMUNE


def test_once_the_call_has_gone_on_a_bare_why_is_about_something_else() -> None:
    talk = Talk().start().hear(items=(*one(RUBBLE), *one(MATTRESS))).hear(address=HeardAddress(insee="13206"))
    assert talk.state.no is None
    assert talk.hear(WHY).said[-2].act is Act.NOT_KNOWN


def test_without_a_no_why_is_a_question_like_any_other() -> None:
    talk = Talk().start().hear(items=one(MATTRESS)).hear(WHY)
    assert talk.said[-2].act is Act.NOT_KNOWN
    assert Talk().start().hear(question="prix", intent=Intent.QUESTION, why=True).said[-2].text == "C'est gratuit."


@pytest.mark.parametrize(
    "meaning",
    [
        replace(WHY, question="decision_automatique", why=False),
        replace(WHY, question="pris_en_partie", nearest=()),
        replace(WHY, items=one(RUBBLE)),
        replace(WHY, yes_no=YesNo.NO),
    ],
)
def test_however_the_reason_is_asked_for(meaning: Meaning) -> None:
    talk = Talk().start().hear(items=(*one(RUBBLE), *one(MATTRESS))).hear(meaning)
    assert answer(talk).text.startswith("Les sacs de gravats ne font pas partie")


@pytest.mark.parametrize("more", [{"wants_human": True}, {"intent": Intent.MISSED}, {"phone": "+33698765432"}])
def test_another_wish_in_the_same_words_is_not_drowned(more: dict[str, object]) -> None:
    talk = Talk().start().hear(items=(*one(RUBBLE), *one(MATTRESS))).hear(replace(WHY, **more))  # type: ignore[arg-type]
    assert Act.ANSWER not in talk.acts


def test_who_asks_about_an_object_may_ask_why() -> None:
    talk = Talk().start().hear(intent=Intent.QUESTION, items=one(RUBBLE)).hear(WHY)
    assert "ne font pas partie" in next(say.text for say in talk.said if say.act is Act.ANSWER)


def test_several_refused_objects_are_told_together_where_their_source_is_one() -> None:
    bags, batteries = (replace(CATALOGUE[RUBBLE].ruling, item=item) for item in (RUBBLE, PIANO))
    no = of_rulings(Talk().state, (bags, batteries, CATALOGUE[SAFE].ruling))
    assert no is not None
    assert no.rule == "Les sacs de gravats et les pianos ne font pas partie de cette collecte"


def test_in_writing_the_way_to_a_person_is_written() -> None:
    talk = Talk(channel=Channel.TEXT).start().hear(items=(*one(RUBBLE), *one(MATTRESS))).hear(WHY)
    assert written(answer(talk).text).endswith("Pour voir cela avec une personne, écrivez « conseiller ».")


@pytest.mark.parametrize("item", [RUBBLE, PIANO, SAFE])
def test_the_answer_is_two_sentences_at_most(item: str) -> None:
    told = answer(Talk().start().hear(items=(*one(item), *one(MATTRESS))).hear(WHY))
    assert sum(told.text.count(mark) for mark in ".?!") <= 2
    assert len(told.text) <= 260
