"""What hostile browsers, other sites and broken parts get: a page in French, no more."""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callbot.domain.events import CallerSpoke, KeysPressed
from callbot.web.protection import ALL_STARTS_A_MINUTE, STARTS_A_MINUTE, StartLimit, from_own_page, own_origin
from callbot.web.sessions import Cookies, new_session
from tests.web.world import FORM, PUBLIC, TO_RECAP, Page, Reader, ScriptedServices, TextService

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;",
)


def inputs(services: ScriptedServices) -> list[object]:
    events = [event for stored in services.stored.values() for event in stored]
    return [event for event in events if isinstance(event, CallerSpoke | KeysPressed)]


@pytest.mark.parametrize("text", ATTACKS)
async def test_hostile_text_is_shown_as_text(reader: Reader, text: str) -> None:
    await reader.begin()
    await reader.write(text)
    assert text in reader.page.said
    page = await reader.write(text + "a" * 600)
    assert page.status == 422
    assert "<script" not in page.html
    assert "<img" not in page.html


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=80), max_size=4))
def test_whatever_is_written_a_page_comes_back(texts: list[str]) -> None:
    async def talk() -> None:
        reader = Reader(TextService(ScriptedServices()))
        async with reader.client:
            await reader.begin()
            for text in texts:
                await reader.get("/texte/conversation")
                if not any(form.has_text for form in reader.page.forms):  # "0" ends it with a person
                    return
                await reader.send(reader.form, message=text.encode("utf-8", "replace").decode())
                assert reader.page.status in (200, 422)
                assert reader.page.title

    asyncio.run(talk())


@pytest.mark.parametrize("path", ["/texte", "/texte/conversation", "/texte/aide", "/texte/style.css", "/texte/rien"])
async def test_every_answer_carries_the_walls(reader: Reader, path: str) -> None:
    await reader.begin()
    headers = (await reader.client.get(path)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == ("public, max-age=3600" if path.endswith(".css") else "no-store")


async def test_pages_have_no_script_no_inline_style_and_nothing_from_elsewhere(reader: Reader) -> None:
    await reader.begin()
    await reader.write("")
    for path in ("/texte", "/texte/aide", "/texte/rien"):
        html = reader.page.html + (await reader.get(path)).html
        assert "<script" not in html
        assert " style=" not in html
        assert "<style" not in html
        assert "http" not in html


async def test_the_secret_is_in_a_strict_cookie_and_nowhere_else(
    reader: Reader, services: ScriptedServices, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await reader.get("/texte")
    answer = await reader.client.post("/texte", headers=FORM)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-texte=")
    for attribute in ("HttpOnly", "SameSite=strict", "Secure", "Path=/"):
        assert attribute in cookie
    assert "domain" not in cookie.lower()
    secret = cookie.removeprefix("__Host-texte=").partition(";")[0]
    page = await reader.get("/texte/conversation")
    assert secret not in page.html + answer.headers["location"] + caplog.text
    [call_id] = services.stored
    assert call_id.startswith("text-")
    assert secret not in call_id
    assert len(call_id) <= 64


async def test_on_loopback_without_https_the_cookie_still_comes_back() -> None:
    reader = Reader(TextService(ScriptedServices(), public_url=""), base="http://127.0.0.1:8080")
    async with reader.client:
        await reader.begin()
        assert reader.page.title.startswith("À vous de répondre")
        assert list(reader.client.cookies) == ["texte"]


@pytest.mark.parametrize("value", ["", "x", "a" * 43, "../../etc/passwd", "é" * 43, "a" * 44])
async def test_a_cookie_that_was_made_up_opens_and_makes_nothing(
    reader: Reader, services: ScriptedServices, value: str
) -> None:
    headers = {"cookie": f"__Host-texte={quote(value)}"}
    page = Page(await reader.client.get("/texte/conversation", headers=headers))
    assert page.status == 404
    posted = await reader.client.post("/texte/message", data={"message": "oui", "tour": "1"}, headers=FORM | headers)
    assert posted.status_code in (403, 404)
    assert services.stored == {}


async def test_a_planted_cookie_is_not_taken_over_by_a_new_conversation(
    reader: Reader, services: ScriptedServices
) -> None:
    planted = new_session()
    answer = await reader.client.post("/texte", headers=FORM | {"cookie": f"__Host-texte={planted.secret}"})
    assert planted.secret not in answer.headers["set-cookie"]
    assert planted.call_id not in services.stored


async def test_a_secret_opens_its_own_conversation_only(service: TextService, services: ScriptedServices) -> None:
    mine, theirs = Reader(service), Reader(service)
    async with mine.client, theirs.client:
        await mine.begin()
        await mine.write(TO_RECAP[0])
        await theirs.begin()
        assert TO_RECAP[0] not in theirs.page.html
        before = inputs(services)
        page = await theirs.send(mine.form, message="dans le sixième")
        assert page.status == 403
        assert inputs(services) == before


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 43])
@pytest.mark.parametrize("path", ["/texte/message", "/texte/recommencer", "/texte/quitter"])
async def test_a_form_without_its_token_is_refused(
    reader: Reader, services: ScriptedServices, path: str, token: str
) -> None:
    await reader.begin()
    before = {call: list(events) for call, events in services.stored.items()}
    data = {"jeton": token, "tour": "2", "message": "oui"}
    page = Page(await reader.client.post(path, data=data, headers=FORM))
    assert page.status == 403
    assert "0800 94 94 08" in page.html
    assert services.stored == before


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://ailleurs.example"},
        {"origin": "null"},
        {"origin": "http://texte.example.fr"},
        {"origin": PUBLIC + ".ailleurs.example"},
    ],
)
@pytest.mark.parametrize("path", ["/texte", "/texte/message", "/texte/recommencer", "/texte/quitter"])
async def test_a_form_of_another_site_is_refused(
    reader: Reader, services: ScriptedServices, path: str, headers: dict[str, str]
) -> None:
    await reader.begin()
    before = {call: list(events) for call, events in services.stored.items()}
    data = {**reader.form.fields, "message": "oui"}
    page = Page(await reader.client.post(path, data=data, headers=FORM | headers))
    assert page.status == 403
    assert services.stored == before


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 303)])
async def test_a_browser_that_names_no_origin_is_judged_by_the_site_it_names(
    reader: Reader, site: str, status: int
) -> None:
    del reader.client.headers["origin"]
    answer = await reader.client.post("/texte", headers=FORM | {"sec-fetch-site": site})
    assert answer.status_code == status


