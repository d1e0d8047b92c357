"""The ears on real sound with the real weights."""

from __future__ import annotations

import importlib.util
import json
import os
from asyncio import to_thread
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from callbot.commands import speech as commands
from callbot.domain.meaning import Expectation, YesNo
from callbot.settings import EngineName, Speech, load_settings
from callbot.speech.codec import (
    ENGINE_RATE,
    FRAME_MS,
    Samples,
    frames,
    mulaw_to_samples,
    samples_to_mulaw,
    write_wav,
)
from callbot.speech.engine import Engine, Hints
from callbot.speech.engines import load_engine
from callbot.speech.hints import LONGEST_PLAIN_MS, hints_for
from callbot.speech.listening import Listener
from callbot.speech.turn_taking import TURN_TAKING
from callbot.speech.turns import BargedIn, CallerEar, TurnEnded, VoiceStarted
from callbot.speech.voice_activity import VoiceActivity
from callbot.speech.voice_light import LightVoice
from tests.speech.ears_sounds import WEIGHTS, music, needs_weights, noise, say, speak, telephone

ITEMS = "Un canapé, deux matelas et une armoire."
ANSWERS = [
    ("Oui.", YesNo.YES),
    ("Oui, c'est bien ça.", YesNo.YES),
    ("Oui, tout à fait.", YesNo.YES),
    ("D'accord.", YesNo.YES),
    ("Non.", YesNo.NO),
    ("Non, ce n'est pas ça.", YesNo.NO),
    ("Non merci.", YesNo.NO),
    ("Non, c'est faux.", YesNo.NO),
]


@pytest.fixture(scope="module")
def engine() -> Engine:
    from callbot.speech.whisper_faster import FasterWhisper

    return FasterWhisper(WEIGHTS)


@pytest.fixture
def listener(engine: Engine) -> Iterator[Listener]:
    with ThreadPoolExecutor(1) as threads:
        yield Listener(engine, threads)


def words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.lower()).split()


def voiced_ms(mulaw: bytes) -> int:
    detector = VoiceActivity()
    return sum(FRAME_MS for frame in frames(mulaw) if detector.hear(frame))


@pytest.mark.sound
@needs_weights
def test_items_are_heard_word_for_word(engine: Engine) -> None:
    hints = hints_for(Expectation.ITEMS)
    heard = engine.transcribe(engine.encode(mulaw_to_samples(say(ITEMS))), hints)
    assert words(heard.text) == words(ITEMS)
    assert heard.no_speech < 0.5
    assert 1 < len(heard.hypotheses) <= 5
    assert [each.log_prob for each in heard.hypotheses] == sorted((h.log_prob for h in heard.hypotheses), reverse=True)


@pytest.mark.sound
@needs_weights
@pytest.mark.parametrize(
    ("text", "expect"),
    [
        (ITEMS, Expectation.ITEMS),
        ("Bonjour, je voudrais prendre un rendez-vous.", Expectation.ANY),
        ("J'habite 12 rue de Rome.", Expectation.ADDRESS),
    ],
)
def test_the_short_window_hears_the_words_of_the_full_one(engine: Engine, text: str, expect: Expectation) -> None:
    sound = mulaw_to_samples(say(text))
    whole_window = np.concatenate((sound, np.zeros(27 * ENGINE_RATE - len(sound), dtype=np.float32)))
    hints = hints_for(expect)
    short, full = engine.encode(sound), engine.encode(whole_window)
    assert full.frames == 2_900
    assert short.frames * 4 < full.frames
    assert words(engine.transcribe(short, hints).text) == words(engine.transcribe(full, hints).text)


@pytest.mark.sound
@needs_weights
def test_two_callers_are_read_at_once_and_each_gets_his_own_words() -> None:
    both = load_engine(Speech(threads=2), WEIGHTS.parent)
    said = {text: mulaw_to_samples(say(text)) for text in (ITEMS, "Non, ce n'est pas la bonne adresse.")}
    hints = hints_for(Expectation.ANY)

    def read(text: str) -> list[str]:
        return words(both.transcribe(both.encode(said[text]), hints).text)

    with ThreadPoolExecutor(2) as threads:
        heard = list(threads.map(read, [*said] * 3))
    for items, refusal in zip(heard[::2], heard[1::2], strict=True):
        assert {"canapé", "matelas", "armoire"} <= set(items)
        assert {"non", "adresse"} <= set(refusal)
        assert not set(items) & {"non", "adresse"}


@pytest.mark.sound
@needs_weights
def test_what_is_too_long_is_trimmed(engine: Engine) -> None:
    assert engine.encode(noise(40, 0.01)).frames == 3_000


@pytest.mark.sound
@needs_weights
async def test_yes_and_no_by_text_and_decoder(listener: Listener) -> None:
    hints = hints_for(Expectation.YES_NO)
    sides = []
    for text, side in ANSWERS:
        sound = await to_thread(say, text)
        heard = await listener.listen(sound, voiced_ms(sound), hints)
        sides.append((side, heard.closed))
    assert sum(said == closed for said, closed in sides) >= len(ANSWERS) - 1
    assert not [pair for pair in sides if pair[1] not in (pair[0], None)]


