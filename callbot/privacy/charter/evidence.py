"""Results of rehearsals and benchmarks, kept as small JSON files with their date in ``<data folder>/evidence``."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any


class Kind(StrEnum):
    """What a file is about; its name without the ending."""

    REHEARSAL_TEXT = "rehearse-text"
    """``callbot rehearse --all --json``"""
    REHEARSAL_SOUND = "rehearse-sound"
    QUESTIONS = "bench-questions"
    """``{"asked": n, "beside": n}``: questions put aside for the test, and those answered by another one's entry"""
    EQUITY = "bench-equity"
    """``{"groups": {name: {"calls": n, "success": share}}}``"""
    SOBRIETY = "bench-sobriety"
    """``{"calls": n, "cpu_s": seconds a call, "wh": watt-hours a call or null, "budget_cpu_s": seconds}``"""
    MASKING = "bench-masking"
    """``{"secrets": n, "hidden": n, "words_hidden": n, "words_hidden_rightly": n}`` over labelled sentences"""
    CITIZENS = "citizens-review"
    """``{"held_on": "2027-03-01", "remarks": n, "answered": n}``, written by people"""
    CHARTER = "charter"
    """the last run of the charter"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A result and when it was made."""

    made_at: datetime
    result: Mapping[str, Any]


class EvidenceFolder:
    """The files. Blocking: ask it in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, kind: Kind, result: Mapping[str, Any], at: datetime) -> None:
        """Put the result in the place of the one before; whoever reads sees one or the other, whole."""
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{kind}.json"
        draft = target.with_name(f".{kind}.{os.getpid()}")
        document = {"made_at": at.isoformat(timespec="seconds"), "result": result}
        draft.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(target)

    def read(self, kind: Kind) -> Kept | None:
        """The last result; None where there is none, or none that can be read."""
        try:
            found = json.loads((self._folder / f"{kind}.json").read_text(encoding="utf-8"))
            kept = Kept(datetime.fromisoformat(found["made_at"]), found["result"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return kept if kept.made_at.tzinfo and isinstance(kept.result, dict) else None

    def all(self) -> dict[Kind, Kept]:
        """Every result there is but the charter's own."""
        found = ((kind, self.read(kind)) for kind in Kind if kind is not Kind.CHARTER)
        return {kind: kept for kind, kept in found if kept is not None}
