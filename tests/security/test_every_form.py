"""Every form that any page shows to anybody, sent with what no person would send: an answer, a page, nothing broken."""

from __future__ import annotations

import asyncio
import random
import re
from collections import deque
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from callbot.access import Administration, Passwords, Role
from callbot.bootstrap import Service, SystemClock
from callbot.privacy import load_key_ring
from callbot.web.crew.links import CrewLinks
from tests.fuzzing import tries
from tests.security.forms import Form, PageParts
from tests.security.test_every_route import TELLING
from tests.security.whole_service import BOOKED, PUBLIC, settings_for

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

FORM = {"content-type": "application/x-www-form-urlencoded"}
MARK = "<script>alert(7)</script>"
HOSTILE = [
    "", " ", "\x00", "a\x00b", MARK, f'" onmouseover="{MARK}', "{{7*7}}{%raw%}", "' OR 1=1 --", "${7*7}",
    "../../etc/passwd", "\r\nSet-Cookie: a=b", "9" * 400, "-1", "1e309", "NaN", "2026-02-30", "9999-12-31",
    "0001-01-01",
    "٣", "\u202e", "\ud7ff\U0010ffff", "é" * 3_000, "=cmd|' /C calc'!A0", "oui", "1", "0", "true", "+33899701234",
    "a@b.fr\r\nBcc: c@d.fr", "&#0;", "%00", "%",
]  # fmt: skip
MOST_PAGES = 60
OWN = "cheval pile agrafe correct"


async def signed_in(service: Service, browser: httpx.AsyncClient, role: Role) -> bool:
    """Signs somebody of this role in with a browser of their own."""
    passwords = Passwords()
    administration = Administration(service.storage.staff, passwords, SystemClock())
    account = await administration.add(f"{role.value}.essai", "Camille Essai", role, "quatre mots sans lien")
    async with service.storage.staff.writing() as work:
        await work.set_password(account.id, await passwords.hashed(OWN), must_change=False)  # type: ignore[union-attr]
    form = {"identifiant": f"{role.value}.essai", "mot_de_passe": OWN, "code": "", "vers": ""}
    return (await browser.post("/agents/connexion", data=form)).status_code == 303


def a_browser(service: Service, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(service.app, client=(address, 40000), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=PUBLIC, headers={"origin": PUBLIC})


async def crawl(browser: httpx.AsyncClient, starts: list[str], within: tuple[str, ...]) -> list[Form]:
    """Every form within reach, one of each action and set of fields."""
    waiting, seen, forms = deque(starts), set[str](), dict[str, Form]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.popleft()
        shape = re.sub(r"\d+", "1", path)
        if shape in seen or not path.startswith(within):
            continue
        seen.add(shape)
        answer = await browser.get(path, follow_redirects=True)
        assert answer.status_code < 500, path
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page = PageParts(path, answer.text)
        waiting.extend(sorted(page.links))
        for form in page.forms:
            forms.setdefault(f"{form.action} {sorted(form.fields)}", form)
    return list(forms.values())


def mutated(form: Form, dice: random.Random) -> dict[str, str]:
    """What the form sends, one to three fields changed, now and then one more or one less; its token stays."""
    sent = dict(form.fields)
    names = [name for name in sent if name != "jeton"] or ["x"]
    for name in dice.sample(names, min(len(names), dice.randint(1, 3))):
        sent[name] = dice.choice(HOSTILE)
    if dice.random() < 0.2:
        sent[dice.choice(["x", "n_" + MARK, "__proto__", "choix", "etape", "oui"])] = dice.choice(HOSTILE)
    if dice.random() < 0.2:
        sent.pop(dice.choice(names), None)
    return sent


async def send(browser: httpx.AsyncClient, form: Form, sent: dict[str, str]) -> httpx.Response:
    content = urlencode({name: value.encode("utf-8", "replace") for name, value in sent.items()})
    if form.method != "post":
        return await browser.get(f"{form.action.partition('?')[0]}?{content}")
    if form.file:
        return await browser.post(form.action, data=sent, files={"photo": ("../x.php", MARK.encode())})
    return await browser.post(form.action, content=content, headers=FORM)


async def attacked(browser: httpx.AsyncClient, forms: list[Form], each: int) -> tuple[list[str], set[int]]:
    """What went wrong, and every status that was given."""
    dice, wrong, statuses = random.Random(7), [], set()
    for form in forms:
        for _ in range(each):
            sent = mutated(form, dice)
            answer = await send(browser, form, sent)
            statuses.add(answer.status_code)
            if answer.status_code >= 500 or TELLING.search(answer.text) or MARK in answer.text:
                wrong.append(f"{form.method} {form.action} {sent}: {answer.status_code}")
    return wrong, statuses


EACH = max(6, tries(6).max_examples // 10)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.READ_ONLY])
async def test_no_form_of_staff_breaks(service: Service, role: Role, capsys: pytest.CaptureFixture[str]) -> None:
    address = f"203.0.113.{20 + list(Role).index(role)}"
    async with a_browser(service, address) as browser:
        assert await signed_in(service, browser, role)
        forms = await crawl(browser, ["/desk", "/admin", "/agents/compte"], ("/desk", "/admin", "/agents/compte"))
        changing = [form for form in forms if "deconnexion" not in form.action]
        assert len(changing) >= 3
        wrong, statuses = await attacked(browser, changing, EACH)
    assert wrong == []
    assert statuses & {400, 403, 409, 422, 303}
    logged = "".join(capsys.readouterr())
    assert "alert(7)" not in logged
    assert "page_failed" not in logged


async def test_no_form_of_residents_and_crews_breaks(
    service: Service, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today = SystemClock().now().date()
    async with a_browser(service, "203.0.113.40") as partner:
        for ahead in range(2, 20):
            form = BOOKED | {"attribute[date]": (today + timedelta(days=ahead)).isoformat()}
            made = await partner.post("/open311/v2/requests.json", data=form)
            if made.status_code == 200:
                break
        assert made.status_code == 200, made.text
    [booking] = await service.storage.bookings()
    async with service.storage.unit_of_work() as work:
        link = await work.bookings.link_of(booking.reference)
    keys = await asyncio.to_thread(load_key_ring, settings_for(folder))
    crew = CrewLinks(keys.index).link(booking.sector, today)
    for number, start in enumerate((f"/r/{link}", crew.path, "/texte")):
        async with a_browser(service, f"203.0.113.{50 + number}") as browser:
            if start == "/texte":
                await browser.post("/texte", data={}, follow_redirects=True)
            forms = await crawl(browser, [start, "/texte/conversation"][: 2 if start == "/texte" else 1], (start,))
            if start == crew.path:  # no pickup is left to enter on an empty day: the form is sent all the same
                fields = {
                    "jeton": crew.form_token,
                    "reference": booking.reference,
                    "resultat": "collected",
                    "raison": "",
                }
                forms.append(Form(start, start, "post", fields=fields))
            assert forms, start
            wrong, _ = await attacked(browser, forms, EACH)
            assert wrong == [], start
    logged = "".join(capsys.readouterr())
    assert "alert(7)" not in logged
    assert "page_failed" not in logged
