"""Where the pages of the review are."""

from __future__ import annotations

from urllib.parse import quote

HOME, ANNOTATIONS, JOURNAL = "/admin", "/admin/annotations", "/admin/journal"
CALLS = "/admin/calls"
"""the list by its other name, as figures link to the calls behind them"""
CALL = "/admin/calls/{call_id}"
UNMASK, ANNOTATE = CALL + "/demasquer", CALL + "/annoter"
CASE, DROP_CASE = "/admin/annotations/{number:int}/cas", "/admin/annotations/{number:int}/oublier-cas"
STYLE = "/admin/style.css"


def of_call(path: str, call_id: str) -> str:
    """The path of one call."""
    return path.replace("{call_id}", quote(call_id, safe=""))


def of_annotation(path: str, number: int) -> str:
    """The path of one annotation."""
    return path.replace("{number:int}", str(number))
