"""What residents are told of their bookings: written and queued in the unit of work of what it tells."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from callbot.booking.ports import UnitOfWork, WritesNotices
from callbot.booking.units import takes_sms
from callbot.domain.bookings import Booking
from callbot.domain.notices import MessageChannel, Notice
from callbot.domain.territories import TerritoryRules
from callbot.settings import LOCAL_ZONE

_TO_COME = (Notice.CONFIRMATION, Notice.AMENDMENT, Notice.REMINDER, Notice.REPLANNED)
_TELLS_A_CHANGE = (Notice.AMENDMENT, Notice.CANCELLATION, Notice.REPLANNED)
"""after one of these, what was told before and still tries to leave is wrong"""


async def told_by_sms(work: UnitOfWork, booking: Booking) -> bool:
    """True when an SMS about this booking goes out: it left a French mobile, and the number did not answer STOP."""
    return booking.phone is not None and takes_sms(booking) and not await work.outgoing.opted_out(booking.phone)


async def tell(
    work: UnitOfWork,
    writer: WritesNotices,
    notice: Notice,
    booking: Booking,
    territory: TerritoryRules | None,
    *,
    key: str,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> bool:
    """Queue ``notice`` for every way the resident left; whether an SMS is among them.

    ``key`` names the message: queued twice it leaves once, between ``not_before`` and ``not_after`` where given. A
    number that answered STOP gets no SMS; a landline is rung only where its owner
    asked for it, and only for what they asked: the evening before. An e-mail about a pickup to come does not leave
    after its day: it may wait long, where no mail server is set.
    """
    if notice in _TELLS_A_CHANGE:
        await work.outgoing.overtake(booking.reference)
    if booking.email is not None:
        text = writer.email(notice, booking, territory, await work.bookings.link_of(booking.reference))
        until = not_after or (_day_is_over(booking) if notice in _TO_COME else None)
        await work.outgoing.queue(
            f"{key}:email", MessageChannel.EMAIL, booking.email, text, not_before=not_before, not_after=until
        )
    if booking.phone is None:
        return False
    if not takes_sms(booking):
        if booking.calls_wanted and booking.phone.is_french_landline and notice is Notice.REMINDER:
            said = writer.spoken(notice, booking, territory)
            await work.outgoing.queue(
                f"{key}:voice", MessageChannel.VOICE, booking.phone, said, not_before=not_before, not_after=not_after
            )
        return False
    text = writer.sms(notice, booking, territory, await work.bookings.link_of(booking.reference))
    return await work.outgoing.queue_sms(key, booking.phone, text, not_before=not_before, not_after=not_after)


def _day_is_over(booking: Booking) -> datetime:
    """The midnight after the pickup day."""
    return datetime.combine(booking.day + timedelta(days=1), time.min, LOCAL_ZONE)
