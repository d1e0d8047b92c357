"""What many calls come to: counters and histograms that add up, so that a year is the sum of its days.

A tally is a commutative monoid (``Tally()`` and ``add``): days are counted once, periods are sums.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from callbot.insight.figures.facts import RECALL_WITHIN, CallFacts

ANSWER_WITHIN_S = 20
"""X of the service level QS2"""
STREAK = 2
"""misunderstandings in a row from which a call counts as badly understood"""
RIPE_AFTER = RECALL_WITHIN + timedelta(days=1)
"""a day is judged by its recalls once seven whole days have passed after its last hour"""
HOURS = 24

Name = TypeVar("Name", str, int)


@dataclass(slots=True)
class Tally:
    """``counts`` by name; ``values``: how often each duration was seen, in tenths of a second."""

    counts: Counter[str] = field(default_factory=Counter)
    values: dict[str, Counter[int]] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """``other`` on top of this one."""
        _add(self.counts, other.counts)
        for name, seen in other.values.items():
            _add(self.values.setdefault(name, Counter()), seen)

    def __getitem__(self, name: str) -> int:
        return self.counts[name]

    def of(self, prefix: str) -> dict[str, int]:
        """Counters that begin with ``prefix:``, by the rest of their name, largest first."""
        start = f"{prefix}:"
        found = {name[len(start) :]: count for name, count in self.counts.items() if name.startswith(start)}
        return dict(sorted(found.items(), key=lambda entry: (-entry[1], entry[0])))

    def to_json(self) -> str:
        """Compact; histograms as value, count, value, count..., which is read twice as fast as an object."""
        values = {name: _flat(seen) for name, seen in self.values.items()}
        return json.dumps([self.counts, values], separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Tally:
        """What ``to_json`` wrote."""
        counts, values = json.loads(text)
        return cls(Counter(counts), {name: _from_flat(seen) for name, seen in values.items()})


@dataclass(slots=True)
class Hours:
    """The 24 hours of a day, by column: a year of them adds up ten times faster than as tallies of their own.

    Counters that name a step, a reason, a motive or an outcome are left out: no figure of an hour is made of them.
    """

    counts: dict[str, list[int]] = field(default_factory=dict)
    values: dict[str, list[Counter[int]]] = field(default_factory=dict)

    def add(self, other: Hours) -> None:
        """``other`` on top of these."""
        for name, hours in other.counts.items():
            mine = self.counts.get(name)
            self.counts[name] = hours if mine is None else [one + more for one, more in zip(mine, hours, strict=True)]
        for name, histograms in other.values.items():
            own = self.values.setdefault(name, [Counter() for _ in range(HOURS)])
            for seen, more in zip(own, histograms, strict=True):
                _add(seen, more)

    def tally(self, hour: int) -> Tally:
        """One hour."""
        counts = Counter({name: hours[hour] for name, hours in self.counts.items()})
        return Tally(counts, {name: hours[hour] for name, hours in self.values.items() if hours[hour]})

    def to_json(self) -> str:
        """Compact."""
        values = {name: [_flat(seen) for seen in hours] for name, hours in self.values.items()}
        return json.dumps([self.counts, values], separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Hours:
        """What ``to_json`` wrote."""
        counts, values = json.loads(text)
        return cls(counts, {name: [_from_flat(seen) for seen in hours] for name, hours in values.items()})


def hours_of(tallies: Sequence[Tally]) -> Hours:
    """The columns of 24 tallies."""
    names = sorted(
        {name for tally in tallies for name in tally.counts if ":" not in name or name.startswith("rating:")}
    )
    kinds = sorted({name for tally in tallies for name in tally.values})
    return Hours(
        {name: [tally[name] for tally in tallies] for name in names},
        {name: [Counter(tally.values.get(name, {})) for tally in tallies] for name in kinds},
    )


def _flat(seen: Mapping[int, int]) -> list[int]:
    return [number for pair in sorted(seen.items()) for number in pair]


def _from_flat(numbers: Sequence[int]) -> Counter[int]:
    return Counter(dict(zip(numbers[::2], numbers[1::2], strict=True)))


def _add(counter: Counter[Name], more: Mapping[Name, int]) -> None:
    """``Counter.update`` spends most of its time on the kinds of arguments it takes."""
    for name, count in more.items():
        counter[name] = counter.get(name, 0) + count


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum; of a single one it is that one itself."""
    tallies = list(tallies)
    if len(tallies) == 1:
        return tallies[0]
    whole = Tally()
    for tally in tallies:
        whole.add(tally)
    return whole


