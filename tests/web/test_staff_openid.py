"""The way in by the authority's own provider, with one that lies in every way we know of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import RSAKey
from pydantic import ValidationError

from callbot.access import Role
from callbot.settings import Access
from callbot.web.rendering import STYLE, style_sheet
from callbot.web.staff.oidc import Journey, sealed, unsealed
from callbot.web.staff.router import StaffDeps, staff_router
from tests.web.openid_world import ISSUER, Lying, directory_deps, unsigned, with_public_key
from tests.web.resident_world import Page
from tests.web.staff_world import KEYS, PUBLIC, THEME, Staff, StaffService

COOKIE = "__Host-annuaire"


@pytest.fixture
def provider(office: StaffService) -> Lying:
    return Lying(office.clock)


@pytest.fixture
async def someone(office: StaffService, provider: Lying) -> Staff:
    """In front of pages that know the provider."""
    directory = await asyncio.to_thread(directory_deps, office.clock, office, provider)
    app = FastAPI()
    app.include_router(
        staff_router(
            StaffDeps(
                office.storage.staff, office.clock, THEME, office.passwords, public_url=PUBLIC, directory=directory
            )
        )
    )
    app.get(STYLE)(style_sheet)
    return Staff(replace(office, app=app))


async def started(someone: Staff, wanted: str = "/admin") -> str:
    """Off to the provider: its address."""
    answer = await someone.client.get("/agents/annuaire", params={"vers": wanted})
    assert answer.status_code == 303
    return answer.headers["location"]


async def came_back(someone: Staff, query: dict[str, str]) -> httpx.Response:
    return await someone.client.get("/agents/annuaire/retour", params=query)


async def test_who_has_a_role_comes_in_and_goes_on(someone: Staff, office: StaffService, provider: Lying) -> None:
    page = await someone.get("/agents/connexion?vers=/admin")
    assert "/agents/annuaire?vers=/admin" in page.links
    address = await started(someone)
    assert address.startswith(f"{ISSUER}/authorize?")
    answer = await came_back(someone, provider.authorize(address))
    assert '<meta http-equiv="refresh" content="0;url=/admin">' in answer.text
    assert "samesite=strict" in answer.headers["set-cookie"].lower()
    assert someone.client.cookies.get(COOKIE) is None, "the journey is over"
    page = await someone.get("/agents/compte")
    assert "Dominique Essai , protection des données" in page.text
    assert "Changer de mot de passe" not in page.text
    assert [one.role for one in await office.administration.all()] == [Role.DATA_PROTECTION_OFFICER]


async def test_the_cookie_of_the_journey_is_sealed_and_short(someone: Staff) -> None:
    answer = await someone.client.get("/agents/annuaire")
    cookie = answer.headers["set-cookie"]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts == {"max-age=600", "path=/", "secure", "httponly", "samesite=lax"}
    state = dict(httpx.URL(answer.headers["location"]).params)["state"]
    assert state not in cookie


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": ["callbot", "another"], "azp": "another"},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"iat": 9_999_999_999},
        {"sub": None},
    ],
    ids=str,
)
async def test_a_token_that_is_not_for_us_now_opens_nothing(
    someone: Staff, office: StaffService, provider: Lying, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    answer = await came_back(someone, provider.authorize(await started(someone)))
    assert answer.status_code == 403
    assert "La connexion n'a pas abouti" in Page(answer).text
    assert someone.cookie == ""
    assert await office.administration.all() == []


async def test_a_token_of_another_key_opens_nothing(someone: Staff, provider: Lying) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert (await came_back(someone, provider.authorize(await started(someone)))).status_code == 403


@pytest.mark.parametrize("forges", [unsigned, with_public_key])
async def test_a_token_that_no_key_pair_signed_opens_nothing(
    someone: Staff, provider: Lying, forges: Callable[[Lying, dict[str, Any]], str]
) -> None:
    provider.forges = forges
    assert (await came_back(someone, provider.authorize(await started(someone)))).status_code == 403
    assert someone.cookie == ""


async def test_a_provider_that_changed_its_key_is_asked_again(someone: Staff, provider: Lying) -> None:
    await came_back(someone, provider.authorize(await started(someone)))
    provider.key = RSAKey.generate_key(2048, {"kid": "two"})
    answer = await came_back(someone, provider.authorize(await started(someone)))
    assert answer.status_code == 200
    assert provider.asked.count("/jwks") == 2


@pytest.mark.parametrize(
    "change",
    [
        {"state": "another"},
        {"state": ""},
        {"iss": "https://evil.example"},
        {"code": "guessed"},
        {"code": "", "error": "access_denied"},
    ],
    ids=str,
)
async def test_an_answer_to_another_question_opens_nothing(
    someone: Staff, provider: Lying, change: dict[str, str]
) -> None:
    query = {**provider.authorize(await started(someone)), **change}
    answer = await came_back(someone, {name: value for name, value in query.items() if value})
    assert answer.status_code == 403
    assert someone.cookie == ""


async def test_an_answer_counts_once_and_in_its_own_browser_only(
    someone: Staff, office: StaffService, provider: Lying
) -> None:
    address = await started(someone)
    query = provider.authorize(address)
    other = Staff(someone.service)
    async with other.client:
        assert (await came_back(other, query)).status_code == 403, "without the cookie"
        await started(other)
        assert (await came_back(other, query)).status_code == 403, "with that of another journey"
    assert (await came_back(someone, query)).status_code == 200
    assert (await came_back(someone, query)).status_code == 403


async def test_a_journey_lasts_ten_minutes_and_no_more(someone: Staff, office: StaffService, provider: Lying) -> None:
    journey = Journey("s", "n", "v", "/desk", 1_000)
    cookie = sealed(journey, KEYS)
    assert unsealed(cookie, KEYS, 999.9) == journey
    assert unsealed(cookie, KEYS, 1_000) is None
    assert [unsealed(text, KEYS, 0) for text in ("", "x", "é", cookie[:-8], cookie[4:])] == [None] * 5
    query = provider.authorize(await started(someone))
    office.clock.advance(minutes=10)
    assert (await came_back(someone, query)).status_code == 403


async def test_roles_told_apart_from_the_token_count_for_the_same_person_only(someone: Staff, provider: Lying) -> None:
    provider.claims = {"groups": None, "name": None}
    provider.userinfo = {"sub": "u-2", "name": "Sacha Essai", "groups": ["encombrants-dpo"]}
    assert (await came_back(someone, provider.authorize(await started(someone)))).status_code == 403
    provider.userinfo = {"sub": "u-1", "name": "Dominique Essai", "groups": "encombrants-agents"}
    provider_asked_anew = await started(someone)
    assert (await came_back(someone, provider.authorize(provider_asked_anew))).status_code == 200
    assert "Dominique Essai , accueil d'appels" in (await someone.get("/agents/compte")).text


@pytest.mark.parametrize(
    "groups", [[], ["tout-le-monde"], "tout-le-monde", None, {"a": 1}, [1, None], "ENCOMBRANTS-DPO"]
)
async def test_who_has_no_role_is_told_so_and_gets_no_account(
    someone: Staff, office: StaffService, provider: Lying, groups: object
) -> None:
    provider.claims = {"groups": groups}
    answer = await came_back(someone, provider.authorize(await started(someone)))
    assert answer.status_code == 403
    assert "ne vous donne aucun rôle ici" in Page(answer).text
    assert await office.administration.all() == []


async def test_a_provider_that_does_not_answer_is_said_so(someone: Staff, provider: Lying) -> None:
    address = await started(someone)
    provider.away = True
    answer = await came_back(someone, provider.authorize(address))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://id.example.fr/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
    ids=str,
)
async def test_a_provider_that_speaks_for_another_or_without_https_is_away(
    someone: Staff, provider: Lying, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    assert (await someone.client.get("/agents/annuaire")).status_code == 503


async def test_without_a_provider_there_is_no_such_way(staff: Staff) -> None:
    assert (await staff.get("/agents/annuaire")).status == 404
    assert "annuaire" not in (await staff.get("/agents/connexion")).html


@pytest.mark.parametrize(("issuer", "fits"), [("https://id.example.fr", True), ("http://127.0.0.1:9/", True)])
def test_a_provider_is_reached_safely(issuer: str, fits: bool) -> None:
    assert (Access(oidc_issuer=issuer).oidc_issuer == issuer) is fits


@pytest.mark.parametrize(
    "issuer", ["http://id.example.fr", "http://127.0.0.1.evil.example", "id.example.fr", "file:///x"]
)
def test_a_provider_that_is_not_reached_safely_is_refused(issuer: str) -> None:
    with pytest.raises(ValidationError):
        Access(oidc_issuer=issuer)
