"""Where the figures are."""

from __future__ import annotations

from urllib.parse import urlencode

from callbot.insight.figures import CallFilter, Question

HOME = "/admin/figures"
FILE = "/admin/figures/chiffres"
MONTHS = "/admin/figures/mois"
CALLS = "/admin/calls"
PUBLIC = "/registre/chiffres"
OPEN = "/open-data/chiffres"
STYLE = "/registre/chiffres.css"


def of_calls(calls: CallFilter) -> str:
    """The list of the calls behind a figure."""
    return f"{CALLS}?{calls.query}" if calls.query else CALLS


def query_of(question: Question, figure: str = "") -> str:
    """A question as the pages take it in their address."""
    asked = {
        "since": question.first.isoformat(),
        "until": question.last.isoformat(),
        "territory": question.territory,
        "by": question.by.value,
        "figure": figure,
    }
    return urlencode({name: value for name, value in asked.items() if value})
