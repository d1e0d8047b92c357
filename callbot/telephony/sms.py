"""SMS through Twilio."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from callbot.domain.personal import Personal, PhoneNumber
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


class KnowsSent(Protocol):
    """What is written down of messages and of what was sent for them (``storage.outbox.Outbox``)."""

    def mark(self, key: str) -> str:
        """Names a message in an address without telling anything of it."""
        ...

    async def owners(self, provider_ids: Collection[str]) -> dict[str, str]:
        """The keys of the messages for which these are known to have been sent, by the provider's ids."""
        ...


class TwilioSender:
    """``messages.ports.Sender``. ``twilio.sender``: a number in E.164 form or a messaging service (``MG...``).

    With a ``public_url`` Twilio tells what became of each message (``POST /sms/status``), at an address that holds its
    mark: what is told before the worker wrote down its id, or after it died, finds its message all the same.
    """

    def __init__(self, twilio: Twilio, public_url: str = "", known: KnowsSent | None = None) -> None:
        """Without ``known`` no message is told from another that reads alike."""
        self._client = make_client(twilio)
        chosen = "messaging_service_sid" if twilio.sender.startswith("MG") else "from_"
        self._from = {chosen: twilio.sender}
        self._callback = public_url.rstrip("/") + SMS_STATUS_PATH if public_url else ""
        self._known = known

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        """Twilio's id of the message; ``UndeliverableError`` when it never will go out, ``SendFailed`` when unsure."""

        refuse_surcharge(to)
        told = self._told_at(message_key)

        def create() -> str:
            message = self._client.messages.create(to=to.reveal(), body=body, **self._from, **told)
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
        """Twilio's id of such a message made at or after ``since`` (aware), for Twilio keeps no key of ours.

        Who changes a booking to and fro is told the same twice: what is written down for another message is not ours.
        """

        def look() -> list[str]:
            listed = self._client.messages.list(to=to.reveal(), limit=_LOOKED_AT)
            return [str(each.sid) for each in listed if _reads_so(each, body, since - _CLOCKS_DIFFER)]

        try:
            alike = await ask(look)
        except TwilioFailedError as failure:
            raise SendFailed(failure.status) from None
        return await ours_of(alike, message_key, self._known)

    def _told_at(self, message_key: str) -> dict[str, str]:
        if not self._callback:
            return {}
        mark = f"/{self._known.mark(message_key)}" if self._known else ""
        return {"status_callback": self._callback + mark}


def refuse_surcharge(to: Personal) -> None:
    """The last look before the phone company; raises ``UndeliverableError`` for a number at a surcharge."""
    if PhoneNumber(to.reveal()).costs_extra:
        raise UndeliverableError("numbers at a surcharge are neither rung nor written to")


async def ours_of(sids: Sequence[str], message_key: str, known: KnowsSent | None) -> str | None:
    """Which of these is this message: the one written down for it, else the first that is written down for none."""
    owners = await known.owners(sids) if known and sids else {}
    own = [sid for sid in sids if owners.get(sid) == message_key]
    nobodys = [sid for sid in sids if sid not in owners]
    return next(iter(own + nobodys), None)


def _reads_so(message: Any, body: str, earliest: datetime) -> bool:
    young = message.date_created is not None and message.date_created >= earliest
    return young and message.body == body and message.status not in _NOT_SENT
