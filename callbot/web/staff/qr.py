"""The key of the one-time codes as a drawing that a telephone reads."""

from __future__ import annotations

import segno
from markupsafe import Markup

from callbot.domain.personal import Personal

_QUIET_ZONE = 4
"""white modules around the code (ISO/IEC 18004)"""


def drawing(uri: Personal, label: str) -> Markup:
    """An inline SVG of ``uri``; dark on light in both colour schemes, or telephones do not read it. Its colours are in
    the style sheet, as a strict policy refuses them in the drawing."""
    rows = segno.make(uri.reveal(), error="m", micro=False).matrix
    side = len(rows) + 2 * _QUIET_ZONE
    dashes = "".join(
        f"M{column + _QUIET_ZONE} {line + _QUIET_ZONE}.5h1"
        for line, row in enumerate(rows)
        for column, dark in enumerate(row)
        if dark
    )
    return Markup(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
        '<rect class="back" width="{}" height="{}"/><path class="dark" d="{}"/></svg>'
    ).format(label, side, side, side, side, dashes)
