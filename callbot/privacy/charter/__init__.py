"""The ethics charter as checks: each commitment has one, and each says kept, broken or not measured, with evidence.

Belongs here: the text as data, the checks, what they judge. Does not belong here: how facts are gathered, pages.
"""

from callbot.privacy.charter.checks import CHECKS
from callbot.privacy.charter.evidence import EvidenceFolder, Kept, Kind
from callbot.privacy.charter.running import Result, run
from callbot.privacy.charter.text import Clause, read_charter
from callbot.privacy.charter.verdicts import Check, Finding, Grounding, Proof, Verdict

__all__ = [
    "CHECKS",
    "Check",
    "Clause",
    "EvidenceFolder",
    "Finding",
    "Grounding",
    "Kept",
    "Kind",
    "Proof",
    "Result",
    "Verdict",
    "read_charter",
    "run",
]
