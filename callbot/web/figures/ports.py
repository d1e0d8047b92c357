"""What the pages of figures need; ``bootstrap`` provides it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol


class Live(Protocol):
    """This moment (``storage.Live``)."""

    @property
    def at(self) -> datetime:
        """When it was read, aware."""
        ...

    @property
    def calls(self) -> int:
        """Going on."""
        ...

    @property
    def queue(self) -> int:
        """Waiting for a person."""
        ...

    @property
    def longest_wait_s(self) -> float | None:
        """Of those who wait; None where nobody does."""
        ...

    @property
    def failures(self) -> int:
        """Calls that broke within the last hour."""
        ...

    @property
    def started(self) -> int:
        """Calls that began within the last hour."""
        ...


class SignedMonth(Protocol):
    """A public month (``storage.SignedMonth``)."""

    @property
    def month(self) -> str:
        """« 2026-11 »."""
        ...

    @property
    def signed_at(self) -> datetime:
        """Aware."""
        ...

    @property
    def remark(self) -> str:
        """What the administrator wrote to it."""
        ...

    @property
    def figures(self) -> dict[str, Any]:
        """``{"rows": [...]}`` as they stood."""
        ...


class KeepsMonths(Protocol):
    """``storage.Figures``."""

    async def live(self) -> Live:
        """This moment."""
        ...

    async def signed(self) -> Sequence[SignedMonth]:
        """Months that are public, latest first."""
        ...

    async def sign(self, month: str, signed_by: str, figures: dict[str, Any], remark: str = "") -> None:
        """Make a month public."""
        ...

    async def withdraw(self, month: str) -> bool:
        """A month is public no longer."""
        ...
