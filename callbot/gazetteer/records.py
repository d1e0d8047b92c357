"""Streets as the store keeps them and the index reads them."""

from __future__ import annotations

from dataclasses import dataclass

from callbot.domain.geography import Point
from callbot.gazetteer.profiles import Profile


@dataclass(frozen=True, slots=True)
class Street:
    """One street of one commune; ``id`` is its key in the store it was read from, ``name`` as the base writes it."""

    id: int
    name: str
    insee: str
    postcode: str
    point: Point | None
    numbers: int = 0
    """how many house numbers the base holds of it"""


@dataclass(frozen=True, slots=True)
class IndexedStreet:
    """A street with its profile, computed when it was stored so that loading computes nothing."""

    street: Street
    profile: Profile
