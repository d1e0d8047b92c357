"""A live call whose socket fell silent: Twilio is told to ask us what comes next. Nobody sits on a dead line."""

from __future__ import annotations

import structlog

from callbot.settings import Twilio
from callbot.telephony.rest import TwilioFailedError, ask, make_client

log = structlog.get_logger(__name__)


class TwilioRescue:
    """Sends a call to ``after_stream_url`` (public address of ``POST /voice/after-stream``)."""

    def __init__(self, twilio: Twilio, after_stream_url: str) -> None:
        self._client = make_client(twilio)
        self._after_stream_url = after_stream_url

    async def rescue(self, call_id: str) -> bool:
        """True when Twilio took the call back; False when it is over, or Twilio cannot be asked either."""

        def redirect() -> None:
            self._client.calls(call_id).update(url=self._after_stream_url, method="POST")

        try:
            await ask(redirect)
        except TwilioFailedError as failure:
            log.warning("rescue_failed", call=call_id, status=failure.status)
            return False
        return True
