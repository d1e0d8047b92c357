"""The page of a booking over a real database, the rules of the sample and a small address base."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import httpx
from fastapi import FastAPI
from PIL import Image

from callbot.booking import BookingDesk
from callbot.booking.completing import Completing
from callbot.booking.looking import Looking
from callbot.domain.addresses import AddressCandidate, NumberCheck, StreetAddress
from callbot.domain.bookings import Booking, BookingDraft
from callbot.domain.events import Booked
from callbot.domain.geography import Commune, Point
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardAddress
from callbot.messages import BookingTexts
from callbot.privacy import KeyRing
from callbot.storage import Storage
from callbot.web.rendering import STYLE, style_sheet
from callbot.web.resident.router import ResidentDeps, resident_router
from tests.booking.sample import CATALOGUE, SECTOR, TEMPLATES, THURSDAY, PinnedClock, SampleRules, draft, rules_with

PUBLIC = "https://rdv.example.fr"
KEYS = KeyRing({"test": bytes(range(32))}, "test", bytes(32))
COMMUNES = (
    Commune("13206", "Marseille 6e", ("13006",)),
    Commune("13211", "Marseille 11e", ("13011",)),
    Commune("13056", "Martigues", ("13500",)),
)
RULES = rules_with(sectors=(replace(SECTOR, capacity=2), *rules_with().territories[0].sectors[1:]))
CALENDAR_FILE = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@dataclass
class SmallBase:
    """Two streets in each commune; nothing is like "nulle part"."""

    asked: list[HeardAddress] = field(default_factory=list)

    async def find(self, heard: HeardAddress, hypotheses: Sequence[str]) -> tuple[AddressCandidate, ...]:
        self.asked.append(heard)
        if heard.street_heard is None or "nulle part" in heard.street_heard.casefold():
            return ()
        commune = next(one for one in COMMUNES if one.insee == heard.insee)
        places = (("Rue de Rome", Point(5.3826, 43.2890)), ("Rue Dragon", Point(5.3770, 43.2880)))
        return tuple(
            AddressCandidate(
                StreetAddress(
                    street, commune.insee, commune.name, commune.postcodes[0], heard.number, heard.repetition, point
                ),
                0.9,
                0.8,
                NumberCheck.UNKNOWN if heard.number == 999 else NumberCheck.KNOWN,
            )
            for street, point in places
        )


@dataclass
class ResidentService:
    """The page and what stands behind it."""

    storage: Storage
    clock: PinnedClock
    desk: BookingDesk
    base: SmallBase
    app: FastAPI

    async def booked(self, draft: BookingDraft) -> tuple[str, str]:
        """Reference and link of a new booking."""
        done = await self.desk.book(draft)
        assert isinstance(done, Booked)
        async with self.storage.unit_of_work() as work:
            return done.reference, await work.bookings.link_of(done.reference)

    async def booking(self, reference: str) -> Booking:
        found = await self.storage.booking(reference)
        assert found is not None
        return found


@asynccontextmanager
async def resident_service(
    template: Path, folder: Path, public_url: str = PUBLIC, rules: SampleRules = RULES
) -> AsyncIterator[ResidentService]:
    """A service over a copy of the migrated database ``template``."""
    clock, path = PinnedClock(), folder / "page.db"
    shutil.copyfile(template, path)
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", KEYS, clock.now) as storage:
        desk = BookingDesk(storage.unit_of_work, rules, clock, BookingTexts(TEMPLATES, CATALOGUE))
        base = SmallBase()
        deps = ResidentDeps(
            bookings=storage,
            desk=desk,
            completing=Completing(storage.unit_of_work, clock),
            looking=Looking(storage.unit_of_work, rules, clock),
            addresses=base,
            communes=COMMUNES,
            catalogue=CATALOGUE,
            calendar=lambda booking: CALENDAR_FILE,
            clock=clock,
            public_url=public_url,
            opinions=storage.satisfaction,
        )
        app = FastAPI()
        app.include_router(resident_router(deps))
        app.get(STYLE)(style_sheet)
        yield ResidentService(storage, clock, desk, base, app)


def a_draft(call_id: str = "CA1", day: date = THURSDAY) -> BookingDraft:
    """A mattress and a wardrobe on Thursday."""
    items = (ItemLine("matelas", 1, "un matelas"), ItemLine("armoire", 1, "une armoire"))
    return replace(draft(call_id, day), items=items)


def a_photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **more: object) -> bytes:
    """A picture with a red left half."""
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    written = BytesIO()
    picture.save(written, kind, **more)
    return written.getvalue()


@dataclass
class Form:
    """A form of a page: where it goes, what it sends, what its buttons add."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """What a page says and offers."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.status = response.status_code
        self.headers = response.headers
        self.url = str(response.url)
        self.html = response.text
        self.words: list[str] = []
        self.links: list[str] = []
        self.images: list[str] = []
        self.forms: list[Form] = []
        self._select = ""
        self._button: tuple[str, str] | None = None
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        checked = any(name in ("checked", "selected") for name, _ in attrs)
        match tag:
            case "form":
                self.forms.append(Form(given["action"]))
            case "input":
                self._input(given, checked=checked)
            case "select":
                self._select = given["name"]
            case "option":
                self._choice(self._select, given["value"], checked)
            case "button":
                self._button = (given.get("name", ""), given.get("value", ""))
            case "a":
                self.links.append(given["href"])
            case "img":
                self.images.append(given["src"])

    def _input(self, given: dict[str, str], *, checked: bool) -> None:
        match given.get("type"):
            case "radio":
                self._choice(given["name"], given["value"], checked)
            case "checkbox" if checked:
                self.forms[-1].fields[given["name"]] = given["value"]
            case "checkbox" | "file":
                pass
            case _:
                self.forms[-1].fields[given["name"]] = given.get("value", "")

    def _choice(self, name: str, value: str, checked: bool) -> None:
        self.forms[-1].choices.setdefault(name, []).append(value)
        if checked:
            self.forms[-1].fields[name] = value

    def handle_data(self, data: str) -> None:
        if self._button is not None and data.strip():
            self.forms[-1].buttons[data.strip()] = self._button
            self._button = None
        self.words.append(data)

    @property
    def text(self) -> str:
        """Everything it says, on one line."""
        return " ".join(" ".join(self.words).replace("\xa0", " ").split())


