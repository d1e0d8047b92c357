"""Whatever breaks behind a page, people get a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from fastapi import Request, Response

from callbot.web.problems import UNAVAILABLE, Problem, RefusedError

Handler = Callable[[Request], Awaitable[Response]]

log = structlog.get_logger(__name__)


def safely(handler: Handler, shown: Callable[[Problem], Response]) -> Handler:
    """``handler``, whose every failure is a page in French with the way to a person. No address, no path is logged."""

    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except RefusedError as refused:
            log.info("page_refused", status=refused.problem.status.value)
            return shown(refused.problem)
        except Exception as failure:  # noqa: BLE001 - the edge to people: whatever breaks, they get a page
            log.error("page_failed", kind=type(failure).__name__)
            return shown(UNAVAILABLE)

    return answered
