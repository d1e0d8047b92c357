"""Keys in turns: those pressed while the last words are said, and those that end nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from callbot.dialogue.acts import Act, ChannelAct, HangUp, Say
from callbot.domain.events import CallAnswered, Ended, EndReason, Event, KeysPressed, Prompted
from callbot.domain.meaning import Expectation, Language
from callbot.telephony.twiml import TRANSFER_SENTENCE
from tests.telephony.fakes import CALL, say
from tests.telephony.turn_bench import Bench, action, gather, spoken, verbs

RECAP = say(Act.RECAP, "C'est bien cela ?", expect=Expectation.YES_NO)
LAST = (say(Act.GIVE_REFERENCE, "Votre référence est A, C."), say(Act.PUT_OUT, "Sortez-les la veille."))
WORDS = ["Votre référence est A, C.", "Sortez-les la veille."]
LATER = Say(Act.OTHER_LANGUAGE, ("We will call you back.",), interruptible=False, language=Language.ENGLISH)


def books(event: Event) -> Sequence[ChannelAct]:
    match event:
        case CallAnswered():
            return [RECAP]
        case KeysPressed("1"):
            return [*LAST, HangUp(EndReason.DONE)]
        case KeysPressed("2"):
            return [LATER, HangUp(EndReason.CALL_BACK)]
    return []


@pytest.mark.parametrize("key", ["1", "5", "*", "#"])
async def test_a_key_pressed_during_the_last_words_has_them_said_again(key: str) -> None:
    bench = Bench(books)
    last = await bench.follow(await bench.call("/voice/turn"), Digits="1")
    stored = list(bench.log.stored[CALL])
    again = await bench.follow(last, Digits=key)
    assert (spoken(again), verbs(again)) == (WORDS, ["Gather", "Hangup"])
    assert spoken(await bench.follow(again, Digits=key)) == WORDS
    assert spoken(await bench.follow(again, Digits="0")) == [TRANSFER_SENTENCE]
    assert bench.log.stored[CALL] == stored


async def test_another_worker_says_the_last_words_again_too() -> None:
    bench = Bench(books)
    last = await bench.follow(await bench.call("/voice/turn"), Digits="1")
    again = await bench.worker().follow(last, Digits="7")
    assert (spoken(again), verbs(again)) == (WORDS, ["Gather", "Hangup"])
    assert action(again) == action(last)


async def test_a_worker_that_gave_an_earlier_question_does_not_ask_it_again_after_the_end() -> None:
    bench = Bench(books)
    first = await bench.call("/voice/turn")
    last = await bench.worker().follow(first, Digits="1")
    assert spoken(await bench.follow(last, Digits="7")) == WORDS


async def test_a_key_after_an_end_without_words_closes_the_line() -> None:
    bench = Bench(books)
    await bench.stored(CallAnswered(None), Prompted("recap", 1, "?"), KeysPressed("1"), Ended(EndReason.CALLER_HUNG_UP))
    assert verbs(await bench.call("/voice/turn?n=1&e=yes_no", Digits="7")) == ["Hangup"]


async def test_last_words_in_another_language_stay_in_it() -> None:
    bench = Bench(books)
    last = await bench.follow(await bench.call("/voice/turn"), Digits="2")
    again = await bench.follow(last, Digits="7")
    assert [(each.text, each.get("language")) for each in again.iter("Say")] == [("We will call you back.", "en-GB")]


async def test_a_line_that_is_still_there_after_the_last_words_without_a_key_is_closed() -> None:
    bench = Bench(books)
    last = await bench.follow(await bench.call("/voice/turn"), Digits="1")
    assert verbs(await bench.follow(last)) == ["Hangup"]


@pytest.mark.parametrize("expect", [Expectation.REFERENCE, Expectation.PHONE, Expectation.NAME])
async def test_the_sign_that_says_there_is_none_reaches_the_conversation(expect: Expectation) -> None:
    """Twilio swallows the key that ends an answer, and # alone would look like silence."""
    question = say(Act.ASK_REFERENCE, "Quelle référence ? Sinon, tapez dièse.", expect=expect)
    bench = Bench(lambda event: [question] if isinstance(event, CallAnswered) else list(books(event)))
    first = await bench.call("/voice/turn")
    assert gather(first).get("finishOnKey") == ""
    await bench.follow(first, Digits="#")
    assert KeysPressed("#") in bench.log.stored[CALL]
