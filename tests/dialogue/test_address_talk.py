"""The address in conversation: offers, corrections that keep the rest, the ladder, the memory of earlier bookings."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbot.dialogue.acts import Act, Book, FindAddress, HandOver, JudgeItems, RecallAddress, Say
from callbot.dialogue.repair import MOST_ADDRESSES
from callbot.dialogue.wording import spoken_address
from callbot.domain.addresses import AddressCandidate, NumberCheck, StreetAddress
from callbot.domain.events import CallAnswered, Channel, Event, HandOverReason, KeysPressed, NothingHeard, Understood
from callbot.domain.meaning import AddressPart, Expectation, HeardAddress, Intent, Meaning, NoStreet, YesNo
from callbot.domain.names import Letter, SpelledName
from tests.dialogue.world import COMMUNES, MOBILE, TWO_ITEMS, Talk, candidate

HEARD = HeardAddress(12, None, "rue de ro")
ROME, RHODES = candidate("Rue de Rome", probability=0.5), candidate("Rue de Rhodes", probability=0.45)


def said_of(act: Act, talk: Talk) -> list[str]:
    return [say.text for say in talk.said if say.act is act]


def searched(talk: Talk) -> FindAddress:
    return [act for act in talk.asked_for if isinstance(act, FindAddress)][-1]


def at_offer(*found: AddressCandidate) -> Talk:
    return Talk(finds=[found]).to_address().hear(address=HEARD)


def refused(**slots: Any) -> Talk:
    return Talk().to_address().hear(address=HeardAddress(12, None, "rue de rome")).hear(yes_no=YesNo.NO, **slots)


def test_a_good_address_takes_two_turns() -> None:
    talk = Talk().to_address()
    before = len(talk.said)
    talk.hear(address=HeardAddress(12, None, "rue de rome")).yes()
    assert [say.act for say in talk.said[before:]] == [Act.CONFIRM_ADDRESS, Act.OFFER_DATES]


def test_streets_that_are_close_are_offered_by_name() -> None:
    talk = at_offer(ROME, RHODES)
    assert talk.last.text == "Est-ce Rue de Rome, ou Rue de Rhodes ?"
    assert talk.last.hints == ("Rue de Rome", "Rue de Rhodes")


@pytest.mark.parametrize(
    "answer",
    [
        Meaning(choice=2),
        Meaning(address=HeardAddress(street_heard="rue de Rhodes")),
        Meaning(address=HeardAddress(12, None, "Rue de Rhodes")),
    ],
)
def test_the_one_that_is_chosen_is_read_back_before_it_counts(answer: Meaning) -> None:
    talk = at_offer(ROME, RHODES)
    looked = len(talk.asked_for)
    talk.hear(answer)
    assert talk.last.text == "J'ai compris : 12, Rue de Rhodes, Marseille, sixième arrondissement. C'est bien ça ?"
    assert len(talk.asked_for) == looked
    assert talk.yes().asks() is Act.OFFER_DATES


def test_another_street_named_instead_is_looked_for() -> None:
    talk = at_offer(ROME, RHODES).hear(address=HeardAddress(street_heard="rue paradis"))
    assert searched(talk).hypotheses == ("rue paradis",)


def test_numbers_in_doubt_are_offered_and_answered_by_number_or_key() -> None:
    found = (candidate(number=12, probability=0.5), candidate(number=22, probability=0.4))
    talk = at_offer(*found)
    assert talk.last.text == "Rue de Rome : le 12, ou le 22 ?"
    assert talk.last.expect is Expectation.NUMBER
    assert "22, Rue de Rome" in at_offer(*found).hear(address=HeardAddress(22)).last.text
    assert "22, Rue de Rome" in at_offer(*found).keys("22#").last.text
    assert "12, Rue de Rome" in at_offer(*found).keys("1").last.text


def test_a_small_number_is_the_number_and_not_a_place_in_the_list() -> None:
    talk = at_offer(candidate(number=12, probability=0.5), candidate(number=2, probability=0.4))
    assert "2, Rue de Rome" in talk.hear(address=HeardAddress(2)).last.text


def test_none_of_the_numbers_asks_the_number_and_keeps_the_street() -> None:
    talk = at_offer(candidate(number=12, probability=0.5), candidate(number=22, probability=0.4)).no()
    assert talk.asks() is Act.ASK_NUMBER
    talk.hear(address=HeardAddress(32))
    assert searched(talk).heard.street_heard == "Rue de Rome"
    assert "32, Rue de Rome" in talk.last.text


def test_one_street_in_two_arrondissements_is_offered_by_arrondissement() -> None:
    found = (candidate(probability=0.5), candidate(insee="13201", probability=0.4))
    talk = at_offer(*found)
    assert talk.last.text == "Rue de Rome : dans le sixième arrondissement, ou dans le premier arrondissement ?"
    assert talk.last.expect is Expectation.COMMUNE
    talk.hear(address=HeardAddress(insee="13201"))
    assert "premier arrondissement" in talk.last.text
    assert talk.yes().state.insee == "13201"
    assert isinstance(talk.asked_for[-2], JudgeItems)
    assert at_offer(*found).no().asks() is Act.ASK_COMMUNE


def test_none_of_the_streets_asks_another_way_and_keeps_the_number() -> None:
    talk = at_offer(ROME, RHODES).no()
    assert talk.last.text == "Dites seulement le nom de la rue."
    talk.hear(address=HeardAddress(street_heard="rue paradis"))
    assert searched(talk).heard.number == 12


def test_three_may_be_offered() -> None:
    chances = (0.3, 0.3, 0.25)
    talk = at_offer(*(candidate(f"Rue {name}", probability=p) for name, p in zip("ABC", chances, strict=True)))
    assert talk.last.text == "Est-ce Rue A, ou Rue B, ou Rue C ?"
    assert "Rue C" in talk.keys("3").last.text


def test_a_refused_read_back_reads_the_next_one_when_it_is_likely_enough() -> None:
    found = (candidate(probability=0.7), candidate("Rue de Rhodes", probability=0.2))
    talk = at_offer(*found).no()
    assert talk.asks() is Act.CONFIRM_ADDRESS
    assert "Rue de Rhodes" in talk.last.text


def test_an_address_that_stays_wrong_goes_to_a_person_however_often_its_number_changes() -> None:
    talk = Talk().to_address().hear(address=HeardAddress(9, None, "rue de rome"))
    for number in (22, 9) * 20:
        if talk.asks() is Act.OFFER_HUMAN:
            talk.no()
        if talk.ended is not None:
            break
        talk.hear(yes_no=YesNo.NO, address=HeardAddress(number))
    assert talk.ended == HandOver(HandOverReason.ADDRESS_DOUBT)
    assert len(said_of(Act.CONFIRM_ADDRESS, talk)) <= 2 * MOST_ADDRESSES


def test_an_address_that_is_right_in_the_end_forgets_those_refused() -> None:
    talk = Talk().to_address().hear(address=HeardAddress(9, None, "rue de rome"))
    talk.hear(yes_no=YesNo.NO, address=HeardAddress(22))
    assert talk.state.addresses_refused == 1
    assert talk.yes().state.addresses_refused == 0


def test_a_refused_read_back_without_another_asks_which_part_is_wrong_once() -> None:
    talk = refused()
    assert talk.last.text == "Qu'est-ce qui ne va pas ? Est-ce le numéro, ou la rue ?"
    talk.hear(part=AddressPart.NUMBER)
    assert talk.asks() is Act.ASK_NUMBER
    talk.hear(address=HeardAddress(22))
    assert "22, Rue de Rome" in talk.last.text
    assert talk.no().last.text == "Tapez le numéro sur le clavier, puis dièse."
    talk.keys("24#")
    assert searched(talk).heard.number_typed
    assert "24, Rue de Rome" in talk.last.text


@pytest.mark.parametrize(("key", "act"), [("1", Act.ASK_NUMBER), ("2", Act.ASK_ADDRESS)])
def test_the_part_by_key(key: str, act: Act) -> None:
    assert refused().keys(key).asks() is act


def test_the_street_alone_is_asked_when_only_the_street_is_wrong() -> None:
    talk = refused().hear(part=AddressPart.STREET)
    assert talk.last.text == "Dites seulement le nom de la rue."
    talk.hear(address=HeardAddress(street_heard="rue de rhodes"))
    assert (searched(talk).heard.number, searched(talk).heard.insee) == (12, "13206")


def test_a_street_said_again_is_weighed_with_the_first_hearing_the_same_words_are_not() -> None:
    doubtful = (candidate("Rue Berard", probability=0.1),)
    for again, act in (("rue beral", Act.CONFIRM_ADDRESS), ("rue bera", Act.ASK_INITIALS)):
        talk = Talk(finds=[doubtful, (candidate("Rue Berard", probability=0.3),)]).to_address()
        talk.hear(address=HeardAddress(12, None, "rue bera"))
        assert talk.asks() is Act.ASK_ADDRESS
        talk.hear(address=HeardAddress(street_heard=again))
        assert talk.asks() is act


def test_the_commune_alone_is_asked_when_only_the_commune_is_wrong() -> None:
    talk = refused(part=AddressPart.COMMUNE)
    assert talk.asks() is Act.ASK_COMMUNE
    talk.hear(address=HeardAddress(insee="13208"))
    heard = searched(talk).heard
    assert (heard.number, heard.street_heard, heard.insee) == (12, "Rue de Rome", "13208")


def test_all_of_it_wrong_begins_again() -> None:
    talk = refused().hear(part=AddressPart.ALL)
    assert talk.asks() is Act.ASK_ADDRESS
    assert talk.state.where.number is None


@pytest.mark.parametrize(
    ("correction", "looked_for"),
    [
        (HeardAddress(22), (22, "Rue de Rome", "13206")),
        (HeardAddress(street_heard="rue de rhodes"), (12, "rue de rhodes", "13206")),
        (HeardAddress(insee="13208"), (12, "Rue de Rome", "13208")),
        (HeardAddress(22, None, "rue de rhodes", "13208"), (22, "rue de rhodes", "13208")),
    ],
)
def test_a_correction_changes_only_what_it_names(correction: HeardAddress, looked_for: tuple[int, str, str]) -> None:
    heard = searched(refused(address=correction)).heard
    assert (heard.number, heard.street_heard, heard.insee) == looked_for


def test_the_right_value_answers_which_part_is_wrong() -> None:
    assert "22, Rue de Rome" in refused().hear(address=HeardAddress(22)).last.text


def test_a_correction_at_the_recap_keeps_the_street_as_it_was_read() -> None:
    talk = Talk().to_recap().hear(yes_no=YesNo.NO, address=HeardAddress(44))
    assert searched(talk).heard.street_heard == "Rue de Rome"
    assert "44, Rue de Rome" in talk.last.text


def test_the_commune_named_again_leaves_only_what_lies_there() -> None:
    found = (candidate("Rue de Rome", probability=0.6, insee="13201"), candidate("Rue de Rhodes", probability=0.3))
    talk = at_offer(*found).hear(yes_no=YesNo.NO, address=HeardAddress(insee="13206"))
    assert "Marseille, sixième arrondissement" in talk.last.text


def test_the_same_number_said_again_after_a_no_is_read_back_again() -> None:
    talk = refused().hear(part=AddressPart.NUMBER).hear(address=HeardAddress(12))
    assert talk.asks() is Act.CONFIRM_ADDRESS


def test_a_typed_number_that_the_base_does_not_know_stands() -> None:
    odd = (candidate(number=212, check=NumberCheck.UNKNOWN),)
    talk = Talk(finds=[odd, odd]).to_address().hear(address=HeardAddress(212, None, "rue de rome"))
    assert talk.asks() is Act.ASK_NUMBER
    assert talk.keys("212#").asks() is Act.CONFIRM_ADDRESS


@pytest.mark.parametrize(("keys", "initials"), [("766#", "766"), ("7662", "7662"), ("76", "76")])
def test_letters_may_be_typed(keys: str, initials: str) -> None:
    talk = at_initials().keys(keys)
    assert searched(talk).heard.initials == initials
    assert talk.asks() is Act.CONFIRM_ADDRESS


@pytest.mark.parametrize(
    ("chances", "act"),
    [((0.12, 0.11, 0.1, 0.1), Act.CHOOSE_ADDRESS), ((0.12,), Act.CONFIRM_ADDRESS), ((0.04,), Act.OFFER_HUMAN)],
)
def test_what_typed_letters_leave_is_offered_however_unlikely_each_is(chances: tuple[float, ...], act: Act) -> None:
    talk = at_initials()
    talk.finds.append(tuple(candidate(f"Rue {name}", probability=p) for name, p in zip("ABCD", chances, strict=False)))
    assert talk.keys("766").asks() is act


@pytest.mark.parametrize("keys", ["1", "7", "716", "706#", "#"])
def test_keys_without_letters_say_nothing_and_letters_are_asked_again(keys: str) -> None:
    talk = at_initials()
    searches = len(talk.asked_for)
    assert talk.keys(keys).asks() is Act.ASK_INITIALS
    assert len(talk.asked_for) == searches


def at_initials() -> Talk:
    """Twice a street that was not found."""
    talk = Talk(finds=[(), ()]).to_address()
    return talk.hear(address=HeardAddress(12, None, "rue bera")).hear(address=HeardAddress(street_heard="rue beral"))


def test_letters_typed_make_one_of_the_streets_heard_before_sure() -> None:
    found = tuple(candidate(f"Rue {name}", probability=0.1) for name in ("Berard", "Bravet", "Paradis"))
    talk = Talk(
        finds=[found, found, (candidate("Rue Berard", probability=0.3), candidate("Rue Cerna", probability=0.3))]
    )
    talk.to_address().hear(address=HeardAddress(12, None, "rue bera"))
    talk.hear(address=HeardAddress(street_heard="rue bera"))
    assert talk.asks() is Act.ASK_INITIALS
    assert "Rue Berard" in talk.keys("237").last.text


def test_the_ladder_never_asks_the_same_way_twice_and_ends_with_a_person() -> None:
    talk = Talk(finds=[()] * 3).to_address()
    talk.hear(address=HeardAddress(12, None, "rue des inventions"))
    assert talk.last.text == "Je ne trouve pas cette rue à Marseille. Dites seulement le nom de la rue."
    talk.hear(address=HeardAddress(street_heard="rue des inventions"))
    assert talk.last.text == (
        "Je ne trouve pas cette rue à Marseille. "
        "Tapez sur le clavier les trois premières lettres de la rue, ou épelez-les."
    )
    assert talk.last.expect is Expectation.NAME
    talk.hear(name="I, N, V")
    assert searched(talk).heard.initials == "inv"
    assert searched(talk).hypotheses == ("rue des inventions",)
    assert talk.asks() is Act.OFFER_HUMAN
    assert talk.no().asks() is Act.ASK_LANDMARK
    assert talk.hear().ended == HandOver(HandOverReason.ADDRESS_DOUBT)
    assert talk.state.where.number == 12


def test_spelled_letters_choose_among_what_was_heard() -> None:
    found = (candidate("Rue de Lodi", probability=0.4), candidate("Rue de Rome", probability=0.3))
    talk = Talk(finds=[(), (), found]).to_address().hear(address=HEARD).hear(address=HeardAddress(street_heard="rue"))
    letters = tuple(Letter(sign, 0.9) for sign in "ROM")
    talk.hear(name="Rom", spelled=SpelledName("Rom", letters))
    assert talk.asks() is Act.CONFIRM_ADDRESS
    assert "12, Rue de Rome" in talk.last.text


@pytest.mark.parametrize(
    ("street", "sentence"),
    [("rue de nulle part", "cette rue à Marseille."), ("résidence les pins", "cette résidence, il me faut sa rue.")],
)
def test_what_is_not_found_is_said_in_a_sentence_that_fits(street: str, sentence: str) -> None:
    talk = Talk(finds=[()]).to_address().hear(address=HeardAddress(12, None, street))
    assert f"Je ne trouve pas {sentence}" in talk.last.text
    assert talk.state.where.number == 12


def test_communes_that_were_refused_are_not_offered_again() -> None:
    heard = HeardAddress(commune_doubt=("13207", "13205"))
    talk = Talk().start().hear(items=TWO_ITEMS).hear(address=heard).no().no()
    assert talk.asks() is Act.ASK_COMMUNE
    for _ in range(2):
        talk.hear(address=heard)
        assert talk.asks() in (Act.ASK_COMMUNE, Act.OFFER_HUMAN)
    talk.hear(address=HeardAddress(insee="13207"))
    assert talk.state.where.insee == "13207"


def test_a_no_counts_that_names_a_refused_commune_again() -> None:
    talk = Talk().start().hear(items=TWO_ITEMS).hear(address=HeardAddress(commune_doubt=("13207", "13205"))).no()
    talk.hear(yes_no=YesNo.NO, address=HeardAddress(commune_doubt=("13207",)))
    assert talk.asks() is Act.ASK_COMMUNE
    assert talk.state.where.communes_refused == {"13207", "13205"}


def test_a_street_that_no_arrondissement_has_is_not_in_marseille() -> None:
    talk = Talk(finds=[()]).start().hear(items=TWO_ITEMS)
    talk.hear(address=HeardAddress(commune_doubt=tuple(f"132{n:02}" for n in range(1, 17)))).hear().hear()
    talk.hear(address=HeardAddress(12, None, "rue de nulle part"))
    assert "Je ne trouve pas cette rue à Marseille." in talk.last.text


@pytest.mark.parametrize(
    ("instead", "sentence"),
    [
        (NoStreet.OTHER_TOWN, "Je réserve seulement dans les communes de la Métropole."),
        (NoStreet.LANDMARK, "J'ai noté ce lieu, il me faut aussi la rue."),
        (NoStreet.NOT_KNOWN, "Ce n'est pas grave."),
    ],
)
def test_what_is_no_street_is_answered_and_ends_with_a_person(instead: NoStreet, sentence: str) -> None:
    talk = Talk().to_address().hear(no_street=instead)
    assert talk.last.text == f"{sentence} Dites seulement le nom de la rue."
    assert talk.hear(no_street=instead).hear(no_street=instead).asks() is Act.OFFER_HUMAN
    assert not any(isinstance(act, FindAddress) for act in talk.asked_for)


def test_a_street_not_found_is_looked_for_again_in_the_commune_named_then() -> None:
    talk = Talk(finds=[()]).to_address().hear(address=HeardAddress(12, None, "rue de rome"))
    talk.hear(address=HeardAddress(insee="13005"))
    assert (searched(talk).heard.street_heard, searched(talk).heard.insee) == ("rue de rome", "13005")


EARLIER = candidate("Rue de Rome", 12).address


def remembered(place: StreetAddress | None = EARLIER) -> Talk:
    return Talk(caller=MOBILE, earlier=place).start().hear(items=TWO_ITEMS)


def test_an_earlier_address_is_asked_about_without_its_number() -> None:
    talk = remembered()
    assert talk.asks() is Act.RECALL_ADDRESS
    assert talk.last.text.endswith(
        "Est-ce pour la même adresse que la dernière fois, Rue de Rome, Marseille, sixième arrondissement ?"
    )
    assert "12" not in talk.last.text


def test_yes_and_the_same_number_need_no_read_back_before_the_recap() -> None:
    talk = remembered().yes()
    assert talk.asks() is Act.ASK_NUMBER
    talk.hear(address=HeardAddress(12))
    assert talk.state.where.confirmed == EARLIER
    assert talk.asks() is Act.OFFER_DATES
    assert "12, Rue de Rome" in talk.hear(choice=1).yes().last.text


@pytest.mark.parametrize("number", [HeardAddress(14), HeardAddress(12, "bis")])
def test_yes_and_another_number_is_read_back(number: HeardAddress) -> None:
    talk = remembered().yes()
    talk.finds = [(candidate(number=number.number or 0),)]
    assert talk.hear(address=number).asks() is Act.CONFIRM_ADDRESS
    assert not any("12" in text for text in said_of(Act.CONFIRM_ADDRESS, talk)) or number.number == 12


def test_yes_and_the_same_number_in_another_street_is_read_back() -> None:
    for said in (HeardAddress(12, None, "rue paradis"), HeardAddress(12, insee="13208")):
        talk = remembered().yes()
        talk.finds = [(candidate(insee=said.insee or "13206"),)]
        assert talk.hear(address=said).asks() is Act.CONFIRM_ADDRESS


def test_no_forgets_it_and_counts_for_nothing() -> None:
    talk = remembered().no()
    assert talk.asks() is Act.ASK_COMMUNE
    assert (talk.state.setbacks, talk.state.earlier, talk.state.where.street_heard) == (0, None, None)


def test_another_address_said_instead_wins() -> None:
    talk = remembered().hear(yes_no=YesNo.NO, address=HeardAddress(5, None, "rue paradis", "13208"))
    assert searched(talk).heard == HeardAddress(5, None, "rue paradis", "13208")


def test_the_question_is_dropped_when_it_is_not_understood_twice() -> None:
    assert remembered().hear().asks() is Act.RECALL_ADDRESS
    assert remembered().hear().hear().asks() is Act.ASK_COMMUNE


def test_nothing_is_recalled_for_who_has_named_a_place_or_hides_the_number() -> None:
    named = Talk(earlier=EARLIER).start().hear(items=TWO_ITEMS, address=HeardAddress(insee="13208"))
    hidden = Talk(caller=None, earlier=EARLIER).start().hear(items=TWO_ITEMS)
    typed = Talk(earlier=EARLIER).feed(CallAnswered(MOBILE, Channel.TEXT)).hear(items=TWO_ITEMS)
    unnumbered = remembered(place=candidate(number=None).address)
    for talk in (named, hidden, typed):
        assert not any(isinstance(act, RecallAddress) for act in talk.asked_for)
    assert unnumbered.asks() is Act.ASK_COMMUNE


streets = st.sampled_from(["Rue de Rome", "Rue de Rhodes", "Boulevard Baille"])
found = st.lists(
    st.builds(
        candidate,
        street=streets,
        number=st.sampled_from([None, 2, 12, 22]),
        probability=st.sampled_from([0.02, 0.06, 0.3, 0.36, 0.5, 0.61, 0.97]),
        insee=st.sampled_from(["13206", "13201", "13005"]),
        check=st.sampled_from(NumberCheck),
    ),
    max_size=4,
).map(tuple)
heard = st.builds(
    HeardAddress,
    number=st.sampled_from([None, 2, 12, 22]),
    street_heard=st.sampled_from([None, "rue de rome", "rue de rhodes", "résidence les pins"]),
    insee=st.sampled_from([None, "13206", "13005"]),
)
answers = st.builds(
    Meaning,
    intent=st.sampled_from([Intent.UNKNOWN, Intent.BOOK]),
    yes_no=st.sampled_from([None, YesNo.YES, YesNo.NO]),
    address=st.none() | heard,
    choice=st.sampled_from([None, 1, 2, 3]),
    name=st.sampled_from([None, "R, O", "Rhodes"]),
    part=st.none() | st.sampled_from(AddressPart),
    no_street=st.none() | st.sampled_from(NoStreet),
)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Understood, answers),
    st.builds(Understood, answers),
    st.builds(KeysPressed, st.sampled_from(["1", "2", "3", "9", "12#", "22#", "*1"])),
    st.just(NothingHeard()),
)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(events, max_size=25),
    st.lists(found, max_size=25),
    st.sampled_from([None, EARLIER]),
    st.sampled_from(["start", "to_address"]),
)
def test_whatever_is_found_and_answered_nobody_is_stuck_misled_or_asked_the_same_twice(
    stream: list[Event], finds: list[tuple[AddressCandidate, ...]], earlier: StreetAddress | None, place: str
) -> None:
    talk = Talk(finds=finds, earlier=earlier)
    if place == "start":
        talk.start().hear(items=TWO_ITEMS)
    else:
        talk.to_address()
    for event in stream:
        read = talk.last.text
        talk.feed(event)
        agreed = talk.state.where.confirmed
        if agreed is not None and talk.state.where.expected is None:
            assert any(spoken_address(agreed, COMMUNES) in text for text in said_of(Act.CONFIRM_ADDRESS, talk))
        if any(isinstance(act, Book) for act in talk.asked_for) and talk.state.booked is None:
            assert spoken_address(agreed or EARLIER, COMMUNES) in read
    assert talk.ended is not None or talk.state.asked is not None
    questions = [say for say in talk.said if isinstance(say, Say) and say.expect is not None]
    assert all(one.text != other.text for one, other in pairwise(questions))
    if talk.ended is None:
        assert talk.keys("0").ended == HandOver(HandOverReason.ASKED)


def in_aubagne(*finds: tuple[AddressCandidate, ...]) -> Talk:
    talk = Talk(finds=list(finds)).start().hear(items=TWO_ITEMS).hear(address=HeardAddress(insee="13005"))
    talk.hear(address=HeardAddress(12, None, "rue de rome"))
    return talk.hear(address=HeardAddress(None, None, "rue de rhum"))


def test_a_street_not_found_twice_puts_the_commune_in_doubt_once() -> None:
    talk = in_aubagne((), (), (candidate(),))
    assert talk.asks() is Act.CONFIRM_COMMUNE
    assert "Aubagne" in talk.last.text
    assert talk.no().asks() is Act.ASK_COMMUNE
    assert talk.hear(address=HeardAddress(insee="13206")).asks() is Act.CONFIRM_ADDRESS


def test_a_commune_said_to_be_right_goes_on_with_the_letters_of_the_street() -> None:
    assert in_aubagne((), ()).yes().asks() is Act.ASK_INITIALS
