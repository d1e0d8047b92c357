"""What is said where a street was asked and is none, and which part of an address is named as wrong."""

from __future__ import annotations

from datetime import date

import pytest

from callbot.domain.meaning import AddressPart, Expectation, HeardAddress, NoStreet
from callbot.understanding import Understander
from callbot.understanding.topics import find_part

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "instead", "kept"),
    [
        ("12 rue de Rivoli à Paris", NoStreet.OTHER_TOWN, None),
        ("à Toulon", NoStreet.OTHER_TOWN, None),
        ("en face de la gare Saint-Charles", NoStreet.LANDMARK, None),
        ("à côté du supermarché", NoStreet.LANDMARK, None),
        ("au 12, en face de la pharmacie", NoStreet.LANDMARK, HeardAddress(12)),
        ("Je ne sais pas.", NoStreet.NOT_KNOWN, None),
        ("je ne sais plus le nom de la rue", NoStreet.NOT_KNOWN, None),
        ("le 12, je ne sais plus la rue", NoStreet.NOT_KNOWN, HeardAddress(12)),
        ("12 rue de Lyon", None, HeardAddress(12, None, "rue de Lyon")),
        ("boulevard de Paris", None, HeardAddress(street_heard="boulevard de Paris")),
        ("résidence les Pins", None, HeardAddress(street_heard="résidence les Pins")),
    ],
)
def test_instead_of_a_street(
    understander: Understander, text: str, instead: NoStreet | None, kept: HeardAddress | None
) -> None:
    meaning = understander.understand(text, Expectation.ADDRESS, today=TODAY)
    assert (meaning.no_street, meaning.address) == (instead, kept)


@pytest.mark.parametrize("expect", [Expectation.ANY, Expectation.YES_NO, Expectation.DATE])
def test_only_where_a_place_was_asked(understander: Understander, expect: Expectation) -> None:
    assert understander.understand("je ne sais pas", expect, today=TODAY).no_street is None


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("le numero", AddressPart.NUMBER),
        ("c est le numero de la rue", AddressPart.NUMBER),
        ("non pas la bonne rue", AddressPart.STREET),
        ("c est le nom de la rue", AddressPart.STREET),
        ("l arrondissement", AddressPart.COMMUNE),
        ("les deux", AddressPart.ALL),
        ("le numero et la rue", AddressPart.ALL),
        ("le numero de telephone", None),
        ("oui", None),
        ("le numero " * 7, None),
    ],
)
def test_part_named_as_wrong(line: str, part: AddressPart | None) -> None:
    assert find_part(line) is part


@pytest.mark.parametrize(
    ("text", "address"),
    [("c'est le 22", HeardAddress(22)), ("rue de Rhodes", HeardAddress(street_heard="rue de Rhodes"))],
)
def test_the_right_value_answers_which_part_is_wrong(
    understander: Understander, text: str, address: HeardAddress
) -> None:
    meaning = understander.understand(text, Expectation.PART, today=TODAY)
    assert (meaning.address, meaning.part) == (address, None)
