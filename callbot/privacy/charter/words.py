"""How counts and names are told in French."""

from __future__ import annotations

from collections.abc import Collection

_SHOWN = 5


def several(number: int, one: str, many: str) -> str:
    """ "1 appel", "12 appels"."""
    return f"{number} {one if number < 2 else many}"


def listed(names: Collection[str]) -> str:
    """The first names, and how many more there are."""
    shown = sorted(names)[:_SHOWN]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" et {more} de plus" if more > 0 else "")


def percent(share: float) -> str:
    """0.987 -> "98,7 %"."""
    return f"{share * 100:.1f}".replace(".", ",").removesuffix(",0") + " %"


def decimal(value: float) -> str:
    """1.5 -> "1,5"."""
    return f"{value:.1f}".replace(".", ",").removesuffix(",0")
