"""Who speaks when, in virtual time: hanging sentences, nods, false interruptions, lines that go dead."""

from __future__ import annotations

import asyncio

import pytest

from callbot.dialogue.acts import Act, ChannelAct, HandOver, HangUp, Say
from callbot.dialogue.completeness import Completeness
from callbot.domain.events import (
    CallAnswered,
    CallerSpoke,
    EndReason,
    Event,
    HandOverReason,
    KeysPressed,
    NoProgress,
    NothingHeard,
    NoWords,
    PartFailed,
    Prompted,
    PromptHeard,
    PromptInterrupted,
)
from callbot.domain.meaning import Expectation, Language
from callbot.speech.turn_taking import TURN_TAKING, WAITING_END_MS, WAITING_NO_INPUT_MS
from callbot.speech.voice import PLAIN, Manner
from callbot.telephony.media_call import Limits
from tests.telephony.fakes import Bench, ScriptedConversation, ScriptedListener, ScriptedVoice, in_virtual_time, say

NEED = say(Act.ASK_NEED, "Bonjour à vous.", "Que puis-je faire pour vous ?", expect=Expectation.ANY)
SURE = say(Act.RECAP, "C'est bien cela ?", expect=Expectation.YES_NO)
NOTED = say(Act.TELL_RULING, "C'est noté : une armoire.")
ITEMS = say(Act.ASK_ITEMS, "Quels objets ?", expect=Expectation.ITEMS)
DONE: list[ChannelAct] = [say(Act.GOODBYE, "Au revoir."), HangUp(EndReason.DONE)]
PERSON: list[ChannelAct] = [say(Act.HAND_OVER, "Je vous passe une personne."), HandOver(HandOverReason.ASKED)]


def bench(opening: list[ChannelAct], **replies: list[ChannelAct]) -> Bench:
    def answer(event: Event) -> list[ChannelAct]:
        return opening if isinstance(event, CallAnswered) else replies.get(type(event).__name__, [])

    return Bench(ScriptedConversation(answer))


def silence_of_a_turn(call: Bench, how: Completeness, *, takes_s: float = 0.1) -> float:
    """Seconds from the caller's last voice to the words reaching the conversation."""
    call.listener = ScriptedListener(["au douze de la"], takes_s=takes_s)
    call.answers = lambda text, question: how
    took = [0.0]

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        await call.line.speak(1.0)
        since = asyncio.get_running_loop().time()
        await call.line.until(lambda: call.conversation.of(CallerSpoke))
        took[0] = asyncio.get_running_loop().time() - since
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE
    return took[0]


@pytest.mark.parametrize("expect", [Expectation.ADDRESS, Expectation.YES_NO, Expectation.PHONE])
def test_a_turn_ends_sooner_when_complete_and_later_when_it_hangs(expect: Expectation) -> None:
    question = say(Act.ASK_ADDRESS, expect=expect)
    patience = TURN_TAKING[expect].patience
    waits = {how: silence_of_a_turn(bench([question], CallerSpoke=DONE), how) for how in Completeness}
    assert waits[Completeness.COMPLETE] == pytest.approx(patience.complete_ms / 1000, abs=0.07)
    assert waits[Completeness.OPEN] == pytest.approx(patience.end_ms / 1000, abs=0.07)
    assert waits[Completeness.HANGING] == pytest.approx(patience.hanging_ms / 1000, abs=0.07)


def test_a_sentence_that_hangs_is_waited_for_even_when_its_words_are_read_late() -> None:
    took = silence_of_a_turn(bench([SURE], CallerSpoke=DONE), Completeness.HANGING, takes_s=0.5)
    assert took == pytest.approx(1.2, abs=0.07)


def test_words_read_late_cost_no_more_than_the_reading() -> None:
    took = silence_of_a_turn(bench([SURE], CallerSpoke=DONE), Completeness.OPEN, takes_s=0.5)
    assert took == pytest.approx(0.26 + 0.5, abs=0.07)


