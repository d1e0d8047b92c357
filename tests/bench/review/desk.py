"""The desk's pages: the queue, a call taken, its number's and address's history, call-backs, search, the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from callbot.access import Role
from callbot.domain.bookings import Author
from callbot.domain.events import Booked, HandOverReason
from callbot.domain.people import Window
from callbot.storage import Storage
from callbot.storage.tables import booking_items, bookings, calls, pickup_days
from tests.bench.review.times import Asked, Times, timed
from tests.booking.sample import LANDLINE, MOBILE, TUESDAY, PinnedClock, draft, rules_with
from tests.desk.sample import wanted
from tests.web.desk_world import DeskService, desk_of
from tests.web.staff_world import Staff

Row = dict[str, Any]

WAITING, CALL_BACKS, BOOKINGS, DAYS = 20, 60, 90_000, 250
OF_THE_NUMBER, OF_THE_ADDRESS = 12, 30
"""calls and bookings of the number that calls, bookings of its address (a building)"""
_BATCH = 3_000


@dataclass(frozen=True, slots=True)
class Made:
    """A booking that was made as bookings are, to be copied: its row and those of its objects."""

    row: Row
    items: list[Row]

    def copied(self, number: int, first: date) -> tuple[Row, list[Row]]:
        """One like it, of another number and another address but for a few."""
        reference = f"{number:05d}"
        row = {
            **self.row, "reference": reference, "call_id": f"CABOOKED{number}", "link_index": f"link{number}",
            "day": first + timedelta(days=number % DAYS),
        }  # fmt: skip
        if number >= OF_THE_NUMBER:
            row["phone_index"] = f"phone{number % 60_000}"
        if number >= OF_THE_ADDRESS:
            row["address_index"] = f"address{number % 70_000}"
        return row, [{**item, "reference": reference} for item in self.items]


async def _rows(storage: Storage, query: Any) -> list[Row]:
    async with storage._database.reading() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


async def _fill_bookings(service: DeskService) -> None:
    """A year of bookings. Sealed values are bound to their place, so those of copies that are shown are sealed anew."""
    assert service.booking is not None
    storage = service.storage
    made = await service.booking.book(replace(draft("CAMODEL"), day=TUESDAY))
    assert isinstance(made, Booked)
    [row] = await _rows(storage, select(bookings))
    [pickup] = await _rows(storage, select(pickup_days))
    items = await _rows(storage, select(booking_items))
    model, first = Made(row, items), TUESDAY - timedelta(days=DAYS)
    async with storage._database.writing() as connection:
        await connection.execute(
            insert(pickup_days), [{**pickup, "day": first + timedelta(days=number)} for number in range(DAYS)]
        )
    for start in range(OF_THE_ADDRESS, BOOKINGS, _BATCH):
        copies = [model.copied(number, first) for number in range(start, min(start + _BATCH, BOOKINGS))]
        async with storage._database.writing() as connection:
            await connection.execute(insert(bookings), [row for row, _ in copies])
            await connection.execute(insert(booking_items), [item for _, each in copies for item in each])
    for number in range(1, OF_THE_ADDRESS):
        phone = MOBILE if number < OF_THE_NUMBER else LANDLINE
        day = TUESDAY + timedelta(days=2 * (number % 2))
        own = await service.booking.book(replace(draft(f"CAOWN{number}", day, phone), created_by=Author.AGENT))
        assert isinstance(own, Booked), own


async def prepared(storage: Storage, clock: PinnedClock) -> DeskService:
    """What an agent finds on a bad morning."""
    service = desk_of(storage, clock, rules=rules_with(1_000))
    await _fill_bookings(service)
    for number in range(OF_THE_NUMBER):
        await service.waits(f"CAEARLIER{number:02d}")
        await storage.hand_overs.taken(f"CAEARLIER{number:02d}")
    clock.advance(hours=3)
    for number in range(WAITING):
        await service.waits(f"CAWAITS{number:02d}", reason=list(HandOverReason)[number % len(HandOverReason)])
        clock.advance(seconds=5)
    now = clock.now()
    for number in range(CALL_BACKS):
        call_id = f"CABACK{number:02d}"
        await service.tells(call_id, wanted())
        window = Window(now + timedelta(minutes=number), now + timedelta(hours=2, minutes=number))
        async with storage.unit_of_work() as work:
            await work.call_backs.add(call_id, MOBILE, HandOverReason.ADDRESS_DOUBT, window, now)
    return service


async def busy_number(storage: Storage, number_index: str, every: int) -> None:
    """Gives every so manieth call of the year to the number that waits, as a surgery or a housing office has it."""
    of_year = await _rows(storage, select(calls.c.id).where(calls.c.id.like("CA0%")))
    some = [row["id"] for row in of_year[::every]]
    async with storage._database.writing() as connection:
        await connection.execute(update(calls).where(calls.c.id.in_(some)).values(caller_index=number_index))


async def measured(service: DeskService) -> list[Times]:
    """Each page of the desk, by an agent who has taken a call and a call-back."""
    await service.account("desk", Role.AGENT)
    agent = Staff(service)
    async with agent.client:
        await agent.sign_in("desk")
        await agent.get("/desk")
        form = agent.form("Prendre")
        taken = form.action.split("/")[-2]
        await agent.client.post(form.action, data=form.fields)
        await agent.get("/desk")
        back = agent.form("Rappeler")
        await agent.client.post(back.action, data=back.fields)
        await agent.get(f"/desk/reserver?appel={taken}")
        booking = agent.form("Voir le récapitulatif").fields
        day = (TUESDAY + timedelta(days=2)).isoformat()
        await agent.get("/desk/rendez-vous")
        search = agent.form("Chercher").fields
        asked: Mapping[str, Asked] = {
            "desk": Asked("/desk"),
            "call taken, history": Asked(f"/desk/appels/{taken}"),
            "call-back taken": Asked(back.action.removesuffix("/prendre")),
            "booking form": Asked(f"/desk/reserver?appel={taken}"),
            "booking read back": Asked("/desk/reserver", {**booking, "jour": day}),
            "search by number": Asked("/desk/rendez-vous", {**search, "cherche": "06 12 34 56 78"}),
            "documents": Asked("/desk/documents?q=sortir"),
        }
        return [await timed(agent, f"desk: {name}", what) for name, what in asked.items()]
