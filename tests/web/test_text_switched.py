"""The text page while new conversations go to people."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from callbot.domain.events import CallBackKept, HandOverReason, PeopleChecked
from callbot.domain.people import Window
from callbot.domain.personal import PhoneNumber
from callbot.web.instead import NO_NUMBER, NOT_KEPT, Instead, asking
from callbot.web.router import WebDeps
from tests.web.world import PUBLIC, Reader, ScriptedServices, TextService

HOURS = "du lundi au vendredi de 8 h à 18 h 30"


@dataclass
class People:
    """The switch, and call-backs as they were asked for."""

    services: ScriptedServices
    to_people: bool = True
    full: bool = False
    kept: list[tuple[str, PhoneNumber, HandOverReason]] = field(default_factory=list)

    async def switched(self) -> bool:
        return self.to_people

    async def check(self) -> PeopleChecked:
        now = self.services.clock.now()
        return PeopleChecked(open=True, window=None if self.full else Window(now, now.replace(hour=now.hour + 2)))

    async def call_back(self, call_id: str, phone: PhoneNumber, reason: HandOverReason, window: Window) -> CallBackKept:
        self.kept.append((call_id, phone, reason))
        return CallBackKept(window, sms=True)


@pytest.fixture
def people() -> People:
    return People(ScriptedServices())


@pytest.fixture
def reader(people: People) -> Reader:
    services = people.services
    phones = {"06 12 34 56 78": PhoneNumber("+33612345678")}
    deps = WebDeps(services.conversations(), services, services.clock, PUBLIC)
    instead = Instead(people.switched, lambda: HOURS, people, phones.get)
    return Reader(TextService(services, deps=replace(deps, instead=instead)))


async def test_who_comes_is_told_where_people_are_and_when(reader: Reader) -> None:
    page = await reader.get("/texte")
    assert page.status == 200
    assert "L'assistant automatique est arrêté" in page.html.replace("&#39;", "'")
    assert f'<a href="tel:0800949408">0800 94 94 08</a>, {HOURS}.' in page.html
    assert page.buttons == ["Me faire rappeler"]


async def test_who_asks_is_called_back(reader: Reader, people: People) -> None:
    page = await reader.get("/texte")
    form = page.forms[0]
    for _ in range(2):
        page = await reader.send(form, telephone="06 12 34 56 78")
        assert "Un conseiller vous rappelle aujourd'hui" in page.html.replace("&#39;", "'")
    assert set(people.kept) == {
        (f"texte-{form.fields['demande']}", PhoneNumber("+33612345678"), HandOverReason.DIVERTED)
    }


@pytest.mark.parametrize(("full", "given", "error"), [(False, "12", NO_NUMBER), (True, "06 12 34 56 78", NOT_KEPT)])
async def test_what_cannot_be_kept_is_said_beside_the_field(
    reader: Reader, people: People, given: str, error: str, *, full: bool
) -> None:
    people.full = full
    page = await reader.get("/texte")
    page = await reader.send(page.forms[0], telephone=given)
    assert page.title.startswith("Erreur")
    assert error in page.html.replace("&#39;", "'")
    assert people.kept == []
    assert page.forms[0].fields["telephone"] == given


async def test_a_conversation_going_on_goes_on_and_none_begins(reader: Reader, people: People) -> None:
    people.to_people = False
    await reader.begin()
    people.to_people = True
    page = await reader.write("un canapé et deux matelas")
    assert "Envoyer" in page.buttons
    page = await reader.press("Recommencer une conversation")
    assert page.buttons == ["Me faire rappeler"]
    assert 'href="/texte/conversation"' in page.html
    assert len(people.services.stored) == 1


async def test_once_the_bot_answers_again_the_form_leads_to_it(reader: Reader, people: People) -> None:
    page = await reader.get("/texte")
    people.to_people = False
    page = await reader.send(page.forms[0], telephone="06 12 34 56 78")
    assert page.buttons == ["Commencer"]
    assert people.kept == []


async def test_a_call_back_is_asked_for_from_our_own_page_only(reader: Reader, people: People) -> None:
    reader.client.headers["origin"] = "https://elsewhere.example"
    answer = await reader.client.post("/texte/rappel", data={"telephone": "06 12 34 56 78"})
    assert answer.status_code == 403
    assert people.kept == []


@pytest.mark.parametrize("name", ["", "../../x", "A" * 32, "a" * 33])
def test_a_name_that_is_none_of_ours_is_not_kept(name: str) -> None:
    assert asking(name) != name
