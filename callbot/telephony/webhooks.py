"""Twilio's HTTP requests: a call comes in, its stream has ended, its status has changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Request, Response, status

from callbot.dialogue.prompts import MEANINGS
from callbot.domain.events import EndReason
from callbot.messages.ports import Delivery
from callbot.messages.ringing import KeepsCalls, Rang
from callbot.settings import LOCAL_ZONE
from callbot.telephony import twiml
from callbot.telephony.admission import Door
from callbot.telephony.after_stream import AFTER_STREAM_PATH, Next, what_next
from callbot.telephony.edge import Edge, path_and_query, xml
from callbot.telephony.forms import LOST_MESSAGE, RANG, call_id_of, caller_of, is_over, message_status_of, status_of
from callbot.telephony.people import People
from callbot.telephony.ports import OpensCalls, ReadsCalls, Ticket, Tickets
from callbot.telephony.sms import SMS_STATUS_PATH
from callbot.telephony.turn_ports import KeepsDeliveries
from callbot.telephony.turns import TURN_PATH
from callbot.telephony.voice_messages import CALLED_PATH

__all__ = ["AFTER_STREAM_PATH", "STREAM_PATH", "Webhooks", "path_and_query", "webhook_router"]

STREAM_PATH = "/voice/stream"
RESUMED_MARK = "resumed=1"
_SOCKET_SCHEMES = {"https": "wss", "http": "ws"}

log = structlog.get_logger(__name__)


def local_now() -> datetime:
    """The present moment in the métropole's zone."""
    return datetime.now(LOCAL_ZONE)


def all_by_stream(_call_id: str) -> Door:
    """There is room for every call."""
    return Door.STREAM


