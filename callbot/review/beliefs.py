"""What the bot believed at each step of a call and why, as rows that can be shown: every text in them is masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from callbot.dialogue.address_policy import LEAST_LIKELY, Plan, plan
from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.events import (
    AddressesFound,
    Amended,
    Booked,
    BookingFailed,
    BookingsFound,
    CallAnswered,
    CallBackKept,
    CallerSpoke,
    Cancelled,
    ChangeFailed,
    DateHeld,
    DatesFound,
    EarlierAddressFound,
    EarlierCallFound,
    GapNoted,
    HoldRefused,
    ItemsJudged,
    PeopleChecked,
    PromptInterrupted,
    Reported,
    Understood,
)
from callbot.domain.geography import Commune
from callbot.domain.items import Ground, Ruling
from callbot.domain.meaning import HeardAddress, Meaning
from callbot.privacy import Asked, Hidden, Known, MaskedLine, Piece, mask
from callbot.review.lines import AskedEvent
from callbot.review.words import (
    CERTAINTY_WORDS,
    CHANNEL_WORDS,
    INTENT_WORDS,
    NO_STREET_WORDS,
    NUMBER_WORDS,
    PART_WORDS,
    TOPIC_WORDS,
    VERDICT_WORDS,
    YES_NO_WORDS,
    decimal,
)

_PLANS: Final = {
    Plan.READ_BACK: "relire la première",
    Plan.OFFER: "proposer les plus probables",
    Plan.ASK_AGAIN: "redemander",
}
_WHY: Final = {
    "fit": "accord avec le son",
    "prior": "fréquence retranchée",
    "number heard": "numéro entendu",
}
"""names of the parts of a candidate's score, as far as they have one; others are shown as they are kept"""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing believed. ``part``: by what its hidden pieces are asked for, "" where none is hidden."""

    label: str
    masked: MaskedLine
    part: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Belief:
    """What one event told the bot."""

    seq: int
    at: datetime
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """How things are called: items by id, communes by INSEE code."""

    items: Mapping[str, str]
    communes: Mapping[str, Commune]

    def item(self, item: str) -> str:
        """The label of an item."""
        return self.items.get(item, item)

    def commune(self, insee: str) -> str:
        """The name of a commune."""
        return self.communes[insee].name if insee in self.communes else insee


def belief_of(each: AskedEvent, known: Known, naming: Naming) -> Belief | None:
    """What an event told; None for those that tell nothing beside their line."""
    told = _told(each, known, naming)
    return Belief(each.number, each.at, told[0], tuple(told[1])) if told else None


def _told(each: AskedEvent, known: Known, naming: Naming) -> tuple[str, Iterable[Row]] | None:
    match each.event:
        case CallerSpoke():
            return "Entendu", _heard(each.event, known, each.asked)
        case Understood(meaning, readings):
            return "Compris", _meaning(meaning, readings, naming)
        case AddressesFound(candidates):
            return "Adresses trouvées", _candidates(candidates, naming)
        case EarlierAddressFound(address):
            return "Adresse d'un rendez-vous précédent", [_address_row("Adresse", "earlier", address, naming)]
        case EarlierCallFound(items, address):
            return "Appel précédent coupé", _earlier_call(items, address, naming)
        case BookingsFound(bookings):
            return "Rendez-vous trouvés", [
                _address_row(f"{booking.day:%d/%m/%Y}", f"booking{place}", booking.address, naming)
                for place, booking in enumerate(bookings)
            ] or [plain_row("Rendez-vous", "aucun")]
        case ItemsJudged():
            return "Règles sur les objets", _judged(each.event, naming)
        case DatesFound():
            return "Dates", _dates(each.event)
        case GapNoted(nearest):
            return "Question sans réponse", [plain_row("Fiches les plus proches", ", ".join(nearest) or "aucune")]
    return _done(each)


