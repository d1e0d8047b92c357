"""Every figure: formula, numerator, denominator. Definitions of ``domain_facts`` section 3.3, word for word.

The denominator of what is said of the telephone is always the calls received: rates that leave out calls lost before
they were answered mislead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from callbot.insight.figures.facts import Outcome
from callbot.insight.figures.figure import CallFilter, Family, Figure, Named, Unit
from callbot.insight.figures.sample import Baseline, Sample
from callbot.insight.figures.statistics import (
    Interval,
    Spread,
    change,
    mean_interval,
    quantile,
    quantile_interval,
    spread_of,
    wilson,
)
from callbot.insight.figures.tally import Tally
from callbot.insight.figures.words import reason_word, written_duration

TARGET_PICK_UP = 0.85
"""« plan téléphone » of the State"""
TARGET_WAIT = -0.30
"""what the métropole wants of the wait for a person"""


Narrow = Callable[[CallFilter], CallFilter]


@dataclass(frozen=True, slots=True)
class _Share:
    """A share of counters. ``narrow``: finds the calls of the numerator, where a filter can.

    ``needs``: a counter without which the numerator is not known at all (no arrival was noted: "sans objet").
    """

    named: Named
    numerator: str
    denominator: str
    target: float | None = None
    ripe: bool = False
    narrow: Narrow | None = None
    note: str = ""
    needs: str = ""
    also: str = ""
    """another counter of the numerator"""

    def of(self, sample: Sample) -> Figure:
        tally = sample.ripe if self.ripe else sample.all
        trials = 0 if self.needs and not tally[self.needs] else tally[self.denominator]
        counted = tally[self.numerator] + (tally[self.also] if self.also else 0)
        found = share(self.named, counted, trials, sample.where)
        calls = self.narrow(sample.where) if self.narrow else sample.where
        note = f"{self.note} {_pending(sample)}".strip() if self.ripe else self.note
        return replace(found, calls=calls, exact=self.narrow is not None, note=note, target=self.target)


def share(named: Named, numerator: int, denominator: int, calls: CallFilter) -> Figure:
    """A share with its interval; where nobody was counted there is no value."""
    value = numerator / denominator if denominator else None
    return Figure(named, Unit.SHARE, value, numerator, denominator, wilson(numerator, denominator), calls)


def _pending(sample: Sample) -> str:
    if not sample.pending:
        return ""
    return f"En attente : {sample.pending} appels de moins de 7 jours, comptés plus tard."


def _outcome(outcome: Outcome) -> Narrow:
    return lambda where: where.narrowed(outcome=outcome)


_KNOWN_ONLY = "Un numéro masqué ne permet pas de voir un rappel : ces appels ne sont pas comptés."
_PICK_UP, _ABANDONED, _RESOLUTION = Family.PICK_UP, Family.ABANDONED, Family.RESOLUTION
_PEOPLE, _SATISFACTION, _QUALITY = Family.PEOPLE, Family.SATISFACTION, Family.QUALITY
_SHARES = (
    _Share(
        Named("pick_up", _PICK_UP, "Taux de décroché (QS1)",
              "(appels décrochés par l'assistant + décrochés par un conseiller quand l'assistant est arrêté)"
              " / appels reçus"),
        "answered", "received", TARGET_PICK_UP, also="diverted_person",
    ),
    _Share(
        Named("within", _PICK_UP, "Décrochés en 20 secondes au plus (QS2)",
              "appels décrochés en 20 s au plus / appels reçus"),
        "within", "received", note="Sans heure d'arrivée connue, un appel compte comme non décroché en 20 s.",
        needs="pick_up_known",
    ),
    _Share(
        Named("settled", _PICK_UP, "Taux d'aboutissement",
              "(fins vérifiées + conseillers au bout du fil + rappels promis) / appels reçus"),
        "settled", "received",
    ),
    _Share(
        Named("diverted", _PICK_UP, "Dirigés vers les conseillers, assistant arrêté",
              "appels dirigés vers les conseillers sans l'assistant / appels reçus"),
        "diverted", "received",
    ),
    _Share(
        Named("diverted_person", _PICK_UP, "Assistant arrêté : conseiller obtenu",
              "appels dirigés auxquels un conseiller répond / appels dirigés vers les conseillers"),
        "diverted_person", "diverted",
    ),
    _Share(
        Named("diverted_call_back", _PICK_UP, "Assistant arrêté : rappel promis",
              "appels dirigés pour lesquels un rappel est promis / appels dirigés vers les conseillers"),
        "diverted_call_back", "diverted",
    ),
    _Share(
        Named("diverted_left", _ABANDONED, "Assistant arrêté : raccrochés avant la réponse d'un conseiller",
              "appels dirigés et raccrochés en attente / appels dirigés vers les conseillers"),
        "diverted_left", "diverted",
    ),
    _Share(
        Named("left_waiting", _ABANDONED, "Abandon en attente d'un conseiller",
              "raccrochés avant la réponse d'un conseiller / appels passés en attente"),
        "left", "handed",
    ),
    _Share(
        Named("abandoned", _ABANDONED, "Raccrochés pendant une question de l'assistant",
              "raccrochés pendant une question / appels décrochés"),
        "abandoned", "answered", narrow=lambda where: where.narrowed(outcome=Outcome.ABANDONED),
    ),
    _Share(
        Named("resolved", _RESOLUTION, "Résolution par l'assistant seul, sans rappel sous 7 jours",
              "appels à fin vérifiée, sans conseiller et sans rappel pour le même motif sous 7 jours / appels du"
              " service dont le numéro est connu"),
        "resolved", "traced", ripe=True, note=_KNOWN_ONLY,
    ),
    _Share(
        Named("contained", _RESOLUTION, "Traités sans conseiller (autonomie)",
              "appels du service sans conseiller ni rappel promis / appels du service"),
        "contained", "scope", note="Ce taux compte aussi qui a raccroché : il ne dit pas que la demande est résolue.",
    ),
    _Share(
        Named("fcr", _RESOLUTION, "Résolution au premier appel (FCR)",
              "appels sans rappel pour le même motif sous 7 jours / appels du service dont le numéro est connu"),
        "not_recalled", "traced", ripe=True, note=_KNOWN_ONLY,
    ),
    _Share(
        Named("handed", _PEOPLE, "Passages à un conseiller", "appels passés à un conseiller / appels décrochés"),
        "handed", "answered",
    ),
    _Share(
        Named("asked", _PEOPLE, "Conseiller demandé", "appels où un conseiller est demandé / appels décrochés"),
        "asked", "answered", narrow=lambda where: where.narrowed(asked=True),
    ),
    _Share(
        Named("obtained", _PEOPLE, "Conseiller obtenu",
              "appels où un conseiller répond / appels passés à un conseiller"),
        "person", "handed",
    ),
    _Share(
        Named("call_back", _PEOPLE, "Rappels promis", "appels où un rappel est promis / appels décrochés"),
        "call_back", "answered",
    ),
    _Share(
        Named("satisfied", _SATISFACTION, "Satisfaits", "réponses « oui » (touche 1) / réponses"),
        "rating:1", "rated", note="Dit par les appelants, jamais deviné par une machine.",
    ),
    _Share(
        Named("partly", _SATISFACTION, "En partie satisfaits", "réponses « en partie » (touche 2) / réponses"),
        "rating:2", "rated",
    ),
    _Share(
        Named("unsatisfied", _SATISFACTION, "Pas satisfaits", "réponses « non » (touche 3) / réponses"),
        "rating:3", "rated",
    ),
    _Share(
        Named("response", _SATISFACTION, "Taux de réponse à la question", "réponses / questions posées"),
        "rated", "rating_asked",
    ),
    _Share(
        Named("corrected", _QUALITY, "Rendez-vous corrigés après coup",
              "rendez-vous pris par l'assistant puis modifiés / rendez-vous pris par l'assistant"),
        "corrected", "booked",
    ),
    _Share(
        Named("read_backs", _QUALITY, "Relectures refusées",
              "relectures auxquelles l'appelant répond non / relectures"),
        "corrections", "read_backs",
    ),
    _Share(
        Named("streaks", _QUALITY, "Appels mal compris",
              "appels avec 2 incompréhensions de suite ou plus / appels où quelqu'un a parlé"),
        "streaks", "spoke",
    ),
    _Share(
        Named("failed", _QUALITY, "Pannes", "appels où une partie du service a échoué / appels décrochés"),
        "failed", "answered",
    ),
)  # fmt: skip
_QUANTILES = (("median", "médiane", 0.5), ("p90", "9 fois sur 10 au plus", 0.9), ("max", "la plus longue", 1.0))


@dataclass(frozen=True, slots=True)
class _Quantile:
    """One of them."""

    named: Named
    values: str
    at: float

    def of(self, sample: Sample) -> Figure:
        seen: Mapping[int, int] = sample.all.values.get(self.values, {})
        between = quantile_interval(seen, self.at) if self.at < 1 else None
        value, number = _seconds(quantile(seen, self.at)), sum(seen.values())
        return Figure(self.named, Unit.SECONDS, value, None, number, _tenths(between), sample.where, exact=False)


@dataclass(frozen=True, slots=True)
class _Wait:
    """Median, p90 and longest of a duration."""

    named: Named
    values: str

    def quantiles(self) -> Iterable[_Quantile]:
        for key, word, at in _QUANTILES:
            named = replace(self.named, key=f"{self.named.key}_{key}", label=f"{self.named.label}, {word}")
            yield _Quantile(named, self.values, at)


_WAITS = (
    _Wait(
        Named("pick_up_wait", Family.WAITING, "Avant que l'assistant décroche",
              "heure de décroché - heure d'arrivée de l'appel"),
        "pick_up",
    ),
    _Wait(
        Named("person_wait", Family.WAITING, "Avant qu'un conseiller réponde",
              "heure de réponse du conseiller - heure du passage, pour les appels auxquels un conseiller a répondu"),
        "person",
    ),
    _Wait(
        Named("end_to_end", Family.WAITING, "De l'appel au conseiller, assistant compris",
              "heure de réponse du conseiller - heure d'arrivée, pour les appels auxquels un conseiller a répondu"),
        "end_to_end",
    ),
    _Wait(
        Named("answer", _QUALITY, "Temps de réponse de l'assistant",
              "lecture des mots + réflexion, d'après les événements, sans le silence de fin de phrase ni la ligne"),
        "answer",
    ),
)  # fmt: skip


def figures_of(sample: Sample) -> list[Figure]:
    """Every figure of a period, family by family."""
    found = [
        *(make(sample) for make in _ALONE.values()),
        *_changes(sample),
        *_steps(sample),
        *_reasons(sample),
    ]
    order = {family: place for place, family in enumerate(Family)}
    return sorted(found, key=lambda figure: order[figure.named.family])


def _received(sample: Sample) -> Figure:
    named = Named("received", _PICK_UP, "Appels reçus", "appels téléphoniques arrivés au service, décrochés ou non")
    return _count(named, sample.all["received"], sample.where)


def _written(sample: Sample) -> Figure:
    named = Named("written", _PICK_UP, "Conversations écrites", "conversations par la page écrite et par SMS, à part")
    return replace(_count(named, sample.all["written"], sample.where), exact=False)


def _count(named: Named, count: int, calls: CallFilter) -> Figure:
    return Figure(named, Unit.CALLS, count, count, None, None, calls)


_MEANS = (
    (
        Named("dmc", Family.HANDLING, "Durée moyenne de conversation avec l'assistant (DMC)",
              "durées de conversation / appels terminés ou passés à un conseiller"),
        "talk_ds", "talks",
    ),
    (
        Named("dmt", Family.HANDLING, "Durée moyenne de traitement (DMT)",
              "(conversation avec l'assistant + attente d'un conseiller + conversation et travail après l'appel du"
              " conseiller, quand ils sont connus) / appels de l'assistant terminés ou passés à un conseiller"),
        "handling_ds", "talks",
    ),
    (
        Named("dmt_agents", Family.HANDLING, "Durée moyenne de traitement par un conseiller",
              "(fin de la fiche, 30 min au plus après l'appel, ou fin de l'appel - heure de réponse du conseiller)"
              " / appels auxquels un conseiller a répondu et dont la fin est connue"),
        "agent_ds", "agent_known",
    ),
)  # fmt: skip


def _mean(sample: Sample, named: Named, counter: str, calls: str) -> Figure:
    number, seconds = sample.all[calls], sample.all[counter] / 10
    value = seconds / number if number else None
    note = _agents_known(sample.all) if counter == "handling_ds" else ""
    return Figure(named, Unit.SECONDS, value, seconds, number, None, sample.where, exact=False, note=note)


def _agents_known(tally: Tally) -> str:
    reached = tally["person"] + tally["diverted_person"]
    return f"Temps du conseiller connu pour {tally['agent_known']} appels sur {reached} avec un conseiller."


_ALONE: Mapping[str, Callable[[Sample], Figure]] = {
    "received": _received,
    "written": _written,
    **{spec.named.key: spec.of for spec in _SHARES},
    **{each.named.key: each.of for wait in _WAITS for each in wait.quantiles()},
    **{named.key: partial(_mean, named=named, counter=counter, calls=calls) for named, counter, calls in _MEANS},
}
"""figures that need nothing but a sample, by key"""


def figure_of(sample: Sample, key: str) -> Figure:
    """One figure; raises ``KeyError`` for one that only some samples have (a step, a reason, a comparison)."""
    return _ALONE[key](sample)


def _changes(sample: Sample) -> Iterable[Figure]:
    """Before and after: of the wait for a person, and of the whole way to one."""
    before = sample.baseline
    if before is None:
        return
    whole_way_s = before.wait_s if before.end_to_end_s is None else before.end_to_end_s
    yield _change(sample, "person", "Attente d'un conseiller, après / avant", before.wait_s, before)
    yield _change(sample, "end_to_end", "De l'appel au conseiller, après / avant", whole_way_s, before)


def _change(sample: Sample, values: str, label: str, wait_s: float, before: Baseline) -> Figure:
    named = Named(
        f"{values}_change", Family.WAITING, label, "(moyenne après - moyenne avant) / moyenne avant"
    )  # fmt: skip
    seen = spread_of(sample.all.values.get(values, {}))
    after = Spread(seen.mean / 10, seen.error / 10, seen.number) if seen else None
    changed = change(Spread(wait_s, before.error_s, 0), after) if after else None
    value, interval = (changed.relative, changed.interval) if changed else (None, None)
    note = _compared(wait_s, before.source, after)
    number = after.number if after else 0
    return Figure(
        named, Unit.CHANGE, value, None, number, interval, sample.where, exact=False, note=note, target=TARGET_WAIT
    )


def _compared(wait_s: float, source: str, after: Spread | None) -> str:
    before = f"Avant : {written_duration(wait_s)} en moyenne ({source})."
    if after is None:
        return before
    between = mean_interval(after)
    reach = f"de {written_duration(between.low)} à {written_duration(between.high)}"
    return f"{before} Après : {written_duration(after.mean)} en moyenne ({reach})."


def _steps(sample: Sample) -> Iterable[Figure]:
    """Who hung up at a question, of those who were asked it."""
    reached = sample.all.of("reached")
    for act, left in sample.all.of("left").items():
        label = f"À l'étape « {sample.step_words.get(act, act)} »"
        named = Named(f"left:{act}", _ABANDONED, label, "raccrochés à cette question / appels où elle est posée")
        asked = max(reached.get(act, 0), left)
        yield share(named, left, asked, sample.where.narrowed(abandoned_at=act))


def _reasons(sample: Sample) -> Iterable[Figure]:
    formula = "appels passés pour ce motif / appels passés à un conseiller"
    for reason, count in sample.all.of("handed").items():
        named = Named(f"handed:{reason}", _PEOPLE, f"Motif : {reason_word(reason)}", formula)
        yield share(named, count, sample.all["handed"], sample.where.narrowed(reason=reason))


def _seconds(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10


def _tenths(interval: Interval | None) -> Interval | None:
    return Interval(interval.low / 10, interval.high / 10) if interval else None
