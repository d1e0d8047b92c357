"""What a call told about people, so that the lines of its transcript can be searched for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Booking
from callbot.domain.events import (
    AddressesFound,
    Amended,
    Booked,
    BookingsFound,
    CallAnswered,
    Cancelled,
    EarlierAddressFound,
    EarlierCallFound,
    Event,
    KeysPressed,
    Understood,
)
from callbot.domain.meaning import Meaning
from callbot.domain.personal import PhoneNumber

_LEAST_KEYS = 3
"""keys in a row that are more than an answer to a menu"""


@dataclass(frozen=True, slots=True)
class Known:
    """Personal. ``digits``: phone numbers in national form and long rows of keys; ``plain``: folded words that look
    like names and are none (communes)."""

    names: frozenset[str] = field(default=frozenset(), repr=False)
    digits: frozenset[str] = field(default=frozenset(), repr=False)
    numbers: frozenset[int] = field(default=frozenset(), repr=False)
    """house numbers"""
    streets: frozenset[str] = field(default=frozenset(), repr=False)
    emails: frozenset[str] = field(default=frozenset(), repr=False)
    references: frozenset[str] = field(default=frozenset(), repr=False)
    plain: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Gathered:
    names: set[str] = field(default_factory=set)
    digits: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    streets: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    references: set[str] = field(default_factory=set)


def known_of(events: Iterable[Event], plain: frozenset[str] = frozenset()) -> Known:
    """Everything that the events of a call hold about people, heard rightly or wrongly."""
    found = _Gathered()
    for event in events:
        _gather(found, event)
    return Known(
        frozenset(found.names),
        frozenset(found.digits),
        frozenset(found.numbers),
        frozenset(found.streets),
        frozenset(found.emails),
        frozenset(found.references),
        plain,
    )


def national(phone: PhoneNumber) -> str:
    """The digits as people say them: ``0612345678`` for a French number, all digits for others."""
    digits = phone.reveal().lstrip("+")
    return f"0{digits[2:]}" if digits.startswith("33") else digits


def _gather(found: _Gathered, event: Event) -> None:
    match event:
        case CallAnswered(caller=caller) if caller is not None:
            found.digits.add(national(caller))
        case Understood(meaning, readings):
            _gather_meaning(found, meaning)
            found.streets.update(readings)
        case KeysPressed(keys) if len(keys) >= _LEAST_KEYS:
            found.digits.add("".join(key for key in keys if key.isdigit()))
        case Booked(reference=reference) | Cancelled(reference=reference) | Amended(reference=reference):
            found.references.add(reference)
        case BookingsFound(bookings):
            for booking in bookings:
                _gather_booking(found, booking)
        case _:
            for address in _addresses(event):
                _gather_address(found, address)


def _addresses(event: Event) -> Iterator[StreetAddress]:
    match event:
        case AddressesFound(candidates):
            yield from (candidate.address for candidate in candidates)
        case EarlierAddressFound(address) | EarlierCallFound(address=address) if address is not None:
            yield address


def _gather_meaning(found: _Gathered, meaning: Meaning) -> None:
    spelled = meaning.spelled
    found.names.update(name for name in (meaning.name, spelled and spelled.name, spelled and spelled.heard) if name)
    if meaning.phone:
        found.digits.add(national(PhoneNumber(meaning.phone)))
    if meaning.address and meaning.address.number is not None:
        found.numbers.add(meaning.address.number)
    if meaning.address and meaning.address.street_heard:
        found.streets.add(meaning.address.street_heard)
    found.references.update(meaning.references)


def _gather_address(found: _Gathered, address: StreetAddress) -> None:
    found.streets.add(address.street)
    if address.number is not None:
        found.numbers.add(address.number)


def _gather_booking(found: _Gathered, booking: Booking) -> None:
    _gather_address(found, booking.address)
    found.references.add(booking.reference)
    if booking.name is not None:
        found.names.add(booking.name.reveal())
    if booking.email is not None:
        found.emails.add(booking.email.reveal())
    if booking.phone is not None:
        found.digits.add(national(booking.phone))
