"""SMS through Twilio."""

from __future__ import annotations

from datetime import datetime, timedelta

from callbot.domain.personal import Personal
from callbot.messages.ports import UndeliverableError
from callbot.messages.stop import OptedOutError
from callbot.settings import Twilio
from callbot.telephony.rest import TwilioFailedError, ask, make_client

SMS_STATUS_PATH = "/sms/status"
_LOOKED_AT = 50
"""latest messages to a number among which one is looked for"""
_CLOCKS_DIFFER = timedelta(minutes=5)
"""at most so much between our clock and Twilio's; the text holds a reference, so an older one cannot be taken for it"""
_NOT_SENT = frozenset({"failed", "undelivered", "canceled"})
_OPTED_OUT = 21610
"""Twilio's code for a number that answered STOP to it"""
_REFUSED = 400
"""Twilio's answer to a number that cannot take this message; any other code is about us or about Twilio"""


class SendFailed(Exception):  # noqa: N818 - the word of the outbox: it may be tried again
    """Not known to be sent, worth another try. ``status``: Twilio's HTTP code, None without an answer."""

    def __init__(self, status: int | None) -> None:
        super().__init__(f"SMS not accepted ({status or 'no answer'})")
        self.status = status


class TwilioSender:
    """``messages.ports.Sender``. ``twilio.sender``: a number in E.164 form or a messaging service (``MG...``).

    With a ``public_url`` Twilio tells what became of each message (``POST /sms/status``).
    """

    def __init__(self, twilio: Twilio, public_url: str = "") -> None:
        self._client = make_client(twilio)
        chosen = "messaging_service_sid" if twilio.sender.startswith("MG") else "from_"
        self._from = {chosen: twilio.sender}
        callback = public_url.rstrip("/") + SMS_STATUS_PATH
        self._callback = {"status_callback": callback} if public_url else {}

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        """Twilio's id of the message; ``UndeliverableError`` when it never will go out, ``SendFailed`` when unsure."""

        def create() -> str:
            message = self._client.messages.create(to=to.reveal(), body=body, **self._from, **self._callback)
            return str(message.sid)

        try:
            return await ask(create)
        except TwilioFailedError as failure:
            if failure.code == _OPTED_OUT:
                raise OptedOutError("Twilio knows of a STOP") from None
            if failure.status == _REFUSED:
                raise UndeliverableError(f"message {message_key} refused by Twilio") from None
            raise SendFailed(failure.status) from None

    async def find(self, message_key: str, to: Personal, body: str, since: datetime) -> str | None:
        """Twilio's id of such a message made at or after ``since`` (aware), for Twilio keeps no key of ours."""

        def look() -> str | None:
            earliest = since - _CLOCKS_DIFFER
            for message in self._client.messages.list(to=to.reveal(), limit=_LOOKED_AT):
                young = message.date_created is not None and message.date_created >= earliest
                if young and message.body == body and message.status not in _NOT_SENT:
                    return str(message.sid)
            return None

        try:
            return await ask(look)
        except TwilioFailedError as failure:
            raise SendFailed(failure.status) from None
