"""What the ears understand of callers they were and were not tuned on: right, asked again, wrong.

Usage: ``python -m tests.bench.hearing [yes_no|phone|number|items|items_read ...]``, all without a word; half an hour.
Voices are synthetic and made in memory, through the telephone band, clean and with noise 20 dB below. Asserts nothing.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from random import Random
from typing import Final

from rich.console import Console
from rich.table import Table

from callbot.bootstrap import item_reader, load_facts
from callbot.domain.items import ItemKind, ItemLine
from callbot.domain.meaning import Expectation, Meaning, YesNo
from callbot.knowledge import load_knowledge
from callbot.rehearsal.clips import mixed, room_noise, telephone_band
from callbot.settings import Settings, load_settings
from callbot.speech.codec import (
    BYTES_PER_MS,
    FRAME_BYTES,
    SILENCE,
    frames,
    mulaw_to_pcm,
    pcm_to_mulaw,
    pcm_to_samples,
    samples_to_pcm,
)
from callbot.speech.engines import load_engine
from callbot.speech.hints import hints_for
from callbot.speech.listening import Listener
from callbot.speech.turn_taking import TURN_TAKING
from callbot.speech.turns import CallerEar, TurnEnded
from callbot.speech.voice import Voice
from callbot.speech.voice_activity import VoiceActivity
from callbot.speech.voice_light import LightVoice
from callbot.speech.voice_natural import FRENCH_WOMAN, MAN, NaturalVoice, natural_voice_missing
from callbot.understanding import Understander

console = Console(soft_wrap=True, highlight=False)
_TODAY: Final = date(2026, 11, 21)
_NOISE_DBFS: Final = -40.0
"""voices are at -20"""

_YES: Final = (
    "Oui.", "Oui, c'est ça.", "Oui, tout à fait.", "Oui, c'est parfait.", "D'accord.", "C'est bon.", "Ouais.",
    "Oui, c'est bien ça.", "Oui, s'il vous plaît.", "Parfait.", "Exactement.", "Oui oui.", "Oui, je confirme.",
    "Oui, allez-y.", "C'est ça.", "Tout à fait.",
)  # fmt: skip
_NO: Final = (
    "Non.", "Non merci.", "Non, ce n'est pas ça.", "Non, continuons.", "Non, pas du tout.", "Ah non.", "Non non.",
    "Non, ce n'est pas bon.", "Non, c'est faux.", "Non, c'est une erreur.", "Euh, non.", "Pas du tout.",
    "Non, ce n'est pas la bonne adresse.", "Non, pas maintenant.", "Non, c'est pas ça.",
)  # fmt: skip
_UNITS: Final = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS: Final = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
_ITEM_WAYS: Final = ("{}.", "J'ai {}.", "C'est {}.", "Je voudrais faire enlever {}.")
_NUMBER_WAYS: Final = ("Au numéro {}.", "Le {}.", "{}.", "C'est au {}.", "Numéro {}.", "Au {}.")


class Outcome(StrEnum):
    RIGHT = "right"
    AGAIN = "asked again"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and what it means, as ``Task.found`` gives it."""

    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Task:
    """Answers to one kind of question; ``found``: what was understood, None for nothing.

    The tuning callers say those of ``tuned_on``, the others those of ``unseen``.
    """

    name: str
    expect: Expectation
    tuned_on: Sequence[Said]
    unseen: Sequence[Said]
    found: Callable[[Meaning], str | None]
    chosen: bool = True
    """things may be chosen among the catalogue's"""


@dataclass(frozen=True, slots=True)
class Ears:
    """What listens and understands; ``plain`` never chooses among the catalogue's things."""

    listener: Listener
    plain: Listener
    understander: Understander


def yes_or_no() -> Task:
    """The same sentences for all callers."""
    sides = ((_YES, YesNo.YES), (_NO, YesNo.NO))
    said = [Said(text, side.value) for texts, side in sides for text in texts]
    return Task("yes or no", Expectation.YES_NO, said, said, lambda meaning: meaning.yes_no)


