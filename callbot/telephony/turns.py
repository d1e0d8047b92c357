"""``POST /voice/turn``: the same conversation turn by turn, where a stream or the speech engine failed.

Words are recognised by Twilio (``<Gather>``), not recorded for our own engine (``<Record>``): the notice promises that
nothing is recorded, and an engine that failed once would leave the caller waiting for it at every turn.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from urllib.parse import parse_qs
from weakref import WeakValueDictionary

import structlog
from fastapi import APIRouter, Request, Response

from callbot.calls.ports import OvertakenError
from callbot.calls.turn_by_turn import LONGEST, Answer, TurnByTurn
from callbot.dialogue.acts import Say
from callbot.dialogue.keys import HUMAN
from callbot.domain.events import (
    CallAnswered,
    CallerSpoke,
    Channel,
    Ended,
    EndReason,
    Event,
    HandedOver,
    KeysPressed,
    NothingHeard,
    NoWords,
    Prompted,
)
from callbot.domain.meaning import Expectation, Language
from callbot.domain.personal import PhoneNumber
from callbot.speech.turn_taking import TURN_TAKING
from callbot.telephony import twiml
from callbot.telephony.edge import Edge, xml
from callbot.telephony.forms import Form, call_id_of, caller_of, is_over, keys_of, words_of
from callbot.telephony.keys import KeyPad
from callbot.telephony.people import People
from callbot.telephony.turn_ports import LogsTexts, OpensTurns

TURN_PATH = "/voice/turn"
TURN_LIMIT_S = 11.0
"""Twilio waits 15 s for an answer, then the line is dead: before that a person takes over"""
GIVE_UP_LIMIT_S = 2.0
SILENCE_S = 5
WAITING_SILENCE_S = 20
"""the caller asked for time"""
SPELLING_PAUSE_S = "3"
"""digits and letters come one by one"""
MOST_HINTS = 50
MOST_REMEMBERED = 1_000
"""calls whose last answer is kept, for a request that Twilio repeats"""

_LANGUAGES: Mapping[Language, str] = {
    Language.FRENCH: twiml.LANGUAGE,
    Language.ENGLISH: "en-GB",
    Language.SPANISH: "es-ES",
    Language.ITALIAN: "it-IT",
    Language.GERMAN: "de-DE",
}
_ONE_BY_ONE = frozenset({Expectation.PHONE, Expectation.NAME, Expectation.REFERENCE})
_SIGN_ALONE = frozenset({Expectation.PHONE, Expectation.NAME, Expectation.REFERENCE})
"""questions to which # alone is an answer: it must not be taken for the end of one"""
_LEAVE = frozenset({EndReason.DONE, EndReason.CALLER_HUNG_UP, EndReason.SILENCE, EndReason.CALL_BACK})
_ANSWERS = (CallerSpoke, KeysPressed, NothingHeard, NoWords)
_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """One request of Twilio: the answer to prompt ``number``, None for the first turn."""

    number: int | None
    expect: Expectation
    keys: str = ""
    words: str = ""
    confidence: float = 1.0

    @property
    def event(self) -> Event:
        """What the caller did. Keys count before words, neither is silence."""
        if keys := answer_of_keys(self.keys, self.expect):
            return KeysPressed(keys)
        if words := self.words[:LONGEST]:
            return CallerSpoke(words, (words,), self.confidence)
        return NothingHeard()


