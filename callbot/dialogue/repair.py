"""When nothing was understood or nothing was said: another wording, then another way of asking, then a person."""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.acts import Act, HandOver, HangUp
from callbot.dialogue.address_policy import RECALL_MISSES
from callbot.dialogue.agenda import Step, ask, proceed
from callbot.dialogue.name_replies import NAME_MISSES, NAME_QUESTIONS, without_name
from callbot.dialogue.prompts import STATEMENTS, Wording, said
from callbot.dialogue.state import State
from callbot.domain.events import EndReason, HandOverReason

STRIKES = 3
"""Misunderstandings of one question after which a person is offered (charter, commitment 3)."""
MARSEILLE_STRIKES = 2
"""After so many, a caller who does not know the arrondissement is asked for the street all the same."""


def missed(state: State, *, silent: bool = False, lead: Wording = ()) -> Step:
    """One more misunderstanding (or silence) on the pending question; ``lead`` tells what went wrong, if we know."""
    if state.asked is None:
        return state, ()
    if state.asked_act is Act.OFFER_HUMAN:
        return _give_up(state, silent=silent)
    again = replace(state, misses=state.misses + 1)
    if again.misses >= STRIKES:
        return offer_human(again)
    if again.asked_act is Act.ASK_COMMUNE and again.where.in_marseille and again.misses >= MARSEILLE_STRIKES:
        return proceed(replace(again, where=replace(again.where, anywhere=True)))
    if again.asked_act is Act.RECALL_ADDRESS and again.misses >= RECALL_MISSES:
        return proceed(replace(again, earlier=None))
    if again.asked_act in NAME_QUESTIONS and again.misses >= NAME_MISSES:
        return proceed(without_name(again))
    if again.asked_act is Act.ASK_CORRECTION:
        return ask(again, Act.ASK_CORRECTION)
    return proceed(again, lead)


def offer_human(state: State, variant: tuple[Wording, ...] = ()) -> Step:
    """Offers a person; yes hands over, no goes on."""
    return ask(replace(state, misses=0, setbacks=0), Act.OFFER_HUMAN, variant=variant)


def _give_up(state: State, *, silent: bool) -> Step:
    """Offered a person and no answer to that either. A line on which nobody ever spoke is hung up, any other goes
    to a person."""
    if silent and not state.ever_understood:
        return leave(state, "silence", EndReason.SILENCE)
    return hand_over(state, HandOverReason.NO_ANSWER if silent else HandOverReason.NOT_UNDERSTOOD)


def hand_over(state: State, reason: HandOverReason, statement: str = "hand_over", **values: str) -> Step:
    """Says why and gives the call to a person."""
    act = Act.EMERGENCY if reason is HandOverReason.EMERGENCY else Act.HAND_OVER
    over = replace(state, asked=None, over=True)
    return over, (said(act, STATEMENTS[statement], None, **values), HandOver(reason))


def leave(state: State, statement: str, reason: EndReason = EndReason.DONE) -> Step:
    """Says goodbye and hangs up."""
    return replace(state, asked=None, over=True), (said(Act.GOODBYE, STATEMENTS[statement]), HangUp(reason))
