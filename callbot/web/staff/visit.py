"""Who asks for a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from callbot.access import Account, Present, Right
from callbot.settings import LOCAL_ZONE
from callbot.web.protection import from_own_page, same_token

TOKEN_FIELD = "jeton"  # noqa: S105 - the name of a field
"""what every form of a staff page carries, hidden, with ``{{ visit.form_token }}`` as its value"""


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in account on one page. ``origin``: our own, as browsers write it."""

    present: Present
    origin: str

    @property
    def account(self) -> Account:
        """Who: ``id`` for journals, ``role``; the name is personal, see ``name``."""
        return self.present.account

    @property
    def name(self) -> str:
        """The display name, for this person's own pages."""
        return self.account.name.reveal()

    @property
    def rights(self) -> frozenset[Right]:
        """What this account may."""
        return self.account.role.rights

    def may(self, right: Right | str) -> bool:
        """Whether this account may; templates ask by the right's value: ``visit.may("unmask")``."""
        return right in self.rights

    @property
    def form_token(self) -> str:
        """What forms carry in the field ``jeton``."""
        return self.present.token.form_token

    def form_ok(self, form: Mapping[str, str], request: Request) -> bool:
        """True for a form that a page of this session sent. Ask before anything is changed."""
        return from_own_page(request.headers, self.origin) and same_token(form.get(TOKEN_FIELD, ""), self.form_token)

    @property
    def ends(self) -> str:
        """When the session ends if no page is asked for: « 14 h 32 »."""
        return _clock_time(self.present.end)

    @property
    def ends_in_any_case(self) -> str:
        """When it ends whatever one does."""
        return _clock_time(self.present.last_end)

    @property
    def ends_soon(self) -> bool:
        """The end that nothing puts off is near."""
        return self.present.ends_soon


def _clock_time(at: datetime) -> str:
    local = at.astimezone(LOCAL_ZONE)
    return f"{local.hour} h {local.minute:02}"
