"""Time as the rooms see it: pinned in tests."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time of the métropole."""

    def now(self) -> datetime:
        """Aware datetime in the métropole's zone."""
        ...
