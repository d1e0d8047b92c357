"""What callers say beside an answer: a person, a danger, "répétez", another wish, a question of their own."""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.absorb import REVIEW, absorb, correction
from callbot.dialogue.acts import Act, DialogueAct, JudgeItems, MakeReport, NoteGap
from callbot.dialogue.agenda import proceed
from callbot.dialogue.already import ABOUT_ALREADY
from callbot.dialogue.asking import Step, ask, understood
from callbot.dialogue.errands import begin
from callbot.dialogue.people import hand_over, hand_over_in, number_that_calls
from callbot.dialogue.prompts import LEAD_INS, STATEMENTS, VARIANTS, Wording, said, sentence_by_sentence
from callbot.dialogue.repair import STRIKES, offer_human
from callbot.dialogue.state import Goal, State, When, Where
from callbot.domain.data_rights import Came, DataRight, DataWish
from callbot.domain.events import Channel, HandOverReason
from callbot.domain.meaning import Intent, Language, Meaning
from callbot.domain.people import Report, ReportKind

SLOW_FROM = 2
"""repetitions asked for after which everything is said slower (issue: elder mode)"""
_MOST_INSULTS = 2
OPEN = frozenset({Act.ASK_NEED, Act.ASK_MORE, Act.OFFER_BOOKING, Act.OFFER_CONTINUE})
"""questions that may be answered with any wish"""
_GOALS = {
    Intent.STATUS: Goal.STATUS,
    Intent.MISSED: Goal.MISSED,
    Intent.AMEND: Goal.AMEND,
    Intent.CANCEL: Goal.CANCEL,
    Intent.FLY_TIP: Goal.FLY_TIP,
}
_FOR_PEOPLE = {
    Intent.ASSISTED: (HandOverReason.ASSISTED, "assisted"),
    Intent.PROFESSIONAL: (HandOverReason.PROFESSIONAL, "professional"),
}
_VALUES = frozenset({Act.ASK_PHONE, Act.ASK_REFERENCE, Act.ASK_NAME, Act.ASK_NAME_SPELLED})
"""questions to which "je n'en ai pas" is the answer, not a question about how to do without"""
_CAME = {Channel.SMS: Came.SMS, Channel.TEXT: Came.TEXT}
_OTHER_SERVICE = "autre_service"
"""the knowledge entry for what another authority does"""


def at_once(state: State, meaning: Meaning) -> Step | None:
    """What is answered whatever was asked; None when the words are about something else."""
    if meaning.wants_human:
        return _asked_again_for_a_person(state) if state.leaving else hand_over(state, HandOverReason.ASKED)
    match meaning.intent:
        case Intent.EMERGENCY:
            return hand_over(state, HandOverReason.EMERGENCY, "emergency")
        case Intent.LANGUAGE:
            return hand_over_in(understood(state), meaning.language or Language.OTHER)
        case Intent.INSULT:
            return _insulted(state)
        case Intent.JOKE:
            return _aside(state, "joke")
        case Intent.REPEAT | Intent.NOT_HEARING if state.asked:
            repeats = state.repeats + 1
            return again(replace(state, repeats=repeats, slow=state.slow or repeats >= SLOW_FROM), LEAD_INS["repeat"])
        case Intent.SLOWER if state.asked:
            return again(replace(state, slow=True), LEAD_INS["slower"])
        case Intent.WAIT if state.asked:
            patient = replace(state.asked, parts=LEAD_INS["hearing_you"], waiting=True)
            return replace(state, ever_understood=True), (patient,)
        case Intent.BACK if _says_nothing_else(meaning):
            return step_back(understood(state))
    return None


def _asked_again_for_a_person(state: State) -> Step:
    """Nobody is there: the call-back is offered in other words, and asking for a person is no misunderstanding."""
    misses = min(state.misses + 1, STRIKES - 1)
    return proceed(replace(number_that_calls(state), misses=misses, ever_understood=True))


def again(state: State, lead: Wording) -> Step:
    """The same question once more, not counted as a misunderstanding."""
    if state.asked is None:
        return proceed(state, lead)
    parts = state.asked.parts
    fresh = parts if parts[: len(lead)] == lead else (*lead, *parts)
    return replace(state, ever_understood=True), (replace(state.asked, parts=fresh),)


def another_wish(state: State, meaning: Meaning) -> Step | None:
    """Another errand, a request for people: taken up at an open question, else confirmed first, as it may be an
    answer misheard. None when the words are no such wish."""
    open_now = state.asked_act in OPEN
    if not (open_now or _says_nothing_else(meaning)):
        return None
    if meaning.intent is Intent.AMEND and _booking_now(state) and not open_now:
        return _corrects(state, meaning)
    if goal := _goal(state, meaning):
        return _towards(state, goal, meaning, at_once=open_now)
    if meaning.intent in _FOR_PEOPLE:
        reason, statement = _FOR_PEOPLE[meaning.intent]
        known = absorb(understood(state), replace(meaning, intent=Intent.UNKNOWN), ())
        if open_now:
            return hand_over(known, reason, statement)
        return offer_human(known, VARIANTS["assisted" if reason is HandOverReason.ASSISTED else "ask_person"], reason)
    match meaning.intent:
        case Intent.COMPLAINT:
            return understood(state), (MakeReport(Report(state.call_id, ReportKind.COMPLAINT)),)
        case Intent.DATA_RIGHTS:
            # In doubt a copy: whoever asks for it loses nothing.
            wish = DataWish(meaning.data_right or DataRight.ACCESS, _CAME.get(state.channel, Came.PHONE), state.caller)
            return understood(state), (MakeReport(Report(state.call_id, ReportKind.DATA_RIGHTS, wish=wish)),)
        case Intent.OTHER_SERVICE:
            return answer(state, _OTHER_SERVICE, meaning)
    return None


