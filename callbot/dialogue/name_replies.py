"""The name of the caller, where the service asks for one: optional, read back, spelled after one refusal."""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.acts import Act
from callbot.dialogue.state import Naming, State
from callbot.domain.meaning import Meaning, YesNo
from callbot.domain.names import spoken_letters
from callbot.domain.personal import PersonName

NAME_QUESTIONS = frozenset({Act.ASK_NAME, Act.ASK_NAME_SPELLED, Act.CONFIRM_NAME})
NAME_MISSES = 2
"""misunderstandings of one question about the name after which the booking goes on without it"""
_REFUSALS, _REFUSALS_SPELLED = 3, 2
"""read-backs said to be wrong after which nobody insists; fewer when the name was spelled already"""


def take_name(state: State, meaning: Meaning) -> State:
    """The state with the name just said, still to be read back; another name than the one read back refuses that one.

    A name is taken where it was asked for and nowhere else: what is not needed is not kept.
    """
    if not meaning.name or state.asked_act not in NAME_QUESTIONS or _same(state, meaning):
        return state
    refused = state.asked_act is Act.CONFIRM_NAME
    known = _refused(state.naming) if refused else state.naming
    if known.declined:
        return replace(state, naming=known)
    return replace(state, naming=replace(known, name=PersonName(meaning.name), spelled=meaning.spelled is not None))


def ask_name(state: State, meaning: Meaning) -> State | None:
    """No name wanted: accepted at once."""
    return without_name(state) if meaning.yes_no is YesNo.NO else None


def confirm_name(state: State, meaning: Meaning) -> State | None:
    """Yes, no, or the same name once more, which is a yes."""
    if meaning.yes_no is YesNo.NO:
        return replace(state, naming=_refused(state.naming))
    if meaning.yes_no is YesNo.YES or (meaning.name and _same(state, meaning)):
        return replace(state, naming=replace(state.naming, confirmed=True))
    return None


def without_name(state: State) -> State:
    """The booking goes on without a name."""
    return replace(state, naming=Naming(declined=True))


def spoken_name(naming: Naming) -> str:
    """``Martinez``; a spelled name letter by letter after it: ``Martinez, M comme Marcel, A comme Anatole...``."""
    name = naming.name.reveal() if naming.name else ""
    return f"{name}, {spoken_letters(name)}" if naming.spelled else name


def _same(state: State, meaning: Meaning) -> bool:
    noted = state.naming.name
    return noted is not None and meaning.name is not None and noted.reveal().casefold() == meaning.name.casefold()


def _refused(naming: Naming) -> Naming:
    refusals = naming.refusals + 1
    if refusals >= (_REFUSALS_SPELLED if naming.spelled else _REFUSALS):
        return Naming(declined=True)
    return Naming(refusals=refusals)
