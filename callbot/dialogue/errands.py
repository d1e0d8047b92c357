"""What is still missing when a call is about a booking made before, or about rubbish left in the street.

Rules as those of ``agenda``: the first that is not satisfied asks, looks up, tells or changes something.
"""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.acts import Act, AmendBooking, CancelBooking, FindBookings, MakeReport, Say
from callbot.dialogue.asking import Step, ask
from callbot.dialogue.errand_prompts import NOT_CONFORM
from callbot.dialogue.people import hand_over
from callbot.dialogue.prompts import STATEMENTS, VARIANTS, Wording, said
from callbot.dialogue.state import Already, Contact, Errand, Goal, State, When, Where
from callbot.dialogue.wording import listed, spoken_date, spoken_days, spoken_items
from callbot.domain.bookings import Amendment, Booking, BookingStatus
from callbot.domain.events import BookingsFound, Channel, HandOverReason
from callbot.domain.items import ItemLine
from callbot.domain.meaning import Meaning, Topic
from callbot.domain.people import Report, ReportKind

MOST_TRIES = 2
"""references or communes that led to nothing, after which a person looks for the booking"""
MOST_CHOICES = 3
"""bookings a caller can choose between by ear"""
_REASONS = {
    Goal.STATUS: HandOverReason.STATUS,
    Goal.MISSED: HandOverReason.MISSED,
    Goal.AMEND: HandOverReason.AMEND,
    Goal.CANCEL: HandOverReason.CANCEL,
}
_CHANGES = frozenset({Goal.AMEND, Goal.CANCEL})
_SHOWS_A_NUMBER = frozenset({Channel.PHONE, Channel.TURNS, Channel.SMS})


def begin(state: State, goal: Goal, meaning: Meaning) -> State:
    """The state that sets out for ``goal``, with what was said along with it."""
    tip = goal is Goal.FLY_TIP
    errand = Errand(
        goal,
        references=meaning.references,
        more_items=meaning.items if goal is Goal.AMEND else (),
        topic=meaning.topic or (Topic.DATE if goal is Goal.AMEND and meaning.date else None),
        kind_known=tip and bool(meaning.items),
    )
    when = When(wish=meaning.date)
    return replace(blank(state), errand=errand, need_known=True, items=meaning.items if tip else (), when=when)


def blank(state: State) -> State:
    """The state with nothing begun: the caller, and what is known of how to talk to them, stay."""
    return replace(
        state,
        errand=Errand(),
        wished=None,
        asked_about=(),
        unfinished=None,
        need_known=False,
        items=(),
        refused_all=False,
        no=None,
        judged=False,
        noted=False,
        where=Where(),
        earlier=None,
        when=When(),
        already=Already.NOT_ASKED,
        contact=Contact(),
        recap_accepted=False,
        recaps_refused=0,
        booked=None,
        setbacks=0,
        addresses_refused=0,
        misses=0,
    )


# ---- which booking ----


def which_booking(state: State, lead: Wording) -> Step | None:
    """The booking that is meant, and whether the caller may hear of it."""
    errand = state.errand
    if errand.booking and errand.trusted:
        return None
    if errand.references:
        return state, (FindBookings(references=errand.references),)
    if not errand.looked_up and state.caller and state.channel in _SHOWS_A_NUMBER:
        return state, (FindBookings(caller=state.caller),)
    if errand.tries >= MOST_TRIES or errand.no_reference:
        return hand_over(state, _REASONS[errand.goal], "no_booking")
    if errand.booking or (errand.found and not errand.trusted):
        return ask(state, Act.CHECK_COMMUNE, lead)
    if errand.found:
        return _which(state, lead)
    return ask(state, Act.ASK_REFERENCE, lead, VARIANTS["reference_wrong"] if errand.tries else ())


def _which(state: State, lead: Wording) -> Step:
    days = [booking.day for booking in state.errand.found]
    named = [f"le {day}" for day in spoken_days(days)]
    keys = ". ".join(f"L{day[1:]}, tapez {key}" for key, day in enumerate(named, start=1))
    hints = tuple(f"le {spoken_date(day)}" for day in days)
    return ask(state, Act.CHOOSE_BOOKING, lead, (), hints, dates=listed(named, "et"), keys=keys)


