"""The engine as services see it where speech workers read: each utterance on the least busy worker that answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Final, TypeVar

from pydantic import TypeAdapter

from callbot.settings import Speech
from callbot.speech.codec import Samples
from callbot.speech.engine import EarsAwayError, Encoding, Hints, SpokenLanguage, Transcription, within_limit
from callbot.speech.workers import wire
from callbot.speech.workers.channel import ElsewhereError, ForgottenError, WorkerChannel
from callbot.speech.workers.wire import Method

T = TypeVar("T")
Request = Callable[[str], bytes]
"""the message, given the id of the sound on the worker that is asked"""

FIRST_ANSWER_S: Final = 10.0
"""at start: workers may be starting too"""


class RemoteSound:
    """An utterance and where it is kept. The samples stay here: a worker may die or forget."""

    def __init__(self, samples: Samples, place: tuple[WorkerChannel, str]) -> None:
        """``place``: the worker and the id there; exchanged whole, since several threads ask about one sound."""
        self.samples = samples
        self.place: tuple[WorkerChannel, str] | None = place


class _Silence:
    """Kept by every worker for good."""


class RemoteEngine:
    """``Engine`` on speech workers. Every question is asked once more, elsewhere, where a worker is away or busy.

    A question that came too late is not repeated: who is behind would only get more to do.
    """

    def __init__(self, speech: Speech, clock: Callable[[], float] = time.monotonic) -> None:
        """Opens channels and asks nothing. Raises ``UnsafeWorkersError`` or ``OSError``."""
        if not speech.worker_addresses:
            raise wire.UnsafeWorkersError("the engine remote needs CALLBOT_SPEECH__WORKERS=host:port,...")
        self._deadline_s = speech.worker.deadline_s
        self._clock = clock
        self._workers = [WorkerChannel(address, speech.worker, clock) for address in speech.worker_addresses]
        self._turn = 0

    @classmethod
    def connected(cls, speech: Speech, wait_s: float = FIRST_ANSWER_S) -> RemoteEngine:
        """As soon as one worker answers; raises ``EarsAwayError`` where none does within ``wait_s``."""
        engine = cls(speech)
        found = dict[str, wire.Status | EarsAwayError]()
        for address, status in engine.statuses(wait_s):
            if isinstance(status, wire.Status):
                return engine
            found[address] = status
        engine.close()
        raise EarsAwayError("; ".join(str(found[address]) for address in speech.worker_addresses))

    def close(self) -> None:
        """Give the channels up."""
        for worker in self._workers:
            worker.close()

    def statuses(self, wait_s: float) -> Iterator[tuple[str, wire.Status | EarsAwayError]]:
        """Each worker's address and how it is, or why it does not say so within ``wait_s``; the quickest first."""
        threads = ThreadPoolExecutor(len(self._workers), thread_name_prefix="status")
        asked = {threads.submit(_status, worker, wait_s): worker.address for worker in self._workers}
        threads.shutdown(wait=False)
        for answered in as_completed(asked):
            yield asked[answered], answered.result()

    def encode(self, samples: Samples) -> Encoding:
        """See ``Engine``; the states stay on the worker."""
        samples = within_limit(samples)
        ends = self._clock() + self._deadline_s
        first = self._pick()
        try:
            kept, worker = self._encoded(first, samples, ends), first
        except ElsewhereError as failure:
            worker = self._another(first, failure)
            kept = self._encoded(worker, samples, ends)
        return Encoding(RemoteSound(samples, (worker, kept.sound)), kept.frames, kept.encode_ms)

    def transcribe(self, encoding: Encoding, hints: Hints) -> Transcription:
        """See ``Engine``."""
        request = lambda sound: wire.written(wire.READING, wire.Reading(sound, hints))  # noqa: E731
        return self._about(encoding, Method.TRANSCRIBE, request, wire.TRANSCRIPTION)

    def score(self, encoding: Encoding, answers: Sequence[str]) -> tuple[float, ...]:
        """See ``Engine``."""
        request = lambda sound: wire.written(wire.SCORING, wire.Scoring(sound, tuple(answers)))  # noqa: E731
        return self._about(encoding, Method.SCORE, request, wire.SCORES)

    def language(self, encoding: Encoding) -> SpokenLanguage:
        """See ``Engine``."""
        request = lambda sound: wire.written(wire.GUESSING, wire.Guessing(sound))  # noqa: E731
        return self._about(encoding, Method.LANGUAGE, request, wire.LANGUAGE)

    def silence(self) -> Encoding:
        """See ``Engine``: the worker's own, whichever is asked."""
        ends = self._clock() + self._deadline_s
        first = self._pick()
        try:
            answer = first.ask(Method.SILENCE, b"", self._left(ends))
        except ElsewhereError as failure:
            answer = self._another(first, failure).ask(Method.SILENCE, b"", self._left(ends))
        kept = _read(wire.KEPT, answer)
        return Encoding(_Silence(), kept.frames, kept.encode_ms)

    def _about(self, encoding: Encoding, method: Method, request: Request, shape: TypeAdapter[T]) -> T:
        """Ask the worker that keeps the sound; where it cannot, send the sound to another and ask that one."""
        states, ends = encoding.states, self._clock() + self._deadline_s
        if not isinstance(states, RemoteSound | _Silence):
            raise TypeError("this encoding was made by another engine")
        place = states.place if isinstance(states, RemoteSound) else None
        worker = place[0] if place else self._pick()
        try:
            sound = self._sent(states, worker, ends)
            return _read(shape, worker.ask(method, request(sound), self._left(ends)))
        except (ElsewhereError, ForgottenError) as failure:
            if isinstance(states, RemoteSound) and states.place is place:
                states.place = None
            worker = worker if isinstance(failure, ForgottenError) else self._another(worker, failure)
        sound = self._sent(states, worker, ends)
        return _read(shape, worker.ask(method, request(sound), self._left(ends)))

    def _sent(self, states: RemoteSound | _Silence, worker: WorkerChannel, ends: float) -> str:
        """Its id on ``worker``, sent there if it is not kept there yet."""
        if isinstance(states, _Silence):
            return wire.SILENCE
        place = states.place
        if place is None or place[0] is not worker:
            place = states.place = (worker, self._encoded(worker, states.samples, ends).sound)
        return place[1]

    def _encoded(self, worker: WorkerChannel, samples: Samples, ends: float) -> wire.Kept:
        return _read(wire.KEPT, worker.ask(Method.ENCODE, wire.samples_written(samples), self._left(ends)))

    def _left(self, ends: float) -> float:
        return max(0.0, ends - self._clock())

    def _pick(self, but: WorkerChannel | None = None) -> WorkerChannel:
        """The least busy one that works, each in turn where they are equal; those that failed only if all did."""
        self._turn += 1
        turned = [self._workers[(self._turn + at) % len(self._workers)] for at in range(len(self._workers))]
        return min((worker for worker in turned if worker is not but), key=WorkerChannel.rank)

    def _another(self, but: WorkerChannel, failure: EarsAwayError) -> WorkerChannel:
        """Another one than that which failed so; the failure where there is no other."""
        if len(self._workers) == 1:
            raise failure
        return self._pick(but)


def _status(worker: WorkerChannel, wait_s: float) -> wire.Status | EarsAwayError:
    try:
        return _read(wire.STATUS, worker.ask(Method.STATUS, b"", wait_s, until_ready=True))
    except EarsAwayError as failure:
        return failure


def _read(shape: TypeAdapter[T], answer: bytes) -> T:
    try:
        return wire.parsed(shape, answer)
    except wire.MalformedError:
        raise EarsAwayError("a speech worker answered what nobody understands: is it of another version?") from None
