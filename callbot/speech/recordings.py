"""A whole recording read as the telephone would have brought it, turn by turn."""

from __future__ import annotations

import asyncio
from pathlib import Path

from callbot.speech.codec import BYTES_PER_MS, FRAME_MS, SILENT_FRAME, frames, read_wav, samples_to_mulaw
from callbot.speech.engine import Hints
from callbot.speech.guard import Refusal
from callbot.speech.listening import Heard, Listener
from callbot.speech.turn_taking import TURN_TAKING
from callbot.speech.turns import CallerEar, TurnEnded
from callbot.speech.voice_activity import VoiceActivity

_ONE_TURN_MS = 25_000


async def hear_recording(listener: Listener, path: Path, hints: Hints) -> Heard:
    """The words in a wav file; one of more than 25 s is cut into turns and only the texts are joined.

    Raises ``ValueError`` for what is not a wav file, ``OSError`` for what cannot be read.
    """
    mulaw = await asyncio.to_thread(_telephone_sound, path)
    if len(mulaw) <= _ONE_TURN_MS * BYTES_PER_MS:
        return await listener.listen(mulaw, await asyncio.to_thread(_voiced_ms, mulaw), hints)
    heard = [
        await listener.listen(turn.audio, turn.voiced_ms, hints)
        for turn in await asyncio.to_thread(_turns, mulaw, hints)
    ]
    believed = [each for each in heard if each.text]
    if not believed:
        return Heard("", refused=heard[0].refused if heard else Refusal.NO_VOICE)
    return Heard(
        text=" ".join(each.text for each in believed),
        hypotheses=(" ".join(each.text for each in believed),),
        confidence=min(each.confidence for each in believed),
        no_speech=max(each.no_speech for each in believed),
    )


def _telephone_sound(path: Path) -> bytes:
    samples, rate = read_wav(path)
    return samples_to_mulaw(samples, rate)


def _voiced_ms(mulaw: bytes) -> int:
    detector = VoiceActivity()
    return sum(FRAME_MS for frame in frames(mulaw) if detector.hear(frame))


def _turns(mulaw: bytes, hints: Hints) -> list[TurnEnded]:
    patience = TURN_TAKING[hints.expect].patience
    ear = CallerEar(VoiceActivity())
    ear.expect(patience)
    last_words = [SILENT_FRAME] * (patience.end_ms // FRAME_MS + 2)
    events = [event for frame in (*frames(mulaw), *last_words) for event in ear.hear(frame)]
    return [event for event in events if isinstance(event, TurnEnded)]
