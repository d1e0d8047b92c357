"""Whole calls against a tiny service: what goes over the line, what the caller does, what comes back."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callbot.rehearsal.carrier import RingError, signature
from callbot.rehearsal.clips import Clips
from callbot.rehearsal.recording import Recording
from callbot.rehearsal.report import End, Line, Who
from callbot.rehearsal.ring import ring
from callbot.rehearsal.scenario import Scenario
from callbot.rehearsal.truth import HeardPrompt
from tests.rehearsal.fake_bot import FakeBot, serving, tone

HANG_UP = "<Response><Hangup/></Response>"
DIAL = "<Response><Say>Un instant.</Say><Dial>+33800000000</Dial></Response>"


def scenario(answers: dict[str, Any], **more: Any) -> Scenario:
    interrupts = more.pop("interrupts", ())
    call = {"answers": answers, "interrupts": interrupts, "expect": {"booking": "none"}}
    raw = {"name": "one", "title": "t", "caller": "+33612345678", "manners": {"delay_ms": 40}, "calls": [call], **more}
    return Scenario.model_validate(raw)


def clips_of(played: Scenario) -> Clips:
    return Clips({(played.speaker, text): tone(200) for text in played.clips})


class NotedPrompts:
    """An observer with the words of each prompt."""

    def __init__(self, *texts: str, act: str = "confirm_address") -> None:
        self.texts, self.act = texts, act

    async def prompt(self, call_id: str, number: int) -> HeardPrompt | None:
        assert call_id.startswith("CA")
        return HeardPrompt(self.act, number, self.texts[number - 1])


async def test_a_call_from_ringing_to_hanging_up() -> None:
    played = scenario({"ask_need": "Un canapé."})
    lines: list[Line] = []
    bot = FakeBot([[("notice:1", 200), ("ask_need:2", 200)], [("goodbye:3", 200)]])
    async with serving(bot):
        report = await ring(bot.url, played, clips_of(played), None, lines.append)
    assert report.end is End.HANG_UP
    assert report.marks == ["notice:1", "ask_need:2", "goodbye:3"]
    assert report.utterances == 1
    assert [turn.after for turn in report.turns] == ["ask_need"]
    assert report.greeting_ms is not None
    assert [(line.who, line.text) for line in lines[:3]] == [
        (Who.BOT, "[notice]"), (Who.BOT, "[ask_need]"), (Who.CALLER, "Un canapé."),
    ]  # fmt: skip
    assert [path for path, _, _ in bot.posts] == ["/voice/incoming", "/voice/after-stream", "/voice/status"]
    assert [form["CallStatus"] for _, form, _ in bot.posts] == ["ringing", "in-progress", "completed"]


async def test_the_stream_starts_as_the_phone_company_starts_it() -> None:
    played = scenario({})
    bot = FakeBot([[("goodbye:1", 100)]])
    async with serving(bot):
        report = await ring(bot.url, played, clips_of(played))
    connected, start, mark = bot.frames
    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start["start"]["callSid"] == report.call_id
    assert start["start"]["customParameters"] == {"token": "once"}
    assert start["start"]["mediaFormat"] == {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
    assert start["streamSid"] == start["start"]["streamSid"] == mark["streamSid"]
    assert (start["sequenceNumber"], mark["mark"]["name"]) == ("1", "goodbye:1")


async def test_every_request_is_signed_when_there_is_a_token() -> None:
    played = scenario({})
    bot = FakeBot([[("goodbye:1", 100)]])
    async with serving(bot):
        await ring(bot.url, played, clips_of(played), token="secret")
    for path, form, signed in bot.posts:
        assert signed == signature("secret", bot.url + path, form)


def test_signature_as_in_twilios_documentation() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234", "From": "+14158675309",
        "To": "+18005551212",
    }  # fmt: skip
    signed = signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form)
    assert signed == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


async def test_keys_are_pressed_one_by_one_and_a_transfer_is_told() -> None:
    played = scenario({"ask_commune": {"keys": "13"}})
    bot = FakeBot([[("ask_commune:1", 100)], [("ask_commune:2", 100)], [("hand_over:3", 100)]], [DIAL])
    async with serving(bot):
        report = await ring(bot.url, played, clips_of(played))
    assert [frame["dtmf"]["digit"] for frame in bot.events("dtmf")][:2] == ["1", "3"]
    assert (report.end, report.utterances) == (End.DIAL, 0)


async def test_hanging_up_sends_stop_and_completes_the_call() -> None:
    played = scenario({"ask_phone": "hang_up"})
    bot = FakeBot([[("ask_phone:1", 100)], []])
    async with serving(bot):
        report = await ring(bot.url, played, clips_of(played))
    assert report.end is End.CALLER_LEFT
    assert len(bot.events("stop")) == 1
    assert [form["CallStatus"] for _, form, _ in bot.posts] == ["ringing", "completed", "completed"]


async def test_patience_ends() -> None:
    played = scenario({"ask_need": "silence"}, longest_s=0.4)
    bot = FakeBot([[("ask_need:1", 100)], []])
    async with serving(bot):
        report = await ring(bot.url, played, clips_of(played))
    assert (report.end, report.utterances, report.unplanned) == (End.TOO_LONG, 0, [])


async def test_a_question_nobody_foresaw_gets_a_human_answer_and_is_reported() -> None:
    played = scenario({})
    bot = FakeBot([[("ask_age:1", 100)], [("goodbye:2", 100)]])
    async with serving(bot):
        report = await ring(bot.url, played, clips_of(played))
    assert report.unplanned == ["ask_age"]
    assert [line.text for line in report.lines if line.who is Who.CALLER] == ["Je ne sais pas."]


@pytest.mark.parametrize(
    ("text", "said"), [("12, Rue de Rome, c'est ça ?", "Oui, c'est ça."), ("2, Rue de Rome ?", "Non.")]
)
async def test_read_backs_are_answered_truthfully(text: str, said: str) -> None:
    played = scenario({"confirm_address": "judge"}, goal={"street": "Rue de Rome", "number": 12})
    bot = FakeBot([[("confirm_address:1", 100)], [("goodbye:2", 100)]])
    async with serving(bot):
        report = await ring(bot.url, played, clips_of(played), NotedPrompts(text, "Au revoir."))
    assert [line.text for line in report.lines][:3] == [text, said, "Au revoir."]


async def test_speaking_over_a_prompt_has_its_marks_back_unheard() -> None:
    played = scenario(
        {"ask_need": "Un canapé."}, interrupts=[{"after": "notice", "ms": 40, "say": "Un matelas !"}]
    )  # fmt: skip
    bot = FakeBot([[("notice:1", 100), ("ask_need:2", 3000)], [("goodbye:3", 100)]], clears_on_voice=True)
    noted = NotedPrompts("Bonjour.", "Que faut-il enlever ?", "Au revoir.", act="")
    async with serving(bot):
        report = await ring(bot.url, played, clips_of(played), noted)
    assert [line.text for line in report.lines] == [
        "Bonjour.", "Un matelas !", "Que faut-il enlever ? [coupé]", "Au revoir.", "Fin de l'appel.",
    ]  # fmt: skip
    assert [frame["mark"]["name"] for frame in bot.events("mark")] == ["notice:1", "ask_need:2", "goodbye:3"]
    assert report.marks == ["notice:1", "goodbye:3"]
    assert (report.clears, report.utterances) == (1, 1)


async def test_a_broken_stream_is_taken_up_again() -> None:
    played = scenario({})
    bot = FakeBot([[("notice:1", 100)]])
    async with serving(bot):
        bot.afterwards = [bot.connect(), HANG_UP]
        report = await ring(bot.url, played, clips_of(played))
    assert (report.streams, report.end) == (2, End.HANG_UP)


async def test_streams_without_end_are_refused() -> None:
    played = scenario({})
    bot = FakeBot([[("notice:1", 40)]])
    async with serving(bot):
        bot.afterwards = [bot.connect()] * 5
        with pytest.raises(RingError, match="one stream after the other"):
            await ring(bot.url, played, clips_of(played))


def _nobody(bot: FakeBot) -> None:
    bot.url = "http://127.0.0.1:9"


def _no_twiml(bot: FakeBot) -> None:
    bot.afterwards = ["hello"]


def _dead_line(bot: FakeBot) -> None:
    bot.afterwards = ["<Response><Record/></Response>"]


@pytest.mark.parametrize(
    ("spoil", "reason"), [(_nobody, "does not answer"), (_no_twiml, "not XML"), (_dead_line, "unknown verb")]
)
async def test_what_is_no_service_is_told(spoil: Callable[[FakeBot], None], reason: str) -> None:
    played = scenario({})
    bot = FakeBot([[("notice:1", 40)]])
    async with serving(bot):
        spoil(bot)
        with pytest.raises(RingError, match=reason):
            await ring(bot.url, played, clips_of(played))


def test_both_sides_are_recorded_for_listening(tmp_path: Path) -> None:
    played = scenario({"ask_need": "Un canapé."})
    recording = Recording()
    bot = FakeBot([[("ask_need:1", 200)], [("goodbye:2", 200)]])

    async def call() -> None:
        async with serving(bot):
            await ring(bot.url, played, clips_of(played), recording=recording)

    asyncio.run(call())
    recording.write(tmp_path / "new" / "call.wav")
    with wave.open(str(tmp_path / "new" / "call.wav")) as wav:
        assert (wav.getnchannels(), wav.getframerate()) == (2, 8000)
        sound = np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2").reshape(-1, 2)
    assert len(sound) > 8000 * 0.6
    assert sound[:, 0].any()
    assert sound[:, 1].any()


def test_what_was_cleared_was_not_heard(tmp_path: Path) -> None:
    recording = Recording()
    recording.played(0.0, tone(1000))
    recording.played(1.0, tone(1000))
    recording.cleared(0.5)
    recording.write(tmp_path / "call.wav")
    with wave.open(str(tmp_path / "call.wav")) as wav:
        assert wav.getnframes() == 4000
