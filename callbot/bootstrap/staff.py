"""The pages of staff, wired: the guard that the desk and the review stand behind, and signing in."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter

from callbot.access import Passwords, SessionTimes
from callbot.domain.clock import Clock
from callbot.settings import Settings
from callbot.storage import Storage
from callbot.web.staff.router import StaffDeps, staff_router
from callbot.web.staff.theme import load_theme


def session_times(settings: Settings) -> SessionTimes:
    """How long a session lasts."""
    access = settings.access
    return SessionTimes(timedelta(minutes=access.idle_minutes), timedelta(hours=access.longest_hours))


def staff_deps(settings: Settings, storage: Storage, clock: Clock) -> StaffDeps:
    """What the pages of staff need; make it once and give it to ``staff_router`` and ``staff_guard``. Blocking where
    there is a logo."""
    return StaffDeps(
        store=storage.staff,
        clock=clock,
        theme=load_theme(settings.theme),
        passwords=Passwords(),
        times=session_times(settings),
        public_url=settings.server.public_url,
        second_factor_required=settings.access.second_factor_required,
    )


def staff_pages(deps: StaffDeps) -> APIRouter:
    """Every route of signing in and of one's own account."""
    return staff_router(deps)
