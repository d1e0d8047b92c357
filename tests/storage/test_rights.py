"""Access and erasure: who asks gets everything and only theirs, and nothing of who was erased is left anywhere."""

from __future__ import annotations

import io
import json
import logging
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import BookingStatus, Changer
from callbot.domain.events import Booked, BookingsFound, CallAnswered, CallerSpoke, Cancelled, HandOverReason
from callbot.domain.items import ItemLine
from callbot.domain.people import Report, ReportKind
from callbot.domain.personal import EmailAddress, PersonName, PhoneNumber
from callbot.privacy import CannotOpenError, KeyRing
from callbot.privacy.copies import Copy, CopyKind
from callbot.privacy.journal import Noted
from callbot.privacy.keys import key_id_of, new_key, signature_fits
from callbot.privacy.purging import Purge
from callbot.privacy.retention import rules
from callbot.privacy.rights import AmbiguousSubjectError, Rights, Subject
from callbot.settings import Retention
from callbot.storage import Storage
from callbot.storage.resealing import sealed_columns
from callbot.storage.tables import metadata
from tests.booking.sample import TUESDAY, PinnedClock, address, draft
from tests.storage import aged

IDENTITIES = 20
OLD, NEW, INDEX = new_key(), new_key(), new_key()


@pytest.fixture
def key_ring() -> KeyRing:
    return KeyRing({"old": OLD}, "old", INDEX)


@dataclass(frozen=True)
class Planted:
    """An invented person, told apart from all others in everything."""

    number: int

    @property
    def phone(self) -> PhoneNumber:
        return PhoneNumber(f"+3361234{self.number:04}")

    @property
    def name(self) -> str:
        return f"Zébulon{self.number:02}"

    @property
    def email(self) -> str:
        return f"zebulon{self.number:02}@example.org"

    @property
    def street(self) -> str:
        return f"Rue Inventée {self.number:02}bis"

    @property
    def words(self) -> str:
        return f"je m'appelle {self.name} et j'habite {self.street}"

    @property
    def address(self) -> StreetAddress:
        return replace(address(), street=self.street, number=self.number + 1)

    @property
    def traces(self) -> tuple[str, ...]:
        """What must not be found in clear."""
        digits = self.phone.reveal()
        return (digits, digits.removeprefix("+"), f"0{digits[3:]}", self.name, self.email, self.street)


async def plant(storage: Storage, clock: PinnedClock, who: Planted) -> str:
    """Everything that can be stored of a person; the reference of their booking."""
    call = f"CA{who.number:02}"
    await storage.events.append(call, CallAnswered(who.phone))
    await storage.events.append(call, CallerSpoke(who.words))
    desk = aged.desk_on(storage, clock)
    made = await desk.book(
        replace(
            draft(call), address=who.address, phone=who.phone, name=PersonName(who.name),
            email=EmailAddress(who.email), items=(ItemLine("matelas", 1, who.words),),
        )
    )  # fmt: skip
    assert isinstance(made, Booked)
    booking = await storage.booking(made.reference)
    assert booking is not None
    await storage.events.append(call, BookingsFound((booking,)))
    await storage.hand_overs.hand_over(call, HandOverReason.ASKED)
    async with storage.unit_of_work() as work:
        await work.photos.add_photo(made.reference, f"picture of {who.name}".encode(), clock.now())
        await work.outgoing.queue_sms(f"hello:{who.number}", who.phone, f"Bonjour {who.name}")
        report = Report(call, ReportKind.FLY_TIP, reference=made.reference, address=who.address)
        await work.reports.add(report, clock.now())
    await storage.opt_outs.stop(who.phone, clock.now())
    phone = storage._keys.seal(who.phone.reveal(), f"call_backs.phone|{call}")
    await aged.call_back(storage, call, clock.at, phone, storage._keys.index(who.phone.reveal()))
    return made.reference


