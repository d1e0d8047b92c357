"""Every check, by the number of its commitment."""

from __future__ import annotations

from callbot.privacy.charter import keeping, serving, talking
from callbot.privacy.charter.verdicts import Check

CHECKS: tuple[Check, ...] = tuple(
    sorted((*talking.CHECKS, *keeping.CHECKS, *serving.CHECKS), key=lambda check: check.number)
)
