"""The small picture of the pages in a browser's tab: a sofa on the authority's colour, drawn here."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from callbot.web.rendering import HEADERS

ICON = "/favicon.svg"
_ASKED_ANYWAY = "/favicon.ico"
"""what browsers ask for beside the link, for files that are no pages; they read the kind in the answer"""
_A_MONTH_S = 30 * 24 * 3600
_DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="{colour}"/>'
    '<path fill="#ffffff" d="M8 9h16a2 2 0 0 1 2 2v3a3 3 0 0 0-2 3v2H8v-2a3 3 0 0 0-2-3v-3a2 2 0 0 1 2-2z"/>'
    '<path fill="#ffffff" d="M3 17.5a2 2 0 0 1 4 0V20h18v-2.5a2 2 0 0 1 4 0V24H27v2h-3v-2H8v2H5v-2H3z"/></svg>'
)


def icon_router(colour: str) -> APIRouter:
    """Both addresses; ``colour``: ``#rrggbb``, on which white can be read (``settings.Theme`` checks it)."""
    drawn = _DRAWING.format(colour=colour).encode()

    async def icon(_request: Request) -> Response:
        headers = {**HEADERS, "Cache-Control": f"public, max-age={_A_MONTH_S}"}
        return Response(drawn, headers=headers, media_type="image/svg+xml")

    router = APIRouter(include_in_schema=False)
    for path in (ICON, _ASKED_ANYWAY):
        router.add_api_route(path, icon, methods=["GET", "HEAD"])
    return router
