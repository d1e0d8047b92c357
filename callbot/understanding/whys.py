"""Whether a caller asks for the reason of what was just said."""

from __future__ import annotations

import re
from typing import Final

_BEFORE: Final = (
    r"^(?:(?:et|mais|ah|oh|euh|bah|ben|non|oui|ok|d accord|alors|donc|enfin|excusez moi|pardon|attendez|dites moi"
    r"|je peux savoir|on peut savoir|expliquez moi|c est|bon) )*"
)
_WHY: Final = r"(?:pourquoi|pour quoi|pour quelles? raisons?|comment (?:ca|cela) se fait(?: il)?)"
_RULE: Final = r"(?:regles?|raisons?|reglement|source|limite)"
_AFTER: Final = r"(?: (?:ca|cela|donc|non|monsieur|madame|s il vous plait|alors|d abord))*$"
_BARE: Final = re.compile(
    rf"{_BEFORE}(?:{_WHY}"
    rf"|(?:c est )?quoi (?:la|le|cette|ce|votre) {_RULE}"
    rf"|quelle? (?:est )?(?:(?:la|le|cette|ce|votre) )?{_RULE}"
    r"|d ou (?:ca|cela|elle|vient|sort|vous sortez|sortez vous|vous tenez|tenez vous)"
    rf"(?: (?:vient|sort|ca|cela|(?:cette|la) {_RULE}))?"
    r"|qui (?:a decide|decide|a dit|dit)"
    rf"){_AFTER}"
)
"""the question alone"""
_OF_A_NO: Final = re.compile(
    rf"\b{_WHY}(?! pas\b).*\b(?:pas|plus|refus\w*|impossible|interdit\w*|trop|limit\w*|maximum|ferm\w*|lourde?s?"
    r"|regles?|verifi\w*|conseiller|person(?:ne)?)\b"
)
"""the question about a refusal: "pourquoi vous ne le prenez pas ?\""""


def asks_why(line: str) -> bool:
    """True when the folded words ask for a reason; "pourquoi pas" is a yes."""
    return bool(_BARE.search(line) or _OF_A_NO.search(line))
