"""Keys of the phone: an answer of one key at once, the digits of a longer answer together."""

from __future__ import annotations

from callbot.domain.meaning import Expectation
from callbot.speech.turn_taking import TURN_TAKING

PAUSE_S = 2.0
"""an answer is over after such a pause"""
LONE_ZERO_S = 1.5
"""a 0 that opens a phone number means "a person" unless another key follows within this time"""


class KeyPad:
    """Gathers keys. Pure: every call is told the time (monotonic seconds)."""

    def __init__(self) -> None:
        self._digits = ""
        self.due: float | None = None
        """when ``tick`` has something to say"""

    @property
    def typing(self) -> bool:
        """True while an answer is incomplete."""
        return bool(self._digits)

    def press(self, key: str, now: float, expect: Expectation) -> str | None:
        """The keys that are complete with this one, None while more may come. ``*`` begins again, ``#`` ends."""
        rule = TURN_TAKING[expect].keys
        if not key.isdigit():
            return self._sign(key)
        if not self._digits and (rule.longest == 1 or (key == "0" and not rule.zero_opens)):
            return key
        self._digits += key
        if len(self._digits) >= rule.longest:
            return self._complete()
        self.due = now + (LONE_ZERO_S if self._digits == "0" else PAUSE_S)
        return None

    def tick(self, now: float) -> str | None:
        """The keys that are complete because nothing followed in time."""
        if self.due is None or now < self.due:
            return None
        return self._complete()

    def _sign(self, key: str) -> str | None:
        digits = self._complete()
        if not digits:
            return key
        return None if key == "*" else digits

    def _complete(self) -> str:
        digits, self._digits, self.due = self._digits, "", None
        return digits
