"""Every door of the service, found by walking its routes: headers, cookies, and what strangers are told."""

from __future__ import annotations

import re

import httpx
import pytest

from callbot.bootstrap import Service
from callbot.web.hardening import HSTS
from tests.security.whole_service import Door, doors

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

FILLED = {"name": "x", "month": "2026-10", "kind": "csv", "id": "1", "token": "A" * 20, "number": "1", "version": "x"}
OURS = ("/agents/style.css", "/agents/logo", "/admin/style.css", "/admin/figures.css", "/admin/revue.css")
"""style sheets and pictures of the pages of staff: nothing of a person is in them"""
SEEN_BY_ALL = ("/open-data/",)
"""where other sites' scripts may read: published figures"""
KEPT = ("/texte/style.css", "/registre", "/open-data/", "/scripts/", "/favicon.", "/accessibilite", *OURS)
"""where browsers may keep an answer: nothing of a person is there"""
FORM = {"content-type": "application/x-www-form-urlencoded"}
TELLING = re.compile(r"Traceback|File \"/|sqlalchemy|site-packages", re.IGNORECASE)


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: FILLED.get(part[1], "1"), path)


async def answers(browser: httpx.AsyncClient, door: Door) -> list[tuple[str, httpx.Response]]:
    """What a stranger gets there by every method, with an ordinary and with an impossible request."""
    path, got = filled(door.path), []
    for method in sorted(door.methods | {"DELETE"}):
        body = b"a=1" if method == "POST" else None
        got.append((f"{method} {path}", await browser.request(method, path, content=body, headers=FORM)))
    got.append((f"POST {path} twice", await browser.post(path, content=b"a=1&a=2&\xff", headers=FORM)))
    got.append((f"POST {path} json", await browser.post(path, json={"a": [1]})))
    return got


def wrong_with(door: Door, answer: httpx.Response) -> list[str]:
    """What an answer lacks, or has too much."""
    headers, path = answer.headers, filled(door.path)
    policy, shared = headers.get("content-security-policy", ""), "access-control-allow-origin" in headers
    holds = {
        "no failure": answer.status_code < 500,
        "nosniff": headers.get("x-content-type-options") == "nosniff",
        "https for ever": headers.get("strict-transport-security") == HSTS,
        "no frame": headers.get("x-frame-options") == "DENY" and "frame-ancestors 'none'" in policy,
        "no referrer": headers.get("referrer-policy") == "same-origin",
        "strict policy": policy.startswith("default-src 'none'") and "unsafe" not in policy and "*" not in policy,
        "not kept": headers.get("cache-control") == "no-store" or path.startswith(KEPT) or path.endswith(".css"),
        "not shared": not shared or path.startswith(SEEN_BY_ALL),
        "no credentials elsewhere": "access-control-allow-credentials" not in headers,
        "tells nothing": not TELLING.search(answer.text),
    }
    return [name for name, held in holds.items() if not held]


async def test_every_answer_has_its_headers(service: Service, browser: httpx.AsyncClient) -> None:
    http = [door for door in doors(service.app) if door.methods]
    assert len(http) > 80, "the walk finds the routes"
    wrong = [
        f"{what} {answer.status_code}: {problem}"
        for door in http
        for what, answer in await answers(browser, door)
        for problem in wrong_with(door, answer)
    ]
    assert not wrong, "\n".join(wrong)


async def test_every_cookie_is_hidden_from_scripts_and_other_sites(
    service: Service, browser: httpx.AsyncClient
) -> None:
    seen = set()
    for door in (each for each in doors(service.app) if each.methods):
        for what, answer in await answers(browser, door):
            for cookie in answer.headers.get_list("set-cookie"):
                name, _, rest = cookie.partition("=")
                about = {part.strip().lower() for part in rest.split(";")[1:]}
                assert name.startswith("__Host-"), what
                assert {"path=/", "secure", "httponly"} <= about, what
                assert about & {"samesite=strict", "samesite=lax"}, what
                seen.add(name)
    started = await browser.post("/texte", content=b"", headers=FORM)
    assert "__Host-texte=" in started.headers.get("set-cookie", "") or started.status_code == 429
    assert len(seen) <= 4


async def test_what_is_not_for_everybody_is_closed_to_strangers(service: Service, browser: httpx.AsyncClient) -> None:
    staff = [door for door in doors(service.app) if door.path.startswith(("/desk", "/admin", "/agents/"))]
    assert len(staff) > 30
    for door in staff:
        for method in door.methods & {"GET", "POST"}:
            answer = await browser.request(method, filled(door.path), headers=FORM)
            at_the_door = answer.status_code == 303 and answer.headers["location"].startswith("/agents/connexion")
            public = door.path.startswith(("/agents/connexion", "/agents/annuaire", *OURS)) or door.path.endswith(
                ".css"
            )
            assert at_the_door or public or answer.status_code in (401, 403, 404), door
    for path in ("/voice/incoming", "/voice/turn", "/sms/incoming", "/voice/status"):
        assert (await browser.post(path, data={"CallSid": "CA1", "MessageSid": "SM1"})).status_code == 403
    assert (await browser.get("/open311/v2/requests.json")).status_code == 403


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/.env", "/.git/config", "/admin/../.env"])
async def test_nothing_else_is_there(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code in (303, 401, 403, 404)
    assert not TELLING.search(answer.text)


@pytest.mark.parametrize(
    "path",
    ["/registre/documents/../../../etc/passwd", "/registre/documents/..%2f..%2fetc%2fpasswd", "/registre/documents/%00",
     "/scripts/..%2f..%2f/htmx.js", "/registre/documents/registre_traitements.md%00.html", "/admin/contenu/..%2f..%2f"],
)  # fmt: skip
async def test_no_path_leads_out_of_its_folder(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code in (303, 404)
    assert "root:" not in answer.text
