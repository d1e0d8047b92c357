"""Which right over one's data the words ask for, where they ask for one."""

from __future__ import annotations

import re
from typing import Final

from callbot.domain.data_rights import DataRight

# The order is that of the weight: who wants everything gone does not only want to see it.
_RIGHTS: Final = tuple(
    (right, re.compile(rf"\b(?:{pattern})"))
    for right, pattern in (
        (DataRight.ERASURE, "(?:effac|supprim|retir|enlev|detrui)|droit a l oubli|(?:gardez|conservez) (?:pas|plus)"),
        (DataRight.OBJECTION, "oppos"),
        (DataRight.RECTIFICATION, "rectifi|corrig|corrections? |mett\\w+ a jour|modifi|fausses?|faux|inexact|perime"),
        (DataRight.LIMITATION, "limit|gel(?:ez|er)|bloqu|suspend|(?:plus|pas|arret\\w*|cess\\w*)(?: d)? utilis"
         "|(?:utilis|exploit|trait)\\w+ (?:plus|pas)"),
        (DataRight.ACCESS, "savoir|voir|consult|acces|acced|copie|gard|conserv|avez|savez|detenez|quelles|donnez"),
    )
)  # fmt: skip


def data_right(line: str) -> DataRight | None:
    """The right that the folded words ``line`` ask for; None where they only name the law."""
    return next((right for right, pattern in _RIGHTS if pattern.search(line)), None)
