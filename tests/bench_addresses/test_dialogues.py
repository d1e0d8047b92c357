"""Simulated conversations against the real dialogue, with ears that hear what a test has them hear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest

from callbot.dialogue.acts import Act
from callbot.domain.addresses import StreetAddress
from callbot.domain.meaning import Expectation
from callbot.gazetteer.search import Gazetteer
from callbot.knowledge import KnowledgeBase, load_knowledge
from callbot.speech.listening import Heard
from callbot.understanding import Understander
from tests.bench.addresses.corpus import Task, Utterance
from tests.bench.addresses.dialogues import (
    MOST_TURNS,
    DialogueOutcome,
    Ending,
    asked_again,
    dialogues,
    hold_all,
    hold_dialogue,
    same_place,
    whole_address,
)
from tests.bench.addresses.ears import Ears, Sound
from tests.bench.addresses.line import Condition
from tests.bench.addresses.recording import Wanted
from tests.bench.addresses.stages import Listening
from tests.bench.addresses.voices import Split
from tests.bench.addresses.workers import Workers

pytestmark = pytest.mark.process

MINE = StreetAddress("Rue des Tilleuls Penchés", "13206", "Marseille 6e Arrondissement", "13006", 14)


@dataclass
class ScriptedEars:
    """Hears what is said, but for what ``hears`` has instead; nothing of ``silent``, no clip of ``unrecorded``."""

    gazetteer: Gazetteer
    knowledge: KnowledgeBase
    understander: Understander
    hears: Mapping[str, str] = field(default_factory=dict)
    unrecorded: frozenset[str] = frozenset()
    heard: list[tuple[str, Expectation]] = field(default_factory=list)

    @property
    def finder(self) -> Gazetteer:
        return self.gazetteer

    def sound(self, speaker: str, text: str, condition: Condition, seed: int) -> Sound:
        if text in self.unrecorded:
            raise FileNotFoundError(speaker)
        return Sound(text.encode(), 900)

    async def listen(
        self,
        sound: Sound,
        expect: Expectation,
        offered: Sequence[str] = (),
        corrects: Expectation | None = None,
    ) -> Heard:
        said = sound.audio.decode()
        self.heard.append((said, expect))
        text = self.hears.get(said, said)
        return Heard(text, (text,), 0.9)


def job(text: str, address: StreetAddress = MINE) -> Listening:
    said = Utterance(Task.ADDRESS, Split.DEV, "nobody", False, text, address.line, 4, address)
    return Listening(said, Condition.CLEAN)


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return load_knowledge(Path("knowledge_base"))


@pytest.fixture(scope="module")
def understander(knowledge: KnowledgeBase, gazetteer: Gazetteer) -> Understander:
    ready = Understander(knowledge.catalogue, tuple(gazetteer.communes))
    ready.warm()
    return ready


@pytest.fixture
def ears(gazetteer: Gazetteer, knowledge: KnowledgeBase, understander: Understander) -> ScriptedEars:
    return ScriptedEars(gazetteer, knowledge, understander)


def held(ears: ScriptedEars, work: Listening) -> DialogueOutcome:
    return hold_dialogue(cast(Ears, ears), work)


def test_what_is_heard_well_takes_two_turns(ears: ScriptedEars) -> None:
    work = job("Au quatorze rue des tilleuls penchés.")
    outcome = held(ears, work)
    assert outcome == DialogueOutcome(Ending.RIGHT, 2, (Act.ASK_ADDRESS, Act.CONFIRM_ADDRESS))
    assert not asked_again(work, outcome)
    assert [expect for _, expect in ears.heard] == [Expectation.ADDRESS, Expectation.YES_NO]


def test_a_number_that_was_not_said_is_asked_once_and_is_no_asking_again(ears: ScriptedEars) -> None:
    work = job("Rue des tilleuls penchés.", replace(MINE, number=None))
    outcome = held(ears, work)
    assert outcome == DialogueOutcome(Ending.RIGHT, 3, (Act.ASK_ADDRESS, Act.ASK_NUMBER, Act.CONFIRM_ADDRESS))
    assert not asked_again(work, outcome)


def test_a_wrong_number_is_refused_and_mended(ears: ScriptedEars) -> None:
    ears.hears = {"Au quatorze rue des tilleuls penchés.": "Au douze rue des tilleuls penchés."}
    work = job("Au quatorze rue des tilleuls penchés.")
    outcome = held(ears, work)
    assert outcome.ending is Ending.RIGHT
    assert outcome.turns > 2
    assert outcome.turns == len(outcome.asked)
    assert asked_again(work, outcome)


def test_a_no_that_is_heard_as_a_yes_confirms_a_wrong_address(ears: ScriptedEars) -> None:
    said = "Au quatorze rue des tilleuls penchés."
    ears.hears = {said: "Au douze rue des tilleuls penchés.", "Non, ce n'est pas ça.": "Oui, c'est ça."}
    assert held(ears, job(said)).ending is Ending.WRONG


def test_a_caller_who_is_never_understood_ends_with_a_person(ears: ScriptedEars) -> None:
    ears.hears = dict.fromkeys(
        ("Au quatorze rue des tilleuls penchés.", "Quatorze rue des Tilleuls Penchés.", "Rue des Tilleuls Penchés."), ""
    )
    outcome = held(ears, job("Au quatorze rue des tilleuls penchés."))
    assert outcome.ending is Ending.HANDED_OVER
    assert Act.OFFER_HUMAN in outcome.asked
    assert outcome.turns <= MOST_TURNS


def test_a_sentence_without_a_clip_is_named_and_the_outcome_is_not_settled(ears: ScriptedEars) -> None:
    ears.unrecorded = frozenset({"Oui, c'est ça."})
    outcome = held(ears, job("Au quatorze rue des tilleuls penchés."))
    assert (outcome.ending, outcome.unrecorded) == (Ending.UNRECORDED, "Oui, c'est ça.")
    assert not outcome.settled


class OneProcess:
    """Workers without processes."""

    def __init__(self, ears: ScriptedEars) -> None:
        self._ears = ears

    def results(self, _method: object, jobs: Sequence[Listening]) -> list[DialogueOutcome]:
        return [held(self._ears, one) for one in jobs]


def test_what_turns_out_to_be_needed_is_recorded_and_the_conversation_held_again(ears: ScriptedEars) -> None:
    ears.unrecorded = frozenset({"Au quatorze bis."})
    asked: list[Wanted] = []

    def record(wanted: Sequence[Wanted]) -> frozenset[str]:
        asked.extend(wanted)
        ears.unrecorded -= {one.text for one in wanted}
        return frozenset()

    work = job("Rue des tilleuls penchés.", replace(MINE, number=14, repetition="bis"))
    outcomes = hold_all(cast(Workers, OneProcess(ears)), [work], record)
    assert outcomes[work].ending is Ending.RIGHT
    assert asked[-1] == Wanted("nobody", "Au quatorze bis.")


def test_a_speaker_that_cannot_speak_is_left_out(ears: ScriptedEars) -> None:
    ears.unrecorded = frozenset({"Oui, c'est ça."})
    work = job("Au quatorze rue des tilleuls penchés.")
    assert hold_all(cast(Workers, OneProcess(ears)), [work], lambda _wanted: frozenset({"nobody"})) == {}


def test_each_address_is_talked_about_clean_and_with_noise() -> None:
    work = job("Au quatorze.")
    other = replace(work.utterance, task=Task.NO_ADDRESS, address=None)
    held_in = dialogues([work.utterance, other])
    assert [(one.utterance, one.condition) for one in held_in] == [
        (work.utterance, Condition.CLEAN),
        (work.utterance, Condition.DB20),
    ]


def test_who_does_not_say_the_number_has_one_that_exists(gazetteer: Gazetteer) -> None:
    numberless = job("", replace(MINE, number=None)).utterance
    wanted = whole_address(numberless, gazetteer)
    assert (wanted.number, wanted.repetition) in {(12, None), (14, None), (14, "bis")}
    assert wanted == whole_address(numberless, gazetteer)
    assert whole_address(job("").utterance, gazetteer) == MINE


def test_a_house_is_the_same_by_street_commune_number_and_repetition() -> None:
    assert same_place(MINE, replace(MINE, street="rue des tilleuls penches", sector="centre"))
    for other in (
        replace(MINE, number=12),
        replace(MINE, number=None),
        replace(MINE, repetition="bis"),
        replace(MINE, insee="13205"),
        replace(MINE, street="Rue des Tilleuls"),
    ):
        assert not same_place(MINE, other)
