"""The address benchmark: every figure beside the lines to beat and the targets.

``python -m tests.bench.addresses --help`` lists what can be left out.

What was recorded, imported and heard is kept in the data folder under ``bench``: a run that is stopped goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from rich.console import Console

from callbot.gazetteer.search import open_gazetteer
from callbot.settings import Settings, load_settings
from tests.bench.addresses import summary
from tests.bench.addresses.addok_server import AddokUnavailableError, addok
from tests.bench.addresses.answers import ANSWERS, answers
from tests.bench.addresses.base import prepared
from tests.bench.addresses.closed import CLOSED, closed_answers
from tests.bench.addresses.corpus import SEED, Task, Utterance, corpus
from tests.bench.addresses.dialogues import dialogues, hold_all
from tests.bench.addresses.ears import Setup
from tests.bench.addresses.line import Condition
from tests.bench.addresses.recording import Wanted, record
from tests.bench.addresses.report import Figure, as_json, figures_table, matrix, reliability_table
from tests.bench.addresses.stages import RAW, SOUND, TIMES, Listening, Scope, TimedOutcome, listenings
from tests.bench.addresses.voices import Split, speakers
from tests.bench.addresses.workers import Workers

_SHARED_DATA: Final = Path(__file__).parents[4] / "shared" / "data"
_DATA: Final = _SHARED_DATA / "adresses-amp-synthetic-numbers.csv.gz"
_ADDOK_DATA: Final = _SHARED_DATA / "ban_amp.jsonl.gz"
_TIMED: Final = 48
"""sentences that times are measured on"""
_WARM_UP: Final = 8
"""of them are heard once before"""
_WIDEST: Final = 170

console = Console(width=_WIDEST, highlight=False)


@dataclass(slots=True)
class Bench:
    """One run: what it measures and what it found so far."""

    options: argparse.Namespace
    settings: Settings
    base: Path
    base_name: str
    utterances: Sequence[Utterance]
    figures: list[Figure] = field(default_factory=list)

    @contextmanager
    def workers(self, addok_url: str | None = None) -> Iterator[Workers]:
        """For accuracy: each process reads one utterance at a time, on one thread."""
        with Workers(Setup(self.settings, self.base, 1, addok_url), self.base_name, self.options.processes) as workers:
            yield workers

    def show(self, title: str, figures: Sequence[Figure]) -> None:
        """Print them and keep them for the end."""
        self.figures += figures
        console.print(figures_table(title, figures))


def stages(bench: Bench) -> None:
    """Streets, house numbers, certainty and times."""
    jobs = listenings(bench.utterances)
    with ExitStack() as stack:
        workers = stack.enter_context(bench.workers(_addok_url(bench, stack)))
        streets = summary.Streets(jobs, workers.results(RAW, jobs), workers.results(SOUND, jobs))
    by_method = summary.method_figures(streets)
    for scope in Scope:
        rows = summary.method_rows(by_method, scope)
        console.print(matrix(f"Right street, {scope}: first [95 %] / among three", rows))
    for scope in Scope:
        console.print(reliability_table(f"Stated probability, {scope}", summary.certainty(streets, scope)))
    bench.figures += by_method
    bench.show("Addresses", summary.street_figures(streets))
    bench.show("Times, one process with the settings in force", summary.time_figures(_times(bench, jobs)))


def _times(bench: Bench, jobs: Sequence[Listening]) -> Sequence[TimedOutcome]:
    clean = [job for job in jobs if job.condition is Condition.CLEAN and job.utterance.task is Task.ADDRESS]
    sample = Random(SEED).sample(clean, min(_TIMED, len(clean)))
    setup = Setup(bench.settings, bench.base, bench.settings.speech.threads)
    with Workers(setup, bench.base_name, 1) as alone:
        alone.results(TIMES, sample[:_WARM_UP], fresh=True)
        return alone.results(TIMES, sample, fresh=True)


def _addok_url(bench: Bench, stack: ExitStack) -> str | None:
    try:
        server = stack.enter_context(addok(bench.options.addok_data, bench.settings.data_dir / "addok"))
    except AddokUnavailableError as missing:
        console.print(f"raw + addok is left out: {missing}")
        return None
    return server.url


def whole_dialogues(bench: Bench) -> None:
    """From the first sentence with the address to its confirmation."""
    recorder = partial(record, data_dir=bench.settings.data_dir, processes=bench.options.processes)
    with bench.workers() as workers:
        held = hold_all(workers, dialogues(bench.utterances), recorder)
    bench.show("Dialogues", summary.dialogue_figures(held))


def names(bench: Bench) -> None:
    """Surnames and house numbers alone."""
    jobs = answers(bench.utterances)
    with bench.workers() as workers:
        bench.show("Names and numbers", summary.answer_figures(jobs, workers.results(ANSWERS, jobs)))


def closed(bench: Bench) -> None:
    """Communes and phone numbers."""
    jobs = closed_answers(bench.utterances)
    with bench.workers() as workers:
        bench.show("Answers out of few", summary.closed_figures(jobs, workers.results(CLOSED, jobs)))


RUNS: Final[dict[str, Callable[[Bench], None]]] = {
    "stages": stages, "dialogues": whole_dialogues, "closed": closed, "names": names,
}  # fmt: skip


def chosen(utterances: Sequence[Utterance], options: argparse.Namespace) -> tuple[Utterance, ...]:
    """Those of the split, of its first ``voices`` speakers, the first ``per_voice`` of each task of each."""
    names_of = [each.name for each in speakers(Split(options.split))][: options.voices]
    counted: Counter[tuple[str, Task]] = Counter()
    kept = []
    for each in utterances:
        counted[each.speaker, each.task] += 1
        within = options.per_voice is None or counted[each.speaker, each.task] <= options.per_voice
        if each.speaker in names_of and within:
            kept.append(each)
    return tuple(kept)


def machine() -> str:
    """Processor, cores, Python."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    parts = (platform.machine(), model, f"{os.cpu_count()} cores", f"Python {platform.python_version()}")
    return ", ".join(part for part in parts if part)


