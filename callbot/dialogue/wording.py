"""French wording of dates, lists, phone numbers and items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time

from callbot.dialogue.address_policy import Difference
from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.french import MONTHS, WEEKDAYS
from callbot.domain.geography import Commune
from callbot.domain.items import Catalogue, ItemLine
from callbot.domain.people import Window
from callbot.domain.personal import PhoneNumber
from callbot.domain.territories import HouseholdLimit

_ORDINALS = (
    "premier", "deuxième", "troisième", "quatrième", "cinquième", "sixième", "septième", "huitième", "neuvième",
    "dixième", "onzième", "douzième", "treizième", "quatorzième", "quinzième", "seizième",
)  # fmt: skip

_FEW = ("aucun", "un", "deux", "trois", "quatre", "cinq", "six")
_PERIODS = {7: "par semaine", 30: "par mois", 31: "par mois", 365: "par an", 366: "par an"}


def spoken_limit(limit: HouseholdLimit) -> str:
    """``trois enlèvements par an``; another period in days: ``deux enlèvements en 90 jours``."""
    many = _FEW[limit.most] if limit.most < len(_FEW) else str(limit.most)
    period = _PERIODS.get(limit.within_days, f"en {limit.within_days} jours")
    return f"{many} enlèvement{'s' if limit.most > 1 else ''} {period}"


def spoken_number(value: float) -> str:
    """``six``, ``80``, ``2,5``: small whole numbers in words."""
    if value != int(value):
        return f"{value:g}".replace(".", ",")
    return _FEW[int(value)] if 0 < value < len(_FEW) else str(int(value))


def spoken_closure(first: date, last: date) -> str:
    """``le mardi 8 décembre``; several days: ``du lundi 7 au mercredi 9 décembre``."""
    if first == last:
        return f"le {spoken_date(first)}"
    begin, end = spoken_days((first, last))
    return f"du {begin} au {end}"


def spoken_commune(commune: Commune) -> str:
    """``Aubagne``, ``Marseille, sixième arrondissement``."""
    if commune.arrondissement is None:
        return commune.name
    return f"Marseille, {_ORDINALS[commune.arrondissement - 1]} arrondissement"


def spoken_address(address: StreetAddress, communes: Mapping[str, Commune]) -> str:
    """``12 bis, Rue de Rome, Marseille, sixième arrondissement``, in the base's own words."""
    number = " ".join(str(part) for part in (address.number, address.repetition) if part)
    commune = communes.get(address.insee)
    place = spoken_commune(commune) if commune else address.commune
    return ", ".join(part for part in (number, address.street, place) if part)


def spoken_choices(
    together: Sequence[AddressCandidate], apart: Difference, communes: Mapping[str, Commune]
) -> tuple[str, ...]:
    """What tells each of the addresses from the others: ``Rue de Rome``; ``le 12 bis``; ``dans le sixième
    arrondissement``."""
    return tuple(_choice(each.address, apart, communes) for each in together)


def _choice(address: StreetAddress, apart: Difference, communes: Mapping[str, Commune]) -> str:
    match apart:
        case Difference.STREET:
            return address.street
        case Difference.NUMBER if address.number:
            return " ".join(str(part) for part in ("le", address.number, address.repetition) if part)
        case Difference.COMMUNE if (commune := communes.get(address.insee)) is not None:
            at = commune.arrondissement
            return f"dans le {_ORDINALS[at - 1]} arrondissement" if at else f"à {commune.name}"
    return spoken_address(address, communes)


def spoken_date(day: date) -> str:
    """``jeudi 3 décembre``; the first of a month is ``premier``. Without the year: the horizon is a few weeks."""
    number = "premier" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]}"


def spoken_days(days: Sequence[date]) -> tuple[str, ...]:
    """Days said together: ``mercredi 25``, ``vendredi 27``, ``lundi 30 novembre``; the month where it ends."""
    following = (*days[1:], None)
    return tuple(
        _short(day) if after is not None and after.month == day.month else spoken_date(day)
        for day, after in zip(days, following, strict=True)
    )


def _short(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {'premier' if day.day == 1 else day.day}"


def spoken_window(window: Window, today: date | None) -> str:
    """``demain, entre 9 heures et 11 heures 30``; the day by its name where ``today`` is not known or further off."""
    day = window.first.date()
    away = (day - today).days if today else None
    named = {0: "aujourd'hui", 1: "demain"}.get(away) if away is not None else None
    return f"{named or spoken_date(day)}, entre {_hour(window.first.time())} et {_hour(window.last.time())}"


def _hour(at: time) -> str:
    return f"{at.hour} heures {at.minute}" if at.minute else f"{at.hour} heures"


def listed(parts: Sequence[str], last: str = "et") -> str:
    """``a``, ``a et b``, ``a, b et c``; nothing for nothing."""
    return "".join(parts) if len(parts) < 2 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def spoken_items(items: Sequence[ItemLine], catalogue: Catalogue) -> str:
    """``un canapé et deux matelas``; ``des objets`` where nobody wrote down which."""
    return listed([catalogue.spoken(line.item, line.quantity) for line in items]) or "des objets"


def spoken_phone(phone: PhoneNumber) -> str:
    """A French number by pairs, ``06, 12, 34, 56, 78``; any other digit by digit."""
    number = phone.reveal()
    if number.startswith("+33") and len(number) == 12:
        national = "0" + number[3:]
        return ", ".join(national[at : at + 2] for at in range(0, 10, 2))
    return ", ".join(number.removeprefix("+"))


def spoken_ending(phone: PhoneNumber) -> str:
    """The last four digits by pairs: ``56, 78``."""
    last = phone.last_digits(4)
    return f"{last[:2]}, {last[2:]}"
