"""A provider of SMS that keeps what it was given in a file, as a real one would on its side of the line."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from callbot.domain.personal import Personal


class Fault(StrEnum):
    """What goes wrong in one call of the provider."""

    NONE = "none"
    DIES_BEFORE = "dies_before"
    DIES_AFTER = "dies_after"
    RAISES_BEFORE = "raises_before"
    RAISES_AFTER = "raises_after"


class FileProvider:
    """Conforms to ``Sender``. ``faults`` happen one after the other, then all goes well."""

    def __init__(self, path: Path, faults: Collection[Fault] = ()) -> None:
        self._path = path
        self._faults = list(faults)

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        fault = self._faults.pop(0) if self._faults else Fault.NONE
        self._fail(fault, Fault.DIES_BEFORE, Fault.RAISES_BEFORE)
        number = await asyncio.to_thread(self._deliver, message_key, to, body)
        self._fail(fault, Fault.DIES_AFTER, Fault.RAISES_AFTER)
        return f"SM{number}"

    async def find(self, message_key: str, to: Personal, body: str, since: datetime) -> str | None:
        sent = list(enumerate(await asyncio.to_thread(self.delivered), start=1))
        for number, (_, number_sent_to, text) in reversed(sent):  # the latest first, as Twilio lists them
            if (number_sent_to, text) == (to.reveal(), body):
                return f"SM{number}"
        return None

    def delivered(self) -> list[tuple[str, str, str]]:
        """Key, number and text of everything that went out, in order."""
        if not self._path.exists():
            return []
        return [(key, to, body) for key, to, body in map(json.loads, self._path.read_text().splitlines())]

    def _deliver(self, message_key: str, to: Personal, body: str) -> int:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, (json.dumps([message_key, to.reveal(), body]) + "\n").encode())
        os.close(descriptor)
        return len(self.delivered())

    def _fail(self, fault: Fault, dies: Fault, raises: Fault) -> None:
        if fault is dies:
            os.kill(os.getpid(), signal.SIGKILL)
        if fault is raises:
            raise ConnectionError("the line to the provider broke")
