"""When people may be disturbed: local time of the métropole.

A message that answers what a person has just done leaves at once; one that nobody waits for leaves at a decent hour.
Nine at night to eight in the morning is left in peace, which is stricter than any rule we know of for messages of a
service (the hours of commercial calls do not apply to it).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

DAY_BEGINS, DAY_ENDS = time(8), time(21)
REMINDS_FROM, REMINDS_UNTIL = time(17), time(20)
"""late enough to be at home, early enough to carry things down; a reminder that is late any further is left out"""
RINGS_FROM, RINGS_UNTIL = time(9), time(20)
"""a call disturbs more than an SMS does"""


def at_a_decent_hour(moment: datetime) -> datetime:
    """``moment`` (local) itself between eight and nine at night, else the next eight in the morning."""
    at = moment.time().replace(tzinfo=None)
    if DAY_BEGINS <= at < DAY_ENDS:
        return moment
    day = moment.date() + timedelta(days=1 if at >= DAY_ENDS else 0)
    return datetime.combine(day, DAY_BEGINS, moment.tzinfo)


def reminders_end(moment: datetime) -> datetime:
    """When a reminder queued at ``moment`` (local) comes too late: at nine at night, whatever held it up."""
    return datetime.combine(moment.date(), DAY_ENDS, moment.tzinfo)


def may_ring(moment: datetime) -> bool:
    """True while somebody may be rung with a message; ``moment`` in local time."""
    return RINGS_FROM <= moment.time().replace(tzinfo=None) < RINGS_UNTIL


def reminds_now(moment: datetime) -> bool:
    """True while reminders of tomorrow's pickups are sent; ``moment`` in local time."""
    return REMINDS_FROM <= moment.time().replace(tzinfo=None) < REMINDS_UNTIL