@pytest.mark.sound
@needs_weights
@pytest.mark.parametrize(("speed", "pitch"), [(0.9, 1.15), (0.95, 0.8), (1.0, 1.0), (0.85, 0.9)])
async def test_a_yes_or_a_no_is_asked_again_rather_than_turned_round(
    listener: Listener, speed: float, pitch: float
) -> None:
    hints = hints_for(Expectation.YES_NO)
    turned_round = []
    for text, side in ANSWERS:
        sound = await to_thread(say, text, speed=speed, pitch=pitch)
        heard = await listener.listen(sound, voiced_ms(sound), hints)
        if heard.closed not in (side, None):
            turned_round.append(text)
    assert turned_round == []


@pytest.mark.sound
@needs_weights
async def test_a_correction_of_a_read_back_is_heard_with_its_number(listener: Listener) -> None:
    sound = await to_thread(say, "Non, c'est le vingt-deux.", speed=0.9, pitch=1.15)
    hints = hints_for(Expectation.YES_NO, corrects=Expectation.ADDRESS, voiced_ms=LONGEST_PLAIN_MS + 20)
    heard = await listener.listen(sound, LONGEST_PLAIN_MS + 20, hints)
    assert words(heard.text) == ["non", "c", "est", "le", "22"]


@pytest.mark.sound
@needs_weights
def test_the_decoder_prefers_the_street_that_was_said(engine: Engine) -> None:
    sound = engine.encode(mulaw_to_samples(say("J'habite 12 rue de Rome.")))
    streets = ("rue de Rome", "rue Thiers", "rue du Rhône", "avenue du Prado", "traverse de la Gaye")
    scores = engine.score(sound, [f"J'habite 12 {street}." for street in streets])
    assert streets[int(np.argmax(scores))] == "rue de Rome"
    assert all(score < 0 for score in scores)


@pytest.mark.sound
@needs_weights
def test_silence_tells_how_usual_words_are(engine: Engine) -> None:
    usual, rare = engine.score(engine.silence(), ("Merci.", "traverse de la Gouffonne"))
    assert rare < usual < 0


@pytest.mark.sound
@needs_weights
@pytest.mark.parametrize("expect", [Expectation.ITEMS, Expectation.YES_NO, Expectation.ADDRESS])
@pytest.mark.parametrize(
    "sound",
    [np.zeros(2 * ENGINE_RATE, dtype=np.float32), noise(2, 0.001), noise(3, 0.1), music(3)],
    ids=["silence", "faint noise", "loud noise", "music"],
)
async def test_nothing_is_heard_in_what_is_no_speech(listener: Listener, sound: Samples, expect: Expectation) -> None:
    line = telephone(sound)
    assert (await listener.listen(line, voiced_ms(line), hints_for(expect))).text == ""
    if float(np.abs(sound).max()):
        deaf_detector = await listener.listen(line, 1_500, hints_for(expect))
        assert deaf_detector.text == ""


