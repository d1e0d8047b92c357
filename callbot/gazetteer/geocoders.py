"""geopy geocoders: one over the local base, and the national API (or a local addok) as a way to find addresses."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from geopy.adapters import URLLibAdapter
from geopy.exc import GeopyError
from geopy.geocoders import BANFrance
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point as GeopyPoint

from callbot.domain.addresses import AddressCandidate, NumberCheck, StreetAddress
from callbot.domain.geography import Point
from callbot.domain.meaning import HeardAddress
from callbot.gazetteer.communes import Communes, communes
from callbot.gazetteer.probability import probabilities
from callbot.gazetteer.readings import read_address
from callbot.gazetteer.search import Gazetteer, SectorMap
from callbot.gazetteer.utterance import street_part
from callbot.settings import Gazetteer as GazetteerSettings
from callbot.settings import GeocoderName

LEAST_LOCAL_SCORE = 0.6
"""below, a geocoder client gets nothing rather than a guess"""
LEAST_BAN_SCORE = 0.5
"""addok gives 0.16 to a street that does not exist"""
BAN_TYPES = frozenset({"housenumber", "street"})
MOST_REQUESTS = 2
_MIDDLE = {"lat": "43.45", "lon": "5.35"}
"""of the métropole: answers near it come first when the commune is not known"""

_log = logging.getLogger(__name__)


class LocalGeocoder(Geocoder):  # type: ignore[misc]  # geopy is not typed
    """The local base behind geopy's interface: no network, no account."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__(adapter_factory=URLLibAdapter)
        self._gazetteer = gazetteer

    def geocode(
        self, query: str, *, exactly_one: bool = True, limit: int | None = None, timeout: object = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """The place of an address in one line (``12 rue de Rome, 13006 Marseille``); None when nothing is like it."""
        heard = read_address(query, self._gazetteer.communes)
        found = self._gazetteer.search(heard, limit=1 if exactly_one else limit or 5)
        places = [_location(one.address, one.score) for one in found if one.score >= LEAST_LOCAL_SCORE]
        return _as_asked(places, exactly_one)

    def reverse(
        self, query: object, *, exactly_one: bool = True, timeout: object = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """The nearest address to a point (geopy's forms: Point, (lat, lon), "lat, lon"); None far from every street."""
        point = query if isinstance(query, GeopyPoint) else GeopyPoint(query)
        address = self._gazetteer.nearest(Point(point.longitude, point.latitude))
        return _as_asked([_location(address, None)] if address else [], exactly_one)


def _location(address: StreetAddress, score: float | None) -> Location:
    where = (address.point.lat, address.point.lon) if address.point else (0.0, 0.0)
    raw = {"insee": address.insee, "postcode": address.postcode, "score": score}
    return Location(f"{address.line}, {address.postcode} {address.commune}", where, raw)


def _as_asked(places: list[Location], exactly_one: bool) -> Location | list[Location] | None:
    if not places:
        return None
    return places[0] if exactly_one else places


class BanGeocoder(BANFrance):  # type: ignore[misc]  # geopy is not typed
    """geopy's BANFrance with the commune as a filter (``citycode``), which its ``geocode`` does not offer."""

    def features(self, query: str, citycode: str | None, limit: int) -> Sequence[Mapping[str, Any]]:
        """GeoJSON features of the service, best first. Raises ``GeopyError``."""
        near = {"citycode": citycode} if citycode else _MIDDLE
        params = urlencode({"q": query, "limit": limit, "autocomplete": 0} | near)
        found: Sequence[Mapping[str, Any]] = self._call_geocoder(f"{self.geocode_api}?{params}", _features)
        return found


def _features(answer: object) -> Sequence[Mapping[str, Any]]:
    found = answer.get("features") if isinstance(answer, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


class BanFinder:
    """Finds addresses through the national API or an addok of one's own; ``FindsAddresses`` for the calls.

    Sends the words that name the street, the house number and the INSEE code, never what the caller said as a whole.
    A service that fails, is slow or answers nonsense gives no candidates, and a line in the log without the address.
    """

    def __init__(
        self,
        domain: str = "data.geopf.fr/geocodage",
        *,
        scheme: str = "https",
        timeout_s: float = 2.0,
        sector_of: SectorMap | None = None,
        known: Communes | None = None,
    ) -> None:
        # urllib's adapter logs nothing; geopy itself logs the body of an error, which repeats the address
        logging.getLogger("geopy").setLevel(logging.ERROR)
        self._service = BanGeocoder(domain=domain, scheme=scheme, timeout=timeout_s, adapter_factory=URLLibAdapter)
        self._sector_of = sector_of or (lambda insee, point: None)
        self._communes = known or communes()

    async def find(
        self, heard: HeardAddress, hypotheses: Sequence[str], sound: object | None = None
    ) -> tuple[AddressCandidate, ...]:
        """Candidates for the first reading that the service knows something like, best first; no sound leaves here."""
        return await asyncio.to_thread(self.search, heard, tuple(hypotheses))

    def search(
        self, heard: HeardAddress, hypotheses: Sequence[str] = (), limit: int = 5
    ) -> tuple[AddressCandidate, ...]:
        """The same, blocking."""
        texts = (street_part(text) for text in (heard.street_heard or "", *hypotheses))
        streets = [street for street in dict.fromkeys(texts) if street]
        for street in streets[:MOST_REQUESTS]:
            if found := self._candidates(street, heard, limit):
                return found
        return ()

    def _candidates(self, street: str, heard: HeardAddress, limit: int) -> tuple[AddressCandidate, ...]:
        number = f"{heard.number}{heard.repetition or ''} " if heard.number else ""
        usable = filter(None, map(partial(self._read, heard), self._ask(f"{number}{street}", heard.insee, limit)))
        found = sorted(usable, key=lambda one: -one[1])
        chances = probabilities([score for _, score, _ in found])
        return tuple(
            AddressCandidate(address, score, round(chance, 4), check, {"ban": score})
            for (address, score, check), chance in zip(found, chances, strict=True)
        )

    def _ask(self, query: str, insee: str | None, limit: int) -> Sequence[Mapping[str, Any]]:
        try:
            return self._service.features(query, insee, limit)
        except (GeopyError, OSError, ValueError) as error:
            # the message of these errors may hold the query
            _log.warning("the address service failed: %s", type(error).__name__)
            return ()

    def _read(self, heard: HeardAddress, feature: Mapping[str, Any]) -> tuple[StreetAddress, float, NumberCheck] | None:
        """A feature as an address; None when it is no street, no good match, or outside the métropole."""
        try:
            about, (lon, lat) = feature["properties"], feature["geometry"]["coordinates"]
            kind, score, insee = about["type"], float(about["score"]), str(about["citycode"])
            street = str(about.get("street") or about["name"])
            point, postcode = Point(float(lon), float(lat)), str(about["postcode"])
        except (KeyError, TypeError, ValueError):
            _log.warning("the address service gave a feature that cannot be read")
            return None
        commune = self._communes.get(insee)
        if kind not in BAN_TYPES or score < LEAST_BAN_SCORE or commune is None:
            return None
        sector = self._sector_of(insee, point)
        address = StreetAddress(street, insee, commune.name, postcode, heard.number, heard.repetition, point, sector)
        return address, round(min(score, 1.0), 4), _number_check(heard, kind, about.get("housenumber"))


def finder_for(settings: GazetteerSettings, local: Gazetteer) -> Gazetteer | BanFinder:
    """What the settings choose to find addresses with: the local base, the national API, or an addok (plain http)."""
    match settings.geocoder:
        case GeocoderName.BAN:
            return BanFinder(settings.ban_domain, sector_of=local.sector_of, known=local.communes)
        case GeocoderName.ADDOK:
            return BanFinder(settings.addok_domain, scheme="http", sector_of=local.sector_of, known=local.communes)
        case GeocoderName.LOCAL:
            return local


def _number_check(heard: HeardAddress, kind: str, housenumber: object) -> NumberCheck:
    if heard.number is None:
        return NumberCheck.NOT_CHECKED
    said = f"{heard.number}{heard.repetition or ''}".lower()
    known = kind == "housenumber" and str(housenumber).replace(" ", "").lower() == said
    return NumberCheck.KNOWN if known else NumberCheck.UNKNOWN
