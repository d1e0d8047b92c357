"""When the bot may stop waiting for more words."""

from __future__ import annotations

import pytest

from callbot.dialogue.completeness import Completeness, answers_in_full, completeness_of, of_read_back
from callbot.domain.meaning import Expectation, HeardAddress, HeardDate, Meaning, YesNo
from tests.dialogue.world import FIRST, TWO_ITEMS

WHOLE = HeardAddress(12, None, "rue de rome")


@pytest.mark.parametrize(
    ("text", "meaning", "expect", "complete"),
    [
        ("Oui.", Meaning(yes_no=YesNo.YES), Expectation.YES_NO, True),
        ("Oui, mais", Meaning(yes_no=YesNo.YES), Expectation.YES_NO, False),
        ("Oui...", Meaning(yes_no=YesNo.YES), Expectation.YES_NO, False),
        ("Peut-être.", Meaning(), Expectation.YES_NO, False),
        ("Un canapé et deux matelas.", Meaning(items=TWO_ITEMS), Expectation.ITEMS, True),
        ("Un canapé et deux matelas et", Meaning(items=TWO_ITEMS), Expectation.ITEMS, False),
        ("12 rue de Rome.", Meaning(address=WHOLE), Expectation.ADDRESS, True),
        ("Au 12 de la", Meaning(address=HeardAddress(12)), Expectation.ADDRESS, False),
        ("Rue de Rome.", Meaning(address=HeardAddress(street_heard="rue de rome")), Expectation.ADDRESS, False),
        ("Le sixième.", Meaning(address=HeardAddress(insee="13206")), Expectation.COMMUNE, True),
        ("Marseille.", Meaning(address=HeardAddress(commune_doubt=("13201", "13202"))), Expectation.COMMUNE, True),
        ("Là-bas.", Meaning(address=HeardAddress(street_heard="là-bas")), Expectation.COMMUNE, False),
        ("06 12 34", Meaning(), Expectation.PHONE, False),
        ("06 12 34 56 78", Meaning(phone="+33612345678"), Expectation.PHONE, True),
        ("Jeudi.", Meaning(date=HeardDate(FIRST, FIRST)), Expectation.DATE, True),
        ("La deuxième.", Meaning(choice=2), Expectation.DATE, True),
        ("Martin.", Meaning(name="Martin"), Expectation.NAME, True),
        ("Un conseiller.", Meaning(wants_human=True), Expectation.PHONE, True),
        ("", Meaning(), Expectation.ANY, False),
    ],
)
def test_complete_or_not(text: str, meaning: Meaning, expect: Expectation, complete: bool) -> None:
    assert answers_in_full(text, meaning, expect) is complete


@pytest.mark.parametrize(
    ("text", "meaning", "expect", "how"),
    [
        ("12 rue de Rome.", Meaning(address=WHOLE), Expectation.ADDRESS, Completeness.COMPLETE),
        ("Rue de Rome.", Meaning(address=HeardAddress(street_heard="rue de rome")), Expectation.ADDRESS,
         Completeness.OPEN),
        ("Au douze de la.", Meaning(address=HeardAddress(12)), Expectation.ADDRESS, Completeness.HANGING),
        ("Oui, mais", Meaning(yes_no=YesNo.YES), Expectation.YES_NO, Completeness.HANGING),
        ("R, A, H,", Meaning(), Expectation.NAME, Completeness.HANGING),
        ("Un conseiller", Meaning(wants_human=True), Expectation.PHONE, Completeness.COMPLETE),
        ("", Meaning(), Expectation.ANY, Completeness.OPEN),
        ("...", Meaning(), Expectation.ANY, Completeness.OPEN),
    ],
)  # fmt: skip
def test_complete_open_or_hanging(text: str, meaning: Meaning, expect: Expectation, how: Completeness) -> None:
    assert completeness_of(text, meaning, expect) is how


def test_a_figure_ends_an_answer_of_figures_and_hangs_elsewhere() -> None:
    assert completeness_of("zéro six douze", Meaning(), Expectation.PHONE) is Completeness.OPEN
    assert completeness_of("au vingt deux", Meaning(address=HeardAddress(22)), Expectation.NUMBER) is (
        Completeness.COMPLETE
    )
    assert completeness_of("Un canapé, deux", Meaning(items=TWO_ITEMS), Expectation.ITEMS) is Completeness.HANGING


@pytest.mark.parametrize(
    ("meaning", "how"),
    [
        (Meaning(yes_no=YesNo.NO), Completeness.HANGING),
        (Meaning(yes_no=YesNo.NO, address=HeardAddress(22)), Completeness.COMPLETE),
        (Meaning(yes_no=YesNo.YES), Completeness.COMPLETE),
    ],
)
def test_after_a_bare_no_to_a_read_back_the_right_value_is_waited_for(meaning: Meaning, how: Completeness) -> None:
    assert of_read_back(Completeness.COMPLETE, meaning) is how
