"""The fold: events of a call -> ``CallFacts``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from callbot.domain.events import (
    AddressesFound,
    Amended,
    Booked,
    CallAnswered,
    CallBackKept,
    CallerSpoke,
    Cancelled,
    Channel,
    Ended,
    EndReason,
    Event,
    HandedOver,
    HandOverReason,
    KeysPressed,
    NoProgress,
    NothingHeard,
    NoWords,
    PartFailed,
    Prompted,
    Rated,
    Reported,
    Understood,
)
from callbot.domain.meaning import Intent, Meaning, YesNo
from callbot.domain.people import ReportKind
from callbot.insight.figures.facts import MOTIVES, CallFacts, Motive, Outcome, Timed

TerritoryOf = Callable[[str], str | None]
"""INSEE code -> id of the territory"""

READ_BACKS = frozenset({"confirm_address", "confirm_phone", "confirm_name", "recap", "confirm_change"})
HUMAN_KEY = "0"
LONGEST_WRAP_UP = timedelta(minutes=30)
LONGEST_WORK = timedelta(hours=2)
_QUESTION = ("ask_", "confirm_", "choose_", "offer_", "recall_", "check_")
_VERIFIED_REPORTS = frozenset({ReportKind.MISSED, ReportKind.FLY_TIP})
_BROKEN = frozenset({EndReason.FAILURE, EndReason.BROKEN_STREAM, EndReason.TOO_LONG})


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a call beside its events."""

    call_id: str
    caller_index: str | None = None
    received: datetime | None = None
    """when the telephone company told us of it"""
    person_answered: datetime | None = None
    talk_ended: datetime | None = None
    """when the caller and the person hung up"""
    work_ended: datetime | None = None
    """when the person closed its page"""
    left_waiting: bool = False
    called_back: bool = False
    """nobody answered the transfer, and a call-back is promised instead"""
    corrected_later: bool = False
    sms_asked: bool = False
    """the question how the service was went out by SMS"""
    sms_rating: int | None = None


def done_at(beside: Beside) -> datetime | None:
    """When a person had done with a call: its page closed, or the talk over where nobody closed it soon after.

    A page left open over the night is no work: of one closed later than ``LONGEST_WRAP_UP`` after the talk, or
    ``LONGEST_WORK`` after the answer where the end of the talk is not known, only the talk counts.
    """
    answered, talked, closed = beside.person_answered, beside.talk_ended, beside.work_ended
    if answered is None:
        return None
    if talked is not None:
        return closed if closed and talked <= closed <= talked + LONGEST_WRAP_UP else max(talked, answered)
    return closed if closed and answered <= closed <= answered + LONGEST_WORK else None


def is_question(act: str) -> bool:
    """True for acts after which the bot waits for an answer."""
    return act == "recap" or act.startswith(_QUESTION)


def facts_of(beside: Beside, events: Iterable[Timed], territory_of: TerritoryOf = lambda _insee: None) -> CallFacts:
    """The facts of one call; ``events`` may be empty for a call that was received and never answered."""
    fold = _Fold()
    for at, event in events:
        fold.take(at, event)
    return fold.facts(beside, territory_of)


def later(facts: CallFacts, beside: Beside) -> CallFacts:
    """``facts`` with what came after the call: its booking changed, an answer by SMS."""
    return replace(
        facts,
        corrected_later=beside.corrected_later and facts.booked,
        rating_asked=facts.rating_asked or beside.sms_asked,
        rating=facts.rating or beside.sms_rating,
    )


