"""The door of Open311 over the real desk, as a partner uses and misuses it."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from jsonschema import Draft202012Validator

from callbot.booking import BookingDesk
from callbot.domain.bookings import Author, BookingStatus, Changer
from callbot.messages import BookingTexts
from callbot.privacy import KeyRing
from callbot.storage import Storage
from tests.booking.sample import CATALOGUE, TEMPLATES, PinnedClock, SampleRules
from tests.open311.partner import FORM, KEY, door, made
from tests.open311.schemas import DEFINITION, DISCOVERY, ERRORS, MADE, REQUEST, REQUESTS, SERVICES, TOKEN


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
        ({"attribute[date]": "2026-W48-2"}, 400, "qui existe"),
        ({"attribute[date]": "9999-12-31"}, 400, "qui existe"),
        ({"attribute[date]": "0001-01-01"}, 400, "qui existe"),
        ({"attribute[date]": "2026-11-24T10:00:00+01:00"}, 200, ""),
        ({"attribute[date]": "2026-11-17"}, 400, "0 800 94 94 08"),
        ({"attribute[date]": "2026-11-25"}, 400, "source"),
        ({"attribute[accepted]": "false"}, 400, "accepted"),
        ({"address_string": "2 rue d'ailleurs"}, 400, "0 800 94 94 08"),
        ({"address_string": "nulle part"}, 400, "territoire"),
        ({"phone": "12"}, 400, "phone"),
        ({"api_key": "another"}, 403, "api_key"),
        ({"service_code": "other"}, 404, "service_code"),
        ({"service_code": ""}, 400, "service_code"),
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
        ("end_date=9999-12-31T23:59:59.999999Z", 200),
        ("status=lost", 400),
        ("status=open&status=closed", 200),
        ("status=open&status=lost", 400),
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
        ("/discovery.json", DISCOVERY),
        (f"/requests.json?api_key={KEY}", REQUESTS),
        ("/requests.json", ERRORS),
        ("/services/other.json", ERRORS),
        ("/nothing.json", ERRORS),
    ],
)
async def test_answers_keep_to_the_specification(partner: httpx.AsyncClient, path: str, schema: dict[str, Any]) -> None:
    await made(partner)
    answer = (await partner.get(path)).json()
    assert answer
    assert not mistakes(schema, answer)


@pytest.mark.parametrize("code", ["encombrants", "depot-sauvage"])
async def test_what_is_made_is_shown_by_its_id_and_by_its_token(partner: httpx.AsyncClient, code: str) -> None:
    answer = (await partner.post("/requests.json", data=FORM | {"service_code": code})).json()
    assert not mistakes(MADE, answer)
    name = answer[0]["service_request_id"]
    shown = (await partner.get(f"/requests/{name}.json", params={"api_key": KEY})).json()
    assert not mistakes(REQUEST, shown)
    token = (await partner.get(f"/tokens/{name}.json", params={"api_key": KEY})).json()
    assert not mistakes(TOKEN, token)
    assert shown[0]["service_request_id"] == token[0]["service_request_id"] == token[0]["token"] == name
    xml = (await partner.post("/requests.xml", data=FORM | {"service_code": code})).content
    assert ElementTree.fromstring(xml).findtext("request/service_request_id") == name  # noqa: S314 - our own answer


async def test_discovery_in_both_formats(storage: Storage, clock: PinnedClock) -> None:
    partner = door(storage, clock, "https://bot.example.fr/")
    answer = await partner.get("/discovery.xml")
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<discovery>')
    tree = ElementTree.fromstring(answer.content)  # noqa: S314 - our own answer
    [endpoint] = tree.findall("endpoints/endpoint")
    assert [form.text for form in endpoint.findall("formats/format")] == ["text/xml", "application/json"]
    told = await partner.get("/discovery.json")
    assert told.headers["content-type"] == "application/json; charset=utf-8"
    [same] = told.json()["endpoints"]
    assert same["formats"] == ["text/xml", "application/json"]
    assert same["url"] == endpoint.findtext("url") == "https://bot.example.fr/open311/v2"
    named = {field.tag: field.text for field in tree if field.tag != "endpoints"}
    assert named == {name: value for name, value in told.json().items() if name != "endpoints"}


async def test_without_an_address_of_its_own_discovery_names_where_it_was_asked(partner: httpx.AsyncClient) -> None:
    assert (await partner.get("/discovery.json")).json()["endpoints"][0]["url"] == "http://test/open311/v2"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_another_method_is_an_error_of_open311(partner: httpx.AsyncClient, method: str) -> None:
    answer = await partner.request(method, "/services.json")
    assert answer.status_code == 404
    assert not mistakes(ERRORS, answer.json())
    answer = await partner.request(method, "/services")
    assert ElementTree.fromstring(answer.content).findtext("error/code") == "404"  # noqa: S314 - our own answer


async def test_ids_override_all_other_filters(partner: httpx.AsyncClient) -> None:
    reference, tip = await made(partner), await made(partner, service_code="depot-sauvage")
    query = {"api_key": KEY, "status": "closed", "service_code": "ramassage-manque", "page": "7", "page_size": "1"}
    for ids in ([f"{reference},{tip},{reference},AAAAA"], [reference, tip]):
        shown = (await partner.get("/requests.json", params={**query, "service_request_id": ids})).json()
        assert sorted(one["service_request_id"] for one in shown) == sorted([reference, tip])


async def test_filters_choose(partner: httpx.AsyncClient, clock: PinnedClock) -> None:
    reference = await made(partner)
    clock.advance(seconds=1)
    tip = await made(partner, service_code="depot-sauvage")
    for query, ids in (
        ({}, [tip, reference]),
        ({"page_size": "1"}, [tip]),
        ({"page_size": "1", "page": "2"}, [reference]),
        ({"page_size": "1", "page": "3"}, []),
        ({"service_code": "depot-sauvage"}, [tip]),
        ({"service_code": ["depot-sauvage", "encombrants"]}, [tip, reference]),
        ({"status": "closed"}, []),
        ({"end_date": "2026-11-23T09:00:00Z"}, [reference]),
        ({"start_date": "2026-11-23T09:00:01Z"}, [tip]),
        ({"start_date": "2026-11-23T09:00:02Z"}, []),
    ):
        shown = (await partner.get("/requests.json", params={"api_key": KEY, **query})).json()
        assert [one["service_request_id"] for one in shown] == ids


async def test_a_report_is_found_by_its_id_without_opening_the_others(
    partner: httpx.AsyncClient, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = []
    for number in range(6):
        names.append(
            await made(partner, service_code="depot-sauvage", **{"attribute[items][]": f"matelas:{number + 1}"})
        )
        clock.advance(seconds=number % 2)
    clock.advance(days=200)
    opened: list[str] = []
    whole = KeyRing.open

    def counted(ring: KeyRing, sealed: bytes, place: str) -> str:
        opened.append(place)
        return whole(ring, sealed, place)

    monkeypatch.setattr(KeyRing, "open", counted)
    for name in names:
        [shown] = (await partner.get(f"/requests/{name}.json", params={"api_key": KEY})).json()
        assert shown["service_request_id"] == name
    assert len(set(names)) == 6
    # Two were made in each second: each look-up opens both of its second, none of the others.
    assert len(opened) == 12


async def test_a_page_of_requests_opens_no_booking_beyond_it(
    partner: httpx.AsyncClient, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await made(partner)
    clock.advance(seconds=1)
    last = await made(partner, phone="0612345679", **{"attribute[date]": "2026-11-26"})
    opened: list[str] = []
    whole = KeyRing.open

    def counted(ring: KeyRing, sealed: bytes, place: str) -> str:
        opened.append(place)
        return whole(ring, sealed, place)

    monkeypatch.setattr(KeyRing, "open", counted)
    query = {"api_key": KEY, "page_size": "1", "status": "open"}
    [shown] = (await partner.get("/requests.json", params=query)).json()
    assert shown["service_request_id"] == last
    assert f"bookings.address|{last}" in opened
    assert f"bookings.address|{first}" not in opened


@pytest.mark.parametrize(
    "name", ["S-", f"S-{0:032}", "S-" + "f" * 32, "S-" + "g" * 32, "S-" + "0" * 33, "s-" + "0" * 32]
)
async def test_an_id_of_nothing_is_not_found(partner: httpx.AsyncClient, name: str) -> None:
    assert (await partner.get(f"/requests/{name}.json", params={"api_key": KEY})).status_code == 404


async def test_a_report_sent_again_later_keeps_its_id(partner: httpx.AsyncClient, clock: PinnedClock) -> None:
    first = await made(partner, service_code="depot-sauvage")
    clock.advance(hours=2)
    assert await made(partner, service_code="depot-sauvage") == first
    clock.advance(days=1)
    assert await made(partner, service_code="depot-sauvage") != first


def mistakes(schema: dict[str, Any], answer: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(answer)]
