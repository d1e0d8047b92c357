"""What the form of the plan asks: hostile text into values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_LONGEST = 120
_VOLUME = re.compile(r"\d{1,7}", re.ASCII)
_SHARE = re.compile(r"\d{1,3}", re.ASCII)
_DUTY = re.compile(r"[0-9:=, -]{1,120}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """One plan: calls a year, agents on duty as ``callbot plan --agents`` writes them, shares from 0 to 1."""

    volume: int = 180_000
    agents: str = "5"
    settled: float = 0.50
    handed_over: float = 0.45


class WrongPlanError(ValueError):
    """A sentence for who filled in the form."""


def read_plan(form: Mapping[str, str]) -> Asked:
    """The plan of a form; raises ``WrongPlanError``."""
    volume, agents = form.get("appels", "").replace(" ", ""), form.get("agents", "").strip()
    if not _VOLUME.fullmatch(volume) or int(volume) < 1:
        raise WrongPlanError("Écrivez le nombre d'appels par an en chiffres, par exemple 180000.")
    if len(agents) > _LONGEST or not _DUTY.fullmatch(agents):
        raise WrongPlanError("Écrivez un nombre d'agents, par exemple 5, ou des heures : 8-12=7,12-18:30=5.")
    settled, handed_over = _share(form.get("regles", "")), _share(form.get("passes", ""))
    if settled is None or handed_over is None or settled + handed_over > 1:
        raise WrongPlanError("Les deux parts s'écrivent de 0 à 100, et font 100 au plus ensemble.")
    return Asked(int(volume), agents, settled, handed_over)


def _share(text: str) -> float | None:
    return int(text) / 100 if _SHARE.fullmatch(text.strip()) and int(text) <= 100 else None
