"""A text page over a scripted service, and a reader that uses it as a person does: reads pages, sends forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Protocol

import httpx
from fastapi import FastAPI

from callbot.calls.conversation import Conversations, Services
from callbot.calls.ports import KeepsCalls, RememberedSound
from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.bookings import Amendment, BookingDraft, NotBooked, NotChanged
from callbot.domain.events import (
    Amended,
    Booked,
    BookingFailed,
    BookingsFound,
    CallBackKept,
    Cancelled,
    ChangeFailed,
    DateHeld,
    DatesFound,
    Event,
    HandOverReason,
    HoldRefused,
    ItemsJudged,
    PeopleChecked,
    Reported,
)
from callbot.domain.items import ItemLine
from callbot.domain.meaning import Expectation, HeardAddress, HeardDate, Intent, Language, Meaning, YesNo
from callbot.domain.people import Report, Window
from callbot.domain.personal import PhoneNumber
from callbot.web.router import WebDeps, web_router
from tests.dialogue.world import CATALOGUE, FIRST, SECOND, THIRD, TWO_ITEMS, WORLD, candidate, dates

PUBLIC = "https://texte.example.fr"
FORM = {"content-type": "application/x-www-form-urlencoded"}
MEANINGS = {
    "un canapé et deux matelas": Meaning(items=TWO_ITEMS),
    "dans le sixième": Meaning(address=HeardAddress(insee="13206")),
    "12 rue de Rome": Meaning(address=HeardAddress(12, None, "rue de rome")),
    "conseiller": Meaning(wants_human=True),
    "oui": Meaning(yes_no=YesNo.YES),
    "english please": Meaning(intent=Intent.LANGUAGE, language=Language.ENGLISH),
}
TO_RECAP = ("un canapé et deux matelas", "dans le sixième", "12 rue de Rome")


class MovingClock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 10, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def pass_time(self, **units: float) -> None:
        self.at += timedelta(**units)


@dataclass(frozen=True)
class Last:
    """When something last happened."""

    last_event_at: datetime


@dataclass
class ScriptedServices:
    """Every port of a conversation. ``failing``: the event log raises; ``fails_after``: once so many are stored."""

    clock: MovingClock = field(default_factory=MovingClock)
    stored: dict[str, list[Event]] = field(default_factory=dict)
    at: dict[str, datetime] = field(default_factory=dict)
    asked_people: list[tuple[str, HandOverReason]] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    failing: bool = False
    fails_after: int | None = None

    def understand(
        self, text: str, expect: Expectation, *, today: date, offered: Sequence[date] = (), insee: str | None = None
    ) -> Meaning:
        return MEANINGS.get(text, Meaning())

    async def find(
        self, heard: HeardAddress, hypotheses: Sequence[str], sound: RememberedSound | None = None
    ) -> tuple[AddressCandidate, ...]:
        return (candidate(number=heard.number),)

    async def last_address(self, phone: PhoneNumber, since: datetime) -> StreetAddress | None:
        return None

    async def judge(self, items: tuple[ItemLine, ...], insee: str | None) -> ItemsJudged:
        return ItemsJudged(tuple(CATALOGUE[line.item].ruling for line in items), 1.0)

    async def dates(
        self,
        address: StreetAddress,
        items: tuple[ItemLine, ...],
        wish: HeardDate | None,
        after: date | None,
        caller: PhoneNumber | None,
    ) -> DatesFound:
        return dates(FIRST, SECOND, THIRD)

    async def hold(
        self, call_id: str, address: StreetAddress, items: tuple[ItemLine, ...], day: date
    ) -> DateHeld | HoldRefused:
        return DateHeld(day, self.clock.now())

    async def book(self, draft: BookingDraft) -> Booked | BookingFailed:
        if not draft.readback_accepted:
            return BookingFailed(NotBooked.NOT_READ_BACK)
        return Booked("AC47K", draft.day, "Sortez-les la veille au soir.", sms=draft.phone is not None)

    async def release(self, call_id: str) -> None:
        self.released.append(call_id)

    async def find_bookings(self, caller: PhoneNumber | None, references: tuple[str, ...]) -> BookingsFound:
        return BookingsFound(())

    async def cancel(self, reference: str) -> Cancelled | ChangeFailed:
        return ChangeFailed(NotChanged.UNKNOWN)

    async def amend(self, amendment: Amendment) -> Amended | ChangeFailed:
        return ChangeFailed(NotChanged.UNKNOWN)

    async def follow(self, call_id: str, event: Event, after: int) -> bool:
        known = self.stored.setdefault(call_id, [])
        if self.fails_after is not None and len(known) >= self.fails_after:
            raise ConnectionError("database away: 12 rue de Rome")
        if len(known) != after:
            return False
        known.append(event)
        self.at[call_id] = self.clock.now()
        return True

    async def events(self, call_id: str) -> list[Event]:
        if self.failing:
            raise ConnectionError("database away: 12 rue de Rome")
        return list(self.stored.get(call_id, []))

    async def summary(self, call_id: str) -> Last | None:
        return Last(self.at[call_id]) if call_id in self.at else None

    async def cut_off(self, caller: PhoneNumber, since: datetime, but: str) -> str | None:
        return None

    async def hand_over(self, call_id: str, reason: HandOverReason) -> None:
        self.asked_people.append((call_id, reason))

    async def check(self) -> PeopleChecked:
        return PeopleChecked(open=True)

    async def call_back(self, call_id: str, phone: PhoneNumber, reason: HandOverReason, window: Window) -> CallBackKept:
        return CallBackKept(window, sms=True)

    async def report(self, report: Report) -> Reported:
        return Reported(report.kind)

    def conversations(self, log: KeepsCalls | None = None) -> Conversations:
        """As after a start of the service: nothing is kept in memory. ``log``: another one than this."""
        return Conversations(Services(WORLD, self, self, self, self, log or self, self, self.clock))


@dataclass
class Form:
    """A form of a page: where it goes and what it sends. ``buttons``: by what they say."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    has_text: bool = False


