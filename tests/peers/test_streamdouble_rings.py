"""streamdouble, a Media Streams simulator nobody here wrote, rings the service over a real socket."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from streamdouble.protocol import StreamIdentity
from streamdouble.session import Session, SessionConfig, SessionResult

from callbot.dialogue.acts import Act, ChannelAct, HangUp
from callbot.domain.events import CallAnswered, CallerSpoke, EndReason, Event, PromptHeard, PromptInterrupted
from callbot.domain.meaning import Expectation
from callbot.speech.codec import SILENT_FRAME
from tests.telephony.fakes import CALL, VOICE_FRAME, ScriptedVoice, say
from tests.telephony.server import Service, running

pytestmark = pytest.mark.peer

NOTICE = say(Act.NOTICE, interruptible=False)
ASK = say(Act.ASK_ITEMS, expect=Expectation.ITEMS)
SECOND = 50


def books(event: Event) -> Sequence[ChannelAct]:
    match event:
        case CallAnswered():
            return [NOTICE, ASK]
        case CallerSpoke():
            return [say(Act.GOODBYE), HangUp(EndReason.DONE)]
        case _:
            return []


async def rung(service: Service, frames: list[bytes]) -> SessionResult:
    """One call of streamdouble, speaking ``frames``."""
    config = SessionConfig(custom_parameters={"token": await service.ring()}, max_call_s=30)
    return await Session(service.stream_url, frames, config=config, identity=StreamIdentity(call_sid=CALL)).run()


async def test_a_whole_call_has_audio_marks_and_a_clean_end() -> None:
    async with running(Service(books, words=["un canapé"])) as service:
        caller = [SILENT_FRAME] * (2 * SECOND) + [VOICE_FRAME] * SECOND + [SILENT_FRAME] * (5 * SECOND)
        result = await rung(service, caller)
    assert result.violations == []
    assert result.unknown_events == []
    assert result.marks_received == ["notice:1", "ask_items:2", "goodbye:3"]
    assert result.marks_echoed == result.marks_received
    assert len(result.audio_received) == 3 * 2400
    assert result.clears_received == 0
    assert result.closed_by == "agent"
    conversation = service.conversations.known[CALL]
    assert conversation.closed == [EndReason.DONE]
    assert PromptHeard("goodbye", 3) in conversation.events


async def test_a_caller_who_interrupts_gets_a_clear_and_no_mark_of_that_prompt() -> None:
    async with running(Service(books, words=["un canapé"], voice=ScriptedVoice(part_s=2.0))) as service:
        caller = [SILENT_FRAME] * (3 * SECOND) + [VOICE_FRAME] * SECOND + [SILENT_FRAME] * (5 * SECOND)
        result = await rung(service, caller)
    assert result.violations == []
    assert result.clears_received == 1
    assert result.marks_echoed == ["notice:1", "goodbye:3"]
    assert result.closed_by == "agent"
    conversation = service.conversations.known[CALL]
    (cut,) = conversation.of(PromptInterrupted)
    assert isinstance(cut, PromptInterrupted)
    assert (cut.act, cut.number) == ("ask_items", 2)
    assert 0 < cut.heard_ms < 2_000, "some of its two seconds was heard"
    assert conversation.closed == [EndReason.DONE]


async def test_a_caller_who_drops_leaves_a_closed_conversation() -> None:
    async with running(Service(books)) as service:
        result = await rung(service, [SILENT_FRAME] * SECOND)
        assert result.violations == []
        assert service.telephony.stream.active == 0
    assert service.conversations.known[CALL].closed == [EndReason.CALLER_HUNG_UP]
