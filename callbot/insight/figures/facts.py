"""What one call comes to: a fold over its events, without a word of the caller's in it.

Definitions: ``domain_facts`` section 3.3. A call is what reached the service; "resolved" is never what merely ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from callbot.domain.events import Channel, Event, HandOverReason
from callbot.domain.meaning import Intent

RECALL_WITHIN = timedelta(days=7)
"""who rings again for the same thing within so long was not served the first time"""
TELEPHONE = frozenset({Channel.PHONE, Channel.TURNS})


class Motive(StrEnum):
    """Why somebody called: the first wish that was understood."""

    BOOK = "book"
    STATUS = "status"
    MISSED = "missed"
    AMEND = "amend"
    CANCEL = "cancel"
    FLY_TIP = "fly_tip"
    QUESTION = "question"
    PERSON = "person"
    """asked for a person and told nothing else"""
    COMPLAINT = "complaint"
    DATA_RIGHTS = "data_rights"
    ASSISTED = "assisted"
    PROFESSIONAL = "professional"
    LANGUAGE = "language"
    OTHER_SERVICE = "other_service"
    EMERGENCY = "emergency"
    UNKNOWN = "unknown"


OUT_OF_SCOPE = frozenset(
    {
        Motive.COMPLAINT, Motive.DATA_RIGHTS, Motive.ASSISTED, Motive.PROFESSIONAL, Motive.LANGUAGE,
        Motive.OTHER_SERVICE, Motive.EMERGENCY,
    }
)  # fmt: skip
"""what is for people by rule. A motive nobody understood stays in scope: not to understand is a failure of ours."""

MOTIVES = {
    Intent.BOOK: Motive.BOOK,
    Intent.STATUS: Motive.STATUS,
    Intent.MISSED: Motive.MISSED,
    Intent.AMEND: Motive.AMEND,
    Intent.CANCEL: Motive.CANCEL,
    Intent.QUESTION: Motive.QUESTION,
    Intent.FLY_TIP: Motive.FLY_TIP,
    Intent.ASSISTED: Motive.ASSISTED,
    Intent.PROFESSIONAL: Motive.PROFESSIONAL,
    Intent.COMPLAINT: Motive.COMPLAINT,
    Intent.OTHER_SERVICE: Motive.OTHER_SERVICE,
    Intent.LANGUAGE: Motive.LANGUAGE,
    Intent.DATA_RIGHTS: Motive.DATA_RIGHTS,
    Intent.EMERGENCY: Motive.EMERGENCY,
}


class Outcome(StrEnum):
    """What a call came to; the first that fits, in this order."""

    BOOKED = "booked"
    AMENDED = "amended"
    CANCELLED = "cancelled"
    REPORTED = "reported"
    """a report is stored: a missed pickup, a fly-tip, a complaint, a wish about personal data"""
    HANDED_OVER = "handed_over"
    CALL_BACK = "call_back"
    STATUS_TOLD = "status_told"
    ANSWERED = "answered"
    """the knowledge base answered, and the caller wanted nothing else"""
    ABANDONED = "abandoned"
    """the caller hung up while a question waited"""
    FAILED = "failed"
    """the line or a part of the machine broke"""
    SILENCE = "silence"
    """nobody ever said anything"""
    NOTHING = "nothing"
    """taken leave of without anything done"""
    UNANSWERED = "unanswered"
    """received and never answered by us"""
    GOING_ON = "going_on"


class Timed(NamedTuple):
    """An event and when it was stored."""

    at: datetime
    event: Event


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One call. Moments are aware, durations seconds; nothing in it says who called or what was said."""

    call_id: str
    channel: Channel
    received: datetime
    """when the telephone company told us of it; when it was answered where that is not known"""
    received_known: bool = False
    answered: datetime | None = None
    ended: datetime | None = None
    caller_index: str | None = None
    """blind index of the number; None: withheld, or forgotten once its recalls are known"""
    traced: bool = False
    """the number was shown, so that it is known whether it rang again"""
    insee: str = ""
    """the commune, "" while not known"""
    territory: str = ""
    motive: Motive = Motive.UNKNOWN
    outcome: Outcome = Outcome.GOING_ON
    verified: bool = False
    """a verified end: booked or changed after a read-back, a status told, an answer after which nothing was missing"""
    hand_over_reason: HandOverReason | None = None
    asked_person: bool = False
    call_back: bool = False
    abandoned_at: str = ""
    """act of the question that waited when the caller hung up"""
    questions: tuple[str, ...] = ()
    """acts of the questions that were asked, each once, in order"""
    turns: int = 0
    misunderstandings: int = 0
    longest_streak: int = 0
    """misunderstandings in a row"""
    lowest_confidence: float | None = None
    handed_over: datetime | None = None
    person_answered: datetime | None = None
    person_done: datetime | None = None
    """when the person had done with it, their work after the call included; None where it is not known"""
    left_waiting: bool = False
    """hung up while waiting for a person"""
    corrections: int = 0
    """read-backs that were answered with no"""
    read_backs: int = 0
    answer_times: tuple[float, ...] = ()
    """seconds from the end of each turn of the caller to the next prompt, as far as events tell: read and answered"""
    failed: bool = False
    booked: bool = False
    corrected_later: bool = False
    """its booking was changed afterwards"""
    rating_asked: bool = False
    rating: int | None = None
    """1 satisfied, 2 partly, 3 not"""
    recalled: datetime | None = None
    """when the same number rang again for the same thing within ``RECALL_WITHIN``"""

    @property
    def by_phone(self) -> bool:
        """A telephone call, not a conversation in writing."""
        return self.channel in TELEPHONE

    @property
    def spoke(self) -> bool:
        """Somebody said or pressed something, understood or not."""
        return bool(self.turns or self.misunderstandings)

    @property
    def in_scope(self) -> bool:
        """Answered, somebody spoke, and it was not for people by rule."""
        return self.answered is not None and self.spoke and self.motive not in OUT_OF_SCOPE

    @property
    def had_person(self) -> bool:
        """Given to a person, now or later."""
        return self.handed_over is not None or self.call_back

    @property
    def diverted(self) -> bool:
        """Put to people in the bot's stead, which was switched off: it never answered."""
        return self.answered is None and self.had_person

    @property
    def pick_up_s(self) -> float | None:
        """From the call to our answer; None where the first was not noted."""
        return _seconds(self.received, self.answered) if self.received_known else None

    @property
    def talk_s(self) -> float | None:
        """With the assistant: from its answer to the hand-over or the end."""
        return _seconds(self.answered, self.handed_over or self.ended)

    @property
    def person_wait_s(self) -> float | None:
        """From the hand-over to a person's voice; None where none answered (yet)."""
        return _seconds(self.handed_over, self.person_answered)

    @property
    def person_s(self) -> float | None:
        """A person's time: their talk and their work after it."""
        return _seconds(self.person_answered, self.person_done)

    @property
    def end_to_end_s(self) -> float | None:
        """From the call to a person's voice, the talk with the assistant included."""
        return _seconds(self.received, self.person_answered) if self.handed_over else None


