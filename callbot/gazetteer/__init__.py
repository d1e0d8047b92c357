"""The address base: BAN import, phonetic index, search, sectors, geopy geocoders.

Belongs here: everything that knows which streets exist. geopy is imported here only.
Does not belong here: what the caller meant, what to ask next.
"""

from callbot.gazetteer.communes import Communes, communes, read_communes
from callbot.gazetteer.sample import ensure_gazetteer
from callbot.gazetteer.search import Gazetteer, open_gazetteer
from callbot.gazetteer.store import BaseStatus, UnreadableBaseError

__all__ = [
    "BaseStatus",
    "Communes",
    "Gazetteer",
    "UnreadableBaseError",
    "communes",
    "ensure_gazetteer",
    "open_gazetteer",
    "read_communes",
]