class Page(HTMLParser):
    """What a page says and offers."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.status = response.status_code
        self.html = response.text
        self.title = ""
        self.said: list[str] = []
        self.forms: list[Form] = []
        self._inside: list[str] = []
        self._button: tuple[str, str] = ("", "")
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self.forms.append(Form(given["action"]))
            case "input":
                self.forms[-1].fields[given["name"]] = given["value"]
            case "textarea":
                self.forms[-1].has_text = True
            case "button":
                self._button = (given.get("name", ""), given.get("value", ""))
        if tag not in ("input", "meta", "link"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        match self._inside[-1]:
            case "title":
                self.title = data
            case "button":
                self.forms[-1].buttons[data] = self._button
            case _ if "ol" in self._inside:
                self.said.append(data.replace("\xa0", " "))

    @property
    def buttons(self) -> list[str]:
        """Everything that can be pressed."""
        return [label for form in self.forms for label in form.buttons]


class HasPages(Protocol):
    """What a reader needs of a service."""

    @property
    def app(self) -> FastAPI: ...


class Reader:
    """A browser without scripts, with its cookies."""

    def __init__(self, service: HasPages, address: str = "203.0.113.9", base: str = PUBLIC) -> None:
        transport = httpx.ASGITransport(service.app, client=(address, 40000))
        self.client = httpx.AsyncClient(transport=transport, base_url=base, headers={"origin": base})
        self.page: Page

    async def get(self, path: str) -> Page:
        self.page = Page(await self.client.get(path, follow_redirects=True))
        return self.page

    async def send(self, form: Form, **more: str) -> Page:
        data = {**form.fields, **more}
        self.page = Page(await self.client.post(form.action, data=data, headers=FORM, follow_redirects=True))
        return self.page

    async def begin(self) -> Page:
        await self.get("/texte")
        return await self.press(self.page.buttons[-1])

    async def press(self, label: str) -> Page:
        form = next(form for form in self.page.forms if label in form.buttons)
        name, value = form.buttons[label]
        return await self.send(form, **({name: value} if name else {}))

    async def write(self, *texts: str) -> Page:
        for text in texts:
            await self.send(self.form, message=text)
        return self.page

    @property
    def form(self) -> Form:
        """The one words are written in."""
        return next(form for form in self.page.forms if form.has_text)


class TextService:
    """The pages, as after a start of the service."""

    def __init__(self, services: ScriptedServices, public_url: str = PUBLIC, deps: WebDeps | None = None) -> None:
        deps = deps or WebDeps(services.conversations(), services, services.clock, public_url)
        self.app = FastAPI()
        self.app.include_router(web_router(deps))
