"""The one door of this room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from callbot.desk import EarlierCall
from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Booking, BookingStatus
from callbot.domain.personal import PhoneNumber
from callbot.insight.figures import TerritoryOf
from callbot.privacy import KeyRing
from callbot.storage.accounts import StaffStore
from callbot.storage.agent_lines import AgentLines
from callbot.storage.annotations import Annotations
from callbot.storage.call_backs import StoredCallBack, StoredCallBacks
from callbot.storage.call_facts import CallFactsProjection
from callbot.storage.charter_facts import CharterFacts
from callbot.storage.content import Content
from callbot.storage.database import Connections, Database, StorageAwayError, WrongClockError, checked_url, make_engine
from callbot.storage.desk_work import DeskWork
from callbot.storage.dialects import NamedLocks
from callbot.storage.event_log import CallSummary, EventLog
from callbot.storage.figures import Figures
from callbot.storage.hand_overs import HandOvers
from callbot.storage.hooks import Hooks
from callbot.storage.hosts import ChoreLeases, UsedTickets
from callbot.storage.journals import ChainedJournal, RevealJournal, retention_run
from callbot.storage.migrate import upgrade
from callbot.storage.opt_outs import OptOuts
from callbot.storage.outbox import Outbox, ShownSms
from callbot.storage.period_keys import PeriodKeys
from callbot.storage.person import PersonStore
from callbot.storage.photos import StoredPhotos
from callbot.storage.places import StoredPlaces
from callbot.storage.provider_copies import ProviderCopies
from callbot.storage.queued_messages import QueuedMessages
from callbot.storage.reindexing import Reindexing
from callbot.storage.resealing import Resealing
from callbot.storage.retention import RetentionStore
from callbot.storage.rights_desk import RightsStore
from callbot.storage.rings import Rings
from callbot.storage.satisfaction import Satisfaction
from callbot.storage.signs import CallSigns
from callbot.storage.stored_bookings import StoredBookings
from callbot.storage.stored_reports import StoredReport, StoredReports
from callbot.storage.switches import Switches
from callbot.storage.transcripts import Transcripts

CLOCKS_APART: Final = timedelta(seconds=30)
"""between this machine and the database's at most: half the lease of a message, a twentieth of the hold of a place"""


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class StoredUnitOfWork:
    """One transaction; conforms to ``booking.ports.UnitOfWork``."""

    places: StoredPlaces
    bookings: StoredBookings
    photos: StoredPhotos
    outgoing: QueuedMessages
    call_backs: StoredCallBacks
    reports: StoredReports


