"""What is stored, as service requests of GeoReport v2."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Booking, BookingStatus
from callbot.domain.items import Catalogue
from callbot.domain.people import Report, ReportKind
from callbot.open311.ports import StoredReport
from callbot.open311.rendering import Node
from callbot.open311.services import SERVICES, ServiceCode, attributes_of

AGENCY = "Métropole Aix-Marseille-Provence"
_NOTES = {
    BookingStatus.BOOKED: "Rendez-vous pris pour le {day}.",
    BookingStatus.REPLANNED: "Nouvelle date : le {day}.",
    BookingStatus.COLLECTED: "Objets enlevés le {day}.",
    BookingStatus.NOT_PRESENTED: "L'équipe est passée le {day} et n'a rien trouvé.",
    BookingStatus.NOT_CONFORM: "Objets laissés sur place le {day} : ils ne correspondaient pas au rendez-vous.",
    BookingStatus.INACCESSIBLE: "L'équipe n'a pas pu atteindre les objets le {day}.",
    BookingStatus.MISSED: "L'équipe n'est pas passée le {day}. Une nouvelle date est cherchée.",
    BookingStatus.CANCELLED: "Rendez-vous du {day} annulé.",
}
OPEN = frozenset({BookingStatus.BOOKED, BookingStatus.REPLANNED, BookingStatus.MISSED, BookingStatus.INACCESSIBLE})
"""those of a pickup that still takes place, or gets another day"""
_REPORT_ID = re.compile(r"S-([0-9a-f]{8})[0-9a-f]{24}", re.ASCII)
_CODES = {ReportKind.FLY_TIP: ServiceCode.FLY_TIP, ReportKind.MISSED: ServiceCode.MISSED}


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """One request, a booking or a report."""

    id: str
    code: ServiceCode
    open: bool
    notes: str
    made_at: datetime
    address: StreetAddress | None

    def node(self) -> Node:
        """As GeoReport v2 names it; when it last changed is not kept apart, so it is not claimed."""
        place = self.address
        return {
            "service_request_id": self.id,
            "status": "open" if self.open else "closed",
            "status_notes": self.notes,
            "service_name": SERVICES[self.code].name,
            "service_code": self.code.value,
            "description": None,
            "agency_responsible": AGENCY,
            "service_notice": None,
            "requested_datetime": self.made_at.astimezone(UTC).isoformat(timespec="seconds"),
            "updated_datetime": None,
            "expected_datetime": None,
            "address": f"{place.line}, {place.postcode} {place.commune}" if place else None,
            "address_id": None,
            "zipcode": place.postcode if place else None,
            "lat": place.point.lat if place and place.point else None,
            "long": place.point.lon if place and place.point else None,
            "media_url": None,
        }


def of_booking(booking: Booking) -> ServiceRequest:
    """A booking as a request."""
    notes = _NOTES[booking.status].format(day=booking.day.strftime("%d/%m/%Y"))
    is_open = booking.status in OPEN
    return ServiceRequest(booking.reference, ServiceCode.BULKY, is_open, notes, booking.created_at, booking.address)


def of_report(stored: StoredReport) -> ServiceRequest | None:
    """A report as a request, None for the kinds that are not the partners' business."""
    report = stored.report
    code = _CODES.get(report.kind)
    if code is None:
        return None
    is_open = stored.status != "done"
    notes = "Signalement transmis à une personne." if is_open else "Signalement traité."
    return ServiceRequest(report_id(stored), code, is_open, notes, stored.created_at, report.address)


def report_id(stored: StoredReport) -> str:
    """The same for the same report; nothing can be read from it but the second in which the report was made.

    That second is in ``requested_datetime`` anyway, and by the index of it the report is found again.
    """
    return f"S-{int(stored.created_at.timestamp()):08x}{_digest(stored.report)}"


def second_of(name: str) -> datetime | None:
    """The second in which the report with the id ``name`` was made (UTC); None when ``name`` is the id of none."""
    read = _REPORT_ID.fullmatch(name)
    return datetime.fromtimestamp(int(read[1], 16), UTC) if read else None


def is_same(one: Report, other: Report) -> bool:
    """True for the same errand about the same thing; a caller's words for an item are not kept and do not count."""
    return _digest(one) == _digest(other)


def _digest(report: Report) -> str:
    address = report.address
    about = [
        report.call_id,
        report.kind.value,
        report.reference,
        [address.line, address.insee] if address else None,
        [[line.item, line.quantity] for line in report.items],
    ]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:24]


def service_node(code: ServiceCode) -> Node:
    """A service of the list."""
    service = SERVICES[code]
    return {
        "service_code": code.value,
        "service_name": service.name,
        "description": service.description,
        "metadata": True,
        "type": "realtime",
        "keywords": service.keywords,
        "group": "Déchets",
    }


def definition_node(code: ServiceCode, catalogue: Catalogue) -> Node:
    """A service with its attributes."""
    attributes: list[Node] = [
        {
            "variable": True,
            "code": attribute.code,
            "datatype": attribute.datatype,
            "required": attribute.required,
            "datatype_description": attribute.hint,
            "order": order,
            "description": attribute.description,
            "values": [{"key": key, "name": name} for key, name in attribute.values],
        }
        for order, attribute in enumerate(attributes_of(code, catalogue), start=1)
    ]
    return {"service_code": code.value, "attributes": attributes}
