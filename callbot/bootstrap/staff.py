"""The pages of staff, wired: the guard that the desk and the review stand behind, and signing in."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter

from callbot.access import ExternalEntry, Passwords, Role, SessionTimes
from callbot.domain.clock import Clock
from callbot.privacy import KeyRing
from callbot.settings import Settings
from callbot.storage import Storage
from callbot.web.staff.directory import DirectoryDeps
from callbot.web.staff.oidc import Directory, Provider
from callbot.web.staff.paths import OIDC_BACK
from callbot.web.staff.router import StaffDeps, staff_router
from callbot.web.staff.theme import load_theme


def session_times(settings: Settings) -> SessionTimes:
    """How long a session lasts."""
    access = settings.access
    return SessionTimes(timedelta(minutes=access.idle_minutes), timedelta(hours=access.longest_hours))


def staff_deps(settings: Settings, storage: Storage, clock: Clock, keys: KeyRing) -> StaffDeps:
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
        directory=_directory(settings, storage, clock, keys) if settings.access.oidc_issuer else None,
    )


def _directory(settings: Settings, storage: Storage, clock: Clock, keys: KeyRing) -> DirectoryDeps:
    """The authority's own provider."""
    access, server = settings.access, settings.server
    here = server.public_url.rstrip("/") or f"http://{server.host}:{server.port}"
    provider = Provider(
        access.oidc_issuer,
        access.oidc_client_id,
        here + OIDC_BACK,
        access.oidc_client_secret.get_secret_value(),
        access.oidc_role_claim,
    )
    mapping = {value: Role(role) for value, role in access.oidc_roles.items()}
    entry = ExternalEntry(storage.staff, clock, session_times(settings), mapping)
    return DirectoryDeps(Directory(provider, clock), entry, keys, clock)


def staff_pages(deps: StaffDeps) -> APIRouter:
    """Every route of signing in and of one's own account."""
    return staff_router(deps)
