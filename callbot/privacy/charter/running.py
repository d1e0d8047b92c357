"""All checks over one set of facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from callbot.privacy.charter.grounds import Grounds
from callbot.privacy.charter.text import Clause
from callbot.privacy.charter.verdicts import Check, Finding, Grounding, Proof, Verdict, verdict_of


@dataclass(frozen=True, slots=True)
class Result:
    """One run: a finding a clause, in their order."""

    made_at: datetime
    findings: tuple[Finding, ...]

    def count(self, verdict: Verdict) -> int:
        """How many clauses have this verdict."""
        return sum(finding.verdict is verdict for finding in self.findings)

    @property
    def broken(self) -> tuple[int, ...]:
        """Numbers of the promises that are not kept."""
        return tuple(finding.number for finding in self.findings if finding.verdict is Verdict.BROKEN)

    def document(self) -> dict[str, Any]:
        """As ``callbot charter --json`` prints it."""
        return {"made_at": self.made_at.isoformat(timespec="seconds"), "clauses": [_row(one) for one in self.findings]}


def run(clauses: Iterable[Clause], checks: Iterable[Check], grounds: Grounds) -> Result:
    """Judge every clause; a clause without a check is not measured, and a test sees to it that there is none."""
    by_number = {check.number: check for check in checks}
    return Result(grounds.now, tuple(_found(clause, by_number.get(clause.number), grounds) for clause in clauses))


def result_of(document: Mapping[str, Any]) -> Result:
    """A run as it was kept; raises ``KeyError`` or ``ValueError`` for another document."""
    return Result(datetime.fromisoformat(document["made_at"]), tuple(_read(row) for row in document["clauses"]))


def _found(clause: Clause, check: Check | None, grounds: Grounds) -> Finding:
    if check is None:
        return Finding(clause.number, clause.title, Verdict.NOT_MEASURED, "", "", ())
    proofs = check.judge(grounds)
    return Finding(clause.number, clause.title, verdict_of(proofs), check.measures, check.threshold, proofs)


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "clause": finding.number,
        "title": finding.title,
        "verdict": finding.verdict.value,
        "evidence": finding.evidence,
        "measures": finding.measures,
        "threshold": finding.threshold,
        "proofs": [
            {"source": one.source.value, "verdict": one.verdict.value, "told": one.told, "needed": one.needed}
            for one in finding.proofs
        ],
    }


def _read(row: Mapping[str, Any]) -> Finding:
    proofs = tuple(
        Proof(Grounding(one["source"]), Verdict(one["verdict"]), one["told"], bool(one["needed"]))
        for one in row["proofs"]
    )
    return Finding(int(row["clause"]), row["title"], Verdict(row["verdict"]), row["measures"], row["threshold"], proofs)
