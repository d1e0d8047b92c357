"""Whatever happens, in whatever order: no dead end, a person within two turns, nothing done without a yes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbot.dialogue.acts import (
    Act,
    AmendBooking,
    Book,
    CancelBooking,
    DialogueAct,
    HandOver,
    HangUp,
    KeepCallBack,
    Say,
)
from callbot.dialogue.people import CALL_BACK_QUESTIONS
from callbot.domain.bookings import BookingStatus, NotBooked, NotChanged
from callbot.domain.events import (
    BookedThere,
    BookingFailed,
    CallAnswered,
    Channel,
    ClosedThen,
    DatesFound,
    EarlierCallFound,
    Ended,
    EndReason,
    Event,
    HandedBack,
    HandedOver,
    HandOverReason,
    KeysPressed,
    NothingHeard,
    NoWords,
    Understood,
)
from callbot.domain.meaning import Intent, Meaning, YesNo
from callbot.domain.territories import HouseholdLimit
from tests.dialogue.strategies import events, failures, words
from tests.dialogue.world import (
    FIRST,
    LANDLINE,
    MOBILE,
    SECOND,
    THIRD,
    TODAY,
    TWO_ITEMS,
    Talk,
    booking,
    dates,
    ground,
)

_AGAIN = {Intent.REPEAT, Intent.NOT_HEARING, Intent.SLOWER, Intent.WAIT, Intent.BACK}
CLOSED = ClosedThen(FIRST, SECOND, "grève", ground("nord/closures"))
_KNOWN = (booking(), booking(THIRD, "HHH2A"))


@dataclass
class Watched(Talk):
    """A talk that notes the answer each request came after."""

    after: list[tuple[DialogueAct, Event]] = field(default_factory=list)
    now: Event | None = None

    def feed(self, event: Event) -> Talk:
        if self.ended is not None:
            return self
        before = len(self.asked_for)
        outer, self.now = self.now, self.now or event
        super().feed(event)
        if outer is None:
            self.after += [(act, event) for act in self.asked_for[before:]]
            self.now = None
        return self


talks = st.builds(
    Watched,
    caller=st.sampled_from([MOBILE, LANDLINE, None]),
    of_caller=st.sampled_from([(), _KNOWN[:1], _KNOWN, (booking(TODAY),)]),
    of_reference=st.sampled_from([(), _KNOWN[:1], _KNOWN, (booking(status=BookingStatus.CANCELLED),)]),
    refuses=st.sampled_from([None, None, *NotChanged]),
    people_open=st.booleans(),
    too_many=st.sampled_from([None, None, ground("nord/limits.max_items", most=6)]),
    channel=st.sampled_from(list(Channel)),
    cut_off=st.sampled_from([EarlierCallFound(), EarlierCallFound(TWO_ITEMS)]),
    calendar=st.lists(
        st.sampled_from(
            [
                DatesFound(()),
                DatesFound((), served=False),
                DatesFound((), closed=CLOSED),
                replace(dates(THIRD), closed=CLOSED),
                replace(dates(FIRST, THIRD), booked_there=(BookedThere(FIRST, own=True),)),
                replace(dates(FIRST, THIRD), booked_there=(BookedThere(FIRST, own=False),)),
                replace(dates(FIRST, THIRD), over_limit=True, limit=HouseholdLimit(3, 365)),
            ]
        ),
        max_size=2,
    ),
    bookings=st.lists(st.sampled_from([BookingFailed(reason) for reason in NotBooked]), max_size=2),
)


def lived_through(talk: Watched, stream: list[Event]) -> Watched:
    talk.start()
    for event in stream:
        talk.feed(event)
        if talk.ended == HangUp(EndReason.BROKEN_STREAM):
            talk.ended = None  # the call goes on turn by turn
    return talk


@settings(max_examples=150, deadline=None)
@given(talks, st.lists(events | failures, max_size=25))
def test_a_question_waits_or_the_call_has_ended_well(talk: Watched, stream: list[Event]) -> None:
    lived_through(talk, stream)
    assert talk.ended is not None or talk.state.asked is not None


@settings(max_examples=150, deadline=None)
@given(talks, st.lists(events, max_size=20), st.sampled_from([KeysPressed("0"), Understood(Meaning(wants_human=True))]))
def test_a_person_or_a_call_back_is_two_turns_away(talk: Watched, stream: list[Event], plea: Event) -> None:
    lived_through(talk, stream)
    if talk.ended is not None:
        return
    talk.feed(plea)
    if talk.ended is None:
        talk.feed(Understood(Meaning(yes_no=YesNo.YES, phone="+33698765432" if talk.caller is None else None)))
        talk.feed(Understood(Meaning(yes_no=YesNo.YES)))
    kept = any(isinstance(act, KeepCallBack) for act in talk.asked_for)
    assert isinstance(talk.ended, HandOver) or kept


@settings(max_examples=150, deadline=None)
@given(talks, st.lists(events, max_size=20), st.lists(events, max_size=8))
def test_who_is_given_back_by_a_person_is_led_on(talk: Watched, stream: list[Event], then: list[Event]) -> None:
    lived_through(talk, stream)
    if talk.ended is None:
        talk.feed(KeysPressed("0"))
    if not isinstance(talk.ended, HandOver):
        return
    talk.ended = None
    for event in (
        HandedOver(HandOverReason.ASKED),
        Ended(EndReason.HANDED_OVER),
        HandedBack(),
        CallAnswered(talk.caller, talk.channel, resumed=True),
    ):
        talk.feed(event)
    assert talk.ended is not None or talk.state.asked is not None
    lived_through(talk, then)
    assert talk.ended is not None or talk.state.asked is not None


@settings(max_examples=150, deadline=None)
@given(talks, st.lists(events, max_size=25))
def test_nothing_is_booked_changed_or_cancelled_without_a_read_back_and_a_yes(
    talk: Watched, stream: list[Event]
) -> None:
    lived_through(talk, stream)
    for act, answer in talk.after:
        match act:
            case Book(draft):
                assert draft.readback_accepted
                assert Act.RECAP in talk.acts
            case AmendBooking(amendment):
                assert amendment.readback_accepted
                assert Act.CONFIRM_CHANGE in talk.acts
            case CancelBooking():
                assert Act.CONFIRM_CANCEL in talk.acts
            case _:
                continue
        assert _is_yes(answer)


def _is_yes(answer: Event) -> bool:
    """A call that comes back goes on with what was agreed before."""
    match answer:
        case Understood(meaning):
            return meaning.yes_no is YesNo.YES
        case KeysPressed(keys):
            return keys.rstrip("#") == "1"
    return True


@settings(max_examples=150, deadline=None)
@given(talks, st.lists(words, max_size=25))
def test_the_same_question_is_never_said_twice_in_the_same_words_unless_asked_for(
    talk: Watched, stream: list[Event]
) -> None:
    talk.start()
    for event in stream:
        if talk.ended is not None:
            break
        before, already = talk.said[-1].text, len(talk.said)
        talk.feed(event)
        asked_for = isinstance(event, Understood) and (event.meaning.intent in _AGAIN or event.meaning.wants_human)
        assert asked_for or [say.text for say in talk.said[already:]] != [before]


@pytest.mark.parametrize("event", [NothingHeard(), NoWords(), Understood(Meaning()), KeysPressed("7")])
@pytest.mark.parametrize("people_open", [True, False])
@settings(max_examples=20, deadline=None)
@given(st.lists(words, max_size=12))
def test_a_caller_who_is_not_understood_any_more_is_not_kept_on_the_line(
    event: Event, people_open: bool, stream: list[Event]
) -> None:
    talk = Watched(people_open=people_open, of_caller=_KNOWN)
    lived_through(talk, stream)
    for _ in range(12):
        talk.feed(event)
    assert talk.ended is not None


@settings(max_examples=80, deadline=None)
@given(talks, st.lists(events, max_size=20))
def test_no_call_ends_with_a_refusal_of_the_machine_alone(talk: Watched, stream: list[Event]) -> None:
    """Where the rules or the calendar say no, a person, a call-back or a question follows (charter, commitment 4)."""
    lived_through(talk, stream)
    refusals = {Act.TELL_RULING, Act.NOT_KNOWN}
    for told, following in pairwise(talk.said):
        if told.act in refusals:
            assert following.act in refusals or following.expect is not None or following.act is Act.HAND_OVER
    assert not talk.said or talk.said[-1].act not in refusals


@settings(max_examples=120, deadline=None)
@given(talks, st.lists(events, max_size=20))
def test_every_no_can_be_asked_why(talk: Watched, stream: list[Event]) -> None:
    lived_through(talk, stream)
    no = talk.state.no
    if talk.ended is not None or no is None or no.told:
        return
    already = len(talk.said)
    talk.feed(Understood(Meaning(intent=Intent.QUESTION, why=True)))
    told, question = talk.said[already:]
    assert told.act is Act.ANSWER
    assert told.text.startswith(no.rule)
    assert no.source in told.text
    assert "« conseiller »" in told.text or question.act in CALL_BACK_QUESTIONS
    assert question.expect is not None


@settings(max_examples=60, deadline=None)
@given(talks, st.lists(events, max_size=12))
def test_the_state_is_a_fold_over_the_events(talk: Watched, stream: list[Event]) -> None:
    other = replace(talk, said=[], asked_for=[], after=[], calendar=list(talk.calendar), bookings=list(talk.bookings))
    assert lived_through(talk, stream).state == lived_through(other, stream).state


@settings(max_examples=80, deadline=None)
@given(talks, st.lists(events, max_size=20))
def test_prompts_are_short_and_ask_one_thing(talk: Watched, stream: list[Event]) -> None:
    lived_through(talk, stream)
    for say in talk.said:
        assert isinstance(say, Say)
        assert say.text.count("?") <= 2
        assert "{" not in say.text


def test_emergencies_are_never_booked() -> None:
    for people_open in (True, False):
        talk = Talk(people_open=people_open).to_recap().hear(intent=Intent.EMERGENCY)
        assert "112" in talk.said[-1].text
        assert not any(isinstance(act, Book) for act in talk.asked_for)
        assert talk.ended in (HandOver(HandOverReason.EMERGENCY), HangUp(EndReason.DONE))
        assert talk.state.when.held == FIRST or talk.state.over