def _seconds(first: datetime | None, last: datetime | None) -> float | None:
    return max(0.0, (last - first).total_seconds()) if first and last else None


class CallKey(NamedTuple):
    """What tells whether one call repeats another."""

    started: datetime
    motive: Motive


def recalled_at(call: CallKey, others: Iterable[CallKey]) -> datetime | None:
    """The first later call of the same number for the same thing within seven days, None without one.

    A later call whose motive nobody learned counts: it is not known to be about something else.
    """
    repeats = (
        other.started
        for other in others
        if call.started < other.started <= call.started + RECALL_WITHIN and _same(call.motive, other.motive)
    )
    return min(repeats, default=None)


def _same(first: Motive, second: Motive) -> bool:
    return first is second or Motive.UNKNOWN in (first, second) or second is Motive.PERSON


def with_recalls(calls: Iterable[CallFacts]) -> list[CallFacts]:
    """``calls`` with their recalls by the same number."""
    known = list(calls)
    by_caller: dict[str, list[CallKey]] = {}
    for call in known:
        if call.caller_index:
            by_caller.setdefault(call.caller_index, []).append(CallKey(call.received, call.motive))
    return [
        replace(call, recalled=recalled_at(CallKey(call.received, call.motive), by_caller[call.caller_index]))
        if call.caller_index
        else call
        for call in known
    ]
