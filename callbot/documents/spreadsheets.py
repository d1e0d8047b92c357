"""Rows as files for spreadsheets: CSV as French ones open it, CSV for programs, OpenDocument (ODF 1.2, ISO 26300).

The OpenDocument file is written here: a sheet of text and numbers is four small XML files in a zip, and the library for
it has had no release for years.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from xml.sax.saxutils import escape, quoteattr

from callbot.documents.cells import safe_cell

Cell = str | float | int | None

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""the same rows are the same bytes"""
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="{ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_STYLES = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-styles {_NAMES} office:version="1.2">'
    "<office:styles/></office:document-styles>"
)
_META = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta {_NAMES} office:version="1.2">'
    "<office:meta/></office:document-meta>"
)
_BOLD = (
    '<office:automatic-styles><style:style style:name="head" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>'
)


def french_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """``;`` between cells, decimal commas and a byte order mark, as French spreadsheets open it by a double click."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_french(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def plain_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """RFC 4180: commas, CRLF, a line of names first; null is an empty cell."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell("" if cell is None else str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode()


def ods(sheet: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet; numbers stay numbers, texts are never formulas."""
    head = "".join(_text_cell(name, ' table:style-name="head"') for name in columns)
    body = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_NAMES} office:version="1.2">{_BOLD}'
        f"<office:body><office:spreadsheet><table:table table:name={quoteattr(_sheet_name(sheet))}>"
        f'<table:table-column table:number-columns-repeated="{max(1, len(columns))}"/>'
        f"<table:table-row>{head}</table:table-row>{body}"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        # First and not compressed: that is how a file tells what it is (ODF 1.2 part 3, 3.3).
        _put(package, "mimetype", ODS_TYPE, zipfile.ZIP_STORED)
        for name, xml in (
            ("content.xml", content), ("styles.xml", _STYLES), ("meta.xml", _META), ("META-INF/manifest.xml", _MANIFEST)
        ):  # fmt: skip
            _put(package, name, xml, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _put(package: zipfile.ZipFile, name: str, text: str, compression: int) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = compression
    package.writestr(entry, text.encode())


def _cell(cell: Cell) -> str:
    match cell:
        case None | "":
            return "<table:table-cell/>"
        case int() | float():
            value = f'office:value-type="float" office:value="{cell}"'
            return f"<table:table-cell {value}><text:p>{cell}</text:p></table:table-cell>"
    return _text_cell(cell)


def _text_cell(text: str, style: str = "") -> str:
    visible = "".join(char for char in text if char.isprintable())
    return f'<table:table-cell{style} office:value-type="string"><text:p>{escape(visible)}</text:p></table:table-cell>'


def _sheet_name(name: str) -> str:
    """Without what a name may not hold."""
    return "".join(char for char in name if char not in "[]*?:/\\'\"" and char.isprintable()) or "Feuille"


def _french(cell: Cell) -> str:
    if isinstance(cell, float):
        return str(cell).replace(".", ",")
    return safe_cell("" if cell is None else str(cell))
