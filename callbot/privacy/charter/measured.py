"""Proofs out of what rehearsals and benchmarks left in the evidence folder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from callbot.privacy.charter.evidence import Kept, Kind
from callbot.privacy.charter.grounds import Grounds
from callbot.privacy.charter.verdicts import Grounding, Proof, proof, unmeasured
from callbot.privacy.charter.words import listed, several

GOOD_FOR = timedelta(days=90)
"""how long a measurement speaks for the service; then it is made again"""


def recent(grounds: Grounds, kind: Kind) -> Kept | None:
    """The last measurement, None where there is none or it is too old."""
    kept = grounds.evidence.get(kind)
    return kept if kept and grounds.now - kept.made_at <= GOOD_FOR else None


def rehearsed(grounds: Grounds, about: str, names: Sequence[str], *, needed: bool = True) -> Proof:
    """Simulated calls of these scenarios (a name ending in "*" stands for all that begin so) pass every time.

    Text or sound, whichever was rehearsed last.
    """
    kept = [
        found
        for kind in (Kind.REHEARSAL_TEXT, Kind.REHEARSAL_SOUND)
        if (found := recent(grounds, kind)) and _chosen(found, names)
    ]
    if not kept:
        told = f"Appels d'essai ({about}) : aucun résultat de moins de {GOOD_FOR.days} jours."
        return unmeasured(Grounding.REHEARSALS, told, needed=needed)
    last = max(kept, key=lambda each: each.made_at)
    chosen = _chosen(last, names)
    failed = [row["name"] for row in chosen if row["passed"] < row["runs"]]
    runs = sum(row["runs"] for row in chosen)
    told = f"Appels d'essai du {last.made_at:%d/%m/%Y} ({about}) : {several(runs, 'appel', 'appels')}"
    told += f", échecs : {listed(failed)}." if failed else ", tous réussis."
    return proof(Grounding.REHEARSALS, not failed, told, needed=needed)


def _chosen(kept: Kept, names: Sequence[str]) -> list[dict[str, Any]]:
    rows = kept.result.get("scenarios", [])
    return [row for row in rows if any(_fits(row["name"], name) for name in names)]


def _fits(name: str, wanted: str) -> bool:
    return name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted
