"""Agents' telephones as Twilio asks about them: a caller brought to an agent, a call-back, a supervisor who listens.

Whatever fails on a caller's line, they wait in the queue again; whatever fails on an agent's, the agent is told and the
caller is not touched.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog
from fastapi import APIRouter, HTTPException, Request, Response, status

from callbot.desk import Answer, RingResult
from callbot.desk.lines import is_ordinary
from callbot.telephony import agent_twiml, twiml
from callbot.telephony.agent_paths import (
    ACCEPTED_PATH,
    AFTER_AGENT_PATH,
    CALL_BACK_AFTER_PATH,
    CALL_BACK_DIAL_PATH,
    CALL_BACK_SCREEN_PATH,
    CALL_BACK_STATUS_PATH,
    LEG_STATUS_PATH,
    LISTEN_JOIN_PATH,
    LISTEN_SCREEN_PATH,
    SCREEN_PATH,
    TO_AGENT_PATH,
    About,
    about,
    for_agent,
)
from callbot.telephony.edge import xml
from callbot.telephony.forms import (
    CallStatus,
    Form,
    Transfer,
    call_id_of,
    dialled_of,
    never_bridged,
    status_of,
    transfer_of,
)
from callbot.telephony.people import JOINED_SENTENCE, LONGEST_WAIT_S, People
from callbot.telephony.turn_ports import FollowsAgents, MovesCalls

RINGS_SENTENCE: Final = "Un conseiller va vous répondre."
STILL_WAITING_SENTENCE: Final = "Ce conseiller n'a pas pu répondre. Vous gardez votre place dans la file."
LISTENED_SENTENCE: Final = (
    "Un responsable peut écouter cet appel. Un signal sonore vous le dit. Si vous ne le voulez pas, dites-le au "
    "conseiller. Rien n'est enregistré."
)
AGENT_LISTENED_SENTENCE: Final = "Un responsable peut écouter cet appel ; un signal sonore le dit."
TAKE_SENTENCE: Final = "Appuyez sur une touche pour prendre cet appel."
TAKEN_SENTENCE: Final = "Cet appel n'est plus à vous. Au revoir."
GONE_SENTENCE: Final = "L'appelant n'attend plus. Au revoir."
FAILED_SENTENCE: Final = "La mise en relation a échoué. L'appelant garde sa place. Au revoir."
CALL_BACK_SENTENCE: Final = "Un rappel promis. Appuyez sur une touche pour appeler."
CALLING_SENTENCE: Final = "J'appelle."
NOT_CALLED_SENTENCE: Final = "Ce rappel ne peut pas être passé. Au revoir."
NO_ANSWER_SENTENCE: Final = "Personne n'a répondu. Au revoir."
LISTEN_SENTENCE: Final = "Vous allez écouter un appel, sans être entendu. Appuyez sur une touche."
NOT_LISTENED_SENTENCE: Final = "Cet appel ne peut pas être écouté. Au revoir."

_RESULTS: Final[Mapping[CallStatus, RingResult]] = {
    CallStatus.COMPLETED: RingResult.TALKED,
    CallStatus.BUSY: RingResult.BUSY,
    CallStatus.NO_ANSWER: RingResult.NO_ANSWER,
}
_Known = TypeVar("_Known")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AgentCalls:
    """The handlers. ``shown``: the number agents and residents see."""

    people: People
    lines: FollowsAgents
    moves: MovesCalls
    shown: str

    async def to_agent(self, request: Request) -> Response:
        """``POST /voice/agent``: a caller's line that left the queue for an agent, or is sent back to it."""
        call_id, which, _ = await self._asked(request)
        line = await self._known(call_id, lambda: self.lines.line_for(call_id, which.account))
        if line is None:
            # Nobody's any more, or the database is away: the queue is the one place from which no caller is lost.
            return await self._wait_again(request, call_id, which)
        after = self._url(request, AFTER_AGENT_PATH, which)
        if self.moves.listening:
            said = (JOINED_SENTENCE, LISTENED_SENTENCE)
            return xml(agent_twiml.into_conference(call_id, said, after, leads=False))
        ring = agent_twiml.Ring(self.shown, self._url(request, SCREEN_PATH, which), after)
        return xml(agent_twiml.ring_agent(line, ring, (RINGS_SENTENCE,)))

    async def screen(self, request: Request) -> Response:
        """``POST /voice/agent/screen``: the agent's telephone was answered, perhaps by a machine."""
        _, which, _ = await self._asked(request)
        notice = (AGENT_LISTENED_SENTENCE,) if self.moves.listening else ()
        said = (await self.people.summary(which.call_id), *notice, TAKE_SENTENCE)
        return xml(agent_twiml.ask_for_a_key(said, self._url(request, ACCEPTED_PATH, which)))

    async def accepted(self, request: Request) -> Response:
        """``POST /voice/agent/accepted``: the agent pressed a key."""
        _, which, _ = await self._asked(request)
        call_id, account = which.call_id, which.account
        if self.moves.listening:
            return await self._bring_into_conference(which)
        # Where nobody can say who has the call, the agent who is there and wants it does.
        joined = await self._known(call_id, lambda: self.lines.joined(call_id, account))
        return xml(_goodbye(TAKEN_SENTENCE) if joined is False else agent_twiml.on_the_line())

    async def after(self, request: Request) -> Response:
        """``POST /voice/agent/after``: the talk with this agent is over, or there was none."""
        call_id, which, form = await self._asked(request)
        became = transfer_of(form)
        if became is Transfer.TALKED and never_bridged(form) and not self.moves.listening:
            became = Transfer.NOBODY
        if became is not Transfer.NOBODY:
            return await self.people.over(request, form, became)
        return await self._wait_again(request, call_id, which, form)

    async def leg_status(self, request: Request) -> Response:
        """``POST /voice/agent/status``: the agent's line is closed, the caller's perhaps not. 503: to be told again."""
        _, which, form = await self._asked(request)
        call_id, account = which.call_id, which.account
        if not status_of(form).is_final:
            return Response(status_code=status.HTTP_204_NO_CONTENT)
        try:
            if await self.lines.wait_again(call_id, account) is not None:
                log.info("agent_did_not_answer", call=call_id)
                return Response(status_code=status.HTTP_204_NO_CONTENT)
            alone = await self.moves.waits_alone(call_id)
            if alone:
                await self.lines.wait_again(call_id, account, even_answered=True)
                alone = None if await self.moves.send_back(call_id, account) is Answer.FAILED else False
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: it is asked to tell again
            log.error("webhook_failed", call=call_id, kind=type(failure).__name__)
            alone = None
        code = status.HTTP_503_SERVICE_UNAVAILABLE if alone is None else status.HTTP_204_NO_CONTENT
        return Response(status_code=code)

    async def call_back_screen(self, request: Request) -> Response:
        """``POST /voice/call-back/screen``: the agent who calls somebody back is on the line, or a machine."""
        _, which, _ = await self._asked(request)
        said = (await self.people.summary(which.call_id), CALL_BACK_SENTENCE)
        return xml(agent_twiml.ask_for_a_key(said, self._url(request, CALL_BACK_DIAL_PATH, which)))

    async def call_back_dial(self, request: Request) -> Response:
        """``POST /voice/call-back/dial``: ring who asked for it, and nobody else."""
        _, which, _ = await self._asked(request)
        call_id, account = which.call_id, which.account
        number = await self._known(call_id, lambda: self.lines.number_to_call_back(call_id, account))
        if number is None or not is_ordinary(number):
            await self._ring_ended(which, RingResult.FAILED)
            return xml(_goodbye(NOT_CALLED_SENTENCE))
        after = self._url(request, CALL_BACK_AFTER_PATH, which)
        return xml(agent_twiml.ring_resident(number, self.shown, after, (CALLING_SENTENCE,)))

    async def call_back_after(self, request: Request) -> Response:
        """``POST /voice/call-back/after``: how the call-back ended."""
        _, which, form = await self._asked(request)
        dialled = dialled_of(form)
        result = _RESULTS.get(dialled, RingResult.FAILED) if dialled else RingResult.FAILED
        await self._ring_ended(which, result)
        return xml(twiml.hang_up() if result is RingResult.TALKED else _goodbye(NO_ANSWER_SENTENCE))

    async def call_back_status(self, request: Request) -> Response:
        """``POST /voice/call-back/status``: the agent's line is closed; where nobody was rung they were not there."""
        _, which, form = await self._asked(request)
        if status_of(form).is_final and not await self._ring_ended(which, RingResult.AGENT_ABSENT):
            return Response(status_code=status.HTTP_503_SERVICE_UNAVAILABLE)
        return Response(status_code=status.HTTP_204_NO_CONTENT)

    async def listen_screen(self, request: Request) -> Response:
        """``POST /voice/listen/screen``: a supervisor's telephone was answered, perhaps by a machine."""
        _, which, _ = await self._asked(request)
        return xml(agent_twiml.ask_for_a_key((LISTEN_SENTENCE,), self._url(request, LISTEN_JOIN_PATH, which)))

    async def listen_join(self, request: Request) -> Response:
        """``POST /voice/listen/join``: into the talk, unheard, where the caller has not refused meanwhile."""
        _, which, _ = await self._asked(request)
        call_id = which.call_id
        refused = await self._known(call_id, lambda: self.lines.refused_listening([call_id]))
        if not self.moves.listening or refused is None or call_id in refused:
            return xml(_goodbye(NOT_LISTENED_SENTENCE))
        return xml(agent_twiml.listen(call_id))

    async def _bring_into_conference(self, which: About) -> Response:
        """The caller is taken out of the queue only now: until here they kept their place."""
        call_id, account = which.call_id, which.account
        if await self._known(call_id, lambda: self.lines.line_for(call_id, account)) is None:
            return xml(_goodbye(TAKEN_SENTENCE))
        match await self.moves.take_out_of_queue(call_id, account):
            case Answer.DONE:
                await self._known(call_id, lambda: self.lines.joined(call_id, account))
                return xml(agent_twiml.into_conference(call_id, (), leads=True))
            case Answer.GONE:
                await self.people.caller_left(call_id)
                return xml(_goodbye(GONE_SENTENCE))
            case Answer.FAILED:
                await self._known(call_id, lambda: self.lines.wait_again(call_id, account))
                return xml(_goodbye(FAILED_SENTENCE))

    async def _wait_again(self, request: Request, call_id: str, which: About, form: Form | None = None) -> Response:
        """Into the queue again, at the age the call has; called back instead where it has waited long enough."""
        log.info("agent_did_not_answer", call=call_id)
        since = await self._known(call_id, lambda: self.lines.wait_again(call_id, which.account))
        waited = max(int((self.people.now() - since).total_seconds()), 0) if since else 0
        if form is not None and waited >= LONGEST_WAIT_S:
            return await self.people.over(request, form, Transfer.NOBODY)
        said = (twiml.Sentence(STILL_WAITING_SENTENCE),)
        return xml(self.people.transfer(request, call_id, said, waited_s=min(waited, LONGEST_WAIT_S)))

    async def _ring_ended(self, which: About, result: RingResult) -> bool:
        """False where it could not be written down; a result known already stays."""
        ended = await self._known(which.call_id, lambda: self.lines.ring_ended(which.call_id, which.account, result))
        return ended is not None

    async def _asked(self, request: Request) -> tuple[str, About, Form]:
        """The line that asks, what its address is about, its form; ``HTTPException`` for what is not Twilio's."""
        form = await self.people.edge.form(request)
        which = about(request)
        if which is None:
            raise HTTPException(status.HTTP_400_BAD_REQUEST, "about no call")
        return call_id_of(form), which, form

    async def _known(self, call_id: str, ask: Callable[[], Awaitable[_Known]]) -> _Known | None:
        try:
            return await ask()
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: an error page would be a dead line
            log.error("webhook_failed", call=call_id, kind=type(failure).__name__)
            return None

    def _url(self, request: Request, path: str, which: About) -> str:
        return self.people.edge.base(request) + for_agent(path, which.call_id, which.account)


def _goodbye(sentence: str) -> str:
    return twiml.take_leave(sentence)


def agents_router(calls: AgentCalls) -> APIRouter:
    """Routes of this module."""
    router = APIRouter()
    router.post(TO_AGENT_PATH)(calls.to_agent)
    router.post(SCREEN_PATH)(calls.screen)
    router.post(ACCEPTED_PATH)(calls.accepted)
    router.post(AFTER_AGENT_PATH)(calls.after)
    router.post(LEG_STATUS_PATH)(calls.leg_status)
    router.post(CALL_BACK_SCREEN_PATH)(calls.call_back_screen)
    router.post(CALL_BACK_DIAL_PATH)(calls.call_back_dial)
    router.post(CALL_BACK_AFTER_PATH)(calls.call_back_after)
    router.post(CALL_BACK_STATUS_PATH)(calls.call_back_status)
    router.post(LISTEN_SCREEN_PATH)(calls.listen_screen)
    router.post(LISTEN_JOIN_PATH)(calls.listen_join)
    return router
