"""Prints how well each group of callers is served: bookings, addresses, items, turns, processor time, with intervals.

Usage: ``python -m tests.bench.equity [--calls N] [--processes N] [--groups accent]``. What was recorded and heard is
kept in the data folder: a run that is stopped goes on. The result of all groups is kept for ``callbot charter``
(commitment 10).
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from callbot.bootstrap.register import evidence_of
from callbot.gazetteer import ensure_gazetteer, open_gazetteer
from callbot.privacy import load_key_ring
from callbot.privacy.charter import Kind
from callbot.settings import LOCAL_ZONE, Settings, load_settings
from tests.bench.addresses.base import prepared
from tests.bench.addresses.intervals import Share, quantile, share
from tests.bench.addresses.workers import Kept
from tests.bench.equity import callers, calls, groups
from tests.bench.equity.callers import wishes
from tests.bench.equity.calls import Ending, Job, Outcome, begin, work
from tests.bench.equity.groups import GROUPS

_HERE: Final = Path(__file__).parent
_PRODUCT: Final = _HERE.parents[2] / "callbot"
_DATA: Final = _HERE.parents[3] / "shared" / "data" / "adresses-amp-synthetic-numbers.csv.gz"
_ROOMS: Final = ("speech", "gazetteer", "calls", "understanding", "dialogue")
_CALLS: Final = 20
_PROGRESS: Final = 20

console = Console(width=150, highlight=False)


def main() -> None:
    """Entry point."""
    options, own = _options(), load_settings()
    settings, base = _with_base(own)
    load_key_ring(settings)  # a key file that is missing is written once, not by each process
    console.print(
        f"{datetime.now(LOCAL_ZONE):%Y-%m-%d}, {platform.machine()}, Python {platform.python_version()}, {base}"
    )
    jobs = [job for job in _jobs(settings, options.calls) if options.groups in GROUPS[job.group].name]
    outcomes = _held(settings, base, jobs, options.processes)
    by_group = {
        group.name: [outcomes[job.key] for job in jobs if job.group == place]
        for place, group in enumerate(GROUPS)
        if options.groups in group.name
    }
    console.print(table(by_group))
    if options.groups:
        return
    kept = {"groups": {name: row(found) for name, found in by_group.items()}, "base": base, "calls": len(jobs)}
    evidence_of(own).keep(Kind.EQUITY, kept, datetime.now(LOCAL_ZONE))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.equity")
    parser.add_argument("--calls", type=int, default=_CALLS, help=f"of each group (default {_CALLS})")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--groups", default="", help="only those with this in their name; nothing is kept then")
    return parser.parse_args()


def _with_base(settings: Settings) -> tuple[Settings, str]:
    """The address base of the whole métropole where its file is there, else the sample that ships."""
    if not _DATA.is_file():
        return settings, "the sample of streets (no ../shared/data)"
    base, _ = prepared(_DATA, settings.data_dir / "bench")
    home = settings.data_dir / "bench" / "equity-home"
    home.mkdir(exist_ok=True)
    for name, there in (("gazetteer.db", base), ("models", settings.models_dir)):
        (home / name).unlink(missing_ok=True)
        (home / name).symlink_to(there.resolve())
    return settings.model_copy(update={"data_dir": home}), "all streets of the métropole"


def _jobs(settings: Settings, calls_each: int) -> list[Job]:
    ensure_gazetteer(settings.gazetteer_file)
    gazetteer = open_gazetteer(settings.gazetteer_file)
    try:
        wanted = wishes(gazetteer, calls_each)
    finally:
        gazetteer.close()
    return [Job(group, place, wish) for group in range(len(GROUPS)) for place, wish in enumerate(wanted)]


def _held(settings: Settings, base: str, jobs: Sequence[Job], processes: int) -> dict[str, Outcome]:
    kept = Kept(settings.data_dir / "bench" / "equity-results" / _version(settings, base), Outcome)
    found = {job.key: outcome for job in jobs if (outcome := kept.get(job.key)) is not None}
    missing = [job for job in jobs if job.key not in found]
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=begin, initargs=(settings,)
    ) as pool:
        futures = {pool.submit(work, job): job for job in missing}
        for done, future in enumerate(as_completed(futures), start=1):
            job = futures[future]
            found[job.key] = future.result()
            kept.put(job.key, found[job.key])
            if done % _PROGRESS == 0 or done == len(missing):
                sys.stderr.write(f"{done} of {len(missing)} calls\n")
    return found


def _version(settings: Settings, base: str) -> str:
    """Changes with the product, the bench, the model and the base."""
    speech = settings.speech
    digest = hashlib.sha256(f"{speech.engine} {speech.model} {speech.beam} {base}".encode())
    for path in (path for room in _ROOMS for path in sorted((_PRODUCT / room).rglob("*.py"))):
        digest.update(path.name.encode() + path.read_bytes())
    for module in (callers, calls, groups):
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:12]


def row(found: Sequence[Outcome]) -> Mapping[str, object]:
    """One group, as it is kept. ``success``: booked as wanted; ``served``: that or with a person."""
    right = _ended(found, Ending.RIGHT)
    low, high = right.interval
    cpu = [ms for each in found for ms in each.cpu_ms]
    return {
        "calls": len(found), "success": round(right.value, 3), "interval": [round(low, 3), round(high, 3)],
        "served": round(_ended(found, Ending.RIGHT, Ending.PERSON).value, 3),
        "wrong": _ended(found, Ending.WRONG).right,
        "address": round(share([each.address_right for each in found]).value, 3),
        "items": round(share([each.items_right for each in found]).value, 3),
        "turns": round(sum(each.turns for each in found) / len(found), 1),
        "cpu_ms_p50": quantile(cpu, 0.5), "cpu_ms_p95": quantile(cpu, 0.95),
    }  # fmt: skip


def _ended(found: Sequence[Outcome], *endings: Ending) -> Share:
    return share([each.ending in endings for each in found])


def table(by_group: Mapping[str, Sequence[Outcome]]) -> Table:
    """All groups beside each other."""
    shown = Table(title="Whole bookings by ear; success: booked as wanted by the bot alone [95 %]")
    for column in ("group", "success", "with a person", "wrong", "lost", "address", "items", "turns", "cpu ms p50/p95"):
        shown.add_column(column, justify="left" if column == "group" else "right")
    for name, found in by_group.items():
        right, (low, high) = _ended(found, Ending.RIGHT), _ended(found, Ending.RIGHT).interval
        figures = row(found)
        shown.add_row(
            name,
            f"{right.value:.2f} [{low:.2f}-{high:.2f}]",
            *(
                f"{_ended(found, ending).right} of {len(found)}"
                for ending in (Ending.PERSON, Ending.WRONG, Ending.LOST)
            ),
            f"{figures['address']}",
            f"{figures['items']}",
            f"{figures['turns']}",
            f"{figures['cpu_ms_p50']}/{figures['cpu_ms_p95']}",
        )
    return shown


if __name__ == "__main__":
    main()