@dataclass(frozen=True, slots=True)
class _Given:
    """The last answer to a call: the question in it waits for the answer to prompt ``number``."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Turns:
    """Takes turns. ``speech``: words too, recognised by Twilio; without it keys alone. ``voice``: one of Twilio's."""

    edge: Edge
    people: People
    conversations: OpensTurns
    calls: LogsTexts
    take_back: Callable[[str], Awaitable[None]]
    """the call is here again: what waits for its stream stops waiting"""
    now: Callable[[], datetime]
    longest: timedelta
    """a call may last, its stream included; then a person takes over"""
    speech: bool = True
    voice: str = ""
    _given: OrderedDict[str, _Given] = field(default_factory=OrderedDict)
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def turn(self, request: Request) -> Response:
        """``POST /voice/turn``: the first words, or the answer to what the caller said to prompt ``n``."""
        form = await self.edge.form(request)
        call_id = call_id_of(form)
        if is_over(form):
            return xml(twiml.hang_up())  # /voice/status closes the conversation
        lock = self._locks.setdefault(call_id, asyncio.Lock())
        try:
            async with asyncio.timeout(TURN_LIMIT_S), lock:
                return xml(await self._taken(request, call_id, caller_of(form), _turn_of(request, form)))
        except OvertakenError:  # a request repeated at another host: as there, the question that waits is asked
            return xml(twiml.redirect(self.edge.base(request) + TURN_PATH))
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: an error page would be a dead line
            log.error("webhook_failed", call=call_id, kind=type(failure).__name__)
            await self._give_up(call_id)
            return xml(self.people.apologise_and_transfer(request, call_id))

    async def _taken(self, request: Request, call_id: str, caller: PhoneNumber | None, turn: Turn) -> str:
        given = self._given.get(call_id)
        if given is not None and (turn.number is None or turn.number < given.number):
            return given.text  # repeated: the question that waits is asked again, nothing is answered twice
        events = await self.calls.events(call_id)
        if (end := _end(events)) is not None:
            return self._after_end(request, call_id, end, turn, events)
        await self.take_back(call_id)
        conversation = await self.conversations.open(call_id)
        if await self._lasts_too_long(call_id):
            await conversation.close(EndReason.TOO_LONG)
            return self.people.apologise_and_transfer(request, call_id)
        talk = TurnByTurn(conversation)
        if waits_for(events, turn.number):
            answer = await talk.take(turn.event)
        else:  # the first turn, or the answer to it was lost with another worker
            answer = await talk.begin(caller, Channel.TURNS, resumed=bool(events))
        text = self._twiml(request, call_id, answer, conversation.prompt_count)
        self._remember(call_id, _Given(conversation.prompt_count, text))
        return text

    async def _lasts_too_long(self, call_id: str) -> bool:
        known = await self.calls.summary(call_id)
        return known is not None and self.now() - known.started_at > self.longest

    def _after_end(self, request: Request, call_id: str, end: EndReason, turn: Turn, events: Sequence[Event]) -> str:
        """A person can be had until the line is closed. Any other key cut the last words off: they are said again."""
        if end is EndReason.HANDED_OVER:
            return self.people.transfer(request, call_id)
        if end not in _LEAVE or HUMAN in turn.keys:
            return self.people.apologise_and_transfer(request, call_id)
        return self._last_words(request, call_id, events) if turn.keys else twiml.hang_up()

    def _last_words(self, request: Request, call_id: str, events: Sequence[Event]) -> str:
        said = _said_last(events)
        if not said:
            return twiml.hang_up()
        given, number = self._given.get(call_id), said[-1].number
        if given is not None and given.number == number:
            return given.text
        # Said by another worker: the log keeps the words, not their language, which is nearly always French.
        sentences = [twiml.Sentence(prompt.text, voice=self.voice) for prompt in said]
        return twiml.last_words(sentences, self._listening(request, None, number))

    def _twiml(self, request: Request, call_id: str, answer: Answer, number: int) -> str:
        said = [self._sentence(say) for say in answer.said]
        if answer.hand_over is not None:
            return self.people.transfer(request, call_id, said)
        if answer.ended is not None and answer.ended not in _LEAVE:
            return self.people.transfer(request, call_id, [*said, twiml.Sentence(twiml.TRANSFER_SENTENCE)])
        listening = self._listening(request, answer.question, number)
        if answer.ended is not None:
            return twiml.last_words(said, listening)
        if not said:  # nothing to say and nothing to end: the conversation cannot go on
            return self.people.apologise_and_transfer(request, call_id)
        told = _told_first(answer.said)
        return twiml.ask(said[:told], said[told:], listening)

    def _listening(self, request: Request, question: Say | None, number: int) -> twiml.Listening:
        expect = (question.expect if question else None) or Expectation.ANY
        keys = TURN_TAKING[expect].keys.longest
        hints = question.hints if question else ()
        return twiml.Listening(
            action_url=f"{self.edge.base(request)}{TURN_PATH}?n={number}&e={expect.value}",
            speech=self.speech,
            keys=keys,
            finish_key="" if keys == 1 or expect in _SIGN_ALONE else "#",
            silence_s=WAITING_SILENCE_S if question and question.waiting else SILENCE_S,
            speech_pause_s=SPELLING_PAUSE_S if expect in _ONE_BY_ONE else "auto",
            hints=", ".join(hint.replace(",", " ") for hint in hints[:MOST_HINTS]),
        )

    def _sentence(self, say: Say) -> twiml.Sentence:
        language = _LANGUAGES.get(say.language, twiml.LANGUAGE)
        return twiml.Sentence(say.text, language, self.voice if language == twiml.LANGUAGE else "")

    def _remember(self, call_id: str, given: _Given) -> None:
        self._given[call_id] = given
        self._given.move_to_end(call_id)
        while len(self._given) > MOST_REMEMBERED:
            self._given.popitem(last=False)

    async def _give_up(self, call_id: str) -> None:
        """People find in their queue what was said so far, if it can still be stored."""
        try:
            async with asyncio.timeout(GIVE_UP_LIMIT_S):
                await (await self.conversations.open(call_id)).close(EndReason.FAILURE)
        except Exception as failure:  # noqa: BLE001 - the second failure of a turn: the caller is put through all the same
            log.error("close_failed", call=call_id, kind=type(failure).__name__)


