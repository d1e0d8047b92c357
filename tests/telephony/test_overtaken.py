"""A call that went on at another host: what this one still holds of it ends without a word."""

from __future__ import annotations

import asyncio

from callbot.calls.ports import OvertakenError
from callbot.dialogue.acts import Act, ChannelAct
from callbot.domain.events import CallAnswered, EndReason, Event, Prompted
from callbot.domain.meaning import Expectation
from callbot.telephony.orphans import GRACE_S, Orphans
from tests.telephony.fakes import Bench, ScriptedConversation, in_virtual_time, say

NEED = say(Act.ASK_NEED, "Que puis-je faire ?", expect=Expectation.ANY)


def went_on_elsewhere(event: Event) -> list[ChannelAct]:
    if isinstance(event, CallAnswered | Prompted):
        return [NEED] if isinstance(event, CallAnswered) else []
    raise OvertakenError


def test_its_stream_ends_and_leaves_the_call_to_the_other_one() -> None:
    call = Bench(ScriptedConversation(went_on_elsewhere))

    async def runs() -> tuple[EndReason, bool]:
        stream = call.call()
        reason = await stream.run()
        await call.line.hang_up()
        return reason, stream.left_open

    assert in_virtual_time(runs()) == (EndReason.BROKEN_STREAM, False)
    assert call.conversation.closed == []


def test_a_broken_stream_is_closed_as_it_was_left_unless_the_call_is_back() -> None:
    async def waits(*, back: bool) -> list[EndReason]:
        conversation, orphans = ScriptedConversation(lambda _: []), Orphans()
        orphans.leave(conversation)
        if back:
            await orphans.take_back(conversation.call_id)
        await asyncio.sleep(GRACE_S + 1)
        assert not len(orphans)
        return conversation.closed

    assert in_virtual_time(waits(back=False)) == [EndReason.BROKEN_STREAM]
    assert in_virtual_time(waits(back=True)) == []
