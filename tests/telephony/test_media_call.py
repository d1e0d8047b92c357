"""A call in virtual time: the phone company on one side of it, a scripted conversation on the other."""

from __future__ import annotations

import asyncio
import base64

import pytest

from callbot.dialogue.acts import Act, ChannelAct, HandOver, HangUp, Say
from callbot.dialogue.completeness import Completeness
from callbot.domain.events import (
    CallAnswered,
    CallerSpoke,
    Ended,
    EndReason,
    Event,
    HandOverReason,
    KeysPressed,
    NothingHeard,
    NoWords,
    PartFailed,
    Prompted,
    PromptHeard,
    PromptInterrupted,
)
from callbot.domain.meaning import Expectation
from callbot.speech.readers import Urgency, current_claim
from callbot.telephony.media_call import Limits
from callbot.telephony.playout import AHEAD_S, MARK_GRACE_S
from tests.telephony.fakes import (
    Answer,
    Bench,
    PhoneCompany,
    ScriptedConversation,
    ScriptedListener,
    ScriptedVoice,
    Words,
    say,
)

NOTICE = say(Act.NOTICE, "Bonjour.", interruptible=False)
NEED = say(Act.ASK_NEED, "Que puis-je faire ?", expect=Expectation.ANY)
ITEMS = say(Act.ASK_ITEMS, "Quels objets ?", expect=Expectation.ITEMS)
RECAP = say(Act.RECAP, "C'est bien cela ?", expect=Expectation.YES_NO)
PHONE = say(Act.ASK_PHONE, "Quel numéro ?", expect=Expectation.PHONE)
GOODBYE = say(Act.GOODBYE, "Au revoir.")
TRANSFER = say(Act.HAND_OVER, "Je vous passe une personne.")
DONE: list[ChannelAct] = [GOODBYE, HangUp(EndReason.DONE)]
PERSON: list[ChannelAct] = [TRANSFER, HandOver(HandOverReason.TECHNICAL)]


def dialogue(opening: list[ChannelAct], **replies: list[ChannelAct]) -> Answer:
    """Says ``opening`` first, then the reply of each kind of event, by the name of its class."""

    def answer(event: Event) -> list[ChannelAct]:
        return opening if isinstance(event, CallAnswered) else replies.get(type(event).__name__, [])

    return answer


def bench(opening: list[ChannelAct], **replies: list[ChannelAct]) -> Bench:
    return Bench(ScriptedConversation(dialogue(opening, **replies)))


def kinds(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_a_whole_call_is_told_in_order() -> None:
    call = bench([NOTICE, NEED], CallerSpoke=DONE)
    call.listener = ScriptedListener(["un canapé"])

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard)[1:])
        await call.line.speak(1.0)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE
    assert [sound for sound in call.conversation.sounds if sound] == ["sound of un canapé"]
    assert call.conversation.events == [
        CallAnswered(None),
        Prompted("notice", 1, "Bonjour."),
        Prompted("ask_need", 2, "Que puis-je faire ?"),
        PromptHeard("notice", 1),
        PromptHeard("ask_need", 2),
        CallerSpoke("un canapé", ("un canapé",), 0.9, 1000, 100),
        Prompted("goodbye", 3, "Au revoir."),
        PromptHeard("goodbye", 3),
        Ended(EndReason.DONE),
    ]
    assert call.line.marks == ["notice:1", "ask_need:2", "goodbye:3"]


def test_numbers_go_on_after_a_broken_stream() -> None:
    call = Bench(ScriptedConversation(dialogue([say(Act.RESUME), *DONE]), prompt_count=7), resumed=True)
    assert call.run(lambda: call.line.quiet(60)) is EndReason.DONE
    assert call.line.marks == ["resume:8", "goodbye:9"]
    assert call.conversation.events[0] == CallAnswered(None, resumed=True)


