"""Speech workers behind real gRPC on loopback, with an engine that only remembers what it was given."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, TypeAdapter

from callbot.domain.meaning import Expectation
from callbot.settings import EngineName, Speech, Worker
from callbot.speech.codec import ENGINE_RATE, Samples
from callbot.speech.engine import EarsAwayError, Encoding, Hints, Hypothesis, SpokenLanguage, Transcription
from callbot.speech.engines import load_engine
from callbot.speech.readers import Claim, Urgency, claimed, current_claim
from callbot.speech.workers import wire
from callbot.speech.workers.channel import ASIDE_S
from callbot.speech.workers.kept import KeptSounds, UnknownSoundError
from callbot.speech.workers.remote import RemoteEngine
from callbot.speech.workers.wire import MalformedError, UnsafeWorkersError
from callbot.speech.workers.worker import EarsWorker, credentials_of

TOKEN = "geheim"
SOUND = np.linspace(-0.3, 0.3, ENGINE_RATE, dtype=np.float32)
HINTS = Hints(Expectation.DATE, "Mardi, jeudi.", ("le mardi 3", "le jeudi 5"))
SPOKEN = Transcription("jeudi", (Hypothesis("jeudi", -0.1), Hypothesis("lundi", -1 / 3)), 0.01, 0.9, 12.5, 101.25)


@dataclass
class FakeEngine:
    """Answers what a test says; ``gate`` closed: transcribing waits for it."""

    asked: list[tuple[object, ...]] = field(default_factory=list)
    failure: Exception | None = None
    gate: threading.Event = field(default_factory=threading.Event)
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.gate.set()

    def encode(self, samples: Samples) -> Encoding:
        self._do("encode", samples.tobytes())
        return Encoding(samples.tobytes(), len(samples) // 160, 12.5)

    def transcribe(self, encoding: Encoding, hints: Hints) -> Transcription:
        self.begun.release()
        assert self.gate.wait(10)
        self._do("transcribe", encoding.states, hints, current_claim().urgency)
        return SPOKEN

    def silence(self) -> Encoding:
        return Encoding(b"silence", 300, 0.0)

    def score(self, encoding: Encoding, answers: Sequence[str]) -> tuple[float, ...]:
        self._do("score", encoding.states, tuple(answers))
        return tuple(-len(answer) / 3 for answer in answers)

    def language(self, encoding: Encoding) -> SpokenLanguage:
        self._do("language", encoding.states)
        return SpokenLanguage("fr", 0.875, 0.875)

    def _do(self, *asked: object) -> None:
        if self.failure:
            raise self.failure
        self.asked.append(asked)


@dataclass
class Running:
    engine: FakeEngine
    worker: EarsWorker
    address: str


Start = Callable[..., Running]
Connect = Callable[..., RemoteEngine]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts workers on loopback; gone with the test."""
    with ExitStack() as stack:

        def begin(port: int = 0, token: str = TOKEN, most: int = 8, threads: int = 1, **beside: Any) -> Running:
            engine = FakeEngine()
            shared = Worker(port=port, token=SecretStr(token), most_at_once=most, **beside)
            worker = EarsWorker(engine, Speech(threads=threads, worker=shared))
            running = Running(engine, worker, f"127.0.0.1:{worker.start()}")
            stack.callback(worker.stop, 0)
            stack.callback(engine.gate.set)
            return running

        yield begin


@pytest.fixture
def connect() -> Iterator[Connect]:
    with ExitStack() as stack:

        def to(
            *running: Running, token: str = TOKEN, clock: Callable[[], float] | None = None, **shared: Any
        ) -> RemoteEngine:
            addresses = ",".join(each.address for each in running)
            speech = Speech(
                engine=EngineName.REMOTE, workers=addresses, worker=Worker(token=SecretStr(token), **shared)
            )
            engine = RemoteEngine(speech, clock) if clock else RemoteEngine(speech)
            stack.callback(engine.close)
            return engine

        yield to


