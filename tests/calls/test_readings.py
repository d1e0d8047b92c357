"""Which of several readings is believed."""

from __future__ import annotations

import pytest

from callbot.calls.readings import best_reading, corrected, in_language
from callbot.domain.events import Understood
from callbot.domain.items import ItemLine
from callbot.domain.meaning import Expectation, HeardAddress, Intent, Language, Meaning, YesNo

FRIDGE = Meaning(intent=Intent.BOOK, items=(ItemLine("frigo", 1),))
MEANINGS = {
    "un frigo": FRIDGE,
    "une table 4-6": Meaning(intent=Intent.BOOK, items=(ItemLine("table", 1),)),
    "une table, pas les quatre chaises": Meaning(intent=Intent.BOOK, items=(ItemLine("table", 1),)),
    "une table et quatre chaises": Meaning(items=(ItemLine("table", 1), ItemLine("chaise", 4))),
    "une table, quatre chaises": Meaning(items=(ItemLine("table", 1), ItemLine("chaise", 4))),
    "une table et six chaises": Meaning(items=(ItemLine("table", 1), ItemLine("chaise", 6))),
    "quatre chaises": Meaning(items=(ItemLine("chaise", 4),)),
    "armoire": Meaning(items=(ItemLine("armoire", 1),)),
    "un fribot": Meaning(intent=Intent.BOOK),
    "annuler": Meaning(intent=Intent.CANCEL),
    "quelqu'un": Meaning(wants_human=True),
    "oui": Meaning(yes_no=YesNo.YES),
    "rue de rome": Meaning(address=HeardAddress(street_heard="rue de rome")),
    "12 rue de rhum": Meaning(address=HeardAddress(12, None, "rue de rhum")),
    "12 bis rue de rhum": Meaning(address=HeardAddress(12, "bis", "rue de rhum")),
    "14 rue de rame": Meaning(address=HeardAddress(14, None, "rue de rame")),
    "douze": Meaning(address=HeardAddress(number=12)),
    "marseille 6e": Meaning(address=HeardAddress(insee="13206")),
    "le sixième": Meaning(address=HeardAddress(insee="13206")),
    "marseille 10e": Meaning(address=HeardAddress(insee="13210")),
    "marseille 3e": Meaning(address=HeardAddress(insee="13203")),
    "12 rue de rome 6e": Meaning(address=HeardAddress(12, None, "rue de rome", insee="13206")),
}


def meaning_of(text: str) -> Meaning:
    return MEANINGS.get(text, Meaning())


@pytest.mark.parametrize(
    ("hypotheses", "expect", "believed"),
    [
        (("un frigo", "annuler"), Expectation.ITEMS, FRIDGE),
        (("un fribot", "bruit", "un frigo"), Expectation.ITEMS, FRIDGE),
        (("un fribot", "bruit"), Expectation.ITEMS, Meaning(intent=Intent.BOOK)),
        (("un fribot", "armoire", "un frigo"), Expectation.ITEMS, Meaning(intent=Intent.BOOK)),
        (("annuler", "un frigo"), Expectation.ITEMS, Meaning(intent=Intent.CANCEL)),
        (("bruit", "quelqu'un"), Expectation.ITEMS, Meaning()),
        (("bruit", "oui"), Expectation.YES_NO, Meaning()),
        (("bruit", "douze"), Expectation.NUMBER, MEANINGS["douze"]),
    ],
)
def test_the_first_reading_that_answers(hypotheses: tuple[str, ...], expect: Expectation, believed: Meaning) -> None:
    assert best_reading(hypotheses[0], hypotheses, expect, meaning_of).meaning == believed


@pytest.mark.parametrize(
    ("others", "items"),
    [
        (("une table et quatre chaises", "une table, quatre chaises"), {"table": 1, "chaise": 4}),
        (("une table et six chaises", "une table et quatre chaises", "une table, quatre chaises"),
         {"table": 1, "chaise": 4}),
        (("une table et quatre chaises", "une table et six chaises"), {"table": 1}),
        (("une table et quatre chaises",), {"table": 1}),
        (("quatre chaises", "quatre chaises "), {"table": 1}),
    ],
    ids=["agreed", "two against one", "no two agree", "one alone", "not beside the table"],
)  # fmt: skip
def test_a_thing_the_first_reading_lost_is_taken_from_two_that_agree(
    others: tuple[str, ...], items: dict[str, int]
) -> None:
    first = "une table 4-6"
    believed = best_reading(first, (first, *others), Expectation.ANY, meaning_of).meaning
    assert {line.item: line.quantity for line in believed.items} == items
    assert believed.intent is Intent.BOOK