async def test_a_browser_too_old_to_name_either_is_served(reader: Reader) -> None:
    del reader.client.headers["origin"]
    await reader.begin()
    await reader.write(TO_RECAP[0])
    assert reader.page.status == 200


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"message=" + b"a" * 10_000, 403),
        ("application/x-www-form-urlencoded", b"message=" + b"a" * 20_000, 413),
        ("application/x-www-form-urlencoded", b"message=%FF%FE", 400),
        ("application/x-www-form-urlencoded", "message=é".encode(), 400),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(50)), 400),
        ("application/x-www-form-urlencoded", b"message=a&message=b", 400),
        ("application/json", b'{"message": "oui"}', 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("text/plain", b"message=oui", 415),
        ("", b"", 415),
    ],
)
async def test_a_body_that_is_no_form_of_ours_is_a_page_that_says_so(
    reader: Reader, services: ScriptedServices, content_type: str, body: bytes, status: int
) -> None:
    await reader.begin()
    page = Page(await reader.client.post("/texte/message", content=body, headers={"content-type": content_type}))
    assert page.status == status
    assert page.title
    assert "0800 94 94 08" in page.html
    assert inputs(services) == []


async def test_ten_kilobytes_of_message_are_told_to_be_too_long(reader: Reader, services: ScriptedServices) -> None:
    await reader.begin()
    page = await reader.write("a" * 10_000)
    assert page.status == 422
    assert "10000 caractères" in page.html
    assert inputs(services) == []


@pytest.mark.parametrize("turn", ["", "-1", "1e3", "²", "99999999999999999999", "x"])
@pytest.mark.parametrize("keys", ["", "1"])
async def test_a_turn_that_is_no_number_is_refused(
    reader: Reader, services: ScriptedServices, turn: str, keys: str
) -> None:
    await reader.begin()
    page = await reader.send(reader.form, tour=turn, touche=keys, message="oui")
    assert page.status == 400
    assert inputs(services) == []


