"""The judge: what is in the database when the call is over, against what the scenario expects. Nothing else counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from callbot.domain.bookings import Booking, BookingStatus
from callbot.domain.data_rights import DataRight
from callbot.domain.people import ReportKind
from callbot.rehearsal.expectations import Days, Expect, GivenAfterwards, WantedBooking
from callbot.rehearsal.report import CallReport
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
    given: tuple[Booking | None, ...] = ()
    """what became of the bookings made before the call, in their order; None: not there any more"""
    call_backs: int = 0
    reports: tuple[ReportKind, ...] = ()
    data_rights: tuple[DataRight, ...] = ()
    """what was asked about one's data, as the register has it"""
    entries: tuple[str, ...] = ()
    """entries of the knowledge base that were said"""
    gaps: int = 0
    """questions noted as unanswered"""


class OutcomeReader(Protocol):
    """Reads the database as an outsider."""

    async def outcome(self, call_id: str, given: Sequence[str] = ()) -> Outcome:
        """What the call left behind, once it is closed; ``given``: references of bookings made before it."""
        ...


def faults(expect: Expect, outcome: Outcome, today: date, given: Sequence[Booking] = ()) -> list[str]:
    """What is not as expected, in words; [] when all is. Never quotes an address or a number.

    ``given``: the bookings made before the call, as they were.
    """
    found = _booking_faults(expect, outcome, today) + _given_faults(expect, outcome, today, given)
    if not outcome.bookings and outcome.held:
        found.append("a place is still held though nothing was booked")
    if expect.ended and outcome.ended not in expect.ended:
        found.append(f"ended: {outcome.ended or 'not at all'}, expected {' or '.join(expect.ended)}")
    if expect.hand_over and outcome.hand_over not in expect.hand_over:
        found.append(f"hand-over: {outcome.hand_over or 'none'}, expected {' or '.join(expect.hand_over)}")
    return found + _follow_up_faults(expect, outcome)


def ring_faults(expect: Expect, report: CallReport, *, has_words: bool) -> list[str]:
    """What was wrong with the call itself, whatever the database says."""
    found = []
    if has_words and report.deeds == 0:
        found.append("the caller never came to speak: this run shows nothing")
    if expect.twiml and (report.end is None or report.end.value != expect.twiml):
        found.append(f"the phone company was told {report.end.value if report.end else 'nothing'}, not {expect.twiml}")
    acts = {mark.partition(":")[0] for mark in report.marks}
    found += [f"{act} was never heard" for act in expect.heard if act not in acts]
    found += [f"{act} was heard" for act in expect.not_heard if act in acts]
    if expect.most_turns is not None and report.deeds > expect.most_turns:
        found.append(f"{report.deeds} turns of the caller, expected {expect.most_turns} at most")
    return found


def in_words(outcome: Outcome) -> str:
    """The outcome in one word or two for the report."""
    if outcome.bookings:
        return "booked"
    if outcome.call_backs:
        return "call-back kept"
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
    address = booking.address
    checks = {
        "status": booking.status is BookingStatus.BOOKED,
        "street": folded(address.street) == folded(wanted.street),
        "number": address.number == wanted.number,
        "insee": address.insee == wanted.insee,
        "day": _within(wanted.days, booking.day, today),
        "phone": _phone(booking) == wanted.phone,
    }
    found = [f"the {name} of the booking is not the wanted one" for name, right in checks.items() if not right]
    if _items(booking) != Counter(wanted.items):
        found.append(f"items {_listed(_items(booking))}, expected {_listed(Counter(wanted.items))}")
    return found


def _sms_faults(wanted: WantedBooking, booking: Booking, sms_to: Sequence[str]) -> list[str]:
    if not wanted.sms or wanted.phone is None:
        return [f"{len(sms_to)} SMS though none was wanted"] if sms_to else []
    if list(sms_to) != [wanted.phone]:
        return [f"{len(sms_to)} SMS, expected one to the wanted number ({booking.status.value})"]
    return []


def _given_faults(expect: Expect, outcome: Outcome, today: date, given: Sequence[Booking]) -> list[str]:
    wanted = expect.given or tuple(GivenAfterwards() for _ in given)
    found: list[str] = []
    for place, (before, after, change) in enumerate(zip(given, outcome.given, wanted, strict=True), 1):
        if after is None:
            found.append(f"booking {place} that was given is gone")
            continue
        wrong = [name for name, right in _changed_as_wanted(before, after, change, today).items() if not right]
        found += [f"the {name} of booking {place} that was given is not as wanted" for name in wrong]
    return found


def _changed_as_wanted(before: Booking, after: Booking, change: GivenAfterwards, today: date) -> dict[str, bool]:
    items = _items(before) if change.items is None else Counter(change.items)
    return {
        "status": after.status.value == (change.status or before.status.value),
        "items": _items(after) == items,
        "day": (after.day != before.day) is change.moved and _within(change.days, after.day, today),
        "phone": _phone(after) == (change.phone or _phone(before)),
    }


def _follow_up_faults(expect: Expect, outcome: Outcome) -> list[str]:
    """What people are left with: call-backs, reports, answers and questions without one."""
    found = []
    if expect.call_back is not None and (outcome.call_backs == 1) is not expect.call_back:
        found.append(f"{outcome.call_backs} call-back(s), expected {'one' if expect.call_back else 'none'}")
    if expect.report is not None:
        kinds = [] if expect.report == "none" else [expect.report]
        if list(outcome.reports) != kinds:
            found.append(f"reports: {', '.join(outcome.reports) or 'none'}, expected {expect.report}")
    if expect.data_right is not None:
        rights = [] if expect.data_right == "none" else [expect.data_right]
        if list(outcome.data_rights) != rights:
            asked = ", ".join(outcome.data_rights) or "none"
            found.append(f"requests about data: {asked}, expected {expect.data_right}")
    found += [f"entry {entry} was never said" for entry in expect.answered if entry not in outcome.entries]
    if expect.gap is not None and bool(outcome.gaps) is not expect.gap:
        found.append(f"{outcome.gaps} question(s) noted as unanswered, expected {'one' if expect.gap else 'none'}")
    return found


def _within(days: Days | None, day: date, today: date) -> bool:
    return days is None or today + timedelta(days=days.first) <= day <= today + timedelta(days=days.last)


def _items(booking: Booking) -> Counter[str]:
    return Counter({line.item: line.quantity for line in booking.items})


def _phone(booking: Booking) -> str | None:
    return booking.phone.reveal() if booking.phone else None


def _listed(items: Counter[str]) -> str:
    return ", ".join(f"{quantity} {item}" for item, quantity in sorted(items.items())) or "none"