class Resident:
    """A browser without scripts that has the link."""

    def __init__(self, service: ResidentService, token: str, address: str = "203.0.113.9") -> None:
        transport = httpx.ASGITransport(service.app, client=(address, 40000))
        self.client = httpx.AsyncClient(transport=transport, base_url=PUBLIC, headers={"origin": PUBLIC})
        self.path = f"/r/{token}"
        self.page: Page

    async def get(self, path: str = "") -> Page:
        self.page = Page(await self.client.get(self.path + path, follow_redirects=True))
        return self.page

    async def send(self, form: Form, button: str, **more: str) -> Page:
        """Presses ``button`` after ``more`` was filled in."""
        name, value = form.buttons[button]
        data = {**form.fields, **more, **({name: value} if name else {})}
        self.page = Page(await self.client.post(form.action, data=data, follow_redirects=True))
        return self.page

    async def fill(self, button: str, **more: str) -> Page:
        """The form of the page that has this button."""
        return await self.send(self.form(button), button, **more)

    def form(self, button: str) -> Form:
        return next(form for form in self.page.forms if button in form.buttons)

    async def upload(self, file: bytes, name: str = "photo.jpg", kind: str = "image/jpeg") -> Page:
        await self.get("/photos")
        form = self.form("Envoyer la photo")
        files = {"photo": (name, file, kind)}
        answer = await self.client.post(form.action, data=form.fields, files=files, follow_redirects=True)
        self.page = Page(answer)
        return self.page