def test_sound_runs_at_most_400_ms_ahead_and_never_dries_up() -> None:
    call = bench([say(Act.NOTICE, "une", "deux", "trois", interruptible=False), *DONE])
    call.voice = ScriptedVoice(part_s=2.0, takes_s=0.3)
    call.run(lambda: call.line.quiet(60))
    frames = [sent for sent in call.line.sent if sent.event == "media"]
    began = frames[0].at
    assert len(frames) == 4 * 100
    for place, sent in enumerate(frames):
        ahead = (place + 1) * 0.02 - (sent.at - began)
        assert ahead <= AHEAD_S + 0.001
        assert ahead > 0, "the caller heard a gap"
    assert all(len(base64.b64decode(sent.body["media"]["payload"])) == 160 for sent in frames)


def test_the_greeting_goes_out_at_once() -> None:
    call = bench([NOTICE, *DONE])

    async def caller() -> None:
        began = asyncio.get_running_loop().time()
        await call.line.until(lambda: call.line.count("media"))
        assert asyncio.get_running_loop().time() - began <= 0.04
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE


@pytest.mark.parametrize("marks_on_clear", [True, False])
def test_a_caller_who_interrupts_is_heard_and_the_prompt_counts_as_interrupted(marks_on_clear: bool) -> None:
    call = bench([NEED], CallerSpoke=DONE)
    call.line = PhoneCompany(marks_on_clear=marks_on_clear)
    call.voice = ScriptedVoice(part_s=5.0)
    call.listener = ScriptedListener(["un canapé"])
    spoke_at = [0.0]

    async def caller() -> None:
        await call.line.quiet(1.0)
        spoke_at[0] = asyncio.get_running_loop().time()
        await call.line.speak(1.0)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE
    assert kinds(call.conversation.events)[1:5] == ["Prompted", "PromptInterrupted", "CallerSpoke", "Prompted"]
    assert PromptHeard("ask_need", 1) not in call.conversation.events
    clears = [sent for sent in call.line.sent if sent.event == "clear"]
    assert len(clears) == 1
    assert clears[0].at - spoke_at[0] <= 0.3
    after = call.line.sent[call.line.sent.index(clears[0]) + 1 :]
    assert after[0].at > clears[0].at + 0.5, "nothing of the old prompt follows the clear"


def test_nothing_is_heard_while_the_legal_notice_plays() -> None:
    call = bench([NOTICE, NEED], NothingHeard=DONE)
    call.voice = ScriptedVoice(part_s=3.0)

    async def caller() -> None:
        await call.line.speak(2.5)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE
    assert call.listener.asked == []
    assert call.line.count("clear") == 0
    assert PromptHeard("notice", 1) in call.conversation.events


def test_silence_after_a_question_is_told_once_for_each_wait() -> None:
    call = bench([NEED], NothingHeard=[])

    async def caller() -> None:
        await call.line.until(lambda: len(call.conversation.of(NothingHeard)) == 2)
        call.line.stop()

    assert call.run(caller) is EndReason.CALLER_HUNG_UP


def test_words_read_in_a_pause_are_thrown_away_when_the_caller_goes_on() -> None:
    call = bench([NEED], CallerSpoke=DONE)
    call.listener = ScriptedListener(["un canapé et deux matelas"], takes_s=0.2)

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        await call.line.speak(0.8)
        await call.line.quiet(0.4)
        await call.line.speak(0.8)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE
    assert (len(call.listener.asked), call.listener.given_up) == (2, 1)
    assert call.conversation.of(CallerSpoke) == [
        CallerSpoke("un canapé et deux matelas", ("un canapé et deux matelas",), 0.9, 1600, 200)
    ]


def test_words_before_a_pause_are_foreseen_while_the_turn_may_go_on() -> None:
    call = bench([PHONE], CallerSpoke=DONE)
    call.listener = ScriptedListener(["douze", "douze rue de Rome"])
    foreseen: list[int] = []

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        await call.line.speak(0.8)
        await call.line.quiet(0.5)
        foreseen.append(len(call.conversation.foreseen))
        await call.line.speak(0.8)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE
    assert foreseen == [1]
    assert [(spoke.text, sound) for spoke, sound in call.conversation.foreseen] == [
        ("douze", "sound of douze"), ("douze rue de Rome", "sound of douze rue de Rome"),
    ]  # fmt: skip
    (spoke,) = call.conversation.of(CallerSpoke)
    assert isinstance(spoke, CallerSpoke)
    assert spoke.text == "douze rue de Rome"


