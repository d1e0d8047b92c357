"""The 92 communes of the métropole and Marseille's 16 arrondissements.

Codes and postcodes: Code officiel géographique and La Poste, as published by Etalab (Licence Ouverte 2.0); centre
points: middle of the commune's outline, good to some hundred metres.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import overload

from callbot.domain.geography import Commune, Point
from callbot.gazetteer.folding import fold

MARSEILLE = "13055"
"""the city as a whole; the base files its streets under its arrondissements, 13201 to 13216"""
ARRONDISSEMENTS = tuple(str(code) for code in range(13201, 13217))
_ARRONDISSEMENT = re.compile(r"(?:marseille\s*)?(\d{1,2})\s*(?:er|e|eme|ème|ième)?(?:\s*arrondissement)?$", re.I)


class Communes(Sequence[Commune]):
    """All communes in INSEE order, and look-up by INSEE code, postcode and name."""

    def __init__(self, communes: Iterable[Commune], centres: dict[str, Point] | None = None) -> None:
        self._all = tuple(communes)
        self._by_insee = {commune.insee: commune for commune in self._all}
        self._by_name = {fold(commune.name): commune for commune in self._all}
        self._centres = centres or {}

    @overload
    def __getitem__(self, position: int) -> Commune: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[Commune, ...]: ...
    def __getitem__(self, position: int | slice) -> Commune | tuple[Commune, ...]:
        return self._all[position]

    def __len__(self) -> int:
        return len(self._all)

    def get(self, insee: str) -> Commune | None:
        """The commune or arrondissement with this INSEE code."""
        return self._by_insee.get(insee)

    def centre(self, insee: str) -> Point | None:
        """The middle of the commune."""
        return self._centres.get(insee)

    def by_postcode(self, postcode: str) -> tuple[Commune, ...]:
        """All that use this postcode; for Marseille the arrondissement, not the city."""
        return tuple(c for c in self if postcode in c.postcodes and c.insee != MARSEILLE)

    def by_name(self, name: str) -> Commune | None:
        """The one with exactly this name, whatever its accents, capitals and hyphens."""
        return self._by_name.get(fold(name))

    def named(self, text: str) -> Commune | None:
        """What an operator types: an INSEE code, a name, or an arrondissement ("Marseille 6e", "6e").

        Not a postcode: 13001 is Aix-en-Provence as an INSEE code and Marseille's 1st arrondissement as a postcode.
        """
        text = text.strip()
        if found := self.get(text) or self.by_name(text):
            return found
        if (short := _ARRONDISSEMENT.match(text)) and 1 <= int(short[1]) <= len(ARRONDISSEMENTS):
            return self.get(ARRONDISSEMENTS[int(short[1]) - 1])
        return None

    def scope(self, insee: str) -> frozenset[str]:
        """The codes under which the base files the streets of ``insee``: for the city all its arrondissements."""
        return frozenset((MARSEILLE, *ARRONDISSEMENTS)) if insee == MARSEILLE else frozenset({insee})


def read_communes() -> tuple[Commune, ...]:
    """All 92 communes and 16 arrondissements, in INSEE order."""
    return tuple(Commune(row["insee"], row["name"], tuple(row["postcodes"].split())) for row in _rows())


@cache
def communes() -> Communes:
    """The look-up over ``read_communes``, read once."""
    centres = {row["insee"]: Point(float(row["lon"]), float(row["lat"])) for row in _rows()}
    return Communes(read_communes(), centres)


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = files(__package__).joinpath("communes.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
