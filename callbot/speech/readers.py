"""The threads that read sound, and whose sound is read first.

Under load order decides how long people wait: whoever has finished speaking comes before whoever pauses, and both
before work for an answer that may never be needed. What stands in line also tells how busy the ears are, so that work
which only sharpens an answer can be left out while people wait for theirs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import IntEnum
from queue import SimpleQueue
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

BUSY_S: Final = 0.5
"""work standing before a caller who waits, from which second looks at the same sound are left out"""
_MEMORY: Final = 0.1
"""weight of the latest piece of work in the mean of what a piece takes"""
_FIRST_GUESS_S: Final = 0.3


class Urgency(IntEnum):
    """Who waits for a piece of work; the lowest is done first."""

    WAITING = 0
    """the caller's turn is over"""
    PAUSING = 1
    """the caller may have ended"""
    AHEAD = 2
    """nobody asked for it yet"""


@dataclass(eq=False, slots=True)
class Claim:
    """All work for one utterance. Its urgency may rise while the work stands in line."""

    urgency: Urgency = Urgency.WAITING


_WAITING: Final = Claim()
_current: ContextVar[Claim] = ContextVar("claim", default=_WAITING)


@contextmanager
def claimed(claim: Claim) -> Iterator[None]:
    """Work handed in within, or by tasks begun within, has this claim."""
    token = _current.set(claim)
    try:
        yield
    finally:
        _current.reset(token)


def current_claim() -> Claim:
    """That of whoever asks; who has none waits."""
    return _current.get()


@dataclass(eq=False, slots=True)
class _Job:
    claim: Claim
    work: Callable[[], Any]
    future: Future[Any] = field(default_factory=Future)

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            with claimed(self.claim):
                result = self.work()
        except BaseException as failure:  # noqa: BLE001 - as executors do: whoever asked is told, whatever it was
            self.future.set_exception(failure)
        else:
            self.future.set_result(result)


class ReadingThreads(Executor):
    """``threads`` pieces of work at once, the most urgent first, those of the same urgency in order."""

    def __init__(self, threads: int, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock``: monotonic, in seconds."""
        self._clock = clock
        self._line: list[_Job] = []
        self._came: SimpleQueue[None] = SimpleQueue()
        """one for each job in line, and at the end one for each thread: the event loop never waits for a lock"""
        self._choosing = threading.Lock()
        self._closed = False
        self._piece_s = _FIRST_GUESS_S
        self._threads = [
            threading.Thread(target=self._serve, name=f"whisper_{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See ``Executor``; the claim is that of whoever hands it in."""
        if self._closed:
            raise RuntimeError("cannot schedule new futures after shutdown")
        job = _Job(current_claim(), lambda: fn(*args, **kwargs))
        self._line.append(job)
        self._came.put(None)
        return job.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """See ``Executor``."""
        self._closed = True
        if cancel_futures:
            for job in tuple(self._line):
                job.future.cancel()
        for _ in self._threads:
            self._came.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    @property
    def wait_s(self) -> float:
        """Seconds a caller who ended a turn now would wait for a thread: those who wait already come first."""
        waiting = sum(job.claim.urgency is Urgency.WAITING for job in tuple(self._line))
        return waiting * self._piece_s / len(self._threads)

    @property
    def busy(self) -> bool:
        """True while callers wait so long that what only sharpens an answer is left out."""
        return self.wait_s >= BUSY_S

    def _serve(self) -> None:
        while (job := self._next()) is not None:
            began = self._clock()
            job.run()
            self._piece_s += _MEMORY * (self._clock() - began - self._piece_s)

    def _next(self) -> _Job | None:
        """The most urgent job, waiting for one; None once there is none and none will come."""
        self._came.get()
        with self._choosing:
            if not self._line:
                return None
            # a line is a few dozen long, and urgencies change while jobs stand in it: a heap would be stale
            job = min(self._line, key=lambda one: one.claim.urgency)
            self._line.remove(job)
            return job
