"""What happens to a call once its stream has ended, read from its events alone: any worker can decide it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from callbot.domain.events import CallAnswered, Ended, EndReason, Event, HandedOver


class Next(StrEnum):
    """What Twilio is told to do."""

    HANG_UP = "hang_up"
    DIAL = "dial"
    """put through: the bot has already said so"""
    RESUME = "resume"
    APOLOGISE_AND_DIAL = "apologise_and_dial"
    """put through after a sentence: the bot could not say it any more"""


_AFTER_END = {
    EndReason.DONE: Next.HANG_UP,
    EndReason.CALLER_HUNG_UP: Next.HANG_UP,
    EndReason.SILENCE: Next.HANG_UP,
    EndReason.HANDED_OVER: Next.DIAL,
    EndReason.TOO_LONG: Next.APOLOGISE_AND_DIAL,
    EndReason.FAILURE: Next.APOLOGISE_AND_DIAL,
}


def what_next(events: Sequence[Event], *, already_resumed: bool = False, on_the_line: bool = False) -> Next:
    """Done -> hang up; handed over -> dial; broken -> resume once, then a person.

    ``already_resumed``: Twilio says this was the second stream, which counts even when it never reached us.
    ``on_the_line``: Twilio says the caller is there, whatever the stream's ``stop`` made us believe.
    """
    answers = [place for place, event in enumerate(events) if isinstance(event, CallAnswered)]
    last_stream = events[answers[-1] :] if answers else ()
    if any(isinstance(event, HandedOver) for event in last_stream):
        return Next.DIAL
    ends = [event.reason for event in last_stream if isinstance(event, Ended)]
    if on_the_line and ends and ends[-1] is EndReason.CALLER_HUNG_UP:
        return Next.APOLOGISE_AND_DIAL
    if ends and ends[-1] is not EndReason.BROKEN_STREAM:
        return _AFTER_END[ends[-1]]
    return Next.APOLOGISE_AND_DIAL if already_resumed or len(answers) > 1 else Next.RESUME
