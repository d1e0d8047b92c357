"""The only place that wires the rooms together.

Belongs here: which part conforms to which port, and the order in which they open and close. Does not belong here: any
decision about calls, bookings or people.
"""

from callbot.bootstrap.bookings import booking_desk, crew_desk, senders
from callbot.bootstrap.chores import booking_chores
from callbot.bootstrap.conversing import (
    address_hearing,
    choose_voice_for,
    conversation_services,
    item_reader,
    phrase_book,
    place_reader,
)
from callbot.bootstrap.facts import Facts, SystemClock, load_facts
from callbot.bootstrap.service import Service, open_service

__all__ = [
    "Facts",
    "Service",
    "SystemClock",
    "address_hearing",
    "booking_chores",
    "booking_desk",
    "choose_voice_for",
    "conversation_services",
    "crew_desk",
    "item_reader",
    "load_facts",
    "open_service",
    "phrase_book",
    "place_reader",
    "senders",
]
