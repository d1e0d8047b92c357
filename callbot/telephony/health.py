"""``GET /health/...``: alive, ready, calls going on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Response, status

Readiness = Callable[[], Awaitable[Mapping[str, bool]]]


def health_router(ready: Readiness, active_calls: Callable[[], int]) -> APIRouter:
    """``ready`` names each part and whether it can serve a call now."""
    router = APIRouter(prefix="/health")

    @router.get("/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/ready")
    async def is_ready(response: Response) -> dict[str, object]:
        parts = dict(await ready())
        good = all(parts.values())
        response.status_code = status.HTTP_200_OK if good else status.HTTP_503_SERVICE_UNAVAILABLE
        return {"ready": good, "parts": parts}

    @router.get("/active-calls")
    async def active() -> dict[str, int]:
        return {"active_calls": active_calls()}

    return router