class TestOneWorker:
    def test_every_question_reaches_the_engine_and_every_answer_comes_back_unchanged(
        self, start: Start, connect: Connect
    ) -> None:
        one = start()
        remote = connect(one)
        encoding = remote.encode(SOUND)
        assert (encoding.frames, encoding.encode_ms) == (100, 12.5)
        assert remote.transcribe(encoding, HINTS) == SPOKEN
        assert remote.score(encoding, ["oui", "peut-être"]) == (-1.0, -3.0)
        assert remote.language(encoding) == SpokenLanguage("fr", 0.875, 0.875)
        sound = SOUND.tobytes()
        assert one.engine.asked == [
            ("encode", sound),
            ("transcribe", sound, HINTS, Urgency.WAITING),
            ("score", sound, ("oui", "peut-être")),
            ("language", sound),
        ]

    def test_silence_is_the_workers_own(self, start: Start, connect: Connect) -> None:
        one = start()
        remote = connect(one)
        silence = remote.silence()
        assert silence.frames == 300
        remote.score(silence, ["oui"])
        assert one.engine.asked == [("score", b"silence", ("oui",))]

    def test_no_more_than_28_seconds_are_sent(self, start: Start, connect: Connect) -> None:
        encoding = connect(start()).encode(np.zeros(40 * ENGINE_RATE, dtype=np.float32))
        assert encoding.frames == 2_800

    def test_the_urgency_of_who_asks_goes_with_the_question(self, start: Start, connect: Connect) -> None:
        one = start()
        remote = connect(one)
        encoding = remote.encode(SOUND)
        with claimed(Claim(Urgency.PAUSING)):
            remote.transcribe(encoding, HINTS)
        assert one.engine.asked[-1][-1] is Urgency.PAUSING

    def test_who_waits_is_read_before_who_came_first(self, start: Start, connect: Connect) -> None:
        one = start()
        remote = connect(one)
        encoding = remote.encode(SOUND)
        one.engine.gate.clear()
        threads = [reading(remote, encoding, Urgency.WAITING)]
        assert one.engine.begun.acquire(timeout=10)
        threads.append(reading(remote, encoding, Urgency.AHEAD))
        until(lambda: load_of(remote) == 2)
        threads.append(reading(remote, encoding, Urgency.WAITING))
        until(lambda: load_of(remote) == 3)
        one.engine.gate.set()
        for thread in threads:
            thread.join(10)
        assert [asked[-1] for asked in one.engine.asked[1:]] == [Urgency.WAITING, Urgency.WAITING, Urgency.AHEAD]

    def test_a_wrong_token_is_refused(self, start: Start, connect: Connect) -> None:
        one = start()
        with pytest.raises(EarsAwayError, match="unauthenticated"):
            connect(one, token="geheiM").encode(SOUND)
        assert one.engine.asked == []

    def test_what_is_too_much_is_refused_as_busy(self, start: Start, connect: Connect) -> None:
        one = start(most=2)
        remote = connect(one)
        encoding = remote.encode(SOUND)
        one.engine.gate.clear()
        first = reading(remote, encoding, Urgency.WAITING)
        until(lambda: load_of(remote) == 1)
        with claimed(Claim(Urgency.AHEAD)), pytest.raises(EarsAwayError, match="resource exhausted"):
            remote.language(encoding)
        second = reading(remote, encoding, Urgency.WAITING)
        until(lambda: load_of(remote) == 2)
        with pytest.raises(EarsAwayError, match="resource exhausted"):
            remote.language(encoding)
        one.engine.gate.set()
        first.join(10)
        second.join(10)
        assert remote.language(encoding).code == "fr"

    def test_what_is_too_late_fails_and_is_not_read_for(self, start: Start, connect: Connect) -> None:
        one = start()
        remote, hasty = connect(one), connect(one, deadline_s=0.2)
        encoding, other = remote.encode(SOUND), hasty.encode(SOUND)
        one.engine.gate.clear()
        first = reading(remote, encoding, Urgency.WAITING)
        assert one.engine.begun.acquire(timeout=10)
        with pytest.raises(EarsAwayError, match="deadline exceeded"):
            hasty.transcribe(other, HINTS)
        one.engine.gate.set()
        first.join(10)
        remote.language(encoding)
        assert [asked[0] for asked in one.engine.asked] == ["encode", "encode", "transcribe", "language"]

    def test_a_failing_engine_is_told_by_its_kind_alone(self, start: Start, connect: Connect) -> None:
        one = start()
        one.engine.failure = LookupError("12 rue des Lilas")
        with pytest.raises(EarsAwayError) as raised:
            connect(one).encode(SOUND)
        assert "Lilas" not in str(raised.value)

    @pytest.mark.parametrize(
        ("method", "message"),
        [
            ("Encode", b"abc"),
            ("Encode", b""),
            ("Transcribe", b"\xff{"),
            ("Score", b'{"sound": "x"}'),
            ("Language", b"[]"),
        ],
    )
    def test_hostile_messages_are_malformed_and_harm_nobody(
        self, start: Start, connect: Connect, method: str, message: bytes
    ) -> None:
        one = start()
        with grpc.insecure_channel(one.address) as channel:
            ask = channel.unary_unary(f"/{wire.SERVICE}/{method}")
            with pytest.raises(grpc.RpcError) as raised:
                ask(
                    message,
                    timeout=5,
                    metadata=((wire.TOKEN, f"Bearer {TOKEN}"), (wire.URGENCY, "9"), (wire.LOAD, "x")),
                )
        assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert connect(one).encode(SOUND).frames == 100

    def test_health_is_answered_without_a_token_until_the_worker_stops(self, start: Start) -> None:
        one = start()
        with grpc.insecure_channel(one.address) as channel:
            check = channel.unary_unary(f"/{wire.HEALTH}/Check")
            assert check(b"", timeout=5) == wire.SERVING
            one.worker.stop(0)
            with pytest.raises(grpc.RpcError):
                check(b"", timeout=5)

    def test_a_port_is_taken_by_one_worker_only(self, start: Start) -> None:
        one = start()
        with pytest.raises(OSError, match="cannot listen"):
            start(port=int(one.address.rpartition(":")[2]))


