"""What a caller really wants: read-backs are judged against it, a base answers from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import Field, model_validator

from callbot.rehearsal.answers import Strict
from callbot.rehearsal.expectations import E164
from callbot.speech.spoken import ordinal

_MARSEILLE: Final = "132"


class Goal(Strict):
    """What the caller really wants."""

    street: str = ""
    number: int | None = None
    insee: str = Field("", pattern=r"^$|^[0-9AB]{5}$")
    commune: str = ""
    """as the bot says it: ``sixième arrondissement``, which goes without saying where ``insee`` tells it"""
    phone: str = Field("", pattern=rf"^$|{E164}")
    items: tuple[str, ...] = ()
    """words that must be in the recap: ``canapé``"""
    wants: str = ""
    """the items as the caller says them: ``un canapé et deux matelas``"""
    things: Mapping[str, int] = {}
    """the items as the knowledge base calls them: ``{canape: 1}``"""

    @model_validator(mode="before")
    @classmethod
    def _arrondissement(cls, raw: Any) -> Any:
        known = isinstance(raw, dict) and not raw.get("commune") and str(raw.get("insee", "")).startswith(_MARSEILLE)
        return {**raw, "commune": f"{ordinal(int(str(raw['insee'])[3:]))} arrondissement"} if known else raw

    @property
    def in_marseille(self) -> bool:
        """True for an arrondissement of Marseille."""
        return self.insee.startswith(_MARSEILLE) or "arrondissement" in self.commune