@dataclass(slots=True)
class _Fold:
    channel: Channel = Channel.PHONE
    first: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    end: EndReason | None = None
    insee: str = ""
    motive: Motive = Motive.UNKNOWN
    done: set[Outcome] = field(default_factory=set)
    verified: bool = False
    reason: HandOverReason | None = None
    asked_person: bool = False
    handed_over: datetime | None = None
    questions: dict[str, None] = field(default_factory=dict)
    pending: str = ""
    reading_back: bool = False
    last_act: str = ""
    turns: int = 0
    misses: int = 0
    streak: int = 0
    longest: int = 0
    confidence: float | None = None
    corrections: int = 0
    read_backs: int = 0
    turn_ended: tuple[datetime, float] | None = None
    answer_times: list[float] = field(default_factory=list)
    failed: bool = False
    rating_asked: bool = False
    rating: int | None = None

    def take(self, at: datetime, event: Event) -> None:
        self.first = self.first or at
        match event:
            case CallAnswered(channel=channel):
                # A call that goes on turn by turn began as a stream.
                self.channel = channel if self.answered is None else self.channel
                self.answered = self.answered or at
            case Prompted(act=act):
                self._prompted(at, act)
            case CallerSpoke(confidence=confidence, decode_ms=decode_ms):
                self.confidence = confidence if self.confidence is None else min(confidence, self.confidence)
                self.turn_ended = (at, decode_ms / 1000)
            case Understood(meaning):
                self._understood(meaning)
            case KeysPressed(keys):
                self._pressed(at, keys)
            case Rated(rating):
                self.rating = rating
            case NoWords() | NoProgress() | NothingHeard():
                self._missed(silent=isinstance(event, NothingHeard))
            case _:
                self._told(at, event)

    def _told(self, at: datetime, event: Event) -> None:
        match event:
            case AddressesFound(candidates) if candidates:
                self.insee = candidates[0].address.insee
            case Booked():
                self._reached(Outcome.BOOKED, Motive.BOOK)
            case Amended():
                self._reached(Outcome.AMENDED, Motive.AMEND)
            case Cancelled():
                self._reached(Outcome.CANCELLED, Motive.CANCEL)
            case Reported(kind):
                self.done.add(Outcome.REPORTED)
                self.verified = self.verified or kind in _VERIFIED_REPORTS
            case CallBackKept():
                self.done.add(Outcome.CALL_BACK)
            case HandedOver(reason):
                self.handed_over = self.handed_over or at
                self.reason = self.reason or reason
            case PartFailed():
                self.failed = True
            case Ended(reason):
                self.ended, self.end = at, reason
                self.failed = self.failed or reason in _BROKEN

    def _reached(self, outcome: Outcome, motive: Motive) -> None:
        self.done.add(outcome)
        self.verified = True
        self._wish(motive)

    def _prompted(self, at: datetime, act: str) -> None:
        if self.turn_ended is not None:
            since, before = self.turn_ended
            self.answer_times.append(max(0.0, (at - since).total_seconds()) + before)
            self.turn_ended = None
        self.last_act = act
        if is_question(act):
            self.questions.setdefault(act)
            # Put again in other words it is the same read-back; after a no it is another one.
            again = self.reading_back and act == self.pending
            self.reading_back = act in READ_BACKS
            self.read_backs += self.reading_back and not again
            self.pending = act
        if act == "tell_status":
            self.done.add(Outcome.STATUS_TOLD)
            self.verified = True
        if act == "answer":
            self.done.add(Outcome.ANSWERED)
        self.rating_asked = self.rating_asked or act == "ask_satisfaction"

    def _understood(self, meaning: Meaning) -> None:
        if meaning.is_empty:
            self._missed(silent=False)
            return
        self.turns += 1
        self.streak = 0
        self._corrected(no=meaning.yes_no is YesNo.NO)
        self.asked_person = self.asked_person or meaning.wants_human
        if meaning.address and meaning.address.insee:
            self.insee = meaning.address.insee
        if meaning.intent is Intent.EMERGENCY:
            self.motive = Motive.EMERGENCY
        if (wish := _wish_of(meaning)) is not None:
            self._wish(wish)

    def _pressed(self, at: datetime, keys: str) -> None:
        self.turns += 1
        self.streak = 0
        self.turn_ended = (at, 0.0)
        self.asked_person = self.asked_person or not keys.strip(HUMAN_KEY)
        self._corrected(no=keys.rstrip("#") == "2")

    def _corrected(self, *, no: bool) -> None:
        self.corrections += self.reading_back and no
        self.reading_back = self.reading_back and not no

    def _missed(self, *, silent: bool) -> None:
        if silent:  # who thinks is not misunderstood
            return
        self.misses += 1
        self.streak += 1
        self.longest = max(self.longest, self.streak)

    def _wish(self, motive: Motive) -> None:
        if self.motive is Motive.UNKNOWN:
            self.motive = motive

    def facts(self, beside: Beside, territory_of: TerritoryOf) -> CallFacts:
        outcome = self._outcome()
        received = beside.received or self.answered or self.first
        if received is None:
            raise ValueError("a call that was neither received nor answered is none")
        motive = Motive.PERSON if self.motive is Motive.UNKNOWN and self.asked_person else self.motive
        return CallFacts(
            call_id=beside.call_id,
            channel=self.channel,
            received=min(received, self.answered or received),
            received_known=beside.received is not None,
            answered=self.answered,
            ended=self.ended,
            caller_index=beside.caller_index,
            traced=beside.caller_index is not None,
            insee=self.insee,
            territory=(territory_of(self.insee) or "") if self.insee else "",
            motive=motive,
            outcome=outcome,
            verified=self.verified or (outcome is Outcome.ANSWERED and self.end is EndReason.DONE),
            hand_over_reason=self.reason,
            asked_person=self.asked_person,
            call_back=Outcome.CALL_BACK in self.done or beside.called_back,
            abandoned_at=(self.pending or self.last_act) if outcome is Outcome.ABANDONED else "",
            questions=tuple(self.questions),
            turns=self.turns,
            misunderstandings=self.misses,
            longest_streak=self.longest,
            lowest_confidence=self.confidence,
            handed_over=self.handed_over,
            person_answered=beside.person_answered if self.handed_over else None,
            person_done=done_at(beside) if self.handed_over else None,
            left_waiting=beside.left_waiting and self.handed_over is not None,
            corrections=self.corrections,
            read_backs=self.read_backs,
            answer_times=tuple(round(seconds, 3) for seconds in self.answer_times),
            failed=self.failed,
            booked=Outcome.BOOKED in self.done,
            corrected_later=beside.corrected_later and Outcome.BOOKED in self.done,
            rating_asked=self.rating_asked or beside.sms_asked,
            rating=self.rating or beside.sms_rating,
        )

    def _outcome(self) -> Outcome:
        for outcome in (Outcome.BOOKED, Outcome.AMENDED, Outcome.CANCELLED, Outcome.REPORTED):
            if outcome in self.done:
                return outcome
        if self.handed_over:
            return Outcome.HANDED_OVER
        if Outcome.CALL_BACK in self.done:
            return Outcome.CALL_BACK
        if self.answered is None:
            return Outcome.UNANSWERED
        if Outcome.STATUS_TOLD in self.done:
            return Outcome.STATUS_TOLD
        return self._ended_as()

    def _ended_as(self) -> Outcome:
        """Without anything done: how it ended."""
        match self.end:
            case None:
                return Outcome.GOING_ON
            case EndReason.CALLER_HUNG_UP if self.last_act != "goodbye" and not self._told_enough():
                return Outcome.ABANDONED
            case EndReason.SILENCE:
                return Outcome.SILENCE
            case end if end in _BROKEN:
                return Outcome.FAILED
        return Outcome.ANSWERED if Outcome.ANSWERED in self.done else Outcome.NOTHING

    def _told_enough(self) -> bool:
        """Hung up at "anything else?" after an answer: not abandoned, and not known to be served either."""
        return Outcome.ANSWERED in self.done and self.pending == "ask_more"


def _wish_of(meaning: Meaning) -> Motive | None:
    if meaning.intent in MOTIVES:
        return MOTIVES[meaning.intent]
    if meaning.question:
        return Motive.QUESTION
    return Motive.BOOK if meaning.items else None
