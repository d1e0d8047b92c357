"""Two hosts that serve, one that works, behind the balancer of ``deploy/`` and on a PostgreSQL of their own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO, Final

import psycopg

from tests.bench.chaos.twilio import ACCOUNT, SENDER, TOKEN
from tests.deploy.balanced import HOST, ROOT, end_haproxy, free_port, haproxy_configuration, wait_until
from tests.deploy.judges import program

STARTS_WITHIN_S: Final = 400.0
"""on a machine where much else goes on"""
_SERVERS_OWN_USER: Final = "postgres"
_DISK_MB: Final = 400
_FAILED: Final = re.compile(r'(?=.*"webhook_failed").*"kind": "(\w+)"')


class CannotError(Exception):
    """This machine has not what a fault needs; the text says what."""


@dataclass
class Postgres:
    """A PostgreSQL server on a free port, its files in ``folder``."""

    folder: Path
    port: int = field(default_factory=free_port)
    own_disk: bool = False
    """its files have a small disk of their own (tmpfs), which can be full"""

    @property
    def url(self) -> str:
        """The database of the hosts."""
        return f"postgresql+psycopg://postgres@{HOST}:{self.port}/callbot"

    @contextmanager
    def running(self) -> Iterator[Postgres]:
        """Made and started; stopped in the end."""
        self.folder.mkdir()
        with ExitStack() as stack:
            self.own_disk = self._mounted(stack)
            shutil.chown(self.folder, *(2 * (_SERVERS_OWN_USER,) if os.geteuid() == 0 else 2 * (os.geteuid(),)))
            self._run("initdb", "-D", str(self._data), "-A", "trust", "-N", "-U", "postgres")
            self.start()
            stack.callback(self.stop)
            with psycopg.connect(self.dsn("postgres"), autocommit=True) as admin:
                admin.execute("CREATE DATABASE callbot")
            yield self

    def dsn(self, database: str = "callbot") -> str:
        """For psycopg."""
        return f"postgresql://postgres@{HOST}:{self.port}/{database}"

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        options = f"-p {self.port} -c listen_addresses={HOST} -c unix_socket_directories= -c max_wal_size=64MB"
        self._run("pg_ctl", "-D", str(self._data), "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self) -> None:
        """Stops it at once, as a crash would; what is stopped already stays so."""
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def cut_all(self) -> None:
        """Ends every connection."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'callbot'")

    def fill_disk(self) -> None:
        """Not a byte more fits on its disk."""
        if not self.own_disk:
            raise CannotError("no right to mount a small disk (tmpfs) here")
        with suppress(OSError), self._ballast.open("wb", buffering=0) as ballast:
            for size in (1 << 20, 4096):
                with suppress(OSError):
                    while True:
                        ballast.write(bytes(size))

    def free_disk(self) -> None:
        """There is room again; who ended for want of it is started, as systemd would."""
        self._ballast.unlink()
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.dsn(), connect_timeout=5).close()
            return
        self.stop()
        self.start()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def _mounted(self, stack: ExitStack) -> bool:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_MB}m", "chaos", str(self.folder)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
            return False
        stack.callback(subprocess.run, ["umount", "-l", str(self.folder)], check=False)
        return True

    def _run(self, name: str, *arguments: str) -> None:
        found = program(name) if shutil.which(name) else _beside_debians_others(name)
        as_user = ["runuser", "-u", _SERVERS_OWN_USER, "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*as_user, found, *arguments], cwd="/", check=True, timeout=120,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        )  # fmt: skip


def _beside_debians_others(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not found:
        raise CannotError(f"{name} of PostgreSQL is missing")
    return str(found[-1])


@dataclass
class Host:
    """One process, started again as often as it takes; it keeps its port."""

    command: str
    environment: Mapping[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    last_words: deque[str] = field(default_factory=lambda: deque(maxlen=60))
    failures: Counter[str] = field(default_factory=Counter)
    """webhooks that failed inside and were answered by a transfer, by kind of failure"""

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{HOST}:{self.port}"

    def start(self, **other: str) -> None:
        """Starts it with some ``other`` environment, and waits for nothing."""
        self.last_words.clear()
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from callbot.cli import main; main()", self.command],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **self.environment, "CALLBOT_SERVER__PORT": str(self.port), **other},
        )  # fmt: skip
        assert self.process.stderr is not None
        threading.Thread(target=self._listen, args=(self.process.stderr,), daemon=True).start()

    def _listen(self, said: IO[str]) -> None:
        with said:
            for line in said:
                self.last_words.append(line)
                if found := _FAILED.search(line):
                    self.failures[found[1]] += 1

    def kill(self) -> None:
        """``kill -9``."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def end(self) -> None:
        """SIGTERM twice, then what it takes."""
        if self.process is None or self.process.poll() is not None:
            return
        for _ in range(2):
            self.process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.kill()

    @property
    def ready(self) -> bool:
        """It says that it can take calls."""
        asks = HTTPConnection(HOST, self.port, timeout=5)
        try:
            asks.request("GET", "/health/ready")
            return asks.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            asks.close()

    def wait_ready(self) -> None:
        """Fails with its last words when it is not in time."""
        try:
            wait_until(lambda: self._gone or self.ready, "ready", STARTS_WITHIN_S)
        except AssertionError:
            raise RuntimeError(f"callbot {self.command} is not ready: {''.join(self.last_words)}") from None
        if self._gone:
            raise RuntimeError(f"callbot {self.command} ended: {''.join(self.last_words)}")

    def refuses_within(self, seconds: float) -> str:
        """What it says last when it ends with an error; empty when it does not."""
        assert self.process is not None
        with suppress(subprocess.TimeoutExpired):
            if self.process.wait(seconds):
                time.sleep(0.2)  # the reader of its words has them a moment later
                return "".join(self.last_words).strip()
        return ""

    @property
    def _gone(self) -> bool:
        return self.process is None or self.process.poll() is not None


@dataclass(frozen=True)
class Site:
    """Everything that runs here."""

    postgres: Postgres
    serves: tuple[Host, Host]
    worker: Host
    url: str
    folder: Path

    @property
    def all_ready(self) -> bool:
        """Both hosts take calls."""
        return all(host.ready for host in self.serves)


@contextmanager
def site(twilio_url: str) -> Iterator[Site]:
    """Set up but for the hosts, which are started by who wants them; everything is ended afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        folder.chmod(0o755)
        postgres = stack.enter_context(Postgres(folder / "pg").running())
        front = f"{HOST}:{free_port()}"
        environment = {
            "CALLBOT_STORAGE__URL": postgres.url,
            "CALLBOT_PRIVACY__KEY_FILE": str(folder / "keys.json"),
            "CALLBOT_SERVER__PUBLIC_URL": f"http://{front}",
            "CALLBOT_TWILIO__ACCOUNT_SID": ACCOUNT,
            "CALLBOT_TWILIO__AUTH_TOKEN": TOKEN,
            "CALLBOT_TWILIO__SENDER": SENDER,
            "CALLBOT_TWILIO__API_URL": twilio_url,
            "CALLBOT_SPEECH__VOICE": "light",
        }
        serves = (Host("serve", environment), Host("serve", environment))
        worker = Host("worker", environment)
        for host in (*serves, worker):
            stack.callback(host.end)
        stack.enter_context(_balancer([host.address for host in serves], front, folder))
        yield Site(postgres, serves, worker, f"http://{front}", folder)


@contextmanager
def _balancer(addresses: list[str], front: str, folder: Path) -> Iterator[None]:
    file = folder / "haproxy.cfg"
    file.write_text(haproxy_configuration(addresses, front, folder / "haproxy.sock"), encoding="utf-8")
    command = [program("haproxy"), "-W", "-f", str(file)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        try:
            yield
        finally:
            end_haproxy(process)