def test_a_slow_caller_is_waited_for_longer() -> None:
    slow = Say(Act.RECAP, ("C'est bien cela ?",), Expectation.YES_NO, slow=True)
    assert silence_of_a_turn(bench([slow], CallerSpoke=DONE), Completeness.OPEN) == pytest.approx(0.75, abs=0.07)


def test_a_caller_who_asked_for_time_gets_it() -> None:
    waiting = Say(Act.ASK_ITEMS, ("Je vous attends.",), Expectation.ITEMS, waiting=True)
    assert silence_of_a_turn(bench([waiting], CallerSpoke=DONE), Completeness.OPEN) == pytest.approx(
        WAITING_END_MS / 1000, abs=0.07
    )
    silent = bench([waiting], NothingHeard=DONE)
    heard_at, told_at = [0.0], [0.0]

    async def caller() -> None:
        await silent.line.until(lambda: silent.conversation.of(PromptHeard))
        heard_at[0] = asyncio.get_running_loop().time()
        await silent.line.until(lambda: silent.conversation.of(NothingHeard))
        told_at[0] = asyncio.get_running_loop().time()
        await silent.line.quiet(60)

    assert silent.run(caller) is EndReason.DONE
    assert told_at[0] - heard_at[0] == pytest.approx(WAITING_NO_INPUT_MS / 1000, abs=0.1)


def test_patience_grows_with_the_pauses_of_the_caller() -> None:
    call = bench([ITEMS], CallerSpoke=[ITEMS])
    call.listener = ScriptedListener(["un canapé et"] * 9)
    ends: list[float] = []

    async def caller() -> None:
        for pause_s in (0.0, 0.74, 0.0):
            await call.line.until(lambda: len(call.conversation.of(PromptHeard)) > len(ends))
            await call.line.speak(0.6)
            if pause_s:
                await call.line.quiet(pause_s)
                await call.line.speak(0.6)
            since = asyncio.get_running_loop().time()
            await call.line.until(lambda: len(call.conversation.of(CallerSpoke)) > len(ends))
            ends.append(asyncio.get_running_loop().time() - since)
        call.line.stop()

    assert call.run(caller) is EndReason.CALLER_HUNG_UP
    first, _, later = ends
    assert first == pytest.approx(0.8, abs=0.05)
    assert first < later < 1.6 * 0.8


def over_prompt(call: Bench, voice_s: float, after_s: float = 0.5) -> EndReason:
    """A voice over the first prompt, then silence."""

    async def caller() -> None:
        await call.line.quiet(after_s)
        await call.line.speak(voice_s)
        await call.line.quiet(120)

    return call.run(caller)


def test_a_noise_that_stopped_a_prompt_has_it_said_again_from_the_sentence_that_was_cut() -> None:
    call = bench([NEED], NothingHeard=DONE)
    call.voice = ScriptedVoice(part_s=2.0)
    call.listener = ScriptedListener([""])
    assert over_prompt(call, 0.6, after_s=2.5) is EndReason.DONE
    assert call.conversation.of(NoWords) == []
    prompts = [event for event in call.conversation.events if isinstance(event, Prompted)]
    assert [(event.act, event.number, event.text) for event in prompts[:2]] == [
        ("ask_need", 1, NEED.text),
        ("ask_need", 2, "Que puis-je faire pour vous ?"),
    ]
    assert call.conversation.of(PromptHeard)[0] == PromptHeard("ask_need", 2)
    (cut,) = call.conversation.of(PromptInterrupted)
    assert isinstance(cut, PromptInterrupted)
    assert 2_700 <= cut.heard_ms <= 2_800


def test_what_was_still_to_be_said_is_said_after_a_false_interruption() -> None:
    call = bench([say(Act.ASK_NEED, "Une longue phrase ?", expect=Expectation.ANY), SURE], NothingHeard=DONE)
    call.voice = ScriptedVoice(part_s=3.0)
    call.listener = ScriptedListener([""])
    assert over_prompt(call, 0.6) is EndReason.DONE
    prompts = [event.act for event in call.conversation.events if isinstance(event, Prompted)]
    assert prompts[:3] == ["ask_need", "ask_need", "recap"]


