"""Bookings that are there before the phone rings, made by the booking desk itself at an earlier moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from callbot.bootstrap import Facts, booking_desk, conversation_services
from callbot.calls.conversation import Services
from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Booking, BookingDraft, Changer
from callbot.domain.events import Booked, DateHeld
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardAddress
from callbot.domain.personal import PhoneNumber
from callbot.rehearsal.scenario import Given, Scenario, ScenarioError
from callbot.rehearsal.virtual_time import VirtualClock
from callbot.settings import LOCAL_ZONE, Settings
from callbot.storage import Storage

_BOOKED_BEFORE: Final = timedelta(days=10)
"""from the booking to its day: within the horizon of every territory"""
_LONGEST_SEARCH: Final = 10
"""days; every sector is served once a week at least"""


@dataclass(frozen=True, slots=True)
class Giver:
    """Makes bookings in a service that lives on ``today``."""

    settings: Settings
    facts: Facts
    storage: Storage
    today: date

    async def make(self, scenario: Scenario) -> list[Booking]:
        """Books what the scenario has ``given``, in order; raises ``ScenarioError`` for what cannot be booked."""
        made = [await self._make(scenario, place) for place in range(len(scenario.given))]
        return [await self._after(booking, given) for booking, given in zip(made, scenario.given, strict=True)]

    async def _after(self, booking: Booking, given: Given) -> Booking:
        """The booking as its crew left it at noon of its day; raises ``ScenarioError`` when it cannot have been so."""
        if given.outcome is None:
            return booking
        clock = VirtualClock(datetime.combine(booking.day, time(12), LOCAL_ZONE))
        desk = booking_desk(self.settings, self.facts.knowledge, self.storage, clock)
        await desk.record_outcome(booking.reference, given.outcome, not_conform=given.not_conform, by=Changer.CREW)
        after = await self.storage.booking(booking.reference)
        if after is None or after.status is not given.outcome:
            raise ScenarioError(f"given: no crew can have found {given.outcome} on day {given.day}")
        return after

    async def _make(self, scenario: Scenario, place: int) -> Booking:
        given = scenario.given[place]
        near = self.today + timedelta(days=given.day)
        desk = self._services(near).bookings
        call_id = f"given-{scenario.name}-{place}"
        address = await self._address(scenario, given)
        items = tuple(ItemLine(item, quantity, item) for item, quantity in given.items.items())
        for away in range(_LONGEST_SEARCH):
            day = near + timedelta(days=away if given.day >= 0 else -away)
            if isinstance(await desk.hold(call_id, address, items, day), DateHeld):
                phone = None if given.phone == "none" else given.phone or scenario.goal.phone or None
                number = PhoneNumber(phone) if phone else None
                booked = await desk.book(BookingDraft(call_id, address, items, day, number, readback_accepted=True))
                if isinstance(booked, Booked) and (booking := await self.storage.booking(booked.reference)):
                    return booking
        raise ScenarioError(f"{scenario.name}: given: nothing can be booked there around day {given.day}")

    async def _address(self, scenario: Scenario, given: Given) -> StreetAddress:
        goal = scenario.goal
        street = given.street or goal.street
        heard = HeardAddress(given.number or goal.number, None, street, given.insee or goal.insee)
        found = await self._services(self.today).addresses.find(heard, (street,))
        if not found:
            raise ScenarioError(f"{scenario.name}: given: the address base has no such address")
        return found[0].address

    def _services(self, near: date) -> Services:
        """The service some days before ``near``."""
        clock = VirtualClock(datetime.combine(near, time(10), LOCAL_ZONE) - _BOOKED_BEFORE)
        return conversation_services(self.settings, self.facts, self.storage, clock)