class TestSeveralWorkers:
    def test_an_utterance_stays_on_its_worker_and_utterances_are_shared_out(
        self, start: Start, connect: Connect
    ) -> None:
        both = [start(), start()]
        remote = connect(*both)
        for encoding in [remote.encode(SOUND), remote.encode(SOUND)]:
            remote.transcribe(encoding, HINTS)
            remote.language(encoding)
        assert [[asked[0] for asked in each.engine.asked] for each in both] == 2 * [
            ["encode", "transcribe", "language"]
        ]

    def test_a_worker_that_dies_between_encoding_and_reading_is_replaced(self, start: Start, connect: Connect) -> None:
        both = [start(), start()]
        remote = connect(*both)
        encoding = remote.encode(SOUND)
        dead, alive = sorted(both, key=lambda each: not each.engine.asked)
        dead.worker.stop(0)
        assert remote.transcribe(encoding, HINTS) == SPOKEN
        assert remote.language(encoding).code == "fr"
        assert [asked[0] for asked in alive.engine.asked] == ["encode", "transcribe", "language"]

    def test_a_worker_that_failed_is_asked_last_until_it_is_tried_again(self, start: Start, connect: Connect) -> None:
        now = [100.0]
        bad, good = start(), start()
        bad.engine.failure = MemoryError()
        remote = connect(bad, good, clock=lambda: now[0])
        for _ in range(4):
            remote.encode(SOUND)
        assert len(good.engine.asked) == 4
        bad.engine.failure = None
        remote.encode(SOUND)
        assert not bad.engine.asked
        now[0] += ASIDE_S
        remote.encode(SOUND)
        remote.encode(SOUND)
        assert bad.engine.asked

    def test_a_busy_worker_hands_over_to_another(self, start: Start, connect: Connect) -> None:
        busy, free = start(most=1), start(most=1)
        alone, remote = connect(busy), connect(busy, free)
        encoding = alone.encode(SOUND)
        busy.engine.gate.clear()
        held = reading(alone, encoding, Urgency.WAITING)
        assert busy.engine.begun.acquire(timeout=10)
        assert {remote.encode(SOUND).frames for _ in range(3)} == {100}
        assert len(free.engine.asked) == 3
        busy.engine.gate.set()
        held.join(10)

    def test_all_away_is_a_failure(self, start: Start, connect: Connect) -> None:
        both = [start(), start()]
        remote = connect(*both)
        encoding = remote.encode(SOUND)
        for each in both:
            each.worker.stop(0)
        with pytest.raises(EarsAwayError, match="unavailable"):
            remote.transcribe(encoding, HINTS)
        with pytest.raises(EarsAwayError, match="unavailable"):
            remote.encode(SOUND)

    def test_a_worker_started_anew_is_sent_the_sound_again(self, start: Start, connect: Connect) -> None:
        one = start()
        remote = connect(one)
        encoding = remote.encode(SOUND)
        one.worker.stop(0)
        again = start(port=int(one.address.rpartition(":")[2]))
        assert dict(remote.statuses(10))[one.address] == wire.Status("faster-whisper", "base", 1, 0, 8)
        assert remote.transcribe(encoding, HINTS) == SPOKEN
        assert [asked[0] for asked in again.engine.asked] == ["encode", "transcribe"]


