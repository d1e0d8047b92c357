"""How a question is put: in its next wording, never the same sentence twice in a row."""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.acts import Act, DialogueAct
from callbot.dialogue.prompts import CHOICES, EXPECTS, LEAD_INS, QUESTIONS, Wording, said
from callbot.dialogue.state import State
from callbot.dialogue.wording import spoken_items

Step = tuple[State, tuple[DialogueAct, ...]]


def ask(
    state: State,
    act: Act,
    lead: Wording = (),
    variant: tuple[Wording, ...] = (),
    hints: tuple[str, ...] = (),
    **values: str,
) -> Step:
    """Asks ``act``; the more misses on it, the further down its list of wordings. ``hints``: words of the answer.

    What would be the same sentence twice in a row is worded otherwise and counts as a setback: no progress was made.
    """
    misses = state.misses if state.asked_act is act else 0
    wordings = (*variant, *QUESTIONS[act][len(variant) :])
    last = len(wordings) - 1
    chosen = wordings[min(misses, last)]
    if misses < last and state.asked and said(act, (*lead, *chosen), None, **values).text == state.asked.text:
        stuck = replace(state, misses=misses + 1, setbacks=state.setbacks + 1)
        return ask(stuck, act, lead, variant, hints, **values)
    if state.items and state.judged and not state.noted and act not in (Act.RECAP, Act.OFFER_HUMAN):
        lead = (*lead, *LEAD_INS["noted"])
        values["items"] = spoken_items(state.items, state.world.catalogue)
        state = replace(state, noted=True)
    say = replace(said(act, (*lead, *chosen), EXPECTS[act], **values), hints=hints or CHOICES.get(act, ()))
    return replace(state, asked=say, misses=misses), (say,)


def understood(state: State) -> State:
    """The state after words that led on: misunderstandings of the question are forgotten."""
    return replace(state, misses=0, ever_understood=True)