@pytest.mark.sound
@needs_weights
def test_the_command_reads_recordings_short_and_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pause = np.zeros(int(1.5 * ENGINE_RATE), dtype=np.float32)
    sentence = speak(ITEMS)
    write_wav(tmp_path / "short.wav", np.concatenate((pause, sentence, pause)), ENGINE_RATE)
    turns = -(-26 * ENGINE_RATE // (len(sentence) + len(pause)))
    write_wav(tmp_path / "long.wav", np.concatenate((sentence, pause) * turns), ENGINE_RATE)
    app = typer.Typer()
    app.command()(commands.transcribe)
    files = [str(tmp_path / name) for name in ("short.wav", "absent.wav", "long.wav")]
    ran = CliRunner().invoke(app, [*files, "--expect", "items", "--json"])
    assert ran.exit_code == 1
    assert "absent.wav: No such file or directory" in ran.stderr
    short, long = (json.loads(line) for line in ran.stdout.splitlines())
    assert words(short["text"]) == words(ITEMS)
    assert short["hypotheses"][0] == short["text"]
    assert (short["refused"], short["file"]) == (None, files[0])
    assert long["text"].lower().count("matelas") == turns


@pytest.mark.sound
@needs_weights
def test_the_command_finds_an_address_by_ear_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLBOT_DATA_DIR", str(tmp_path))  # no base there: the sample that comes along
    (tmp_path / "models").symlink_to(WEIGHTS.parent.absolute())
    load_settings.cache_clear()
    said = mulaw_to_samples(LightVoice().render("C'est au douze rue de Rome."))
    write_wav(tmp_path / "said.wav", said, ENGINE_RATE)
    app = typer.Typer()
    app.command()(commands.transcribe)
    try:
        ran = CliRunner().invoke(app, [str(tmp_path / "said.wav"), "--expect", "address", "--in", "13206", "--json"])
    finally:
        load_settings.cache_clear()
    assert ran.exit_code == 0, ran.stderr
    candidates = json.loads(ran.stdout)["address"]["candidates"]
    best = candidates[0]
    assert (best["street"], best["insee"], best["number"]) == ("Rue de Rome", "13206", 12)
    assert all({"text", "sound", "match", "fit", "prior"} <= one["why"].keys() for one in candidates)
    chances = [one["probability"] for one in candidates]
    assert chances == sorted(chances, reverse=True)
    assert 0 < sum(chances) <= 1.001


@pytest.mark.sound
@needs_weights
@pytest.mark.skipif(
    not os.environ.get("CALLBOT_REQUIRE_OPENAI_WHISPER")
    and not (importlib.util.find_spec("torch") and importlib.util.find_spec("whisper")),
    reason="openai-whisper is not installed: pip install -e '.[openai-whisper]'",
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning", "ignore::UserWarning")
def test_openai_whisper_hears_the_same_with_the_same_weights(engine: Engine) -> None:
    reference = load_engine(Speech(engine=EngineName.OPENAI_WHISPER, beam=3), WEIGHTS.parent)
    hints = hints_for(Expectation.ITEMS)
    for said in ("Je voudrais faire enlever un canapé.", "Un matelas et une table.", "Bonjour, j'ai un canapé."):
        sound = mulaw_to_samples(say(said))
        theirs, ours = reference.encode(sound), engine.encode(sound)
        heard = reference.transcribe(theirs, hints)
        assert words(heard.text) == words(engine.transcribe(ours, hints).text) == words(said)
        assert heard.no_speech < 0.5
        assert 1 < len(heard.hypotheses) <= 3
        answers = (said, "Non.")
        assert reference.score(theirs, answers) == pytest.approx(engine.score(ours, answers), abs=4)
    usual, rare = reference.score(reference.silence(), ("Merci.", "traverse de la Gouffonne"))
    assert rare < usual < 0
    with pytest.raises(TypeError, match="another engine"):
        engine.transcribe(theirs, Hints())


def ear_on(sound: bytes, *, bot_speaking: bool = False, then: int = 100) -> list[object]:
    ear = CallerEar(VoiceActivity())
    ear.expect(TURN_TAKING[Expectation.ANY].patience)
    ear.bot_speaking = bot_speaking
    quiet = frames(telephone(np.zeros(then * 320, dtype=np.float32), lead_ms=0, tail_ms=0))
    return [event for frame in (*frames(sound), *quiet) for event in ear.hear(frame)]


def test_the_ear_hears_one_turn_in_a_sentence() -> None:
    events = ear_on(say("Je voudrais faire enlever un canapé."))
    assert [type(event) for event in events if isinstance(event, VoiceStarted | TurnEnded)] == [VoiceStarted, TurnEnded]
    turn = next(event for event in events if isinstance(event, TurnEnded))
    assert turn.voiced_ms > 1_000


@pytest.mark.parametrize(("pitch", "speed"), [(0.75, 0.9), (1.3, 1.1)])
def test_a_short_yes_is_a_turn_for_low_and_high_voices(pitch: float, speed: float) -> None:
    assert [event for event in ear_on(say("Oui.", pitch=pitch, speed=speed)) if isinstance(event, TurnEnded)]


def test_a_voice_over_the_bot_is_a_barge_in() -> None:
    assert BargedIn() in ear_on(say("Je voudrais parler à quelqu'un."), bot_speaking=True)


@pytest.mark.parametrize(
    "sound",
    [np.zeros(3 * ENGINE_RATE, dtype=np.float32), noise(3, 0.0005), noise(3, 0.05), music(3)],
    ids=["silence", "faint noise", "loud noise", "music"],
)
def test_no_voice_is_heard_in_noise(sound: Samples) -> None:
    assert not ear_on(telephone(sound), bot_speaking=True)


def test_frames_that_did_not_come_keep_the_detector_going() -> None:
    detector = VoiceActivity()
    assert not any(detector.hear(None) for _ in range(50))
    assert 0 <= detector.probability < 0.5
    assert any(detector.hear(frame) for frame in frames(say("Bonjour, j'ai un canapé.")))


def test_callers_share_the_model_and_nothing_else() -> None:
    alone, beside, other = VoiceActivity(), VoiceActivity(), VoiceActivity()
    said = list(frames(say("Bonjour, j'ai un canapé.")))
    surroundings = list(frames(samples_to_mulaw(noise(5, 0.1), ENGINE_RATE)))
    assert len(surroundings) >= len(said) > 50
    expected = [(alone.hear(frame), alone.probability) for frame in said]
    found = []
    for frame, noisy in zip(said, surroundings, strict=False):
        other.hear(noisy)
        found.append((beside.hear(frame), beside.probability))
    assert found == expected