def tally_of(calls: Iterable[CallFacts]) -> Tally:
    """The calls counted; conversations in writing are counted apart and touch no figure of the telephone."""
    tally = Tally()
    for call in calls:
        if call.by_phone:
            _count(tally, call)
        elif call.answered:
            tally.counts["written"] += 1
    return tally


def by_hour(calls: Iterable[CallFacts], zone: ZoneInfo) -> list[Tally]:
    """One tally for each hour of the day in which calls were received, local time; empty ones included."""
    hours: list[list[CallFacts]] = [[] for _ in range(HOURS)]
    for call in calls:
        hours[call.received.astimezone(zone).hour].append(call)
    return [tally_of(those) for those in hours]


def is_ripe(day: date, today: date) -> bool:
    """True once nobody who called on ``day`` can ring again within the seven days any more."""
    return day + RIPE_AFTER <= today


def _count(tally: Tally, call: CallFacts) -> None:
    counts = tally.counts
    for name in _names(call):
        counts[name] += 1
    counts["corrections"] += call.corrections
    counts["read_backs"] += call.read_backs
    if (talk := call.talk_s) is not None and (call.ended or call.handed_over):
        counts["talks"] += 1
        counts["talk_ds"] += _tenths(talk)
        counts["handling_ds"] += _tenths(talk) + _tenths(call.person_wait_s or 0) + _tenths(call.person_s or 0)
    if (worked := call.person_s) is not None:
        counts["agent_known"] += 1
        counts["agent_ds"] += _tenths(worked)
    durations = (
        ("pick_up", call.pick_up_s), ("person", call.person_wait_s), ("end_to_end", call.end_to_end_s),
        *(("answer", seconds) for seconds in call.answer_times),
    )  # fmt: skip
    for name, seconds in durations:
        if seconds is not None:
            tally.values.setdefault(name, Counter())[_tenths(seconds)] += 1


def _names(call: CallFacts) -> Iterable[str]:
    """Everything this call counts for, once each."""
    yield "received"
    yield f"outcome:{call.outcome}"
    if call.answered is None:
        yield from _about_diverted(call)
        return
    yield "answered"
    yield f"motive:{call.motive}"
    if (waited := call.pick_up_s) is not None:
        yield "pick_up_known"
        yield from ("within",) if waited <= ANSWER_WITHIN_S else ()
    checks = {
        "spoke": call.spoke,
        "asked": call.asked_person,
        "settled": call.verified or call.call_back or call.person_answered is not None,
        "call_back": call.call_back,
        "booked": call.booked,
        "corrected": call.corrected_later,
        "streaks": call.longest_streak >= STREAK,
        "failed": call.failed,
        "rating_asked": call.rating_asked or call.rating is not None,
        "rated": call.rating is not None,
        f"rating:{call.rating}": call.rating is not None,
        "abandoned": bool(call.abandoned_at),
        f"left:{call.abandoned_at}": bool(call.abandoned_at),
    }
    yield from (name for name, true in checks.items() if true)
    yield from (f"reached:{act}" for act in call.questions)
    yield from _about_people(call)
    yield from _about_scope(call)


def _about_diverted(call: CallFacts) -> Iterable[str]:
    """A person who answers while the bot is switched off picks the call up."""
    if not call.diverted:
        return
    yield "diverted"
    if call.left_waiting:
        yield "diverted_left"
    if call.call_back:
        yield "diverted_call_back"
    if call.call_back or call.person_answered:
        yield "settled"
    if call.person_answered:
        yield "diverted_person"
        if call.received_known:
            yield "pick_up_known"
            waited = (call.person_answered - call.received).total_seconds()
            yield from ("within",) if waited <= ANSWER_WITHIN_S else ()


def _about_people(call: CallFacts) -> Iterable[str]:
    if call.handed_over is None:
        return
    yield "handed"
    yield f"handed:{call.hand_over_reason}"
    if call.person_answered:
        yield "person"
    if call.left_waiting:
        yield "left"


def _about_scope(call: CallFacts) -> Iterable[str]:
    """``traced``: the number is known, so that a recall would be seen."""
    if not call.in_scope:
        return
    yield "scope"
    alone = not call.had_person
    if alone:
        yield "contained"
    if not call.traced:
        return
    yield "traced"
    if call.recalled is None:
        yield "not_recalled"
        if alone and call.verified:
            yield "resolved"


def _tenths(seconds: float) -> int:
    return round(seconds * 10)