@pytest.mark.parametrize("words", [" ", RuntimeError("engine")])
def test_a_pause_without_words_foresees_nothing(words: str | Exception) -> None:
    call = bench([NEED], NoWords=DONE, PartFailed=DONE)
    call.listener = ScriptedListener([words])

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        await call.line.speak(0.8)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE
    assert call.conversation.foreseen == []


def test_a_complete_answer_ends_its_turn_early() -> None:
    waits: dict[bool, float] = {}
    for complete in (True, False):
        call = bench([PHONE], CallerSpoke=DONE)
        call.listener = ScriptedListener(["zéro six douze"])

        def judged(text: str, question: Say, complete: bool = complete) -> Completeness:
            return Completeness.COMPLETE if complete and question is PHONE else Completeness.OPEN

        call.answers = judged

        async def caller(call: Bench = call) -> None:
            await call.line.until(lambda: call.conversation.of(PromptHeard))
            await call.line.speak(1.0)
            await call.line.quiet(60)

        assert call.run(caller) is EndReason.DONE
        (turn,) = call.timings.turns
        waits[complete] = turn.total_ms
    assert waits[True] < 900
    assert waits[False] > 1_700


def test_parts_of_the_waiting_time_sum_to_what_the_caller_waited() -> None:
    call = bench([NEED], CallerSpoke=[ITEMS], NothingHeard=DONE)
    call.listener = ScriptedListener(["un canapé"], takes_s=0.9)
    call.voice = ScriptedVoice(takes_s=0.15)
    silent_since = [0.0]

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        await call.line.speak(1.0)
        silent_since[0] = asyncio.get_running_loop().time()
        await call.line.quiet(60)

    call.run(caller)
    (turn,) = call.timings.turns
    assert turn.act == "ask_items"
    assert [part.name for part in turn.parts] == [
        "end of turn", "transcription", "queue", "understanding and step", "voice",
    ]  # fmt: skip
    assert all(part.owner and part.ms >= 0 for part in turn.parts)
    first_frame = next(sent.at for sent in call.line.sent if sent.event == "media" and sent.at > silent_since[0])
    assert turn.total_ms == pytest.approx((first_frame - silent_since[0]) * 1000, abs=25)


def test_noise_without_words_is_no_words() -> None:
    call = bench([NEED], NoWords=DONE)
    call.listener = ScriptedListener([" "])

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        await call.line.speak(0.5)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE
    assert call.conversation.of(NoWords) == [NoWords()]


@pytest.mark.parametrize(
    ("question", "keys", "told"),
    [
        (RECAP, "1", ["1"]),
        (RECAP, "0", ["0"]),
        (PHONE, "0612345678", ["0612345678"]),
        (PHONE, "06123#", ["06123"]),
        (PHONE, "0", ["0"]),
        (PHONE, "061", ["061"]),
    ],
)
def test_keys_reach_the_conversation(question: ChannelAct, keys: str, told: list[str]) -> None:
    call = bench([question], KeysPressed=DONE)

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        call.line.press(keys)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE
    assert call.conversation.of(KeysPressed) == [KeysPressed(keys) for keys in told]


@pytest.mark.parametrize(("key", "interrupted"), [("0", True), ("5", False)])
def test_only_the_key_for_a_person_cuts_the_legal_notice(key: str, interrupted: bool) -> None:
    call = bench([NOTICE], KeysPressed=DONE)
    call.voice = ScriptedVoice(part_s=4.0)

    async def caller() -> None:
        await call.line.quiet(0.5)
        call.line.press(key)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE
    cut = [PromptInterrupted("notice", 1, 500)] if interrupted else []
    assert call.conversation.of(PromptInterrupted) == cut
    assert (PromptHeard("notice", 1) in call.conversation.events) is not interrupted


