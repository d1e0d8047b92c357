"""Hooks for tests: what somebody else's program may do."""

from __future__ import annotations

import os
import sys
import time
from typing import Any


def takes(event: dict[str, Any]) -> None:
    sys.stdout.write("what a hook prints is no answer\n")
    sys.stdout.flush()
    assert not [name for name in os.environ if name.startswith("CALLBOT_")]
    assert event["id"]


async def takes_awaited(event: dict[str, Any]) -> None:
    takes(event)


def raises(event: dict[str, Any]) -> None:
    raise LookupError(str(event))


def dies(event: dict[str, Any]) -> None:
    os._exit(7)


def hangs(event: dict[str, Any]) -> None:
    while True:
        time.sleep(0.05)


def takes_nothing() -> None:
    sys.exit(3)


NO_FUNCTION = 1
