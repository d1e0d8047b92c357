"""Bookings as files: crew sheets as PDF, CSV, GeoJSON and ICS; the resident's calendar file; rows for other programs.

Belongs here: how a file is laid out, and fpdf2 and icalendar. Does not belong here: which bookings, who may see them.
"""

from callbot.documents.calendars import pickup_ics, sheet_ics
from callbot.documents.paper import sheet_pdf
from callbot.documents.tables import sheet_csv, sheet_geojson

__all__ = ["pickup_ics", "sheet_csv", "sheet_geojson", "sheet_ics", "sheet_pdf"]
