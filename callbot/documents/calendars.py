"""Calendar files (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event
from icalendar.timezone import tzp

from callbot.domain.bookings import Booking
from callbot.domain.crew import CrewSheet, CrewStop
from callbot.domain.territories import PutOut

_MAKER = "-//Callbot encombrants//FR"
_EVENING = time(19, 0)
"""of the alarm, where no hour of putting out in the evening is known"""


# Read now: the first time it is needed may be in the middle of a unit of work, which waits for no disk.
tzp.localize_utc(datetime(2000, 1, 1, tzinfo=UTC))


def pickup_ics(
    booking: Booking,
    items: Sequence[str],
    put_out: PutOut | None,
    *,
    sequence: int = 0,
    cancelled: bool = False,
    made_at: datetime,
) -> bytes:
    """The pickup for the resident's calendar: an all-day event, an alarm the evening before.

    ``items`` as people read them. The event keeps its UID for the life of the booking and a higher ``sequence``
    replaces a lower one, so that a changed day moves it instead of adding another. No phone, no name.
    """
    what = ", ".join(items)
    event = Event()
    event.add("uid", f"pickup-{booking.reference.lower()}@callbot.invalid")
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("sequence", sequence)
    event.add("dtstart", booking.day)
    event.add("dtend", booking.day + timedelta(days=1))
    event.add("summary", f"{'Annulé : ' if cancelled else ''}Encombrants, référence {booking.reference}")
    event.add("description", _cancelled(what) if cancelled else _description(booking, what, put_out))
    event.add("location", _place(booking))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    if not cancelled:
        event.add_component(_alarm(booking, put_out))
    return _file(event)


def sheet_ics(sheet: CrewSheet) -> bytes:
    """The round as one all-day event with its stops in driving order: thirty events a day would hide the rest."""
    event = Event()
    day = f"{sheet.day:%Y%m%d}"
    event.add("uid", f"round-{day}-{sheet.sector_id}@callbot.invalid")
    # The file says nothing of when it was made, so that the same round is the same file.
    event.add("dtstamp", datetime.combine(sheet.day, time(), UTC))
    event.add("dtstart", sheet.day)
    event.add("dtend", sheet.day + timedelta(days=1))
    count = len(sheet.stops)
    event.add("summary", f"Encombrants {sheet.sector_name} : {count} arrêt{'s' if count > 1 else ''}")
    event.add("description", "\n".join(_line(stop) for stop in sheet.stops))
    event.add("class", "PRIVATE")
    return _file(event)


def _file(event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _alarm(booking: Booking, put_out: PutOut | None) -> Alarm:
    """The evening before at the hour from which things may be put out."""
    hour = put_out.start if put_out is not None and put_out.evening_before else _EVENING
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Encombrants demain, référence {booking.reference}")
    alarm.add("trigger", timedelta(hours=hour.hour, minutes=hour.minute) - timedelta(days=1))
    return alarm


def _description(booking: Booking, what: str, put_out: PutOut | None) -> str:
    lines = [f"Objets : {what}.", f"Écrivez la référence {booking.reference} sur vos objets."]
    if put_out is not None:
        lines.append(put_out.spoken)
    return "\n".join(lines)


def _cancelled(what: str) -> str:
    return f"Ce rendez-vous est annulé : ne sortez pas vos objets ({what})."


def _place(booking: Booking) -> str:
    address = booking.address
    return f"{address.line}, {address.postcode} {address.commune}"


def _line(stop: CrewStop) -> str:
    address = f"{stop.address.line}, {stop.address.postcode} {stop.address.commune}"
    note = f" (accès : {stop.note.reveal()})" if stop.note else ""
    return f"{stop.rank}. {stop.reference} : {address}. {', '.join(stop.items)}{note}. {stop.state.capitalize()}."
