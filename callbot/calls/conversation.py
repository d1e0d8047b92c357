"""One conversation: events in, acts for the caller's channel out, each event stored before it is answered."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import reduce
from typing import TypeVar
from weakref import WeakValueDictionary

import structlog

from callbot.calls.foresight import Foresight
from callbot.calls.ports import (
    CallsPeople,
    Clock,
    EarlierAddresses,
    FindsAddresses,
    KeepsCalls,
    OvertakenError,
    RememberedSound,
    TakesBookings,
    Understands,
)
from callbot.calls.readings import best_reading, corrected, in_language
from callbot.dialogue.acts import (
    AmendBooking,
    Book,
    CancelBooking,
    ChannelAct,
    CheckPeople,
    DeskRequest,
    DialogueAct,
    FindAddress,
    FindBookings,
    FindDates,
    HandOver,
    HangUp,
    HoldDate,
    JudgeItems,
    KeepCallBack,
    KeepRating,
    MakeReport,
    NoteGap,
    RecallAddress,
    RecallCall,
    Request,
    Say,
)
from callbot.dialogue.address_policy import RECALL_WITHIN
from callbot.dialogue.keys import meaning_of_keys
from callbot.dialogue.state import Goal, State, World
from callbot.dialogue.step import step
from callbot.domain.addresses import AddressCandidate
from callbot.domain.events import (
    AddressesFound,
    CallAnswered,
    CallerSpoke,
    Channel,
    EarlierAddressFound,
    EarlierCallFound,
    Ended,
    EndReason,
    Event,
    GapNoted,
    HandedBack,
    HandedOver,
    HandOverReason,
    NoWords,
    PartFailed,
    Prompted,
    Rated,
    Understood,
)
from callbot.domain.meaning import Expectation, HeardAddress, Meaning, YesNo
from callbot.domain.personal import PhoneNumber

_LEFT_TO_PEOPLE: Mapping[EndReason, HandOverReason] = {
    EndReason.TOO_LONG: HandOverReason.TOO_LONG,
    EndReason.FAILURE: HandOverReason.TECHNICAL,
    EndReason.BROKEN_STREAM: HandOverReason.TECHNICAL,
    EndReason.DIVERTED: HandOverReason.DIVERTED,
}
"""endings that the dialogue did not choose: a person finds the call in the queue"""

CALL_AGAIN_WITHIN = timedelta(minutes=30)
"""who calls again so soon after being cut off goes on where they were"""

SERVICE_LIMIT_S = 6.0
"""a service that takes longer has failed for this call: a person takes over while the caller is still there"""

_WRITTEN = frozenset({Channel.TEXT, Channel.SMS})
_BESIDE = (HandedBack, HandedOver, Ended)
"""what others note in a call without talking to its caller: the desk, a webhook that says the line is closed"""
_KEYS = re.compile(r"[0-9*#]{1,14}")
_SOUNDS_KEPT = 4
"""utterances that can be read again: a street, its commune and its number come in as many turns"""

Result = TypeVar("Result")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a conversation asks."""

    world: World
    understanding: Understands
    addresses: FindsAddresses
    earlier: EarlierAddresses
    bookings: TakesBookings
    log: KeepsCalls
    people: CallsPeople
    clock: Clock
    knowledge: str = ""
    """version of the knowledge base, kept with each answer out of it"""


