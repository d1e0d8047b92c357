"""What people do today with an address that was spoken: the raw text of the recogniser into a search.

Both baselines get every character Whisper wrote, carrier words and all, and each is used in the way that served it best
on 100 raw transcripts of streets of ``dev`` (two voices of Pico, telephone band; street names right at first place).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import httpx
import numpy as np
from rapidfuzz import fuzz, process

from callbot.gazetteer.communes import ARRONDISSEMENTS, read_communes
from callbot.gazetteer.folding import fold
from tests.bench.addresses.addok_server import AddokServer

TOP: Final = 3
LONGEST_QUERY: Final = 200
"""characters; addok refuses more"""
_KINDS: Final = ("street", "locality", "housenumber")
"""all that addok knows but whole communes"""


@dataclass(frozen=True, slots=True)
class Found:
    """A street by its written name, in the commune or arrondissement ``insee``."""

    street: str
    insee: str


class Baseline(Protocol):
    """Something to be better than."""

    @property
    def name(self) -> str:
        """As the table shows it."""
        ...

    def find(self, text: str, insee: str | None) -> tuple[Found, ...]:
        """At most `TOP` different streets for a raw transcript, best first.

        ``insee``: the commune or arrondissement searched; None: all arrondissements of Marseille.
        """
        ...


class AddokBaseline:
    """The national geocoder's engine, filtered by commune, asked for the transcript with the place behind it.

    The place helps it more than the filter alone: 0.16 against 0.09 in all of Marseille, 0.19 against 0.11 in a known
    arrondissement. Its autocompletion makes no difference.
    """

    name = "raw + addok"

    def __init__(self, server: AddokServer) -> None:
        self._web = httpx.Client(base_url=server.url, timeout=30.0)
        self._places = {one.insee: one.name for one in read_communes()}
        self._places |= {insee: f"130{insee[-2:]} Marseille" for insee in ARRONDISSEMENTS}

    def find(self, text: str, insee: str | None) -> tuple[Found, ...]:
        """See `Baseline`. Raises `httpx.HTTPError` when the server is gone."""
        place = self._places.get(insee, "") if insee else "Marseille"
        heard = text.strip()[: LONGEST_QUERY - len(place) - 1]
        if not heard:
            return ()
        communes = [insee] if insee else ARRONDISSEMENTS
        asked: Mapping[str, str | int | Sequence[str]] = {
            "q": f"{heard} {place}", "limit": TOP, "type": _KINDS, "citycode": communes,
        }  # fmt: skip
        answer = self._web.get("/search/", params=asked).raise_for_status().json()
        return tuple(_found(feature["properties"]) for feature in answer["features"])

    def close(self) -> None:
        """Hang up on the server."""
        self._web.close()


def _found(properties: Mapping[str, Any]) -> Found:
    """Under ``name`` stands the house number too; the street alone stands under its kind."""
    name = properties.get("street") or properties.get("locality") or properties["name"]
    return Found(str(name), str(properties["citycode"]))


class FuzzBaseline:
    """The list of streets and rapidfuzz on folded text.

    The mean of ``ratio`` and ``partial_ratio`` served it best. Right at first place on the transcripts in all of
    Marseille, and on 200 misheard names alone over the whole métropole: mean 0.31 and 0.76, ``partial_ratio`` 0.24 and
    0.27, ``ratio`` 0.13 and 0.81, ``token_set_ratio`` 0.11 and 0.61, ``WRatio`` 0.06 and 0.63.
    """

    name = "raw + rapidfuzz"

    def __init__(self, streets: Sequence[tuple[str, str]]) -> None:
        """``streets``: (name, insee)."""
        self._by_commune: dict[str, dict[Found, str]] = {}
        for name, insee in streets:
            self._by_commune.setdefault(insee, {})[Found(name, insee)] = fold(name)
        self._marseille = self._names(ARRONDISSEMENTS)

    def find(self, text: str, insee: str | None) -> tuple[Found, ...]:
        """See `Baseline`."""
        heard, names = fold(text), self._names([insee]) if insee else self._marseille
        if not heard or not names:
            return ()
        folded = list(names.values())
        whole, part = (process.cdist([heard], folded, scorer=by)[0] for by in (fuzz.ratio, fuzz.partial_ratio))
        best = np.argsort(-(whole + part), kind="stable")[:TOP]
        found = list(names)
        return tuple(found[place] for place in best)

    def _names(self, communes: Sequence[str]) -> dict[Found, str]:
        return {found: name for insee in communes for found, name in self._by_commune.get(insee, {}).items()}
