"""What the rules said no to, in plain French with where the rule comes from, kept for the caller who asks why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from callbot.dialogue.state import SaidNo, State
from callbot.dialogue.wording import listed, spoken_closure, spoken_limit, spoken_number
from callbot.domain.bookings import NotChanged
from callbot.domain.events import ClosedThen, HandOverReason
from callbot.domain.items import Ground, Ruling, Verdict
from callbot.domain.territories import HouseholdLimit

_PLURAL_FROM = 2
"""one and a half is singular in French: "1,5 mètre cube\""""
_WEIGHT = "/limits.max_weight_kg"
_LONGEST_SOURCE = 80
"""characters of a source nobody worded for the telephone"""
_RULES: Final[Mapping[str, str]] = {
    "refused": "{items} ne font pas partie de cette collecte",
    "doubt": "pour {items}, c'est une personne qui décide",
    "max_items": "Un rendez-vous prend {most} objet{s} au plus",
    "max_volume_m3": "Un rendez-vous prend {most} mètre{s} cube{s} au plus",
    "max_weight_kg": "Un objet peut peser {most} kilo{s} au plus",
    "limit": "Un rendez-vous ne prend pas plus que cela",
    "household": "Un foyer a droit à {limit}",
    "household_reached": "Un foyer a droit à un nombre d'enlèvements limité",
    "closed": "Il n'y a pas de collecte {days} : {reason}",
    "too_late": "Un rendez-vous ne change plus après son heure limite, car la tournée est prête",
    "cut_off": "Une date ne se réserve plus après son heure limite",
    "unmet": "À ce moment-là, l'équipe ne passe pas dans votre secteur, ou elle est complète",
    "full": "Toutes les places de votre secteur sont prises pour le moment",
    "no_rules": "Personne ne m'a encore donné les règles de cette commune",
}
"""a rule as a sentence without its full stop, so that its source can follow"""
_NAMED = "la source « {source} »"


def of_rulings(state: State, rulings: Sequence[Ruling]) -> SaidNo | None:
    """The reason for the first of these rulings that has one, told of all objects it holds for."""
    known = state.world.catalogue
    grounded = [(ruling, ruling.ground) for ruling in rulings if ruling.ground is not None and ruling.item in known]
    if not grounded:
        return None
    first, ground = grounded[0]
    if _is_limit(ground):
        return of_limit(ground)
    alike = [ruling for ruling, its in grounded if (its.source, ruling.verdict) == (ground.source, first.verdict)]
    names = listed([f"les {known[ruling.item].plural}" for ruling in alike])
    rule = _RULES["refused" if first.verdict is Verdict.REFUSED else "doubt"].format(items=names)
    return SaidNo(rule[:1].upper() + rule[1:], _source(ground), HandOverReason.ITEM_DOUBT, ground.rule)


def of_limit(ground: Ground) -> SaidNo:
    """The reason for objects that are too many, too large together, or too heavy."""
    key = ground.rule.rpartition(".")[2]
    known = _RULES[key] if ground.most is not None and key in _RULES else _RULES["limit"]
    most = ground.most or 0
    rule = known.format(most=spoken_number(most), s="s" if most >= _PLURAL_FROM else "")
    return SaidNo(rule, _source(ground), HandOverReason.ITEM_DOUBT, ground.rule)


def of_household(limit: HouseholdLimit | None, ground: Ground | None) -> SaidNo:
    """The reason for a household that has had all its pickups."""
    rule = _RULES["household"].format(limit=spoken_limit(limit)) if limit else _RULES["household_reached"]
    return _of(rule, ground, HandOverReason.HOUSEHOLD_LIMIT)


def of_change(reason: NotChanged, ground: Ground | None) -> SaidNo | None:
    """The reason for a change that a rule did not allow; None where no rule is behind it."""
    if ground is None:
        return None
    if reason is NotChanged.TOO_LATE:
        return _of(_RULES["too_late"], ground, HandOverReason.AMEND)
    return of_limit(ground) if _is_limit(ground) else None


def of_closure(closed: ClosedThen) -> SaidNo:
    """The reason for days on which nobody comes."""
    rule = _RULES["closed"].format(days=spoken_closure(closed.first, closed.last), reason=closed.reason)
    return _of(rule, closed.ground, HandOverReason.NO_DATE)


def of_no_date() -> SaidNo:
    """The reason where every place is taken."""
    return SaidNo(_RULES["full"], "", HandOverReason.NO_DATE)


def of_cut_off(ground: Ground | None) -> SaidNo:
    """The reason for a date that can no longer be booked."""
    return _of(_RULES["cut_off"], ground, HandOverReason.NO_DATE)


def of_unmet_wish() -> SaidNo:
    """The reason where nothing is free when the caller wished."""
    return SaidNo(_RULES["unmet"], "", HandOverReason.NO_DATE)


def of_no_rules() -> SaidNo:
    """The reason where no rules of the commune were given to us."""
    return SaidNo(_RULES["no_rules"], "", HandOverReason.RULE_UNKNOWN)


def _of(rule: str, ground: Ground | None, reason: HandOverReason) -> SaidNo:
    return SaidNo(rule, _source(ground) if ground else "", reason, ground.rule if ground else None)


def _is_limit(ground: Ground) -> bool:
    return "/limits." in ground.rule


def is_too_heavy(ruling: Ruling) -> bool:
    """True where the weight of an object is what is in doubt: the ruling has a sentence of its own for it."""
    return ruling.ground is not None and ruling.ground.rule.endswith(_WEIGHT)


def _source(ground: Ground) -> str:
    """The source as it goes on after "d'après"."""
    if ground.spoken:
        return ground.spoken
    short = ground.source.partition(" ; ")[0].partition(" (")[0].rstrip(". ")[:_LONGEST_SOURCE]
    return _NAMED.format(source=short)
