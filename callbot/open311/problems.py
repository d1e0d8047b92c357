"""Answers that say no: what Open311 calls errors."""

from __future__ import annotations

from http import HTTPStatus


class ProblemError(Exception):
    """Ends a request. ``description`` is French, tells what to do, and never repeats what was sent."""

    def __init__(self, status: HTTPStatus, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


def bad(description: str) -> ProblemError:
    """The request cannot be understood, or the rules do not let it be (400)."""
    return ProblemError(HTTPStatus.BAD_REQUEST, description)


def unknown(description: str) -> ProblemError:
    """There is no such thing here (404)."""
    return ProblemError(HTTPStatus.NOT_FOUND, description)


NO_KEY = ProblemError(HTTPStatus.FORBIDDEN, "Indiquez une clé valable dans api_key.")
AWAY = ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, "Le service ne répond pas. Réessayez plus tard.")
TOO_LARGE = ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "La requête est trop longue.")
