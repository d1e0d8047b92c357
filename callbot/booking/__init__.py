"""Use cases: offer dates, hold, book, find, cancel, amend; call-backs and reports. One unit of work each.

Belongs here: the order of steps and the ports they need. Does not belong here: SQL, sentences, rules of the calendar.
"""

from callbot.booking.desk import BookingDesk
from callbot.booking.people import PeopleDesk
from callbot.booking.ports import (
    ConflictError,
    ConnectionLostError,
    Rules,
    UnitOfWork,
    UnitOfWorkFactory,
    WritesNotices,
)

__all__ = [
    "BookingDesk",
    "ConflictError",
    "ConnectionLostError",
    "PeopleDesk",
    "Rules",
    "UnitOfWork",
    "UnitOfWorkFactory",
    "WritesNotices",
]
