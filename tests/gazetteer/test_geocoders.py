"""geopy's interface over the local base, and the national API played by a small server of our own."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from geopy.location import Location

from callbot.domain.addresses import NumberCheck
from callbot.domain.geography import Point
from callbot.domain.meaning import HeardAddress
from callbot.gazetteer import Gazetteer, communes
from callbot.gazetteer.geocoders import BanFinder, LocalGeocoder, finder_for
from callbot.settings import Gazetteer as GazetteerSettings
from callbot.settings import GeocoderName

KNOWN = communes()


class AddressService(ThreadingHTTPServer):
    """Answers like the national API; ``answer`` and ``code`` are set by the test, ``asked`` is what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: Any = {"type": "FeatureCollection", "features": []}
        self.code = 200
        self.stall = threading.Event()
        self.stall.set()
        self.asked: list[dict[str, str]] = []

    @property
    def domain(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}/geocodage"


class _Handler(BaseHTTPRequestHandler):
    server: AddressService

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self.server.asked.append(
            {"path": address.path} | {name: values[0] for name, values in parse_qs(address.query).items()}
        )
        self.server.stall.wait(10)
        body = json.dumps(self.server.answer).encode()
        self.send_response(self.server.code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base class
        """Quiet."""


@pytest.fixture
def service() -> Iterator[AddressService]:
    with AddressService() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.stall.set()
        server.shutdown()
        thread.join()


def feature(kind: str = "housenumber", score: float = 0.93, citycode: str = "13206", **more: object) -> dict[str, Any]:
    about = {"type": kind, "score": score, "citycode": citycode, "postcode": "13006", "name": "12 Rue de Rome"}
    if kind == "housenumber":
        about |= {"street": "Rue de Rome", "housenumber": "12"}
    return {"geometry": {"type": "Point", "coordinates": [5.38, 43.29]}, "properties": about | more}


def finder(service: AddressService, timeout_s: float = 5) -> BanFinder:
    return BanFinder(
        service.domain,
        known=KNOWN,
        scheme="http",
        timeout_s=timeout_s,
        sector_of=lambda insee, point: f"{insee} {point is not None}",
    )


HEARD = HeardAddress(12, None, "euh c'est au 12 rue de Rome dans le sixième", "13206")


async def test_a_house_is_found(service: AddressService) -> None:
    service.answer = {"features": [feature()]}
    (best,) = await finder(service).find(HEARD, ())
    assert best.address.line == "12 Rue de Rome"
    assert (best.address.commune, best.address.point, best.address.sector) == (
        "Marseille 6e",
        Point(5.38, 43.29),
        "13206 True",
    )
    assert (best.number_check, best.score) == (NumberCheck.KNOWN, 0.93)
    assert best.probability > 0.9


async def test_only_the_street_and_the_commune_are_sent(service: AddressService) -> None:
    await finder(service).find(HEARD, ())
    (asked,) = service.asked
    assert asked == {
        "path": "/geocodage/search",
        "q": "12 rue de rome",
        "citycode": "13206",
        "limit": "5",
        "autocomplete": "0",
    }


async def test_a_sentence_without_a_street_is_never_sent(service: AddressService) -> None:
    said = "je suis malade et mon mari aussi il faut venir vite"
    assert await finder(service).find(HeardAddress(street_heard=said), (said,)) == ()
    assert service.asked == []


async def test_without_a_commune_the_metropole_comes_first(service: AddressService) -> None:
    await finder(service).find(HeardAddress(street_heard="rue de rome"), ())
    assert "citycode" not in service.asked[0]
    assert {"lat", "lon"} <= set(service.asked[0])


async def test_a_second_reading_is_tried_not_a_third(service: AddressService) -> None:
    found = await finder(service).find(HEARD, ("rue de rhum", "rue de rum"))
    assert found == ()
    assert [asked["q"] for asked in service.asked] == ["12 rue de rome", "12 rue de rhum"]


@pytest.mark.parametrize(
    "poor",
    [feature(score=0.16), feature(score=0.49), feature("municipality"), feature("locality"), feature(citycode="75101")],
)
async def test_poor_answers_are_left_out(service: AddressService, poor: dict[str, Any]) -> None:
    service.answer = {"features": [poor, feature("street", 0.5, name="Rue de Rome")]}
    (only,) = await finder(service).find(HEARD, ())
    assert only.score == 0.5
    assert (only.address.street, only.number_check) == ("Rue de Rome", NumberCheck.UNKNOWN)


async def test_without_a_number_nothing_is_checked(service: AddressService) -> None:
    service.answer = {"features": [feature("street", name="Rue de Rome")]}
    (only,) = await finder(service).find(HeardAddress(street_heard="rue de rome"), ())
    assert only.number_check is NumberCheck.NOT_CHECKED


@pytest.mark.parametrize("code", [400, 404, 429, 500, 503])
async def test_errors_give_nothing_and_a_log_without_the_address(
    service: AddressService, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    service.code, service.answer = code, {"message": "rue de rome is not allowed"}
    with caplog.at_level(logging.INFO):
        assert await finder(service).find(HEARD, ()) == ()
    assert "address service failed" in caplog.text
    assert "rome" not in caplog.text.lower()


@pytest.mark.parametrize(
    "answer", [[], "text", None, {"features": None}, {"features": [1, {}, {"properties": {}, "geometry": None}]}]
)
async def test_nonsense_gives_nothing(service: AddressService, answer: object) -> None:
    service.answer = answer
    assert await finder(service).find(HEARD, ()) == ()


async def test_a_slow_service_gives_nothing(service: AddressService, caplog: pytest.LogCaptureFixture) -> None:
    service.stall.clear()
    assert await finder(service, timeout_s=0.05).find(HEARD, ()) == ()
    assert "GeocoderTimedOut" in caplog.text


async def test_no_service_gives_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert await BanFinder("127.0.0.1:1", scheme="http", timeout_s=1, known=KNOWN).find(HEARD, ()) == ()
    assert "address service failed" in caplog.text


def test_the_settings_choose_the_finder(sample: Gazetteer) -> None:
    assert finder_for(GazetteerSettings(), sample) is sample
    for name in (GeocoderName.BAN, GeocoderName.ADDOK):
        assert isinstance(finder_for(GazetteerSettings(geocoder=name), sample), BanFinder)


def one(found: object) -> Location:
    """What geopy gives when exactly one is asked for."""
    assert isinstance(found, Location)
    return found


def test_geopy_finds_a_street_of_the_local_base(sample: Gazetteer) -> None:
    place = one(LocalGeocoder(sample).geocode("12 rue sein féréol, 13001 Marseille"))
    assert place.address == "12 Rue Saint-Ferréol, 13001 Marseille 1er"
    assert (place.latitude, place.longitude) == pytest.approx((43.296, 5.377), abs=0.01)
    assert place.raw["insee"] == "13201"


def test_geopy_gets_a_list_or_nothing(sample: Gazetteer) -> None:
    geocoder = LocalGeocoder(sample)
    places = geocoder.geocode("rue de rome", exactly_one=False, limit=2)
    assert isinstance(places, list)
    assert [place.raw["insee"] for place in places] == ["13201", "13206"]
    assert geocoder.geocode("rue inventée de nulle part") is None
    assert geocoder.geocode("", exactly_one=False) is None


def test_geopy_reverses(sample: Gazetteer) -> None:
    geocoder = LocalGeocoder(sample)
    place = one(geocoder.geocode("La Canebière, 13001 Marseille"))
    back = one(geocoder.reverse((place.latitude, place.longitude)))
    assert back.raw["insee"] == "13201"
    assert geocoder.reverse(place.point, exactly_one=False) == [back]
    assert geocoder.reverse("48.85, 2.35") is None
