"""What templates show: ready words, nothing to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from callbot.desk import (
    Certainty,
    Dossier,
    EarlierCall,
    Fact,
    LiveCall,
    NumberedEvent,
    ToCallBack,
    Topic,
    Urgency,
    Waiting,
)
from callbot.domain.bookings import Booking
from callbot.domain.events import (
    CallerSpoke,
    Ended,
    HandedOver,
    KeysPressed,
    NothingHeard,
    NoWords,
    Prompted,
    PromptInterrupted,
)
from callbot.messages.texts import written_day
from callbot.web.desk import words

_NAMES_SOMEBODY = frozenset({Topic.ADDRESS, Topic.PHONE, Topic.NAME, Topic.BOOKING})
"""not shown of a call that nobody has taken: who will take it needs no more"""


@dataclass(frozen=True, slots=True)
class FactLine:
    """One thing known; ``certainty`` is also the class of its mark."""

    label: str
    text: str
    certainty: Certainty
    words: str


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A call in the queue."""

    call_id: str
    reason: str
    urgency: str
    waits: str
    on_the_line: bool
    urgent: bool
    known: tuple[FactLine, ...]


@dataclass(frozen=True, slots=True)
class CallBackLine:
    """A promised call-back."""

    call_id: str
    reason: str
    window: str
    late: bool
    now: bool
    tries: int
    mine: bool
    taken: bool


@dataclass(frozen=True, slots=True)
class LiveLine:
    """A call the machine has."""

    call_id: str
    channel: str
    lasts: str
    wish: str
    asked: str
    misses: int


class Speaker(StrEnum):
    """Who is heard in a transcript."""

    BOT = "bot"
    CALLER = "caller"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line of a transcript."""

    number: int
    at: str
    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True)
class BookingLine:
    """A booking of the caller's."""

    reference: str
    day: str
    status: str
    place: str
    to_come: bool


def fact_line(fact: Fact) -> FactLine:
    """With everything in it: for who has taken the call."""
    text = fact.text.reveal()
    shown = words.written_phone(text) if fact.topic is Topic.PHONE else text
    return FactLine(words.TOPICS[fact.topic], shown, fact.certainty, words.CERTAINTIES[fact.certainty])


def waiting_line(call: Waiting, known: Sequence[Fact]) -> WaitingLine:
    """A call in the queue, without what names anybody."""
    return WaitingLine(
        call.work.call_id,
        f"L'appelant {words.REASONS[call.work.reason]}.",
        words.URGENCY[call.urgency],
        words.lasting(call.since),
        call.work.on_the_line,
        call.urgency is Urgency.DANGER,
        tuple(_unnamed(fact) for fact in known if fact.topic is not Topic.PHONE),
    )


def _unnamed(fact: Fact) -> FactLine:
    line = fact_line(fact)
    if fact.topic not in _NAMES_SOMEBODY:
        return line
    return FactLine(line.label, "déjà dit", line.certainty, line.words)


def call_back_line(each: ToCallBack, account: str) -> CallBackLine:
    """A call-back as the list shows it."""
    window = each.work.window
    return CallBackLine(
        each.work.call_id,
        f"L'appelant {words.REASONS[each.work.reason]}.",
        f"{words.day_and_time(window.first)} – {words.clock_time(window.last)}",
        each.late,
        each.urgency is Urgency.PROMISED_NOW,
        each.work.tries,
        each.work.taken_by == account,
        each.work.taken_by is not None,
    )


def live_line(live: LiveCall, wish: str | None, now: datetime) -> LiveLine:
    """A call the machine has, without what was said."""
    return LiveLine(
        live.call.call_id,
        words.CHANNELS[live.call.channel] if live.call.channel else "",
        words.lasting(now - live.call.started_at),
        wish or "demande pas encore dite",
        words.asked(live.state.asked_act),
        live.state.misses,
    )


def said_lines(events: Sequence[NumberedEvent]) -> tuple[SaidLine, ...]:
    """What was said and heard, in order."""
    lines = (_said(each) for each in events)
    return tuple(line for line in lines if line is not None)


def _said(each: NumberedEvent) -> SaidLine | None:
    match each.event:
        case Prompted(text=text):
            speaker = Speaker.BOT
        case CallerSpoke(text=text):
            speaker = Speaker.CALLER
        case KeysPressed(keys=keys):
            speaker, text = Speaker.CALLER, f"touches {keys}"
        case PromptInterrupted():
            speaker, text = Speaker.SERVICE, "l'appelant parle par-dessus"
        case NothingHeard():
            speaker, text = Speaker.SERVICE, "silence"
        case NoWords():
            speaker, text = Speaker.SERVICE, "du bruit, pas de mots sûrs"
        case HandedOver(reason=reason):
            speaker, text = Speaker.SERVICE, f"passé à une personne : l'appelant {words.REASONS[reason]}"
        case Ended(reason=end):
            speaker, text = Speaker.SERVICE, f"fin : {words.ENDS[end]}"
        case _:
            return None
    return SaidLine(each.number, words.clock_time(each.at), speaker, text)


def booking_line(booking: Booking) -> BookingLine:
    """A booking in a list."""
    address = booking.address
    return BookingLine(
        booking.reference,
        written_day(booking.day),
        words.STATUSES[booking.status],
        f"{address.line}, {address.postcode} {address.commune}",
        booking.status.to_come,
    )


def earlier_line(call: EarlierCall) -> str:
    """An earlier call of the same number, in one line."""
    what = f"l'appelant {words.REASONS[call.hand_over_reason]}" if call.hand_over_reason else "réglé par le robot"
    ended = words.ENDS[call.end_reason] if call.end_reason else "en cours"
    return f"{words.day_and_time(call.started_at)} : {what} ({ended})"


def dossier_facts(dossier: Dossier) -> tuple[FactLine, ...]:
    """What is known, with everything in it."""
    return tuple(fact_line(fact) for fact in dossier.known)


def longest(time: timedelta) -> str:
    """The longest wait on the line, empty where nobody waits."""
    return words.lasting(time) if time else ""
