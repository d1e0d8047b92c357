"""Programs that nobody here wrote and that judge ``deploy/``; their absence fails the run where they are required."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
BESIDE_PYTHON = Path(sys.executable).parent
ADMIN_FOLDERS = ("/usr/sbin", "/sbin", "/usr/local/sbin")


def program(name: str) -> str:
    """The path of an outside program; skips, with the way to get it, where it is missing."""
    path = os.pathsep.join([str(BESIDE_PYTHON), os.environ.get("PATH", ""), *ADMIN_FOLDERS])
    found = shutil.which(name, path=path)
    if found is None:
        missing(f"{name} is missing: make deploy-judges")
    return found


def missing(reason: str) -> NoReturn:
    """Skips, or fails where the judges are required (``CALLBOT_REQUIRE_DEPLOY_JUDGES=1``)."""
    if os.environ.get("CALLBOT_REQUIRE_DEPLOY_JUDGES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def verdict(*command: str | Path) -> str:
    """What a judge says; fails with it unless it is content (exit code 0)."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said
