"""One speech worker as a service sees it: its channel, how busy it is, whether it is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final

import grpc

from callbot.settings import Worker
from callbot.speech.engine import EarsAwayError
from callbot.speech.readers import current_claim
from callbot.speech.workers import wire
from callbot.speech.workers.wire import Method

ASIDE_S: Final = 5.0
"""a worker that failed is asked last for so long"""
_TOLD_FOR_S: Final = 1.0
"""what a worker said of its load is old after this"""
_OPTIONS: Final = (
    ("grpc.max_send_message_length", wire.MOST_BYTES),
    ("grpc.enable_http_proxy", 0),  # sound goes to the worker and nowhere else
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 3_000),
)


class ElsewhereError(EarsAwayError):
    """This worker cannot; another one may."""


class ForgottenError(EarsAwayError):
    """The worker does not keep the sound any more; it may be sent again."""


class WorkerChannel:
    """Asks one worker; used by several threads."""

    def __init__(self, address: str, worker: Worker, clock: Callable[[], float] = time.monotonic) -> None:
        """``address``: host:port; ``clock``: monotonic, in seconds. Raises ``UnsafeWorkersError`` or ``OSError``."""
        self.address = address
        self._clock = clock
        self._channel = _opened(address, worker)
        self._token = f"Bearer {worker.token.get_secret_value()}"
        self._asked = {
            method: self._channel.unary_unary(f"/{wire.SERVICE}/{method}", _registered_method=False)
            for method in Method
        }
        self._counting = threading.Lock()
        self._mine = 0
        self._told = (0, -_TOLD_FOR_S)
        """(utterances on the worker beside the one that was answered, when it said so)"""
        self._aside_until = 0.0

    def rank(self) -> tuple[bool, int]:
        """The lowest is asked first: those that work before those that failed, the least busy first."""
        now = self._clock()
        told, when = self._told
        return now < self._aside_until, max(self._mine, told if now - when < _TOLD_FOR_S else 0)

    def ask(self, method: Method, request: bytes, wait_s: float, *, until_ready: bool = False) -> bytes:
        """The answer within ``wait_s``. Raises ``ElsewhereError``, ``ForgottenError`` or ``EarsAwayError``."""
        with self._counting:
            self._mine += 1
        try:
            answer, call = self._asked[method].with_call(
                request, timeout=wait_s, metadata=self._beside(), wait_for_ready=until_ready
            )
        except grpc.RpcError as error:
            self._note_load(error)
            raise self._failure(error) from None
        finally:
            with self._counting:
                self._mine -= 1
        self._note_load(call)
        self._aside_until = 0.0
        return bytes(answer)

    def close(self) -> None:
        """What is still asked fails."""
        self._channel.close()

    def _beside(self) -> tuple[tuple[str, str], ...]:
        return (wire.TOKEN, self._token), (wire.URGENCY, str(current_claim().urgency.value))

    def _note_load(self, call: Any) -> None:
        told = dict(call.trailing_metadata() or ()).get(wire.LOAD, "")
        if isinstance(told, str) and told.isdecimal():
            self._told = (int(told) - 1, self._clock())

    def _failure(self, error: Any) -> EarsAwayError:
        """What the worker's refusal means; a worker that fails is left alone for a while."""
        code = error.code()
        reason = f"speech worker {self.address}: {code.value[1]}"
        if code is grpc.StatusCode.NOT_FOUND:
            return ForgottenError(reason)
        if code is grpc.StatusCode.RESOURCE_EXHAUSTED:
            return ElsewhereError(reason)
        if code is grpc.StatusCode.INVALID_ARGUMENT:
            return EarsAwayError(reason)
        # a worker whose engine fails or that does not know the token answers at once: it would get every call
        self._aside_until = self._clock() + ASIDE_S
        return EarsAwayError(reason) if code is grpc.StatusCode.DEADLINE_EXCEEDED else ElsewhereError(reason)


def _opened(address: str, worker: Worker) -> Any:
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isdecimal():
        raise wire.UnsafeWorkersError("CALLBOT_SPEECH__WORKERS: each is host:port, with commas between")
    if worker.authority:
        trusted = grpc.ssl_channel_credentials(worker.authority.read_bytes())
        return grpc.secure_channel(address, trusted, options=_OPTIONS)
    if not wire.is_loopback(host):
        raise wire.UnsafeWorkersError(f"the speech worker {address} needs CALLBOT_SPEECH__WORKER__AUTHORITY (TLS)")
    return grpc.insecure_channel(address, options=_OPTIONS)
