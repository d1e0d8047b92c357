"""Names of days and months, as written and spoken; words that leave things out."""

from __future__ import annotations

import re
from typing import Final

WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
"""Monday first, as ``date.weekday`` counts"""
MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
LEFT_OUT: Final = re.compile(r"\b(?:pas|plus|sans|sauf|ni|excepté|non)\b", re.IGNORECASE)
"""words by which a thing is left out on purpose"""
