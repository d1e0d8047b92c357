"""What the callers want: the same bookings in every group, drawn once from streets with house numbers."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from callbot.gazetteer.communes import ARRONDISSEMENTS
from callbot.gazetteer.records import Street
from callbot.gazetteer.search import Gazetteer
from callbot.rehearsal.scenario import Scenario
from tests.bench.equity.groups import Group

SEED: Final = "equity-1"
_THINGS: Final[Sequence[tuple[str, dict[str, int], tuple[str, ...]]]] = (
    ("un canapé", {"canape": 1}, ("un canapé",)),
    ("deux matelas", {"matelas": 2}, ("deux matelas",)),
    ("une armoire", {"armoire": 1}, ("une armoire",)),
    ("une table et quatre chaises", {"table": 1, "chaise": 4}, ("une table", "quatre chaises")),
    ("un frigo", {"refrigerateur": 1}, ("un réfrigérateur",)),
    ("une machine à laver", {"lave_linge": 1}, ("une machine à laver",)),
    ("un lit", {"lit": 1}, ("un lit",)),
    ("un fauteuil", {"fauteuil": 1}, ("un fauteuil",)),
)
"""as people say it, as it must be booked, and what they want to hear in the recap before they say yes"""


def wishes(gazetteer: Gazetteer, calls: int) -> tuple[dict[str, object], ...]:
    """``calls`` goals (see ``rehearsal.goal``): a house of Marseille, one that exists where the base knows; things that
    are taken.
    """
    streets = sorted(
        (one for one in gazetteer.index.streets if one.insee in ARRONDISSEMENTS),
        key=lambda one: (not one.numbers, one.insee, one.name),
    )
    streets = [one for one in streets if one.numbers] or streets
    return tuple(_wish(gazetteer, streets, Random(f"{SEED}:{place}")) for place in range(calls))


def _wish(gazetteer: Gazetteer, streets: Sequence[Street], draw: Random) -> dict[str, object]:
    """The same for the same draw, however many callers there are."""
    street = draw.choice(streets)
    houses = [house.number for house in gazetteer.numbers(street) if not house.repetition] or range(1, 80)
    wants, things, told = draw.choice(_THINGS)
    number = draw.choice(houses)
    return {
        "street": street.name, "number": number, "insee": street.insee,
        "wants": wants, "things": things, "items": told,
    }  # fmt: skip


def scenario(group: Group, place: int, wish: dict[str, object]) -> Scenario:
    """The call of a group's ``place``-th caller: whoever knows what they want and answers what is asked."""
    manners = {"styles": [style.value for style in group.styles]}
    return Scenario.model_validate({
        "name": f"equity_{place}", "title": group.name, "base": "resident", "goal": wish, "manners": manners,
        "channels": "text",
        "calls": [{"expect": {"booking": {}, "ended": "done"}}],
    })  # fmt: skip
