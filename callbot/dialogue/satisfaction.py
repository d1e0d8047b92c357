"""One question at the end of a call that was served: did you get what you wanted? Asked once, never repeated.

What callers feel is said by them and never guessed. Nobody is asked who took leave already, was angry, or goes on with
a person; who does not answer is thanked all the same.
"""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.acts import Act, DialogueAct, HangUp, KeepRating
from callbot.dialogue.asking import Step, ask
from callbot.dialogue.keys import meaning_of_keys
from callbot.dialogue.people import hand_over, hand_over_in
from callbot.dialogue.prompts import LEAD_INS, STATEMENTS, said
from callbot.dialogue.requests import again
from callbot.dialogue.state import State
from callbot.domain.events import (
    Channel,
    EndReason,
    Event,
    HandOverReason,
    KeysPressed,
    NoProgress,
    NothingHeard,
    NoWords,
    PartFailed,
    Understood,
)
from callbot.domain.meaning import Intent, Language, Meaning, YesNo

SATISFIED, PARTLY, NOT_SATISFIED = 1, 2, 3
_BY_VOICE = frozenset({Channel.PHONE, Channel.TURNS})
_AGAIN = {Intent.REPEAT: "repeat", Intent.SLOWER: "slower"}


def parting(state: State, told: tuple[DialogueAct, ...] = ()) -> Step:
    """``told``, the question where it is asked, else goodbye."""
    if not _is_asked(state):
        gone, acts = farewell(state)
        return gone, (*told, *acts)
    asked, acts = ask(replace(state, rating_asked=True, noted=True, misses=0), Act.ASK_SATISFACTION)
    return asked, (*told, *acts)


def last_answer(state: State, event: Event) -> Step:
    """Whatever comes after the question, the call ends or a person takes it."""
    match event:
        case Understood(meaning):
            return _answered(state, meaning)
        case KeysPressed(keys):
            return _answered(state, meaning_of_keys(state, keys))
        case NothingHeard() | NoWords() | NoProgress() | PartFailed():
            return farewell(state)
    return state, ()


def _answered(state: State, meaning: Meaning) -> Step:
    """The answer is kept; a person and a danger come first; anything else ends the call with thanks."""
    if meaning.wants_human:
        return hand_over(state, HandOverReason.ASKED)
    match meaning.intent:
        case Intent.EMERGENCY:
            return hand_over(state, HandOverReason.EMERGENCY, "emergency")
        case Intent.LANGUAGE:
            return hand_over_in(state, meaning.language or Language.OTHER)
        case Intent.NOT_HEARING:
            return ask(replace(state, misses=1), Act.ASK_SATISFACTION)
        case intent if intent in _AGAIN:
            return again(replace(state, slow=state.slow or intent is Intent.SLOWER), LEAD_INS[_AGAIN[intent]])
    rating = _rating(meaning)
    return farewell(state) if rating is None else (replace(state, asked=None), (KeepRating(rating),))


def farewell(state: State) -> Step:
    """Goodbye, in words that fit what the call came to."""
    gone = replace(state, asked=None, over=True, leaving=None)
    return gone, (said(Act.GOODBYE, STATEMENTS[_what_follows(state)]), HangUp(EndReason.DONE))


def _is_asked(state: State) -> bool:
    served = state.booked is not None or state.errand.done
    fit = state.channel in _BY_VOICE and not state.insults and state.promised is None
    return state.world.asks_satisfaction and served and fit and not state.rating_asked


def _what_follows(state: State) -> str:
    if state.booked is None:
        return "nothing_to_take"
    if state.booked.sms:
        return "sms"
    return "reminder" if state.contact.calls_wanted else "no_sms"


def _rating(meaning: Meaning) -> int | None:
    """1 to 3 said or typed; yes and no are the ends of it. In doubt nothing: it is not guessed."""
    if meaning.choice in (SATISFIED, PARTLY, NOT_SATISFIED):
        return meaning.choice
    return {YesNo.YES: SATISFIED, YesNo.NO: NOT_SATISFIED}.get(meaning.yes_no) if meaning.yes_no else None
