"""The way to a person: the transfer, what the agent hears first, the wait, and the call-back when nobody answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from fastapi import APIRouter, Request, Response

from callbot.dialogue.wording import spoken_window
from callbot.domain.events import CallBackKept, Event, HandedOver, HandOverReason
from callbot.domain.personal import PhoneNumber
from callbot.telephony import twiml
from callbot.telephony.after_stream import AFTER_STREAM_PATH, handed_back
from callbot.telephony.edge import Edge, xml
from callbot.telephony.forms import Form, Transfer, call_id_of, caller_of, queue_seconds_of, talk_of, transfer_of
from callbot.telephony.ports import ReadsCalls
from callbot.telephony.turn_ports import CallsBack, FollowsHandOvers, Summarises

NOBODY_FREE_SENTENCE = "Personne n'est disponible pour le moment. Merci de rappeler un peu plus tard."
KEPT_SENTENCE = "Personne n'est disponible pour le moment. Votre demande est gardée, un conseiller la verra."
CALL_BACK_SENTENCE = "Personne n'est disponible pour le moment. Un conseiller vous rappelle {window}."
WAITING_SENTENCE = "Vous êtes en attente d'un conseiller. Restez en ligne, s'il vous plaît."
JOINED_SENTENCE = "Un conseiller prend votre appel."
UNKNOWN_SUMMARY = "Appel du service des encombrants. Nous n'avons pas de résumé de cet appel."
AFTER_DIAL_PATH = "/voice/after-dial"
WHISPER_PATH = "/voice/whisper"
WAIT_PATH = "/voice/wait"
JOINED_PATH = "/voice/joined"
LONGEST_WAIT_S = 180
"""who waited so long in the queue is called back instead"""
WAIT_PAUSE_S = 20
"""silence between two sentences to who waits"""
SUMMARY_LIMIT_S = 3.0
"""the caller waits while the agent is told what it is about"""
_CALL = re.compile(r"call=([A-Za-z0-9_-]{2,64})", re.ASCII)
_WAITED = re.compile(r"waited=([0-9]{1,5})", re.ASCII)

log = structlog.get_logger(__name__)


def not_noted(_call_id: str, _kept: CallBackKept | None) -> None:
    """Nobody follows the calls that people get in the bot's stead."""


