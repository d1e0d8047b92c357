"""A street address as the base writes it, and a candidate with its explained score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from callbot.domain.geography import Point


class NumberCheck(StrEnum):
    """What the base says of the house number that was heard."""

    KNOWN = "known"
    """the base holds this number in this street"""
    UNKNOWN = "unknown"
    """the base holds numbers of this street, not this one"""
    NOT_CHECKED = "not_checked"
    """no number was given, or the base holds none for this street (the sample never does)"""


@dataclass(frozen=True, slots=True)
class StreetAddress:
    """One address. ``street`` exactly as written in the base; ``repetition``: bis, ter, a...; ``sector``: its id."""

    street: str
    insee: str
    commune: str
    postcode: str
    number: int | None = None
    repetition: str | None = None
    point: Point | None = None
    sector: str | None = None

    @property
    def line(self) -> str:
        """The way it is read back and written in the SMS: ``12 bis rue de Rome``."""
        return " ".join(str(part) for part in (self.number, self.repetition, self.street) if part)


@dataclass(frozen=True, slots=True)
class AddressCandidate:
    """A possible address: ``score`` (0..1) ranks, ``probability`` (0..1) says how sure, ``why`` keeps each part."""

    address: StreetAddress
    score: float
    probability: float
    number_check: NumberCheck = NumberCheck.NOT_CHECKED
    why: Mapping[str, float] = field(default_factory=dict)
