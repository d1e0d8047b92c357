"""The judge: what is in the database when the call is over, against what the scenario expects. Nothing else counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from callbot.domain.bookings import Booking, BookingStatus
from callbot.rehearsal.report import CallReport
from callbot.rehearsal.scenario import Expect, WantedBooking
from callbot.rehearsal.truth import folded


@dataclass(frozen=True, slots=True)
class Outcome:
    """The final state of one call in the database."""

    bookings: tuple[Booking, ...]
    held: bool
    """a place is still kept for the call"""
    sms_to: tuple[str, ...]
    """numbers (E.164) that a confirmation was queued or sent to"""
    hand_over: str | None
    ended: str | None


class OutcomeReader(Protocol):
    """Reads the database as an outsider."""

    async def outcome(self, call_id: str) -> Outcome:
        """What the call left behind, once it is closed."""
        ...


def faults(expect: Expect, outcome: Outcome, today: date) -> list[str]:
    """What is not as expected, in words; [] when all is. Never quotes an address or a number."""
    found = _booking_faults(expect, outcome, today)
    if not outcome.bookings and outcome.held:
        found.append("a place is still held though nothing was booked")
    if expect.ended and outcome.ended not in expect.ended:
        found.append(f"ended: {outcome.ended or 'not at all'}, expected {' or '.join(expect.ended)}")
    if expect.hand_over and outcome.hand_over not in expect.hand_over:
        found.append(f"hand-over: {outcome.hand_over or 'none'}, expected {' or '.join(expect.hand_over)}")
    return found


def ring_faults(expect: Expect, report: CallReport, *, has_words: bool) -> list[str]:
    """What was wrong with the call itself, whatever the database says."""
    found = []
    if has_words and report.utterances == 0:
        found.append("the caller never came to speak: this run shows nothing")
    if expect.twiml and (report.end is None or report.end.value != expect.twiml):
        found.append(f"the phone company was told {report.end.value if report.end else 'nothing'}, not {expect.twiml}")
    acts = {mark.partition(":")[0] for mark in report.marks}
    return found + [f"{act} was never heard" for act in expect.heard if act not in acts]


def in_words(outcome: Outcome) -> str:
    """The outcome in one word or two for the report."""
    if outcome.bookings:
        return "booked"
    if outcome.hand_over:
        return f"handed over: {outcome.hand_over}"
    return f"ended: {outcome.ended or 'not at all'}"


def _booking_faults(expect: Expect, outcome: Outcome, today: date) -> list[str]:
    if expect.booking == "none":
        return [f"{len(outcome.bookings)} booking(s), expected none"] if outcome.bookings else []
    if len(outcome.bookings) != 1:
        return [f"{len(outcome.bookings)} bookings, expected one"]
    booking = outcome.bookings[0]
    return [*_differences(expect.booking, booking, today), *_sms_faults(expect.booking, booking, outcome.sms_to)]


def _differences(wanted: WantedBooking, booking: Booking, today: date) -> list[str]:
    address, days = booking.address, wanted.days
    items = Counter({line.item: line.quantity for line in booking.items})
    phone = booking.phone.reveal() if booking.phone else None
    checks = {
        "status": booking.status is BookingStatus.BOOKED,
        "street": folded(address.street) == folded(wanted.street),
        "number": address.number == wanted.number,
        "insee": address.insee == wanted.insee,
        "day": today + timedelta(days=days.first) <= booking.day <= today + timedelta(days=days.last),
        "phone": phone == wanted.phone,
    }
    found = [f"the {name} of the booking is not the wanted one" for name, right in checks.items() if not right]
    if items != Counter(wanted.items):
        found.append(f"items {_listed(items)}, expected {_listed(Counter(wanted.items))}")
    return found


def _sms_faults(wanted: WantedBooking, booking: Booking, sms_to: Sequence[str]) -> list[str]:
    if not wanted.sms or wanted.phone is None:
        return [f"{len(sms_to)} SMS though none was wanted"] if sms_to else []
    if list(sms_to) != [wanted.phone]:
        return [f"{len(sms_to)} SMS, expected one to the wanted number ({booking.status.value})"]
    return []


def _listed(items: Counter[str]) -> str:
    return ", ".join(f"{quantity} {item}" for item, quantity in sorted(items.items())) or "none"
