"""What telephone calls came to, counted without keys; for the plan."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, select

from callbot.insight.figures.facts import TELEPHONE
from callbot.insight.staffing.history import CallsOfAKind
from callbot.storage.figure_tables import call_facts
from callbot.storage.looking import look


def outcome_counts(url: str, since: date) -> list[CallsOfAKind]:
    """Calls received from the day ``since`` on by outcome and reason, as far as they are folded; [] without a database.

    Blocking. Raises ``StorageAwayError`` where the database does not answer.
    """

    def read(connection: Connection) -> list[CallsOfAKind]:
        facts = call_facts.c
        by_telephone = select(facts.outcome, facts.reason, func.count()).where(
            facts.day >= since, facts.channel.in_(TELEPHONE)
        )
        rows = connection.execute(by_telephone.group_by(facts.outcome, facts.reason))
        return [CallsOfAKind(*row) for row in rows]

    return look(url, call_facts.name, read) or []
