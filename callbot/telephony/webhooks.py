"""Twilio's HTTP requests: a call comes in, its stream has ended, its status has changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, HTTPException, Request, Response, status
from starlette.requests import HTTPConnection

from callbot.dialogue.prompts import MEANINGS
from callbot.domain.events import EndReason, HandedOver
from callbot.telephony import twiml
from callbot.telephony.after_stream import Next, what_next
from callbot.telephony.forms import (
    LOST_MESSAGE,
    Form,
    call_id_of,
    caller_of,
    message_status_of,
    read_form,
    status_of,
    talked_to_a_person,
)
from callbot.telephony.ports import OpensCalls, ReadsCalls, Ticket, Tickets
from callbot.telephony.signatures import SignatureCheck
from callbot.telephony.sms import SMS_STATUS_PATH

TRANSFER_SENTENCE = "Un instant, je vous mets en relation avec une personne."
NOBODY_FREE_SENTENCE = "Personne n'est disponible pour le moment. Merci de rappeler un peu plus tard."
KEPT_SENTENCE = "Personne n'est disponible pour le moment. Votre demande est gardée, un conseiller la verra."
STREAM_PATH = "/voice/stream"
AFTER_STREAM_PATH = "/voice/after-stream"
AFTER_DIAL_PATH = "/voice/after-dial"
RESUMED_MARK = "resumed=1"
_SOCKET_SCHEMES = {"https": "wss", "http": "ws"}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What the webhooks need. ``public_url`` empty on loopback: then the address of the request itself is used."""

    signatures: SignatureCheck
    tickets: Tickets
    conversations: OpensCalls
    calls: ReadsCalls
    agents_number: str
    public_url: str = ""
    draining: Callable[[], bool] = lambda: False
    """the service is about to stop: a new call goes to a person at once"""

    async def incoming(self, request: Request) -> Response:
        """``POST /voice/incoming``: connect the call to the stream."""
        form = await self._signed_form(request)
        call_id, caller = call_id_of(form), caller_of(form)
        if self.draining():
            log.info("call_while_draining", call=call_id)
            return _xml(self._dial(request, TRANSFER_SENTENCE))
        return await self._or_a_person(request, call_id, lambda: self._connect(request, Ticket(call_id, caller)))

    async def after_stream(self, request: Request) -> Response:
        """``POST /voice/after-stream``: what comes after the stream."""
        form = await self._signed_form(request)
        call_id, caller = call_id_of(form), caller_of(form)
        told = any(name == "CallStatus" for name, _ in form)
        if told and status_of(form).is_final:
            return await self._or_a_person(request, call_id, lambda: self._close(call_id))
        already_resumed = request.scope["query_string"] == RESUMED_MARK.encode()
        return await self._or_a_person(
            request,
            call_id,
            lambda: self._follow(request, Ticket(call_id, caller), already_resumed=already_resumed, on_the_line=told),
        )

    async def after_dial(self, request: Request) -> Response:
        """``POST /voice/after-dial``: the talk with a person is over, or nobody was free for it."""
        form = await self._signed_form(request)
        call_id = call_id_of(form)
        if talked_to_a_person(form):
            return _xml(twiml.hang_up())
        log.warning("nobody_answered", call=call_id)
        return _xml(twiml.take_leave(KEPT_SENTENCE if await self._is_queued(call_id) else NOBODY_FREE_SENTENCE))

    async def call_status(self, request: Request) -> Response:
        """``POST /voice/status``: close the conversation of a call that is over; 503 when that could not be stored."""
        form = await self._signed_form(request)
        call_id, call_status = call_id_of(form), status_of(form)
        try:
            if call_status.is_final:
                await self._close(call_id)
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: whatever storage raises, it is told
            log.error("webhook_failed", call=call_id, kind=type(failure).__name__)
            return Response(status_code=status.HTTP_503_SERVICE_UNAVAILABLE)
        return Response(status_code=status.HTTP_204_NO_CONTENT)

    async def sms_status(self, request: Request) -> Response:
        """``POST /sms/status``: what became of a message."""
        form = await self._signed_form(request)
        message, became = message_status_of(form)
        (log.warning if became in LOST_MESSAGE else log.info)("sms_status", message=message, status=became)
        return Response(status_code=status.HTTP_204_NO_CONTENT)

    async def _close(self, call_id: str) -> str:
        """The line is closed; nothing when the conversation ended by itself, or when the call is not known."""
        if await self.calls.events(call_id):
            conversation = await self.conversations.open(call_id)
            await conversation.close(EndReason.CALLER_HUNG_UP)
        return twiml.hang_up()

    async def _is_queued(self, call_id: str) -> bool:
        """True when people will find the call in their queue: nothing is promised that was not stored."""
        try:
            return any(isinstance(event, HandedOver) for event in await self.calls.events(call_id))
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: an error page would be a dead line
            log.error("webhook_failed", call=call_id, kind=type(failure).__name__)
            return False

    async def _signed_form(self, request: Request) -> Form:
        form = await read_form(request)
        if not self.signatures.accepts(path_and_query(request), request.headers, form):
            log.warning("signature_refused", path=request.scope["path"])
            raise HTTPException(status.HTTP_403_FORBIDDEN, "signature refused")
        return form

    async def _or_a_person(self, request: Request, call_id: str, answer: Callable[[], Awaitable[str]]) -> Response:
        try:
            return _xml(await answer())
        except Exception as failure:  # noqa: BLE001 - the edge to the phone company: an error page would be a dead line
            log.error("webhook_failed", call=call_id, kind=type(failure).__name__)
            return _xml(self._dial(request, TRANSFER_SENTENCE))

    async def _follow(self, request: Request, ticket: Ticket, *, already_resumed: bool, on_the_line: bool) -> str:
        events = await self.calls.events(ticket.call_id)
        decision = what_next(events, already_resumed=already_resumed, on_the_line=on_the_line)
        log.info("after_stream", call=ticket.call_id, decision=decision.value)
        match decision:
            case Next.HANG_UP:
                return twiml.hang_up()
            case Next.DIAL:
                return self._dial(request)
            case Next.APOLOGISE_AND_DIAL:
                return self._dial(request, TRANSFER_SENTENCE)
            case Next.RESUME:
                return await self._connect(request, replace(ticket, resumed=True))

    async def _connect(self, request: Request, ticket: Ticket) -> str:
        base = self._base(request)
        parts = urlsplit(base)
        stream = parts._replace(scheme=_SOCKET_SCHEMES.get(parts.scheme, "wss"), path=parts.path + STREAM_PATH)
        action = base + AFTER_STREAM_PATH + (f"?{RESUMED_MARK}" if ticket.resumed else "")
        return twiml.connect_stream(stream.geturl(), action, await self.tickets.issue(ticket))

    def _dial(self, request: Request, sentence: str = "") -> str:
        return twiml.dial(self.agents_number, self._base(request) + AFTER_DIAL_PATH, sentence)

    def _base(self, request: Request) -> str:
        return self.public_url.rstrip("/") or str(request.base_url).rstrip("/")


def path_and_query(connection: HTTPConnection) -> str:
    """What signatures cover behind the public address; read from the scope, as ``Host`` may be anything."""
    path: str = connection.scope["path"]
    query = connection.scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


def webhook_router(webhooks: Webhooks) -> APIRouter:
    """Routes of this module."""
    router = APIRouter()
    router.post("/voice/incoming")(webhooks.incoming)
    router.post(AFTER_STREAM_PATH)(webhooks.after_stream)
    router.post(AFTER_DIAL_PATH)(webhooks.after_dial)
    router.post("/voice/status")(webhooks.call_status)
    router.post(SMS_STATUS_PATH)(webhooks.sms_status)

    @router.get("/voice/acts")
    async def acts() -> list[dict[str, str]]:
        return [{"act": act.value, "meaning": meaning} for act, meaning in MEANINGS.items()]

    return router


def _xml(text: str) -> Response:
    return Response(text, media_type="application/xml")
