"""From outcomes to figures. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from callbot.domain.meaning import Expectation
from tests.bench.addresses.answers import EXPECTS, AnswerOutcome, same_letters, same_name
from tests.bench.addresses.baselines import TOP
from tests.bench.addresses.closed import ClosedOutcome, Turn, commune_outcomes, phone_outcomes
from tests.bench.addresses.corpus import Task
from tests.bench.addresses.dialogues import DialogueOutcome, Ending, asked_again
from tests.bench.addresses.intervals import (
    Bin,
    Share,
    Stated,
    calibration_error,
    mean,
    quantile,
    reliability,
    share,
)
from tests.bench.addresses.line import Condition
from tests.bench.addresses.report import Figure, Plain, Target
from tests.bench.addresses.stages import (
    OURS,
    Guess,
    Listening,
    OursOutcome,
    RawOutcome,
    Scope,
    TimedOutcome,
    is_false_alarm,
    is_right,
    number_line,
)

MAIN, HARD = "main voices", "hard voices"
_GROUPS: Final[Mapping[str, bool]] = {MAIN: False, HARD: True}
_STREETS, _NUMBERS, _CERTAINTY, _TIME = "streets", "house numbers", "certainty", "time"
_DIALOGUES, _NAMES, _COMMUNES, _PHONES = "dialogues", "surnames", "communes", "phones"
_WITH_TARGET: Final = (
    (Scope.CITY, MAIN, Condition.CLEAN, 0.94, "raw + addok 0.26; text 0.60; phonetic 0.70; prototype 0.89-0.92"),
    (Scope.CITY, MAIN, Condition.DB20, 0.86, "prototype 0.77"),
    (Scope.SECTOR, MAIN, Condition.CLEAN, 0.98, "raw + addok 0.34; text 0.74; prototype, one pass 0.95"),
    (Scope.SECTOR, MAIN, Condition.DB20, 0.93, "prototype, one pass 0.85"),
    (Scope.CITY, HARD, Condition.CLEAN, 0.90, "prototype 0.73"),
    (Scope.SECTOR, HARD, Condition.CLEAN, 0.90, "prototype, whole city 0.73"),
)
_TOP3_BEAT: Final = "0.92 (whole city)"


@dataclass(frozen=True, slots=True)
class Streets:
    """Guesses of every method for every sentence, by method."""

    jobs: Sequence[Listening]
    raw: Sequence[RawOutcome]
    ours: Sequence[OursOutcome]

    @property
    def methods(self) -> tuple[str, ...]:
        """Baselines first, ours last."""
        return (*(self.raw[0].guesses if self.raw else ()), OURS)

    def right(self, method: str, scope: Scope, first: int, fits: Callable[[Listening], bool]) -> Share:
        """How many of the addresses that fit have the right street among the ``first`` guesses."""
        return share([
            any(is_right(guess, job, scope) for guess in self._guesses(method, scope, place)[:first])
            for place, job in enumerate(self.jobs)
            if job.utterance.task is Task.ADDRESS and fits(job)
        ])  # fmt: skip

    def _guesses(self, method: str, scope: Scope, place: int) -> tuple[Guess, ...]:
        outcome = self.ours[place].guesses if method == OURS else self.raw[place].guesses[method]
        return tuple(outcome[scope])


def _of(group: str, condition: Condition) -> Callable[[Listening], bool]:
    return lambda job: job.utterance.hard is _GROUPS[group] and job.condition is condition


def street_figures(streets: Streets) -> list[Figure]:
    """Those that have a target."""
    figures = [
        Figure(
            _STREETS,
            f"street first, {scope}, {group}, {condition}",
            streets.right(OURS, scope, 1, _of(group, condition)),
            Target(limit),
            beat,
        )
        for scope, group, condition, limit, beat in _WITH_TARGET
    ]
    for name, fits in (
        ("all voices", lambda job: job.condition is Condition.CLEAN),
        (MAIN, _of(MAIN, Condition.CLEAN)),
    ):
        among = streets.right(OURS, Scope.SECTOR, TOP, fits)
        what = f"street among three, {Scope.SECTOR}, {name}, {Condition.CLEAN}"
        figures.append(Figure(_STREETS, what, among, Target(0.99), _TOP3_BEAT))
    return [*figures, *_number_figures(streets), *_certainty_figures(streets)]


def _number_figures(streets: Streets) -> list[Figure]:
    """Right at once, and of those that are named at all: one too doubtful is asked instead."""
    figures = []
    for condition in (Condition.CLEAN, Condition.DB20):
        numbers = _numbers(streets, condition)
        right, named = share([found == said for found, said in numbers]), [pair for pair in numbers if pair[0]]
        right_of_named = share([found == said for found, said in named])
        figures += [
            Figure(_NUMBERS, f"house number in an address, {condition}", right, Target(0.98)),
            Figure(_NUMBERS, f"house number in an address, where it is not asked, {condition}", right_of_named),
        ]
    return figures


def _numbers(streets: Streets, condition: Condition) -> list[tuple[str, str]]:
    """Found ("" when it is left open) and said; found is that of the best candidate, else the one heard."""
    outcomes = []
    for job, outcome in zip(streets.jobs, streets.ours, strict=True):
        wanted = job.utterance.address
        if job.condition is condition and wanted is not None and wanted.number is not None:
            best = outcome.guesses[Scope.SECTOR][:1]
            found = number_line(best[0].number, best[0].repetition) if best else outcome.number
            outcomes.append((found.lower(), number_line(wanted.number, wanted.repetition).lower()))
    return outcomes


def _certainty_figures(streets: Streets) -> list[Figure]:
    figures = []
    for scope in Scope:
        bins = certainty(streets, scope)
        error = Plain(calibration_error(bins), sum(each.came_true.total for each in bins))
        figures.append(Figure(_CERTAINTY, f"calibration error, {scope}", error, Target(0.03, at_most=True), "none"))
        alarms = share([
            is_false_alarm(outcome.guesses[scope])
            for job, outcome in zip(streets.jobs, streets.ours, strict=True)
            if job.utterance.task is Task.NO_ADDRESS
        ])  # fmt: skip
        figures.append(Figure(_CERTAINTY, f"no address, yet one read back, {scope}", alarms))
    return figures


def certainty(streets: Streets, scope: Scope) -> tuple[Bin, ...]:
    """What the best candidates stated, of all sentences that have one, with those that give no address."""
    stated = [
        Stated(guesses[0].probability or 0.0, _came_true(guesses[0], job))
        for job, outcome in zip(streets.jobs, streets.ours, strict=True)
        if (guesses := outcome.guesses[scope])
    ]
    return reliability(stated)


def _came_true(guess: Guess, job: Listening) -> bool:
    """Whether all that is stated of the best candidate is so: street, arrondissement, and the number if it has one."""
    if not is_right(guess, job, Scope.SECTOR):
        return False
    wanted = job.utterance.address
    said = number_line(wanted.number, wanted.repetition).lower() if wanted else ""
    return guess.number is None or number_line(guess.number, guess.repetition).lower() == said


def method_figures(streets: Streets) -> list[Figure]:
    """Every method, place, kind of voice and condition: first and among three."""
    return [
        Figure("streets by method", f"{scope}|{group}, {condition}|{method}|top {first}", found)
        for scope in Scope
        for group in _GROUPS
        for condition in Condition
        for method in streets.methods
        for first in (1, TOP)
        if (found := streets.right(method, scope, first, _of(group, condition))).total
    ]


def method_rows(figures: Sequence[Figure], scope: Scope) -> dict[str, dict[str, str]]:
    """Rows of a table out of ``method_figures``: voices and condition by method, first / among three."""
    rows: dict[str, dict[str, str]] = {}
    for each in figures:
        at, voices, method, first = each.what.split("|")
        if at != scope:
            continue
        cells = rows.setdefault(f"{voices} (n={each.measured.total})", {})
        among = f"{each.measured.value:.3f}"
        cells[method] = f"{cells[method]} / {among}" if first != "top 1" else each.text
    return rows


def time_figures(outcomes: Sequence[TimedOutcome]) -> list[Figure]:
    """Median and the slowest twentieth."""
    decision = [each.decision_ms / 1000 for each in outcomes]
    search = [each.search_ms for each in outcomes]
    count = len(outcomes)

    def figure(what: str, value: float, limit: float | None, beat: str, digits: int) -> Figure:
        target = None if limit is None else Target(limit, at_most=True)
        return Figure(_TIME, what, Plain(value, count), target, beat, digits)

    beat = "0.6 s one pass, 1.4 s two passes"
    return [
        figure("end of turn to decision, p50, s", quantile(decision, 0.5), 0.6, beat, 2),
        figure("end of turn to decision, p95, s", quantile(decision, 0.95), 1.0, beat, 2),
        figure("search on text, whole métropole, p50, ms", quantile(search, 0.5), None, "19-40 ms", 1),
        figure("search on text, whole métropole, p95, ms", quantile(search, 0.95), 10, "19-40 ms", 1),
    ]


def dialogue_figures(held: Mapping[Listening, DialogueOutcome]) -> list[Figure]:
    """Over all voices, clean and at 20 dB, then each condition."""
    figures = _dialogues("all", held)
    for condition in (Condition.CLEAN, Condition.DB20):
        of_it = {job: outcome for job, outcome in held.items() if job.condition is condition}
        figures += _dialogues(condition.value, of_it)
    return figures


def _dialogues(name: str, held: Mapping[Listening, DialogueOutcome]) -> list[Figure]:
    def ended(ending: Ending) -> Share:
        return share([outcome.ending is ending for outcome in held.values()])

    again = share([asked_again(job, outcome) for job, outcome in held.items()])
    turns = mean([outcome.turns for outcome in held.values()])
    section = f"{_DIALOGUES}, {name}"
    return [
        Figure(section, f"whole address right, {name}", ended(Ending.RIGHT), Target(0.98)),
        Figure(section, f"wrong and confirmed, {name}", ended(Ending.WRONG), Target(0.003, at_most=True)),
        Figure(section, f"handed over, {name}", ended(Ending.HANDED_OVER)),
        Figure(section, f"caller hung up, {name}", ended(Ending.HUNG_UP)),
        Figure(section, f"asked again, {name}", again),
        Figure(section, f"caller turns, {name}", turns, Target(2.5, at_most=True), digits=2),
    ]


def answer_figures(jobs: Sequence[Listening], outcomes: Sequence[AnswerOutcome]) -> list[Figure]:
    """House numbers alone and surnames."""
    pairs = list(zip(jobs, outcomes, strict=True))
    figures = []
    for task in EXPECTS:
        for condition in (Condition.CLEAN, Condition.DB20):
            said = [
                (outcome.found, job.utterance.wanted)
                for job, outcome in pairs
                if job.utterance.task is task and job.condition is condition
            ]
            figures += _answers(task, condition, said)
    return figures


def _answers(task: Task, condition: Condition, said: Sequence[tuple[str, str]]) -> list[Figure]:
    letters = share([same_letters(found, wanted) for found, wanted in said])
    if EXPECTS[task] is Expectation.NUMBER:
        return [Figure(_NUMBERS, f"house number alone, {condition}", letters, Target(0.98))]
    accents = share([same_name(found, wanted) for found, wanted in said])
    spelled = task in (Task.NAME_SPELLED, Task.NAME_BOTH)
    return [
        Figure(_NAMES, f"{task}, exact letters, {condition}", letters, Target(0.95) if spelled else None),
        Figure(_NAMES, f"{task}, with its accents, {condition}", accents),
    ]


def closed_figures(jobs: Sequence[Listening], outcomes: Sequence[ClosedOutcome]) -> list[Figure]:
    """Communes and phone numbers at the first turn. What is asked again by keys is right then: keys are exact."""
    figures = []
    for condition in (Condition.CLEAN, Condition.DB20):
        said = [(job.utterance, it) for job, it in zip(jobs, outcomes, strict=True) if job.condition is condition]
        communes, phones = commune_outcomes(said), phone_outcomes(said)
        not_wrong = Share(communes.total() - communes[Turn.WRONG], communes.total())
        what = f"commune right at once, by its name or by keys, {condition}"
        figures.append(Figure(_COMMUNES, what, not_wrong, Target(0.99)))
        figures += [Figure(_COMMUNES, f"commune, {turn}, {condition}", _of_all(communes, turn)) for turn in Turn]
        exact = (Turn.RIGHT, Turn.ASKED_AGAIN, Turn.WRONG)
        figures += [Figure(_PHONES, f"phone, {turn}, {condition}", _of_all(phones, turn)) for turn in exact]
    return sorted(figures, key=lambda each: each.section)


def _of_all(turns: Counter[Turn], turn: Turn) -> Share:
    return Share(turns[turn], turns.total())
