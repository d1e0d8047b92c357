"""The desk's requests to Twilio: take a caller out of the queue, ring an agent, let a supervisor listen.

Conforms to ``desk.ports.RingsPeople``. Where Twilio cannot be asked (429, 500, no answer) nothing is lost: the caller
is still in the queue, or their webhook (``telephony.agents``) finds what the desk knows by then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog

from callbot.desk import AgentLine, Answer, Talk
from callbot.settings import Twilio
from callbot.telephony.agent_paths import (
    CALL_BACK_SCREEN_PATH,
    CALL_BACK_STATUS_PATH,
    LEG_STATUS_PATH,
    LISTEN_SCREEN_PATH,
    SCREEN_PATH,
    TO_AGENT_PATH,
    for_agent,
)
from callbot.telephony.agent_twiml import AGENT_RING_S
from callbot.telephony.rest import TwilioFailedError, ask, make_client

MOST_TALKS = 200
"""talks shown to who may listen"""
_GONE = 404
_ASK_AGAIN = "#rc=3&rp=ct,rt,5xx"
"""Twilio tells us again where we could not be reached: nobody is left alone in a conference"""
_CALL_ID = re.compile(r"CA[0-9a-fA-F]{32}", re.ASCII)
"""conferences of ours are called after their caller's call; others of the account are none of our business"""

log = structlog.get_logger(__name__)


class TwilioSwitchboard:
    """``public_url``: where Twilio reaches us."""

    def __init__(self, twilio: Twilio, public_url: str) -> None:
        self._client = make_client(twilio)
        self._shown = twilio.sender
        self._queue_name = twilio.agents_queue
        self._queue: str | None = None
        self._base = public_url.rstrip("/")
        self._listening = twilio.listening

    @property
    def serves_queue(self) -> bool:
        """True where callers wait in a queue of Twilio's."""
        return bool(self._queue_name)

    @property
    def listening(self) -> bool:
        """True where calls are put through by conference, so that supervisors can listen."""
        return self._listening and self.serves_queue

    async def put_through(self, call_id: str, account: str, line: AgentLine) -> Answer:
        """Without listening the caller's own line rings the agent. With it the agent is rung first, and whoever
        answers there brings the caller into a conference (``take_out_of_queue``)."""
        if not self.listening:
            return await self.take_out_of_queue(call_id, account)
        told = for_agent(LEG_STATUS_PATH, call_id, account)
        return await self._ring(line, for_agent(SCREEN_PATH, call_id, account), told)

    async def take_out_of_queue(self, call_id: str, account: str) -> Answer:
        """Let the caller's line go on at ``TO_AGENT_PATH``; ``GONE``: not in the queue any more."""
        url = f"{self._base}{for_agent(TO_AGENT_PATH, call_id, account)}"

        def take() -> None:
            self._queue = self._queue or self._find_queue()
            self._client.queues(self._queue).members(call_id).update(url=url, method="POST")

        answer = await _asked("take_out_of_queue", take)
        if answer is Answer.GONE:
            self._queue = None  # perhaps the queue itself is gone: made anew it has another id
        return answer

    async def send_back(self, call_id: str, account: str) -> Answer:
        """A caller who is alone in a conference: ``TO_AGENT_PATH`` queues them again."""
        url = f"{self._base}{for_agent(TO_AGENT_PATH, call_id, account)}"
        return await _asked("send_back", lambda: self._client.calls(call_id).update(url=url, method="POST"))

    async def waits_alone(self, call_id: str) -> bool | None:
        """True for a caller in a conference that never began; None where Twilio does not say."""
        try:
            return bool(await ask(lambda: self._rooms("init", call_id)))
        except TwilioFailedError as failure:
            log.warning("switchboard_failed", request="waits_alone", status=failure.status)
            return None

    async def call_back(self, call_id: str, account: str, line: AgentLine) -> Answer:
        """Ring the agent; the number to be called back is read when somebody has answered there."""
        told = for_agent(CALL_BACK_STATUS_PATH, call_id, account)
        return await self._ring(line, for_agent(CALL_BACK_SCREEN_PATH, call_id, account), told)

    async def talks(self) -> Sequence[Talk] | None:
        """Conferences of ours going on, longest first."""
        try:
            rooms = await ask(lambda: self._rooms("in-progress"))
        except TwilioFailedError as failure:
            log.warning("switchboard_failed", request="talks", status=failure.status)
            return None
        ours = [room for room in rooms if _CALL_ID.fullmatch(room[1])]
        return sorted((Talk(name, since) for _, name, since in ours), key=lambda talk: talk.since)

    async def listen(self, call_id: str, account: str, line: AgentLine) -> Answer:
        """Ring a supervisor; whoever answers there is let in, unheard, unless the caller refused meanwhile."""
        return await self._ring(line, for_agent(LISTEN_SCREEN_PATH, call_id, account))

    async def stop_listening(self, call_id: str) -> Answer:
        """Send who is muted out of a conference: nobody but listeners is."""

        def send_out() -> None:
            for sid, _, _ in self._rooms("in-progress", call_id):
                participants = self._client.conferences(sid).participants
                for listener in participants.list(muted=True):
                    self._client.conferences(sid).participants(listener.call_sid).delete()

        return await _asked("stop_listening", send_out)

    async def _ring(self, line: AgentLine, asks: str, told: str = "") -> Answer:
        callback = {"status_callback": f"{self._base}{told}{_ASK_AGAIN}"} if told else {}

        def ring() -> None:
            self._client.calls.create(
                to=line.reveal(), from_=self._shown, url=self._base + asks, timeout=AGENT_RING_S, **callback
            )

        rung = await _asked("ring", ring)
        return Answer.DONE if rung is Answer.DONE else Answer.FAILED

    def _find_queue(self) -> str:
        """The id of our queue; Twilio makes it when the first caller waits. Blocking."""
        named = (queue.sid for queue in self._client.queues.stream() if queue.friendly_name == self._queue_name)
        found = next(named, None)
        if found is None:
            raise TwilioFailedError(_GONE)
        return str(found)

    def _rooms(self, status: str, name: str = "") -> list[tuple[str, str, datetime]]:
        """Id, name and beginning of conferences. Blocking."""
        called = {"friendly_name": name} if name else {}
        rooms = self._client.conferences.list(status=status, limit=MOST_TALKS, **called)
        return [(str(room.sid), str(room.friendly_name), room.date_created or datetime.now(UTC)) for room in rooms]


async def _asked(request: str, does: Callable[[], object]) -> Answer:
    try:
        await ask(does)
    except TwilioFailedError as failure:
        log.warning("switchboard_failed", request=request, status=failure.status)
        return Answer.GONE if failure.status == _GONE else Answer.FAILED
    return Answer.DONE