async def never() -> bool:
    """The bot answers."""
    return False


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What the webhooks need."""

    edge: Edge
    people: People
    tickets: Tickets
    conversations: OpensCalls
    calls: ReadsCalls
    takes_turns: bool = True
    """a call can go on turn by turn where a stream cannot; else a person takes over"""
    draining: Callable[[], bool] = lambda: False
    """the service is about to stop: a new call goes to a person at once"""
    deliveries: KeepsDeliveries | None = None
    """None: what becomes of messages is logged only"""
    rings: KeepsCalls | None = None
    """None: how calls with a message end is logged only"""
    now: Callable[[], datetime] = local_now
    door: Callable[[str], Door] = all_by_stream
    """how a new call is taken, see ``admission``"""
    arrived: Callable[[str], None] = lambda _call_id: None
    """told of every call that comes in, at once; must neither wait nor raise"""
    switched_to_people: Callable[[], Awaitable[bool]] = never
    """somebody, or a threshold, sends all new calls to people; those going on go on"""

    async def incoming(self, request: Request) -> Response:
        """``POST /voice/incoming``: connect the call to the stream."""
        form = await self.edge.form(request)
        call_id, caller = call_id_of(form), caller_of(form)
        self.arrived(call_id)
        if self.draining():
            log.info("call_while_draining", call=call_id)
            self.people.diverted(call_id, None)
            return xml(self.people.apologise_and_transfer(request, call_id))
        return await self._or_a_person(request, call_id, lambda: self._answer(request, Ticket(call_id, caller)))

    async def after_stream(self, request: Request) -> Response:
        """``POST /voice/after-stream``: what comes after the stream."""
        form = await self.edge.form(request)
        call_id, caller = call_id_of(form), caller_of(form)
        told = any(name == "CallStatus" for name, _ in form)
        if is_over(form):
            return await self._or_a_person(request, call_id, lambda: self._close(call_id))
        already_resumed = request.scope["query_string"] == RESUMED_MARK.encode()
        return await self._or_a_person(
            request,
            call_id,
            lambda: self._follow(request, Ticket(call_id, caller), already_resumed=already_resumed, on_the_line=told),
        )

    async def call_status(self, request: Request) -> Response:
        """``POST /voice/status``: close the conversation of a call that is over; 503 when that could not be stored."""
        form = await self.edge.form(request)
        call_id, call_status = call_id_of(form), status_of(form)
        try:
            if call_status.is_final:
                await self.people.caller_left(call_id)
                await self._close(call_id)
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: whatever storage raises, it is told
            log.error("webhook_failed", call=call_id, kind=type(failure).__name__)
            return Response(status_code=status.HTTP_503_SERVICE_UNAVAILABLE)
        return Response(status_code=status.HTTP_204_NO_CONTENT)

    async def sms_status(self, request: Request) -> Response:
        """``POST /sms/status`` and ``/sms/status/{mark}``: what became of a message."""
        form = await self.edge.form(request)
        message, became = message_status_of(form)
        (log.warning if became in LOST_MESSAGE else log.info)("sms_status", message=message, status=became)
        delivery = _delivery(became)
        if self.deliveries is None or delivery is None:
            return Response(status_code=status.HTTP_204_NO_CONTENT)
        try:
            await self.deliveries.told(message, delivery, datetime.now(UTC), request.path_params.get("mark", ""))
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: whatever storage raises, it is told
            log.error("webhook_failed", message=message, kind=type(failure).__name__)
            return Response(status_code=status.HTTP_503_SERVICE_UNAVAILABLE)
        return Response(status_code=status.HTTP_204_NO_CONTENT)

    async def called(self, request: Request) -> Response:
        """``POST /voice/called/{mark}``: a call with the message of this mark was made, or how it ended."""
        form = await self.edge.form(request)
        call_id, became = call_id_of(form), status_of(form)
        rang = RANG.get(became)
        heard = rang in (None, Rang.HEARD)
        (log.info if heard else log.warning)("message_call_status", call=call_id, status=became.value)
        try:
            if self.rings is not None:
                await self.rings.rang(call_id, rang, self.now(), request.path_params["mark"])
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: whatever storage raises, it is told
            log.error("webhook_failed", call=call_id, kind=type(failure).__name__)
            return Response(status_code=status.HTTP_503_SERVICE_UNAVAILABLE)
        return Response(status_code=status.HTTP_204_NO_CONTENT)

    async def _close(self, call_id: str) -> str:
        """The line is closed; nothing when the conversation ended by itself, or when the call is not known."""
        if await self.calls.events(call_id):
            conversation = await self.conversations.open(call_id)
            await conversation.close(EndReason.CALLER_HUNG_UP)
        return twiml.hang_up()

    async def _or_a_person(self, request: Request, call_id: str, answer: Callable[[], Awaitable[str]]) -> Response:
        try:
            return xml(await answer())
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: an error page would be a dead line
            log.error("webhook_failed", call=call_id, kind=type(failure).__name__)
            return xml(self.people.apologise_and_transfer(request, call_id))

    async def _answer(self, request: Request, ticket: Ticket) -> str:
        if await self.switched_to_people():
            log.info("call_switched_to_people", call=ticket.call_id)
            return await self.people.instead_of_the_bot(request, ticket.call_id, ticket.caller)
        door = self.door(ticket.call_id)
        if door is not Door.STREAM:
            log.warning("call_beyond_capacity", call=ticket.call_id, door=door.value)
        match door:
            case Door.STREAM:
                return await self._connect(request, ticket)
            case Door.TURNS:
                return twiml.redirect(self.edge.base(request) + TURN_PATH)
            case Door.PEOPLE:
                return await self.people.instead_of_the_bot(request, ticket.call_id, ticket.caller)

    async def _follow(self, request: Request, ticket: Ticket, *, already_resumed: bool, on_the_line: bool) -> str:
        events = await self.calls.events(ticket.call_id)
        decision = what_next(events, already_resumed=already_resumed, on_the_line=on_the_line)
        log.info("after_stream", call=ticket.call_id, decision=decision.value)
        match decision:
            case Next.HANG_UP:
                return twiml.hang_up()
            case Next.DIAL:
                return self.people.transfer(request, ticket.call_id)
            case Next.TURNS if self.takes_turns:
                return twiml.redirect(self.edge.base(request) + TURN_PATH)
            case Next.TURNS | Next.APOLOGISE_AND_DIAL:
                return self.people.apologise_and_transfer(request, ticket.call_id)
            case Next.RESUME:
                return await self._connect(request, replace(ticket, resumed=True))

    async def _connect(self, request: Request, ticket: Ticket) -> str:
        base = self.edge.base(request)
        parts = urlsplit(base)
        stream = parts._replace(scheme=_SOCKET_SCHEMES.get(parts.scheme, "wss"), path=parts.path + STREAM_PATH)
        action = base + AFTER_STREAM_PATH + (f"?{RESUMED_MARK}" if ticket.resumed else "")
        return twiml.connect_stream(stream.geturl(), action, await self.tickets.issue(ticket))


def _delivery(became: str) -> Delivery | None:
    """What Twilio's word says of a message; None while it is still on its way to the phone company."""
    if became in LOST_MESSAGE:
        return Delivery.UNDELIVERED
    return {"sent": Delivery.SENT, "delivered": Delivery.DELIVERED, "read": Delivery.DELIVERED}.get(became)


def webhook_router(webhooks: Webhooks) -> APIRouter:
    """Routes of this module."""
    router = APIRouter()
    router.post("/voice/incoming")(webhooks.incoming)
    router.post(AFTER_STREAM_PATH)(webhooks.after_stream)
    router.post("/voice/status")(webhooks.call_status)
    for path in (SMS_STATUS_PATH, SMS_STATUS_PATH + "/{mark}"):
        router.post(path)(webhooks.sms_status)
    router.post(CALLED_PATH + "/{mark}")(webhooks.called)

    @router.get("/voice/acts")
    async def acts() -> list[dict[str, str]]:
        return [{"act": act.value, "meaning": meaning} for act, meaning in MEANINGS.items()]

    return router