@dataclass(frozen=True, slots=True)
class People:
    """Where people are, and what is told about the calls they get.

    Without ``summaries`` the agent hears nothing first; without ``call_backs`` nothing is promised; without
    ``hand_overs`` nobody follows the queue.
    """

    edge: Edge
    calls: ReadsCalls
    number: str
    now: Callable[[], datetime]
    queue: str = ""
    summaries: Summarises | None = None
    call_backs: CallsBack | None = None
    hand_overs: FollowsHandOvers | None = None
    diverted: Callable[[str, CallBackKept | None], None] = not_noted
    """told of every call that people get in the bot's stead, with the call-back where that was all there was; must
    neither wait nor raise"""

    def transfer(
        self, request: Request, call_id: str, said: Sequence[twiml.Sentence] = (), *, waited_s: int = 0
    ) -> str:
        """TwiML that puts the caller through after what is ``said``; ``waited_s``: in the queue already, before."""
        base = self.edge.base(request)
        whisper = f"{base}{WHISPER_PATH}?call={call_id}" if self.summaries else ""
        wait = base + WAIT_PATH + (f"?waited={waited_s}" if waited_s else "")
        agents = twiml.Agents(self.number, base + AFTER_DIAL_PATH, self.queue, wait, whisper)
        return twiml.transfer(agents, said)

    def apologise_and_transfer(self, request: Request, call_id: str) -> str:
        """The same, said by us: the dialogue could not say it any more."""
        return self.transfer(request, call_id, (twiml.Sentence(twiml.TRANSFER_SENTENCE),))

    async def instead_of_the_bot(self, request: Request, call_id: str, caller: PhoneNumber | None) -> str:
        """People answer while the bot does not: at once in their hours, by a call-back that is kept outside them."""
        kept = None
        if caller is not None and await self._closed():
            kept = await self._call_back(call_id, caller, HandOverReason.DIVERTED)
        self.diverted(call_id, kept)
        if kept is not None:
            return twiml.take_leave(CALL_BACK_SENTENCE.format(window=self._spoken(kept)))
        return self.apologise_and_transfer(request, call_id)

    async def instead_of_writing(self, message_id: str, writer: PhoneNumber) -> CallBackKept | None:
        """The call-back of who writes while the bot does not answer; None where none could be kept."""
        return await self._call_back(message_id, writer, HandOverReason.DIVERTED)

    async def whisper(self, request: Request) -> Response:
        """``POST /voice/whisper?call=``: an agent has answered and hears what it is about, before the caller is on."""
        await self.edge.form(request)
        found = _CALL.fullmatch(request.scope["query_string"].decode("latin-1"))
        if found is None or self.summaries is None:
            return xml(twiml.say(twiml.Sentence(UNKNOWN_SUMMARY)))
        call_id = found.group(1)
        if self.hand_overs is not None:
            await _noted(call_id, self.hand_overs.taken)
        return xml(twiml.say(twiml.Sentence(await self.summary(call_id))))

    async def joined(self, request: Request) -> Response:
        """``POST /voice/joined``: an agent takes the caller out of the queue; the caller is told."""
        call_id = call_id_of(await self.edge.form(request))
        if self.hand_overs is not None:
            await _noted(call_id, self.hand_overs.taken)
        return xml(twiml.say(twiml.Sentence(JOINED_SENTENCE)))

    async def wait(self, request: Request) -> Response:
        """``POST /voice/wait``: what a caller in the queue hears, again and again."""
        form = await self.edge.form(request)
        before = _WAITED.fullmatch(request.scope["query_string"].decode("latin-1"))
        if queue_seconds_of(form) + (int(before.group(1)) if before else 0) >= LONGEST_WAIT_S:
            return xml(twiml.leave_queue())
        return xml(twiml.wait(WAITING_SENTENCE, WAIT_PAUSE_S))

    async def after_dial(self, request: Request) -> Response:
        """``POST /voice/after-dial``: the talk with a person is over, or there was none."""
        return await self.over(request, await self.edge.form(request))

    async def over(self, request: Request, form: Form, transfer: Transfer | None = None) -> Response:
        """What comes after a transfer that ended as the form says, or as the one who asks knows better."""
        call_id = call_id_of(form)
        match transfer or transfer_of(form):
            case Transfer.TALKED:
                if self.hand_overs is not None:
                    await _noted(call_id, partial(self.hand_overs.talked, lasted=talk_of(form)))
                if await self._handed_back(call_id):
                    # Asked about the call as if its stream had broken, the machine answers it again.
                    log.info("handed_back", call=call_id)
                    return xml(twiml.redirect(f"{self.edge.base(request)}{AFTER_STREAM_PATH}"))
            case Transfer.LEFT:
                await self.caller_left(call_id)
            case Transfer.REDIRECTED:
                # Told for information: the line goes on elsewhere. Were it here all the same, nobody hangs it up.
                return xml(self.transfer(request, call_id))
            case Transfer.NOBODY:
                log.warning("nobody_answered", call=call_id)
                return xml(twiml.take_leave(await self._what_is_kept(call_id, caller_of(form))))
        return xml(twiml.hang_up())

    async def caller_left(self, call_id: str) -> None:
        """The caller hung up; a transfer that still waits for a person stops. Never raises."""
        if self.hand_overs is not None:
            await _noted(call_id, self.hand_overs.left)

    async def _handed_back(self, call_id: str) -> bool:
        try:
            return handed_back(await self.calls.events(call_id))
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: an error page would be a dead line
            log.error("webhook_failed", call=call_id, kind=type(failure).__name__)
            return False

    async def summary(self, call_id: str) -> str:
        """What an agent is told of a call; never raises, and never takes long."""
        if self.summaries is None:
            return UNKNOWN_SUMMARY
        try:
            async with asyncio.timeout(SUMMARY_LIMIT_S):
                return await self.summaries.summary(call_id) or UNKNOWN_SUMMARY
        except Exception as failure:  # noqa: BLE001 - the edge to the agent: an error page would end the transfer
            log.error("webhook_failed", call=call_id, kind=type(failure).__name__)
            return UNKNOWN_SUMMARY

    async def _what_is_kept(self, call_id: str, caller: PhoneNumber | None) -> str:
        """A sentence that promises what is stored and nothing else."""
        try:
            events = await self.calls.events(call_id)
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: an error page would be a dead line
            log.error("webhook_failed", call=call_id, kind=type(failure).__name__)
            return NOBODY_FREE_SENTENCE
        reason = _reason(events)
        kept = await self._call_back(call_id, caller, reason or HandOverReason.TECHNICAL) if caller else None
        if kept is not None:
            return CALL_BACK_SENTENCE.format(window=self._spoken(kept))
        # Of who never spoke with the bot nothing is known that a person could see.
        told_something = reason not in (None, HandOverReason.DIVERTED)
        return KEPT_SENTENCE if told_something and await self._is_kept(call_id) else NOBODY_FREE_SENTENCE

    def _spoken(self, kept: CallBackKept) -> str:
        return spoken_window(kept.window, self.now().date())

    async def _is_kept(self, call_id: str) -> bool:
        """True when a person finds the call in the list, whatever becomes of its line."""
        return self.hand_overs is None or await _noted(call_id, self.hand_overs.unanswered)

    async def _closed(self) -> bool:
        """True where it is known that nobody answers now."""
        if self.call_backs is None:
            return False
        try:
            return not (await self.call_backs.check()).open
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: people are tried all the same
            log.error("people_not_checked", kind=type(failure).__name__)
            return False

    async def _call_back(self, call_id: str, caller: PhoneNumber, reason: HandOverReason) -> CallBackKept | None:
        """In which window a person calls back, once it is stored; None when nothing could be."""
        if self.call_backs is None:
            return None
        try:
            window = (await self.call_backs.check()).window
            if window is None:
                return None
            return await self.call_backs.call_back(call_id, caller, reason, window)
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: an error page would be a dead line
            log.error("call_back_failed", call=call_id, kind=type(failure).__name__)
            return None


def people_router(people: People) -> APIRouter:
    """Routes of this module."""
    router = APIRouter()
    router.post(AFTER_DIAL_PATH)(people.after_dial)
    router.post(WHISPER_PATH)(people.whisper)
    router.post(WAIT_PATH)(people.wait)
    router.post(JOINED_PATH)(people.joined)
    return router


def _reason(events: Sequence[Event]) -> HandOverReason | None:
    """Why the call was handed over; None when it was not, so that people do not find it in their queue."""
    return next((event.reason for event in events if isinstance(event, HandedOver)), None)


async def _noted(call_id: str, note: Callable[[str], Awaitable[bool]]) -> bool:
    try:
        return await note(call_id)
    except Exception as failure:  # noqa: BLE001 - the edge to the phone company: the call goes on without this note
        log.error("hand_over_not_noted", call=call_id, kind=type(failure).__name__)
        return False
