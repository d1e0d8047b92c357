"""What the pages refuse, in words for the person who reads them."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal: HTTP status, a title, what to do about it."""

    status: HTTPStatus
    title: str
    advice: str


class RefusedError(Exception):
    """A request that is answered with a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.status.phrase)
        self.problem = problem


NO_CONVERSATION = Problem(
    HTTPStatus.NOT_FOUND,
    "Aucune conversation en cours",
    "Vous pouvez en commencer une. Si cette page revient, votre navigateur refuse le cookie dont elle a besoin.",
)
UNKNOWN_PAGE = Problem(HTTPStatus.NOT_FOUND, "Page introuvable", "Cette adresse n'existe pas.")
WRONG_METHOD = Problem(HTTPStatus.METHOD_NOT_ALLOWED, "Page introuvable", "Cette page ne s'ouvre pas de cette façon.")
FROM_ELSEWHERE = Problem(
    HTTPStatus.FORBIDDEN,
    "Demande refusée",
    "Elle ne venait pas de cette page. Revenez à la conversation et recommencez.",
)
NOT_A_FORM = Problem(
    HTTPStatus.BAD_REQUEST, "Message illisible", "Le message reçu est abîmé. Revenez à la conversation et recommencez."
)
WRONG_TYPE = Problem(
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Message illisible", "Cette page reçoit seulement des messages écrits."
)
TOO_LARGE = Problem(
    HTTPStatus(413),
    "Message trop long",
    "Revenez à la conversation et envoyez un message plus court, de 600 caractères au plus.",
)
TOO_MANY = Problem(
    HTTPStatus.TOO_MANY_REQUESTS,
    "Trop de conversations commencées",
    "Attendez une minute, puis recommencez.",
)
UNAVAILABLE = Problem(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Un problème est survenu de notre côté",
    "Ce que vous avez déjà écrit est gardé. Revenez à la conversation dans une minute.",
)
