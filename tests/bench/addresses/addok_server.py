"""A real addok on a real Redis: the engine of the French national geocoder, started and stopped by the bench.

addok is installed apart from our own packages, in ``folder``; the imported index is kept there for the next run.
Redis listens on a private socket file only. ``redis-server`` comes from the machine: no well-kept package brings it.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

REQUIREMENTS: Final = Path(__file__).parents[3] / "requirements" / "addok.txt"
START_SECONDS: Final = 60.0
"""how long Redis may load its index, or addok its synonyms"""
_LOOK_EVERY: Final = 0.05
_KEPT: Final = "kept"
"""the file that says an import was finished"""

# The steps the national service documents for its own addok; all arrondissements at once need sixteen filter values.
SETTINGS: Final = """\
EXTRA_FIELDS = [{"key": "citycode"}, {"key": "district"}]
FILTERS = ["type", "citycode", "postcode"]
MAX_FILTER_VALUES = 16
DOCUMENT_STORE_PYPATH = "addok_sqlite_store.SQLiteStore"
QUERY_PROCESSORS_PYPATHS = [
    "addok.helpers.text.check_query_length", "addok_france.extract_address", "addok_france.clean_query",
    "addok_france.remove_leading_zeros",
]
PROCESSORS_PYPATHS = [
    "addok.helpers.text.tokenize", "addok.helpers.text.normalize", "addok_france.glue_ordinal",
    "addok_france.fold_ordinal", "addok_france.flag_housenumber", "addok.helpers.text.synonymize",
    "addok_fr.phonemicize",
]
SEARCH_RESULT_PROCESSORS_PYPATHS = [
    "addok.helpers.results.match_housenumber", "addok_france.make_labels",
    "addok.helpers.results.score_by_importance", "addok.helpers.results.score_by_autocomplete_distance",
    "addok.helpers.results.score_by_ngram_distance", "addok.helpers.results.score_by_geo_distance",
]
"""


class AddokUnavailableError(Exception):
    """The baseline cannot run on this machine; the message says what is missing or what failed."""


@dataclass(frozen=True, slots=True)
class AddokServer:
    """A running addok. ``import_seconds``: how long the import took; None where an earlier one was kept."""

    url: str
    import_seconds: float | None


@contextmanager
def addok(data: Path, folder: Path) -> Iterator[AddokServer]:
    """Serve the addresses of ``data`` (JSON lines, gzip) on loopback until the block ends.

    ``folder`` keeps the program and the index. Raises `AddokUnavailableError`.
    """
    redis = shutil.which("redis-server")
    if redis is None:
        raise AddokUnavailableError("redis-server is not on the PATH (Debian: apt install redis-server)")
    if not data.is_file():
        raise AddokUnavailableError(f"no addresses for addok: {data.name} is not there")
    with ExitStack() as stack:
        run = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        with _alone(folder):
            program = _installed(folder)
            index = _index_folder(data, folder)
            stack.enter_context(_redis(redis, index, run))
            environment = _environment(index, run)
            seconds = None if (index / _KEPT).exists() else _import(program, data, index, environment, run)
        url = stack.enter_context(_serving(program, environment, run))
        yield AddokServer(url, seconds)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One run at a time installs and imports."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _installed(folder: Path) -> Path:
    """The ``addok`` command in an environment of its own, made anew when the pinned packages change."""
    environment, pinned = folder / "venv", REQUIREMENTS.read_bytes()
    done = environment / "installed.txt"
    if not (done.exists() and done.read_bytes() == pinned):
        _run([sys.executable, "-m", "venv", "--clear", str(environment)])
        pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--require-hashes", "--no-deps", "-r", str(REQUIREMENTS)])
        done.write_bytes(pinned)
    return environment / "bin" / "addok"


def _index_folder(data: Path, folder: Path) -> Path:
    """Where the index of just this data lives; what an unfinished import or older data left is cleared."""
    facts = data.stat()
    written = f"{facts.st_size} {facts.st_mtime_ns} {SETTINGS}".encode() + REQUIREMENTS.read_bytes()
    index = folder / f"index-{data.name}-{hashlib.sha256(written).hexdigest()[:12]}"
    for old in folder.glob(f"index-{data.name}-*"):
        if old != index or not (old / _KEPT).exists():
            shutil.rmtree(old)
    index.mkdir(exist_ok=True)
    return index


def _environment(index: Path, run: Path) -> Mapping[str, str]:
    settings = run / "addok.conf"
    settings.write_text(SETTINGS, encoding="utf-8")
    return os.environ | {
        "ADDOK_CONFIG_MODULE": str(settings),
        "REDIS_SOCKET": str(run / "redis.sock"),
        "ADDOK_SQLITE_DB_PATH": str(index / "documents.db"),
        "ADDOK_LOG_DIR": str(run),
    }


def _import(program: Path, data: Path, index: Path, environment: Mapping[str, str], run: Path) -> float:
    """All documents and their beginnings of words into the index. Returns seconds."""
    started = time.perf_counter()
    plain = run / "documents.jsonl"  # addok reads plain text only
    try:
        with gzip.open(data) as packed, plain.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
    except (OSError, EOFError, zlib.error) as error:
        raise AddokUnavailableError(f"{data.name} cannot be read: {error}") from error
    _run([str(program), "batch", str(plain)], environment)
    _run([str(program), "ngrams"], environment)
    if (answer := _ask_redis(run / "redis.sock", "SAVE", START_SECONDS)) != "+OK":
        raise AddokUnavailableError(f"redis could not keep the index: {answer or 'no answer'}")
    plain.unlink()
    (index / _KEPT).touch()
    return time.perf_counter() - started


@contextmanager
def _redis(program: str, index: Path, run: Path) -> Iterator[None]:
    """A Redis that writes its data when told to, and only then."""
    door = run / "redis.sock"
    options = {"--port": "0", "--unixsocket": str(door), "--dir": str(index), "--save": "", "--appendonly": "no"}
    command = [program, *(part for option in options.items() for part in option)]
    with _started(command, os.environ, run / "redis.log") as process:
        _wait(lambda: _ask_redis(door, "PING") == "+PONG", process, run / "redis.log")
        yield


def _ask_redis(door: Path, command: str, seconds: float = 1.0) -> str:
    """The one-line answer to a command without arguments; "" when nobody listens."""
    with closing(socket.socket(socket.AF_UNIX)) as line:
        line.settimeout(seconds)
        try:
            line.connect(str(door))
            line.sendall(f"{command}\r\n".encode())
            return line.recv(200).decode().strip()
        except OSError:
            return ""


@contextmanager
def _serving(program: Path, environment: Mapping[str, str], run: Path) -> Iterator[str]:
    port = _free_port()
    command = [str(program), "serve", "--host", "127.0.0.1", "--port", str(port)]
    with _started(command, environment, run / "addok.log") as process:
        _wait(lambda: _listens(port), process, run / "addok.log")
        yield f"http://127.0.0.1:{port}"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _listens(port: int) -> bool:
    with closing(socket.socket()) as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _started(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program that is ended with the block, whatever happens in it."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Until ``ready``; raises `AddokUnavailableError` with the program's last words when it ends or takes too long."""
    until = time.monotonic() + START_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            last_words = log.read_text(encoding="utf-8", errors="replace")[-500:]
            raise AddokUnavailableError(f"{log.stem} did not start: {last_words}")
        time.sleep(_LOOK_EVERY)


def _run(command: list[str], environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        step = " ".join(Path(part).name for part in command[:4])
        raise AddokUnavailableError(f"{step} failed: {(done.stderr or done.stdout)[-500:]}")
