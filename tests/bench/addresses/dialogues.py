"""Whole conversations about an address, every spoken turn in real sound, until it is confirmed or handed over."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final
from unittest.mock import patch

from callbot.calls import conversation as conversation_module
from callbot.calls.conversation import Conversation, Services
from callbot.dialogue.acts import Act, Say
from callbot.dialogue.state import State, World
from callbot.dialogue.wording import spoken_commune
from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import BookingDraft, NotBooked
from callbot.domain.calendar import PickupDate
from callbot.domain.events import (
    Booked,
    BookingFailed,
    CallerSpoke,
    DateHeld,
    DatesFound,
    Event,
    HandOverReason,
    HoldRefused,
    ItemsJudged,
    KeysPressed,
    NoWords,
)
from callbot.domain.items import Catalogue, ItemLine
from callbot.domain.meaning import Expectation, HeardDate
from callbot.domain.personal import PhoneNumber
from callbot.gazetteer.folding import fold
from callbot.gazetteer.search import Gazetteer
from tests.bench.addresses.caller import SHARED, HonestCaller, Types
from tests.bench.addresses.corpus import Task, Utterance
from tests.bench.addresses.ears import TODAY, Ears, Sound
from tests.bench.addresses.line import Condition
from tests.bench.addresses.recording import Wanted
from tests.bench.addresses.stages import Listening
from tests.bench.addresses.workers import Method, Workers
from tests.calls.quiet_services import QuietServices

MOST_TURNS: Final = 20
"""after so many the caller hangs up"""
_PATIENT_S: Final = 120.0
_ITEMS: Final = "un canapé"
_NOW: Final = datetime(TODAY.year, TODAY.month, TODAY.day, 10, tzinfo=UTC)


class Ending(StrEnum):
    """What became of an address."""

    RIGHT = "right"
    WRONG = "wrong and confirmed"
    HANDED_OVER = "handed over"
    HUNG_UP = "hung up"
    UNRECORDED = "unrecorded"
    """a sentence has to be recorded first"""


@dataclass(frozen=True, slots=True)
class DialogueOutcome:
    """``turns`` of the caller from the first sentence with the address to the last answer about it, keys included.

    ``asked``: the questions they answered. ``unrecorded``: the sentence that is missing, "" when none is.
    """

    ending: Ending
    turns: int
    asked: tuple[Act, ...]
    unrecorded: str = ""

    @property
    def settled(self) -> bool:
        """True when the conversation came to an end."""
        return self.ending is not Ending.UNRECORDED


def needs(job: Listening) -> Counter[Act]:
    """The questions nobody can do without: the address, its number when it was not said, the read-back."""
    address = job.utterance.address
    number = () if address and address.number else (Act.ASK_NUMBER,)
    return Counter((Act.ASK_ADDRESS, *number, Act.CONFIRM_ADDRESS))


def asked_again(job: Listening, outcome: DialogueOutcome) -> bool:
    """True when any question came that a perfect listener would not have asked."""
    return bool(Counter(outcome.asked) - needs(job))


class FakeServices(QuietServices):
    """The services of a call other than ears and addresses, in memory: everything is taken, nothing is kept."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._stored: list[Event] = []

    async def last_address(self, phone: PhoneNumber, since: datetime) -> StreetAddress | None:
        """Nobody booked before."""
        return None

    async def judge(self, items: tuple[ItemLine, ...], insee: str | None) -> ItemsJudged:
        """As the catalogue has it."""
        return ItemsJudged(tuple(self._catalogue[line.item].ruling for line in items), 1.0)

    async def dates(
        self,
        address: StreetAddress,
        items: tuple[ItemLine, ...],
        wish: HeardDate | None,
        after: date | None,
        caller: PhoneNumber | None,
    ) -> DatesFound:
        """One day."""
        return DatesFound((PickupDate("all", TODAY + timedelta(days=7), 3),))

    async def hold(
        self, call_id: str, address: StreetAddress, items: tuple[ItemLine, ...], day: date
    ) -> DateHeld | HoldRefused:
        """Always."""
        return DateHeld(day, _NOW + timedelta(minutes=10))

    async def book(self, draft: BookingDraft) -> Booked | BookingFailed:
        """Never: conversations end before."""
        return BookingFailed(NotBooked.NOT_READ_BACK)

    async def release(self, call_id: str) -> None:
        """Nothing was held."""

    async def append(self, call_id: str, event: Event) -> None:
        """Store one event."""
        self._stored.append(event)

    async def follow(self, call_id: str, event: Event, after: int) -> bool:
        """Nobody else writes in this call."""
        self._stored.append(event)
        return True

    async def events(self, call_id: str) -> list[Event]:
        """All of them."""
        return list(self._stored)

    async def hand_over(self, call_id: str, reason: HandOverReason) -> None:
        """A person takes over; raises ``RuntimeError`` where it is because something failed."""
        if reason is HandOverReason.TECHNICAL:
            raise RuntimeError("a service of the conversation failed")

    def now(self) -> datetime:
        """Always the same moment."""
        return _NOW


def hold_dialogue(ears: Ears, job: Listening) -> DialogueOutcome:
    """One conversation. Raises ``RuntimeError`` when a part of the product fails, which is no outcome to count.

    However busy the machine is, what is found counts: time is measured apart.
    """
    with patch.object(conversation_module, "SERVICE_LIMIT_S", _PATIENT_S):
        return asyncio.run(_hold_dialogue(ears, job, whole_address(job.utterance, ears.gazetteer)))


