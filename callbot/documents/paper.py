"""A round on paper: A4, to be read in a lorry and ticked with a pen."""

from __future__ import annotations

import unicodedata

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from callbot.domain.crew import CrewSheet, CrewStop, written_day

_MARGIN = 12
_BOX = 5.0
_STOP_HEIGHT = 44.0
"""millimetres that a usual stop takes; one that does not fit any more begins a page"""
_BOXES = ("collecté", "rien trouvé", "non conforme", "inaccessible", "non passé")
_LETTERS = {"œ": "oe", "Œ": "OE", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "€": "EUR"}


class _Paper(FPDF):
    """Pages with a number at the foot."""

    def footer(self) -> None:
        """Which page of how many."""
        self.set_y(-10)
        self.set_font("Helvetica", size=9)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="C")


def sheet_pdf(sheet: CrewSheet) -> bytes:
    """The stops in driving order, big references, boxes to tick; the same sheet gives the same words."""
    paper = _Paper(format="A4")
    paper.set_margin(_MARGIN)
    paper.set_auto_page_break(auto=True, margin=14)
    paper.set_title(latin(f"Tournée {sheet.sector_name} {sheet.day.isoformat()}"))
    paper.set_lang("fr-FR")
    paper.add_page()
    _line(paper, f"Encombrants : {sheet.sector_name}", 18, bold=True)
    litres = sum(stop.volume_litres for stop in sheet.stops)
    facts = f"{len(sheet.stops)} arrêts, {litres / 1000:.1f} m³, {sheet.length_m / 1000:.1f} km à vol d'oiseau"
    _line(paper, f"{written_day(sheet.day).capitalize()} - {facts.replace('.', ',')}", 11)
    if not sheet.stops:
        _line(paper, "Aucun rendez-vous ce jour-là.", 13)
    for stop in sheet.stops:
        _stop(paper, stop)
    return bytes(paper.output())


def latin(text: str) -> str:
    """``text`` in the letters of the core fonts of PDF (latin-1): others lose their accents, or become ``?``."""
    replaced = "".join(_LETTERS.get(char, char) for char in text)
    return "".join(_latin_letter(char) for char in replaced if char == "\n" or char.isprintable())


def _latin_letter(char: str) -> str:
    if ord(char) < 256:
        return char
    plain = unicodedata.normalize("NFKD", char).encode("latin-1", "ignore").decode("latin-1")
    return plain or "?"


def _stop(paper: FPDF, stop: CrewStop) -> None:
    if paper.get_y() + _STOP_HEIGHT > paper.h - 14:
        paper.add_page()
    paper.set_y(paper.get_y() + 2)
    paper.line(_MARGIN, paper.get_y(), paper.w - _MARGIN, paper.get_y())
    paper.set_y(paper.get_y() + 2)
    address = stop.address
    _line(paper, f"{stop.rank}.  {stop.reference}", 20, bold=True)
    _line(paper, f"{address.line}, {address.postcode} {address.commune}", 13, bold=True)
    _line(paper, f"{', '.join(stop.items)} ({stop.volume_litres / 1000:.1f} m³)".replace(".", ","), 12)
    if stop.note:
        _line(paper, f"Accès : {stop.note.reveal()}", 12)
    if stop.photos:
        _line(paper, f"Photos sur la page de l'équipe : {len(stop.photos)}", 11)
    if not stop.status.to_come:
        _line(paper, f"Déjà noté : {stop.state}", 12)
    _boxes(paper)


def _boxes(paper: FPDF) -> None:
    """One box to tick for each outcome, on one line."""
    paper.set_font("Helvetica", size=11)
    top = paper.get_y() + 1.5
    width = (paper.w - 2 * _MARGIN) / len(_BOXES)
    for index, label in enumerate(_BOXES):
        left = _MARGIN + index * width
        paper.rect(left, top, _BOX, _BOX)
        paper.set_xy(left + _BOX + 1, top)
        paper.cell(width - _BOX - 1, _BOX, latin(label))
    paper.set_xy(_MARGIN, top + _BOX + 2)


def _line(paper: FPDF, text: str, size: int, *, bold: bool = False) -> None:
    paper.set_font("Helvetica", style="B" if bold else "", size=size)
    paper.multi_cell(0, size * 0.5, latin(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
