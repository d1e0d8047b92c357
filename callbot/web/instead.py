"""The text page while new conversations go to people: where they are, and a call-back for who asks for it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from callbot.dialogue.wording import spoken_window
from callbot.domain.events import CallBackKept, HandOverReason, PeopleChecked
from callbot.domain.people import Window
from callbot.domain.personal import PhoneNumber

NO_NUMBER = "Écrivez un numéro de téléphone en entier, par exemple 06 12 34 56 78."
NOT_KEPT = "Aucun rappel n'est possible pour le moment. Appelez le numéro ci-dessous."
_TOKEN_BYTES = 16
_TOKEN = re.compile(r"[0-9a-f]{32}", re.ASCII)


class KeepsCallBacks(Protocol):
    """Call-backs (``calls.ports.CallsPeople``)."""

    async def check(self) -> PeopleChecked:
        """The next window in which a person can call back."""
        ...

    async def call_back(self, call_id: str, phone: PhoneNumber, reason: HandOverReason, window: Window) -> CallBackKept:
        """Store a call-back, once a call."""
        ...


async def bot_answers() -> bool:
    """The switch of a service that has none."""
    return False


@dataclass(frozen=True, slots=True)
class Instead:
    """``to_people``: whether new conversations go to people; ``hours``: when they answer, in words; ``phones``: reads a
    number as people write it. Without ``call_backs`` none is offered a window."""

    to_people: Callable[[], Awaitable[bool]] = bot_answers
    hours: Callable[[], str] = str
    call_backs: KeepsCallBacks | None = None
    phones: Callable[[str], PhoneNumber | None] = lambda _text: None

    async def call_back(self, asked: str, phone: PhoneNumber, today: date) -> str:
        """The window kept, in words; "" where none could be. ``asked``: which form it was, so that it is kept once."""
        if self.call_backs is None or (window := (await self.call_backs.check()).window) is None:
            return ""
        kept = await self.call_backs.call_back(f"texte-{asked}", phone, HandOverReason.DIVERTED, window)
        return spoken_window(kept.window, today)


def new_asking() -> str:
    """Names one form: sent twice, it asks once."""
    return secrets.token_hex(_TOKEN_BYTES)


def asking(text: str) -> str:
    """The name as our own form sends it; another one in its place where it is none of ours."""
    return text if _TOKEN.fullmatch(text) else new_asking()