@pytest.mark.parametrize(
    ("keys", "reason", "said"),
    [
        ("0", EndReason.HANDED_OVER, "hand_over:4"),
        ("00", EndReason.HANDED_OVER, "hand_over:4"),
        ("1#", EndReason.DONE, ""),
    ],
)
def test_a_person_can_be_asked_for_until_the_line_is_closed(keys: str, reason: EndReason, said: str) -> None:
    reference = say(Act.GIVE_REFERENCE, "Votre référence.")
    replies = {"1": [reference, say(Act.PUT_OUT, "Sortez-les."), *DONE], "0": PERSON}
    asked: list[str] = []

    def answer(event: Event) -> list[ChannelAct]:
        match event:
            case CallAnswered():
                return [RECAP]
            case KeysPressed(pressed) if pressed not in asked:
                asked.append(pressed)
                return replies[pressed]
        return []

    call = Bench(ScriptedConversation(answer))

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        call.line.press("1")
        await call.line.until(lambda: PromptHeard("give_reference", 2) in call.conversation.events)
        call.line.press(keys)
        await call.line.quiet(60)

    assert call.run(caller) is reason
    assert call.line.marks[-1] == (said or "goodbye:4")
    cut = [(event.act, event.number) for event in call.conversation.events if isinstance(event, PromptInterrupted)]
    assert (("put_out", 3) in cut) is bool(said)


def test_marks_that_never_come_back_do_not_hold_a_call() -> None:
    call = bench([NEED], PromptHeard=DONE)
    call.line = PhoneCompany(marks=False)
    assert call.run(lambda: call.line.quiet(60)) is EndReason.DONE
    played, ended = call.line.sent[0].at + 1.0, call.line.sent[-1].at
    assert ended - played >= MARK_GRACE_S


def test_a_hand_over_is_said_before_the_stream_ends() -> None:
    call = bench([NEED], KeysPressed=PERSON)

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        call.line.press("0")
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.HANDED_OVER
    assert call.conversation.events[-2:] == [PromptHeard("hand_over", 2), Ended(EndReason.HANDED_OVER)]


def test_while_the_last_words_play_the_caller_changes_nothing() -> None:
    call = bench([NEED], KeysPressed=PERSON)
    call.voice = ScriptedVoice(part_s=3.0)

    async def caller() -> None:
        await call.line.quiet(1.0)
        call.line.press("0")
        await call.line.quiet(0.5)
        call.line.press("12")
        await call.line.speak(2.0)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.HANDED_OVER
    assert call.conversation.of(KeysPressed) == [KeysPressed("0")]
    assert PromptHeard("hand_over", 2) in call.conversation.events


# ---- what goes wrong ----


def test_a_speech_engine_that_fails_sends_the_call_to_a_person() -> None:
    call = bench([NEED], PartFailed=PERSON)
    call.listener = ScriptedListener([RuntimeError("decoder")])

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        await call.line.speak(1.0)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.HANDED_OVER
    assert call.conversation.of(PartFailed) == [PartFailed("speech")]


def test_a_speech_engine_that_hangs_sends_the_call_to_a_person() -> None:
    call = bench([NEED], PartFailed=PERSON)
    call.listener = ScriptedListener(["trop tard"], takes_s=3_600)

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        await call.line.speak(1.0)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.HANDED_OVER


@pytest.mark.parametrize("fails", [{"Que puis-je faire ?"}, {"*"}])
def test_a_voice_that_fails_still_hands_the_call_over(fails: set[str]) -> None:
    call = bench([NEED], PartFailed=PERSON)
    call.voice = ScriptedVoice(fails=frozenset(fails))
    assert call.run(lambda: call.line.quiet(60)) is EndReason.HANDED_OVER
    assert call.conversation.of(PartFailed) == [PartFailed("voice")]


def test_a_voice_that_fails_without_a_way_out_ends_with_a_failure() -> None:
    call = bench([NEED], PartFailed=[ITEMS])
    call.voice = ScriptedVoice(fails=frozenset({"*"}))
    assert call.run(lambda: call.line.quiet(60)) is EndReason.FAILURE


