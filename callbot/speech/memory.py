"""Memory that sound and its encodings took goes back to the machine.

glibc learns from the first large buffer that is freed to take the next ones from its heaps, one for each thread, and
keeps what lies between small things that live on. Encodings of three megabytes came and went so: a service that 25
callers at once had used held 350 MB that nobody used (``make bench-memory``).
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

LARGE: Final = 256 * 1024
"""bytes of a buffer that is taken from the machine and given back to it by itself"""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
"""options of mallopt(3)"""
_HEAPS: Final = 1


def give_large_buffers_back() -> bool:
    """Settle it for this process, best before its threads begin; False where the C library has no such option."""
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:  # musl
        return False
    options = ((_M_ARENA_MAX, _HEAPS), (_M_MMAP_THRESHOLD, LARGE), (_M_TRIM_THRESHOLD, LARGE))
    return {mallopt(option, value) for option, value in options} == {1}
