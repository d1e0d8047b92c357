"""Which house number was said, on a scripted engine; figures of the model are not pinned, what they mean is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.calls.judging import Judge, Readers
from callbot.calls.number_hearing import MOST_NUMBERS, NUMBERS, Label, NumberEvidence, NumberHearing
from callbot.domain.meaning import HeardAddress
from callbot.gazetteer.house_numbers import HouseLabel
from callbot.gazetteer.probability import Judgement
from tests.calls.test_address_hearing import VOICE, ScriptedEngine, read

SENTENCE = "Au 12, rue de Rome."
HEARD = HeardAddress(12, None, "rue de Rome", "13206")
EXISTING = [(2, None), (12, None), (22, None)]
LOGS = st.floats(-500, 0)
PAIRS = st.tuples(st.builds(Judgement, LOGS, LOGS), st.builds(Judgement, LOGS, LOGS))
ROWS = st.lists(st.tuples(st.floats(0, 1), st.booleans(), PAIRS), max_size=12)
Row = tuple[float, bool, tuple[Judgement, Judgement]]


def number_of(text: str, insee: str | None) -> Label:
    address = read(text, insee)
    return (address.number, None) if address and address.number else None


def evidence(
    engine: ScriptedEngine,
    *texts: str,
    heard: HeardAddress = HEARD,
    existing: Sequence[HouseLabel] = EXISTING,
) -> NumberEvidence:
    said = texts or (SENTENCE,)
    with ThreadPoolExecutor(1) as reader:
        readers = Readers(reader)
        hearing = NumberHearing(Judge(engine, readers), readers, number_of)
        return asyncio.run(hearing.evidence(heard, "Rue de Rome", existing, said, VOICE))


def rows(found: Sequence[Row]) -> NumberEvidence:
    labels = tuple((place + 1, None) for place in range(len(found)))
    return NumberEvidence(
        labels, tuple(vote for vote, _, _ in found), tuple(there for _, there, _ in found),
        tuple(pair for _, _, pair in found),
    )  # fmt: skip


def best(found: NumberEvidence) -> Label:
    chances = found.probabilities()
    return found.labels[chances.index(max(chances))]


def test_numbers_of_the_readings_those_that_exist_and_none_are_judged_once_each() -> None:
    found = evidence(ScriptedEngine(), SENTENCE, "Au 13, rue de Rome.", "Au 12 rue de rhum")
    assert sorted(label[0] for label in found.labels if label) == [2, 12, 13, 22]
    assert found.labels.count(None) == 1
    assert found.labels[0] == (12, None)
    votes = dict(zip(found.labels, found.votes, strict=True))
    assert votes == pytest.approx({(12, None): 2 / 3, (13, None): 1 / 3, (2, None): 0, (22, None): 0, None: 0})
    there = {label for label, exists in zip(found.labels, found.exists, strict=True) if exists}
    assert there == {*EXISTING}


def test_each_number_is_judged_in_the_sentence_said_and_in_a_plain_one_on_voice_and_silence() -> None:
    engine = ScriptedEngine()
    found = evidence(engine, "C'est au 12, rue de Rome.")
    judged = engine.texts("voice")
    assert set(engine.texts("silence")) == {text for text in judged if not text.startswith("C'est")}
    assert len(judged) == 2 * len(found.labels) == 2 * len(found.judged)
    assert {"C'est au 12 rue de Rome", "C'est au rue de Rome", "au 12 rue de Rome", "rue de Rome"} <= set(judged)


@pytest.mark.parametrize("sentence", ["rue de Rome", "12", "", "Rue de Rome, au 12."])
def test_any_order_of_the_sentence_can_be_judged(sentence: str) -> None:
    found = evidence(ScriptedEngine(), sentence, "Au 12, rue de Rome.")
    assert len(found.judged) == len(found.labels)
    assert sum(found.probabilities()) <= 1 + 1e-9


def test_a_long_street_has_only_so_many_numbers_judged() -> None:
    found = evidence(ScriptedEngine(), existing=[(number, None) for number in range(1, 400)])
    assert MOST_NUMBERS <= len(found.labels) <= MOST_NUMBERS + 2


@pytest.mark.parametrize(
    ("fits", "label"),
    [
        ({"12 rue de Rome": -500.0, "22 rue de Rome": -5.0, "2 rue de Rome": -500.0}, (22, None)),
        ({"12 rue de Rome": -5.0, "2 rue de Rome": -500.0}, (12, None)),
        ({"2 rue de Rome": -500.0, "rue de Rome": -5.0}, None),
    ],
)
def test_the_sound_decides(fits: Mapping[str, float], label: Label) -> None:
    assert best(evidence(ScriptedEngine(fits=fits))) == label


def test_where_the_sound_tells_nothing_readings_and_the_base_do() -> None:
    same = (Judgement(-10, -10), Judgement(-10, -10))
    agreed, alone = rows([(0.8, True, same), (0.2, True, same)]).probabilities()
    there, missing = rows([(0.5, True, same), (0.5, False, same)]).probabilities()
    assert agreed > alone
    assert there > missing


def test_what_a_number_is_worth_without_sound_is_taken_off() -> None:
    usual, rare = (Judgement(-10, -3),) * 2, (Judgement(-10, -30),) * 2
    chances = rows([(0.5, True, usual), (0.5, True, rare)]).probabilities()
    assert chances[1] > chances[0]
    level = rows([(0.5, True, usual), (0.5, True, rare)]).probabilities(replace(NUMBERS, prior=0.0))
    assert level[0] == pytest.approx(level[1])


@given(ROWS)
def test_chances_sum_to_1_at_most(found: list[Row]) -> None:
    chances = rows(found).probabilities()
    assert len(chances) == len(found)
    assert all(0 <= one <= 1 for one in chances)
    assert sum(chances) <= 1 + 1e-9


@given(ROWS.filter(bool), st.randoms(use_true_random=False))
def test_the_order_changes_nothing(found: list[Row], chaos: object) -> None:
    places = list(range(len(found)))
    chaos.shuffle(places)  # type: ignore[attr-defined]  # hypothesis' Random
    shuffled = rows([found[place] for place in places]).probabilities()
    before = rows(found).probabilities()
    assert shuffled == pytest.approx([before[place] for place in places], abs=1e-9)