class Conversation:
    """Drives ``dialogue.step`` for one call. Channels call ``begin``, ``handle`` and, at the end, ``close``."""

    def __init__(self, state: State, services: Services, stored: int = 0) -> None:
        """``state``: to which the ``stored`` events of the call lead."""
        self.state = state
        self._services = services
        self._stored = stored
        self._one_at_a_time = asyncio.Lock()
        self._going_on: set[asyncio.Task[object]] = set()
        self._sounds: deque[RememberedSound] = deque(maxlen=_SOUNDS_KEPT)
        self._foresight = Foresight()

    @property
    def call_id(self) -> str:
        return self.state.call_id

    @property
    def prompt_count(self) -> int:
        """Prompts said so far: the next one is this plus one."""
        return self.state.prompts

    async def begin(
        self, caller: PhoneNumber | None, channel: Channel = Channel.PHONE, *, resumed: bool = False
    ) -> list[ChannelAct]:
        """The line is open: what to say first. ``caller``: only a number the network shows."""
        return await self.handle(CallAnswered(caller, channel, resumed, self._services.clock.now().date()))

    async def handle(self, event: Event, sound: object | None = None) -> list[ChannelAct]:
        """Takes one event and gives what the channel has to do, in order. Never raises but on a broken event log, and
        ``OvertakenError``.

        An event is taken to its end even when the channel gives up waiting: no unit of work is cut in two.
        ``sound``: the utterance behind ``event`` as the speech engine encoded it; kept in memory for some turns only.
        """
        if sound is not None and isinstance(event, CallerSpoke):
            self._sounds.append(RememberedSound((event.text, *event.hypotheses), sound))
        return await self._to_its_end(self._handle(event))

    def foresee(self, spoke: CallerSpoke, sound: object) -> None:
        """The caller paused after these words and may have ended: the address in them is looked up already.

        Nothing is stored and the state stays: ``handle`` uses what was found if the turn ends with these words. They
        are understood here as they will be then, because understanding and ``step`` are pure.
        """
        state, _ = step(self.state, spoke)
        _, acts = step(state, self._understand(spoke))
        request = next((act for act in acts if isinstance(act, FindAddress)), None)
        latest = RememberedSound((spoke.text, *spoke.hypotheses), sound)
        behind = self._sound_of(request.heard, (*self._sounds, latest)) if request else None
        if request is None or behind is None:
            self._foresight.drop()
        else:
            find = self._services.addresses.find
            self._foresight.begin(request, behind, find(request.heard, request.hypotheses, behind))

    async def catch_up(self) -> None:
        """What others stored in this call counts here too: it came back to us."""
        async with self._one_at_a_time:
            self._fold(await self._news())

    async def close(self, reason: EndReason) -> None:
        """The call is over: noted once, and a place held for nothing is given back. Nothing is done where another
        process talks to the caller by now."""
        self._foresight.drop()
        await self._to_its_end(self._close(reason))

    async def _to_its_end(self, work: Coroutine[object, object, Result]) -> Result:
        task = asyncio.create_task(work)
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)
        return await asyncio.shield(task)

    async def _handle(self, event: Event) -> list[ChannelAct]:
        async with self._one_at_a_time:
            return await self._take(event)

    async def _close(self, reason: EndReason) -> None:
        async with self._one_at_a_time:
            if not await self._is_ours() or self.state.ended:
                return
            if (left_to := _LEFT_TO_PEOPLE.get(reason)) and not self.state.over:
                await self._services.people.hand_over(self.call_id, left_to)
                await self._take(HandedOver(left_to))
            await self._take(Ended(reason))
            await self._services.bookings.release(self.call_id)

    async def _take(self, event: Event) -> list[ChannelAct]:
        event = self._with_its_version(event)
        while not await self._services.log.follow(self.call_id, event, before := self._stored):
            if not await self._is_ours() or self._stored == before:
                raise OvertakenError
        self._stored += 1
        self.state, acts = step(self.state, event)
        if isinstance(event, CallerSpoke):
            return await self._take(self._understand(event))
        return await self._perform(acts)

    async def _is_ours(self) -> bool:
        """True unless others went on with the caller; what was noted beside the talk is taken in."""
        news = await self._news()
        if not all(isinstance(event, _BESIDE) for event in news):
            log.info("overtaken", call=self.call_id)
            return False
        self._fold(news)
        return True

    async def _news(self) -> Sequence[Event]:
        return (await self._services.log.events(self.call_id))[self._stored :]

    def _fold(self, news: Sequence[Event]) -> None:
        for event in news:
            self.state, _ = step(self.state, event)
        self._stored += len(news)

    def _with_its_version(self, event: Event) -> Event:
        if isinstance(event, Prompted) and event.entry and self._services.knowledge:
            return replace(event, knowledge=self._services.knowledge)
        return event

    def _understand(self, spoke: CallerSpoke) -> Event:
        if not spoke.text.strip():
            return NoWords()
        asked = self.state.asked
        if self.state.channel in _WRITTEN and asked and _KEYS.fullmatch(spoke.text.strip()):
            return Understood(meaning_of_keys(self.state, spoke.text.strip()))  # "tapez 1" is typed as it is
        expect = asked.expect if asked and asked.expect else Expectation.ANY
        return in_language(best_reading(spoke.text, spoke.hypotheses, expect, self._meaning), spoke.language)

    def _meaning(self, text: str) -> Meaning:
        asked = self.state.asked
        meaning = self._read(text, asked.expect if asked and asked.expect else Expectation.ANY)
        if asked and asked.corrects and meaning.yes_no is YesNo.NO:
            meaning = corrected(meaning, self._read(text, asked.corrects))
        return meaning

    def _read(self, text: str, expect: Expectation) -> Meaning:
        return self._services.understanding.understand(
            text,
            expect,
            today=self._services.clock.now().date(),
            offered=self.state.offered_days,
            insee=self.state.insee,
        )

    async def _perform(self, acts: Sequence[DialogueAct]) -> list[ChannelAct]:
        done: list[ChannelAct] = []
        for act in acts:
            match act:
                case Say() | HangUp():
                    done.append(act)
                case HandOver(reason):
                    await self._services.people.hand_over(self.call_id, reason)
                    done.append(act)
                    await self._take(HandedOver(reason))
                case _:
                    done += await self._take(await self._answer(act))
        return done

    async def _answer(self, request: Request) -> Event:
        asking = asyncio.create_task(self._ask(request))
        self._going_on.add(asking)
        asking.add_done_callback(self._going_on.discard)
        try:
            return await asyncio.wait_for(asyncio.shield(asking), SERVICE_LIMIT_S)
        except Exception as failure:  # noqa: BLE001 - the edge between a call and its services: a person takes over
            log.error("service_failed", call=self.call_id, request=type(request).__name__, kind=type(failure).__name__)
            return _without(request)

    async def _ask(self, request: Request) -> Event:
        match request:
            case MakeReport(report):
                return await self._services.people.report(report)
            case CheckPeople():
                return await self._services.people.check()
            case KeepCallBack(phone, reason, window):
                return await self._services.people.call_back(self.call_id, phone, reason, window)
            case NoteGap(nearest):
                return GapNoted(nearest)
            case KeepRating(rating):
                return Rated(rating)
            case RecallCall(caller):
                return await self._earlier_call(caller)
            case FindAddress(heard):
                return AddressesFound(await self._find(request, self._sound_of(heard, self._sounds)))
            case RecallAddress(caller):
                since = self._services.clock.now() - RECALL_WITHIN
                return EarlierAddressFound(await self._services.earlier.last_address(caller, since))
            case _:
                return await self._ask_desk(request)

    async def _ask_desk(self, request: DeskRequest) -> Event:
        bookings = self._services.bookings
        match request:
            case JudgeItems(items, insee):
                return await bookings.judge(items, insee)
            case FindDates(address, items, wish, after, caller):
                return await bookings.dates(address, items, wish, after, caller)
            case HoldDate(address, items, day):
                return await bookings.hold(self.call_id, address, items, day)
            case Book(draft):
                return await bookings.book(draft)
            case FindBookings(caller, references):
                return await bookings.find_bookings(caller, references)
            case CancelBooking(reference):
                return await bookings.cancel(reference)
            case AmendBooking(amendment):
                return await bookings.amend(amendment)

    async def _earlier_call(self, caller: PhoneNumber) -> EarlierCallFound:
        """What the number told in a call cut off lately: its events folded again."""
        log = self._services.log
        since = self._services.clock.now() - CALL_AGAIN_WITHIN
        call_id = await log.cut_off(caller, since, self.call_id)
        if call_id is None:
            return EarlierCallFound()
        told = folded(call_id, await log.events(call_id), self._services.world)
        if told.errand.goal is not Goal.BOOK:  # what it was about is booked already, or is somebody else's
            return EarlierCallFound()
        return EarlierCallFound(told.items, told.where.confirmed)

    async def _find(self, request: FindAddress, sound: RememberedSound | None) -> tuple[AddressCandidate, ...]:
        begun = self._foresight.take(request, sound)
        self._foresight.drop()
        return await (begun or self._services.addresses.find(request.heard, request.hypotheses, sound))

    def _sound_of(self, heard: HeardAddress, sounds: Sequence[RememberedSound]) -> RememberedSound | None:
        """The latest of ``sounds`` in which this street was said; none for a street that comes from elsewhere."""
        street = _plain(heard.street_heard or "")
        if not street or self.state.where.street_sure:
            return None
        said = (sound for sound in reversed(sounds) if any(street in _plain(text) for text in sound.texts))
        return next(said, None)


