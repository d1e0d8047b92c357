"""A message said by a call, for landlines whose owner asked for it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from callbot.domain.clock import Clock
from callbot.domain.personal import Personal
from callbot.messages.ports import UndeliverableError
from callbot.settings import Twilio
from callbot.telephony import twiml
from callbot.telephony.rest import TwilioFailedError, ask, make_client
from callbot.telephony.sms import SendFailed

_REFUSED = 400
_LOOKED_AT = 20
"""latest calls to a number among which one is looked for"""
_CLOCKS_DIFFER = timedelta(minutes=5)
_NOT_HEARD = frozenset({"busy", "no-answer", "failed", "canceled"})
RINGS_FROM, RINGS_UNTIL = time(9), time(20)
"""local time; a call disturbs more than an SMS does"""
RING_S = 30
"""long enough for somebody who walks slowly, too short for most answering machines"""


class TwilioCaller:
    """``messages.ports.Sender`` for phone numbers: rings, says the text twice, hangs up."""

    def __init__(self, twilio: Twilio, clock: Clock) -> None:
        self._clock = clock
        self._client = make_client(twilio)
        self._from = twilio.sender
        self._voice = twilio.voice

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        """Twilio's id of the call; ``UndeliverableError`` when it never will ring there, or when it got too late
        to ring anybody, ``SendFailed`` when unsure."""
        if not RINGS_FROM <= self._clock.now().time().replace(tzinfo=None) < RINGS_UNTIL:
            raise UndeliverableError("nobody is rung at this hour")

        def ring() -> str:
            document = twiml.say_twice(body, self._voice)
            call = self._client.calls.create(to=to.reveal(), from_=self._from, twiml=document, timeout=RING_S)
            return str(call.sid)

        try:
            return await ask(ring)
        except TwilioFailedError as failure:
            if failure.status == _REFUSED:
                raise UndeliverableError("this number cannot be rung") from None
            raise SendFailed(failure.status) from None

    async def find(self, message_key: str, to: Personal, body: str, since: datetime) -> str | None:
        """Twilio's id of a call to this number made at or after ``since`` (aware): nobody is rung twice."""

        def look() -> str | None:
            earliest = since - _CLOCKS_DIFFER
            for call in self._client.calls.page(to=to.reveal(), page_size=_LOOKED_AT):
                young = call.date_created is not None and call.date_created >= earliest
                if young and call.status not in _NOT_HEARD:
                    return str(call.sid)
            return None

        try:
            return await ask(look)
        except TwilioFailedError as failure:
            raise SendFailed(failure.status) from None
