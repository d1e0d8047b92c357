"""What agents and supervisors do by telephone: a waiting caller put through, a call-back rung, a talk listened to.

Whatever the phone company answers, a caller keeps their place or a person has their call: nothing is dropped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final

from callbot.desk.lines import AgentLine, LineRules, is_ordinary
from callbot.desk.ports import Answer, JournalsLooks, KeepsLines, KeepsWork, RingResult, RingsPeople, Talk, Work
from callbot.desk.work import AgentDesk

A_RING: Final = timedelta(minutes=2)
"""after so long without news a ring counts as over, and another may begin"""


class Taken(StrEnum):
    """What became of an agent's wish to take a call."""

    TOO_LATE = "too_late"
    OPENED = "opened"
    """its page is open; no telephone of the desk was rung"""
    RINGS = "rings"
    CALLER_GONE = "caller_gone"
    """its page is open; the caller is not in the queue: gone, or still on the way from the machine"""
    NOT_REACHED = "not_reached"
    """the phone company could not be asked: the call waits again, where it waited"""


class Rung(StrEnum):
    """What became of an agent's wish to call somebody back through the service."""

    RINGS = "rings"
    NOT_YOURS = "not_yours"
    NO_LINE = "no_line"
    ALREADY = "already"
    NOT_ORDINARY = "not_ordinary"
    """a number that might cost somebody more than a call"""
    NOT_REACHED = "not_reached"


class Heard(StrEnum):
    """What became of a supervisor's wish to listen."""

    RINGS = "rings"
    OFF = "off"
    """the authority does not want it"""
    NO_LINE = "no_line"
    REFUSED = "refused"
    """the caller does not want it"""
    OVER = "over"
    NOT_REACHED = "not_reached"


class Switchboard:
    """``phone`` None: no account at a phone company, or none that can ring. Then ``tel:`` links are all there is."""

    def __init__(
        self,
        desk: AgentDesk,
        work: KeepsWork,
        lines: KeepsLines,
        journal: JournalsLooks,
        *,
        phone: RingsPeople | None = None,
        rules: LineRules | None = None,
    ) -> None:
        self._desk = desk
        self._work = work
        self._lines = lines
        self._journal = journal
        self._phone = phone
        self._rules = rules or LineRules()

    @property
    def rings(self) -> bool:
        """True where the service can ring people."""
        return self._phone is not None

    @property
    def listening(self) -> bool:
        """True where supervisors may listen, and callers and agents are told so."""
        return self._phone is not None and self._phone.listening

    async def line(self, account: str) -> AgentLine | None:
        """The telephone on which an agent is rung."""
        return await self._lines.line(account)

    def may_ring(self, text: str) -> bool:
        """True for a telephone that may be kept, and for none."""
        return not text.strip() or self._rules.read(text) is not None

    async def say_line(self, account: str, text: str) -> None:
        """Keep the telephone written in ``text``; forget it where there is none, or none that may be rung."""
        await self._lines.say_line(account, self._rules.read(text))

    async def take(self, call_id: str, account: str) -> Taken:
        """Take a call; where its caller waits in the phone company's queue, the agent's telephone rings."""
        before = await self._work.of_call(call_id)
        if not await self._desk.take(call_id, account):
            return Taken.TOO_LATE
        return await self.put_through(call_id, account) if before and before.on_the_line else Taken.OPENED

    def can_put_through(self, work: Work) -> bool:
        """True where the agent who has this call may be rung for its caller, as far as anybody knows."""
        waits = work.answered_at is None and work.ended_at is None and not work.caller_left
        return waits and self._phone is not None and self._phone.serves_queue

    async def put_through(self, call_id: str, account: str) -> Taken:
        """Ring the agent who has a call for its caller; begun again where the caller was not in the queue yet."""
        work, line = await self._work.of_call(call_id), await self._lines.line(account)
        if work is None or work.taken_by != account or not self.can_put_through(work):
            return Taken.OPENED
        if self._phone is None or line is None or not await self._desk.by_telephone(call_id):
            return Taken.OPENED
        match await self._phone.put_through(call_id, account, line):
            case Answer.DONE:
                return Taken.RINGS
            case Answer.GONE:
                return Taken.CALLER_GONE
            case Answer.FAILED:
                # Should it have been done all the same, the webhook finds that the call is nobody's, and queues it.
                await self._lines.wait_again(call_id, account)
                return Taken.NOT_REACHED

    async def ring_back(self, call_id: str, account: str) -> Rung:
        """Ring the agent, then who asked to be called back: no other number is ever rung for an agent."""
        asked = await self._desk.call_back_of(call_id, account)
        if asked is None:
            return Rung.NOT_YOURS
        line = await self._lines.line(account)
        if self._phone is None or line is None:
            return Rung.NO_LINE
        if not is_ordinary(asked.phone):
            return Rung.NOT_ORDINARY
        now = self._desk.now()
        if not await self._lines.ring_begins(call_id, account, now, now - A_RING):
            return Rung.ALREADY
        await self._journal.record(account, "rappel passé par le service", f"call {call_id}")
        if await self._phone.call_back(call_id, account, line) is Answer.DONE:
            return Rung.RINGS
        await self._lines.ring_ended(call_id, account, RingResult.FAILED)
        return Rung.NOT_REACHED

    async def talks(self) -> Sequence[Talk] | None:
        """Talks that may be listened to; None where the phone company does not say which there are."""
        found = await self._phone.talks() if self._phone is not None and self._phone.listening else ()
        if found is None:
            return None
        refused = await self._lines.refused_listening([talk.call_id for talk in found])
        return [talk for talk in found if talk.call_id not in refused]

    async def listen(self, call_id: str, account: str) -> Heard:
        """Bring a supervisor into a talk, unheard; journaled before their telephone rings."""
        if self._phone is None or not self._phone.listening:
            return Heard.OFF
        line = await self._lines.line(account)
        if line is None:
            return Heard.NO_LINE
        if call_id in await self._lines.refused_listening([call_id]):
            return Heard.REFUSED
        going_on = await self._phone.talks()
        if going_on is None:
            return Heard.NOT_REACHED
        if all(talk.call_id != call_id for talk in going_on):
            return Heard.OVER
        await self._journal.record(account, "écoute d'un appel", f"call {call_id}")
        done = await self._phone.listen(call_id, account, line) is Answer.DONE
        return Heard.RINGS if done else Heard.NOT_REACHED

    async def refuse_listening(self, call_id: str, account: str) -> bool:
        """The caller of this account's call does not want it: nobody comes in any more, who listens is sent out."""
        if not await self._lines.refuse_listening(call_id, account, self._desk.now()):
            return False
        if self._phone is not None and self._phone.listening:
            await self._phone.stop_listening(call_id)
        return True
