"""Twilio's own copies of calls and messages, deleted through its REST API. Conforms to ``privacy.DeletesCopies``."""

from __future__ import annotations

from http import HTTPStatus

from callbot.privacy.copies import Copy, CopyKind
from callbot.settings import Twilio
from callbot.telephony.rest import TwilioFailedError, ask, make_client


class TwilioForgets:
    """Deletes the log of a call with what hangs on it, or a message with its text."""

    def __init__(self, twilio: Twilio) -> None:
        self._client = make_client(twilio)

    async def delete(self, copy: Copy) -> int | None:
        """Twilio's HTTP status, None without an answer."""
        kept = self._client.messages if copy.kind is CopyKind.MESSAGE else self._client.calls
        try:
            gone = await ask(lambda: bool(kept(copy.sid).delete()))
        except TwilioFailedError as failure:
            return failure.status
        return int(HTTPStatus.NO_CONTENT) if gone else None
