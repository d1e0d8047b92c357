"""Hostile requests into what they ask for; everything is bounded, nothing of it is repeated in an error."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl

from callbot.domain.bookings import Author
from callbot.domain.geography import Point
from callbot.domain.items import ItemLine
from callbot.domain.personal import EmailAddress, Personal, PhoneNumber
from callbot.domain.references import parse_reference
from callbot.open311.problems import TOO_LARGE, bad
from callbot.open311.services import ServiceCode

MAX_BYTES = 32 * 1024
MAX_FIELDS = 100
MOST_REQUESTS = 1000
LONGEST_SPAN = timedelta(days=90)
_MOMENT = timedelta(microseconds=1)
_LAST = datetime.max.replace(tzinfo=UTC)
_LONGEST_TEXT = 300
_MOST_OF_ONE = 999
_MOST_IDS = 100
_FORM_TYPE = "application/x-www-form-urlencoded"
_ITEM = re.compile(r"([a-z0-9_-]{1,60})(?::([1-9][0-9]{0,2}))?", re.ASCII)
_DAY = re.compile(r"(2[0-9]{3}-[0-9]{2}-[0-9]{2})(?:[T ].*)?", re.ASCII)
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}", re.ASCII)
_EMAIL = re.compile(r"[^@\s<>\",;]{1,64}@[a-z0-9.-]{1,180}\.[a-z]{2,}", re.ASCII | re.IGNORECASE)

Fields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where: in words, at a point, or both; words count first."""

    words: Personal | None
    point: Point | None


@dataclass(frozen=True, slots=True)
class NewBooking:
    """What ``POST /requests`` of a bulky pickup asks for."""

    items: tuple[ItemLine, ...]
    day: date
    place: Place
    phone: PhoneNumber | None
    email: EmailAddress | None
    accepted: bool
    created_by: Author


@dataclass(frozen=True, slots=True)
class NewReport:
    """What ``POST /requests`` of a fly-tip or a missed pickup reports."""

    code: ServiceCode
    items: tuple[ItemLine, ...] = ()
    place: Place | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What ``GET /requests`` asks for: made from ``start`` on and before ``end``; ``ids`` set: these, and nothing else
    counts (GeoReport v2: "overrides all other arguments")."""

    ids: tuple[str, ...]
    codes: frozenset[str]
    open: bool | None
    start: datetime
    end: datetime
    first: int
    size: int


async def read_body(headers: Mapping[str, str], body: AsyncIterable[bytes]) -> Fields:
    """The fields of a posted form; raises ``ProblemError``."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_TYPE:
        raise bad(f"Envoyez un formulaire ({_FORM_TYPE}).")
    read = bytearray()
    async for chunk in body:
        read += chunk
        if len(read) > MAX_BYTES:
            raise TOO_LARGE
    return read_fields(bytes(read))


def read_fields(raw: bytes) -> Fields:
    """The fields of a query or a form, each with its values in order; raises ``ProblemError``."""
    if len(raw) > MAX_BYTES:
        raise TOO_LARGE
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise bad("Le formulaire ne se lit pas.") from None
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value)
    return fields


def text(fields: Fields, name: str) -> str:
    """The only value of a field as one line of visible characters, "" when it is not there."""
    values = fields.get(name, ())
    if len(values) > 1:
        raise bad(f"{name} n'est attendu qu'une fois.")
    value = values[0] if values else ""
    if len(value) > _LONGEST_TEXT:
        raise bad(f"{name} est trop long ({_LONGEST_TEXT} caractères au plus).")
    return " ".join("".join(char if char.isprintable() else " " for char in value).split())


def new_booking(fields: Fields) -> NewBooking:
    """The booking asked for; raises ``ProblemError``."""
    items = _items(fields)
    if not items:
        raise bad("Indiquez les objets dans attribute[items][].")
    return NewBooking(
        items,
        _day(text(fields, "attribute[date]")),
        _place(fields),
        _phone(text(fields, "phone")),
        _email(text(fields, "email")),
        text(fields, "attribute[accepted]").lower() in ("true", "1", "yes", "oui"),
        _author(text(fields, "attribute[created_by]").lower()),
    )


def new_report(code: ServiceCode, fields: Fields) -> NewReport:
    """The report made; raises ``ProblemError``."""
    if code is ServiceCode.FLY_TIP:
        return NewReport(code, _items(fields), _place(fields))
    reference = parse_reference(text(fields, "attribute[reference]"))
    if reference is None:
        raise bad("Indiquez la référence du rendez-vous dans attribute[reference].")
    return NewReport(code, reference=reference)