def phones() -> Task:
    """Forty mobiles by pairs and digit by digit, half of them for the tuning callers."""
    draw = Random(5)
    numbers = [f"06{draw.randrange(10_000_000, 100_000_000)}" for _ in range(40)]
    said = [Said(text, f"+33{each[1:]}") for each in numbers for text in (_by_pairs(each), _by_digits(each))]
    return Task("mobile", Expectation.PHONE, said[:40], said[40:], lambda meaning: meaning.phone)


def house_numbers() -> Task:
    """Forty of 1 to 300, one in five with "bis"; every other one for the tuning callers."""
    draw = Random(3)
    said = []
    for index, number in enumerate(draw.sample(range(1, 301), 40)):
        bis = " bis" if index % 5 == 4 else ""
        text = _NUMBER_WAYS[index % 6].format(_cardinal(number) + bis)
        said.append(Said(text[0].upper() + text[1:], f"{number}{bis}"))
    return Task("house number", Expectation.NUMBER, said[::2], said[1::2], _house_number)


def things() -> Task:
    """Thirty-two answers of one to three things of the delivered catalogue, half of them for the tuning callers."""
    draw = Random(7)
    kinds = load_knowledge(load_settings().knowledge_dir).catalogue.kinds
    said = [_answer_of(draw, draw.sample(kinds, draw.choice((1, 1, 2, 2, 3)))) for _ in range(32)]
    return Task("things", Expectation.ITEMS, said[:16], said[16:], _things)


def things_as_read() -> Task:
    """The same by the words alone."""
    return replace(things(), name="things, by the words alone", chosen=False)


TASKS: Final[Mapping[str, Callable[[], Task]]] = {
    "yes_no": yes_or_no, "phone": phones, "number": house_numbers, "items": things,
    "items_read": things_as_read,
}  # fmt: skip


def _answer_of(draw: Random, kinds: Sequence[ItemKind]) -> Said:
    lines = [ItemLine(kind.id, draw.choice((1, 1, 1, 2, 3, 4, 5, 6)), "") for kind in kinds]
    named = [
        f"{'une' if kind.feminine else 'un'} {kind.label}" if line.quantity == 1 else
        f"{_cardinal(line.quantity)} {kind.plural}"
        for kind, line in zip(kinds, lines, strict=True)
    ]  # fmt: skip
    text = draw.choice(_ITEM_WAYS).format(" et ".join(part for part in (", ".join(named[:-1]), named[-1]) if part))
    return Said(text[0].upper() + text[1:], _listed(lines))


def _things(meaning: Meaning) -> str | None:
    return _listed(meaning.items) if meaning.items else None


def _listed(lines: Sequence[ItemLine]) -> str:
    return ", ".join(sorted(f"{line.quantity} {line.item}" for line in lines))


def _house_number(meaning: Meaning) -> str | None:
    if meaning.address is None or meaning.address.number is None:
        return None
    return f"{meaning.address.number} {meaning.address.repetition or ''}".strip()


def _by_pairs(number: str) -> str:
    pairs = (number[start : start + 2] for start in range(0, 10, 2))
    return ", ".join(f"zéro {_UNITS[int(pair)]}" if pair[0] == "0" else _cardinal(int(pair)) for pair in pairs) + "."


def _by_digits(number: str) -> str:
    return ", ".join(_UNITS[int(digit)] for digit in number) + "."


def _cardinal(number: int) -> str:
    """A number below 1,000 in words."""
    if number < 20:
        return _UNITS[number]
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        words = "cent" if hundreds == 1 else f"{_UNITS[hundreds]} cent"
        return f"{words} {_cardinal(rest)}" if rest else words
    tens = number // 10 - (number // 10 in (7, 9))
    rest = number - 10 * tens
    if rest == 0:
        return _TENS[tens]
    return _TENS[tens] + (" et " if rest in (1, 11) and tens != 8 else "-") + _UNITS[rest]


