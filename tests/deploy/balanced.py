"""Several ``callbot serve`` behind the balancer of ``deploy/``, on ports of the loopback, for tests and runs.

    with served(2, {"CALLBOT_STORAGE__URL": url}) as serves, haproxy(serves, folder) as front:
        wait_until(lambda: front.ready() == 2, "both are ready")
        httpx.get(front.url + "/health/ready")
        serves[0].kill()

The configuration is the one people install; only its doors, its certificate and its lines of servers are put in.
"""

from __future__ import annotations

import contextlib
import csv
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.deploy.judges import DEPLOY, program

ROOT = DEPLOY.parent
HOST = "127.0.0.1"
_ENDS_WITHIN_S = 10.0
PATIENCE_S = 60.0
_SERVERS = re.compile(r"(# servers: .*?\n).*?( *# end of servers)", re.DOTALL)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def wait_until(true: Callable[[], bool], what: str, within_s: float = PATIENCE_S) -> None:
    """Looks twenty times a second; fails with ``what`` when it is not so in time."""
    pause = threading.Event()
    for _ in range(int(within_s * 20)):
        if true():
            return
        pause.wait(0.05)
    raise AssertionError(f"not within {within_s:.0f} s: {what}")


@dataclass(frozen=True)
class Serve:
    """A running ``callbot serve``."""

    process: subprocess.Popen[str]
    port: int

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{HOST}:{self.port}"

    @property
    def url(self) -> str:
        """Past the balancer."""
        return f"http://{self.address}"

    def kill(self) -> None:
        """``kill -9``."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """SIGTERM: no new call, running ones go on."""
        self.process.send_signal(signal.SIGTERM)


@contextmanager
def served(count: int, environment: Mapping[str, str]) -> Iterator[list[Serve]]:
    """``count`` processes with the settings of ``environment``, each on a free port, answering; killed in the end.

    They share one database and one key file: name them (``CALLBOT_STORAGE__URL``, ``CALLBOT_PRIVACY__KEY_FILE``).
    """
    with ExitStack() as stack:
        serves = [_started(stack, environment) for _ in range(count)]
        for one in serves:
            _listening(one)
        yield serves


def _started(stack: ExitStack, environment: Mapping[str, str]) -> Serve:
    port = free_port()
    process = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-c", "from callbot.cli import main; main()", "serve"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment, "CALLBOT_SERVER__PORT": str(port)},
        )
    )
    stack.callback(process.kill)
    return Serve(process, port)


def _listening(one: Serve) -> None:
    assert one.process.stderr is not None
    said = []
    for line in one.process.stderr:
        said.append(line)
        if "is listening" in line:
            # What it says later is read away, so that it never waits for a full pipe.
            threading.Thread(target=one.process.stderr.read, daemon=True).start()
            return
    raise AssertionError(f"callbot serve did not start: {''.join(said)}")


class Reached(Protocol):
    """Who stands behind a balancer."""

    @property
    def address(self) -> str:
        """Host and port."""
        ...


@dataclass(frozen=True)
class Front:
    """A running HAProxy. ``url``: where Twilio and people come in."""

    process: subprocess.Popen[bytes]
    url: str
    command_socket: Path

    def states(self, backend: str = "ready") -> dict[str, str]:
        """State of each server as HAProxy sees it: ``UP``, ``DOWN``, with more words while it changes its mind."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.command_socket))
            line.sendall(b"show stat\n")
            answer = b"".join(iter(lambda: line.recv(65536), b"")).decode()
        rows = csv.DictReader(answer.lstrip("# ").splitlines())
        not_servers = {"BACKEND", "FRONTEND"}
        return {
            row["svname"]: row["status"]
            for row in rows
            if row["pxname"] == backend and row["svname"] not in not_servers
        }

    def ready(self, backend: str = "ready") -> int:
        """How many servers take new requests."""
        return sum(state.startswith("UP") for state in self.states(backend).values())


def filled_in(text: str, lines: Sequence[str]) -> str:
    """A configuration of ``deploy/`` with other lines of servers."""
    return _SERVERS.sub(lambda found: found[1] + "".join(f"    {line}\n" for line in lines) + found[2], text)


def haproxy_configuration(addresses: Sequence[str], bind: str, command_socket: Path) -> str:
    """The one of ``deploy/``, behind plain HTTP on ``bind``: TLS ends before it in these tests."""
    text = (DEPLOY / "haproxy" / "haproxy.cfg").read_text(encoding="utf-8")
    text = filled_in(text, [f"server s{number} {address}" for number, address in enumerate(addresses)])
    changes = {
        "    bind :80\n": "",
        "bind :443 ssl crt /etc/haproxy/certs/ alpn h2,http/1.1": f"bind {bind}",
        "    http-request redirect scheme https code 301 unless { ssl_fc }\n": "",
        "set-header X-Forwarded-Proto https": "set-header X-Forwarded-Proto http",
        'bind "${CALLBOT_FIGURES-127.0.0.1:8404}"': f"bind {HOST}:{free_port()}",
        "    maxconn 8000\n": f"    maxconn 500\n    stats socket {command_socket} level admin\n",
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def haproxy(serves: Sequence[Reached], folder: Path, host: str = HOST) -> Iterator[Front]:
    """HAProxy before ``serves``; ended in the end. ``folder``: a scratch folder with a short path."""
    command_socket, file, bind = folder / "haproxy.sock", folder / "haproxy.cfg", f"{host}:{free_port()}"
    file.write_text(haproxy_configuration([one.address for one in serves], bind, command_socket), encoding="utf-8")
    command = [program("haproxy"), "-W", "-f", str(file)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        try:
            wait_until(lambda: _answers(command_socket), "HAProxy answers")
            yield Front(process, f"http://{bind}", command_socket)
        finally:
            end_haproxy(process)


def end_haproxy(process: subprocess.Popen[bytes]) -> None:
    """At once, its workers with it; a worker that waits for a connection nobody closes is killed. ``process`` leads a
    session of its own."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def _answers(command_socket: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.connect(str(command_socket))
        return True
    return False
