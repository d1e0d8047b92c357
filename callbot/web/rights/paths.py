"""Where the pages about one's own data are: for residents, and for the officers who answer."""

from __future__ import annotations

from urllib.parse import quote

OWN, OWN_CODE, OWN_COPY = "/mes-donnees", "/mes-donnees/code", "/mes-donnees/copie"
DESK, ONE = "/admin/droits", "/admin/droits/{request_id}"
MOVE, COPY = ONE + "/faire", ONE + "/copie"


def of_request(path: str, request_id: str) -> str:
    """The path of one request."""
    return path.replace("{request_id}", quote(request_id, safe=""))
