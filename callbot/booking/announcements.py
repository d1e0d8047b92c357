"""What the request system of the métropole learns of every booking, queued in the unit of work of what happened.

No phone, no name, no e-mail address, no note and no front door: a message lies about in logs and queues on its way.
Sector, commune and reference are told; who has a key of Open311 asks there where exactly the crew goes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from callbot.booking.ports import UnitOfWork
from callbot.domain.bookings import Booking
from callbot.domain.notices import MessageChannel
from callbot.domain.personal import Personal

RECEIVER = Personal("webhook")
"""stands in the place of a number: the address itself is known to the sender alone, from the settings"""


class BookingEvent(StrEnum):
    """What happened to a booking; also the ``type`` of its webhook."""

    BOOKED = "booking.booked"
    AMENDED = "booking.amended"
    CANCELLED = "booking.cancelled"
    REPLANNED = "booking.replanned"
    OUTCOME = "booking.outcome"
    """what the crew found; a second one of the same booking corrects the first"""


@dataclass(frozen=True, slots=True)
class Announcements:
    """``wanted`` False: there is nobody to tell, and nothing is queued."""

    wanted: bool = False

    async def announce(self, work: UnitOfWork, event: BookingEvent, booking: Booking, number: int = 0) -> None:
        """Queue one message; ``number``: of the change in the journal of the booking, 0 for its making.

        Its key is the id of the webhook: the receiver drops what it has had under the same one.
        """
        if not self.wanted:
            return
        key = f"webhook:{event}:{booking.reference}:{number}"
        await work.outgoing.queue(key, MessageChannel.WEBHOOK, RECEIVER, webhook_body(event, booking))


def webhook_body(event: BookingEvent, booking: Booking) -> str:
    """The JSON of a webhook; nothing in it says who lives where."""
    body = {
        "type": event.value,
        "reference": booking.reference,
        "status": booking.status.value,
        "not_conform": booking.not_conform.value if booking.not_conform else None,
        "day": booking.day.isoformat(),
        "sector": booking.sector,
        "items": [{"item": line.item, "quantity": line.quantity} for line in booking.items],
        "postcode": booking.address.postcode,
        "commune": booking.address.commune,
        "insee": booking.address.insee,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