def test_a_thing_left_out_on_purpose_does_not_come_back_from_readings_that_missed_the_no() -> None:
    readings = ("une table, pas les quatre chaises", "une table et quatre chaises", "une table, quatre chaises")
    believed = best_reading(readings[0], readings, Expectation.ANY, meaning_of).meaning
    assert believed.items == (ItemLine("table", 1),)


def address_of(*hypotheses: str) -> HeardAddress | None:
    return best_reading(hypotheses[0], hypotheses, Expectation.ADDRESS, meaning_of).meaning.address


def test_a_house_number_is_taken_from_two_readings_that_agree() -> None:
    once = address_of("rue de rome", "12 rue de rhum", "14 rue de rame")
    assert once == HeardAddress(street_heard="rue de rome")
    twice = address_of("rue de rome", "14 rue de rame", "12 rue de rhum", "douze")
    assert twice == HeardAddress(12, None, "rue de rome")


def test_the_number_of_the_first_reading_stands() -> None:
    said = ("14 rue de rame", "12 rue de rhum", "douze")
    read = best_reading(said[0], said, Expectation.ADDRESS, meaning_of)
    assert read.meaning.address == HeardAddress(14, None, "rue de rame")
    assert read.street_readings == ("rue de rame", "rue de rhum")


def test_a_no_takes_a_number_along_and_no_stray_street() -> None:
    stray = Meaning(address=HeardAddress(street_heard="c'est pas ça"))
    no = Meaning(yes_no=YesNo.NO)
    assert corrected(no, stray) == no
    assert corrected(no, MEANINGS["12 rue de rhum"]).address == HeardAddress(12)


@pytest.mark.parametrize(
    ("hypotheses", "insee", "doubt"),
    [
        (("marseille 6e", "le sixième", "bruit"), "13206", ()),
        (("marseille 6e", "bruit", "marseille 10e"), None, ("13206", "13210")),
        (("marseille 6e", "marseille 3e", "marseille 10e"), None, ("13206", "13203")),
        (("12 rue de rome 6e", "marseille 10e"), None, ("13206", "13210")),
        (("12 rue de rome 6e", "bruit"), "13206", ()),
    ],
)
def test_readings_that_name_two_communes_leave_a_doubt(
    hypotheses: tuple[str, ...], insee: str | None, doubt: tuple[str, ...]
) -> None:
    address = best_reading(hypotheses[0], hypotheses, Expectation.COMMUNE, meaning_of).meaning.address
    assert address is not None
    assert (address.insee, address.commune_doubt) == (insee, doubt)


DANGER = Meaning(intent=Intent.EMERGENCY)
CANCEL = Meaning(intent=Intent.CANCEL)


@pytest.mark.parametrize("expect", [Expectation.ANY, Expectation.ADDRESS, Expectation.ITEMS, Expectation.DATE])
def test_one_reading_of_a_danger_is_enough(expect: Expectation) -> None:
    read = {"ça sonne le gaz": Meaning(), "ça sent le gaz": DANGER}
    assert best_reading("ça sonne le gaz", tuple(read), expect, read.__getitem__).meaning == DANGER


def test_an_answer_is_not_given_up_for_a_danger_in_another_reading() -> None:
    read = {"un frigo": Meaning(items=(ItemLine("frigo", 1),)), "un feu": DANGER}
    assert best_reading("un frigo", tuple(read), Expectation.ITEMS, read.__getitem__).meaning.items


@pytest.mark.parametrize(("votes", "wish"), [(1, Intent.UNKNOWN), (2, Intent.CANCEL)])
def test_another_wish_takes_two_readings_and_an_open_question(votes: int, wish: Intent) -> None:
    read = {"je voudrais anouler": Meaning(), **{f"annuler {n}": CANCEL for n in range(votes)}}
    assert best_reading("je voudrais anouler", tuple(read), Expectation.ANY, read.__getitem__).meaning.intent is wish
    assert best_reading("je voudrais anouler", tuple(read), Expectation.ITEMS, read.__getitem__).meaning == Meaning()


@pytest.mark.parametrize(
    ("code", "language"), [("en", Language.ENGLISH), ("de", Language.GERMAN), ("ar", Language.OTHER)]
)
def test_a_voice_that_surely_speaks_another_language_is_heard_so(code: str, language: Language) -> None:
    heard = in_language(Understood(Meaning(items=(ItemLine("canape", 1),))), code)
    assert heard.meaning == Meaning(intent=Intent.LANGUAGE, language=language)


@pytest.mark.parametrize("plea", [Meaning(wants_human=True), DANGER])
def test_a_plea_counts_in_any_language(plea: Meaning) -> None:
    assert in_language(Understood(plea), "en").meaning == plea
    assert in_language(Understood(Meaning()), "").meaning == Meaning()
