"""What the caller has really heard: sound sent runs ahead of sound played, and the line adds its own delay.

Pure: every call is told the time (monotonic seconds).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_LAG_S = 1.0
"""a mark later than this says more about the network back to us than about what was heard"""
_SENTENCE_END = re.compile(r"(?<=[.!?…]) +")
_SENTENCE_ENDS = (".", "!", "?", "…")
_UNSURE_CHARS = 6
"""where in a text a sound was cut is known so well: sounds are not equally long"""
_LAST_MS = 250
"""a part of which only this was not heard was heard: it ends on a pause"""


@dataclass(slots=True)
class _Stretch:
    """Sound without a gap, from ``begins`` (seconds) on."""

    begins: float
    ms: int


class PlaybackClock:
    """Follows each prompt from its first frame to its mark. A ``clear`` ends a generation: its marks say nothing."""

    def __init__(self) -> None:
        self._sounding: dict[int, list[_Stretch]] = {}
        self._until = 0.0
        self._lag_s = 0.0

    @property
    def until(self) -> float:
        """When all that was sent will have been played, the line's delay left out."""
        return self._until

    @property
    def lag_s(self) -> float:
        """How much later than sent the caller hears us, as the last mark told."""
        return self._lag_s

    def sent(self, number: int, ms: int, now: float) -> None:
        """``ms`` more of prompt ``number`` went out."""
        begins = max(self._until, now)
        stretches = self._sounding.setdefault(number, [])
        if stretches and begins == self._until:
            stretches[-1].ms += ms
        else:
            stretches.append(_Stretch(begins, ms))
        self._until = begins + ms / 1000

    def mark_returned(self, number: int, now: float) -> None:
        """Prompt ``number`` was played to its end; nothing for one of an earlier generation."""
        if stretches := self._sounding.pop(number, []):
            last = stretches[-1]
            self._lag_s = min(_MOST_LAG_S, max(0.0, now - last.begins - last.ms / 1000))

    def heard_ms(self, number: int, now: float) -> int:
        """How much of prompt ``number``, which was not heard to its end yet, was played by now."""
        at = now - self._lag_s
        played = (round((at - each.begins) * 1000) for each in self._sounding.get(number, ()))
        return sum(min(each.ms, max(0, ms)) for each, ms in zip(self._sounding.get(number, ()), played, strict=True))

    def cleared(self, now: float) -> None:
        """What was sent and not played is thrown away; a new generation begins."""
        self._sounding.clear()
        self._until = now


def unheard_rest(spoken: Sequence[tuple[str, int]], unspoken: Sequence[str], heard_ms: int) -> tuple[str, ...]:
    """What is left to say of a prompt cut after ``heard_ms``, from the beginning of the sentence that was cut.

    ``spoken``: its texts that were rendered, with their ms; ``unspoken``: those that were not yet.
    """
    left = heard_ms
    for place, (text, ms) in enumerate(spoken):
        if left < ms - _LAST_MS:
            first, begins_here = _from_sentence(text, left / ms)
            later = [text for text, _ in spoken[place + 1 :]]
            lead = [] if begins_here else _open_sentence([text for text, _ in spoken[:place]])
            return (*lead, first, *later, *unspoken)
        left -= ms
    return (*(_open_sentence([text for text, _ in spoken]) if unspoken else ()), *unspoken)


def _from_sentence(text: str, share: float) -> tuple[str, bool]:
    """``text`` from the sentence in which ``share`` of it ends; True when that sentence is not its first."""
    cut = max(0.0, share * len(text) - _UNSURE_CHARS)
    starts = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    start = max(at for at in starts if at <= cut)
    return text[start:], start > 0


def _open_sentence(texts: Sequence[str]) -> list[str]:
    """The last of ``texts``, from where a sentence begins that none of them ends."""
    opened: list[str] = []
    for text in reversed(texts):
        if text.rstrip().endswith(_SENTENCE_ENDS):
            break
        opened.insert(0, text)
    return opened