def test_each_false_interruption_asks_for_more_voice_the_next_time() -> None:
    call = bench([NEED], NothingHeard=DONE)
    call.voice = ScriptedVoice(part_s=4.0)
    call.listener = ScriptedListener([""] * 20)

    async def caller() -> None:
        for _ in range(6):
            await call.line.quiet(2.0)
            await call.line.speak(0.4)
        await call.line.quiet(120)

    assert call.run(caller) is EndReason.DONE
    assert len(call.conversation.of(PromptInterrupted)) == 1


def test_words_over_a_prompt_are_not_followed_by_its_rest() -> None:
    call = bench([NEED], CallerSpoke=DONE)
    call.voice = ScriptedVoice(part_s=4.0)
    call.listener = ScriptedListener(["un canapé"])
    assert over_prompt(call, 0.6) is EndReason.DONE
    assert [event.act for event in call.conversation.events if isinstance(event, Prompted)] == ["ask_need", "goodbye"]


def test_a_short_yes_over_a_question_is_the_answer() -> None:
    call = bench([SURE], CallerSpoke=DONE)
    call.voice = ScriptedVoice(part_s=6.0)
    call.listener = ScriptedListener(["oui"])
    assert over_prompt(call, 0.2) is EndReason.DONE
    assert [event.text for event in call.conversation.events if isinstance(event, CallerSpoke)] == ["oui"]
    assert call.line.count("clear") == 1


@pytest.mark.parametrize(("words", "stopped"), [("D'accord.", False), ("Conseiller !", True)])
def test_a_nod_over_a_statement_stops_nothing_and_a_word_does(words: str, stopped: bool) -> None:
    call = bench([NOTED, ITEMS], CallerSpoke=DONE, NothingHeard=DONE)
    call.voice = ScriptedVoice(part_s=5.0)
    call.listener = ScriptedListener([words])
    assert over_prompt(call, 0.5) is EndReason.DONE
    assert bool(call.conversation.of(CallerSpoke)) is stopped
    assert (call.line.count("clear") > 0) is stopped


def test_a_noise_over_a_prompt_that_stops_nothing_is_no_misunderstanding() -> None:
    call = bench([SURE], NothingHeard=DONE)
    call.voice = ScriptedVoice(part_s=4.0)
    call.listener = ScriptedListener([""])
    assert over_prompt(call, 0.16) is EndReason.DONE
    assert call.conversation.of(NoWords) == []
    assert call.line.count("clear") == 0


def test_the_legal_notice_is_never_stopped_by_voice() -> None:
    call = bench([say(Act.NOTICE, "Bonjour, ici une machine."), ITEMS], NothingHeard=DONE)
    call.voice = ScriptedVoice(part_s=4.0)
    assert over_prompt(call, 2.0) is EndReason.DONE
    assert PromptHeard("notice", 1) in call.conversation.events


def test_a_line_that_stops_in_the_middle_of_a_word_ends_the_turn() -> None:
    times: dict[str, float] = {}

    def answer(event: Event) -> list[ChannelAct]:
        times[type(event).__name__] = asyncio.get_running_loop().time()
        return [ITEMS] if isinstance(event, CallAnswered) else DONE if isinstance(event, CallerSpoke) else []

    call = Bench(ScriptedConversation(answer))
    call.listener = ScriptedListener(["un canapé"])

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        await call.line.speak(1.0)
        times["silence"] = asyncio.get_running_loop().time()
        await asyncio.sleep(3)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE
    assert 0.8 <= times["CallerSpoke"] - times["silence"] <= 1.1