async def cancel(storage: Storage, clock: PinnedClock, reference: str) -> None:
    assert isinstance(await aged.desk_on(storage, clock).cancel(reference, Changer.AGENT), Cancelled)


def rights(storage: Storage, clock: PinnedClock) -> Rights:
    return Rights(storage.people, storage.journal, storage._keys, lambda: clock.at, 30)


async def dumped(storage: Storage) -> bytes:
    """Every value of every table, bytes as they are."""
    found: list[bytes] = []
    async with storage._database.reading() as connection:
        for table in metadata.tables.values():
            for row in await connection.execute(select(table)):
                found += [bytes(one) if isinstance(one, bytes) else str(one).encode() for one in row]
    return b"\n".join(found)


async def sealed_values(storage: Storage) -> list[bytes]:
    """Every sealed value there is: what a backup holds."""
    found: list[bytes] = []
    async with storage._database.reading() as connection:
        for table, column in sealed_columns():
            values = select(metadata.tables[table].c[column])
            found += [bytes(one) for one in (await connection.execute(values)).scalars() if one is not None]
    return found


async def test_an_export_holds_everything_of_one_person_and_nothing_of_another(
    storage: Storage, clock: PinnedClock
) -> None:
    one, other = Planted(1), Planted(2)
    reference = await plant(storage, clock, one)
    await plant(storage, clock, other)
    await storage.reveals.record("agent", "réclamation", f"booking {reference}")
    export = await rights(storage, clock).export(Subject(one.phone), "dpo", "request 4")
    content = json.loads(export.as_json())
    assert [booking["reference"] for booking in content["bookings"]] == [reference]
    assert {message["to"] for message in content["messages"]} >= {one.phone.reveal()}
    assert {len(content[name]) for name in ("calls", "call_backs", "reports", "looks")} == {1}
    assert export.pictures == {f"{reference}-1.jpg": f"picture of {one.name}".encode()}
    for form in (export.as_json(), export.as_text()):
        assert all(trace in form for trace in (one.phone.reveal(), one.name, one.email, one.street, one.words))
        assert not any(trace in form for trace in other.traces)
    noted = (await storage.journal.entries(Noted.EXPORT))[0]
    assert (noted.who, noted.reason) == ("dpo", "request 4")
    assert not any(trace in (noted.what or "") for trace in one.traces)


async def test_a_reference_gives_one_booking_and_not_the_life_of_a_phone_number(
    storage: Storage, clock: PinnedClock
) -> None:
    who = Planted(1)
    reference = await plant(storage, clock, who)
    await storage.events.append("CA-later", CallAnswered(who.phone))
    found = await rights(storage, clock).find(Subject(reference=reference))
    assert (found.bookings, found.calls) == ((reference,), ("CA01",))
    everything = await rights(storage, clock).find(Subject(who.phone))
    assert everything.calls == ("CA-later", "CA01")
    assert (await rights(storage, clock).find(Subject(Planted(9).phone))).empty
    with pytest.raises(AmbiguousSubjectError):
        Subject()


async def test_a_pickup_to_come_keeps_its_address_alone_until_the_day_after(
    storage: Storage, clock: PinnedClock
) -> None:
    who = Planted(1)
    reference = await plant(storage, clock, who)
    certificate = await rights(storage, clock).erase(Subject(who.phone), "dpo", "request 4")
    assert certificate.kept_for_pickup == 1
    kept = await storage.booking(reference)
    assert kept is not None
    assert (kept.status, kept.day, kept.address.line) == (BookingStatus.BOOKED, TUESDAY, who.address.line)
    assert (kept.phone, kept.name, kept.email, kept.note) == (None, None, None, None)
    assert [line.heard for line in kept.items] == ["matelas"]
    assert await aged.rows(storage, "booking_photos") == 0
    assert await storage.events.events("CA01") == []
    table = rules(Retention())
    clock.at = clock.at.replace(day=24, hour=22)
    await Purge(storage.retention, storage.journal, storage._keys, lambda: clock.at, table).run()
    assert await storage.booking(reference) is not None
    clock.at = clock.at.replace(day=24, hour=23)
    await Purge(storage.retention, storage.journal, storage._keys, lambda: clock.at, table).run()
    assert await storage.booking(reference) is None
    assert await aged.rows(storage, "pending_erasures") == 0


