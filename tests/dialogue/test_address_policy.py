"""The thresholds of the address policy, each probed on both sides; pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.dialogue.address_policy import (
    INSISTED,
    LEAST_LIKELY,
    MOST_OFFERED,
    READ_ALONE,
    READ_BACK,
    RIVAL,
    TOGETHER,
    Difference,
    Plan,
    begins,
    difference,
    joined,
    key,
    offered,
    plan,
    spelled,
    weighed,
    without,
)
from callbot.dialogue.wording import spoken_choices
from callbot.domain.addresses import AddressCandidate
from tests.dialogue.world import COMMUNES, candidate

BIT = 0.001


def several(*chances: float) -> tuple[AddressCandidate, ...]:
    return tuple(candidate(f"Rue {place}", probability=chance) for place, chance in enumerate(chances))


@pytest.mark.parametrize(
    ("chances", "expected"),
    [
        ((), Plan.ASK_AGAIN),
        ((READ_BACK,), Plan.READ_BACK),
        ((READ_BACK, 1 - READ_BACK), Plan.READ_BACK),
        ((READ_BACK - BIT, 1 - READ_BACK), Plan.OFFER),
        ((READ_ALONE,), Plan.READ_BACK),
        ((READ_ALONE - BIT,), Plan.ASK_AGAIN),
        ((TOGETHER / 2, TOGETHER / 2), Plan.OFFER),
        ((TOGETHER / 2 - BIT, TOGETHER / 2 - BIT), Plan.ASK_AGAIN),
        ((0.5, 0.5 * RIVAL), Plan.OFFER),
        ((0.5, 0.5 * RIVAL - BIT), Plan.READ_BACK),
        ((TOGETHER / 3, TOGETHER / 3, TOGETHER / 3 + BIT), Plan.OFFER),
        ((0.1, 0.1, 0.1), Plan.ASK_AGAIN),
    ],
)
def test_plan(chances: tuple[float, ...], expected: Plan) -> None:
    assert plan(several(*chances)) is expected


def test_only_rivals_are_offered_and_three_at_most() -> None:
    assert len(offered(several(0.4, 0.4 * RIVAL, 0.4 * RIVAL - BIT))) == 2
    assert len(offered(several(0.25, 0.25, 0.25, 0.25))) == MOST_OFFERED


@pytest.mark.parametrize(
    ("together", "apart", "spoken"),
    [
        ((candidate("Rue de Rome"), candidate("Rue de Rhodes", 22)), Difference.STREET, "Rue de Rome | Rue de Rhodes"),
        ((candidate(number=12), candidate(number=22)), Difference.NUMBER, "le 12 | le 22"),
        (
            (candidate(), candidate(insee="13201")),
            Difference.COMMUNE,
            "dans le sixième arrondissement | dans le premier arrondissement",
        ),
        ((candidate(), candidate(insee="13005")), Difference.COMMUNE, "dans le sixième arrondissement | à Aubagne"),
        (
            (candidate(number=12), candidate(number=22), candidate("Rue de Rhodes")),
            Difference.WHOLE,
            "12, Rue de Rome, Marseille, sixième arrondissement | 22, Rue de Rome, Marseille, sixième arrondissement"
            " | 12, Rue de Rhodes, Marseille, sixième arrondissement",
        ),
    ],
)
def test_what_tells_them_apart_is_all_that_is_said(
    together: tuple[AddressCandidate, ...], apart: Difference, spoken: str
) -> None:
    assert difference(together) is apart
    assert " | ".join(spoken_choices(together, apart, COMMUNES)) == spoken


def test_what_is_hardly_likely_is_left_out() -> None:
    assert len(weighed(several(0.5, LEAST_LIKELY))) == 2
    assert len(weighed(several(0.5, LEAST_LIKELY - BIT))) == 1


def test_a_refused_address_leaves_its_chance_to_the_others_and_to_none_of_them() -> None:
    rome, rhodes = candidate("Rue de Rome", probability=0.6), candidate("Rue de Rhodes", probability=0.2)
    (left,) = weighed((rome, rhodes), refused=frozenset({key(rome.address)}))
    assert left.address == rhodes.address
    assert left.probability == pytest.approx(0.5)


@pytest.mark.parametrize(("chance", "again"), [(INSISTED, True), (INSISTED - BIT, False)])
def test_a_refused_address_heard_again_clearly_comes_back(chance: float, *, again: bool) -> None:
    rome = candidate("Rue de Rome", probability=chance)
    refused = frozenset({key(rome.address)})
    assert bool(weighed((rome,), refused=refused)) is again
    assert weighed((rome,), refused=refused, initials="rom") == ()


def test_the_street_agreed_to_leaves_only_its_numbers_in_doubt() -> None:
    found = (
        candidate("Rue de Rhodes", 12, 0.4),
        candidate(number=12, probability=0.3),
        candidate(number=22, probability=0.1),
    )
    left = weighed(found, street="Rue de Rome")
    assert [(each.address.street, each.address.number) for each in left] == [("Rue de Rome", 12), ("Rue de Rome", 22)]
    assert sum(each.probability for each in left) == pytest.approx(1)
    assert weighed(found, street="Rue Paradis") == found


def test_a_typed_number_is_not_doubted() -> None:
    found = (candidate(number=12, probability=0.5), candidate(number=22, probability=0.4))
    (left,) = weighed(found, number=22)
    assert left.address.number == 22
    assert left.probability == pytest.approx(0.8)


def test_letters_choose_among_the_streets_and_letters_that_fit_none_choose_nothing() -> None:
    found = several(0.4, 0.3)
    assert weighed(found, initials="xyz") == found
    rome, baille = candidate("Rue de Rome", probability=0.3), candidate("Boulevard Baille", probability=0.5)
    (left,) = weighed((baille, rome), initials="rom")
    assert left.address == rome.address
    assert left.probability == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("street", "letters", "fits"),
    [
        ("Rue de Rome", "rom", True),
        ("Rue de Rome", "derom", True),
        ("Rue de Rome", "ome", False),
        ("La Canebière", "lac", True),
        ("La Canebière", "can", True),
        ("Boulevard Chave", "boul", True),
        ("Avenue de l'Évêché", "eve", True),
    ],
)
def test_letters_of_a_name(street: str, letters: str, *, fits: bool) -> None:
    assert begins(street, letters) is fits


@pytest.mark.parametrize(
    ("said", "letters"),
    [("R, O, M", "rom"), ("Rome", "rome"), ("É V Ê", "eve"), ("Canebière", "cane"), ("ne sais pas", None), ("", None)],
)
def test_letters_said(said: str, letters: str | None) -> None:
    assert spelled(said) == letters


chances = st.lists(st.floats(0, 1), max_size=6).map(
    lambda raw: several(*sorted((share / max(1.0, sum(raw)) for share in raw), reverse=True))
)


@given(chances, st.integers(0, 6))
def test_probabilities_stay_probabilities(found: tuple[AddressCandidate, ...], refused: int) -> None:
    gone = frozenset(key(each.address) for each in found[:refused])
    left = weighed(found, refused=gone)
    assert all(LEAST_LIKELY <= each.probability <= 1 for each in left)
    assert sum(each.probability for each in left) <= 1 + 1e-9
    assert list(left) == sorted(left, key=lambda each: -each.probability)
    before = {each.address: each.probability for each in found}
    assert all(each.probability >= before[each.address] - 1e-9 for each in left)


@given(chances)
def test_who_offers_has_two_to_offer_and_likely_ones(found: tuple[AddressCandidate, ...]) -> None:
    together = offered(found) if plan(found) is Plan.OFFER else ()
    assert plan(found) is not Plan.OFFER or 2 <= len(together) <= MOST_OFFERED
    assert not together or sum(each.probability for each in together) >= TOGETHER


def test_without_nothing_wrong_nothing_changes() -> None:
    found = several(0.4, 0.3)
    assert without(found, lambda _each: False) == found


def named(street: str, probability: float) -> AddressCandidate:
    return candidate(street, probability=probability)


def test_a_street_that_two_hearings_name_is_likelier_than_either_left_it() -> None:
    before = (named("Rue Berard", 0.1), named("Rue Bravet", 0.05))
    found = joined(before, (named("Rue Pérard", 0.3), named("Rue Berard", 0.25)))
    assert found[0].address.street == "Rue Berard"
    assert found[0].probability > READ_BACK
    assert plan(found) is Plan.READ_BACK


def test_a_street_that_only_the_second_hearing_names_stays_possible() -> None:
    alone, agreed = (joined((named(first, 0.3),), (named("Rue Berard", 0.6),))[0] for first in ("Rue X", "Rue Berard"))
    assert 0.3 < alone.probability < 0.6 < agreed.probability


def test_variants_of_the_number_are_one_street_in_the_hearing_before() -> None:
    before = (candidate("Rue Berard", 12, 0.06), candidate("Rue Berard", 2, 0.06))
    (found,) = joined(before, (candidate("Rue Berard", None, 0.3),))
    assert found.probability == joined((named("Rue Berard", 0.12),), (named("Rue Berard", 0.3),))[0].probability


def test_one_name_in_two_communes_is_two_streets() -> None:
    before = (candidate("Rue de Rome", insee="13201", probability=0.5),)
    here, there = (candidate("Rue de Rome", insee=insee, probability=0.2) for insee in ("13206", "13201"))
    assert joined(before, (here, there))[0].address.insee == "13201"


def test_without_a_hearing_before_nothing_changes() -> None:
    found = several(0.3, 0.2)
    assert joined((), found) == found


@given(chances, chances)
def test_joined_probabilities_stay_probabilities(
    before: tuple[AddressCandidate, ...], found: tuple[AddressCandidate, ...]
) -> None:
    together = joined(before, found)
    assert {each.address for each in together} == {each.address for each in found}
    assert all(0 <= each.probability <= 1 + 1e-9 for each in together)
    assert sum(each.probability for each in together) <= 1 + 1e-9
    assert [each.probability for each in together] == sorted((e.probability for e in together), reverse=True)