def test_frames_that_come_a_little_late_are_no_silence() -> None:
    call = bench([ITEMS], CallerSpoke=DONE)
    call.listener = ScriptedListener(["un canapé"])

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        for _ in range(20):
            await call.line.speak(0.1)
            await asyncio.sleep(0.1)
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.DONE
    assert len(call.listener.asked) == 1


def test_noise_without_an_end_is_told_by_the_clock_once_each_limit() -> None:
    call = bench([ITEMS], NoWords=[ITEMS], NothingHeard=[ITEMS])
    call.limits = Limits(longest_s=250, silent_stream_s=10, no_progress_s=90)
    call.listener = ScriptedListener([""] * 100)
    assert call.run(lambda: call.line.speak(300)) is EndReason.TOO_LONG
    assert len(call.conversation.of(NoProgress)) == 2


def test_words_and_keys_are_progress() -> None:
    call = bench([ITEMS], CallerSpoke=[ITEMS], KeysPressed=[ITEMS], NothingHeard=[ITEMS])
    call.limits = Limits(longest_s=150, silent_stream_s=10, no_progress_s=60)
    call.listener = ScriptedListener(["un canapé"] * 9)

    async def caller() -> None:
        await call.line.quiet(50)
        await call.line.speak(1.0)
        await call.line.quiet(48)
        call.line.press("1")
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.TOO_LONG
    assert call.conversation.of(NoProgress) == []
    assert call.conversation.of(KeysPressed)


@pytest.mark.parametrize("resumed", [False, True])
def test_a_speech_failure_leaves_the_call_open_for_turns_without_the_stream(resumed: bool) -> None:
    sorry = say(Act.RESUME, "Un instant, nous continuons autrement.")
    call = bench([ITEMS], PartFailed=[sorry, HangUp(EndReason.BROKEN_STREAM)])
    call.resumed = resumed
    call.listener = ScriptedListener([RuntimeError("decoder")])
    left_open: list[bool] = []

    async def whole() -> EndReason:
        media = call.call()
        running = asyncio.create_task(media.run())
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        await call.line.speak(1.0)
        await call.line.until(running.done)
        left_open.append(media.left_open)
        await call.line.hang_up()
        return running.result()

    assert in_virtual_time(whole()) is EndReason.BROKEN_STREAM
    assert call.conversation.of(PartFailed) == [PartFailed("speech")]
    assert call.conversation.events[-1] == PromptHeard("resume", 2)
    assert (left_open, call.conversation.closed) == ([True], [])


def test_key_zero_reaches_a_person_while_the_stream_is_given_up() -> None:
    call = bench([ITEMS], PartFailed=[say(Act.RESUME), HangUp(EndReason.BROKEN_STREAM)], KeysPressed=PERSON)
    call.voice = ScriptedVoice(part_s=3.0)
    call.listener = ScriptedListener([RuntimeError("decoder")])

    async def caller() -> None:
        await call.line.until(lambda: call.conversation.of(PromptHeard))
        await call.line.speak(1.0)
        await call.line.until(lambda: call.conversation.of(PartFailed))
        await call.line.quiet(1.0)
        call.line.press("0")
        await call.line.quiet(60)

    assert call.run(caller) is EndReason.HANDED_OVER


def test_each_prompt_is_said_in_its_manner_and_keeps_its_source() -> None:
    foreign = Say(Act.OTHER_LANGUAGE, ("Please hold.",), language=Language.ENGLISH)
    slow = Say(Act.ASK_ITEMS, ("Quels objets ?",), Expectation.ITEMS, slow=True, entry="items-3")
    call = bench([foreign, slow], NothingHeard=DONE)
    assert call.run(lambda: call.line.quiet(60)) is EndReason.DONE
    assert call.voice.said == [
        ("Please hold.", Manner(language=Language.ENGLISH)),
        ("Quels objets ?", Manner(slow=True)),
        ("Au revoir.", PLAIN),
    ]
    assert Prompted("ask_items", 2, "Quels objets ?", "items-3") in call.conversation.events
