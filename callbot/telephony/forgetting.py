"""Twilio's own copies of calls and messages, deleted through its REST API. Conforms to ``privacy.DeletesCopies``."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from callbot.privacy.copies import Copy, CopyKind
from callbot.settings import Twilio
from callbot.telephony.rest import TwilioFailedError, ask, make_client

_LISTED = 1_000
"""messages asked for at a time"""


class TwilioForgets:
    """Deletes the log of a call with what hangs on it, or a message with its text."""

    def __init__(self, twilio: Twilio) -> None:
        self._client = make_client(twilio)
        # A messaging service has many numbers and Twilio lists by one: what it took in is not found.
        self._number = twilio.sender if twilio.sender.startswith("+") else ""

    async def sent_to_us(self, before: datetime) -> list[Copy]:
        """Messages to our number from before a moment, some at a time: those that are deleted make room for others."""
        if not self._number:
            return []
        try:
            listed = await ask(
                lambda: self._client.messages.list(to=self._number, date_sent_before=before, limit=_LISTED)
            )
        except TwilioFailedError:
            return []
        return [Copy(CopyKind.MESSAGE, str(message.sid)) for message in listed]

    async def delete(self, copy: Copy) -> int | None:
        """Twilio's HTTP status, None without an answer."""
        kept = self._client.messages if copy.kind is CopyKind.MESSAGE else self._client.calls
        try:
            gone = await ask(lambda: bool(kept(copy.sid).delete()))
        except TwilioFailedError as failure:
            return failure.status
        return int(HTTPStatus.NO_CONTENT) if gone else None
