"""Access and erasure for one person, found by their phone number or by the reference of a booking.

Erasure (RGPD art. 17) and what it leaves: a booking to come is what the person asked the authority for, and its data is
necessary for that until the pickup (art. 17(1)(a) does not apply yet, art. 6(1)(e) does). So it is kept with what the
crew needs, address and items alone, and goes on the day after; who does not want that pickup any more cancels it first.
"""

from __future__ import annotations

import io
import json
import secrets
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from callbot.domain.personal import PhoneNumber
from callbot.privacy.journal import KeepsJournal, Noted
from callbot.privacy.purging import Signs
from callbot.privacy.written import listed, written
from callbot.settings import LOCAL_ZONE

KEY_DAYS = 2
"""days that the key of a day outlives the retention of what it protects, at most"""

TITLES: Mapping[str, str] = {
    "bookings": "Rendez-vous",
    "calls": "Conversations (appels, SMS, page écrite)",
    "messages": "Messages que nous avons envoyés",
    "call_backs": "Rappels promis",
    "reports": "Signalements et réclamations",
    "requests": "Vos demandes sur vos données",
    "looks": "Consultations de vos données par des agents",
}
"""sections of an export, with their title for its reader"""


class AmbiguousSubjectError(Exception):
    """Neither a phone number nor a reference was given, or both were."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is about: everything of a phone number, or one booking and what hangs on it."""

    phone: PhoneNumber | None = None
    reference: str = ""

    def __post_init__(self) -> None:
        if (self.phone is None) == (not self.reference):
            raise AmbiguousSubjectError("give a phone number or a reference, one of them")


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """What there is of a person, by the keys of its rows. ``to_come``: bookings whose pickup is ahead."""

    phone_index: str = ""
    bookings: tuple[str, ...] = ()
    to_come: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    call_backs: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    """ids of the calls they were made in"""
    cases: tuple[str, ...] = ()
    """regression cases made from these calls"""
    requests: tuple[str, ...] = ()
    """what they asked about their data"""

    @property
    def empty(self) -> bool:
        """True when there is nothing."""
        kinds = (self.bookings, self.calls, self.messages, self.call_backs, self.reports, self.shown, self.requests)
        return not any(kinds)


@dataclass(frozen=True, slots=True, repr=False)
class Export:
    """A copy of what there is of a person. ``pictures``: JPEG files by name."""

    at: datetime
    sections: Mapping[str, list[dict[str, Any]]]
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    def readable(self) -> list[tuple[str, list[list[str]]]]:
        """The readable form in parts: each section's title, and the lines of each of its elements."""
        return [(title, [written(row) for row in self.sections.get(name, [])]) for name, title in TITLES.items()]

    def as_zip(self) -> bytes:
        """Everything in one file: readable, portable, pictures. Blocking."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("donnees.txt", self.as_text())
            archive.writestr("donnees.json", self.as_json())
            for name, picture in self.pictures.items():
                archive.writestr(name, picture)
        return packed.getvalue()

    def as_json(self) -> str:
        """The portable form."""
        content = {"exported_at": self.at.isoformat(), **self.sections, "pictures": sorted(self.pictures)}
        return json.dumps(content, ensure_ascii=False, indent=2)

    def as_text(self) -> str:
        """The readable form, in French."""
        when = self.at.astimezone(LOCAL_ZONE)
        lines = [f"Données que le service des encombrants garde sur vous, le {when:%d/%m/%Y} à {when:%H h %M}", ""]
        for name, title in TITLES.items():
            rows = self.sections.get(name, [])
            lines += [f"{title} : {len(rows) or 'aucun élément'}", *(line for row in rows for line in listed(row)), ""]
        return "\n".join([*lines, f"Photos jointes : {len(self.pictures)}", ""])


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was erased, by kind and number; nothing in it tells whose."""

    id: str
    at: datetime
    removed: Mapping[str, int]
    kept_for_pickup: int
    backups_until: date
    text: str
    signature: str

    def as_json(self) -> str:
        """With its signature, to be checked with the verifying key."""
        return json.dumps({"certificate": json.loads(self.text), "signature": self.signature}, indent=2)

    def as_text(self) -> str:
        """For the person, in French."""
        when = self.at.astimezone(LOCAL_ZONE)
        rows = [f"- {_KINDS[kind]} : {count}" for kind, count in self.removed.items() if count and kind in _KINDS]
        kept = (
            f"{self.kept_for_pickup} rendez-vous à venir : seules l'adresse et la liste des objets sont gardées,"
            " jusqu'au lendemain de l'enlèvement."
            if self.kept_for_pickup
            else "Rien n'est gardé."
        )
        return "\n".join(
            [
                f"Certificat d'effacement {self.id}", f"Le {when:%d/%m/%Y} à {when:%H h %M}, nous avons effacé :",
                *(rows or ["- rien : aucune donnée n'a été trouvée"]), kept,
                "Les mots des conversations deviennent illisibles dans nos sauvegardes au plus tard le"
                f" {self.backups_until:%d/%m/%Y}, le reste dès le prochain changement de clé.",
                "Ce numéro peut recevoir à nouveau des SMS s'il sert à prendre un rendez-vous.",
                f"Signature : {self.signature}", "",
            ]
        )  # fmt: skip


