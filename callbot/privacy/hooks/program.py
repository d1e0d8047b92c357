"""A Python hook as the service sees it: a process of its own, so that nothing it does delays or breaks a call."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import sys
from typing import Final

from callbot.privacy.hooks.child import READY, TAKEN
from callbot.privacy.hooks.ports import BadHookError, Told

ENTRY: Final = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
_START_S, _END_S = 30.0, 2.0
"""seconds to import the module of the hook, and to end by itself"""
_LONGEST_ANSWER = 4096


class NotTakenError(Exception):
    """The function raised, or its process died."""


class Program:
    """``package.module:function`` in a process that is started when it is needed, and again after it died."""

    def __init__(self, entry: str) -> None:
        """Raises ``BadHookError`` unless ``entry`` names a function."""
        if not ENTRY.fullmatch(entry):
            raise BadHookError("the entry of a hook is package.module:function")
        self._entry = entry
        self._process: asyncio.subprocess.Process | None = None

    async def check(self) -> None:
        """Start it; raises ``BadHookError`` where the function is not there or does not take one document."""
        try:
            await self._running()
        except NotTakenError as failure:
            raise BadHookError(f"{self._entry} cannot be used as a hook: {failure}") from None

    async def take(self, told: Told) -> None:
        """Give it an event; raises ``NotTakenError``. Cut short, its process is killed: it is stuck."""
        process = await self._running()
        try:
            answer = await _asked(process, json.dumps({"id": told.id, **told.body}, ensure_ascii=False))
        except (asyncio.CancelledError, OSError):
            await self.close(at_once=True)
            raise
        if answer != TAKEN:
            if not answer:
                await self.close(at_once=True)
            raise NotTakenError(answer or "its process ended")

    async def close(self, *, at_once: bool = False) -> None:
        """End its process."""
        process, self._process = self._process, None
        if process is None:
            return
        if not at_once and process.stdin is not None:
            process.stdin.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _END_S)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        # No variable of ours: the settings hold keys. Its own imports are found where ours are.
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "callbot.privacy.hooks.child", self._entry,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=_LONGEST_ANSWER,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        self._process = process
        try:
            answer = await asyncio.wait_for(_line(process), _START_S)
        except TimeoutError:
            answer = "it does not start"
        if answer != READY:
            await self.close(at_once=True)
            raise NotTakenError(answer or "its process ended")
        return process


async def _asked(process: asyncio.subprocess.Process, line: str) -> str:
    if process.stdin is None:
        return ""
    process.stdin.write(f"{line}\n".encode())
    await process.stdin.drain()
    return await _line(process)


async def _line(process: asyncio.subprocess.Process) -> str:
    if process.stdout is None:
        return ""
    try:
        return (await process.stdout.readline()).decode(errors="replace").strip()
    except ValueError:  # a line longer than the limit
        return ""
