"""Our answers judged by the published JSON Schemas of GeoReport v2, which are not ours to keep in this repository.

They are the files of ``schema/georeport-v2`` in the public repository ``open311/schema-validation``; where
``CALLBOT_GEOREPORT_SCHEMAS`` does not name a folder with them, they are looked for in ``../shared/data/georeport-v2``.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from tests.open311.partner import FORM, KEY, made

FOLDER = Path(
    os.environ.get("CALLBOT_GEOREPORT_SCHEMAS") or Path(__file__).parents[2].parent / "shared" / "data" / "georeport-v2"
)
NAMES = ("request", "requests", "service", "services", "service-definition")
AWAY = (
    "the published GeoReport v2 schemas are not here: put schema/georeport-v2 of open311/schema-validation into"
    " ../shared/data/georeport-v2, or name its folder in CALLBOT_GEOREPORT_SCHEMAS"
)
MOMENTS = FormatChecker(())


@MOMENTS.checks("date-time", raises=ValueError)
def is_moment(value: object) -> bool:
    """A moment with its zone, as RFC 3339 writes it."""
    return not isinstance(value, str) or ("T" in value and datetime.fromisoformat(value).tzinfo is not None)


@pytest.fixture(scope="module")
def published() -> Registry[Any]:
    if not all((FOLDER / f"{name}.json").is_file() for name in NAMES):
        pytest.skip(AWAY)
    registry: Registry[Any] = Registry()
    for path in sorted(FOLDER.glob("*.json")):
        # Written before schemas named their draft; "required" is a list, so at least the fourth.
        resource = Resource.from_contents(json.loads(path.read_text()), default_specification=DRAFT4)
        registry = registry.with_resource(path.name, resource)
    return registry


def mistakes(published: Registry[Any], schema: str, answer: Any) -> list[str]:
    judge = Draft4Validator({"$ref": schema}, registry=published, format_checker=MOMENTS)
    return [error.message for error in judge.iter_errors(answer)]


async def test_services(partner: httpx.AsyncClient, published: Registry[Any]) -> None:
    services = (await partner.get("/services.json")).json()
    assert len(services) == 3
    assert mistakes(published, "services.json", services) == []
    for service in services:
        definition = (await partner.get(f"/services/{service['service_code']}.json")).json()
        assert definition["attributes"]
        assert mistakes(published, "service-definition.json", definition) == []


async def test_requests(partner: httpx.AsyncClient, published: Registry[Any]) -> None:
    reference = await made(partner)
    ids = {
        reference,
        await made(partner, service_code="depot-sauvage"),
        await made(partner, service_code="ramassage-manque", **{"attribute[reference]": reference}),
    }
    every = (await partner.get("/requests.json", params={"api_key": KEY})).json()
    assert {one["service_request_id"] for one in every} == ids
    assert mistakes(published, "requests.json", every) == []
    for one in ids:
        [shown] = (await partner.get(f"/requests/{one}.json", params={"api_key": KEY})).json()
        assert mistakes(published, "request.json", shown) == []


async def test_answers_to_who_makes_and_asks_by_token(partner: httpx.AsyncClient, published: Registry[Any]) -> None:
    if "swagger.json" not in published:
        pytest.skip("swagger.json, which alone describes these two answers, is not beside the published schemas")
    for code in ("encombrants", "depot-sauvage"):
        [answer] = (await partner.post("/requests.json", data=FORM | {"service_code": code})).json()
        assert mistakes(published, "swagger.json#/definitions/RequestResponse", answer) == []
        path = f"/tokens/{answer['service_request_id']}.json"
        [token] = (await partner.get(path, params={"api_key": KEY})).json()
        assert mistakes(published, "swagger.json#/definitions/TokenResponse", token) == []


def test_the_judge_finds_mistakes(published: Registry[Any]) -> None:
    assert mistakes(published, "requests.json", [{"status": "lost", "requested_datetime": "2026-11-23T09:00:00"}])
    wrong = {"service_request_id": "1", "status": "open", "service_code": "a", "requested_datetime": "2026-11-23"}
    assert mistakes(published, "request.json", wrong) == ["'2026-11-23' is not a 'date-time'"]
