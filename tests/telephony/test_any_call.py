"""Whatever happens on a line, in whatever order, a call ends with a name and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callbot.dialogue.acts import Act, ChannelAct, HandOver, HangUp
from callbot.domain.events import (
    CallAnswered,
    CallerSpoke,
    EndReason,
    Event,
    HandOverReason,
    KeysPressed,
    NoWords,
    PartFailed,
    Prompted,
    PromptHeard,
    PromptInterrupted,
)
from callbot.domain.meaning import Expectation
from callbot.telephony.media_call import Limits
from tests.telephony.fakes import Bench, PhoneCompany, ScriptedConversation, ScriptedListener, ScriptedVoice, say

pytestmark = pytest.mark.process

ACTIONS = st.one_of(
    st.tuples(st.just("speak"), st.floats(0.02, 2.0)),
    st.tuples(st.just("quiet"), st.floats(0.02, 3.0)),
    st.tuples(st.just("press"), st.sampled_from("0123456789*#")),
    st.tuples(st.just("raw"), st.sampled_from(["{", "[]", '{"event":"mark","streamSid":"MZ0","mark":{"name":"x"}}'])),
    st.tuples(st.just("stop"), st.just(0)),
)
EXPECTATIONS = (Expectation.YES_NO, Expectation.PHONE, Expectation.ITEMS)


def talkative(event: Event) -> Sequence[ChannelAct]:
    """Always has something more to ask, until a key or a failure."""
    match event:
        case CallAnswered():
            return [say(Act.NOTICE, interruptible=False), say(Act.ASK_NEED, expect=Expectation.ANY)]
        case CallerSpoke(text):
            return [say(Act.TELL_RULING), say(Act.ASK_ITEMS, expect=EXPECTATIONS[len(text) % 3])]
        case NoWords():
            return [say(Act.ASK_PHONE, expect=Expectation.PHONE)]
        case KeysPressed("9"):
            return [say(Act.GOODBYE), HangUp(EndReason.DONE)]
        case KeysPressed("0") | PartFailed():
            return [say(Act.HAND_OVER), HandOver(HandOverReason.ASKED)]
        case _:
            return []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    actions=st.lists(ACTIONS, max_size=12),
    words=st.lists(st.sampled_from(["", "oui", "un canapé", RuntimeError("x")]), min_size=40, max_size=40),
    failing_voice=st.sampled_from([frozenset[str](), frozenset({"tell_ruling ?"}), frozenset({"*"})]),
    marks=st.booleans(),
    resumed=st.booleans(),
)
def test_every_call_ends_with_a_name_and_leaves_nothing(
    actions: list[tuple[str, float | str]],
    words: list[str | Exception],
    failing_voice: frozenset[str],
    marks: bool,
    resumed: bool,
) -> None:
    call = Bench(ScriptedConversation(talkative), resumed=resumed, limits=Limits(longest_s=40, silent_stream_s=10))
    call.line = PhoneCompany(marks=marks, marks_on_clear=resumed)
    call.listener = ScriptedListener(words)
    call.voice = ScriptedVoice(part_s=0.7, fails=failing_voice)

    async def caller() -> None:
        for name, value in actions:
            match name:
                case "speak" | "quiet":
                    await getattr(call.line, name)(value)
                case "stop":
                    call.line.stop()
                case _:
                    getattr(call.line, name)(value)
        await call.line.quiet(60)

    reason = call.run(caller)
    may_come_back = reason is EndReason.BROKEN_STREAM
    assert call.conversation.closed == ([] if may_come_back else [reason])
    prompts = call.conversation.of(Prompted)
    assert [event.number for event in prompts if isinstance(event, Prompted)] == list(range(1, len(prompts) + 1))
    outcomes = [*call.conversation.of(PromptHeard), *call.conversation.of(PromptInterrupted)]
    assert len(outcomes) == len(set(outcomes)), "a prompt has one outcome at most"
    heard = {event.number for event in call.conversation.of(PromptHeard) if isinstance(event, PromptHeard)}
    cut = {event.number for event in call.conversation.of(PromptInterrupted) if isinstance(event, PromptInterrupted)}
    assert not heard & cut