class TestSettings:
    def test_the_setting_chooses_the_workers_and_a_service_starts_on_one_that_answers(
        self, start: Start, tmp_path: Path
    ) -> None:
        one = start()
        gone = start()
        gone.worker.stop(0)
        speech = Speech(
            engine=EngineName.REMOTE,
            workers=f"{gone.address}, {one.address}",
            worker=Worker(token=SecretStr(TOKEN)),
        )
        engine = load_engine(speech, tmp_path)
        assert isinstance(engine, RemoteEngine)
        assert engine.encode(SOUND).frames == 100
        engine.close()

    def test_no_worker_that_answers_is_said_by_name(self, start: Start) -> None:
        gone = start()
        gone.worker.stop(0)
        with pytest.raises(EarsAwayError, match=gone.address):
            RemoteEngine.connected(Speech(workers=gone.address), wait_s=0.2)

    @pytest.mark.parametrize("workers", ["", "127.0.0.1", ":50061", "127.0.0.1:port", "10.0.0.7:50061"])
    def test_addresses_that_are_none_or_unsafe_are_refused(self, workers: str) -> None:
        with pytest.raises(UnsafeWorkersError):
            RemoteEngine(Speech(workers=workers))

    def test_a_worker_listens_to_a_network_only_with_token_and_tls(self, tmp_path: Path) -> None:
        assert credentials_of(Worker()) is None
        with pytest.raises(UnsafeWorkersError, match="TOKEN"):
            credentials_of(Worker(host="0.0.0.0"))  # noqa: S104
        with pytest.raises(UnsafeWorkersError, match="CERTIFICATE"):
            credentials_of(Worker(host="0.0.0.0", token=SecretStr(TOKEN)))  # noqa: S104
        with pytest.raises(OSError, match=r"none\.pem"):
            credentials_of(Worker(certificate=tmp_path / "none.pem", key=tmp_path / "none.pem"))

    def test_tls_by_files(self, start: Start, connect: Connect, tmp_path: Path) -> None:
        certificate, key = loopback_certificate(tmp_path)
        other, _ = loopback_certificate(tmp_path / "other")
        one = start(certificate=certificate, key=key)
        assert connect(one, authority=certificate).encode(SOUND).frames == 100
        with pytest.raises(EarsAwayError):
            connect(one, authority=other).encode(SOUND)
        with pytest.raises(EarsAwayError):
            connect(one).encode(SOUND)


class TestKeptSounds:
    def test_a_sound_is_kept_for_its_life_since_it_was_last_asked_for(self) -> None:
        now = [0.0]
        kept = KeptSounds(lambda: now[0], life_s=60)
        sound = kept.keep(Encoding("states", 1, 1.0))
        now[0] = 60.0
        assert kept.get(sound).states == "states"
        now[0] = 120.0
        kept.drop_old()
        assert len(kept) == 1
        now[0] = 120.1
        kept.drop_old()
        assert len(kept) == 0
        with pytest.raises(UnknownSoundError):
            kept.get(sound)

    def test_beyond_the_most_the_one_not_asked_for_longest_goes(self) -> None:
        kept = KeptSounds(most=2)
        first, second = (kept.keep(Encoding(name, 1, 1.0)) for name in ("first", "second"))
        kept.get(first)
        kept.keep(Encoding("third", 1, 1.0))
        assert kept.get(first).states == "first"
        with pytest.raises(UnknownSoundError):
            kept.get(second)


@given(st.binary(max_size=400))
def test_any_bytes_are_samples_or_malformed(message: bytes) -> None:
    try:
        samples = wire.samples_parsed(message)
    except MalformedError:
        return
    assert wire.samples_written(samples) == message


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_a_question_or_malformed(message: bytes) -> None:
    shapes: tuple[TypeAdapter[Any], ...] = (wire.READING, wire.SCORING, wire.GUESSING)
    for shape in shapes:
        with pytest.raises(MalformedError) as raised:
            wire.parsed(shape, message)
        assert str(raised.value) == "malformed message"


@given(st.lists(st.floats(allow_nan=False)))
def test_scores_come_through_exactly(scores: list[float]) -> None:
    assert wire.parsed(wire.SCORES, wire.written(wire.SCORES, tuple(scores))) == tuple(scores)


def reading(remote: RemoteEngine, encoding: Encoding, urgency: Urgency) -> threading.Thread:
    """Asks for the words in a thread of its own."""

    def read() -> None:
        with claimed(Claim(urgency)):
            remote.transcribe(encoding, HINTS)

    thread = threading.Thread(target=read)
    thread.start()
    return thread


def load_of(remote: RemoteEngine) -> int:
    status = next(iter(dict(remote.statuses(5)).values()))
    assert isinstance(status, wire.Status)
    return status.load


def until(true: Callable[[], bool]) -> None:
    """Asks the worker until it says so."""
    for _ in range(5_000):
        if true():
            return
    raise AssertionError("it never came")


def loopback_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that is its own authority."""
    import ipaddress
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    folder.mkdir(exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "speech worker of a test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "worker.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "worker.key").write_bytes(private)
    return folder / "worker.pem", folder / "worker.key"
