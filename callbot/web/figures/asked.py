"""What the address of a page asks: a period, a territory, how it is cut, which figure is drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from callbot.insight.figures import By, Question
from callbot.web.figures import paths

USUAL_DAYS, LONGEST_DAYS = 30, 366
DRAWN = (
    "received", "pick_up", "within", "settled", "person_wait_median", "person_wait_p90", "end_to_end_median",
    "left_waiting", "abandoned", "dmc", "dmt", "resolved", "contained", "fcr", "handed", "asked", "satisfied",
    "response", "corrected", "streaks", "failed", "answer_p90",
)  # fmt: skip
"""figures that every part of a period has"""


@dataclass(frozen=True, slots=True)
class Asked:
    """``problem``: what in the address could not be read, in French; the rest is answered."""

    question: Question
    figure: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A link to a period."""

    label: str
    query: str


def read(params: Mapping[str, str], today: date, territories: Collection[str]) -> Asked:
    """The question of an address; 30 days by day where it says nothing."""
    problems: list[str] = []
    last = _day(params.get("until", ""), today, problems)
    first = _day(params.get("since", ""), last - timedelta(days=USUAL_DAYS - 1), problems)
    if first > last:
        first, last = last, first
    if (last - first).days >= LONGEST_DAYS:
        first = last - timedelta(days=LONGEST_DAYS - 1)
        problems.append("La période est limitée à un an.")
    territory, figure = params.get("territory", ""), params.get("figure", DRAWN[0])
    if territory and territory not in territories:
        territory = ""
        problems.append("Ce territoire n'existe pas : voici tous les territoires.")
    by = By(params["by"]) if params.get("by") in set(By) else By.DAY
    question = Question(first, last, territory, by)
    return Asked(question, figure if figure in DRAWN else DRAWN[0], " ".join(problems))


def usual_periods(asked: Asked, today: date) -> list[Period]:
    """The periods people ask for most, cut and drawn as they are now."""
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    spans = {
        "Aujourd'hui": (today, today),
        "7 jours": (today - timedelta(days=6), today),
        "30 jours": (today - timedelta(days=29), today),
        "Mois dernier": (before, month - timedelta(days=1)),
        "Un an": (today - timedelta(days=LONGEST_DAYS - 1), today),
    }
    now = asked.question
    return [
        Period(label, paths.query_of(Question(first, last, now.territory, now.by), asked.figure))
        for label, (first, last) in spans.items()
    ]


def _day(text: str, usual: date, problems: list[str]) -> date:
    if not text:
        return usual
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append("Une date n'a pas pu être lue : écrivez-la ainsi, 2026-11-30.")
        return usual