def folded(call_id: str, events: Sequence[Event], world: World) -> State:
    """The state that ``events`` lead to."""
    return reduce(lambda state, event: step(state, event)[0], events, State(call_id, world))


def _without(request: Request) -> Event:
    """The event of a request that failed. What was told before is a convenience: the call goes on as if there were
    none."""
    match request:
        case RecallAddress():
            return EarlierAddressFound(None)
        case RecallCall():
            return EarlierCallFound()
    return PartFailed(type(request).__name__)


def _plain(text: str) -> str:
    """As the understanding writes it: straight apostrophes, single spaces."""
    return " ".join(text.replace("’", "'").split())


class Conversations:
    """Opens conversations: a new call starts afresh, a known one goes on where its stored events end."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._live: WeakValueDictionary[str, Conversation] = WeakValueDictionary()

    def use(self, services: Services) -> None:
        """Conversations opened from now on ask these; those going on here keep theirs to their end."""
        self._services = services

    async def open(self, call_id: str) -> Conversation:
        """The conversation of ``call_id``: the one going on here, or its state folded from the events stored so far."""
        if (live := self._live.get(call_id)) is not None:
            await live.catch_up()
            return live
        events = await self._services.log.events(call_id)
        known = Conversation(folded(call_id, events, self._services.world), self._services, len(events))
        return self._live.setdefault(call_id, known)