def test_a_voice_that_fails_after_the_booking_leaves_the_reference_to_a_person() -> None:
    call = bench([say(Act.GIVE_REFERENCE, "Votre référence est", "A, 4"), HangUp(EndReason.DONE)])
    call.voice = ScriptedVoice(fails=frozenset({"A, 4"}))
    assert call.run(lambda: call.line.quiet(60)) is EndReason.FAILURE


def test_a_conversation_that_raises_ends_with_a_failure() -> None:
    def broken(event: Event) -> list[ChannelAct]:
        if isinstance(event, PromptHeard):
            raise OSError("disk")
        return [NEED] if isinstance(event, CallAnswered) else []

    call = Bench(ScriptedConversation(broken))
    assert call.run(lambda: call.line.quiet(60)) is EndReason.FAILURE
    assert call.conversation.closed == [EndReason.FAILURE]


def test_a_silent_socket_is_broken() -> None:
    call = bench([NEED])
    call.limits = Limits(longest_s=900, silent_stream_s=10)

    async def caller() -> None:
        await call.line.quiet(3.0)

    assert call.run(caller) is EndReason.BROKEN_STREAM
    assert call.conversation.closed == [], "it may come back"


@pytest.mark.parametrize(
    "message", ["{", '{"event": "start"}', b"\x00", "x" * 70_000, '{"event":"stop","streamSid":"MZ9"}', None]
)
def test_a_fault_or_a_closed_socket_breaks_the_stream(message: str | bytes | None) -> None:
    first, second = bench([NEED]), bench([NEED])
    second.resumed = True
    for call in (first, second):

        async def caller(call: Bench = call) -> None:
            await call.line.quiet(0.5)
            call.line.raw(message)

        assert call.run(caller) is EndReason.BROKEN_STREAM
    assert (first.conversation.closed, second.conversation.closed) == ([], []), "over another stream, or turn by turn"


def test_a_caller_who_hangs_up_ends_the_call() -> None:
    call = bench([NEED])

    async def caller() -> None:
        await call.line.quiet(0.5)
        call.line.stop()

    assert call.run(caller) is EndReason.CALLER_HUNG_UP
    assert call.conversation.closed == [EndReason.CALLER_HUNG_UP]


def test_half_an_hour_of_music_ends_at_the_longest_a_call_may_last() -> None:
    call = bench([NEED], NoWords=[NEED])
    call.listener = ScriptedListener([""] * 1_000)
    call.limits = Limits(longest_s=200, silent_stream_s=10)
    began = [0.0]

    async def caller() -> None:
        began[0] = asyncio.get_running_loop().time()
        await call.line.speak(1_800)

    assert call.run(caller) is EndReason.TOO_LONG
    assert call.conversation.closed == [EndReason.TOO_LONG]
    assert call.conversation.of(NoWords)


def test_the_same_call_on_a_second_socket_takes_the_conversation_over() -> None:
    from tests.telephony.fakes import in_virtual_time

    call = bench([NEED])

    async def twice() -> EndReason:
        first = call.call()
        running = asyncio.create_task(first.run())
        await call.line.quiet(0.5)
        await first.supersede()
        reason = await running
        await call.line.hang_up()
        return reason

    assert in_virtual_time(twice()) is EndReason.BROKEN_STREAM
    assert call.conversation.closed == []


def test_the_words_of_a_pause_become_urgent_when_the_turn_is_over() -> None:
    call = bench([NOTICE, NEED], CallerSpoke=DONE)
    seen: list[Urgency] = []

    class Noting(ScriptedListener):
        async def listen(self, audio: bytes, voiced_ms: int, question: Say | None) -> Words:
            claim = current_claim()
            seen.append(claim.urgency)
            try:
                return await super().listen(audio, voiced_ms, question)
            finally:
                seen.append(claim.urgency)

    call.listener = Noting(["un canapé"], takes_s=3.0)

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard)[1:])
        await call.line.speak(1.0)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE
    assert seen == [Urgency.PAUSING, Urgency.WAITING]
