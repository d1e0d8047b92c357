"""Cells of CSV files that no spreadsheet takes for a formula (OWASP, CSV injection)."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""what makes a spreadsheet run the cell instead of showing it, also in its full-width forms"""


def safe_cell(cell: str) -> str:
    """The cell behind an apostrophe where a spreadsheet would take it for a formula; numbers stay numbers.

    A cell that begins with such an apostrophe by itself gets another one, so that ``plain_cell`` gives every text back.
    """
    return f"'{cell}" if _is_formula(cell) else cell


def plain_cell(cell: str) -> str:
    """The text behind a cell written by ``safe_cell``."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell[1:]) else cell


def _is_formula(cell: str) -> bool:
    return cell.lstrip(" '").startswith(_FORMULA) and not _is_number(cell)


def _is_number(cell: str) -> bool:
    return cell.isascii() and cell.removeprefix("-").replace(".", "", 1).isdigit()
