"""Fits what makes scores into probabilities, on the ``dev`` callers only: ``python -m tests.bench.addresses.fit``.

Prints the figures for ``callbot/gazetteer/probability.py``, and what each speaker's addresses come to when the model
is fitted on all others (so that no speaker is judged by a model that has heard it).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from callbot.bootstrap import Facts, address_hearing, load_facts
from callbot.calls.address_hearing import SURE, AddressHearing
from callbot.calls.address_search import Evidence
from callbot.calls.readings import best_reading
from callbot.domain.meaning import Expectation, HeardAddress
from callbot.gazetteer.folding import fold
from callbot.gazetteer.probability import (
    JUDGED,
    JUDGED_SLOWED,
    TEXT,
    Model,
    judged_probabilities,
    probabilities,
)
from callbot.settings import load_settings
from callbot.speech.codec import mulaw_to_samples
from callbot.speech.engine import Engine, Hints
from callbot.speech.engines import load_engine
from callbot.speech.hints import PROMPTS
from callbot.speech.listening import HeardSound
from tests.bench.addresses.corpus import Task, Utterance, corpus
from tests.bench.addresses.intervals import Stated, calibration_error, reliability
from tests.bench.addresses.line import Condition, on_the_line
from tests.bench.addresses.recording import Wanted, clip, record
from tests.bench.addresses.voices import Split

CITY: Final = "13055"
_TODAY: Final = date(2026, 11, 22)
_CONDITIONS: Final = (Condition.CLEAN, Condition.DB20)
_RIDGE: Final = 1e-5
"""keeps a weight from growing without limit where everything is separated"""


@dataclass(frozen=True, slots=True)
class Case:
    """One search: the evidence of each candidate, and which one is right (-1: none of them)."""

    speaker: str
    hard: bool
    scope: str
    evidence: Evidence
    right: int


@dataclass(slots=True)
class Parts:
    """What a process of the fit listens with."""

    facts: Facts
    engine: Engine
    hearing: AddressHearing


_parts: list[Parts] = []


def opened() -> Parts:
    """Loaded once a process."""
    if _parts:
        return _parts[0]
    settings = load_settings()
    facts = load_facts(settings)
    engine = load_engine(settings.speech.model_copy(update={"threads": 1}), settings.models_dir)
    _parts.append(Parts(facts, engine, address_hearing(facts, engine, ThreadPoolExecutor(1))))
    return _parts[0]


@dataclass(frozen=True, slots=True)
class FirstReading:
    """A sentence as it was heard when an address was asked: its readings, and what can be read again."""

    texts: tuple[str, ...]
    sound: HeardSound


def first_reading(parts: Parts, utterance: Utterance, condition: Condition, data_dir: Path) -> FirstReading:
    """As ``Listener`` reads it, but one reading after the other."""
    audio = on_the_line(clip(utterance.speaker, utterance.text, data_dir), condition, utterance.seed)
    encoding = parts.engine.encode(mulaw_to_samples(audio))
    hinted, plain = (
        tuple(reading.text for reading in parts.engine.transcribe(encoding, hints).hypotheses)
        for hints in (Hints(Expectation.ADDRESS, PROMPTS[Expectation.ADDRESS]), Hints())
    )
    return FirstReading(hinted, HeardSound(encoding, audio, plain))


def heard_in(parts: Parts, texts: Sequence[str], insee: str) -> tuple[HeardAddress, tuple[str, ...]]:
    """As ``Conversation`` reads an answer to the question for an address."""
    understand = partial(parts.facts.understander.understand, expect=Expectation.ADDRESS, today=_TODAY, insee=insee)
    understood = best_reading(texts[0], texts[1:], Expectation.ADDRESS, understand)
    address = understood.meaning.address or HeardAddress()
    heard = HeardAddress(address.number, address.repetition, address.street_heard or texts[0], insee)
    return heard, understood.street_readings


def cases_of(job: tuple[Utterance, Condition, Path]) -> dict[str, list[Case]]:
    """The searches of one utterance by model name: whole city, and its arrondissement known."""
    utterance, condition, data_dir = job
    parts = opened()
    reading = first_reading(parts, utterance, condition, data_dir)
    found: dict[str, list[Case]] = {"TEXT": [], "JUDGED": [], "JUDGED_SLOWED": []}
    sector = utterance.address.insee if utterance.address else f"132{1 + utterance.seed % 16:02d}"
    for where, scope in (("city", CITY), ("sector", sector)):
        evidences = asyncio.run(_evidences(parts, reading, scope))
        for name, evidence in zip(found, evidences, strict=True):
            right = _right(evidence, utterance, where)
            found[name].append(Case(utterance.speaker, utterance.hard, where, evidence, right))
    return found


async def _evidences(parts: Parts, reading: FirstReading, insee: str) -> tuple[Evidence, Evidence, Evidence]:
    """By the words of the first reading alone, at first, and again."""
    heard, streets = heard_in(parts, reading.texts, insee)
    search = parts.hearing.open(heard, streets, reading.texts, reading.sound)
    words = parts.facts.gazetteer.ranked(heard, [(*streets, *reading.texts)])
    return Evidence(tuple(words), ()), await search.first(), await search.again()


def _right(evidence: Evidence, utterance: Utterance, where: str) -> int:
    if utterance.address is None:
        return -1
    for place, one in enumerate(evidence.ranked):
        same = fold(one.street.name) == fold(utterance.address.street)
        if same and (where == "city" or one.street.insee == utterance.address.insee):
            return place
    return -1


def chances(case: Case, name: str, model: Model) -> tuple[float, ...]:
    """What ``model`` makes of the evidence."""
    likeness = [one.score for one in case.evidence.ranked]
    if name == "TEXT":
        return probabilities(likeness, model)
    return judged_probabilities(likeness, case.evidence.judged, model)


def fitted(cases: Sequence[Case], name: str, start: Model) -> Model:
    """The model under which the right answers are likeliest."""
    free = 2 if name == "TEXT" else 4
    origin = np.array([start.likeness, start.none, start.sound, start.prior][:free])

    def loss(figures: Any) -> float:
        model = Model(*figures)
        total = 0.0
        for case in cases:
            shares = chances(case, name, model)
            right = _mass(case, shares) if case.right >= 0 else 1 - sum(shares)
            total -= float(np.log(max(right, 1e-9)))
        return total / len(cases) + _RIDGE * float(figures[0]) ** 2

    best = minimize(loss, origin, method="Nelder-Mead", options={"maxiter": 300}).x
    return Model(*(round(float(figure), 2) for figure in best))


def _mass(case: Case, shares: Sequence[float]) -> float:
    """What the right street holds; in the whole city all streets of its name, which sound the same."""
    name = case.evidence.ranked[case.right].street.name
    if case.scope == "sector":
        return shares[case.right]
    return sum(share for share, one in zip(shares, case.evidence.ranked, strict=True) if one.street.name == name)


def judged_by_others(cases: Sequence[Case], name: str, model: Model) -> str:
    """Top-1 by kind of voice, and calibration, each speaker under a model fitted on the others."""
    stated, hits = list[Stated](), dict[tuple[str, bool], list[bool]]()
    for speaker in sorted({case.speaker for case in cases}):
        unseen = fitted([case for case in cases if case.speaker != speaker], name, model)
        for case in (case for case in cases if case.speaker == speaker):
            shares = chances(case, name, unseen)
            best = int(np.argmax(shares)) if shares else -1
            hit = case.right >= 0 and case.evidence.ranked[best].street.name == (
                case.evidence.ranked[case.right].street.name
            )
            hits.setdefault((case.scope, case.hard), []).append(hit)
            stated.append(Stated(shares[best] if shares else 0.0, hit))
    tops = ", ".join(
        f"{scope} {'hard' if hard else 'main'} {np.mean(each):.3f} of {len(each)}"
        for (scope, hard), each in sorted(hits.items())
    )
    error = calibration_error(reliability(stated))
    return f"top-1, sentences without an address included: {tops}; calibration error {error:.3f}"


def main(data_dir: Path, per_voice: int = 20) -> None:
    """Collect the evidence, fit, print."""
    facts = load_facts(load_settings())
    counts: dict[tuple[str, Task], int] = {}
    said = [each for each in corpus(facts.gazetteer) if each.split is Split.DEV]
    taken = [each for each in said if _counted(counts, each, per_voice)]
    record([Wanted(each.speaker, each.text) for each in taken], data_dir)
    jobs = [(each, condition, data_dir) for each in taken for condition in _CONDITIONS]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(cases_of, jobs, chunksize=4))
    for name, start in (("TEXT", TEXT), ("JUDGED", JUDGED), ("JUDGED_SLOWED", JUDGED_SLOWED)):
        cases = _cases(found, name)
        if name == "JUDGED_SLOWED":
            cases = [case for case, before in zip(cases, _cases(found, "JUDGED"), strict=True) if _doubtful(before)]
        model = fitted(cases, name, start)
        sys.stdout.write(f"{name} = {model}\n  {judged_by_others(cases, name, model)}\n")
        sys.stdout.flush()


def _cases(found: Sequence[dict[str, list[Case]]], name: str) -> list[Case]:
    return [case for each in found for case in each[name]]


def _doubtful(case: Case) -> bool:
    """Whether the product listens again."""
    return max(chances(case, "JUDGED", JUDGED), default=0.0) < SURE


def _counted(counts: dict[tuple[str, Task], int], utterance: Utterance, per_voice: int) -> bool:
    most = {Task.ADDRESS: per_voice, Task.NO_ADDRESS: per_voice // 3}.get(utterance.task, 0)
    key = (utterance.speaker, utterance.task)
    counts[key] = counts.get(key, 0) + 1
    return counts[key] <= most


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "var"), int(sys.argv[2]) if len(sys.argv) > 2 else 20)
