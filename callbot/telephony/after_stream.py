"""What happens to a call once its stream has ended, read from its events alone: any worker can decide it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from callbot.domain.events import CallAnswered, Channel, Ended, EndReason, Event, HandedBack, HandedOver, PartFailed

AFTER_STREAM_PATH = "/voice/after-stream"
SPEECH = "speech"
"""the part (``PartFailed``) without which a stream is of no use: the phone company's recognition takes its place"""


class Next(StrEnum):
    """What Twilio is told to do."""

    HANG_UP = "hang_up"
    DIAL = "dial"
    """put through: the bot has already said so"""
    RESUME = "resume"
    TURNS = "turns"
    """go on turn by turn, without a stream"""
    APOLOGISE_AND_DIAL = "apologise_and_dial"
    """put through after a sentence: the bot could not say it any more"""


_AFTER_END = {
    EndReason.DONE: Next.HANG_UP,
    EndReason.CALLER_HUNG_UP: Next.HANG_UP,
    EndReason.SILENCE: Next.HANG_UP,
    EndReason.CALL_BACK: Next.HANG_UP,
    EndReason.HANDED_OVER: Next.DIAL,
    EndReason.TOO_LONG: Next.APOLOGISE_AND_DIAL,
    EndReason.FAILURE: Next.APOLOGISE_AND_DIAL,
    EndReason.DIVERTED: Next.APOLOGISE_AND_DIAL,
}


def what_next(events: Sequence[Event], *, already_resumed: bool = False, on_the_line: bool = False) -> Next:
    """Done -> hang up; handed over -> dial; given back by a person -> the stream again; broken -> another stream, then
    turn by turn, then a person.

    Without ears (``PartFailed("speech")``) another stream would be as deaf: turn by turn at once.
    ``already_resumed``: Twilio says this was the second stream, which counts even when it never reached us.
    ``on_the_line``: Twilio says the caller is there, whatever the stream's ``stop`` made us believe.
    """
    if handed_back(events):
        return Next.RESUME
    answers = [place for place, event in enumerate(events) if isinstance(event, CallAnswered)]
    lately = events[answers[-1] :] if answers else ()
    if any(isinstance(event, HandedOver) for event in lately):
        return Next.DIAL
    ends = [event.reason for event in lately if isinstance(event, Ended)]
    if on_the_line and ends and ends[-1] is EndReason.CALLER_HUNG_UP:
        return Next.APOLOGISE_AND_DIAL
    if ends and ends[-1] is not EndReason.BROKEN_STREAM:
        return _AFTER_END[ends[-1]]
    return _after_break(lately, another_stream=len(answers) < 2 and not already_resumed)


def handed_back(events: Sequence[Event]) -> bool:
    """True when the person who had the call gave it back, and the machine has not answered it again since."""
    decisive = [event for event in events if isinstance(event, CallAnswered | HandedOver | HandedBack)]
    return bool(decisive) and isinstance(decisive[-1], HandedBack)


def _after_break(lately: Sequence[Event], *, another_stream: bool) -> Next:
    if lately and isinstance(lately[0], CallAnswered) and lately[0].channel is Channel.TURNS:
        return Next.APOLOGISE_AND_DIAL
    if PartFailed(SPEECH) in lately:
        return Next.TURNS
    return Next.RESUME if another_stream else Next.TURNS
