"""``POST /sms/incoming``: the same conversation by SMS."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Protocol
from weakref import WeakValueDictionary

import structlog
from fastapi import APIRouter, Request, Response

from callbot.calls.leftovers import LAPSE
from callbot.calls.ports import OvertakenError
from callbot.calls.turn_by_turn import TurnByTurn
from callbot.calls.written import written
from callbot.dialogue.acts import Act
from callbot.domain.events import (
    CallerSpoke,
    Channel,
    Ended,
    EndReason,
    Event,
    HandedOver,
    Prompted,
)
from callbot.domain.gsm7 import plain
from callbot.domain.personal import PhoneNumber
from callbot.messages.opinions import THANKS, rating_of
from callbot.messages.stop import STARTED, STOPPED, StopAnswer
from callbot.messages.texts import sms_segments
from callbot.telephony import twiml
from callbot.telephony.edge import Edge, xml
from callbot.telephony.forms import caller_of, has_media, message_of, opt_out_type
from callbot.telephony.texting_people import ACT, InsteadOfTheBot
from callbot.telephony.turn_ports import LogsTexts, OpensTurns, RemembersStops, TakesOpinions

SMS_INCOMING_PATH = "/sms/incoming"
LONGEST_TEXT = 480
"""letters that are read, three SMS; who writes more than that is asked to be brief"""
MOST_MESSAGES = 20
"""of one conversation that are answered: two machines do not write to each other for ever"""
MOST_CONVERSATIONS = 10
"""with one number in 24 hours, for the same reason"""
MOST_SEGMENTS = 2
"""SMS that one answer is billed as; a longer one is sent as several messages"""
A_DAY = timedelta(hours=24)

TOO_LONG_SENTENCE = "Ce message est trop long pour moi. Pouvez-vous l'écrire en quelques mots ?"
PICTURE_SENTENCE = "Je ne peux lire que du texte. Pouvez-vous l'écrire en quelques mots ?"
NO_WORDS_SENTENCE = "Je ne vois pas de mots dans ce message. Pouvez-vous l'écrire en quelques mots ?"
AWAY_SENTENCE = "Je ne peux pas vous répondre pour le moment. Vous pouvez appeler le {number}."

STOP_SENTENCE = "Je m'arrête ici, un conseiller verra votre demande. Vous pouvez aussi appeler le {number}."

_STOPPED = Ended(EndReason.TOO_LONG)
_TWILIO_STOP = frozenset({"stop", "stopall", "unsubscribe", "end", "quit"})
_STOP = _TWILIO_STOP | {"arret", "arrêt"}
_TWILIO_START = frozenset({"start", "unstop"})
_START = _TWILIO_START | {"reprendre", "reprise"}
"""what a whole message may be; ``_TWILIO_...``: what Twilio takes as such by itself, where it does"""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """A text message. Personal."""

    sid: str
    sender: PhoneNumber
    body: str
    media: bool = False

    @property
    def unreadable(self) -> str:
        """What to say to a message that holds no words to understand; "" when it does."""
        if len(self.body) > LONGEST_TEXT:
            return TOO_LONG_SENTENCE
        if any(letter.isalnum() for letter in self.body):
            return ""
        return PICTURE_SENTENCE if self.media else NO_WORDS_SENTENCE


class AnswersStops(Protocol):
    """What is answered to STOP and START (``StopAnswers``, or those in force)."""

    def to_stop(self, message: str, word: str) -> StopAnswer | None:
        """None where the phone company answers ``word``."""
        ...

    def to_start(self, message: str, word: str) -> StopAnswer | None:
        """None where the phone company answers ``word``."""
        ...


@dataclass(frozen=True, slots=True)
class StopAnswers:
    """Our own answers to STOP and START; ``by_twilio``: Twilio answers the words it knows, we answer the others."""

    stopped: str
    started: str
    by_twilio: bool = True

    def to_stop(self, message: str, word: str) -> StopAnswer | None:
        """The answer to STOP in message ``message``; None where Twilio answers ``word``."""
        return self._answer(f"{STOPPED}{message}", self.stopped, word in _TWILIO_STOP)

    def to_start(self, message: str, word: str) -> StopAnswer | None:
        """The answer to START, likewise."""
        return self._answer(f"{STARTED}{message}", self.started, word in _TWILIO_START)

    def _answer(self, key: str, text: str, known: bool) -> StopAnswer | None:
        return None if known and self.by_twilio else StopAnswer(key, text)


@dataclass(frozen=True, slots=True)
class Texting:
    """Answers messages. A conversation has the id of the message that began it, so that no number is in it.

    What is answered is read from the stored events: the same message gets the same answer, from any worker.
    """

    edge: Edge
    conversations: OpensTurns
    log: LogsTexts
    people_number: str
    now: Callable[[], datetime]
    opt_outs: RemembersStops | None = None
    stop_answers: AnswersStops | None = None
    opinions: TakesOpinions | None = None
    """None: nobody was asked how a pickup was"""
    people: InsteadOfTheBot = field(default_factory=InsteadOfTheBot)
    """who answers while the bot does not"""
    _locks: WeakValueDictionary[PhoneNumber, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def incoming(self, request: Request) -> Response:
        """``POST /sms/incoming``."""
        form = await self.edge.form(request)
        (sid, body), sender = message_of(form), caller_of(form)
        # Short codes and names are machines; nobody reads there what we would answer.
        if sender is None or await self._opted(sid, opt_out_type(form), body, sender):
            return xml(twiml.messages())
        message = Message(sid, sender, body, has_media(form))
        lock = self._locks.setdefault(sender, asyncio.Lock())
        try:
            async with lock:
                answer = await self._answer_once(message)
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: whoever writes is told where to turn
            log.error("webhook_failed", message=sid, kind=type(failure).__name__)
            answer = [AWAY_SENTENCE.format(number=national(self.people_number))]
        return xml(twiml.messages(*in_messages(answer)))

    async def _answer_once(self, message: Message) -> list[str]:
        """The answer; where another host wrote in the conversation meanwhile, by what it says then."""
        try:
            return await self._answer(message)
        except OvertakenError:
            return await self._answer(message)

    async def _opted(self, sid: str, told: str, body: str, sender: PhoneNumber) -> bool:
        """Remember a STOP, and a START after it; True for every message that is no part of a conversation.

        Where Twilio does not answer, our answer is queued with what is remembered, once however often Twilio brings
        the message; ``told``: what Twilio took it for, and has answered.
        """
        word = body.lower().rstrip(" .!")
        answers = None if told else self.stop_answers
        if told == "STOP" or word in _STOP or word in {f"{stop} sms" for stop in _STOP}:
            if self.opt_outs is not None:
                await self.opt_outs.stop(sender, self.now(), answers.to_stop(sid, word) if answers else None)
            return True
        if told == "START" or word in _START:
            if self.opt_outs is not None:
                await self.opt_outs.start(sender, self.now(), answers.to_start(sid, word) if answers else None)
            return True
        return bool(told)

    @property
    def _stop_sentence(self) -> str:
        return STOP_SENTENCE.format(number=national(self.people_number))

    async def _answer(self, message: Message) -> list[str]:
        since = self.now() - A_DAY
        known = [each for each in await self.log.calls_of(message.sender, since) if each.channel is Channel.SMS]
        for each in known:
            events = await self.log.events(each.call_id)
            if _place_of(message.sid, events) is not None:
                return await self._again(message, each.call_id, events)
        latest = known[0] if known and known[0].last_event_at > self.now() - LAPSE else None
        events = await self.log.events(latest.call_id) if latest else []
        if latest and (_STOPPED in events or sum(isinstance(each, CallerSpoke) for each in events) >= MOST_MESSAGES):
            return await self._stop(message, latest.call_id, events)
        if latest is None or any(isinstance(event, Ended | HandedOver) for event in events):
            if await self._rated(message):
                return [THANKS]
            if len(known) >= MOST_CONVERSATIONS:
                return self._no_more(message)
            return await (self._divert(message) if await self.people.to_people() else self._begin(message))
        return await self._take(message, latest.call_id)

    async def _rated(self, message: Message) -> bool:
        """The answer to the question how the pickup was; no answer where a conversation goes on and waits for one."""
        rating = rating_of(message.body)
        if self.opinions is None or rating is None:
            return False
        return await self.opinions.rate(message.sender, rating)

    async def _again(self, message: Message, conversation_id: str, events: Sequence[Event]) -> list[str]:
        """A message that came before: the same answer; if it was lost with its worker, the question that waits."""
        if _STOPPED in events[: _place_of(message.sid, events)]:
            return [self._stop_sentence]
        if not is_answered(events, message.sid):
            conversation = await self.conversations.open(conversation_id)
            await TurnByTurn(conversation).begin(message.sender, Channel.SMS, resumed=True)
        return await self._said(message, conversation_id)

    async def _begin(self, message: Message) -> list[str]:
        conversation = await self.conversations.open(message.sid)
        await TurnByTurn(conversation).begin(message.sender, Channel.SMS)
        return await self._take(message, message.sid)

    async def _divert(self, message: Message) -> list[str]:
        """People answer in the bot's stead: a conversation of one answer, found again when the message comes twice."""
        number = national(self.people_number)
        text, kept = await self.people.answer(message.sid, message.sender, message.body, number, self.now().date())
        conversation = await self.conversations.open(message.sid)
        await conversation.begin(message.sender, Channel.SMS)
        if kept is not None:
            await conversation.handle(kept)
        await conversation.close(EndReason.DONE if kept is None else EndReason.CALL_BACK)
        words = message.body[:LONGEST_TEXT]
        await conversation.handle(CallerSpoke(words, (words,), message=message.sid))
        await conversation.handle(Prompted(ACT, conversation.prompt_count + 1, text))
        return replies_to(await self.log.events(message.sid), message.sid)

    async def _take(self, message: Message, conversation_id: str) -> list[str]:
        words = "" if message.unreadable else message.body
        talk = TurnByTurn(await self.conversations.open(conversation_id))
        await talk.take(CallerSpoke(words, (words,), message=message.sid))
        return await self._said(message, conversation_id)

    async def _stop(self, message: Message, conversation_id: str, events: Sequence[Event]) -> list[str]:
        """Too many messages: a person finds the conversation in the list. That is told once; then there is silence."""
        if _STOPPED in events and events[-1] != _STOPPED:
            return self._no_more(message)
        conversation = await self.conversations.open(conversation_id)
        await conversation.close(_STOPPED.reason)
        await conversation.handle(CallerSpoke(message.body[:LONGEST_TEXT], message=message.sid))
        return [self._stop_sentence]

    async def _said(self, message: Message, conversation_id: str) -> list[str]:
        replies = replies_to(await self.log.events(conversation_id), message.sid)
        return [text for text in (message.unreadable, *replies) if text]

    def _no_more(self, message: Message) -> list[str]:
        log.warning("too_many_messages", message=message.sid)
        return []