def _done(each: AskedEvent) -> tuple[str, Iterable[Row]] | None:
    match each.event:
        case CallAnswered(caller=caller, channel=channel, resumed=resumed):
            number = plain_row("Numéro", "masqué par l'appelant") if caller is None else _hidden_row(
                "Numéro", "caller", caller.reveal(), Hidden.PHONE
            )  # fmt: skip
            return "Reprise après une coupure" if resumed else "Appel pris", [
                number,
                plain_row("Canal", CHANNEL_WORDS[channel]),
            ]
        case PromptInterrupted(heard_ms=heard_ms):
            return "L'appelant a parlé par-dessus", [plain_row("Entendu avant la coupure", seconds(heard_ms))]
        case DateHeld(day=day):
            return "Place gardée", [plain_row("Jour", f"{day:%d/%m/%Y}")]
        case HoldRefused(day):
            return "Place prise entre-temps", [plain_row("Jour", f"{day:%d/%m/%Y}")]
        case (
            Booked(reference=reference, sms=sms)
            | Cancelled(reference=reference, sms=sms)
            | Amended(reference=reference, sms=sms)
        ):
            return "Rendez-vous", [
                _hidden_row("Référence", "reference", reference, Hidden.REFERENCE),
                plain_row("SMS", _yes_no(sms)),
            ]
        case BookingFailed(reason) | ChangeFailed(reason):
            return "Non enregistré", [plain_row("Pourquoi", reason.value)]
        case Reported(kind):
            return "Signalement enregistré", [plain_row("Sorte", kind.value)]
        case PeopleChecked(is_open):
            return "Conseillers", [plain_row("Ouvert maintenant", _yes_no(is_open))]
        case CallBackKept():
            return "Rappel promis", [plain_row("Fenêtre", f"{each.event.window.first:%d/%m/%Y}")]
    return None


def _heard(spoke: CallerSpoke, known: Known, asked: Asked) -> Iterator[Row]:
    yield plain_row("Confiance", decimal(spoke.confidence))
    if spoke.language:
        yield plain_row("Langue entendue", spoke.language)
    for place, hypothesis in enumerate(spoke.hypotheses):
        yield Row(f"Hypothèse {place + 1}", mask(hypothesis, known, asked), f"hypothesis{place}")


def _meaning(meaning: Meaning, readings: tuple[str, ...], naming: Naming) -> Iterator[Row]:
    if meaning.is_empty:
        yield plain_row("Sens", "rien n'a été compris")
        return
    yield plain_row("Intention", INTENT_WORDS[meaning.intent])
    said = {
        "Oui ou non": YES_NO_WORDS[meaning.yes_no] if meaning.yes_no else "",
        "Objets": ", ".join(f"{line.quantity} × {naming.item(line.item)}" for line in meaning.items),
        "Date": f"du {meaning.date.first:%d/%m/%Y} au {meaning.date.last:%d/%m/%Y}" if meaning.date else "",
        "Choix": str(meaning.choice or ""),
        "Demande une personne": "oui" if meaning.wants_human else "",
        "Fiche qui répond": meaning.question or "",
        "Fiches proches": ", ".join(meaning.nearest),
        "Veut changer": TOPIC_WORDS[meaning.topic] if meaning.topic else "",
        "Dit faux": PART_WORDS[meaning.part] if meaning.part else "",
        "À la place d'une rue": NO_STREET_WORDS[meaning.no_street] if meaning.no_street else "",
        "Langue": meaning.language.value if meaning.language else "",
        "Se corrige": "oui" if meaning.correcting else "",
        "Demande pourquoi": "oui" if meaning.why else "",
    }
    yield from (plain_row(label, value) for label, value in said.items() if value)
    yield from _personal(meaning, readings, naming)


def _personal(meaning: Meaning, readings: tuple[str, ...], naming: Naming) -> Iterator[Row]:
    if meaning.address:
        yield from _heard_address(meaning.address, naming)
    for place, reading in enumerate(readings):
        yield _hidden_row(f"Rue, lecture {place + 1}", f"reading{place}", reading, Hidden.STREET)
    if meaning.name:
        yield _hidden_row("Nom", "name", meaning.name, Hidden.NAME)
    if meaning.phone:
        yield _hidden_row("Téléphone", "phone", meaning.phone, Hidden.PHONE)
    for place, reference in enumerate(meaning.references[:3]):
        yield _hidden_row("Référence", f"reference{place}", reference, Hidden.REFERENCE)


