"""What listens and finds in each process of the bench: the parts of a running call, on the benchmark's base."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from callbot.calls.address_hearing import AddressHearing
from callbot.calls.ports import FindsAddresses, RememberedSound
from callbot.calls.readings import best_reading
from callbot.domain.addresses import AddressCandidate
from callbot.domain.events import Understood
from callbot.domain.meaning import Expectation, HeardAddress, Meaning
from callbot.gazetteer.search import Gazetteer, open_gazetteer
from callbot.knowledge import KnowledgeBase, load_knowledge
from callbot.settings import Settings
from callbot.speech.codec import mulaw_to_pcm, pcm_to_samples
from callbot.speech.engine import Engine
from callbot.speech.engines import load_engine
from callbot.speech.hints import hints_for
from callbot.speech.listening import Heard, Listener
from callbot.speech.voice import voiced_windows
from callbot.understanding import Understander
from tests.bench.addresses.addok_server import AddokServer
from tests.bench.addresses.baselines import AddokBaseline, Baseline, FuzzBaseline
from tests.bench.addresses.corpus import Utterance
from tests.bench.addresses.line import Condition, on_the_line
from tests.bench.addresses.recording import clip

TODAY: Final = date(2026, 11, 21)
_WINDOW_MS: Final = 10


@dataclass(frozen=True, slots=True)
class Setup:
    """What a process needs to open its ears. ``threads``: utterances read at once; ``addok_url``: None without it."""

    settings: Settings
    base: Path
    threads: int
    addok_url: str | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """One turn as it arrives (mu-law), and how much of it is voice, in milliseconds."""

    audio: bytes
    voiced_ms: int


@dataclass(frozen=True, slots=True)
class Ears:
    """Opened once a process."""

    setup: Setup
    gazetteer: Gazetteer
    knowledge: KnowledgeBase
    understander: Understander
    engine: Engine
    listener: Listener
    finder: FindsAddresses
    baselines: tuple[Baseline, ...]

    def sound(self, speaker: str, text: str, condition: Condition, seed: int) -> Sound:
        """Raises ``FileNotFoundError`` when it was not recorded."""
        said = clip(speaker, text, self.setup.settings.data_dir)
        voiced = int(np.count_nonzero(voiced_windows(pcm_to_samples(mulaw_to_pcm(said)))))
        return Sound(on_the_line(said, condition, seed), voiced * _WINDOW_MS)

    def sound_of(self, utterance: Utterance, condition: Condition) -> Sound:
        """See ``sound``."""
        return self.sound(utterance.speaker, utterance.text, condition, utterance.seed)

    async def listen(
        self,
        sound: Sound,
        expect: Expectation,
        offered: Sequence[str] = (),
        corrects: Expectation | None = None,
    ) -> Heard:
        """The words, with the hints that a call gives to a question."""
        hints = hints_for(expect, offered, corrects=corrects, voiced_ms=sound.voiced_ms)
        return await self.listener.listen(sound.audio, sound.voiced_ms, hints)

    def understand(self, heard: Heard, expect: Expectation, insee: str | None = None) -> Understood:
        """The meaning a conversation takes from the words, with the commune known or not."""
        if not heard.text.strip():
            return Understood(Meaning())
        understand = self.understander.understand
        return best_reading(
            heard.text,
            heard.hypotheses,
            expect,
            lambda text: understand(text, expect, today=TODAY, insee=insee),
        )

    async def ours(
        self, address: HeardAddress, hypotheses: Sequence[str], heard: Heard
    ) -> tuple[AddressCandidate, ...]:
        """What the product finds for an address in ``heard``, with its sound."""
        sound = RememberedSound((heard.text, *heard.hypotheses), heard.sound) if heard.sound else None
        return await self.finder.find(address, hypotheses, sound)


def open_ears(setup: Setup, stack: ExitStack) -> Ears:
    """Load everything; some seconds. Raises what a service without its models raises at start."""
    gazetteer = open_gazetteer(setup.base)
    stack.callback(gazetteer.close)
    knowledge = load_knowledge(setup.settings.knowledge_dir)
    understander = Understander(knowledge.catalogue, tuple(gazetteer.communes))
    understander.warm()
    speech = setup.settings.speech.model_copy(update={"threads": setup.threads})
    engine = load_engine(speech, setup.settings.models_dir)
    executor = stack.enter_context(ThreadPoolExecutor(setup.threads, "whisper"))
    finder = AddressHearing(gazetteer, engine, executor, partial(address_in, understander), patience_s=None)
    listener = Listener(engine, executor)
    return Ears(
        setup, gazetteer, knowledge, understander, engine, listener, finder, _baselines(setup, gazetteer, stack)
    )


def address_in(understander: Understander, text: str, insee: str | None) -> HeardAddress | None:
    """The pieces of an address in a sentence, in the caller's words."""
    return understander.understand(text, Expectation.ADDRESS, today=TODAY, insee=insee).address


def _baselines(setup: Setup, gazetteer: Gazetteer, stack: ExitStack) -> tuple[Baseline, ...]:
    fuzz = FuzzBaseline([(street.name, street.insee) for street in gazetteer.index.streets])
    if setup.addok_url is None:
        return (fuzz,)
    server = AddokBaseline(AddokServer(setup.addok_url, None))
    stack.callback(server.close)
    return (server, fuzz)
