"""A round for other programs: CSV for spreadsheets, GeoJSON (RFC 7946) for maps."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

from callbot.documents.cells import safe_cell
from callbot.domain.crew import CrewSheet, CrewStop

_COLUMNS = (
    "rang", "reference", "etat", "adresse", "code_postal", "commune", "objets", "volume_litres", "acces", "photos",
    "longitude", "latitude",
)  # fmt: skip


def sheet_csv(sheet: CrewSheet) -> bytes:
    """One line a stop, ``;`` between cells and a byte order mark, as French spreadsheets open it by a double click."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for stop in sheet.stops:
        writer.writerow([safe_cell(cell) for cell in _cells(stop)])
    return text.getvalue().encode("utf-8-sig")


def sheet_geojson(sheet: CrewSheet) -> bytes:
    """A feature for each stop; longitude first, no geometry where the point is not known (RFC 7946, 3.2)."""
    collection = {"type": "FeatureCollection", "features": [_feature(sheet, stop) for stop in sheet.stops]}
    return json.dumps(collection, ensure_ascii=False).encode()


def _cells(stop: CrewStop) -> tuple[str, ...]:
    address, point = stop.address, stop.address.point
    return (
        str(stop.rank), stop.reference, stop.state, address.line, address.postcode, address.commune,
        ", ".join(stop.items), str(stop.volume_litres), stop.note.reveal() if stop.note else "", str(len(stop.photos)),
        f"{point.lon:.6f}" if point else "", f"{point.lat:.6f}" if point else "",
    )  # fmt: skip


def _feature(sheet: CrewSheet, stop: CrewStop) -> dict[str, Any]:
    address, point = stop.address, stop.address.point
    return {
        "type": "Feature",
        "id": stop.reference,
        "geometry": {"type": "Point", "coordinates": [point.lon, point.lat]} if point else None,
        "properties": {
            "day": sheet.day.isoformat(),
            "sector": sheet.sector_id,
            "rank": stop.rank,
            "reference": stop.reference,
            "status": stop.status.value,
            "not_conform": stop.not_conform.value if stop.not_conform else None,
            "address": address.line,
            "postcode": address.postcode,
            "commune": address.commune,
            "items": list(stop.items),
            "volume_litres": stop.volume_litres,
            "access": stop.note.reveal() if stop.note else None,
            "photos": len(stop.photos),
        },
    }
