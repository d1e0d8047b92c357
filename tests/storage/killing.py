"""Whole processes that work on one database, killed in the middle of it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import callbot

ROOT = Path(callbot.__file__).parents[1]


async def run_and_kill(script: Path, *arguments: str, kill_after: int | None) -> None:
    """Run ``script`` to its end, or kill -9 it once it has printed ``kill_after`` lines."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), *arguments,
        stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None
    through = 0
    while through != kill_after and await process.stdout.readline():
        through += 1
    if kill_after is not None and process.returncode is None:
        process.kill()
    await process.stdout.read()
    code = await process.wait()
    assert code == 0 or kill_after is not None
