"""The answer to "pourquoi ?" after a no: the rule, where it comes from, and the way to a person."""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.acts import Act, Say
from callbot.dialogue.agenda import proceed
from callbot.dialogue.asking import Step, understood
from callbot.dialogue.prompts import LEAD_INS, STATEMENTS, VARIANTS, said
from callbot.dialogue.repair import offer_human
from callbot.dialogue.requests import again
from callbot.dialogue.state import SaidNo, State
from callbot.domain.meaning import Intent, Meaning

_DECISIONS = "decision_automatique"
"""the knowledge entry on who decides: after a no the rule itself is the better answer"""
_ASKING = frozenset({Intent.UNKNOWN, Intent.QUESTION, Intent.BOOK, Intent.COMPLAINT})
"""intents beside which a reason is asked for; "pourquoi personne n'est passé" is a missed pickup"""
_BESIDE_THE_AGENDA = frozenset({Act.ASK_CORRECTION, Act.ASK_MORE, Act.OFFER_HUMAN})


def why(state: State, meaning: Meaning) -> Step | None:
    """The rule, its source and the way to a person; asked again, a person. None when nothing was refused lately, or
    the words are about something else."""
    no = state.no
    if no is None or not _asks(meaning):
        return None
    if no.told:
        known = replace(state, no=None)
        return again(known, LEAD_INS["repeat"]) if state.leaving else _a_person(known, no)
    asked, acts = _the_question(replace(understood(state), no=replace(no, told=True)))
    return asked, (_answer(state, no), *acts)


def _the_question(state: State) -> Step:
    """The question that waited, without what was said in front of it: often the very no."""
    if state.leaving or state.asked_act in _BESIDE_THE_AGENDA:
        return again(state, ())
    return proceed(replace(state, asked=None))


def _a_person(state: State, no: SaidNo) -> Step:
    return offer_human(understood(state), VARIANTS["ask_person"], no.reason)


def _asks(meaning: Meaning) -> bool:
    values = meaning.address or meaning.phone or meaning.name or meaning.choice
    return (meaning.why or meaning.question == _DECISIONS) and not values and meaning.intent in _ASKING


def _answer(state: State, no: SaidNo) -> Say:
    wording = STATEMENTS["why_from" if no.source else "why"]
    if state.leaving is None:  # else the question that waits offers one
        wording = (*wording, *STATEMENTS["why_person"])
    told = said(Act.ANSWER, wording, None, rule=no.rule, source=no.source)
    return replace(told, entry=no.entry)
