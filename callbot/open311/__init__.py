"""Open311 GeoReport v2: the door for the request systems of the métropole and its communes.

Where it leaves the published text, on purpose: requests are read with a key only (they carry addresses); a body too
long is 413 and a part that is away 503, not 400; there are no tokens of their own, a request's id is its token; when a
request last changed is not told; ``HEAD`` is not answered. ``page`` and ``page_size`` are additions.

Belongs here: its paths, its parameters, its two ways of writing answers. Does not belong here: rules, dates, SQL.
"""

from callbot.open311.answers import report_id
from callbot.open311.router import Open311Deps, open311_router

__all__ = ["Open311Deps", "open311_router", "report_id"]
