"""The door of Open311 over the real desk, as a partner uses and misuses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from callbot.booking import BookingDesk, PeopleDesk
from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.bookings import Author, BookingStatus, Changer
from callbot.domain.geography import Point
from callbot.knowledge import load_knowledge
from callbot.messages import BookingTexts
from callbot.messages.texts import CallBackSms
from callbot.open311 import Open311Deps, open311_router
from callbot.settings import Settings
from callbot.storage import Storage
from tests.booking.sample import CALL_BACK_TEMPLATE, CATALOGUE, TEMPLATES, PinnedClock, SampleRules, address
from tests.open311.schemas import DEFINITION, ERRORS, REQUESTS, SERVICES

KEY = "a-key-of-a-partner"
FORM = {
    "api_key": KEY,
    "service_code": "encombrants",
    "address_string": "12 bis rue de Rome, 13006 Marseille",
    "attribute[items][]": "matelas",
    "attribute[date]": "2026-11-24",
    "attribute[accepted]": "true",
    "phone": "0612345678",
}


@dataclass
class OnePlace:
    """An address base of one address."""

    async def find(self, text: str) -> tuple[AddressCandidate, ...]:
        if "Rome" in text:
            return (AddressCandidate(address(), 1.0, 0.95),)
        return (AddressCandidate(address("13055"), 1.0, 0.95),) if "ailleurs" in text else ()

    async def nearest(self, point: Point) -> StreetAddress | None:
        return address() if point.lat > 43 else None


@pytest.fixture
def partner(storage: Storage, clock: PinnedClock) -> httpx.AsyncClient:
    rules = SampleRules()
    hours = load_knowledge(Settings().knowledge_dir).opening_hours
    deps = Open311Deps(
        BookingDesk(storage.unit_of_work, rules, clock, BookingTexts(TEMPLATES, CATALOGUE)),
        PeopleDesk(storage.unit_of_work, storage.hand_overs, hours, clock, CallBackSms(CALL_BACK_TEMPLATE)),
        storage,
        OnePlace(),
        rules,
        clock,
        "ampmetropole.fr",
        {"ville": KEY},
    )
    app = FastAPI(openapi_url=None)
    app.include_router(open311_router(deps))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test/open311/v2")


async def made(partner: httpx.AsyncClient, **changed: str) -> str:
    answer = await partner.post("/requests.json", data=FORM | changed)
    assert answer.status_code == 200, answer.text
    return str(answer.json()[0]["service_request_id"])


async def refusal(partner: httpx.AsyncClient, **changed: str) -> tuple[int, str]:
    answer = await partner.post("/requests.json", data=FORM | changed)
    body: list[dict[str, Any]] = answer.json()
    assert body[0]["code"] == str(answer.status_code)
    return answer.status_code, str(body[0]["description"])


async def test_a_booking_is_made_once_and_told_from_its_state(
    partner: httpx.AsyncClient, storage: Storage, clock: PinnedClock
) -> None:
    reference = await made(partner)
    assert await made(partner) == reference
    booking = await storage.booking(reference)
    assert booking is not None
    assert booking.created_by is Author.AGENT
    shown = (await partner.get(f"/requests/{reference}.json", params={"api_key": KEY})).json()[0]
    assert shown["status"] == "open"
    assert "24/11/2026" in shown["status_notes"]
    clock.advance(days=1)
    desk = BookingDesk(storage.unit_of_work, SampleRules(), clock, BookingTexts(TEMPLATES, CATALOGUE))
    await desk.record_outcome(reference, BookingStatus.COLLECTED, by=Changer.CREW)
    shown = (await partner.get("/requests.json", params={"api_key": KEY, "status": "closed"})).json()
    assert [one["service_request_id"] for one in shown] == [reference]
    assert "enlevés" in shown[0]["status_notes"]


@pytest.mark.parametrize(
    ("changed", "status", "told"),
    [
        ({"attribute[items][]": "gravats"}, 400, "0 800 94 94 08"),
        ({"attribute[items][]": "sofa"}, 400, "items"),
        ({"attribute[items][]": "matelas:4"}, 200, ""),
        ({"attribute[items][]": "matelas:5"}, 400, "limits.max_items"),
        ({"attribute[items][]": "matelas:200"}, 400, "limits.max_items"),
        ({"attribute[date]": "2026-11-31"}, 400, "qui existe"),
        ({"attribute[date]": "2026-11-17"}, 400, "0 800 94 94 08"),
        ({"attribute[date]": "2026-11-25"}, 400, "source"),
        ({"attribute[accepted]": "false"}, 400, "accepted"),
        ({"address_string": "2 rue d'ailleurs"}, 400, "0 800 94 94 08"),
        ({"address_string": "nulle part"}, 400, "territoire"),
        ({"phone": "12"}, 400, "phone"),
        ({"api_key": "another"}, 403, "api_key"),
        ({"service_code": "other"}, 404, "service_code"),
        ({"jurisdiction_id": "elsewhere"}, 404, "jurisdiction_id"),
        ({"description": "x" * 40_000}, 413, "trop longue"),
    ],
)
async def test_every_no_is_clear(partner: httpx.AsyncClient, changed: dict[str, str], status: int, told: str) -> None:
    if status == 200:
        assert await made(partner, **changed)
        return
    code, description = await refusal(partner, **changed)
    assert code == status
    assert told in description


async def test_reports_have_a_stable_id(partner: httpx.AsyncClient) -> None:
    first = await made(partner, service_code="depot-sauvage")
    assert await made(partner, service_code="depot-sauvage") == first
    reference = await made(partner)
    missed = await made(partner, service_code="ramassage-manque", **{"attribute[reference]": reference})
    for one in (first, missed):
        shown = await partner.get(f"/requests/{one}.json", params={"api_key": KEY})
        assert shown.json()[0]["service_request_id"] == one


@pytest.mark.parametrize("path", ["/requests", "/requests/AAAAA", "/tokens/AAAAA"])
async def test_requests_need_a_key(partner: httpx.AsyncClient, path: str) -> None:
    assert (await partner.get(f"{path}.json")).status_code == 403
    answer = await partner.get(f"{path}.xml", params={"api_key": "another"})
    assert ElementTree.fromstring(answer.content).findtext("error/code") == "403"  # noqa: S314 - our own answer


async def test_xml_says_the_same(partner: httpx.AsyncClient) -> None:
    reference = await made(partner)
    answer = await partner.get("/requests.xml", params={"api_key": KEY})
    tree = ElementTree.fromstring(answer.content)  # noqa: S314 - our own answer
    assert tree.findtext("request/service_request_id") == reference
    services = ElementTree.fromstring((await partner.get("/services.xml")).content)  # noqa: S314 - our own answer
    assert len(services.findall("service")) == 3


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("start_date=2026-08-25T00:00:00Z&end_date=2026-11-23T00:00:00Z", 200),
        ("start_date=2026-08-25T00:00:00Z&end_date=2026-11-23T00:00:01Z", 400),
        ("start_date=0001-01-01", 200),
        ("end_date=0001-01-01", 400),
        ("start_date=9999-12-31", 400),
        ("start_date=hier", 400),
        ("status=lost", 400),
        ("page=0", 400),
        ("page_size=1001", 400),
        ("page_size=1000", 200),
        ("%ff=%ff", 400),
    ],
)
async def test_filters_are_bounded(partner: httpx.AsyncClient, query: str, status: int) -> None:
    assert (await partner.get(f"/requests.json?api_key={KEY}&{query}")).status_code == status


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/services.json", SERVICES),
        ("/services/encombrants.json", DEFINITION),
        ("/services/depot-sauvage.json", DEFINITION),
        ("/services/ramassage-manque.json", DEFINITION),
        (f"/requests.json?api_key={KEY}", REQUESTS),
        ("/requests.json", ERRORS),
        ("/services/other.json", ERRORS),
    ],
)
async def test_answers_keep_to_the_specification(partner: httpx.AsyncClient, path: str, schema: dict[str, Any]) -> None:
    await made(partner)
    answer = (await partner.get(path)).json()
    assert answer
    assert not list(Draft202012Validator(schema).iter_errors(answer))