def _heard_address(heard: HeardAddress, naming: Naming) -> Iterator[Row]:
    if heard.number is not None:
        number = f"{heard.number} {heard.repetition}" if heard.repetition else str(heard.number)
        typed = "tapé au clavier" if heard.number_typed else ""
        yield _hidden_row("Numéro dans la rue", "number", number, Hidden.NUMBER, typed)
    if heard.street_heard:
        yield _hidden_row("Rue entendue", "street", heard.street_heard, Hidden.STREET)
    if heard.insee:
        yield plain_row("Commune", naming.commune(heard.insee))
    if heard.commune_doubt:
        yield plain_row("Communes possibles", ", ".join(naming.commune(insee) for insee in heard.commune_doubt))
    if heard.initials:
        yield _hidden_row("Premières lettres", "initials", heard.initials, Hidden.SPELLED)


def _candidates(candidates: tuple[AddressCandidate, ...], naming: Naming) -> Iterator[Row]:
    if not candidates:
        yield plain_row("Candidats", "aucun : rien ne ressemble dans la base")
        return
    likely = [each for each in candidates if each.probability >= LEAST_LIKELY]
    yield plain_row("Suite prévue", _PLANS[plan(sorted(likely, key=lambda each: -each.probability))])
    for place, candidate in enumerate(candidates):
        yield _address_row(
            f"Candidat {place + 1}", f"candidate{place}", candidate.address, naming, _scores(candidate)
        )  # fmt: skip


def _scores(candidate: AddressCandidate) -> str:
    parts = [f"probabilité {decimal(candidate.probability)}", f"score {decimal(candidate.score)}"]
    parts += [NUMBER_WORDS[candidate.number_check]]
    parts += [f"{_WHY.get(name, name)} {decimal(value)}" for name, value in candidate.why.items()]
    return " ; ".join(parts)


def _earlier_call(items: Iterable[object], address: StreetAddress | None, naming: Naming) -> Iterator[Row]:
    count = sum(1 for _ in items)
    yield plain_row("Objets repris", str(count) if count else "aucun")
    yield _address_row("Adresse", "earlier", address, naming)


def _judged(event: ItemsJudged, naming: Naming) -> Iterator[Row]:
    for ruling in event.rulings:
        yield plain_row(naming.item(ruling.item), VERDICT_WORDS[ruling.verdict], _ground(ruling))
    yield plain_row("Volume", f"{decimal(event.volume_m3, 1)} m³")
    if event.too_many:
        yield plain_row("Trop en une fois", "oui", _rule(event.ground))


def _ground(ruling: Ruling) -> str:
    if ruling.ground is not None:
        return _rule(ruling.ground)
    return f"{ruling.source} ({CERTAINTY_WORDS[ruling.certainty]})" if ruling.source else ""


def _rule(ground: Ground | None) -> str:
    return f"règle {ground.rule} ; {ground.source} ({CERTAINTY_WORDS[ground.certainty]})" if ground else ""


def _dates(event: DatesFound) -> Iterator[Row]:
    if not event.served:
        yield plain_row("Commune", "pas de rendez-vous connus ici")
    yield plain_row("Jours avec de la place", ", ".join(f"{one.day:%d/%m/%Y}" for one in event.dates) or "aucun")
    if event.booked_there:
        yield plain_row("Déjà prévu à l'adresse", ", ".join(f"{one.day:%d/%m/%Y}" for one in event.booked_there))
    if event.over_limit:
        yield plain_row("Limite du foyer", "atteinte", _rule(event.ground))
    if event.closed:
        yield plain_row("Pas de collecte", event.closed.reason, _rule(event.closed.ground))


def _address_row(label: str, part: str, address: StreetAddress | None, naming: Naming, detail: str = "") -> Row:
    if address is None:
        return plain_row(label, "aucune")
    number = " ".join(str(piece) for piece in (address.number, address.repetition) if piece)
    pieces = [Piece(number, Hidden.NUMBER), Piece(" ")] if number else []
    place = Piece(f", {naming.commune(address.insee)}")
    return Row(label, MaskedLine((*pieces, Piece(address.street, Hidden.STREET), place)), part, detail)


def _hidden_row(label: str, part: str, text: str, hidden: Hidden, detail: str = "") -> Row:
    return Row(label, MaskedLine((Piece(text, hidden),)), part, detail)


def plain_row(label: str, text: str, detail: str = "") -> Row:
    """A row with nothing personal in it."""
    return Row(label, MaskedLine((Piece(text),)), "", detail)


def seconds(milliseconds: float) -> str:
    """« 1,2 s »."""
    return f"{decimal(milliseconds / 1000, 1)} s"


def _yes_no(value: bool) -> str:
    return "oui" if value else "non"
