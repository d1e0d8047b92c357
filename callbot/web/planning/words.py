"""A plan in French."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from callbot.insight.figures import Unit
from callbot.insight.figures.words import written_interval, written_value
from callbot.insight.staffing import FALL_WANTED, Estimate, Fall, Outcomes, Plan, PlanFigures, Verdict, Wait

_WAITS: Final = {
    Wait.QUEUE: "dans la file des agents",
    Wait.END_TO_END: "pour tous ceux qui appellent aux heures d'ouverture, jusqu'à une réponse (robot ou personne)",
    Wait.TO_A_PERSON: "jusqu'à une personne, pour ceux qui en veulent une, la partie avec le robot comprise",
}
_VERDICTS: Final = {
    Verdict.YES: "Oui",
    Verdict.NO: "Non",
    Verdict.UNSURE: "On ne peut pas le dire",
    Verdict.UNKNOWN: "Sans objet",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, before and after, with its 95 % interval."""

    label: str
    before: str
    after: str


def rows(plan: Plan) -> tuple[Row, ...]:
    """The figures people ask for."""
    return tuple(
        Row(label, before, after)
        for (label, before), (_, after) in zip(_figures(plan.before), _figures(plan.after), strict=True)
    )


def answers(plan: Plan) -> tuple[str, ...]:
    """Whether waiting falls by 30 %, for each way of counting it: one alone could hide the others."""
    return tuple(answer(fall) for fall in plan.falls)


def _figures(figures: PlanFigures) -> Iterator[tuple[str, str]]:
    yield "Attente moyenne dans la file (ASA)", seconds(figures.wait.mean)
    yield "Attente médiane", seconds(figures.wait.median)
    yield "Neuf sur dix attendent moins de", seconds(figures.wait.p90)
    yield "Attente la plus longue de l'année", seconds(figures.wait.max)
    yield "Abandon dans la file", share(figures.abandonment)
    yield "Décrochés en 20 s ou moins, de la file", share(figures.service_level)
    yield "Menés à bien, de tous les appels reçus", share(figures.completed)
    yield "Temps des agents en communication", share(figures.occupancy)


def answer(fall: Fall) -> str:
    """One answer, its interval beside it."""
    head = f"{_VERDICTS[fall.verdict]} : {_WAITS[fall.wait]}"
    if fall.fall is None:
        return f"{head}, personne n'attend."
    grows = fall.fall.value < 0
    value, low, high = (abs(round(100 * part)) for part in (fall.fall.value, fall.fall.low, fall.fall.high))
    wanted = f"{round(100 * FALL_WANTED)} % de baisse visés"
    if (fall.fall.low < 0) != (fall.fall.high < 0):
        return f"{head}, l'attente reste à peu près la même ({wanted})."
    moves = "augmente" if grows else "baisse"
    return f"{head}, l'attente {moves} de {value} % (entre {min(low, high)} et {max(low, high)} % ; {wanted})."


def seconds(estimate: Estimate | None) -> str:
    """``15,5 s [15,0 – 16,0]``."""
    if estimate is None:
        return "sans objet"
    return f"{_one(estimate.value)} s [{_one(estimate.low)} – {_one(estimate.high)}]"


def share(estimate: Estimate | None) -> str:
    """``6,2 % [6,0 – 6,4]``."""
    if estimate is None:
        return "sans objet"
    return f"{_one(100 * estimate.value)} % [{_one(100 * estimate.low)} – {_one(100 * estimate.high)}]"


def _one(value: float) -> str:
    return f"{max(value, 0.0):.1f}".replace(".", ",")


def counted(shares: Outcomes) -> str:
    """On how many calls shares rest, with their intervals; "" where they are assumed."""
    settled, people = shares.settled_between, shares.handed_over_between
    if settled is None or people is None:
        return ""
    between = [written_interval(each, Unit.SHARE) for each in (settled, people)]
    calls = written_value(shares.calls, Unit.CALLS)
    return (
        f"Parts comptées sur {calls} appels de l'année écoulée ; à 95 %, réglée par le robot {between[0]}, passée à une"
        f" personne {between[1]}."
    )
