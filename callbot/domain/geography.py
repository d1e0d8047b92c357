"""Communes, arrondissements and points."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune or one of Marseille's 16 municipal arrondissements.

    ``insee`` is the official code (13206 for the 6th arrondissement), ``name`` as people read it
    ("Marseille 6e" for an arrondissement), ``postcodes`` all that are in use there.
    """

    insee: str
    name: str
    postcodes: tuple[str, ...]

    @property
    def arrondissement(self) -> int | None:
        """1 to 16 inside Marseille, None elsewhere (INSEE codes 13201 to 13216)."""
        return int(self.insee[-2:]) if self.insee.startswith("132") and self.insee[-2:] <= "16" else None


@dataclass(frozen=True, slots=True)
class Point:
    """WGS 84 degrees."""

    lon: float
    lat: float
