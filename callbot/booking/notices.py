"""What residents are told of their bookings: written and queued in the unit of work of what it tells."""

from __future__ import annotations

from datetime import datetime

from callbot.booking.ports import UnitOfWork, WritesNotices
from callbot.booking.units import takes_sms
from callbot.domain.bookings import Booking
from callbot.domain.notices import MessageChannel, Notice
from callbot.domain.territories import TerritoryRules


async def tell(
    work: UnitOfWork,
    writer: WritesNotices,
    notice: Notice,
    booking: Booking,
    territory: TerritoryRules | None,
    *,
    key: str,
    not_before: datetime | None = None,
) -> bool:
    """Queue ``notice`` for every way the resident left; whether an SMS is among them.

    ``key`` names the message: queued twice it leaves once. A number that answered STOP gets none.
    """
    if booking.phone is None or not takes_sms(booking) or await work.outgoing.opted_out(booking.phone):
        return False
    link = await work.bookings.link_of(booking.reference)
    text = writer.sms(notice, booking, territory, link)
    await work.outgoing.queue(key, MessageChannel.SMS, booking.phone, text, not_before)
    return True
