"""The whole: several slots in one sentence, ties settled by what was asked, hostile input."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callbot.commands.understand import meaning_as_json
from callbot.domain.meaning import Expectation, HeardAddress, HeardDate, Intent, Meaning, Topic, YesNo
from callbot.understanding import Understander
from callbot.understanding.names import find_name
from callbot.understanding.sentence import Sentence

E = Expectation
OFFERED = (date(2026, 11, 26), date(2026, 12, 1))


@pytest.fixture(scope="session")
def hear(understander: Understander, today: date) -> Callable[..., Meaning]:
    def hear(text: str, expect: E = E.ANY, offered: tuple[date, ...] = (), insee: str | None = None) -> Meaning:
        return understander.understand(text, expect, today=today, offered=offered, insee=insee)

    return hear


Hear = Callable[..., Meaning]
_THURSDAY = HeardDate(date(2026, 11, 26), date(2026, 11, 26))


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour j'ai un canapé et deux matelas à enlever au 12 rue de Rome dans le sixième, si possible jeudi",
        "jeudi si possible, au 12 rue de Rome, 13006 Marseille, un canapé et deux matelas",
        "Au douze rue de Rome, sixième arrondissement, j'ai deux matelas et un canapé à faire enlever jeudi",
    ],
)
def test_all_in_one_breath(text: str, hear: Hear) -> None:
    meaning = hear(text)
    assert {line.item: line.quantity for line in meaning.items} == {"sofa": 1, "mattress": 2}
    assert meaning.address == HeardAddress(12, None, "rue de Rome", "13206")
    assert meaning.date == _THURSDAY
    assert (meaning.intent, meaning.yes_no, meaning.phone, meaning.wants_human) == (Intent.BOOK, None, None, False)


def test_name_and_phone_beside_the_rest(hear: Hear) -> None:
    meaning = hear(
        "je m'appelle Martin Dupont, j'ai un frigo, mon numéro c'est le zéro six douze trente-quatre"
        " cinquante-six soixante-dix-huit"
    )
    assert (meaning.name, meaning.phone) == ("Martin Dupont", "+33612345678")
    assert [line.item for line in meaning.items] == ["fridge"]
    assert meaning.address is None


@pytest.mark.parametrize(
    ("text", "expect", "expected"),
    [
        ("12", E.ADDRESS, Meaning(address=HeardAddress(number=12))),
        ("6", E.COMMUNE, Meaning(address=HeardAddress(insee="13206"))),
        ("Aubagne", E.COMMUNE, Meaning(address=HeardAddress(insee="13005"))),
        ("rue de la Table", E.ADDRESS, Meaning(address=HeardAddress(street_heard="rue de la Table"))),
        ("oui c'est ça merci", E.YES_NO, Meaning(yes_no=YesNo.YES)),
        ("oui mais c'est le 22", E.YES_NO, Meaning(yes_no=YesNo.NO, address=HeardAddress(number=22))),
        ("non c'est le 14 bis", E.YES_NO, Meaning(yes_no=YesNo.NO, address=HeardAddress(number=14, repetition="bis"))),
        ("c'est le 22", E.YES_NO, Meaning(address=HeardAddress(number=22))),
        ("06 12 34 56 78", E.PHONE, Meaning(phone="+33612345678")),
        ("Dupont", E.NAME, Meaning(name="Dupont")),
        ("Madame Dupont", E.NAME, Meaning(name="Dupont")),
        ("au revoir", E.ANY, Meaning(intent=Intent.GOODBYE)),
        ("répétez s'il vous plaît", E.ADDRESS, Meaning(intent=Intent.REPEAT)),
        ("attendez je regarde", E.ADDRESS, Meaning(intent=Intent.WAIT)),
        ("je voudrais parler à un conseiller", E.ADDRESS, Meaning(wants_human=True)),
        ("quelqu'un", E.NAME, Meaning(wants_human=True)),
        ("un conseiller", E.YES_NO, Meaning(wants_human=True)),
        ("", E.ADDRESS, Meaning()),
        ("euh", E.ADDRESS, Meaning()),
        ("...", E.DATE, Meaning()),
    ],
)
def test_what_was_asked_settles_ties(text: str, expect: E, expected: Meaning, hear: Hear) -> None:
    assert hear(text, expect) == expected


@pytest.mark.parametrize(
    ("text", "choice", "day"),
    [
        ("le deux", 2, OFFERED[1]), ("la première", 1, OFFERED[0]), ("jeudi", None, OFFERED[0]),
        ("le premier décembre", None, OFFERED[1]), ("mardi ça me va", None, OFFERED[1]),
        ("oui la deuxième", 2, OFFERED[1]),
    ],
)  # fmt: skip
def test_dates_offered(text: str, choice: int | None, day: date, hear: Hear) -> None:
    meaning = hear(text, E.DATE, OFFERED)
    assert meaning.choice == choice
    assert meaning.date == HeardDate(day, day)


@pytest.mark.parametrize(
    ("text", "expect", "topic"),
    [
        ("la date", E.ANY, Topic.DATE),
        ("l'adresse", E.ANY, Topic.ADDRESS),
        ("les objets", E.ANY, Topic.ITEMS),
        ("le téléphone", E.ANY, Topic.PHONE),
        ("le numéro de téléphone", E.ANY, Topic.PHONE),
        ("c'est l'adresse qui n'est pas bonne", E.YES_NO, Topic.ADDRESS),
        ("non, je voudrais changer la date", E.YES_NO, Topic.DATE),
        ("la date et l'adresse", E.ANY, None),
        ("l'adresse c'est 12 rue de Rome", E.ANY, None),
        ("la date", E.ADDRESS, None),
        ("oui", E.YES_NO, None),
    ],
)
def test_what_is_to_be_changed(text: str, expect: E, topic: Topic | None, hear: Hear) -> None:
    assert hear(text, expect).topic is topic


def test_marseille_alone_is_a_doubt_unless_the_arrondissement_is_known(hear: Hear) -> None:
    doubt = hear("Marseille", E.COMMUNE).address
    assert doubt is not None
    assert doubt.insee is None
    assert len(doubt.commune_doubt) == 16
    known = hear("12 rue de Rome à Marseille", E.ADDRESS, insee="13206").address
    assert known == HeardAddress(12, None, "rue de Rome", "13206")


def test_a_question_keeps_the_items_it_is_about(hear: Hear) -> None:
    meaning = hear("est-ce que vous prenez les bouteilles de gaz ?")
    assert meaning.intent is Intent.QUESTION
    assert [line.item for line in meaning.items] == ["gas"]


def test_an_item_is_heard_where_an_address_was_asked(hear: Hear) -> None:
    meaning = hear("12 rue de Rome et j'ai aussi deux chaises", E.ADDRESS)
    assert meaning.address == HeardAddress(12, None, "rue de Rome")
    assert [(line.item, line.quantity) for line in meaning.items] == [("chair", 2)]


@pytest.mark.parametrize(
    ("text", "expect", "name"),
    [
        ("je m'appelle Martin", E.ANY, "Martin"),
        ("au nom de Madame Dupont", E.ANY, "Dupont"),
        ("c'est Monsieur Bernard à l'appareil", E.ANY, "Bernard"),
        ("mon nom est Le Goff", E.ANY, "Le Goff"),
        ("Jean-Pierre Durand", E.NAME, "Jean-Pierre Durand"),
        ("de La Tour", E.NAME, "de La Tour"),
        ("c'est Martin", E.NAME, "Martin"),
        ("c'est le 12", E.ANY, None),
        ("oui", E.NAME, None),
        ("", E.NAME, None),
        ("12", E.NAME, None),
    ],
)
def test_names(text: str, expect: E, name: str | None, sentence: Callable[[str], Sentence]) -> None:
    assert find_name(sentence(text), expect)[0] == name


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=300),
    expect=st.sampled_from(list(E)),
    offered=st.lists(st.dates(), max_size=4).map(tuple),
    today=st.dates(),
)
def test_never_raises(text: str, expect: E, offered: tuple[date, ...], today: date, understander: Understander) -> None:
    meaning = understander.understand(text, expect, today=today, offered=offered)
    assert isinstance(meaning_as_json(meaning)["items"], list)


_WORDS = [
    "le", "la", "les", "un", "deux", "douze", "bis", "12", "6e", "13006", "06", "rue", "avenue", "place", "de",
    "d'", "du", "à", "au", "dans", "Rome", "Marseille", "Aix", "Aubagne", "premier", "sixième", "arrondissement",
    "étage", "matelas", "canapé", "chaises", "pas", "non", "oui", "mais", "c'est", "jeudi", "décembre", "prochain",
    "en", "huit", ",", ".", "?", "euh", "conseiller", "gaz", "numéro", "plus", "zéro", "soixante", "dix", "et",
    "quelqu'un", "j'habite", "m'appelle", "²", "٣", "’", "😀",
]  # fmt: skip


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(_WORDS), max_size=40), expect=st.sampled_from(list(E)))
def test_never_raises_on_heaps_of_meaningful_words(words: list[str], expect: E, understander: Understander) -> None:
    meaning = understander.understand(" ".join(words), expect, today=date(2026, 11, 20), offered=OFFERED)
    assert all(1 <= line.quantity <= 99 for line in meaning.items)
    assert meaning.choice is None or 1 <= meaning.choice <= len(OFFERED)


@pytest.mark.parametrize("text", ["a" * 1_000_000, "9" * 100_000, "un " * 50_000, "\x00\ud800", "rue " * 1000])
def test_huge_or_broken_text_is_capped(text: str, hear: Hear) -> None:
    assert isinstance(hear(text, E.ADDRESS), Meaning)


def test_reading_is_pure(hear: Hear) -> None:
    text = "deux matelas au 12 rue de Rome jeudi"
    assert hear(text) == hear(text)
