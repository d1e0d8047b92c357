"""The rules' answer on what a caller wants taken away."""

from __future__ import annotations

from dataclasses import replace

from callbot.domain.events import ItemsJudged
from callbot.domain.items import Catalogue, Certainty, Ground, ItemKind, ItemLine, Ruling, Verdict
from callbot.domain.territories import TerritoryRules

TOO_HEAVY = "C'est peut-être trop lourd pour l'équipe. Un conseiller vérifie avec vous."
_UNKNOWN = Ground("items", "Objet absent du catalogue : une personne décide.", Certainty.INFERRED)


def judge_items(catalogue: Catalogue, items: tuple[ItemLine, ...], territory: TerritoryRules | None) -> ItemsJudged:
    """One ruling a line, in order; an item the catalogue does not know goes to a person, it is never refused.

    Only accepted objects count for the limits of the territory, since the others are not collected. A limit that is
    not filled in, or an unknown territory, limits nothing here; nor does a weight limit, where a weight is unknown.
    """
    rulings = tuple(_ruling(catalogue, line, territory) for line in items)
    accepted = tuple(line for line, ruling in zip(items, rulings, strict=True) if ruling.verdict is Verdict.ACCEPTED)
    volume = catalogue.volume(accepted)
    passed = _limit_passed(accepted, volume, territory) if territory else None
    return ItemsJudged(rulings, volume, passed is not None, passed)


def _ruling(catalogue: Catalogue, line: ItemLine, territory: TerritoryRules | None) -> Ruling:
    if line.item not in catalogue:
        return Ruling(line.item, Verdict.ASK_HUMAN, certainty=Certainty.INFERRED, ground=_UNKNOWN)
    kind = catalogue[line.item]
    if territory is None:
        return kind.ruling_in(None)
    ruling = kind.ruling_in(territory.key)
    return _heavy(ruling, territory) if _too_heavy(kind, ruling, territory) else ruling


def _too_heavy(kind: ItemKind, ruling: Ruling, territory: TerritoryRules) -> bool:
    if ruling.verdict is not Verdict.ACCEPTED or kind.weight_kg is None or territory.max_weight_kg is None:
        return False
    return kind.weight_kg > territory.max_weight_kg


def _heavy(ruling: Ruling, territory: TerritoryRules) -> Ruling:
    """Not refused: the weight in the catalogue is that of a usual one, and a person may know this one."""
    ground = territory.ground("limits.max_weight_kg")
    return replace(
        ruling,
        verdict=Verdict.ASK_HUMAN,
        alternative=TOO_HEAVY,
        source=ground.source,
        certainty=ground.certainty,
        ground=ground,
    )


def _limit_passed(accepted: tuple[ItemLine, ...], volume_m3: float, territory: TerritoryRules) -> Ground | None:
    if territory.max_items is not None and sum(line.quantity for line in accepted) > territory.max_items:
        return territory.ground("limits.max_items")
    if territory.max_volume_m3 is not None and volume_m3 > territory.max_volume_m3:
        return territory.ground("limits.max_volume_m3")
    return None
