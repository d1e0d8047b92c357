"""Work begun while the caller may have ended a turn, and used only when the turn ends with the same words."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass

from callbot.calls.ports import RememberedSound
from callbot.dialogue.acts import FindAddress
from callbot.domain.addresses import AddressCandidate
from callbot.speech.readers import Claim, Urgency, claimed

Found = tuple[AddressCandidate, ...]


@dataclass(frozen=True, slots=True)
class _Begun:
    request: FindAddress
    sound: object
    task: asyncio.Task[Found]
    claim: Claim


class Foresight:
    """At most one search under way; a new one, or an answer that needs none, drops it."""

    def __init__(self) -> None:
        self._begun: _Begun | None = None

    def begin(self, request: FindAddress, sound: RememberedSound, search: Coroutine[object, object, Found]) -> None:
        """Search now for what will be asked if the caller says no more."""
        self.drop()
        claim = Claim(Urgency.AHEAD)
        with claimed(claim):
            self._begun = _Begun(request, sound.sound, asyncio.create_task(search, name="foresight"), claim)

    def take(self, request: FindAddress, sound: RememberedSound | None) -> asyncio.Task[Found] | None:
        """The search for exactly this in exactly this sound, if it was begun; it is the taker's from now on."""
        begun = self._begun
        if begun is None or sound is None or begun.request != request or begun.sound is not sound.sound:
            return None
        self._begun = None
        begun.claim.urgency = Urgency.WAITING
        return begun.task

    def drop(self) -> None:
        """Nobody waits for it any more."""
        begun, self._begun = self._begun, None
        if begun is not None:
            begun.task.add_done_callback(_unraised)
            begun.task.cancel()


def _unraised(task: asyncio.Task[Found]) -> None:
    """A search that nobody waits for fails for nobody."""
    if not task.cancelled():
        task.exception()
