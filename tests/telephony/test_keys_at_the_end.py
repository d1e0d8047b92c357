"""The key for a person while the last words are said, and conversations that leave a line silent."""

from __future__ import annotations

import pytest

from callbot.dialogue.acts import Act, ChannelAct, HandOver, HangUp
from callbot.domain.events import (
    CallAnswered,
    CallerSpoke,
    EndReason,
    Event,
    HandOverReason,
    KeysPressed,
    PartFailed,
    Prompted,
    PromptHeard,
    PromptInterrupted,
)
from callbot.domain.meaning import Expectation
from tests.telephony.fakes import Bench, ScriptedConversation, ScriptedListener, ScriptedVoice, say

RECAP = say(Act.RECAP, "C'est bien cela ?", expect=Expectation.YES_NO)
REFERENCE = say(Act.GIVE_REFERENCE, "Votre référence.")
PUT_OUT = say(Act.PUT_OUT, "Sortez-les.")
NOBODY = say(Act.CALL_BACK, "Personne ne répond.")
CALL_BACK = say(Act.OFFER_CALL_BACK, "On vous rappelle lundi ?", expect=Expectation.YES_NO)
PROMISE = say(Act.CALL_BACK, "Vous serez rappelé lundi.")
HOLD_ON = say(Act.HOLD_ON, "Un instant.")
BOOKED: list[ChannelAct] = [REFERENCE, PUT_OUT, HangUp(EndReason.DONE)]
CALLED_BACK: list[ChannelAct] = [PROMISE, HangUp(EndReason.CALL_BACK)]
PERSON: list[ChannelAct] = [say(Act.HAND_OVER, "Je vous passe une personne."), HandOver(HandOverReason.ASKED)]


def booked_then(*zeros: list[ChannelAct]) -> Bench:
    """A yes to the recap books and ends the call; each 0 is answered by the next of ``zeros``, then by nothing."""
    left = list(zeros)

    def answer(event: Event) -> list[ChannelAct]:
        match event:
            case CallAnswered():
                return [RECAP]
            case KeysPressed("1"):
                return BOOKED
            case KeysPressed("0"):
                return left.pop(0) if left else []
            case CallerSpoke():
                return CALLED_BACK
        return []

    call = Bench(ScriptedConversation(answer))
    call.voice = ScriptedVoice(part_s=4.0)
    return call


def acts_of(call: Bench, kind: type[Prompted | PromptHeard | PromptInterrupted]) -> list[str]:
    return [event.act for event in call.conversation.events if isinstance(event, kind)]


def test_who_asks_for_a_person_during_the_reference_when_nobody_is_there_is_asked_about_a_call_back() -> None:
    call = booked_then([NOBODY, CALL_BACK])
    call.listener = ScriptedListener(["oui"])

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        call.line.press("1")
        await call.line.until(lambda: "give_reference" in acts_of(call, Prompted))
        await call.line.quiet(1.0)
        call.line.press("0")
        await call.line.until(lambda: "offer_call_back" in acts_of(call, PromptHeard))
        await call.line.quiet(0.5)
        await call.line.speak(0.6)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.CALL_BACK
    assert acts_of(call, PromptInterrupted) == ["give_reference"]
    assert acts_of(call, PromptHeard) == ["recap", "call_back", "offer_call_back", "call_back"]
    assert call.conversation.closed == [EndReason.CALL_BACK]


@pytest.mark.parametrize(
    ("answer", "interrupted", "heard", "reason"),
    [
        (PERSON, ["give_reference"], ["recap", "hand_over"], EndReason.HANDED_OVER),
        ([], [], ["recap", "give_reference", "put_out"], EndReason.DONE),
    ],
)
def test_the_reference_is_cut_only_when_there_is_something_else_to_say(
    answer: list[ChannelAct], interrupted: list[str], heard: list[str], reason: EndReason
) -> None:
    call = booked_then(answer)

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        call.line.press("1")
        await call.line.until(lambda: "give_reference" in acts_of(call, Prompted))
        await call.line.quiet(1.0)
        call.line.press("0")
        await call.line.quiet(60)

    assert call.run(caller) is reason
    assert acts_of(call, PromptInterrupted) == interrupted
    assert acts_of(call, PromptHeard) == heard


def test_a_question_about_a_call_back_waits_for_the_turns_when_the_stream_has_no_ears() -> None:
    """Asked over this stream nobody would hear the answer: it is asked again turn by turn."""

    def answer(event: Event) -> list[ChannelAct]:
        match event:
            case CallAnswered():
                return [RECAP]
            case PartFailed():
                return [HOLD_ON, HangUp(EndReason.BROKEN_STREAM)]
            case KeysPressed("0"):
                return [NOBODY, CALL_BACK]
        return []

    call = Bench(ScriptedConversation(answer))
    call.listener = ScriptedListener([RuntimeError("decoder")])

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        await call.line.speak(1.0)
        await call.line.until(lambda: "hold_on" in acts_of(call, Prompted))
        call.line.press("0")
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.BROKEN_STREAM
    assert call.conversation.of(KeysPressed) == [KeysPressed("0")]
    assert acts_of(call, PromptHeard) == ["recap", "hold_on"]


@pytest.mark.parametrize("resumed", [False, True])
def test_a_conversation_that_begins_with_nothing_is_no_silent_line(resumed: bool) -> None:
    call = Bench(ScriptedConversation(lambda event: []), resumed=resumed)
    call.listener = ScriptedListener(["allô"] * 40)

    async def caller() -> None:
        await call.line.quiet(1.0)
        raise AssertionError("the line stayed open and silent")

    assert call.run(caller) is EndReason.FAILURE
    assert call.conversation.closed == [EndReason.FAILURE]


def test_a_conversation_that_says_something_and_asks_nothing_is_no_silent_line() -> None:
    call = Bench(ScriptedConversation(lambda event: [NOBODY] if isinstance(event, CallAnswered) else []))

    async def caller() -> None:
        await call.line.quiet(20.0)
        raise AssertionError("the line stayed open and silent")

    assert call.run(caller) is EndReason.FAILURE
    assert acts_of(call, PromptHeard) == ["call_back"]