def bookings_found(state: State, answer: BookingsFound) -> State:
    """The state with the bookings that may be meant."""
    errand = state.errand
    if errand.references:
        return replace(state, errand=_by_reference(state, answer.bookings))
    asked_for = replace(errand, looked_up=True)
    fitting = tuple(each for each in answer.bookings if _fits(state, each))[:MOST_CHOICES]
    if not fitting:
        return replace(state, errand=asked_for)
    trusted = replace(asked_for, trusted=True, found=fitting)
    state = replace(state, errand=trusted)
    return meant(state, fitting[0]) if len(fitting) == 1 else state


def _by_reference(state: State, found: tuple[Booking, ...]) -> Errand:
    errand = replace(state.errand, references=())
    own = tuple(booking for booking in found if state.caller and booking.phone == state.caller)
    if len(own) == 1:
        return replace(errand, found=own, booking=own[0], trusted=True)
    if not found:
        return replace(errand, tries=errand.tries + 1)
    return replace(errand, found=found, booking=found[0] if len(found) == 1 else None, trusted=False)


def _fits(state: State, booking: Booking) -> bool:
    """A booking can be changed while it is to come; one whose crew has been there is what a call about a missed pickup
    is answered with."""
    if (only := state.errand.only) and (booking.day, booking.address.line, booking.address.insee) != (
        only.day,
        only.place.line,
        only.place.insee,
    ):
        return False
    if state.errand.goal in _CHANGES:
        return booking.status.to_come and (state.today is None or booking.day >= state.today)
    return state.errand.goal is Goal.STATUS or booking.status is not BookingStatus.CANCELLED


def meant(state: State, booking: Booking) -> State:
    """The state with ``booking`` as the one meant; for a change its values stand until others are given."""
    errand = replace(state.errand, found=(booking,), booking=booking)
    state = replace(state, errand=errand)
    return _to_change(state, booking) if errand.goal is Goal.AMEND and errand.trusted else state


def trusted(state: State, booking: Booking) -> State:
    """The same once the caller has shown to know it."""
    return meant(replace(state, errand=replace(state.errand, trusted=True)), booking)


def _to_change(state: State, booking: Booking) -> State:
    lines = _together(booking.items, state.errand.more_items, adds=state.errand.adds)
    contact = Contact(booking.phone, confirmed=True) if booking.phone else Contact(declined=True)
    wish = state.when.wish
    state = replace(
        state,
        items=lines,
        judged=not state.errand.more_items,
        noted=True,
        where=Where(insee=booking.address.insee, confirmed=booking.address),
        when=When(held=booking.day),
        contact=contact,
    )
    topic = state.errand.topic
    if topic is None:
        return state
    return replace(changing(state, topic), when=When(wish=wish)) if topic is Topic.DATE else changing(state, topic)


def _together(booked: tuple[ItemLine, ...], more: tuple[ItemLine, ...], *, adds: bool) -> tuple[ItemLine, ...]:
    """What is booked with ``more`` beside it: of the same item, the sum where one ``adds``, else the new number."""
    known = {line.item for line in more}
    before = {line.item: line.quantity for line in booked} if adds else {}
    lines = (replace(line, quantity=line.quantity + before.get(line.item, 0)) for line in more)
    return (*(line for line in booked if line.item not in known), *lines)


def changing(state: State, topic: Topic) -> State:
    """The state in which ``topic`` of the booking is asked anew."""
    state = replace(state, errand=replace(state.errand, topic=topic))
    match topic:
        case Topic.ITEMS:
            return replace(state, items=(), judged=False)
        case Topic.DATE:
            return replace(state, when=When())
        case Topic.PHONE:
            return replace(state, contact=Contact(caller_refused=True))
    return state


# ---- telling, changing, reporting ----


def tell_status(state: State, _lead: Wording) -> Step | None:
    """When the objects are taken, or what became of the booking."""
    booking = state.errand.booking
    if booking is None or state.errand.done:
        return None
    return told(state, Act.TELL_STATUS, _status(state, booking), booking)


def _status(state: State, booking: Booking) -> str:
    if not booking.status.to_come:
        return f"status_{booking.status}"
    if state.today is None or booking.day > state.today:
        return "status_replanned" if booking.status is BookingStatus.REPLANNED else "status"
    return "status_today" if booking.day == state.today else "status_past"


def told(state: State, act: Act, statement: str, booking: Booking | None = None) -> Step:
    """The errand is done: ``statement``, and anything else?"""
    asked, acts = ask(replace(state, errand=replace(state.errand, done=True)), Act.ASK_MORE)
    return asked, (statement_about(state, act, statement, booking), *acts)


