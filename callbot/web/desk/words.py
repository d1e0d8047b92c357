"""What the desk's pages say: in French, short, and never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from callbot.calls.summaries import REASONS
from callbot.desk import Certainty, Topic, WrapUp
from callbot.desk.urgency import WORDS as URGENCY
from callbot.desk.wrap_up import WORDS as WRAP_UP
from callbot.dialogue.acts import Act
from callbot.domain.bookings import BookingStatus, NotBooked, NotChanged
from callbot.domain.events import Channel, EndReason
from callbot.settings import LOCAL_ZONE

__all__ = ["REASONS", "URGENCY", "WRAP_UP", "WrapUp"]

TOPICS: Final[Mapping[Topic, str]] = {
    Topic.WISH: "Demande",
    Topic.BOOKING: "Rendez-vous",
    Topic.ITEMS: "Objets",
    Topic.ADDRESS: "Adresse",
    Topic.COMMUNE: "Commune",
    Topic.DATE: "Date",
    Topic.PHONE: "Téléphone",
    Topic.NAME: "Nom",
}
CERTAINTIES: Final[Mapping[Certainty, str]] = {
    Certainty.CONFIRMED: "confirmé",
    Certainty.LIKELY: "à confirmer",
    Certainty.DOUBTFUL: "douteux",
}
CHANNELS: Final[Mapping[Channel, str]] = {
    Channel.PHONE: "téléphone",
    Channel.TURNS: "téléphone (secours)",
    Channel.SMS: "SMS",
    Channel.TEXT: "par écrit",
}
ENDS: Final[Mapping[EndReason, str]] = {
    EndReason.DONE: "mené à bien",
    EndReason.CALLER_HUNG_UP: "raccroché par l'appelant",
    EndReason.HANDED_OVER: "passé à une personne",
    EndReason.CALL_BACK: "rappel promis",
    EndReason.SILENCE: "silence",
    EndReason.BROKEN_STREAM: "ligne coupée",
    EndReason.TOO_LONG: "trop long",
    EndReason.FAILURE: "panne",
    EndReason.DIVERTED: "dirigé vers une personne",
}
STATUSES: Final[Mapping[BookingStatus, str]] = {
    BookingStatus.HELD: "place gardée",
    BookingStatus.BOOKED: "réservé",
    BookingStatus.REPLANNED: "replanifié",
    BookingStatus.COLLECTED: "collecté",
    BookingStatus.NOT_PRESENTED: "rien trouvé",
    BookingStatus.NOT_CONFORM: "non conforme",
    BookingStatus.INACCESSIBLE: "inaccessible",
    BookingStatus.MISSED: "non passé",
    BookingStatus.CANCELLED: "annulé",
}
NOT_BOOKED: Final[Mapping[NotBooked, str]] = {
    NotBooked.NO_ROOM: "Cette date vient de se remplir. Choisissez-en une autre : rien n'est réservé.",
    NotBooked.CUT_OFF_PASSED: "L'heure limite de cette date est passée. Choisissez-en une autre.",
    NotBooked.NOT_READ_BACK: "Lisez le récapitulatif à l'appelant, puis cochez son accord.",
    NotBooked.NOT_SERVED: "Nous ne prenons pas de rendez-vous à cette adresse, ou ses règles ne sont pas connues.",
    NotBooked.HOUSEHOLD_LIMIT: "Ce foyer a eu tous les enlèvements prévus.",
}
NOT_CHANGED: Final[Mapping[NotChanged, str]] = {
    NotChanged.UNKNOWN: "Ce rendez-vous n'existe pas.",
    NotChanged.OVER: "Ce rendez-vous est passé ou annulé : il ne change plus.",
    NotChanged.TOO_LATE: "L'heure limite de ce rendez-vous est passée : il ne change plus.",
    NotChanged.NO_ROOM: "Cette date n'a plus de place pour ces objets. Rien n'a changé.",
    NotChanged.NOT_SERVED: "Les règles de cette adresse ne sont pas connues. Rien n'a changé.",
    NotChanged.NOT_ACCEPTED: "Un objet n'est pas pris, ou il y en a trop. Rien n'a changé.",
    NotChanged.NOT_READ_BACK: "Lisez le changement à l'appelant, puis cochez son accord.",
    NotChanged.HOUSEHOLD_LIMIT: "Ce foyer a eu tous les enlèvements prévus. Rien n'a changé.",
    NotChanged.CONFLICT: "Ce rendez-vous a changé entre-temps. Rien n'a été fait.",
}
_ASKED: Final[Mapping[Act, str]] = {
    Act.ASK_NEED: "sa demande",
    Act.ASK_ITEMS: "les objets",
    Act.ASK_COMMUNE: "la commune",
    Act.CONFIRM_COMMUNE: "la commune",
    Act.ASK_ADDRESS: "l'adresse",
    Act.CHOOSE_ADDRESS: "l'adresse",
    Act.CONFIRM_ADDRESS: "l'adresse",
    Act.ASK_NUMBER: "le numéro de rue",
    Act.ASK_PART: "l'adresse",
    Act.ASK_INITIALS: "l'adresse, lettre par lettre",
    Act.ASK_LANDMARK: "un repère",
    Act.RECALL_ADDRESS: "l'adresse connue",
    Act.OFFER_DATES: "la date",
    Act.ASK_PHONE: "le téléphone",
    Act.CONFIRM_PHONE: "le téléphone",
    Act.ASK_NAME: "le nom",
    Act.RECAP: "l'accord sur le récapitulatif",
    Act.ASK_REFERENCE: "la référence",
    Act.CONFIRM_CANCEL: "l'accord pour annuler",
}


def asked(act: Act | None) -> str:
    """What the machine waits for, in a few words."""
    return _ASKED.get(act, "autre chose") if act else "rien"


def lasting(time: timedelta) -> str:
    """``45 s``, ``3 min``, ``2 h 05``, ``3 jours``: what a person takes in at a glance."""
    seconds = max(int(time.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 86400:
        return f"{seconds // 3600} h {seconds % 3600 // 60:02}"
    days = seconds // 86400
    return f"{days} jour{'s' if days > 1 else ''}"


def clock_time(at: datetime) -> str:
    """``14 h 05``, local."""
    local = at.astimezone(LOCAL_ZONE)
    return f"{local.hour} h {local.minute:02}"


def day_and_time(at: datetime) -> str:
    """``23/11 à 14 h 05``, local."""
    local = at.astimezone(LOCAL_ZONE)
    return f"{local.day:02}/{local.month:02} à {clock_time(at)}"


def written_phone(number: str) -> str:
    """``06 12 34 56 78``; others as they are."""
    if number.startswith("+33") and len(number) == 12:
        national = "0" + number[3:]
        return " ".join(national[at : at + 2] for at in range(0, 10, 2))
    return number
