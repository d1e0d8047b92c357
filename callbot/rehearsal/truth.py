"""Truthful answers to read-backs: does what the bot read out agree with what the caller wants?"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Protocol

from callbot.rehearsal.goal import Goal


@dataclass(frozen=True, slots=True)
class HeardPrompt:
    """The words of a prompt, as an observer beside the line noted them."""

    act: str
    number: int
    text: str


class Observer(Protocol):
    """Hears the bot's words for the caller, who has no speech recognition of its own."""

    async def prompt(self, call_id: str, number: int) -> HeardPrompt | None:
        """Prompt ``number`` of this call (the number in its mark), None when nobody noted it."""
        ...


def folded(text: str) -> str:
    """Lower case, without accents and signs, single spaces, one at each end."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return f" {' '.join(re.findall(r'[a-z0-9]+', plain.encode('ascii', 'ignore').decode()))} "


def agrees(goal: Goal, prompt: HeardPrompt) -> bool:
    """True when nothing the caller cares about is missing from this read-back."""
    match prompt.act:
        case "confirm_commune":
            return _holds(prompt.text, goal.commune)
        case "confirm_address":
            return is_wanted_address(goal, prompt.text)
        case "recall_address":
            return _holds(prompt.text, goal.street) and _holds(prompt.text, goal.commune)
        case "confirm_phone":
            return _same_phone(goal.phone, prompt.text)
        case "recap":
            items = all(_holds(prompt.text, item) for item in goal.items)
            return items and is_wanted_address(goal, prompt.text)
        case _:
            return True


def is_wanted_address(goal: Goal, text: str) -> bool:
    """Street and number of the goal are both in ``text``; a commune too where the goal names one."""
    number = str(goal.number) if goal.number is not None else ""
    return _holds(text, goal.street) and _holds(text, number) and _holds(text, goal.commune)


def wanted_choice(goal: Goal, text: str) -> int | None:
    """Which of the addresses offered (``A ou B``; ``A, tapez 1, B, tapez 2``) is wanted, from 1; None when none is.

    They are offered by what tells them apart, the street they share before a colon (``Rue de Rome : le 12, ou le 22``):
    the wanted one holds every part of the goal that is named at all, and the street must be.
    """
    shared, _, named = text.rpartition(" :")
    lines = re.split(r"\bou\b|\btapez \d", named)
    parts = (goal.street, str(goal.number) if goal.number is not None else "", goal.commune)
    told = [part for part in parts if any(_holds(line, part) for line in lines)]
    if not told or not _holds(text, goal.street) or (goal.street not in told and not _holds(shared, goal.street)):
        return None
    return next((place for place, line in enumerate(lines, 1) if all(_holds(line, part) for part in told)), None)


def _holds(text: str, wanted: str) -> bool:
    return folded(wanted) in folded(text) if wanted.strip() else True


def _same_phone(phone: str, text: str) -> bool:
    """The pairs of figures read out end the wanted number: a read-back may be of the last ones alone."""
    figures = "".join(re.findall(r"\b\d{2}\b", text))
    return len(figures) >= 4 and ("0" + phone.removeprefix("+33")).endswith(figures[-10:])
