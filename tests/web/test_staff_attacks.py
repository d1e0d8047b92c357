"""What attackers try on the pages of staff."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from callbot.access.sessions import new_token
from callbot.web.staff.paths import own_path
from tests.web.resident_world import Page
from tests.web.staff_world import OWN, PUBLIC, Staff, StaffService

EVIL = {"origin": "https://evil.example"}
SIGN_IN = {"identifiant": "c.essai", "mot_de_passe": OWN, "code": "", "vers": ""}


async def test_the_cookie_is_strict_hidden_from_scripts_and_of_this_host_only(
    staff: Staff, office: StaffService
) -> None:
    await office.account("c.essai")
    answer = await staff.client.post("/agents/connexion", data=SIGN_IN)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-agents=")
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
        "path=/",
        "secure",
        "httponly",
        "samesite=strict",
    }


async def test_a_session_is_never_one_the_browser_brought_along(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    planted = new_token()
    staff.client.cookies.set("__Host-agents", planted.secret, domain="agents.example.fr")
    await staff.client.post("/agents/connexion", data=SIGN_IN)
    assert staff.cookie not in ("", planted.secret)
    assert await office.guard.sessions.present(planted) is None


async def test_signing_in_again_ends_the_session_before(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    await staff.client.post("/agents/connexion", data=SIGN_IN)
    first = staff.cookie
    await staff.client.post("/agents/connexion", data=SIGN_IN)
    assert staff.cookie != first
    staff.client.cookies.clear()
    staff.client.cookies.set("__Host-agents", first, domain="agents.example.fr")
    assert "/agents/connexion" in (await staff.get("/desk")).url


async def test_a_cookie_kept_opens_nothing_after_signing_out(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    await staff.sign_in("c.essai")
    kept = staff.cookie
    await staff.get("/agents/compte")
    await staff.press("Se déconnecter")
    staff.client.cookies.set("__Host-agents", kept, domain="agents.example.fr")
    assert "/agents/connexion" in (await staff.get("/desk")).url


async def test_another_site_signs_nobody_in(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    for headers in (EVIL, {"origin": "null"}):
        answer = await staff.client.post("/agents/connexion", data=SIGN_IN, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/desk/note", {"note": "x"}),
        ("/agents/deconnexion", {"x": "1"}),
        (
            "/agents/compte/mot-de-passe",
            {"actuel": OWN, "nouveau": "tulipe radar bocal", "encore": "tulipe radar bocal"},
        ),
        ("/agents/compte/second-facteur", {"actuel": OWN}),
        ("/agents/compte/second-facteur/code", {"code": "123456"}),
        ("/agents/compte/codes-de-secours", {"actuel": OWN}),
    ],
)
async def test_a_form_of_another_site_or_session_changes_nothing(
    staff: Staff, office: StaffService, path: str, fields: dict[str, str]
) -> None:
    account = await office.account("c.essai")
    await staff.sign_in("c.essai")
    page = await staff.get("/agents/compte")
    token = page.forms[0].fields["jeton"]
    for more, headers in (
        ({}, {}),
        ({"jeton": ""}, {}),
        ({"jeton": new_token().form_token}, {}),
        ({"jeton": "é"}, {}),
        ({"jeton": token}, EVIL),
        ({"jeton": token}, {"origin": "null"}),
    ):
        answer = await staff.client.post(path, data={**fields, **more}, headers=headers)
        assert answer.status_code == 403
        assert "Demande refusée" in answer.text
    assert office.told == []
    async with office.storage.staff.reading() as reads:
        known = await reads.of_id(account.id)
    assert known is not None
    assert known.secrets.pending_key is None
    assert await office.passwords.fits(OWN, known.secrets.password_hash)
    assert (await staff.get("/desk")).status == 200, "still signed in"
    answer = await staff.client.post("/desk/note", data={"note": "x", "jeton": token})
    assert (answer.text, office.told) == ("saved", ["x"])


async def test_an_old_browser_that_says_no_origin_is_held_by_the_token(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    await staff.sign_in("c.essai")
    token = (await staff.get("/agents/compte")).forms[0].fields["jeton"]
    del staff.client.headers["origin"]
    wrong = await staff.client.post("/desk/note", data={"note": "x", "jeton": token[:-1] + "_"})
    cross = {"sec-fetch-site": "cross-site"}
    elsewhere = await staff.client.post("/desk/note", data={"note": "x", "jeton": token}, headers=cross)
    right = await staff.client.post("/desk/note", data={"note": "x", "jeton": token})
    assert [one.status_code for one in (wrong, elsewhere, right)] == [403, 403, 200]


HOSTILE = [
    "https://evil.example", "//evil.example", "/\\evil.example", "/desk//evil.example", "/desk\\evil", "desk",
    "/desk\r\nSet-Cookie: a=b", "/deskevil", "/desk@evil.example", "/desk/../agents/deconnexion", "/texte",
    "javascript:alert(1)", "/desk?" + "a" * 300, "/desk#x", "/desk/é", "/agents/deconnexion", "/agents/annuaire",
    "/desk?\"><script>", " /desk", "/desk\n",
]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE)
async def test_nobody_is_sent_to_a_page_that_is_not_ours(staff: Staff, office: StaffService, path: str) -> None:
    assert own_path(path) == ""
    await office.account("c.essai")
    answer = await staff.client.post("/agents/connexion", data={**SIGN_IN, "vers": path})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    answer = await staff.client.get("/agents/connexion", params={"vers": path})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")


PIECES = st.sampled_from(["/", "desk", "admin", "..", "\\", ":", "@", "?", "#", "evil.example", "%2f", "agents/compte"])


@given(st.one_of(st.text(), st.lists(PIECES).map(lambda pieces: "/" + "".join(pieces))))
def test_whatever_is_asked_for_we_stay_on_our_own_pages(text: str) -> None:
    path = own_path(text)
    assert path in ("", text)
    reached = urlsplit(urljoin(f"{PUBLIC}/agents/connexion", path))
    assert f"{reached.scheme}://{reached.netloc}" == PUBLIC
    assert reached.path.startswith(("/desk", "/admin", "/agents/compte", "/agents/connexion"))


@pytest.mark.parametrize(
    "path", ["/desk", "/desk/call/CA12?onglet=histoire", "/admin/figures?du=2026-11-01&vue=jour", "/agents/compte"]
)
def test_our_own_pages_are_gone_back_to(path: str) -> None:
    assert own_path(path) == path


async def test_guessing_one_password_for_many_logins_ends_at_the_address(office: StaffService) -> None:
    await office.account("victim")
    attacker, agent = Staff(office, "198.51.100.7"), Staff(office, "203.0.113.9")
    async with attacker.client, agent.client:
        seen = []
        for number in range(41):
            form = {**SIGN_IN, "identifiant": f"login{number}"}
            seen.append((await attacker.client.post("/agents/connexion", data=form)).status_code)
        assert seen == [422] * 40 + [429]
        form = {**SIGN_IN, "identifiant": "victim"}
        assert (await attacker.client.post("/agents/connexion", data=form)).status_code == 429
        assert (await agent.client.post("/agents/connexion", data=form)).status_code == 303


async def test_neighbours_in_an_ipv6_network_count_together(office: StaffService) -> None:
    seen = []
    for number in range(41):
        one = Staff(office, f"2001:db8::{number:x}")
        async with one.client:
            form = {**SIGN_IN, "identifiant": f"login{number}"}
            seen.append((await one.client.post("/agents/connexion", data=form)).status_code)
    assert seen[-2:] == [422, 429]


async def test_a_flood_is_turned_away_before_anything_is_reckoned(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    seen = [(await staff.client.post("/agents/connexion", data={**SIGN_IN, "identifiant": "x"})) for _ in range(61)]
    assert [one.status_code for one in seen[5:60]] == [429] * 55
    assert "Trop de demandes de connexion" in seen[60].text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"identifiant=" + b"a" * 20_000, "application/x-www-form-urlencoded", 413),
        (b"a=1&a=2", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"f%d=1" % number for number in range(50)), "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
    ],
)
async def test_what_is_no_form_of_ours_is_refused(staff: Staff, content: bytes, kind: str, status: int) -> None:
    answer = await staff.client.post("/agents/connexion", content=content, headers={"content-type": kind})
    assert answer.status_code == status
    assert "Rien n'a changé" in Page(answer).text


@pytest.mark.parametrize("value", ["\x00", "' OR 1=1 --", "<script>alert(1)</script>", "a" * 5000, "\ud7ff\U0010ffff"])
async def test_hostile_words_sign_nobody_in_and_come_back_nowhere(
    staff: Staff, office: StaffService, value: str
) -> None:
    await office.account("c.essai")
    for field in ("identifiant", "mot_de_passe", "code"):
        answer = await staff.client.post("/agents/connexion", data={**SIGN_IN, "identifiant": "nobody", field: value})
        assert answer.status_code in (422, 429)
        assert "alert(1)" not in answer.text


@pytest.mark.parametrize("cookie", ["x", "a" * 43, "é", "../../etc/passwd", "a" * 4000])
async def test_a_made_up_cookie_is_nobody(staff: Staff, cookie: str) -> None:
    answer = await staff.client.get("/desk", headers={b"cookie": f"__Host-agents={cookie}".encode()})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/agents/connexion")


async def test_a_cookie_without_its_prefix_is_not_taken_over_https(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    await staff.sign_in("c.essai")
    bare = {"cookie": f"agents={staff.cookie}"}
    staff.client.cookies.clear()
    assert (await staff.client.get("/desk", headers=bare)).status_code == 303


async def test_every_answer_has_its_headers_and_is_kept_by_nobody(staff: Staff, office: StaffService) -> None:
    await office.account("c.essai")
    answers = [await staff.client.get("/agents/connexion"), await staff.client.get("/desk")]
    answers += [await staff.client.post("/agents/connexion", data=SIGN_IN), await staff.client.get("/agents/compte")]
    answers += [await staff.client.get("/agents/nothing"), await staff.client.get("/admin")]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_and_paths_are_pages_too(staff: Staff, method: str) -> None:
    answers = [await staff.client.request(method, path) for path in ("/agents/connexion", "/agents/x", "/agents")]
    assert [one.status_code for one in answers] == [405, 404, 404]
    assert all("Page introuvable" in Page(one).text for one in answers)


async def test_nothing_of_a_person_is_logged(staff: Staff, office: StaffService) -> None:
    account = await office.account("c.essai")
    with capture_logs() as logs:
        await staff.sign_in("c.essai", "un secret tapé")
        await staff.sign_in("c.essai")
        await staff.get("/admin")
    assert [log["event"] for log in logs] == ["sign_in_refused", "signed_in", "staff_page_refused"]
    assert account.id in repr(logs)
    for personal in ("c.essai", "Camille", "secret", OWN, "203.0.113.9", staff.cookie, PUBLIC):
        assert personal not in repr(logs)