def answer_of_keys(pressed: str, expect: Expectation) -> str:
    """One answer out of all keys of a turn, as the keypad of a stream takes them; zeros alone ask for a person."""
    pad = KeyPad()
    for key in pressed:
        if (keys := pad.press(key, 0.0, expect)) is not None:
            return keys
    keys = pad.tick(math.inf) or ""
    return HUMAN if keys and not keys.strip(HUMAN) else keys


def waits_for(events: Sequence[Event], number: int | None) -> bool:
    """True when prompt ``number`` was the last and nothing the caller did since is stored."""
    for event in reversed(events):
        if isinstance(event, _ANSWERS):
            return False
        if isinstance(event, Prompted):
            return event.number == number
    return False


def _end(events: Sequence[Event]) -> EndReason | None:
    """Why the conversation is over; None while it is not, or when it may come back after a broken stream."""
    for event in reversed(events):
        match event:
            case Ended(reason) if reason is not EndReason.BROKEN_STREAM:
                return reason
            case HandedOver():
                return EndReason.HANDED_OVER
            case CallAnswered():
                return None
    return None


def _said_last(events: Sequence[Event]) -> list[Prompted]:
    """What was said since the caller did something."""
    lately = takewhile(lambda event: not isinstance(event, (*_ANSWERS, CallAnswered)), reversed(events))
    return [event for event in lately if isinstance(event, Prompted)][::-1]


def _told_first(said: Sequence[Say]) -> int:
    """How many prompts in front of the question are not to be spoken over."""
    question = next((place for place, say in enumerate(said) if say.expect is not None), len(said))
    return next((place for place in range(question, 0, -1) if not said[place - 1].interruptible), 0)


def _turn_of(request: Request, form: Form) -> Turn:
    asked = parse_qs(request.scope["query_string"].decode("latin-1"))
    number, expect = asked.get("n", [""])[0], asked.get("e", [""])[0]
    words, confidence = words_of(form)
    return Turn(
        int(number) if _NUMBER.fullmatch(number) else None,
        Expectation(expect) if expect in set(Expectation) else Expectation.ANY,
        keys_of(form),
        words,
        confidence,
    )


def turn_router(turns: Turns) -> APIRouter:
    """The route of this module."""
    router = APIRouter()
    router.post(TURN_PATH)(turns.turn)
    return router
