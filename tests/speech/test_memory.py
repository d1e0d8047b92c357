"""What large buffers took goes back to the machine, in a process of its own: it is settled once for all."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from callbot.speech.memory import LARGE

_CHURN = """
import sys
from pathlib import Path

import numpy as np

from callbot.speech.memory import give_large_buffers_back

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

settled = sys.argv[1] == "settled" and give_large_buffers_back()
np.ones(3_000_000, np.uint8)  # freed at once: glibc learns from it
before, live = resident_mb(), []
large = []
for _ in range(60):
    large.append(np.ones(3_000_000, np.uint8))
    live.append(bytearray(2_000))  # lives on behind each large one
del large
print(settled, resident_mb() - before)
"""


def kept_mb(how: str) -> tuple[bool, float]:
    """Whether it could be settled, and the MB still resident once 180 MB of buffers are freed."""
    ran = subprocess.run([sys.executable, "-c", _CHURN, how], capture_output=True, text=True, check=True, timeout=60)
    settled, kept = ran.stdout.split()
    return settled == "True", float(kept)


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallopt"), reason="no C library with mallopt here"
)
def test_large_buffers_are_given_back_whatever_lives_on_beside_them() -> None:
    assert LARGE < 3_000_000
    settled, kept = kept_mb("settled")
    assert settled
    assert kept < 30
    assert kept < kept_mb("as glibc likes it")[1]
