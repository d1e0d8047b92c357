"""The pages of a booking, out of templates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from starlette.responses import Response

from callbot.booking.completing import MOST_PHOTOS
from callbot.calls.written import unbroken
from callbot.domain.items import Catalogue
from callbot.messages.texts import written_day
from callbot.web.problems import Problem
from callbot.web.rendering import HEADERS, NO_STORE, Templates
from callbot.web.resident import words
from callbot.web.resident.asked import ADDED, HOW_MANY, LONGEST_NOTE, SEARCHED, Wrong
from callbot.web.resident.errands import Ask, Manner, Opened, Proposal
from callbot.web.resident.uploads import MOST_BYTES
from callbot.web.resident.whereabouts import HEIGHT, WIDTH

_POLICY = HEADERS["Content-Security-Policy"]
_ROBOTS = {"X-Robots-Tag": "noindex, nofollow", "Content-Security-Policy": _POLICY}
_TEMPLATES = Templates(
    (
        "resident_base", "resident_parts", "resident_home", "resident_date", "resident_items", "resident_address",
        "resident_choices", "resident_address_day", "resident_note", "resident_email", "resident_photos",
        "resident_opinion", "resident_check", "resident_closed", "resident_problem",
    ),
    {
        "LONGEST_NOTE": LONGEST_NOTE, "MOST_PHOTOS": MOST_PHOTOS, "PHOTO_MB": MOST_BYTES // 1024 // 1024,
        "WIDTH": WIDTH, "HEIGHT": HEIGHT, "ADDED": ADDED, "HOW_MANY": HOW_MANY, "SEARCHED": SEARCHED,
        "written_day": written_day, "unbroken": unbroken, "capital": words.capital,
    },
    _ROBOTS,
)  # fmt: skip

UNKNOWN_LINK = Problem(
    HTTPStatus.NOT_FOUND,
    "Page introuvable",
    "Cette adresse n'ouvre aucune page. Vérifiez le lien de votre SMS : il doit être recopié en entier.",
)
EXPIRED_LINK = Problem(
    HTTPStatus.GONE,
    "Ce lien ne fonctionne plus",
    "La date de ce rendez-vous est passée depuis longtemps : par précaution, sa page est fermée.",
)
FROM_ELSEWHERE = Problem(
    HTTPStatus.FORBIDDEN,
    "Demande refusée",
    "Elle ne venait pas de la page de ce rendez-vous. Rien n'a changé. Ouvrez le lien de votre SMS et recommencez.",
)
_OWN = {
    HTTPStatus.BAD_REQUEST: ("Demande illisible", "Ce qui a été reçu est abîmé."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("Demande illisible", "Cette page ne reçoit que ses propres formulaires."),
    HTTPStatus(413): ("Demande trop longue", "Ce qui a été envoyé est trop long pour cette page."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("Page introuvable", "Cette page ne s'ouvre pas de cette façon."),
    HTTPStatus.TOO_MANY_REQUESTS: ("Trop de demandes", "Attendez une minute, puis rouvrez le lien de votre SMS."),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "Un problème est survenu de notre côté",
        "Votre dernière demande n'a peut-être pas été prise. Rouvrez le lien dans une minute pour le voir.",
    ),
}
_UNCHANGED = "Rien n'a changé. Ouvrez le lien de votre SMS et recommencez."


def image(jpeg: bytes) -> Response:
    """A photo, for the page alone."""
    return Response(jpeg, headers={**HEADERS, **_ROBOTS, "Cache-Control": NO_STORE}, media_type="image/jpeg")


def calendar(file: bytes) -> Response:
    """A calendar file to be kept."""
    headers = {
        **HEADERS,
        **_ROBOTS,
        "Cache-Control": NO_STORE,
        "Content-Disposition": 'attachment; filename="rendez-vous.ics"',
    }
    return Response(file, headers=headers, media_type="text/calendar; charset=utf-8")


@dataclass(frozen=True, slots=True)
class ResidentPages:
    """Every page. ``people_phone``: the number of the call centre as people write it."""

    people_phone: str
    catalogue: Catalogue
    has_calendar: bool

    def home(
        self, opened: Opened, photos: Collection[int], today: date, done: str, *, asks_opinion: bool = False
    ) -> Response:
        """The booking, what can be done with it and why; ``done``: what has just been done, empty for nothing."""
        booking, standing = opened.booking, opened.standing
        put_out = standing.territory.put_out if standing.territory else None
        return self._page(
            "resident_home",
            "Votre rendez-vous",
            opened,
            state=words.state(booking, today),
            day=written_day(booking.day),
            address=words.written_address(booking.address),
            items=words.written_items(booking.items, self.catalogue),
            put_out=put_out,
            times=words.put_out_times(put_out, booking.day) if put_out else "",
            until=words.written_moment(standing.until) if standing.until and standing.closed is None else "",
            closed=words.closed(standing, booking) if standing.closed else None,
            decisions=words.decisions(booking, standing),
            to_come=booking.status.to_come and booking.day >= today,
            sample=bool(standing.territory and standing.territory.sample),
            note=booking.note.reveal() if booking.note else "",
            email=words.masked(booking.email) if booking.email else "",
            photos=sorted(photos),
            done=done,
            has_calendar=self.has_calendar,
            asks_opinion=asks_opinion,
        )

    def ask(self, opened: Opened, manner: Manner, ask: Ask) -> Response:
        """A form; with 422 and what is wrong where something is."""
        status = HTTPStatus.UNPROCESSABLE_ENTITY if ask.wrong else HTTPStatus.OK
        title = f"Erreur : {manner.title}" if ask.wrong else manner.title
        return self._page(ask.page, title, opened, status, manner=manner, wrong=ask.wrong, **ask.values)

    def check(self, opened: Opened, manner: Manner, proposal: Proposal, *, stale: bool) -> Response:
        """The change read back, and the one button that makes it; ``stale``: the booking changed since the last."""
        return self._page(
            "resident_check",
            manner.question,
            opened,
            HTTPStatus.CONFLICT if stale else HTTPStatus.OK,
            manner=manner,
            proposal=proposal,
            stale=stale,
        )

    def photos(self, opened: Opened, photos: Collection[int], wrong: str, status: int) -> Response:
        """The photos there are and the form for one more; ``wrong``: why the last one was not taken."""
        title = "Photos pour l'équipe"
        shown = f"Erreur : {title}" if wrong else title
        wrongs = (Wrong("photo", wrong),) if wrong else ()
        return self._page("resident_photos", shown, opened, status, heading=title, photos=sorted(photos), wrong=wrongs)

    def closed(self, opened: Opened, told: words.Told) -> Response:
        """Why it cannot be changed here, and the way to a person."""
        return self._page("resident_closed", "Changement impossible ici", opened, HTTPStatus.CONFLICT, told=told)

    def problem(self, problem: Problem) -> Response:
        """What went wrong; nothing about any booking."""
        if problem.status in _OWN:
            title, advice = _OWN[problem.status]
            away = problem.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
            problem = Problem(problem.status, title, advice if away else f"{advice} {_UNCHANGED}")
        return _TEMPLATES.problem("resident_problem", problem, self.people_phone)

    def _page(self, name: str, title: str, opened: Opened, status: int = HTTPStatus.OK, **values: object) -> Response:
        known: Mapping[str, object] = {
            "path": opened.link.path,
            "token": opened.link.form_token,
            "version": opened.version,
            "booking": opened.booking,
        }
        return _TEMPLATES.page(name, title, status, self.people_phone, **known, **values)
