"""Time that passes only when somebody says so: a call of minutes takes milliseconds and its length is known."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Final

from callbot.dialogue.acts import Say
from callbot.rehearsal.mind import Intention, MakeNoise, PressKeys, Words
from callbot.settings import LOCAL_ZONE

CHARACTERS_A_SECOND: Final = 15.0
"""of French read aloud, bot and caller alike"""
SLOW_CHARACTERS_A_SECOND: Final = 12.0
_SECONDS_A_KEY: Final = 0.5
PATIENCE_S: Final = 1.2
"""end of turn, transcription and the first sound of the answer together: half of all turns took less (README)"""
SILENCE_S: Final = 7.0
"""without a voice the bot speaks again"""


WORKDAY: Final = datetime(2026, 12, 1, 10, 0, tzinfo=LOCAL_ZONE)
"""a Tuesday morning on which agents answer: when scenarios happen that do not say when"""


class VirtualClock:
    """Conforms to ``Clock``; starts at ``moment``, a local time of the métropole."""

    def __init__(self, moment: datetime) -> None:
        self._now = moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_ZONE)

    def now(self) -> datetime:
        """See ``Clock``."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self._now += timedelta(seconds=seconds)


class RunningClock:
    """Conforms to ``Clock``: it is ``moment`` now, and time passes as it does: for rehearsals with sound."""

    def __init__(self, moment: datetime) -> None:
        self._begins = VirtualClock(moment).now()
        self._began = time.monotonic()

    def now(self) -> datetime:
        """See ``Clock``."""
        return self._begins + timedelta(seconds=time.monotonic() - self._began)


def prompt_seconds(say: Say) -> float:
    """How long a prompt is heard."""
    return len(say.text) / (SLOW_CHARACTERS_A_SECOND if say.slow else CHARACTERS_A_SECOND)


def answer_seconds(intention: Intention, delay_ms: int) -> float:
    """From the end of a question to the moment the bot reacts: the caller thinks, acts, and the bot waits for more."""
    match intention:
        case Words(parts):
            pauses = sum(part for part in parts if isinstance(part, int)) / 1000
            return delay_ms / 1000 + len(intention.text) / CHARACTERS_A_SECOND + pauses + PATIENCE_S
        case PressKeys(keys):
            return delay_ms / 1000 + len(keys) * _SECONDS_A_KEY
        case MakeNoise(seconds):
            return seconds + PATIENCE_S
        case _:
            return SILENCE_S