def callers(settings: Settings, *, tuned: bool) -> Iterator[Voice]:
    """Voices thresholds and prompts were tuned on, or the others; one is held in memory at a time."""
    light = (
        [(0.9, 1.15), (0.95, 0.8), (1.15, 1.0), (0.8, 1.25)] if tuned else [(1, 1), (1.25, 0.9), (0.85, 0.9), (1, 1.2)]
    )
    natural: list[tuple[Mapping[str, float], float]] = (
        [(FRENCH_WOMAN, 0.9), (MAN, 0.9)]
        if tuned
        else [(FRENCH_WOMAN, 1.1), ({"ff_siwis": 0.5, "im_nicola": 0.5}, 0.9), ({"ff_siwis": 0.6, "em_alex": 0.4}, 1.0)]
    )
    yield from (LightVoice(speed=speed, pitch=pitch) for speed, pitch in light)
    for styles, speed in natural:
        if missing := natural_voice_missing(settings.models_dir, styles):
            console.print(f"left out: {missing}")
        else:
            yield NaturalVoice(settings.models_dir, styles=styles, speed=speed)


def turn_of(voice: Voice, text: str, expect: Expectation, *, noisy: bool) -> TurnEnded | None:
    """The first turn the ear makes of a sentence on the line; None where it hears no voice."""
    clip = pcm_to_mulaw(samples_to_pcm(telephone_band(pcm_to_samples(mulaw_to_pcm(voice.render(text))))))
    after_ms = TURN_TAKING[expect].patience.end_ms + 200
    line = SILENCE * (600 * BYTES_PER_MS) + clip + SILENCE * (after_ms * BYTES_PER_MS)
    line += SILENCE * (-len(line) % FRAME_BYTES)
    if noisy:
        surroundings = room_noise(_NOISE_DBFS)
        line = mixed(line, (surroundings * (len(line) // len(surroundings) + 1))[: len(line)])
    ear = CallerEar(VoiceActivity())
    ear.expect(TURN_TAKING[expect].patience)
    heard = (event for frame in frames(line) for event in ear.hear(frame))
    return next((event for event in heard if isinstance(event, TurnEnded)), None)


async def judged(ears: Ears, task: Task, said: Said, turn: TurnEnded | None) -> Outcome:
    """What became of one sentence."""
    if turn is None:
        return Outcome.AGAIN
    hints = hints_for(task.expect, voiced_ms=turn.voiced_ms)
    listener = ears.listener if task.chosen else ears.plain
    heard = await listener.listen(turn.audio, turn.voiced_ms, hints)
    meaning = ears.understander.understand(heard.text, task.expect, today=_TODAY) if heard.text else Meaning()
    found = task.found(meaning)
    return Outcome.AGAIN if found is None else Outcome.RIGHT if found == said.meaning else Outcome.WRONG


async def measure(settings: Settings, ears: Ears, task: Task) -> Table:
    """A row for each caller and each of the two parts."""
    table = Table("callers", "line", *Outcome, title=task.name)
    for tuned, part in ((True, task.tuned_on), (False, task.unseen)):
        sums = {noisy: Counter[Outcome]() for noisy in (False, True)}
        for voice in callers(settings, tuned=tuned):
            for noisy, outcomes in sums.items():
                turns = [turn_of(voice, said.text, task.expect, noisy=noisy) for said in part]
                judging = (judged(ears, task, *pair) for pair in zip(part, turns, strict=True))
                found = Counter(await asyncio.gather(*judging))
                table.add_row(voice.name, _line(noisy), *_shares(found))
                outcomes.update(found)
        table.add_section()
        for noisy, outcomes in sums.items():
            table.add_row("tuned on" if tuned else "not tuned on", _line(noisy), *_shares(outcomes), style="bold")
        table.add_section()
    return table


def _line(noisy: bool) -> str:
    return "20 dB noise" if noisy else "clean"


def _shares(outcomes: Counter[Outcome]) -> list[str]:
    return [f"{outcomes[each] / outcomes.total():.1%}" for each in Outcome]


async def bench(names: Sequence[str]) -> None:
    """The tables of the tasks named."""
    settings = load_settings()
    facts = await asyncio.to_thread(load_facts, settings)
    engine = await asyncio.to_thread(load_engine, settings.speech, settings.models_dir)
    with ThreadPoolExecutor(settings.speech.threads) as threads:
        items = item_reader(lambda: facts, engine)
        ears = Ears(Listener(engine, threads, items=items), Listener(engine, threads), facts.understander)
        for name in names:
            console.print(await measure(settings, ears, TASKS[name]()))


def main() -> None:
    """Entry point."""
    asyncio.run(bench(sys.argv[1:] or list(TASKS)))


if __name__ == "__main__":
    main()
