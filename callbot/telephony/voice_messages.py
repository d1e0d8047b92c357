"""A message said by a call, for landlines whose owner asked for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from callbot.domain.clock import Clock
from callbot.domain.hours import may_ring
from callbot.domain.personal import Personal
from callbot.messages.ports import UndeliverableError
from callbot.messages.ringing import Rang
from callbot.settings import Twilio
from callbot.telephony import twiml
from callbot.telephony.forms import RANG, CallStatus
from callbot.telephony.rest import TwilioFailedError, ask, make_client
from callbot.telephony.sms import KnowsSent, SendFailed, ours_of, refuse_surcharge

CALLED_PATH = "/voice/called"
"""where Twilio tells of a call with a message; the mark of the message comes after it"""
_REFUSED = 400
_LOOKED_AT = 50
"""latest calls to a number among which one is looked for"""
_CLOCKS_DIFFER = timedelta(minutes=5)
RING_S = 30
"""long enough for somebody who walks slowly, too short for most answering machines"""


class NotAtThisHourError(UndeliverableError):
    """Nobody is rung so early or so late."""


class TwilioCaller:
    """``messages.ports.Sender`` for phone numbers: rings, says the text twice, hangs up.

    Twilio keeps no reference of ours with a call. Two things tell our calls apart, so that a kill between ringing and
    writing it down never rings twice. First, the address at which Twilio tells how a call ended holds the mark of its
    message, so that it is written down even when its worker died. Second, ``find`` asks Twilio itself before anything
    rings again: a call may still be going on then.
    """

    def __init__(self, twilio: Twilio, clock: Clock, known: KnowsSent, public_url: str = "") -> None:
        """Without a ``public_url`` Twilio tells nothing: how a call ended is asked for (``ended``)."""
        self._clock = clock
        self._client = make_client(twilio)
        self._from = twilio.sender
        self._voice = twilio.voice
        self._known = known
        self._public_url = public_url.rstrip("/")

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        """Twilio's id of the call; ``UndeliverableError`` when it never will ring there, or when it got too late
        to ring anybody, ``SendFailed`` when unsure."""
        if not may_ring(self._clock.now()):
            raise NotAtThisHourError("nobody is rung at this hour")
        refuse_surcharge(to)
        document, told = twiml.say_twice(body, self._voice), self._callback(message_key)

        def ring() -> str:
            call = self._client.calls.create(to=to.reveal(), from_=self._from, twiml=document, timeout=RING_S, **told)
            return str(call.sid)

        try:
            return await ask(ring)
        except TwilioFailedError as failure:
            if failure.status == _REFUSED:
                raise UndeliverableError("this number cannot be rung") from None
            raise SendFailed(failure.status) from None

    async def find(self, message_key: str, to: Personal, body: str, since: datetime) -> str | None:
        """Twilio's id of our call with this message, made at or after ``since`` (aware), however it ended.

        Ours is a call that a program made from our number to this one since then, and that is not written down for
        another message. Where it cannot be told from a call of another program on the same number it counts as ours:
        a reminder too few is better than a phone that rings twice. Calls of agents and of people who ring us are none.
        """

        def look() -> list[str]:
            calls = self._client.calls.page(to=to.reveal(), from_=self._from, page_size=_LOOKED_AT)
            return [str(call.sid) for call in calls if self._may_be_ours(call, since - _CLOCKS_DIFFER)]

        try:
            made = await ask(look)
        except TwilioFailedError as failure:
            raise SendFailed(failure.status) from None
        return await ours_of(made, message_key, self._known)

    async def ended(self, provider_id: str) -> Rang | None:
        """How a call ended, None while it goes on or where Twilio uses a word we do not know; ``SendFailed`` when
        Twilio cannot be asked."""
        try:
            status = await ask(lambda: str(self._client.calls(provider_id).fetch().status))
        except TwilioFailedError as failure:
            raise SendFailed(failure.status) from None
        return RANG.get(CallStatus(status)) if status in set(CallStatus) else None

    def _may_be_ours(self, call: Any, earliest: datetime) -> bool:
        by_a_program = call.direction in (None, "outbound-api")
        from_here = call._from in (None, self._from)
        return by_a_program and from_here and call.date_created is not None and call.date_created >= earliest

    def _callback(self, message_key: str) -> dict[str, str]:
        if not self._public_url:
            return {}
        address = f"{self._public_url}{CALLED_PATH}/{self._known.mark(message_key)}"
        return {"status_callback": address}
