"""A partner of the door, over the real desk and the real database."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from callbot.booking import BookingDesk, PeopleDesk
from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.geography import Point
from callbot.knowledge import load_knowledge
from callbot.messages import BookingTexts
from callbot.messages.texts import CallBackSms
from callbot.open311 import Open311Deps, open311_router
from callbot.settings import Settings
from callbot.storage import Storage
from tests.booking.sample import CALL_BACK_TEMPLATE, CATALOGUE, TEMPLATES, PinnedClock, SampleRules, address

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
_HOURS = load_knowledge(Settings().knowledge_dir).opening_hours


@dataclass
class OnePlace:
    """An address base of one address."""

    async def find(self, text: str) -> tuple[AddressCandidate, ...]:
        if "Rome" in text:
            return (AddressCandidate(address(), 1.0, 0.95),)
        return (AddressCandidate(address("13055"), 1.0, 0.95),) if "ailleurs" in text else ()

    async def nearest(self, point: Point) -> StreetAddress | None:
        return address() if point.lat > 43 else None


def door(storage: Storage, clock: PinnedClock, public_url: str = "") -> httpx.AsyncClient:
    """A client of the door."""
    rules = SampleRules()
    deps = Open311Deps(
        BookingDesk(storage.unit_of_work, rules, clock, BookingTexts(TEMPLATES, CATALOGUE)),
        PeopleDesk(storage.unit_of_work, storage.hand_overs, _HOURS, clock, CallBackSms(CALL_BACK_TEMPLATE)),
        storage,
        OnePlace(),
        rules,
        clock,
        "ampmetropole.fr",
        {"ville": KEY},
        public_url,
    )
    app = FastAPI(openapi_url=None)
    app.include_router(open311_router(deps))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test/open311/v2")


async def made(partner: httpx.AsyncClient, **changed: str) -> str:
    """The id of what the form of ``FORM``, ``changed``, makes."""
    answer = await partner.post("/requests.json", data=FORM | changed)
    assert answer.status_code == 200, answer.text
    return str(answer.json()[0]["service_request_id"])