def parsed() -> argparse.Namespace:
    """The options; a wrong one ends the run with a line that says which."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.addresses", description=__doc__)
    options.add_argument("--split", choices=[each.value for each in Split], default=Split.TEST.value)
    options.add_argument("--voices", type=_positive, help="only the first so many speakers of the split")
    options.add_argument("--per-voice", type=_positive, help="only so many sentences of each task of a speaker")
    options.add_argument("--only", choices=tuple(RUNS), help="only this part")
    options.add_argument("--data", type=_file, default=_DATA, help="official BAN file the base is made of")
    options.add_argument("--addok-data", type=Path, default=_ADDOK_DATA, help="the same addresses as addok reads them")
    options.add_argument("--json", type=Path, help="write the figures there too")
    options.add_argument("--processes", type=_positive, default=2, help="at work at once (times: always one)")
    return options.parse_args()


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def _file(text: str) -> Path:
    if not (path := Path(text)).is_file():
        raise argparse.ArgumentTypeError(f"{text} is no file")
    return path


def main() -> None:
    """Entry point."""
    options, settings = parsed(), load_settings()
    base, base_name = prepared(options.data, settings.data_dir / "bench" / "base")
    utterances = _recorded(chosen(_all(base), options), settings, options)
    bench = Bench(options, settings, base, base_name, utterances)
    count = len({each.speaker for each in utterances})
    about = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine(), "split": options.split, "seed": SEED,
        "sentences": len(utterances), "voices": count, "base": base_name,
        "model": f"{settings.speech.engine} {settings.speech.model}, beam {settings.speech.beam}",
    }  # fmt: skip
    console.print("; ".join(f"{name} {value}" for name, value in about.items()))
    for name, run in RUNS.items():
        if options.only in (None, name):
            run(bench)
    if options.json:
        written = {"about": about, "figures": [as_json(each) for each in bench.figures]}
        options.json.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")


def _all(base: Path) -> tuple[Utterance, ...]:
    gazetteer = open_gazetteer(base)
    try:
        return corpus(gazetteer)
    finally:
        gazetteer.close()


def _recorded(
    utterances: Sequence[Utterance], settings: Settings, options: argparse.Namespace
) -> tuple[Utterance, ...]:
    """All sentences but those of speakers that cannot speak here; they were named when it was found out."""
    wanted = [Wanted(each.speaker, each.text) for each in utterances]
    left_out = record(wanted, settings.data_dir, options.processes)
    return tuple(each for each in utterances if each.speaker not in left_out)


if __name__ == "__main__":
    main()
