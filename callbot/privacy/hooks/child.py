"""The process a Python hook runs in: ``python -m callbot.privacy.hooks.child package.module:function``.

Reads one JSON document a line, calls the function with it, answers one line: ``taken``, or the kind of the error. What
the function prints goes to the log, not into the answers. It has neither the settings nor the keys of the service.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import sys
from collections.abc import Callable
from typing import Any

TAKEN, READY = "taken", "ready"


def loaded(entry: str) -> Callable[[dict[str, Any]], Any]:
    """The function that ``package.module:function`` names; raises ``ValueError`` when it is none."""
    module, _, name = entry.partition(":")
    function = getattr(importlib.import_module(module), name, None)
    if not callable(function):
        raise ValueError(f"{entry} is no function")
    inspect.signature(function).bind({})
    return function  # type: ignore[no-any-return]


def outcome(function: Callable[[dict[str, Any]], Any], line: str) -> str:
    """``taken``, or the kind of the error that the function raised; its text may hold what it was given."""
    try:
        result = function(json.loads(line))
        if inspect.isawaitable(result):
            asyncio.run(_awaited(result))
    except Exception as failure:  # noqa: BLE001 - somebody else's program: whatever it raises is told to the service
        return type(failure).__name__
    return TAKEN


async def _awaited(result: Any) -> None:
    await result


def main(entry: str) -> int:
    """Serve until the input ends; 1 when the function cannot be used."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    try:
        function = loaded(entry)
    except Exception as failure:  # noqa: BLE001 - importing somebody else's module may raise anything
        answers.write(f"{type(failure).__name__}\n")
        return 1
    answers.write(f"{READY}\n")
    for line in sys.stdin:
        answers.write(f"{outcome(function, line)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
