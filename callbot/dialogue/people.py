"""The way to a person: put through when people answer, called back in a promised window when they do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from callbot.dialogue.acts import Act, CheckPeople, HandOver, HangUp, KeepCallBack, Say
from callbot.dialogue.asking import Step, ask
from callbot.dialogue.errand_prompts import OTHER_LANGUAGES, OTHER_LANGUAGES_CLOSED, OTHER_LANGUAGES_LATER
from callbot.dialogue.prompts import STATEMENTS, VARIANTS, Wording, said, sentence_by_sentence
from callbot.dialogue.state import Leaving, State
from callbot.dialogue.wording import spoken_ending, spoken_phone, spoken_window
from callbot.domain.events import CallBackKept, Channel, EndReason, HandOverReason, PeopleChecked
from callbot.domain.meaning import Language, Meaning, YesNo
from callbot.domain.personal import PhoneNumber
from callbot.domain.references import spoken_reference

CALL_BACK_QUESTIONS = frozenset({Act.OFFER_CALL_BACK, Act.ASK_CALL_BACK_NUMBER})
_ON_THE_PHONE = frozenset({Channel.PHONE, Channel.TURNS})
_MAY_GO_ON = frozenset(
    {
        HandOverReason.ASKED,
        HandOverReason.NOT_UNDERSTOOD,
        HandOverReason.NO_ANSWER,
        HandOverReason.NOT_KNOWN,
        HandOverReason.OTHER_REQUEST,
        HandOverReason.UPSET,
    }
)
"""reasons after which the bot can still serve a caller who wants no call-back; for any other it could not before"""


_ONLY_ON_THE_WAY = frozenset({"hand_over", "upset", "emergency"})
"""statements that give no reason beside the way to a person; the first sentence of any other one does"""


def hand_over(state: State, reason: HandOverReason, statement: str = "hand_over", **values: str) -> Step:
    """On the way to a person; whether one answers now is looked up first."""
    act = Act.EMERGENCY if reason is HandOverReason.EMERGENCY else Act.HAND_OVER
    farewell = said(act, STATEMENTS[statement], None, **values)
    why = () if statement in _ONLY_ON_THE_WAY else sentence_by_sentence(Act.HAND_OVER, farewell.text)[:1]
    return _on_the_way(state, Leaving(reason, farewell, why))


def hand_over_in(state: State, language: Language) -> Step:
    """The same for a caller who speaks another language."""
    return _on_the_way(state, Leaving(HandOverReason.LANGUAGE, _in_language(OTHER_LANGUAGES, language)))


def _on_the_way(state: State, leaving: Leaving) -> Step:
    return replace(state, asked=None, misses=0, over=False, leaving=leaving), (CheckPeople(),)


def leave(state: State, statement: str, reason: EndReason = EndReason.DONE) -> Step:
    """Says goodbye and hangs up."""
    gone = replace(state, asked=None, over=True, leaving=None)
    return gone, (*_reference(state), said(Act.GOODBYE, STATEMENTS[statement]), HangUp(reason))


def people_checked(state: State, answer: PeopleChecked) -> Step:
    """Put through when somebody answers, a call-back offered when not; without known hours the line is tried."""
    leaving = state.leaving
    if leaving is None:
        return state, ()
    if (answer.open and state.channel in _ON_THE_PHONE) or answer.window is None:
        return put_through(state)
    if leaving.reason is HandOverReason.EMERGENCY:
        alone = said(Act.EMERGENCY, STATEMENTS["emergency_alone"])
        return replace(state, over=True, leaving=None), (alone, HangUp(EndReason.DONE))
    known = state.contact.phone if state.contact.confirmed else None
    waiting = replace(state, leaving=replace(leaving, window=answer.window, phone=known or state.caller))
    if leaving.reason is HandOverReason.LANGUAGE:
        return _later_in_their_language(waiting, leaving.farewell.language)
    asked, acts = call_back_question(waiting)
    if answer.open:  # who writes cannot be put through, whoever is there
        return asked, (*leaving.why, *acts)
    return asked, (*leaving.why, said(Act.CALL_BACK, STATEMENTS["nobody_there"]), *acts)


def put_through(state: State) -> Step:
    """Nothing more is asked: a person has the call from here."""
    leaving = state.leaving
    if leaving is None:
        return state, ()
    return replace(state, asked=None, over=True, leaving=None), (leaving.farewell, HandOver(leaving.reason))


def _later_in_their_language(state: State, language: Language) -> Step:
    """No question that would not be understood: the number that calls is called back."""
    leaving = state.leaving
    if leaving is None or leaving.phone is None:
        closed = _in_language(OTHER_LANGUAGES_CLOSED, language)
        return replace(state, over=True, leaving=None), (closed, HangUp(EndReason.DONE))
    later = replace(leaving, farewell=_in_language(OTHER_LANGUAGES_LATER, language))
    return _keep(replace(state, leaving=later))


def _in_language(sentences: Mapping[Language, str], language: Language) -> Say:
    if language in sentences:
        return Say(Act.OTHER_LANGUAGE, (sentences[language],), interruptible=False, language=language)
    plain = STATEMENTS["hand_over" if sentences is OTHER_LANGUAGES else "no_call_back"]
    return Say(Act.OTHER_LANGUAGE, plain, interruptible=False)


def call_back_question(state: State, lead: Wording = ()) -> Step:
    """The next question on the way to a call-back, or the call-back itself."""
    leaving = state.leaving
    if leaving is None or leaving.window is None:
        return state, (CheckPeople(),)
    if leaving.phone is None:
        variant = VARIANTS["other_number"] if state.asked_act is Act.OFFER_CALL_BACK else ()
        return ask(state, Act.ASK_CALL_BACK_NUMBER, lead, variant)
    phone = leaving.phone
    number = spoken_phone(phone) if leaving.phone_said else f"numéro finissant par {spoken_ending(phone)}"
    window = spoken_window(leaving.window, state.today)
    return ask(state, Act.OFFER_CALL_BACK, lead, window=window, phone=number)


def number_that_calls(state: State) -> State:
    """The state in which the number that calls is offered for the call-back where no other is known."""
    if state.leaving is None or state.leaving.phone:
        return state
    return replace(state, leaving=replace(state.leaving, phone=state.caller))


def call_back_reply(state: State, meaning: Meaning) -> Step | None:
    """What the answer to a question about the call-back leads to; None when the words do not answer it."""
    leaving = state.leaving
    if leaving is None:
        return None
    if meaning.phone:
        named = replace(leaving, phone=PhoneNumber(meaning.phone), phone_said=True)
        return call_back_question(replace(state, leaving=named, misses=0))
    offered = state.asked_act is Act.OFFER_CALL_BACK
    match meaning.yes_no:
        case YesNo.YES if offered:
            return _keep(state)
        case YesNo.NO if offered:
            return call_back_question(replace(state, leaving=replace(leaving, phone=None), misses=0))
        case YesNo.NO if leaving.reason not in _MAY_GO_ON or state.offers:
            return leave(state, "no_call_back")
    return None


def declines_call_back(state: State, meaning: Meaning) -> bool:
    """True when no call-back is wanted and the bot can go on with what it was doing."""
    return state.asked_act is Act.ASK_CALL_BACK_NUMBER and meaning.yes_no is YesNo.NO


def no_answer_about_call_back(state: State, *, silent: bool) -> Step:
    """Nothing usable for the third time: the number that calls is called back if anybody ever spoke."""
    if state.leaving and state.leaving.phone and state.ever_understood:
        return _keep(state)
    return leave(state, "silence" if silent else "no_call_back", EndReason.SILENCE if silent else EndReason.DONE)


def _keep(state: State) -> Step:
    leaving = state.leaving
    if leaving is None or leaving.window is None or leaving.phone is None:
        return state, ()
    return replace(state, asked=None), (KeepCallBack(leaving.phone, leaving.reason, leaving.window),)


def call_back_kept(state: State, answer: CallBackKept) -> Step:
    """The window that is really kept is said."""
    gone = replace(state, asked=None, over=True, leaving=None, promised=answer)
    if state.leaving and state.leaving.farewell.language is not Language.FRENCH:
        return gone, (state.leaving.farewell, HangUp(EndReason.CALL_BACK))
    statement = STATEMENTS["call_back_sms" if answer.sms else "call_back"]
    promise = said(Act.CALL_BACK, statement, None, window=spoken_window(answer.window, state.today))
    return gone, (*_reference(state), promise, HangUp(EndReason.CALL_BACK))


def _reference(state: State) -> tuple[Say, ...]:
    """Who asked for a person while the reference was said has not heard it to its end."""
    if state.booked is None:
        return ()
    return (
        said(Act.GIVE_REFERENCE, STATEMENTS["reference"], None, reference=spoken_reference(state.booked.reference)),
    )


def way_failed(state: State) -> Step:
    """A service on the way to a person failed: the line is tried; where people are known to be away, that is said."""
    if state.leaving and state.leaving.window:
        return leave(state, "call_back_failed")
    return put_through(state)
