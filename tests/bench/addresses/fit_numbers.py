"""Fits what makes the decoder's scores of house numbers into probabilities, on the ``dev`` callers only.

``python -m tests.bench.addresses.fit_numbers [DATA_DIR] [SENTENCES A VOICE]`` prints the figures for
``callbot/calls/number_hearing.py``. The street is taken as known: which one it is, is judged before.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from callbot.bootstrap import load_facts
from callbot.calls.number_hearing import NUMBERS, NumberEvidence, NumberModel
from callbot.settings import load_settings
from tests.bench.addresses.corpus import Task, Utterance, corpus
from tests.bench.addresses.fit import first_reading, heard_in, opened
from tests.bench.addresses.intervals import Stated, calibration_error, reliability
from tests.bench.addresses.line import Condition
from tests.bench.addresses.recording import Wanted, record
from tests.bench.addresses.voices import Split

_CONDITIONS: Final = (Condition.CLEAN, Condition.DB20)


@dataclass(frozen=True, slots=True)
class NumberCase:
    """One sentence: what speaks for each number, and which one was said (-1: none of these)."""

    speaker: str
    evidence: NumberEvidence
    right: int


def case_of(job: tuple[Utterance, Condition, Path]) -> NumberCase:
    """The numbers of one sentence judged, its street known."""
    utterance, condition, data_dir = job
    parts = opened()
    place = utterance.address
    if place is None:
        raise ValueError("a sentence with an address is wanted")
    reading = first_reading(parts, utterance, condition, data_dir)
    heard, _ = heard_in(parts, reading.texts, place.insee)
    street = next(
        one for one in parts.facts.gazetteer.index.streets if (one.name, one.insee) == (place.street, place.insee)
    )
    existing = [(one.number, one.repetition or None) for one in parts.facts.gazetteer.numbers(street)]
    texts = [text for text in dict.fromkeys((*reading.texts, *reading.sound.plain)) if text]
    evidence = asyncio.run(parts.hearing.numbers.evidence(heard, street.name, existing, texts, reading.sound.encoding))
    said = (place.number, place.repetition) if place.number is not None else None
    return NumberCase(utterance.speaker, evidence, evidence.labels.index(said) if said in evidence.labels else -1)


def fitted(cases: Sequence[NumberCase]) -> NumberModel:
    """The model under which what was said is likeliest."""
    origin = np.array([NUMBERS.sound, NUMBERS.prior, NUMBERS.votes, NUMBERS.exists, NUMBERS.unsaid, NUMBERS.other])

    def loss(figures: Any) -> float:
        model = NumberModel(*figures)
        total = 0.0
        for case in cases:
            shares = case.evidence.probabilities(model)
            total -= float(np.log(max(shares[case.right] if case.right >= 0 else 1 - sum(shares), 1e-9)))
        return total / len(cases)

    best = minimize(loss, origin, method="Nelder-Mead", options={"maxiter": 900}).x
    return NumberModel(*(round(float(figure), 2) for figure in best))


def main(data_dir: Path, per_voice: int = 8) -> None:
    """Collect, fit, print; each speaker judged by a model fitted on the others."""
    gazetteer = load_facts(load_settings()).gazetteer
    said = [each for each in corpus(gazetteer) if each.split is Split.DEV and each.task is Task.ADDRESS]
    by_voice: dict[str, list[Utterance]] = {}
    for each in said:
        by_voice.setdefault(each.speaker, []).append(each)
    taken = [each for group in by_voice.values() for each in group[-per_voice:]]
    record([Wanted(each.speaker, each.text) for each in taken], data_dir)
    jobs = [(each, condition, data_dir) for each in taken for condition in _CONDITIONS]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        cases = list(pool.map(case_of, jobs, chunksize=2))
    stated = []
    for speaker in by_voice:
        model = fitted([case for case in cases if case.speaker != speaker])
        for case in (case for case in cases if case.speaker == speaker):
            shares = case.evidence.probabilities(model)
            best = int(np.argmax(shares))
            stated.append(Stated(shares[best], best == case.right))
    votes = [int(np.argmax(case.evidence.votes)) == case.right for case in cases]
    top = np.mean([each.right for each in stated])
    error = calibration_error(reliability(stated))
    sys.stdout.write(f"NUMBERS = {fitted(cases)}\n")
    sys.stdout.write(f"  {len(cases)} sentences: right {top:.3f} (by votes {np.mean(votes):.3f}), error {error:.3f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "var"), int(sys.argv[2]) if len(sys.argv) > 2 else 8)
