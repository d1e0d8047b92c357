"""The rights desk on both databases: codes that tell nothing, requests that are answered once, limits that hold."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from callbot.booking.people import PeopleDesk
from callbot.domain.data_rights import Came, DataRight, DataWish, Identity, RequestState, Urgency
from callbot.domain.events import Booked, CallAnswered, CallerSpoke, Reported
from callbot.domain.gsm7 import BASIC, EXTENDED
from callbot.domain.notices import MessageChannel
from callbot.domain.opening import Span
from callbot.domain.people import Report, ReportKind, Window
from callbot.domain.personal import Personal, PhoneNumber
from callbot.messages.ports import MessageStatus
from callbot.messages.worker import OutboxWorker, Outcome
from callbot.privacy.journal import Noted
from callbot.privacy.purging import Purge
from callbot.privacy.retention import Kind, rules
from callbot.privacy.rights import Rights, Subject
from callbot.privacy.rights_desk import (
    Codes,
    FromCalls,
    Intake,
    MovedMeanwhileError,
    NoNumberError,
    NotAllowedError,
    OfficersDesk,
    ReasonMissingError,
)
from callbot.privacy.rights_desk.codes import COPIES, LIFE, MOST_TRIES, OF_ALL_AN_HOUR, OF_NUMBER_A_DAY
from callbot.settings import LOCAL_ZONE, Retention
from callbot.storage import Storage
from callbot.storage.figure_tables import call_facts
from callbot.storage.rights_tables import data_codes, data_requests
from callbot.storage.tables import outbox
from tests.booking.sample import TUESDAY, PinnedClock, draft
from tests.storage import aged

PHONE, OTHER, FIXED = PhoneNumber("+33612340001"), PhoneNumber("+33612340002"), PhoneNumber("+33491000001")
RIGHT_CODE = "123456"


@dataclass
class World:
    """The desk over a database."""

    storage: Storage
    clock: PinnedClock
    forgotten: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.intake = Intake(lambda: self.clock.at, frozenset({date(2026, 12, 25)}), "https://enc.test/mes-donnees")
        self.codes = Codes(self.storage.rights, self.intake, self.storage.key_ring.index, lambda: RIGHT_CODE)
        people = Rights(self.storage.people, self.storage.journal, self.storage.key_ring, lambda: self.clock.at, 30)

        async def forget(names: object) -> None:
            self.forgotten += list(names)  # type: ignore[call-overload]

        self.desk = OfficersDesk(self.storage.rights, self.codes, people, forget)
        self.calls = FromCalls(self.storage.rights, self.intake)

    async def told(self, phone: PhoneNumber = PHONE) -> list[str]:
        """Texts queued for a number."""
        keys = self.storage.key_ring
        async with self.storage._database.reading() as connection:
            rows = (await connection.execute(select(outbox).order_by(outbox.c.id))).all()
        return [
            keys.open(row.body_sealed, f"outbox.body|{row.key}")
            for row in rows
            if keys.open(row.recipient_sealed, f"outbox.recipient|{row.key}") == phone.reveal()
        ]

    async def asked(self, right: DataRight = DataRight.ACCESS, phone: PhoneNumber = PHONE, call: str = "CA1") -> str:
        """A request by telephone; its number."""
        await self.calls.take(call, DataWish(right, Came.PHONE, phone))
        return (await self.desk.open_ones())[-1].request.id

    async def taken(self, right: DataRight, who: str = "dpo") -> str:
        """A request that an officer works on."""
        number = await self.asked(right)
        await self.desk.called_back(number, who)
        await self.desk.take(number, who)
        return number

    async def books(self, call: str = "CA7", phone: PhoneNumber = PHONE) -> str:
        """A booking, with the conversation it was made in."""
        await self.storage.events.append(call, CallAnswered(phone))
        await self.storage.events.append(call, CallerSpoke("un matelas"))
        made = await aged.desk_on(self.storage, self.clock).book(replace(draft(call), phone=phone))
        assert isinstance(made, Booked)
        return made.reference


class _NoHours:
    """Agents who never answer."""

    def is_open(self, now: datetime, holidays: object = ()) -> bool:
        return False

    def spans_on(self, day: date, holidays: object = ()) -> tuple[Span, ...]:
        return ()


class _NoWords:
    """Nothing is promised here."""

    def call_back(self, window: Window) -> str:
        raise AssertionError(window)


@pytest.fixture
def world(storage: Storage, clock: PinnedClock) -> World:
    return World(storage, clock)


async def test_the_right_code_identifies_and_opens_the_copy_for_a_while(world: World) -> None:
    handle = await world.codes.ask(PHONE, DataRight.ACCESS)
    (text,) = await world.told()
    assert RIGHT_CODE in text
    assert (BASIC | EXTENDED).issuperset(text), "letters of an ordinary SMS"
    done = await world.codes.redeem(handle, RIGHT_CODE)
    assert done is not None
    assert (done.request.state, done.request.identity) == (RequestState.IDENTIFIED, Identity.CODE)
    assert done.request.phone == PHONE
    copy = await world.desk.own_copy(done.access)
    assert copy is not None
    assert done.request.id in copy.as_json()
    assert (await world.desk.show(done.request.id)).request.state is RequestState.ANSWERED
    assert await world.codes.redeem(handle, RIGHT_CODE) is None, "a code opens once"
    world.clock.advance(minutes=10)
    assert await world.desk.own_copy(done.access) is None


async def test_a_code_lives_ten_minutes_and_three_tries(world: World) -> None:
    late = await world.codes.ask(PHONE, DataRight.ERASURE)
    world.clock.advance(seconds=LIFE.total_seconds())
    assert await world.codes.redeem(late, RIGHT_CODE) is None
    handle = await world.codes.ask(PHONE, DataRight.ERASURE)
    world.clock.advance(seconds=LIFE.total_seconds() - 1)
    for _ in range(MOST_TRIES):
        assert await world.codes.redeem(handle, "000000") is None
    assert await world.codes.redeem(handle, RIGHT_CODE) is None, "the third wrong one was the last"
    again = await world.codes.ask(PHONE, DataRight.ERASURE)
    for _ in range(MOST_TRIES - 1):
        assert await world.codes.redeem(again, "000000") is None
    assert await world.codes.redeem(again, RIGHT_CODE) is not None


async def test_nobody_learns_whether_a_number_is_known_or_had_too_many_codes(world: World) -> None:
    await world.books()
    handles = [await world.codes.ask(phone, DataRight.ACCESS) for phone in (PHONE, OTHER, FIXED)]
    assert len({len(handle) for handle in handles}) == 1
    for _ in range(OF_NUMBER_A_DAY):
        handles.append(await world.codes.ask(OTHER, DataRight.ACCESS))
    assert len(await world.told(OTHER)) == OF_NUMBER_A_DAY
    assert await world.told(FIXED) == []
    assert await world.codes.redeem(handles[-1], RIGHT_CODE) is None
    world.clock.advance(days=1)
    await world.codes.ask(OTHER, DataRight.ACCESS)
    assert len(await world.told(OTHER)) == OF_NUMBER_A_DAY + 1


async def test_all_numbers_together_have_a_limit(world: World) -> None:
    for number in range(OF_ALL_AN_HOUR + 1):
        await world.codes.ask(PhoneNumber(f"+336999{number:05}"), DataRight.ACCESS)
    assert len(await world.told(PhoneNumber(f"+336999{OF_ALL_AN_HOUR - 1:05}"))) == 1
    assert await world.told(PhoneNumber(f"+336999{OF_ALL_AN_HOUR:05}")) == []


async def test_neither_the_code_nor_what_the_page_holds_is_kept(world: World) -> None:
    handle = await world.codes.ask(PHONE, DataRight.ACCESS, Personal("mon nom est faux"))
    async with world.storage._database.reading() as connection:
        row = (await connection.execute(select(data_codes))).one()
    kept = " ".join(str(value) for value in row)
    assert RIGHT_CODE not in kept
    assert handle not in kept
    assert "faux" not in kept
    assert PHONE.reveal() not in kept


async def test_a_request_by_telephone_is_noted_once_told_and_joined_by_its_code(world: World) -> None:
    number = await world.asked()
    await world.calls.take("CA1", DataWish(DataRight.ACCESS, Came.PHONE, PHONE))
    await world.calls.take("CA2", DataWish(DataRight.ACCESS, Came.SMS, PHONE))
    (listed,) = await world.desk.open_ones()
    assert listed.request.state is RequestState.RECEIVED
    (text,) = await world.told()
    assert number in text
    assert listed.request.due_on.strftime("%d/%m/%Y") in text
    done = await world.codes.redeem(await world.codes.ask(PHONE, DataRight.ACCESS), RIGHT_CODE)
    assert done is not None
    assert done.request.id == number
    assert done.request.state is RequestState.IDENTIFIED


async def test_a_number_nobody_knows_is_given_by_who_calls_back(world: World) -> None:
    people = PeopleDesk(
        world.storage.unit_of_work, world.storage.hand_overs, _NoHours(), world.clock, _NoWords(), wishes=world.calls
    )
    wish = DataWish(DataRight.ERASURE, Came.TEXT)
    for _ in range(2):
        told = await people.report(Report("web-1", ReportKind.DATA_RIGHTS, wish=wish))
        assert told == Reported(ReportKind.DATA_RIGHTS, DataRight.ERASURE)
    (listed,) = await world.desk.open_ones()
    assert (listed.request.channel, listed.request.phone) == (Came.TEXT, None)
    with pytest.raises(NoNumberError):
        await world.desk.called_back(listed.request.id, "dpo")
    known = await world.desk.called_back(listed.request.id, "dpo", PHONE)
    assert (known.phone, known.identity) == (PHONE, Identity.CALL_BACK)


async def test_a_landline_gets_no_message_that_could_not_arrive(world: World) -> None:
    number = await world.asked(phone=FIXED)
    await world.desk.extend(number, "trois conversations à relire", "dpo")
    await world.desk.refuse(number, "demande répétée sans changement", "dpo")
    assert await world.told(FIXED) == []


async def test_officers_send_a_code_and_hear_it(world: World) -> None:
    number = await world.asked(DataRight.RECTIFICATION)
    assert await world.desk.send_code(number, "dpo")
    assert not await world.desk.check_code(number, "000000", "dpo")
    assert await world.desk.check_code(number, RIGHT_CODE, "dpo")
    assert (await world.desk.show(number)).request.identity is Identity.CODE
    with pytest.raises(NotAllowedError):
        await world.desk.send_code(number, "dpo")


async def test_of_two_officers_one_takes_a_request(world: World) -> None:
    number = await world.asked(DataRight.ERASURE)
    await world.desk.called_back(number, "dpo")
    results = await asyncio.gather(*(world.desk.take(number, who) for who in ("dpo", "other")), return_exceptions=True)
    assert sum(isinstance(result, MovedMeanwhileError | NotAllowedError) for result in results) == 1
    taken = (await world.desk.show(number)).request
    loser = "other" if taken.taken_by == "dpo" else "dpo"
    with pytest.raises(NotAllowedError):
        await world.desk.answer(number, loser)
    moves = [entry.what for entry in await world.storage.journal.entries(Noted.DATA_REQUEST)]
    assert moves.count("erasure: identified -> taken") == 1


async def test_an_answer_given_twice_at_once_counts_once(world: World) -> None:
    number = await world.taken(DataRight.OBJECTION)
    results = await asyncio.gather(*(world.desk.answer(number, "dpo") for _ in range(3)), return_exceptions=True)
    assert sum(not isinstance(result, BaseException) for result in results) == 1
    assert len([text for text in await world.told() if "ne servent plus" in text]) == 1


async def test_more_time_needs_a_reason_that_is_told_and_the_first_month(world: World) -> None:
    number = await world.asked()
    due = (await world.desk.show(number)).request.due_on
    with pytest.raises(ReasonMissingError):
        await world.desk.extend(number, "trop", "dpo")
    world.clock.at = world.clock.at.replace(year=due.year, month=due.month, day=due.day)
    assert (await world.desk.show(number)).urgency is Urgency.SOON
    longer = await world.desk.extend(number, "trois conversations à relire", "dpo")
    assert longer.due_on > due + timedelta(days=55)
    assert any("trois conversations" in text and "CNIL" in text for text in await world.told())
    with pytest.raises(NotAllowedError):
        await world.desk.extend(number, "encore plus de temps", "dpo")


async def test_after_the_last_day_it_is_overdue_and_no_more_time_is_given(world: World) -> None:
    number = await world.asked()
    due = (await world.desk.show(number)).request.due_on
    world.clock.at = world.clock.at.replace(year=due.year, month=due.month, day=due.day) + timedelta(days=1)
    assert (await world.desk.show(number)).urgency is Urgency.OVERDUE
    with pytest.raises(NotAllowedError):
        await world.desk.extend(number, "trois conversations à relire", "dpo")


async def test_a_refusal_tells_why_and_where_to_complain(world: World) -> None:
    number = await world.asked()
    with pytest.raises(ReasonMissingError):
        await world.desk.refuse(number, "non", "dpo")
    await world.desk.refuse(number, "demande répétée sans changement", "dpo")
    assert any("demande répétée" in text and "cnil.fr" in text for text in await world.told())
    with pytest.raises(NotAllowedError):
        await world.desk.called_back(number, "dpo")


async def test_an_erasure_leaves_a_request_nobody_is_found_by(world: World) -> None:
    await world.books()
    waiting = await world.asked(DataRight.ACCESS, call="CA3")
    number = await world.taken(DataRight.ERASURE)
    done = await world.desk.answer(number, "dpo")
    assert done.certificate is not None
    assert any(done.certificate in text for text in await world.told())
    for request in (number, waiting):
        kept = (await world.desk.show(request)).request
        assert not kept.state.open
        assert kept.phone is None
        assert kept.call_id is None
    assert (await world.desk.rights.find(Subject(PHONE))).bookings == ()


async def test_limited_data_is_not_used_and_used_again_when_lifted(world: World) -> None:
    reference = await world.books()
    number = await world.taken(DataRight.LIMITATION)
    long_ago = world.clock.at - timedelta(days=1)
    assert await world.storage.last_address(PHONE, long_ago) is not None
    assert reference in await world.storage.unreminded(TUESDAY)
    await world.desk.answer(number, "dpo")
    assert await world.desk.limited(PHONE) is DataRight.LIMITATION
    assert await world.storage.last_address(PHONE, long_ago) is None
    assert reference not in await world.storage.unreminded(TUESDAY)
    assert await world.storage.transcripts.limited("CA7")
    assert await world.storage.earlier_calls(PHONE, long_ago, "") == []
    assert await world.storage.booking(reference) is not None, "kept all the same"
    assert await world.desk.lift(number, "dpo")
    assert reference in await world.storage.unreminded(TUESDAY)
    assert not await world.storage.transcripts.limited("CA7")


async def test_codes_go_the_next_day_and_requests_after_their_years(world: World) -> None:
    await world.codes.ask(PHONE, DataRight.ACCESS)
    number = await world.asked()
    await world.desk.withdraw(number, "dpo")
    async with world.storage._database.writing() as connection:
        await connection.execute(outbox.update().values(status=MessageStatus.DEAD))
    table = rules(Retention())
    ended = world.clock.at

    async def left(at_days: int) -> dict[Kind, int]:
        world.clock.at = ended + timedelta(days=at_days)
        purge = Purge(
            world.storage.retention, world.storage.journal, world.storage.key_ring, lambda: world.clock.at, table
        )
        report = await purge.run()
        assert report.clean
        return {kind.kind: kind.removed for kind in report.kinds}

    assert (await left(1))[Kind.DATA_CODES] == 0
    world.clock.advance(seconds=1)
    ended += timedelta(seconds=1)
    assert (await left(1))[Kind.DATA_CODES] == 2, "the code, and the SMS with it"
    ended -= timedelta(seconds=1)
    assert (await left(1825))[Kind.DATA_REQUESTS] == 0
    ended += timedelta(seconds=1)
    assert (await left(1825))[Kind.DATA_REQUESTS] == 1


async def test_a_code_that_cannot_be_queued_leaves_nothing_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_args: object, **_values: object) -> bool:
        raise OSError("the database went away")

    monkeypatch.setattr("callbot.storage.queued_messages.QueuedMessages.queue_sms", fails)
    with pytest.raises(OSError, match="went away"):
        await world.codes.ask(PHONE, DataRight.ACCESS)
    with pytest.raises(OSError, match="went away"):
        await world.asked()
    async with world.storage._database.reading() as connection:
        assert (await connection.execute(select(data_codes))).all() == []
        assert (await connection.execute(select(data_requests))).all() == []


async def test_a_copy_is_made_a_few_times_and_no_more(world: World) -> None:
    done = await world.codes.redeem(await world.codes.ask(PHONE, DataRight.ACCESS), RIGHT_CODE)
    assert done is not None
    made = [await world.desk.own_copy(done.access) for _ in range(MOST_TRIES + COPIES)]
    assert made[COPIES - 1] is not None
    assert made[-1] is None


async def test_a_code_the_provider_does_not_take_never_leaves_late(world: World) -> None:
    class Away:
        async def send(self, message_key: str, to: Personal, body: str) -> str:
            raise ConnectionError("the provider is away")

        async def find(self, message_key: str, to: Personal, body: str, since: datetime) -> str | None:
            return None

    handle = await world.codes.ask(PHONE, DataRight.ACCESS)
    worker = OutboxWorker(world.storage.outbox, {MessageChannel.SMS: Away()}, world.clock)
    assert await worker.run_once() == [Outcome.LATER]
    world.clock.advance(seconds=LIFE.total_seconds())
    assert await worker.run_once() == [Outcome.DEAD]
    assert await world.codes.redeem(handle, RIGHT_CODE) is None
    again = await world.codes.ask(PHONE, DataRight.ACCESS)
    assert await world.codes.redeem(again, RIGHT_CODE) is not None, "another code may be asked for"


async def test_calls_of_limited_data_are_counted_and_not_compared(world: World) -> None:
    async def index_of(call: str) -> str | None:
        await facts.sweep()
        async with world.storage._database.reading() as connection:
            query = select(call_facts.c.caller_index).where(call_facts.c.call_id == call)
            found: str | None = (await connection.execute(query)).scalar_one()
        return found

    facts = world.storage.call_facts(LOCAL_ZONE, lambda _insee: None)
    await world.storage.events.append("CA7", CallAnswered(PHONE))
    assert await index_of("CA7") is not None
    await world.desk.answer(await world.taken(DataRight.OBJECTION), "dpo")
    await world.storage.events.append("CA8", CallAnswered(PHONE))
    await world.storage.events.append("CA9", CallAnswered(OTHER))
    assert [await index_of(call) for call in ("CA7", "CA8")] == [None, None]
    assert await index_of("CA9") is not None