class Storage:
    """An open database and everything kept in it."""

    def __init__(self, database: Database, key_ring: KeyRing, now: Callable[[], datetime] = utc_now) -> None:
        """Use ``Storage.open``. ``now`` gives an aware moment; tests pin it."""
        self._database = database
        self._keys = key_ring
        self._now = now
        self.period_keys = periods = PeriodKeys(database, key_ring)
        self.events = EventLog(database, key_ring, now, periods)
        self.journal = ChainedJournal(database, key_ring, periods, now)
        self.retention = RetentionStore(database, periods, now)
        self.provider_copies = ProviderCopies(database)
        self.resealing = Resealing(database, key_ring)
        self.reindexing = Reindexing(database, key_ring)
        self.people = PersonStore(database, key_ring, self.events, self.journal)
        self.rights = RightsStore(database, key_ring, self.journal, now)
        self.outbox = Outbox(database, key_ring)
        self.rings = Rings(database, key_ring)
        self.shown_sms = ShownSms(database, key_ring)
        self.opt_outs = OptOuts(database, key_ring)
        self.hand_overs = HandOvers(database, now)
        self.desk_work = DeskWork(database, key_ring)
        self.agent_lines = AgentLines(database, key_ring, now)
        self.reveals = RevealJournal(database, self.journal)
        self.transcripts = Transcripts(database, now)
        self.annotations = Annotations(database, key_ring)
        self.figures = Figures(database, now)
        self.satisfaction = Satisfaction(database, key_ring, now)
        self.staff = StaffStore(database, key_ring, self.journal)
        self.switches = Switches(database)
        self.content = Content(database)
        self.hooks = Hooks(database, now)
        self.used_tickets = UsedTickets(database, now)
        self.leases = ChoreLeases(database, now)
        self.signs = CallSigns(database)
        self.charter = CharterFacts(database)

    @classmethod
    async def open(
        cls,
        url: str,
        key_ring: KeyRing,
        now: Callable[[], datetime] = utc_now,
        machine: Callable[[], datetime] = utc_now,
        *,
        connections: Connections | None = None,
    ) -> Storage:
        """Bring the database at ``url`` to this version (made when missing) and open it.

        ``machine``: the clock of this machine, whatever time ``now`` tells. Raises ``StorageAwayError`` when the
        database is unsupported, does not answer or cannot be brought to this version, or has another time.
        """
        engine = await asyncio.to_thread(_prepare, url, connections)
        followed = connections.replica if connections else ""
        replica = await asyncio.to_thread(make_engine, followed, connections) if followed else None
        storage = cls(Database(engine, replica), key_ring, now)
        ahead = await storage.clock_ahead(machine)
        if abs(ahead) <= CLOCKS_APART:
            return storage
        await storage.close()
        raise WrongClockError(
            f"the clock of this machine is {ahead.total_seconds():+.0f} s beside the database's, at most"
            f" {CLOCKS_APART.total_seconds():.0f} s are allowed: set both by the same time server (NTP)"
        )

    async def clock_ahead(self, machine: Callable[[], datetime] = utc_now) -> timedelta:
        """How far this machine's clock is before the database's, negative behind."""
        return await self._database.ahead(machine)

    async def clock_agrees(self) -> bool:
        """True as long as this machine's clock is near enough to the database's to share leases and places by it."""
        return abs(await self.clock_ahead()) <= CLOCKS_APART

    @property
    def key_ring(self) -> KeyRing:
        """The keys in use; they may be rotated under it."""
        return self._keys

    async def close(self) -> None:
        """Close every connection."""
        await self._database.close()

    async def __aenter__(self) -> Storage:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def unit_of_work(self, *, reading: bool = False) -> AsyncIterator[StoredUnitOfWork]:
        """All or nothing: kept when the block ends well, undone when it raises; may raise ``ConflictError``.

        ``reading``: nothing is changed in it, and on SQLite it waits for nobody.
        """
        database = self._database
        async with database.reading() if reading else database.writing() as connection:
            locks = NamedLocks(connection)
            yield StoredUnitOfWork(
                StoredPlaces(connection, locks),
                StoredBookings(connection, self._keys, locks),
                StoredPhotos(connection, self._keys),
                QueuedMessages(connection, self._keys, self._now),
                StoredCallBacks(connection, self._keys),
                StoredReports(connection, self._keys),
            )

    def call_facts(self, zone: ZoneInfo, territory_of: TerritoryOf) -> CallFactsProjection:
        """What keeps the figures up to the calls; days are those of ``zone``."""
        return CallFactsProjection(self._database, self.events, self._now, zone, territory_of)

    def retention_run(self, reason: str) -> AbstractAsyncContextManager[AsyncConnection]:
        """The one transaction in which events of calls may be removed, see ``journals.retention_run``."""
        return retention_run(self._database, self._now, reason)

    async def call_summary(self, call_id: str) -> CallSummary | None:
        """The last state of a call: channel, hand-over reason, end reason, how many events."""
        return await self.events.summary(call_id)

    async def bookings_of_call(self, call_id: str) -> list[Booking]:
        """What a call booked: one booking at most."""
        async with self._reading_bookings() as stored:
            booking = await stored.of_call(call_id)
        return [booking] if booking else []

    async def booking(self, reference: str) -> Booking | None:
        """The booking with this reference."""
        async with self._reading_bookings() as stored:
            return await stored.by_reference(reference)

    async def bookings_of_phone(self, phone: PhoneNumber) -> list[Booking]:
        """Bookings that left this number, by day."""
        async with self._reading_bookings() as stored:
            return await stored.of_phone(phone)

    async def bookings_at(self, address: StreetAddress, since: date) -> list[Booking]:
        """Bookings of an address with a pickup day from ``since`` on, by day; any status."""
        async with self._reading_bookings() as stored:
            return await stored.at_address(address, since)

    async def earlier_calls(self, caller: PhoneNumber, since: datetime, but: str) -> list[EarlierCall]:
        """Calls of a number that began at or after ``since``, newest first, without ``but``."""
        return await self.events.earlier_calls(caller, since, but)

    async def last_address(self, phone: PhoneNumber, since: datetime) -> StreetAddress | None:
        """The address of the last booking made at or after ``since`` that left this number; any status counts."""
        async with self._reading_bookings() as stored:
            return await stored.last_address(phone, since)

    async def bookings_on(self, sector: str, day: date) -> list[Booking]:
        """All bookings of a sector's day, by reference; any status."""
        async with self._reading_bookings() as stored:
            return await stored.on_day(sector, day)

    async def missed_before(self, at: datetime) -> list[str]:
        """References of bookings that stand as missed, and were entered so at or before ``at``; longest ago first."""
        async with self._reading_bookings() as stored:
            return await stored.missed_before(at)

    async def unreminded(self, day: date) -> list[str]:
        """References of bookings to come on ``day`` that left a way to be told and have no reminder yet."""
        async with self._reading_bookings() as stored:
            return await stored.unreminded(day)

    async def booking_of_link(self, token: str) -> Booking | None:
        """The booking whose resident's page has this token."""
        async with self._reading_bookings() as stored:
            return await stored.of_link(token)

    async def photos(self, reference: str) -> dict[int, bytes]:
        """The photos of a booking by number, JPEG."""
        async with self._database.reading() as connection:
            return await StoredPhotos(connection, self._keys).photos(reference)

    async def photo_numbers(self, references: Collection[str]) -> dict[str, tuple[int, ...]]:
        """Which photos each of these bookings has; those without any are left out."""
        async with self._database.reading() as connection:
            return await StoredPhotos(connection, self._keys).numbers(references)

    async def bookings(self, first: date | None = None) -> list[Booking]:
        """All bookings, those from the day ``first`` on when given; by day, sector and reference."""
        async with self._reading_bookings() as stored:
            return await stored.from_day(first)

    async def call_backs(self, since: datetime | None = None) -> list[StoredCallBack]:
        """Promised call-backs, those whose window begins at or after ``since`` when given; by window."""
        async with self._database.reading() as connection:
            return await StoredCallBacks(connection, self._keys).since(since)

    @asynccontextmanager
    async def each_booking(
        self, first: date | None = None, end: date | None = None
    ) -> AsyncIterator[AsyncIterator[Booking]]:
        """Bookings from the day ``first`` on and before the day ``end``, one by one; by day, sector and reference."""
        async with (
            self._database.reading_behind() as connection,
            StoredBookings(connection, self._keys).each(first, end) as found,
        ):
            yield found

    async def latest_bookings(
        self, first: datetime, end: datetime, statuses: Collection[BookingStatus], most: int
    ) -> list[Booking]:
        """The last ``most`` bookings made at or after ``first`` and before ``end``, latest first."""
        async with self._reading_bookings() as stored:
            return await stored.latest_made(first, end, statuses, most)

    async def reports(self, since: datetime | None = None, end: datetime | None = None) -> list[StoredReport]:
        """Reports for people, those made at or after ``since`` and before ``end`` when given; oldest first."""
        async with self._database.reading() as connection:
            return await StoredReports(connection, self._keys).since(since, end)

    @asynccontextmanager
    async def each_report(
        self, since: datetime | None = None, end: datetime | None = None
    ) -> AsyncIterator[AsyncIterator[StoredReport]]:
        """The same reports, one by one."""
        async with (
            self._database.reading_behind() as connection,
            StoredReports(connection, self._keys).each(since, end) as found,
        ):
            yield found

    async def reports_of_call(self, call_id: str) -> list[StoredReport]:
        """What a call, or another errand with an id of its own, reported."""
        async with self._database.reading() as connection:
            return await StoredReports(connection, self._keys).of_call(call_id)

    @asynccontextmanager
    async def _reading_bookings(self) -> AsyncIterator[StoredBookings]:
        async with self._database.reading() as connection:
            yield StoredBookings(connection, self._keys)


def _prepare(url: str, connections: Connections | None) -> AsyncEngine:
    """Migrate and make the engine; blocking: files are read and drivers imported."""
    kind = checked_url(url).get_backend_name()
    try:
        upgrade(url)
        return make_engine(url, connections)
    except (SQLAlchemyError, CommandError) as error:
        # Without its cause: the text of a driver may hold the URL.
        raise StorageAwayError(
            f"the {kind} database does not open ({type(error).__name__}): check CALLBOT_STORAGE__URL, that the server"
            " is up, and that the database is of this version"
        ) from None