async def test_an_erasure_is_certified_and_the_phone_company_is_told(storage: Storage, clock: PinnedClock) -> None:
    one, other = Planted(1), Planted(2)
    reference = await plant(storage, clock, one)
    staying = await plant(storage, clock, other)
    await cancel(storage, clock, reference)
    await aged.message(storage, f"told:{reference}", clock.at - timedelta(minutes=1), "SM77")
    clock.advance(minutes=5)
    certificate = await rights(storage, clock).erase(Subject(one.phone), "dpo", "request 4")
    assert certificate.removed["bookings"] == certificate.removed["calls"] == certificate.removed["photos"] == 1
    assert signature_fits(storage._keys.verifying_key, certificate.text, certificate.signature)
    assert certificate.id in certificate.as_text()
    assert certificate.backups_until == date(2026, 12, 25)
    written = certificate.as_json() + certificate.as_text() + str(await storage.journal.entries())
    assert not any(trace in written for trace in one.traces)
    copies = await storage.provider_copies.to_delete(10)
    assert copies == [Copy(CopyKind.CALL, "CA01"), Copy(CopyKind.MESSAGE, "SM77")]
    left = await storage.booking(staying)
    assert left is not None
    assert left.phone == other.phone
    again = await rights(storage, clock).erase(Subject(one.phone), "dpo", "request 4")
    assert not any(again.removed.values())


async def test_no_trace_of_twenty_identities_is_left_once_erased_and_the_keys_destroyed(
    storage: Storage, clock: PinnedClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    planted = [Planted(number) for number in range(IDENTITIES)]
    output = io.StringIO()
    with redirect_stdout(output):
        references = [await plant(storage, clock, who) for who in planted]
        ring = storage._keys
        indexes = [ring.index(who.phone.reveal()) for who in planted]
        backup = await sealed_values(storage)
        before = await dumped(storage)
        assert all(index.encode() in before for index in indexes)
        for who, reference in zip(planted, references, strict=True):
            await cancel(storage, clock, reference)
            await rights(storage, clock).erase(Subject(who.phone), "dpo", f"request {who.number}")
        backup += await sealed_values(storage)
        ring.follow(KeyRing({"old": OLD, "new": NEW}, "new", INDEX))
        await storage.resealing.run()
        assert set(await storage.resealing.in_use()) <= {"new"}
        ring.follow(KeyRing({"new": NEW}, "new", INDEX))
        clock.advance(days=33)
        await Purge(storage.retention, storage.journal, ring, lambda: clock.at, rules(Retention())).run()
        assert await storage.people.compact()
    scanned = await dumped(storage) + caplog.text.encode() + output.getvalue().encode() + _files(storage)
    leaks = [trace for who in planted for trace in who.traces if trace.encode() in scanned]
    assert leaks == []
    assert [index for index in indexes if index.encode() in scanned] == []
    gone = [value for value in backup if not key_id_of(value).startswith("journal/")]
    assert len(gone) > 10 * IDENTITIES
    assert not any(value in scanned for value in gone)
    for value in gone:
        with pytest.raises(CannotOpenError, match=r"not on the ring|destroyed"):
            storage.events._periods.open(value, "anywhere")


def _files(storage: Storage) -> bytes:
    """The files of the database, on SQLite."""
    database = storage._database._engine.url.database
    if storage._database.dialect != "sqlite" or database is None:
        return b""
    found = [path for path in Path(database).parent.iterdir() if path.name.startswith(Path(database).name)]
    assert found
    return b"".join(path.read_bytes() for path in found)
