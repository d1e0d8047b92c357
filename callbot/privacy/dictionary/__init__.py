"""The data dictionary: each column of each table with why it is there, on which legal basis, how long, and who sees it.

Belongs here: French words about columns. Does not belong here: how long (``privacy.retention`` knows), tables.
"""

from callbot.privacy.dictionary.about_calls import ABOUT_CALLS
from callbot.privacy.dictionary.about_pickups import ABOUT_PICKUPS
from callbot.privacy.dictionary.about_requests import ABOUT_REQUESTS
from callbot.privacy.dictionary.about_staff import ABOUT_STAFF
from callbot.privacy.dictionary.about_the_service import ABOUT_THE_SERVICE
from callbot.privacy.dictionary.entries import Basis, Readers, TableEntry, term_of, undocumented, unknown

DICTIONARY: tuple[TableEntry, ...] = (*ABOUT_PICKUPS, *ABOUT_CALLS, *ABOUT_REQUESTS, *ABOUT_STAFF, *ABOUT_THE_SERVICE)

__all__ = ["DICTIONARY", "Basis", "Readers", "TableEntry", "term_of", "undocumented", "unknown"]
