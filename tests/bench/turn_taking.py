"""Turn-taking on noise: false barge-in, time to stop, and what ten minutes of noise make the bot believe.

Usage: ``python -m tests.bench.turn_taking [barge|stop|slots ...] [--minutes N]``; all three without a word: about half
an hour, of which ``slots`` (real Whisper on ten minutes of each noise) takes most. Voices and noises are made here,
through the telephone band. Asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import cycle
from typing import Final

import numpy as np
from rich.console import Console
from rich.table import Table

from callbot.bootstrap import load_facts
from callbot.dialogue.prompts import FIXED
from callbot.domain.meaning import Expectation, Meaning
from callbot.rehearsal.clips import mixed, room_noise, telephone_band
from callbot.settings import load_settings
from callbot.speech.codec import (
    BYTES_PER_MS,
    FRAME_MS,
    SILENCE,
    TELEPHONE_RATE,
    Samples,
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
from callbot.speech.turns import BargedIn, CallerEar, StayedSilent, TurnEnded
from callbot.speech.voice_activity import VoiceActivity
from callbot.speech.voice_light import LightVoice
from callbot.telephony.playout import AHEAD_S
from callbot.understanding import Understander
from tests.bench.addresses.line import Noise, noise

console = Console(soft_wrap=True, highlight=False)
_TODAY: Final = date(2026, 11, 22)
_SEEDS: Final = 6
_PROMPT_CHARS: Final = 30
_SURROUNDINGS_DBFS: Final = -35.0
_LOUD_DBFS: Final = -25.0
_NEARBY_DBFS: Final = -28.0
"""voices are at -20"""
_ECHOES: Final = tuple((down, delay, room) for down in (20, 30) for delay in (60, 400) for room in (0.0, 0.06))
"""dB below our voice, ms later, decay of the room in s"""
_CALLERS: Final = (LightVoice(0.9, 1.15), LightVoice(0.95, 0.8), LightVoice(1.15, 1.0), LightVoice(0.8, 1.25))
_WORDS: Final = (
    "Oui, c'est ça.", "Non, pas du tout.", "Attendez, c'est au vingt-deux.", "Je voudrais parler à quelqu'un.",
    "Un canapé et deux matelas.", "Conseiller, s'il vous plaît.",
)  # fmt: skip
_TALK: Final = (
    "Tu as pensé à rappeler ta sœur pour samedi ?", "Non, je le ferai ce soir, il n'y a rien qui presse.",
    "Ils annoncent de la pluie pour toute la semaine.", "Regarde, il y a encore un article sur le stade.",
    "Je ne retrouve plus mes lunettes, tu ne les as pas vues ?", "Le dîner est presque prêt, tu peux mettre la table.",
)  # fmt: skip
_ASKED: Final = (
    Expectation.ANY, Expectation.ITEMS, Expectation.ADDRESS, Expectation.YES_NO, Expectation.DATE, Expectation.PHONE,
)  # fmt: skip


# ---- what is on the line ----


def at_level(sound: Samples, dbfs: float) -> bytes:
    """``sound`` at an RMS of ``dbfs``, in mu-law."""
    rms = float(np.sqrt((sound.astype(np.float64) ** 2).mean()))
    return pcm_to_mulaw(samples_to_pcm(np.asarray(sound * (10 ** (dbfs / 20) / max(rms, 1e-9)), dtype=np.float32)))


def music(size: int, seed: int) -> Samples:
    """A melody over chords with a beat: what plays while people wait, in the telephone band."""
    rng = np.random.default_rng((seed, 2))
    sound, beat = np.zeros(size), int(TELEPHONE_RATE * rng.uniform(0.35, 0.6))
    for start in range(0, size, beat):
        length = min(beat, size - start)
        seconds = np.arange(length) / TELEPHONE_RATE
        root = 220 * 2 ** (rng.integers(0, 12) / 12)
        pitches = (root, root * 1.26, root * 1.5, root * 2 ** (rng.integers(0, 8) / 12 + 1))
        notes = sum(np.sin(2 * np.pi * n * pitch * seconds) / n for pitch in pitches for n in (1, 2, 3, 4))
        drum = rng.standard_normal(length) * np.exp(-seconds * 40)
        sound[start : start + length] = notes * np.exp(-seconds * 3) + 2 * drum
    return telephone_band(np.asarray(sound, dtype=np.float32))


def conversation(size: int, seed: int) -> Samples:
    """Two people who talk by turns near the telephone, every word to be understood: no babble, the hardest case."""
    rng = np.random.default_rng((seed, 4))
    voices = (LightVoice(0.95, 0.85), LightVoice(1.05, 1.3))
    said = b""
    while len(said) < size:
        said += voices[int(rng.integers(2))].render(_TALK[int(rng.integers(len(_TALK)))])
        said += SILENCE * int(rng.integers(200, 1_500) * BYTES_PER_MS)
    return telephone_band(pcm_to_samples(mulaw_to_pcm(said[:size])))


def line_noise(size: int, seed: int) -> Samples:
    """Hum of the mains, hiss and clicks."""
    rng = np.random.default_rng((seed, 3))
    seconds = np.arange(size) / TELEPHONE_RATE
    hum = sum(np.sin(2 * np.pi * 50 * n * seconds) / n for n in range(1, 12))
    clicks = (rng.random(size) < 3 / TELEPHONE_RATE) * rng.standard_normal(size) * 30
    return telephone_band(np.asarray(hum + 0.5 * rng.standard_normal(size) + clicks, dtype=np.float32))


def echo(said: bytes, down_db: float, delay_ms: int, room_s: float) -> bytes:
    """Our own voice come back, ``room_s``: decay of the room it went through (0: a wire)."""
    sound = pcm_to_samples(mulaw_to_pcm(said))
    if room_s:
        rng = np.random.default_rng(9)
        answer = rng.standard_normal(TELEPHONE_RATE // 5) * np.exp(-np.arange(TELEPHONE_RATE // 5) / (8000 * room_s))
        answer[0] = 3.0
        sound = np.asarray(np.convolve(sound, answer / np.sqrt((answer**2).sum())), dtype=np.float32)
    late = np.concatenate((np.zeros(delay_ms * BYTES_PER_MS, dtype=np.float32), sound))
    return pcm_to_mulaw(samples_to_pcm(telephone_band(np.asarray(late * 10 ** (-down_db / 20), dtype=np.float32))))


NOISES: Final[Mapping[str, Callable[[int, int], bytes]]] = {
    "silence": lambda size, seed: SILENCE * size,
    "room tone": lambda size, seed: _looped(room_noise(-45.0, seed), size),
    "line noise": lambda size, seed: at_level(line_noise(size, seed), -45.0),
    "street": lambda size, seed: at_level(noise(Noise.STREET, size, seed), _SURROUNDINGS_DBFS),
    "babble": lambda size, seed: at_level(noise(Noise.BABBLE, size, seed), _SURROUNDINGS_DBFS),
    "music": lambda size, seed: at_level(music(size, seed), _SURROUNDINGS_DBFS),
    "loud babble": lambda size, seed: at_level(noise(Noise.BABBLE, size, seed), _LOUD_DBFS),
    "loud music": lambda size, seed: at_level(music(size, seed), _LOUD_DBFS),
    "two people": lambda size, seed: at_level(conversation(size, seed), _NEARBY_DBFS),
}
"""so many bytes of line, by a seed"""


def _looped(sound: bytes, size: int) -> bytes:
    return (sound * (size // len(sound) + 1))[:size]


@cache
def prompts() -> tuple[bytes, ...]:
    """The longer fixed prompts as the bot says them."""
    voice = LightVoice()
    return tuple(voice.render(text) for text in FIXED if len(text) >= _PROMPT_CHARS)[:40]


# ---- the ear on it ----


def over_prompt(said: bytes, incoming: bytes, lead: bytes = b"") -> int | None:
    """Milliseconds of the prompt ``said`` until ``incoming`` interrupts it; ``lead``: the line before the prompt."""
    ear = CallerEar(VoiceActivity())
    ear.expect(TURN_TAKING[Expectation.ANY].patience)
    for frame in frames(lead):
        ear.hear(frame)
    ear.bot_speaking = True
    ours = list(frames(said))
    ahead = round(AHEAD_S * 1000) // FRAME_MS
    for frame in ours[:ahead]:
        ear.plays(frame)
    for number, frame in enumerate(frames(incoming[: len(said)])):
        if number + ahead < len(ours):
            ear.plays(ours[number + ahead])
        if any(isinstance(event, BargedIn) for event in ear.hear(frame)):
            return (number + 1) * FRAME_MS
    return None


def barge_table() -> Table:
    """False barge-in per prompt."""
    table = Table("on the line", "prompts", "interrupted", "share", title="false barge-in (target below 5 %)")
    told: dict[str, list[bool]] = {}
    for place, said in enumerate(prompts()):
        lead = 2_000 * BYTES_PER_MS
        for name, made in NOISES.items():
            sound = made(lead + len(said), place % _SEEDS)
            told.setdefault(name, []).append(over_prompt(said, sound[lead:], sound[:lead]) is not None)
        for down, delay, room in _ECHOES:
            name = f"echo -{down} dB" + (", room" if room else "")
            told.setdefault(name, []).append(over_prompt(said, echo(said, down, delay, room)) is not None)
    for name, outcomes in told.items():
        table.add_row(name, str(len(outcomes)), str(sum(outcomes)), f"{sum(outcomes) / len(outcomes):.1%}")
    return table


def stop_table() -> Table:
    """From the caller's first voice to the ear's word that the prompt is to stop; the ``clear`` goes out at once."""
    table = Table("around the caller", "spoken over", "not stopped", "p50 ms", "p95 ms", title="time to stop (300 ms)")
    onset = 1_000 * BYTES_PER_MS
    for name in ("silence", "room tone", "street", "babble", "music"):
        for soft_db in (0, 10):
            times: list[int] = []
            for place, (voice, words) in enumerate((voice, words) for voice in _CALLERS for words in _WORDS):
                said = prompts()[place % len(prompts())]
                clip = at_level(telephone_band(pcm_to_samples(mulaw_to_pcm(voice.render(words)))), -20.0 - soft_db)
                start = clip.index(next(frame for frame in frames(clip) if _loud(frame)))
                spoken = SILENCE * (onset - start) + clip
                said = (said * 3)[: len(spoken)]
                lead = 2_000 * BYTES_PER_MS
                around = NOISES[name](lead + len(spoken), place % _SEEDS)
                at = over_prompt(said, mixed(spoken, around[lead:]), around[:lead])
                times.append(at - onset // BYTES_PER_MS if at is not None else 99_999)
            stopped = sorted(time for time in times if time < 99_999)
            table.add_row(
                f"{name}, caller at {-20 - soft_db} dBFS", str(len(times)), str(len(times) - len(stopped)),
                *(str(stopped[min(len(stopped) - 1, int(share * len(stopped)))]) for share in (0.5, 0.95)),
            )  # fmt: skip
    return table


def _loud(frame: bytes) -> bool:
    return float(np.abs(pcm_to_samples(mulaw_to_pcm(frame))).max()) > 0.03


# ---- ten minutes of noise through ear, Whisper and understanding ----


@dataclass(slots=True)
class Believed:
    """What came of a noise."""

    utterances: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    words: list[str] = field(default_factory=list)
    slots: list[str] = field(default_factory=list)


def on_the_line(name: str, minutes: float) -> Iterator[bytes]:
    """Frames of a noise, another one of its kind every half minute."""
    size = 30 * TELEPHONE_RATE
    for seed in range(round(minutes * 2)):
        yield from frames(NOISES[name](size, seed))


async def believed(name: str, minutes: float, listener: Listener, understander: Understander) -> Believed:
    """The noise as answers to one question after the other, nobody speaking."""
    ear, found, asked = CallerEar(VoiceActivity()), Believed(), cycle(_ASKED)
    expect = next(asked)
    ear.expect(TURN_TAKING[expect].patience)
    for frame in on_the_line(name, minutes):
        for event in ear.hear(frame):
            if isinstance(event, TurnEnded):
                await _read(found, event, expect, listener, understander)
            if isinstance(event, TurnEnded | StayedSilent):
                expect = next(asked)
                ear.expect(TURN_TAKING[expect].patience)
    return found


async def _read(
    found: Believed, turn: TurnEnded, expect: Expectation, listener: Listener, understander: Understander
) -> None:
    found.utterances += 1
    heard = await listener.listen(turn.audio, turn.voiced_ms, hints_for(expect, voiced_ms=turn.voiced_ms))
    if heard.refused or not heard.text.strip():
        found.refused[heard.refused or "empty"] += 1
        return
    found.words.append(f"{expect.value}: {heard.text} ({heard.confidence:.2f}, {heard.no_speech:.2f})")
    meaning = understander.understand(heard.text, expect, today=_TODAY)
    found.slots += _slots(meaning)


def _slots(meaning: Meaning) -> list[str]:
    """Names of what would be taken for the caller's word."""
    taken = {
        "items": meaning.items, "address": meaning.address, "yes or no": meaning.yes_no, "date": meaning.date,
        "choice": meaning.choice, "name": meaning.name, "phone": meaning.phone, "reference": meaning.references,
    }  # fmt: skip
    return [name for name, value in taken.items() if value]