def statement_about(state: State, act: Act, statement: str, booking: Booking | None) -> Say:
    """``statement`` with the day and the objects of ``booking`` in it."""
    if booking is None:
        return said(act, STATEMENTS[statement])
    return said(
        act,
        STATEMENTS[statement],
        None,
        date=spoken_date(booking.day),
        items=spoken_items(booking.items, state.world.catalogue),
        reason=NOT_CONFORM[booking.not_conform] if booking.not_conform else "un conseiller peut vous dire pourquoi",
    )


def missed_pickup(state: State, _lead: Wording) -> Step | None:
    """A pickup that did not take place is reported; one still to come, or what the crew found, is told."""
    booking = state.errand.booking
    if booking is None or state.errand.done:
        return None
    if not booking.status.to_come:
        return _crew_was_there(state, booking)
    if state.today is not None and booking.day >= state.today:
        statement = "not_yet_today" if booking.day == state.today else "not_yet"
        return told(state, Act.TELL_STATUS, statement, booking)
    return state, (MakeReport(Report(state.call_id, ReportKind.MISSED, booking.reference, booking.address)),)


def _crew_was_there(state: State, booking: Booking) -> Step:
    """The outcome instead of a report, which would tell the crew nothing new; who disagrees speaks to a person."""
    statement = _status(state, booking)
    if booking.status in (BookingStatus.MISSED, BookingStatus.CANCELLED):
        return told(state, Act.TELL_STATUS, statement, booking)
    closed = replace(state, errand=replace(state.errand, done=True), offered_for=HandOverReason.MISSED)
    asked, acts = ask(replace(closed, offers=state.offers + 1), Act.OFFER_HUMAN, variant=VARIANTS["ask_person"])
    return asked, (statement_about(state, Act.TELL_STATUS, statement, booking), *acts)


def cancelling(state: State, lead: Wording) -> Step | None:
    """Read back, then cancelled after an explicit yes."""
    booking, errand = state.errand.booking, state.errand
    if booking is None or errand.done:
        return None
    if errand.agreed:
        return state, (CancelBooking(booking.reference),)
    items = spoken_items(booking.items, state.world.catalogue)
    return ask(state, Act.CONFIRM_CANCEL, lead, date=spoken_date(booking.day), items=items)


def to_change(state: State, lead: Wording) -> Step | None:
    """What is to be changed."""
    if state.errand.topic is None and not state.errand.more_items:
        return ask(state, Act.ASK_CHANGE, lead)
    if state.errand.topic is Topic.ADDRESS:
        return hand_over(state, HandOverReason.AMEND, "change_failed")
    return None


def changed_items(state: State, lead: Wording) -> Step | None:
    """All objects anew."""
    return None if state.items else ask(state, Act.ASK_ITEMS, lead, VARIANTS["all_items"])


def confirm_change(state: State, lead: Wording) -> Step | None:
    """The booking as it would be, read back."""
    day = state.when.held
    if state.errand.agreed or day is None:
        return None
    items = spoken_items(state.items, state.world.catalogue)
    return ask(state, Act.CONFIRM_CHANGE, lead, items=items, date=f"le {spoken_date(day)}")


def amend(state: State, _lead: Wording) -> Step | None:
    """What differs is changed."""
    booking = state.errand.booking
    if booking is None or state.errand.done:
        return None
    phone = state.contact.phone if state.contact.confirmed else None
    amendment = Amendment(
        state.call_id,
        booking.reference,
        items=state.items if state.items != booking.items else None,
        day=state.when.held if state.when.held != booking.day else None,
        phone=phone if phone != booking.phone else None,
        readback_accepted=state.errand.agreed,
    )
    return state, (AmendBooking(amendment),)


def tip_kind(state: State, lead: Wording) -> Step | None:
    """What was left in the street: a word for the team, in whatever words it comes."""
    return None if state.errand.kind_known else ask(state, Act.ASK_KIND, lead)


def tip_report(state: State, _lead: Wording) -> Step | None:
    """Reported with its place."""
    if state.errand.done or state.where.confirmed is None:
        return None
    report = Report(state.call_id, ReportKind.FLY_TIP, address=state.where.confirmed, items=state.items)
    return state, (MakeReport(report),)


def more(state: State, lead: Wording) -> Step | None:
    """Anything else?"""
    return ask(state, Act.ASK_MORE, lead) if state.errand.done else None
