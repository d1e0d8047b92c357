"""Open311 GeoReport v2: the door for the request systems of the métropole and its communes.

Belongs here: its paths, its parameters, its two ways of writing answers. Does not belong here: rules, dates, SQL.
"""

from callbot.open311.answers import report_id
from callbot.open311.router import Open311Deps, open311_router

__all__ = ["Open311Deps", "open311_router", "report_id"]
