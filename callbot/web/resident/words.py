"""The words about a booking: its state, why it can or cannot be changed, which rules decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from callbot.booking.looking import Standing
from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Author, Booking, BookingStatus, NotChanged, NotConform
from callbot.domain.events import ChangeFailed
from callbot.domain.french import WEEKDAYS
from callbot.domain.items import Catalogue, Ground, ItemLine, Ruling, Verdict
from callbot.domain.personal import EmailAddress
from callbot.domain.territories import PutOut, SectorRules, TerritoryRules
from callbot.messages.texts import written_day, written_time


@dataclass(frozen=True, slots=True)
class Told:
    """A title and what goes with it; ``source``: where the rule comes from, empty where there is none to name."""

    title: str
    text: str
    source: str = ""


_STATES = {
    BookingStatus.COLLECTED: ("Objets enlevés", "L'équipe a enlevé vos objets le {day}. Merci."),
    BookingStatus.NOT_PRESENTED: (
        "Rien trouvé sur place",
        "L'équipe est passée le {day} et n'a pas vu d'objets à cette adresse. Si vous les aviez sortis, appelez-nous :"
        " une personne vérifie avec vous.",
    ),
    BookingStatus.INACCESSIBLE: (
        "Accès impossible",
        "L'équipe est passée le {day} et n'a pas pu atteindre les objets. Appelez-nous pour convenir d'un autre jour.",
    ),
    BookingStatus.MISSED: (
        "Passage manqué",
        "L'équipe n'est pas passée le {day}, et vous n'y êtes pour rien. Une nouvelle date vous est donnée sans que"
        " vous ayez à la demander. Gardez vos objets chez vous d'ici là si vous le pouvez.",
    ),
    BookingStatus.CANCELLED: (
        "Rendez-vous annulé",
        "Personne ne passe le {day}. Ne sortez rien, s'il vous plaît.",
    ),
    BookingStatus.HELD: ("Réservation en cours", "Une place est gardée le {day}. Elle n'est pas encore réservée."),
}
_NOT_CONFORM = {
    NotConform.OTHER_ITEMS: "il y avait des objets qui n'étaient pas annoncés",
    NotConform.TOO_MUCH: "il y avait plus d'objets qu'annoncé",
    NotConform.NOT_TAKEN: "il y avait des choses que cette collecte ne prend pas, comme des gravats ou des végétaux",
    NotConform.BLOCKS_THE_WAY: "les objets étaient à un endroit où ils gênaient le passage",
    NotConform.NO_REFERENCE: "la référence n'était pas visible, et l'équipe ne pouvait pas reconnaître vos objets",
}


def state(booking: Booking, today: date) -> Told:
    """Where the booking stands."""
    day = written_day(booking.day)
    if booking.status.to_come:
        return _to_come(booking, today, day)
    if booking.not_conform is not None:
        why = _NOT_CONFORM[booking.not_conform]
        text = (
            f"L'équipe est passée le {day} et a laissé des objets : {why}. Si vous n'êtes pas d'accord, appelez-nous :"
            " une personne regarde votre situation."
        )
        return Told("Objets laissés sur place", text)
    title, text = _STATES[booking.status]
    return Told(title, text.format(day=day))


def _to_come(booking: Booking, today: date, day: str) -> Told:
    if booking.day < today:
        text = f"La date du {day} est passée, et l'équipe ne nous a pas encore dit ce qu'elle a fait."
        return Told("Résultat attendu", text)
    when = "aujourd'hui" if booking.day == today else f"le {day}"
    if booking.status is BookingStatus.REPLANNED:
        text = f"Le passage prévu avant n'a pas pu se faire. Une équipe passe {when}. Vous n'avez rien à redemander."
        return Told("Nouvelle date", text)
    return Told("Rendez-vous confirmé", f"Une équipe passe {when}.")


def written_moment(at: datetime) -> str:
    """``lundi 23 novembre à 12 h``."""
    return f"{written_day(at.date())} à {written_time(at.time())}"


def written_address(address: StreetAddress) -> str:
    """On one line, as on an envelope."""
    return f"{address.line}, {address.postcode} {address.commune}"


def written_items(items: tuple[ItemLine, ...], catalogue: Catalogue) -> tuple[str, ...]:
    """Each thing with its number; what the catalogue no longer knows in the words it was asked with."""
    return tuple(
        catalogue[line.item].spoken(line.quantity) if line.item in catalogue else line.heard or line.item
        for line in items
    )


def masked(email: EmailAddress) -> str:
    """Enough for its owner to recognise it: ``s•••@example.org``."""
    name, _, domain = email.reveal().partition("@")
    return f"{name[:1]}•••@{domain}"


def put_out_times(put_out: PutOut, day: date) -> str:
    """From when to when the objects may be put out, with the dates."""
    first = day - timedelta(days=1) if put_out.evening_before else day
    next_morning = put_out.evening_before and put_out.latest < put_out.start
    last = day if next_morning else first
    begin = f"Le {written_day(first)} à partir de {written_time(put_out.start)}"
    end = f"à {written_time(put_out.latest)}"
    return f"{begin}, au plus tard {end}" if last == first else f"{begin}, au plus tard le {written_day(last)} {end}"


_NOT_MADE = {
    NotChanged.HOUSEHOLD_LIMIT: (
        "Règle : nombre d'enlèvements pour un foyer",
        "À cette adresse, le foyer a déjà eu tous les enlèvements prévus par les règles. Votre rendez-vous n'a pas"
        " changé. Une personne regarde avec vous ce qui est possible.",
    ),
    NotChanged.NOT_ACCEPTED: (
        "Règle : ce qui est pris en une fois",
        "Les règles ne permettent pas de prendre tout cela en une fois. Votre rendez-vous n'a pas changé. Une personne"
        " regarde avec vous ce qui est possible.",
    ),
}


def not_made(failed: ChangeFailed, standing: Standing, booking: Booking) -> Told:
    """Why a change that could be asked for was not made, and whose rule that is."""
    if failed.reason not in _NOT_MADE:
        return closed(standing, booking)
    title, text = _NOT_MADE[failed.reason]
    return Told(title, text, named(failed.ground) if failed.ground else "")


def closed(standing: Standing, booking: Booking) -> Told:
    """Why the booking cannot be changed here, which rule says so, and whose it is."""
    territory = standing.territory
    if standing.closed is NotChanged.TOO_LATE and standing.until is not None and territory is not None:
        text = (
            f"Ce rendez-vous pouvait être changé ou annulé jusqu'au {written_moment(standing.until)}."
            " La tournée est maintenant préparée. Une personne peut encore regarder ce qui est possible."
        )
        return Told("Règle : heure limite de changement", text, named(territory.ground("cut_off")))
    if standing.closed is NotChanged.NOT_SERVED:
        text = "Cette page ne connaît pas les règles de collecte de cette adresse. Une personne décide avec vous."
        return Told("Règle : ce qui est inconnu est décidé par une personne", text)
    if booking.status is BookingStatus.CANCELLED:
        text = "Un rendez-vous annulé ne revient pas tout seul. Vous pouvez en prendre un autre par téléphone."
        return Told("Règle : un rendez-vous annulé reste annulé", text)
    text = "Sa date est passée. Pour un autre rendez-vous, ou si quelque chose ne s'est pas bien passé, appelez-nous."
    return Told("Règle : seul un rendez-vous à venir peut être changé", text)


_AUTHORS = {
    Author.BOT: (
        "Réservé par un assistant automatique (une intelligence artificielle), après vous avoir relu la demande et"
        " reçu votre accord."
    ),
    Author.AGENT: "Réservé par un conseiller, après vous avoir relu la demande.",
    Author.RESIDENT: "Réservé par vous, en ligne, après relecture.",
}


_NOT_TAKEN = (
    "Un objet qui ne se prend pas est montré sous « Changer les objets », avec sa règle, la source de la règle et une"
    " autre voie. Une personne peut revoir la réponse."
)


def decisions(booking: Booking, standing: Standing) -> tuple[Told, ...]:
    """Who booked and which rules decided, each with its source."""
    told = [Told("Qui a réservé", _AUTHORS[booking.created_by])]
    territory = standing.territory
    if territory is None:
        return tuple(told)
    sector = next((one for one in territory.sectors if one.id == booking.sector), None)
    if sector is not None:
        told.append(Told("Pourquoi cette date", _served(sector, booking.day), _rule(territory.ground("calendar"))))
    if standing.until is not None:
        text = f"Ce rendez-vous peut être changé ou annulé jusqu'au {written_moment(standing.until)}, heure exclue."
        told.append(Told("Heure limite", text, _rule(territory.ground("cut_off"))))
    if limits(territory):
        told.append(Told("Quantité", limits(territory), _rule(territory.ground("limits"))))
    told.append(Told("Pourquoi pas cet objet", _NOT_TAKEN))
    told.append(Told("D'où viennent ces règles", territory.source))
    return tuple(told)


def _served(sector: SectorRules, day: date) -> str:
    own = " Votre date est un de ces jours." if day.weekday() in sector.weekdays else ""
    days = " et le ".join(WEEKDAYS[day] for day in sorted(sector.weekdays))
    return (
        f"Votre adresse est dans le secteur « {sector.name} ». Une équipe y passe le {days}, sauf jours fériés et"
        f" fermetures, tant qu'il reste de la place.{own}"
    )


def limits(territory: TerritoryRules) -> str:
    """How much one pickup takes, empty where no limit is known."""
    parts = []
    if territory.max_items is not None:
        parts.append(f"{territory.max_items} objets")
    if territory.max_volume_m3 is not None:
        parts.append(f"{territory.max_volume_m3:g} m³".replace(".", ","))
    return f"Un rendez-vous prend au plus {' et '.join(parts)}." if parts else ""


def refusal(ruling: Ruling, catalogue: Catalogue) -> Told:
    """Why a thing is not taken here, what else to do, and whose rule it is."""
    label = catalogue[ruling.item].label if ruling.item in catalogue else "cet objet"
    if ruling.verdict is Verdict.REFUSED:
        text = "Cette collecte ne le prend pas."
    else:
        text = "Une personne doit d'abord vérifier : cette page ne décide pas."
    source = named(ruling.ground) if ruling.ground else ruling.source
    return Told(capital(label), f"{text} {ruling.alternative}".strip(), source)


def named(ground: Ground) -> str:
    """A rule and where it comes from."""
    return f"{ground.source.rstrip('.')} ({_rule(ground)})"


def _rule(ground: Ground) -> str:
    """The id of a rule and the version it was read in."""
    version = f", version du {ground.version:%d/%m/%Y}" if ground.version else ""
    return f"règle {ground.rule}{version}"


def capital(text: str) -> str:
    """With a capital to begin; names within stay as they are."""
    return text[:1].upper() + text[1:]