def replies_to(events: Sequence[Event], sid: str) -> list[str]:
    """What was said to message ``sid``, worded for the eye, after the notice where it began the conversation."""
    place = _place_of(sid, events)
    if place is None:
        return []
    before, after = events[:place], takewhile(lambda event: not isinstance(event, CallerSpoke), events[place + 1 :])
    began = not any(isinstance(event, CallerSpoke) for event in before)
    notice = [event for event in before if isinstance(event, Prompted) and event.act == Act.NOTICE.value]
    said = [event.text for event in (*(notice if began else ()), *after) if isinstance(event, Prompted)]
    return [text for text in map(written, said) if text]


def is_answered(events: Sequence[Event], sid: str) -> bool:
    """True when message ``sid`` was taken and something was said to it, or the conversation ended with it."""
    place = _place_of(sid, events)
    return place is not None and any(isinstance(event, Prompted | Ended) for event in events[place:])


def _place_of(sid: str, events: Sequence[Event]) -> int | None:
    found = (at for at, event in enumerate(events) if isinstance(event, CallerSpoke) and event.message == sid)
    return next(found, None)


def in_messages(texts: Sequence[str]) -> list[str]:
    """The texts in letters of an ordinary SMS, joined to messages of at most ``MOST_SEGMENTS``."""
    messages: list[str] = []
    for text in texts:
        for piece in _pieces(plain(text)):
            joined = f"{messages[-1]} {piece}" if messages else piece
            if messages and sms_segments(joined) <= MOST_SEGMENTS:
                messages[-1] = joined
            else:
                messages.append(piece)
    return messages


def _pieces(text: str) -> list[str]:
    """``text`` whole where it fits, else cut between words."""
    pieces: list[str] = []
    for word in text.split():
        joined = f"{pieces[-1]} {word}" if pieces else word
        if pieces and sms_segments(joined) <= MOST_SEGMENTS:
            pieces[-1] = joined
        else:
            pieces.append(word)
    return pieces


def national(number: str) -> str:
    """A French number in E.164 form the way it is written at home, ``0800949408``; any other as it is."""
    return f"0{number[3:]}" if number.startswith("+33") else number


def texting_router(texting: Texting) -> APIRouter:
    """The route of this module."""
    router = APIRouter()
    router.post(SMS_INCOMING_PATH)(texting.incoming)
    return router