def _booking_now(state: State) -> bool:
    """A new booking has begun: what is to be changed is most likely of this one."""
    return state.errand.goal is Goal.BOOK and bool(state.items)


def _corrects(state: State, meaning: Meaning) -> Step | None:
    """ "Je voudrais changer la date" in the middle of a booking; None where the question asks for it anyway, or where
    "ajoutez-les" is its answer."""
    if state.asked_act in REVIEW | ABOUT_ALREADY:
        return None
    changed = correction(state, meaning)
    return ask(understood(state), Act.ASK_CORRECTION) if changed is None else proceed(understood(changed))


def _goal(state: State, meaning: Meaning) -> Goal | None:
    goal = _GOALS.get(meaning.intent)
    same = goal is state.errand.goal and not state.errand.done
    return None if same or state.asked_act is Act.CONFIRM_GOAL else goal


def _towards(state: State, goal: Goal, meaning: Meaning, *, at_once: bool) -> Step:
    if at_once or state.errand.goal is not Goal.BOOK:
        return proceed(begin(understood(state), goal, meaning))
    return proceed(replace(understood(state), wished=goal))


def question(state: State, meaning: Meaning) -> Step | None:
    """A question of the caller's; None when nothing was asked that this is the moment to answer."""
    if meaning.question and not (state.asked_act in _VALUES and meaning.yes_no):
        return answer(state, meaning.question, meaning)
    if meaning.intent is Intent.QUESTION and meaning.items and _about_items(state):
        asked_about = replace(understood(state), asked_about=meaning.items)
        return asked_about, (JudgeItems(meaning.items, state.insee),)
    unanswered = meaning.intent is Intent.QUESTION and _says_nothing_else(meaning)
    if unanswered and (meaning.nearest or state.asked_act in OPEN):
        return understood(state), (NoteGap(meaning.nearest),)
    return None


def _about_items(state: State) -> bool:
    return state.asked_act in OPEN or bool(state.items) or state.errand.goal is not Goal.BOOK


def answer(state: State, entry: str, meaning: Meaning) -> Step:
    """The knowledge base's own words, and on with what was going on."""
    words = state.world.answers.get(entry)
    if words is None:
        return understood(state), (NoteGap(meaning.nearest),)
    told = sentence_by_sentence(Act.ANSWER, words, entry)
    items = meaning.items if meaning.intent is Intent.BOOK else ()  # else they are what the question is about
    taken = absorb(state, replace(meaning, yes_no=None, items=items), ())
    if taken == state:
        return aside(understood(state), told)
    after, acts = proceed(understood(taken), LEAD_INS["back_to_it"])
    return after, (*told, *acts)


def not_known(state: State) -> Step:
    """Said plainly, and a person offered."""
    told = said(Act.NOT_KNOWN, STATEMENTS["not_known"])
    asked, acts = offer_human(state, VARIANTS["ask_person"], HandOverReason.NOT_KNOWN)
    return asked, (told, *acts)


def aside(state: State, told: tuple[DialogueAct, ...]) -> Step:
    """``told``, then the question that waited; where nothing was begun yet: anything else?"""
    if state.asked is None or (state.asked_act in OPEN and not state.items):
        asked, acts = ask(replace(state, asked_about=(), unfinished=None), Act.ASK_MORE)
    else:
        asked, acts = again(state, LEAD_INS["back_to_it"])
    return asked, (*told, *acts)


def _aside(state: State, statement: str) -> Step:
    asked, acts = again(understood(state), LEAD_INS["back_to_it"])
    return asked, (said(Act.CALM, STATEMENTS[statement]), *acts)


def _insulted(state: State) -> Step:
    insulted = replace(state, insults=state.insults + 1)
    if insulted.insults >= _MOST_INSULTS:
        return hand_over(insulted, HandOverReason.UPSET, "upset")
    return _aside(insulted, "calm")


def step_back(state: State) -> Step:
    """To the question before: what was settled last is asked again."""
    lead = LEAD_INS["a_step_back"]
    if state.leaving:
        return proceed(replace(state, asked=None, leaving=None), lead)
    if state.errand.goal is not Goal.BOOK or state.asked is None:
        return again(state, lead)
    if state.asked_act is Act.RECAP:
        return ask(state, Act.ASK_CORRECTION, lead)
    fresh = replace(state, asked=None, misses=0, recap_accepted=False)
    if state.when.held:
        return proceed(replace(fresh, when=When()), lead)
    if state.where.confirmed:
        return proceed(replace(fresh, where=replace(state.where, confirmed=None), when=When()), lead)
    if state.insee or state.where.anywhere or state.where.street_heard:
        return proceed(replace(fresh, where=Where(), judged=False), lead)
    return proceed(replace(fresh, items=(), judged=False, noted=False, where=Where(), earlier=None), lead)


def _says_nothing_else(meaning: Meaning) -> bool:
    """No slot and no answer beside the intent."""
    return not (
        meaning.items or meaning.address or meaning.date or meaning.phone or meaning.choice or meaning.yes_no
        or meaning.name
    )  # fmt: skip