_KINDS = {
    "bookings": "rendez-vous",
    "calls": "conversations",
    "messages": "messages",
    "call_backs": "rappels promis",
    "reports": "signalements et réclamations",
    "photos": "photos",
}


class KnowsPeople(Protocol):
    """What is stored of people (``storage.person``)."""

    async def find(self, subject: Subject, today: date) -> Found:
        """Where something of them is; nothing but what is needed to find it is opened."""

    async def export(self, found: Found, at: datetime) -> Export:
        """A copy of it, opened."""

    async def erase(self, found: Found, keep: frozenset[str], at: datetime) -> Mapping[str, int]:
        """Remove it, but the address and items of the bookings ``keep``; how many of each kind."""


@dataclass(frozen=True, slots=True)
class Rights:
    """Use case: what a person may ask for."""

    people: KnowsPeople
    journal: KeepsJournal
    signer: Signs
    now: Callable[[], datetime]
    transcripts_days: int

    async def find(self, subject: Subject) -> Found:
        """Where something of the person is."""
        return await self.people.find(subject, self.now().astimezone(LOCAL_ZONE).date())

    async def export(self, subject: Subject, who: str, reason: str) -> Export:
        """A copy of everything, noted in the journal before it is read."""
        found = await self.find(subject)
        counted = f"{len(found.bookings)} bookings, {len(found.calls)} calls, {len(found.messages)} messages"
        await self.journal.note(Noted.EXPORT, who, reason, counted)
        return await self.people.export(found, self.now())

    async def erase(self, subject: Subject, who: str, reason: str) -> Certificate:
        """Remove everything but what a pickup to come needs; the certificate is noted in the journal."""
        found = await self.find(subject)
        at = self.now()
        removed = await self.people.erase(found, frozenset(found.to_come), at)
        days = timedelta(days=self.transcripts_days + KEY_DAYS)
        certificate = self._certificate(at, removed, len(found.to_come), (at + days).date())
        counted = ", ".join(f"{kind} {count}" for kind, count in removed.items() if count) or "nothing was there"
        await self.journal.note(Noted.ERASURE, who, reason, f"{certificate.id}: {counted}")
        return certificate

    def _certificate(self, at: datetime, removed: Mapping[str, int], kept: int, until: date) -> Certificate:
        number = f"E-{at:%Y%m%d}-{secrets.token_hex(4)}"
        said = {
            "id": number, "at": at.isoformat(), "removed": dict(removed), "kept_for_pickup": kept,
            "backups_until": until.isoformat(),
        }  # fmt: skip
        text = json.dumps(said, sort_keys=True)
        return Certificate(number, at, removed, kept, until, text, self.signer.sign(text))


def found_row(found: Found) -> dict[str, int]:
    """How much there is, for who has to decide; nothing in it is of the person."""
    return {kind.name: len(getattr(found, kind.name)) for kind in fields(found) if kind.name != "phone_index"}
