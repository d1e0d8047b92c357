"""The rules' answer on what a caller wants taken away."""

from __future__ import annotations

from callbot.domain.events import ItemsJudged
from callbot.domain.items import Catalogue, Certainty, ItemLine, Ruling, Verdict
from callbot.domain.territories import TerritoryRules


def judge_items(catalogue: Catalogue, items: tuple[ItemLine, ...], territory: TerritoryRules | None) -> ItemsJudged:
    """One ruling a line, in order; an item the catalogue does not know goes to a person, it is never refused.

    Only accepted objects count for the limits of the territory, since the others are not collected. A limit that is
    not filled in, or an unknown territory, limits nothing here.
    """
    rulings = tuple(_ruling(catalogue, line, territory) for line in items)
    accepted = tuple(line for line, ruling in zip(items, rulings, strict=True) if ruling.verdict is Verdict.ACCEPTED)
    volume = catalogue.volume(accepted)
    return ItemsJudged(rulings, volume, _too_many(accepted, volume, territory))


def _ruling(catalogue: Catalogue, line: ItemLine, territory: TerritoryRules | None) -> Ruling:
    if line.item not in catalogue:
        return Ruling(line.item, Verdict.ASK_HUMAN, certainty=Certainty.INFERRED)
    return catalogue[line.item].ruling_in(territory.id if territory else None)


def _too_many(accepted: tuple[ItemLine, ...], volume_m3: float, territory: TerritoryRules | None) -> bool:
    if territory is None:
        return False
    count = sum(line.quantity for line in accepted)
    over_count = territory.max_items is not None and count > territory.max_items
    over_volume = territory.max_volume_m3 is not None and volume_m3 > territory.max_volume_m3
    return over_count or over_volume