@pytest.mark.parametrize("keys", ["12", "x", "é", "0\n"])
async def test_a_button_that_was_never_offered_is_refused(
    reader: Reader, services: ScriptedServices, keys: str
) -> None:
    await reader.begin()
    assert (await reader.send(reader.form, touche=keys)).status == 400
    assert inputs(services) == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/texte/rien", 404),
        ("GET", "/texte/../texte/x", 404),
        ("GET", "/texte/message", 405),
        ("PUT", "/texte", 405),
        ("DELETE", "/texte/conversation", 405),
    ],
)
async def test_other_paths_and_methods_get_a_page(reader: Reader, method: str, path: str, status: int) -> None:
    page = Page(await reader.client.request(method, path))
    assert page.status == status
    assert "Revenir à l'accueil" in page.html


async def test_a_database_that_is_away_is_a_page_with_a_way_to_a_person(
    reader: Reader, services: ScriptedServices, caplog: pytest.LogCaptureFixture
) -> None:
    await reader.begin()
    services.failing = True
    page = await reader.get("/texte/conversation")
    assert page.status == 503
    assert "0800 94 94 08" in page.html
    assert "rue de Rome" not in page.html + caplog.text
    await reader.write("oui") if page.forms else await reader.get("/texte")
    assert reader.page.status == 503


async def test_two_answers_at_once_to_one_question_are_one_answer(reader: Reader, services: ScriptedServices) -> None:
    await reader.begin()
    form = reader.form
    data = {**form.fields, "message": TO_RECAP[0]}
    both = await asyncio.gather(*(reader.client.post(form.action, data=data, headers=FORM) for _ in range(2)))
    assert [answer.status_code for answer in both] == [303, 303]
    assert len(inputs(services)) == 1


async def test_one_address_starts_ten_conversations_a_minute_and_no_more(
    service: TextService, services: ScriptedServices, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    reader, other = Reader(service), Reader(service, address="198.51.100.7")
    async with reader.client, other.client:
        for _ in range(STARTS_A_MINUTE):
            await reader.begin()
            assert reader.page.status == 200
        page = Page(await reader.client.post("/texte", headers=FORM))
        assert page.status == 429
        assert "0800 94 94 08" in page.html
        await other.begin()
        assert other.page.status == 200
        services.clock.pass_time(minutes=1)
        await reader.begin()
        assert reader.page.status == 200
    assert "203.0.113" not in caplog.text


async def test_the_conversation_that_goes_on_is_not_lost_when_another_may_not_start(
    service: TextService, services: ScriptedServices
) -> None:
    reader = Reader(service)
    async with reader.client:
        for _ in range(STARTS_A_MINUTE):
            await reader.begin()
        await reader.press("Recommencer une conversation")
        assert reader.page.status == 429
        assert (await reader.get("/texte/conversation")).title.startswith("À vous de répondre")


def test_a_subscriber_has_one_ipv6_network_and_all_together_have_a_limit() -> None:
    now = 0.0
    limit = StartLimit(lambda: now)
    assert [limit.allows(f"2001:db8::{n:x}") for n in range(STARTS_A_MINUTE + 1)] == [True] * STARTS_A_MINUTE + [False]
    assert limit.allows("2001:db8:0:1::1")
    rest = ALL_STARTS_A_MINUTE - STARTS_A_MINUTE - 1
    assert all(limit.allows(f"10.0.{n // 250}.{n % 250}") for n in range(rest))
    assert not limit.allows("192.0.2.1")


def test_a_session_shows_its_secret_to_nobody() -> None:
    session = new_session()
    assert session.secret not in repr(session)
    assert session.secret not in (session.call_id, session.form_token)
    assert session.form_token not in session.call_id
    assert Cookies(secure=True).read({"__Host-texte": session.secret}) == session
    assert Cookies(secure=True).read({"texte": session.secret}) is None


@pytest.mark.parametrize(
    ("public", "own"),
    [
        ("https://bot.example.fr", "https://bot.example.fr"),
        ("https://Bot.Example.FR", "https://bot.example.fr"),
        ("https://bot.example.fr:443", "https://bot.example.fr"),
        ("http://bot.example.fr:80/", "http://bot.example.fr"),
        ("https://bot.example.fr:80", "https://bot.example.fr:80"),
        ("https://bot.example.fr:8443/", "https://bot.example.fr:8443"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_our_own_pages_are_known_however_the_public_address_is_written(public: str, own: str) -> None:
    assert own_origin(public, "") == own
    assert from_own_page({"origin": own}, own_origin(public, ""))
    assert not from_own_page({"origin": own + ".evil.example"}, own_origin(public, ""))