def wanted(fields: Fields, now: datetime) -> Wanted:
    """The requests asked for, those of the last 90 days where nothing is said; raises ``ProblemError``."""
    ids = tuple(dict.fromkeys(_list(fields, "service_request_id")))
    if len(ids) > _MOST_IDS:
        raise bad(f"service_request_id : {_MOST_IDS} au plus.")
    codes = _list(fields, "service_code")
    status = frozenset(_list(fields, "status"))
    if not status <= {"open", "closed"}:
        raise bad("status : open ou closed.")
    start, end = _span(fields, now)
    page, size = _number(fields, "page", 1, 100_000), _number(fields, "page_size", MOST_REQUESTS, MOST_REQUESTS)
    chosen = "open" in status if len(status) == 1 else None
    return Wanted(ids, frozenset(codes), chosen, start, end, (page - 1) * size, size)


def _span(fields: Fields, now: datetime) -> tuple[datetime, datetime]:
    start, end = _moment(fields, "start_date"), _moment(fields, "end_date")
    try:
        last = end or (start + LONGEST_SPAN if start else now)
        first = start or last - LONGEST_SPAN
    except OverflowError:
        raise bad("start_date et end_date : dates trop lointaines.") from None
    if first > last or last - first > LONGEST_SPAN:
        raise bad("De start_date à end_date : 90 jours au plus, dans l'ordre.")
    # end_date itself still counts.
    return first, last + _MOMENT if last < _LAST else last


def _moment(fields: Fields, name: str) -> datetime | None:
    raw = text(fields, name)
    if not raw:
        return None
    try:
        # A "+" that was not escaped arrives as a space.
        moment = datetime.fromisoformat(raw.replace(" ", "+"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise bad(f"{name} : une date comme 2026-11-23T00:00:00Z.") from None


def _number(fields: Fields, name: str, default: int, most: int) -> int:
    raw = text(fields, name)
    if not raw:
        return default
    if not (raw.isascii() and raw.isdigit()) or len(raw) > 6 or not 1 <= int(raw) <= most:
        raise bad(f"{name} : un nombre de 1 à {most}.")
    return int(raw)


def _list(fields: Fields, name: str) -> tuple[str, ...]:
    return tuple(part for part in (each.strip() for each in text_of_list(fields, name).split(",")) if part)


def text_of_list(fields: Fields, name: str) -> str:
    """A list of values with commas between, the field declared once or several times; longer than other texts."""
    return ",".join(fields.get(name, ()))


def _items(fields: Fields) -> tuple[ItemLine, ...]:
    """Things with their quantities; the same thing twice is one line."""
    values = (*fields.get("attribute[items][]", ()), *fields.get("attribute[items]", ()))
    counted: dict[str, int] = {}
    for part in (part.strip() for value in values for part in value.split(",")):
        if not part:
            continue
        read = _ITEM.fullmatch(part)
        if read is None:
            raise bad("attribute[items][] : un objet du catalogue, ou par exemple matelas:2.")
        counted[read[1]] = min(counted.get(read[1], 0) + int(read[2] or 1), _MOST_OF_ONE)
    if len(counted) > MAX_FIELDS:
        raise bad("attribute[items][] : trop d'objets différents.")
    return tuple(ItemLine(item, quantity) for item, quantity in counted.items())


def _day(raw: str) -> date:
    """The day, also of a moment; of this millennium, as those who count from it do not come over the end of time."""
    try:
        read = _DAY.fullmatch(raw)
        return date.fromisoformat(read[1] if read else "")
    except ValueError:
        raise bad("attribute[date] : une date qui existe, comme 2026-11-24.") from None


def _place(fields: Fields) -> Place:
    words, lat, lon = text(fields, "address_string"), text(fields, "lat"), text(fields, "long")
    point = _point(lat, lon) if lat or lon else None
    if not words and point is None:
        raise bad("Indiquez une adresse dans address_string, ou lat et long.")
    return Place(Personal(words) if words else None, point)


def _point(lat: str, lon: str) -> Point:
    try:
        point = Point(float(lon), float(lat))
    except ValueError:
        raise bad("lat et long : deux nombres, en degrés.") from None
    if not (-90 <= point.lat <= 90 and -180 <= point.lon <= 180):
        raise bad("lat et long : deux nombres, en degrés.")
    return point


def _phone(raw: str) -> PhoneNumber | None:
    if not raw:
        return None
    digits = re.sub(r"[ .()-]", "", raw)
    number = f"+33{digits[1:]}" if re.fullmatch(r"0[1-9][0-9]{8}", digits, re.ASCII) else digits
    if not _PHONE.fullmatch(number) or PhoneNumber(number).costs_extra:
        raise bad("phone : un numéro comme 0612345678 ou +33612345678.")
    return PhoneNumber(number)


def _email(raw: str) -> EmailAddress | None:
    if raw and not _EMAIL.fullmatch(raw):
        raise bad("email : une adresse comme nom@exemple.fr.")
    return EmailAddress(raw) if raw else None


def _author(raw: str) -> Author:
    if raw not in ("", "agent", "resident"):
        raise bad("attribute[created_by] : agent ou resident.")
    return Author.RESIDENT if raw == "resident" else Author.AGENT
