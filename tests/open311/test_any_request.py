"""Whatever is asked, however it is asked: an answer of Open311, well formed in the format asked for."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.open311.partner import FORM, KEY
from tests.open311.schemas import ERRORS

CANARY = "Canari7vert"
NO = (400, 403, 404, 413)
NAMES = (
    *FORM, "lat", "long", "email", "description", "media_url", "account_id", "address_id", "jurisdiction_id", "page",
    "page_size", "start_date", "end_date", "status", "service_request_id", "attribute[items]", "attribute[created_by]",
    "attribute[reference]",
)  # fmt: skip
TRICKY = (
    "", " ", "\x00", "a\x00b", "\ufffe", "\u202e", "𝟛", "٣", "½", "NaN", "inf", "-inf", "1e309", "1_0", "-0", "0x10",
    "9" * 400, "91", "-181", "43.29", "5.38", "0001-01-01", "0001-01-01T00:00:00+23:59", "9999-12-31",
    "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-23:59", "2026-W48-2", "20261124", "2026-11-31",
    "2026-11-24T10:00:00,5Z", "2026-11-24 10:00", "hier", ",", ",,,", "open,closed", "encombrants", "depot-sauvage",
    "ramassage-manque", "matelas:2", "matelas:0", "matelas:999,matelas:999", "piano", "gravats", "frigo", "true",
    "12 bis rue de Rome", "AC4KR", "ac 4k-r", f"S-{0:032}", "S-" + "f" * 32, "S-6b0d33a4ca5eda0640e33ebbb250781f",
    "\r\nSet-Cookie: a=b", "<a>&'\"]]>", CANARY, "é" * 300, "=1+1",
)  # fmt: skip
BODIES = (b"%", b"a=%ff", b"&" * 500, b"a=b;c=d", b"\xff=\xff", b"a" * 40_000)
FORM_TYPE = "application/x-www-form-urlencoded"
TYPES = (FORM_TYPE, f"{FORM_TYPE.upper()};", "application/json", "multipart/form-data")
VALUES = st.one_of(
    st.sampled_from(TRICKY),
    st.text(max_size=40),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
)
FIELDS = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), st.text(max_size=20)), VALUES), max_size=5)
FORMATS = st.sampled_from(["json", "xml"])
FIXED = ("/discovery", "/services", "/services/encombrants", "/requests", "/requests/AC4KR", "/nothing", "")
PATHS = st.one_of(
    st.sampled_from(FIXED),
    st.tuples(st.sampled_from(["/services/", "/requests/", "/tokens/", "/"]), VALUES).map(
        lambda parts: parts[0] + quote(parts[1].encode("utf-8", "replace"), safe="")
    ),
)
SENT = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4)
METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def encoded(fields: list[tuple[str, str]]) -> str:
    return urlencode([(name.encode("utf-8", "replace"), value.encode("utf-8", "replace")) for name, value in fields])


def read(answer: httpx.Response, form: str) -> list[dict[str, Any]]:
    """The errors that were told; [] for an answer that is none."""
    assert answer.headers["cache-control"] == "no-store"
    if form == "json":
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        content = json.loads(answer.content)
        if answer.status_code == 200:
            return []
        told: list[dict[str, Any]] = content
    else:
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        assert answer.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<')
        tree = ElementTree.fromstring(answer.content)  # noqa: S314 - our own answer
        if answer.status_code == 200:
            assert tree.tag != "errors"
            return []
        assert tree.tag == "errors"
        told = [{field.tag: field.text for field in error} for error in tree]
    return told


def check(answer: httpx.Response, form: str) -> None:
    """An answer, or errors that fit the status and repeat nothing of what was sent."""
    told = read(answer, form)
    assert answer.status_code in (200, *NO), answer.text
    if answer.status_code != 200:
        assert list(Draft202012Validator(ERRORS).iter_errors(told)) == []
        assert {error["code"] for error in told} == {str(answer.status_code)}
        assert CANARY not in answer.text


@often
@example("/%0A", [], False, "json")
@given(PATHS, FIELDS, st.booleans(), FORMATS)
async def test_whatever_is_asked_for(
    partner: httpx.AsyncClient, path: str, fields: list[tuple[str, str]], known: bool, form: str
) -> None:
    query = encoded([*fields, *([("api_key", KEY)] if known else [])])
    check(await partner.get(f"{path}.{form}?{query}"), form)


@pytest.mark.process
async def test_every_field_with_every_value(partner: httpx.AsyncClient) -> None:
    for name in NAMES:
        for value in TRICKY:
            form = "xml" if len(value) % 2 else "json"
            check(await partner.post(f"/requests.{form}", data=FORM | {name: value}), form)
            query = {"api_key": KEY, name: value}
            check(await partner.get(f"/requests.{form}", params=query), form)


@often
@example({"attribute[date]": "0001-01-01"}, set(), [], "json")
@example({"attribute[date]": "9999-12-31"}, set(), [], "xml")
@given(SENT, st.sets(st.sampled_from(list(FORM))), FIELDS, FORMATS)
async def test_whatever_is_sent(
    partner: httpx.AsyncClient, changed: dict[str, str], left_out: set[str], more: list[tuple[str, str]], form: str
) -> None:
    sent = [(name, value) for name, value in (FORM | changed).items() if name in changed or name not in left_out]
    headers = {"content-type": FORM_TYPE}
    answer = await partner.post(f"/requests.{form}", content=encoded([*sent, *more]), headers=headers)
    check(answer, form)


@often
@given(
    st.tuples(METHODS, st.sampled_from(FIXED), FORMATS),
    st.one_of(st.binary(max_size=200), st.sampled_from(BODIES)),
    st.sampled_from(TYPES),
)
async def test_bytes_that_are_no_form(
    partner: httpx.AsyncClient, place: tuple[str, str, str], body: bytes, kind: str
) -> None:
    method, path, form = place
    check(await partner.request(method, f"{path}.{form}", content=body, headers={"content-type": kind}), form)


@often
@given(st.binary(max_size=100), FORMATS)
async def test_bytes_in_the_address(partner: httpx.AsyncClient, raw: bytes, form: str) -> None:
    query = quote(raw, safe="%=&+;,")
    check(await partner.get(f"/requests.{form}?api_key={KEY}&{query}"), form)
