"""Use cases: offer dates, hold, book, list. One unit of work each.

Belongs here: the order of steps and the ports they need. Does not belong here: SQL, sentences, rules of the calendar.
"""

from callbot.booking.desk import BookingDesk
from callbot.booking.ports import ConflictError, Rules, UnitOfWork, UnitOfWorkFactory, WritesConfirmation

__all__ = ["BookingDesk", "ConflictError", "Rules", "UnitOfWork", "UnitOfWorkFactory", "WritesConfirmation"]