async def slots(minutes: float) -> None:
    """The table of what noises make us believe, and every word that passed the guard."""
    settings = load_settings()
    facts = await asyncio.to_thread(load_facts, settings)
    engine = await asyncio.to_thread(load_engine, settings.speech, settings.models_dir)
    table = Table("noise", "utterances", "refused", "words", "slots filled", title=f"{minutes:g} minutes of each noise")
    with ThreadPoolExecutor(settings.speech.threads) as threads:
        listener = Listener(engine, threads)
        for name in ("silence", "music", "street", "babble", "loud music", "loud babble", "two people"):
            found = await believed(name, minutes, listener, facts.understander)
            refused = ", ".join(f"{reason} {times}" for reason, times in found.refused.most_common())
            filled = f"{len(found.slots)} {', '.join(found.slots)}"
            table.add_row(name, str(found.utterances), refused, str(len(found.words)), filled)
            for words in found.words:
                console.print(f"{name}: {words}")
    console.print(table)


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", default=["barge", "stop", "slots"])
    parser.add_argument("--minutes", type=float, default=10.0)
    asked = parser.parse_args()
    if "barge" in asked.what:
        console.print(barge_table())
    if "stop" in asked.what:
        console.print(stop_table())
    if "slots" in asked.what:
        asyncio.run(slots(asked.minutes))


if __name__ == "__main__":
    main()
