"""SQLAlchemy tables, unit of work, migrations. SQLAlchemy and Alembic are imported here only.

Belongs here: how facts are kept on SQLite and PostgreSQL. Does not belong here: any rule.
"""

from callbot.storage.call_backs import StoredCallBack
from callbot.storage.call_facts import CallFactsProjection
from callbot.storage.database import Connections, StorageAwayError
from callbot.storage.event_log import CallSummary, NotedGap
from callbot.storage.facade import Storage, StoredUnitOfWork
from callbot.storage.figures import Figures, Live, SignedMonth
from callbot.storage.hand_overs import QueuedCall
from callbot.storage.hosts import ChoreLeases
from callbot.storage.stored_reports import StoredReport

__all__ = [
    "CallFactsProjection",
    "CallSummary",
    "ChoreLeases",
    "Connections",
    "Figures",
    "Live",
    "NotedGap",
    "QueuedCall",
    "SignedMonth",
    "Storage",
    "StorageAwayError",
    "StoredCallBack",
    "StoredReport",
    "StoredUnitOfWork",
]