async def _hold_dialogue(ears: Ears, job: Listening, wanted: StreetAddress) -> DialogueOutcome:
    conversation = await _at_the_address(ears, wanted)
    draw = Random(f"caller:{job.utterance.seed}:{job.condition}")
    caller = HonestCaller(wanted, job.utterance.text, conversation.state.world.communes, draw)
    asked: list[Act] = []
    while (question := _question(conversation.state)) and len(asked) < MOST_TURNS:
        reply = caller.answer(question)
        asked.append(question.act)
        if isinstance(reply, Types):
            await conversation.handle(KeysPressed(reply.keys))
            continue
        try:
            sound = _sound(ears, job, reply.text, turn=len(asked) - 1)
        except FileNotFoundError:
            return DialogueOutcome(Ending.UNRECORDED, len(asked), tuple(asked), reply.text)
        await _say(ears, conversation, question, sound)
    return DialogueOutcome(_ending(conversation.state, wanted), len(asked), tuple(asked))


def whole_address(utterance: Utterance, gazetteer: Gazetteer) -> StreetAddress:
    """The caller's address; who did not say the number at first has one too, drawn from those that exist."""
    said = utterance.address
    if said is None:
        raise ValueError("this sentence has no address")
    if said.number is not None:
        return said
    street = next(one for one in gazetteer.index.streets if (one.name, one.insee) == (said.street, said.insee))
    house = Random(f"house:{utterance.seed}").choice(gazetteer.numbers(street))
    return replace(said, number=house.number, repetition=house.repetition or None, point=house.point)


async def _at_the_address(ears: Ears, wanted: StreetAddress) -> Conversation:
    """A conversation that knows items and commune and asks for the address."""
    world = World(ears.knowledge.catalogue, {commune.insee: commune for commune in ears.gazetteer.communes})
    fakes = FakeServices(world.catalogue)
    services = Services(world, ears.understander, ears.finder, fakes, fakes, fakes, fakes, fakes)
    conversation = Conversation(State("bench", world), services)
    await conversation.begin(None)
    for text in (_ITEMS, spoken_commune(world.communes[wanted.insee])):
        await conversation.handle(CallerSpoke(text, (text,)))
    if conversation.state.asked_act is not Act.ASK_ADDRESS or conversation.state.insee != wanted.insee:
        raise RuntimeError(f"the address is not asked for after items and commune {wanted.insee}")
    return conversation


def _question(state: State) -> Say | None:
    """What the caller has to answer; None once the address is confirmed or the conversation over."""
    return None if state.where.confirmed or state.over else state.asked


def _sound(ears: Ears, job: Listening, text: str, turn: int) -> Sound:
    """Every turn has its own noise, of the same kind, and its own losses."""
    return ears.sound(job.utterance.speaker, text, job.condition, job.utterance.seed + 2 * turn)


async def _say(ears: Ears, conversation: Conversation, question: Say, sound: Sound) -> None:
    """One spoken turn, as ``telephony`` takes it."""
    heard = await ears.listen(sound, question.expect or Expectation.ANY, question.hints, question.corrects)
    if not heard.text.strip():
        await conversation.handle(NoWords())
        return
    spoke = CallerSpoke(heard.text, heard.hypotheses, heard.confidence, sound.voiced_ms)
    await conversation.handle(spoke, heard.sound)


def _ending(state: State, wanted: StreetAddress) -> Ending:
    if state.where.confirmed:
        return Ending.RIGHT if same_place(state.where.confirmed, wanted) else Ending.WRONG
    return Ending.HANDED_OVER if state.over else Ending.HUNG_UP


def same_place(one: StreetAddress, other: StreetAddress) -> bool:
    """The same house of the same street of the same commune or arrondissement."""
    return _place(one) == _place(other)


def _place(address: StreetAddress) -> tuple[str, str, int | None, str]:
    return fold(address.street), address.insee, address.number, (address.repetition or "").lower()


Recorder = Callable[[Sequence[Wanted]], frozenset[str]]
"""records what is missing, gives the speakers that cannot speak"""

DIALOGUE: Final = Method(
    "dialogue",
    hold_dialogue,
    DialogueOutcome,
    ("dialogues.py", "caller.py", "stages.py", "surnames.py"),
    keeps=lambda outcome: outcome.settled,
)


def dialogues(utterances: Sequence[Utterance]) -> tuple[Listening, ...]:
    """A conversation for each address, clean and at 20 dB."""
    said = [each for each in utterances if each.task is Task.ADDRESS]
    return tuple(Listening(each, one) for each in said for one in (Condition.CLEAN, Condition.DB20))


def hold_all(
    workers: Workers, jobs: Sequence[Listening], record_missing: Recorder
) -> Mapping[Listening, DialogueOutcome]:
    """All conversations, round by round: what a caller turns out to need is recorded, then those go on that waited.

    Conversations of a speaker that cannot speak are left out.
    """
    open_jobs, done = list(jobs), dict[Listening, DialogueOutcome]()
    left_out = record_missing(
        [Wanted(name, text) for name in dict.fromkeys(job.utterance.speaker for job in jobs) for text in SHARED]
    )
    while open_jobs := [job for job in open_jobs if job.utterance.speaker not in left_out]:
        outcomes = dict(zip(open_jobs, workers.results(DIALOGUE, open_jobs), strict=True))
        done |= {job: outcome for job, outcome in outcomes.items() if outcome.settled}
        open_jobs = [job for job in open_jobs if job not in done]
        left_out |= record_missing([Wanted(job.utterance.speaker, outcomes[job].unrecorded) for job in open_jobs])
    return done
