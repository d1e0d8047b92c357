"""A speech worker: an engine behind gRPC. What is most urgent is read first, what is too much is refused at once."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import grpc

from callbot.settings import Speech, Worker
from callbot.speech.engine import Encoding, Engine
from callbot.speech.readers import Claim, ReadingThreads, Urgency, claimed
from callbot.speech.workers import wire
from callbot.speech.workers.kept import KeptSounds, UnknownSoundError
from callbot.speech.workers.wire import Method

Work = Callable[[], bytes]
Parse = Callable[[bytes], Work]

_LONGEST_S: Final = 30.0
"""for who sets no deadline"""
_REFUSING_THREADS: Final = 4
"""beside those that wait for readers: whoever asks an overloaded worker is told so at once"""
_URGENCIES: Final = {str(urgency.value): urgency for urgency in Urgency}
_OPTIONS: Final = (
    ("grpc.max_receive_message_length", wire.MOST_BYTES),
    ("grpc.so_reuseport", 0),  # a second worker on the same port is an error, not a lottery
    ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
)


class EarsWorker:
    """Serves ``engine`` until it is stopped. Nothing of what it hears is logged or stored."""

    def __init__(
        self, engine: Engine, speech: Speech, *, readers: ReadingThreads | None = None, sounds: KeptSounds | None = None
    ) -> None:
        """``readers``, ``sounds``: others than those of its own, for tests."""
        self._engine = engine
        self._speech = speech
        self._readers = readers or ReadingThreads(speech.threads)
        self._sounds = sounds or KeptSounds()
        self._silence = engine.silence()
        self._token = f"Bearer {speech.worker.token.get_secret_value()}".encode()
        self._load = 0
        self._counting = threading.Lock()
        self._stopping = False
        handlers = ThreadPoolExecutor(speech.worker.most_at_once + _REFUSING_THREADS, thread_name_prefix="asked")
        self._server = grpc.server(handlers, handlers=(self._ears(), self._health()), options=_OPTIONS)

    def start(self) -> int:
        """Begin to answer; the port. Raises ``UnsafeWorkersError``, or ``OSError`` where nothing can listen there."""
        worker = self._speech.worker
        credentials = credentials_of(worker)
        address = f"{worker.host}:{worker.port}"
        try:
            if credentials is None:
                port = self._server.add_insecure_port(address)
            else:
                port = self._server.add_secure_port(address, credentials)
        except RuntimeError as error:
            raise OSError(f"cannot listen on {address}") from error
        self._server.start()
        return int(port)

    def stop(self, grace_s: float) -> None:
        """Take nothing new, end what is being read within ``grace_s``."""
        self._stopping = True
        self._server.stop(grace_s).wait()
        self._readers.shutdown(wait=False, cancel_futures=True)

    def tidy(self) -> None:
        """Forget sounds nobody asks for any more; every few seconds."""
        self._sounds.drop_old()

    def _ears(self) -> Any:
        asked: dict[Method, Parse] = {
            Method.ENCODE: self._encode,
            Method.TRANSCRIBE: self._transcribe,
            Method.SCORE: self._score,
            Method.LANGUAGE: self._language,
            Method.SILENCE: self._tell_silence,
        }
        handlers = {name: grpc.unary_unary_rpc_method_handler(partial(self._read, asked[name])) for name in asked}
        handlers[Method.STATUS] = grpc.unary_unary_rpc_method_handler(self._status)
        return grpc.method_handlers_generic_handler(wire.SERVICE, handlers)

    def _health(self) -> Any:
        def check(_request: bytes, _context: Any) -> bytes:
            return wire.NOT_SERVING if self._stopping else wire.SERVING

        return grpc.method_handlers_generic_handler(wire.HEALTH, {"Check": grpc.unary_unary_rpc_method_handler(check)})

    def _status(self, _request: bytes, context: Any) -> bytes:
        self._let_in(context)
        speech = self._speech
        shape = wire.Status(speech.engine, speech.model, speech.threads, self._load, speech.worker.most_at_once)
        return wire.written(wire.STATUS, shape)

    def _read(self, parse: Parse, request: bytes, context: Any) -> bytes:
        told = self._let_in(context)
        urgency = _URGENCIES.get(str(told.get(wire.URGENCY)), Urgency.WAITING)
        with self._place(urgency, context):
            try:
                work = parse(request)
                with claimed(Claim(urgency)):
                    job = self._readers.submit(work)
            except wire.MalformedError as error:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
            except RuntimeError:
                context.abort(grpc.StatusCode.UNAVAILABLE, "stopping")
            return _result(job, context)

    def _let_in(self, context: Any) -> dict[str, str | bytes]:
        """What was told beside the message; who does not know the token goes no further."""
        told = dict(context.invocation_metadata())
        said = told.get(wire.TOKEN, "")
        if not hmac.compare_digest(said if isinstance(said, bytes) else said.encode(), self._token):
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "wrong token")
        return told

    @contextmanager
    def _place(self, urgency: Urgency, context: Any) -> Iterator[None]:
        """A place in the line. What nobody waits for gets half of it, so that there is room for callers."""
        most = self._speech.worker.most_at_once
        with self._counting:
            full = self._load >= (max(1, most // 2) if urgency is Urgency.AHEAD else most)
            self._load += not full
            load = self._load
        context.set_trailing_metadata(((wire.LOAD, str(load)),))
        if full:
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "busy")
        try:
            yield
        finally:
            with self._counting:
                self._load -= 1

    def _sound(self, name: str) -> Encoding:
        return self._silence if name == wire.SILENCE else self._sounds.get(name)

    def _encode(self, request: bytes) -> Work:
        samples = wire.samples_parsed(request)

        def work() -> bytes:
            encoding = self._engine.encode(samples)
            return _kept(self._sounds.keep(encoding), encoding)

        return work

    def _transcribe(self, request: bytes) -> Work:
        asked = wire.parsed(wire.READING, request)
        return lambda: wire.written(wire.TRANSCRIPTION, self._engine.transcribe(self._sound(asked.sound), asked.hints))

    def _score(self, request: bytes) -> Work:
        asked = wire.parsed(wire.SCORING, request)
        return lambda: wire.written(wire.SCORES, self._engine.score(self._sound(asked.sound), asked.answers))

    def _language(self, request: bytes) -> Work:
        asked = wire.parsed(wire.GUESSING, request)
        return lambda: wire.written(wire.LANGUAGE, self._engine.language(self._sound(asked.sound)))

    def _tell_silence(self, _request: bytes) -> Work:
        return lambda: _kept(wire.SILENCE, self._silence)


def credentials_of(worker: Worker) -> Any:
    """TLS as the settings ask, None on loopback without. Raises ``UnsafeWorkersError`` or ``OSError``."""
    local = wire.is_loopback(worker.host)
    if not local and not worker.token.get_secret_value():
        raise wire.UnsafeWorkersError(f"listening on {worker.host} needs CALLBOT_SPEECH__WORKER__TOKEN")
    if worker.certificate and worker.key:
        return grpc.ssl_server_credentials(((worker.key.read_bytes(), worker.certificate.read_bytes()),))
    if not local:
        raise wire.UnsafeWorkersError(
            f"listening on {worker.host} needs CALLBOT_SPEECH__WORKER__CERTIFICATE and CALLBOT_SPEECH__WORKER__KEY"
        )
    return None


def _kept(sound: str, encoding: Encoding) -> bytes:
    return wire.written(wire.KEPT, wire.Kept(sound, encoding.frames, encoding.encode_ms))


def _result(job: Future[bytes], context: Any) -> bytes:
    """What the readers made of it; who has given up is not read for."""
    context.add_callback(job.cancel)
    left_s = context.time_remaining()
    try:
        return job.result(_LONGEST_S if left_s is None else min(left_s, _LONGEST_S))
    except (CancelledError, TimeoutError):
        job.cancel()
        context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, "too late")
    except UnknownSoundError:
        context.abort(grpc.StatusCode.NOT_FOUND, "sound not kept here")
    except Exception as failure:  # noqa: BLE001 - the edge to the engine: only its kind is told, it may quote a caller
        context.abort(grpc.StatusCode.INTERNAL, type(failure).__name__)
    raise AssertionError("abort always raises")
