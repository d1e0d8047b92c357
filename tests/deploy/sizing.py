"""The sums of ``deploy/dimensionnement.md``: `python -m tests.deploy.sizing` writes them anew, a test compares.

What a bench gives is in ``MEASURED``, with its date; what is assumed is in ``Load``. The sums are Erlang's formula for
lines without a queue: a call finds no free place once in a thousand.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path

from tests.deploy.judges import DEPLOY

PAGE = DEPLOY / "dimensionnement.md"
_BLOCK = re.compile(r"(<!-- sommes -->\n).*?(<!-- fin des sommes -->)", re.DOTALL)
REFUSED = 0.001
CORES = 2


@dataclass(frozen=True, slots=True)
class Load:
    """Calls of a year, and how they bunch. Source: the published figures of the métropole, ``domain_facts.md``."""

    name: str
    calls_a_year: int
    open_days: int = 304
    busy_hour: float = 0.12
    """part of a day's calls in its busiest hour"""
    worst_day: float = 2.0
    """a Monday after a holiday, against a usual day"""
    minutes: float = 4.0
    """length of a call with margin; the median of a booking was measured at 107 s"""

    @property
    def peak_an_hour(self) -> float:
        """Calls in the busiest hour of the worst day."""
        return self.calls_a_year / self.open_days * self.busy_hour * self.worst_day

    @property
    def erlangs(self) -> float:
        """Calls going on at once in that hour, on average."""
        return self.peak_an_hour * self.minutes / 60

    def times(self, number: int) -> Load:
        """So many of them together."""
        return replace(self, calls_a_year=self.calls_a_year * number)


@dataclass(frozen=True, slots=True)
class Process:
    """One ``callbot serve`` on two cores. ``source``: where ``calls`` is from."""

    calls: int
    source: str
    memory_mb: int = 950
    mb_a_call: int = 12


MEASURED = Process(
    24,
    "mesuré le 2026-11-30, à 25 appels dont les appelants simulés prennent aussi les deux cœurs (réponse médiane 0,7 s,"
    " 95 % en 2,2 à 2,7 s) ; au-delà, tour à tour",
)
BULKY = Load("une métropole, encombrants", 180_000)
ALL = Load("une métropole, tous les appels", 600_000)
BOOKINGS_A_SECOND = 332
"""PostgreSQL, measured 2026-11-30 (README)"""
BOOKINGS_A_CALL = 94_000 / 180_000
HEADINGS = (
    "| | appels par an | à l'heure de pointe | erlangs | appels à la fois | processus (dont un de secours) |"
    " cœurs | mémoire (Go) |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)


def blocked(erlangs: float, lines: int) -> float:
    """Erlang B: the part of calls that find all ``lines`` taken."""
    found = 1.0
    for line in range(1, lines + 1):
        found = erlangs * found / (line + erlangs * found)
    return found


def lines_for(erlangs: float) -> int:
    """The fewest lines with which no more than ``REFUSED`` of the calls find none."""
    lines = math.ceil(erlangs)
    while blocked(erlangs, lines) > REFUSED:
        lines += 1
    return lines


def processes_for(lines: int, process: Process) -> int:
    """As many as carry ``lines`` calls, and one more that may be away."""
    return math.ceil(lines / process.calls) + 1


def _row(name: str, load: Load, lines: int, process: Process) -> str:
    processes = processes_for(lines, process)
    memory = (processes * process.memory_mb + lines * process.mb_a_call) / 1000
    return (
        f"| {name} | {_number(load.calls_a_year)} | {load.peak_an_hour:.0f} | {_number(load.erlangs, 1)} | {lines} | "
        f"{processes} | {processes * CORES} | {_number(memory, 1)} |"
    )


def _number(value: float, digits: int = 0) -> str:
    return f"{value:,.{digits}f}".replace(",", " ").replace(".", ",")


def block(process: Process = MEASURED) -> str:
    """The generated part of the page."""
    ten_bulky, ten_all = BULKY.times(10), ALL.times(10)
    apart = 10 * lines_for(BULKY.erlangs)
    rows = [
        _row(BULKY.name, BULKY, lines_for(BULKY.erlangs), process),
        _row(ALL.name, ALL, lines_for(ALL.erlangs), process),
        _row("dix métropoles, encombrants, ensemble", ten_bulky, lines_for(ten_bulky.erlangs), process),
        _row("dix métropoles, tous les appels, ensemble", ten_all, lines_for(ten_all.erlangs), process),
    ]
    lines = "\n".join(rows)
    bookings = ten_all.peak_an_hour * BOOKINGS_A_CALL / 3600
    together = lines_for(ten_bulky.erlangs)
    return f"""Un processus (2 cœurs) porte {process.calls} appels à la fois : {process.source}.
Mémoire : {process.memory_mb} Mo et {process.mb_a_call} Mo par appel (mesuré le 2026-11-30).

{HEADINGS}
{lines}

Dix métropoles chacune chez elle demandent {apart} places pour les encombrants, ensemble {together} : les pointes
ne tombent pas toutes à la même minute. Rendez-vous à l'heure de pointe de dix métropoles, tous les appels en
prenant au même rythme : {_number(bookings, 2)} par seconde ; la base en tient {BOOKINGS_A_SECOND} (PostgreSQL
sur 2 cœurs, mesuré le 2026-11-30) : un seul serveur PostgreSQL suffit, avec un secondaire pour le remplacer.
"""


def with_block(page: str) -> str:
    """The page with its sums made anew."""
    return _BLOCK.sub(lambda found: found[1] + block() + found[2], page)


def main(path: Path = PAGE) -> None:
    """Write the sums into the page."""
    path.write_text(with_block(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
