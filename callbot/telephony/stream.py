"""``WS /voice/stream``: from the handshake to the end of the call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from fastapi import APIRouter, WebSocket, WebSocketDisconnect, status

from callbot.telephony.frames import FaultName, FrameOrder, ProtocolFault, Start, parse_frame
from callbot.telephony.media_call import CallParts, Incoming, MediaCall
from callbot.telephony.orphans import Orphans
from callbot.telephony.ports import OpensCalls, Rescues, Tickets
from callbot.telephony.signatures import SignatureCheck
from callbot.telephony.webhooks import STREAM_PATH, path_and_query

MAX_FRAMES_BEFORE_START = 5
"""``start`` must be among them; Twilio sends it second"""

log = structlog.get_logger(__name__)


class SocketLine:
    """The WebSocket as a ``Line``."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._open = True

    async def receive(self) -> str | bytes | None:
        """The next message; None once the other side has closed."""
        if not self._open:
            return None
        message = await self._socket.receive()
        if message["type"] != "websocket.receive":
            self._open = False
            return None
        text: str | None = message.get("text")
        return text if text is not None else bytes(message.get("bytes") or b"")

    async def send(self, message: str) -> None:
        """One message; nothing once the other side has closed."""
        if not self._open:
            return
        try:
            await self._socket.send_text(message)
        except (WebSocketDisconnect, RuntimeError):
            self._open = False

    async def close(self, code: int) -> None:
        """Close, if the other side has not."""
        if not self._open:
            return
        self._open = False
        try:
            await self._socket.close(code)
        except (WebSocketDisconnect, RuntimeError):
            return


@dataclass(slots=True)
class Stream:
    """Opens calls on sockets and knows which go on."""

    signatures: SignatureCheck
    tickets: Tickets
    conversations: OpensCalls
    orphans: Orphans
    parts: CallParts
    rescue: Rescues | None = None
    opened: Callable[[str], None] = lambda _call_id: None
    """told of every call whose stream is there"""
    calls: dict[str, MediaCall] = field(default_factory=dict)

    @property
    def active(self) -> int:
        """Calls going on now."""
        return len(self.calls)

    async def serve(self, socket: WebSocket) -> None:
        """One socket, whatever comes over it."""
        if not self.signatures.accepts(path_and_query(socket), socket.headers, socket=True):
            log.warning("signature_refused", path=socket.scope["path"])
            await socket.close(status.WS_1008_POLICY_VIOLATION)  # before accept: the handshake is answered with 403
            return
        await socket.accept()
        line = SocketLine(socket)
        await line.close(await self._talk(line))

    async def _talk(self, line: SocketLine) -> int:
        """The call over ``line``; gives the code to close with."""
        order = FrameOrder()
        try:
            async with asyncio.timeout(self.parts.limits.silent_stream_s):
                start = await _first_start(line, order)
        except (ProtocolFault, TimeoutError) as fault:
            log.warning("stream_refused", why=fault.name if isinstance(fault, ProtocolFault) else "no_start")
            return status.WS_1008_POLICY_VIOLATION
        ticket = await self.tickets.redeem(start.parameters.get("token", ""))
        if ticket is None or ticket.call_id != start.call_sid:
            log.warning("stream_refused", why="token")
            return status.WS_1008_POLICY_VIOLATION
        return await self._run(Incoming(line, order, start.stream_sid, ticket))

    async def _run(self, incoming: Incoming) -> int:
        ticket = incoming.ticket
        if (earlier := self.calls.get(ticket.call_id)) is not None:
            await earlier.supersede()
        await self.orphans.take_back(ticket.call_id)
        try:
            conversation = await self.conversations.open(ticket.call_id)
        except Exception as failure:  # noqa: BLE001 - the edge of a call: after-stream sends it to a person
            log.error("call_failed", call=ticket.call_id, kind=type(failure).__name__)
            return status.WS_1011_INTERNAL_ERROR
        call = MediaCall(incoming, conversation, self.parts)
        self.calls[ticket.call_id] = call
        self.opened(ticket.call_id)
        try:
            await call.run()
        finally:
            if self.calls.get(ticket.call_id) is call:
                del self.calls[ticket.call_id]
                if call.left_open:
                    self.orphans.leave(conversation)
        if call.fell_silent and self.rescue is not None:
            # closing may not reach the phone company either: it is asked by another way to take the call back
            await self.rescue.rescue(ticket.call_id)
        return status.WS_1000_NORMAL_CLOSURE


async def _first_start(line: SocketLine, order: FrameOrder) -> Start:
    for _ in range(MAX_FRAMES_BEFORE_START):
        if (message := await line.receive()) is None:
            break
        frame = parse_frame(message)
        order.admit(frame)
        if isinstance(frame, Start):
            return frame
    raise ProtocolFault(FaultName.NOT_STARTED)


def stream_router(stream: Stream) -> APIRouter:
    """The route of this module."""
    router = APIRouter()
    router.websocket(STREAM_PATH)(stream.serve)
    return router
