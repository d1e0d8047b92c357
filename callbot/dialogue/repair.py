"""When nothing was understood or nothing was said: another wording, then another way of asking, then a person."""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.acts import Act
from callbot.dialogue.address_policy import RECALL_MISSES
from callbot.dialogue.agenda import proceed
from callbot.dialogue.already import ABOUT_ALREADY, ALREADY_MISSES, settled
from callbot.dialogue.asking import Step, ask
from callbot.dialogue.name_replies import NAME_MISSES, NAME_QUESTIONS, without_name
from callbot.dialogue.people import CALL_BACK_QUESTIONS, hand_over, leave, no_answer_about_call_back
from callbot.dialogue.prompts import LEAD_INS, Wording
from callbot.dialogue.reminding import REMINDER_MISSES, without_reminder
from callbot.dialogue.state import State
from callbot.domain.events import EndReason, HandOverReason

STRIKES = 3
"""Misunderstandings of one question after which a person is offered (charter, commitment 3)."""
MOST_OFFERS = 2
"""A person offered and declined so often, with nothing won in between: the call goes to one all the same."""
MOST_ADDRESSES = 2 * STRIKES
"""Addresses read back and refused in a row, however often a number changed in between: a person looks for it."""
MARSEILLE_STRIKES = 2
"""After so many, a caller who does not know the arrondissement is asked for the street all the same."""
_OUTSIDE_THE_AGENDA = frozenset({Act.ASK_CORRECTION, Act.ASK_MORE})
"""questions that no rule of the agenda asks again by itself"""


def missed(state: State, *, silent: bool = False, lead: Wording = ()) -> Step:
    """One more misunderstanding (or silence) on the pending question; ``lead`` tells what went wrong, if we know."""
    if state.asked is None:
        return state, ()
    if state.asked_act is Act.OFFER_HUMAN:
        return _give_up(state, silent=silent)
    again = replace(state, misses=state.misses + 1)
    if again.misses >= STRIKES:
        return _struck_out(again, silent=silent)
    if (other_way := _another_way(again)) is not None:
        return other_way
    lead = lead or (LEAD_INS["not_heard"] if silent and again.misses == 1 else ())
    if again.asked_act in _OUTSIDE_THE_AGENDA and again.asked_act:
        return ask(again, again.asked_act, lead)
    return proceed(again, lead)


def _struck_out(state: State, *, silent: bool) -> Step:
    if state.asked_act in CALL_BACK_QUESTIONS:
        return no_answer_about_call_back(state, silent=silent)
    if state.asked_act is Act.ASK_MORE:
        return leave(state, "nothing_to_take")
    return offer_human(state)


def _another_way(state: State) -> Step | None:
    """Questions that can be done without, or put otherwise, before a person is offered."""
    match state.asked_act:
        case Act.ASK_COMMUNE if state.where.in_marseille and state.misses >= MARSEILLE_STRIKES:
            return proceed(replace(state, where=replace(state.where, anywhere=True)))
        case Act.RECALL_ADDRESS if state.misses >= RECALL_MISSES:
            return proceed(replace(state, earlier=None))
        case act if act in ABOUT_ALREADY and state.misses >= ALREADY_MISSES:
            return proceed(settled(state))
        case Act.OFFER_REMINDER if state.misses >= REMINDER_MISSES:
            return proceed(without_reminder(state))
        case act if act in NAME_QUESTIONS and state.misses >= NAME_MISSES:
            return proceed(without_name(state))
    return None


def offer_human(
    state: State, variant: tuple[Wording, ...] = (), reason: HandOverReason = HandOverReason.NOT_UNDERSTOOD
) -> Step:
    """Offers a person; yes hands over for ``reason``, no goes on. What did not help twice is not tried a third time."""
    if state.offers >= MOST_OFFERS:
        return hand_over(state, reason)
    offered = replace(state, misses=0, setbacks=0, offered_for=reason, offers=state.offers + 1)
    return ask(offered, Act.OFFER_HUMAN, variant=variant)


def no_progress(state: State) -> Step:
    """For too long by the clock nothing was understood: a person is offered, or the call left to one."""
    if state.asked is None or state.asked_act in CALL_BACK_QUESTIONS | {Act.OFFER_HUMAN}:
        return missed(state)
    return offer_human(state)


def _give_up(state: State, *, silent: bool) -> Step:
    """Offered a person and no answer to that either. A line on which nobody ever spoke is hung up, any other goes
    to a person."""
    if silent and not state.ever_understood:
        return leave(state, "silence", EndReason.SILENCE)
    return hand_over(state, HandOverReason.NO_ANSWER if silent else HandOverReason.NOT_UNDERSTOOD)
