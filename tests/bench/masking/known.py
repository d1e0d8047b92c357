"""What is known of a call in which nothing was understood."""

from __future__ import annotations

from callbot.gazetteer import communes
from callbot.privacy import Known
from callbot.privacy.patterns import plain_words


def nobody() -> Known:
    """Nothing but the names of communes, which the service always has."""
    return Known(plain=plain_words([commune.name for commune in communes()]))
