"""The balancers of ``deploy/``, run for real in front of two services that share a database."""

from __future__ import annotations

import json
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from callbot.rehearsal.carrier import Messages, new_sid
from tests.deploy.balanced import HOST, Front, Serve, filled_in, free_port, haproxy, served, wait_until
from tests.deploy.judges import DEPLOY, program, verdict

pytestmark = pytest.mark.peer
CALLER = "+33612345678"


@pytest.fixture(scope="module")
def serves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Serve]]:
    """Two services on one database."""
    folder = tmp_path_factory.mktemp("served")
    environment = {
        "CALLBOT_STORAGE__URL": f"sqlite+aiosqlite:///{folder / 'callbot.db'}",
        "CALLBOT_PRIVACY__KEY_FILE": str(folder / "keys.json"),
        "CALLBOT_SPEECH__VOICE": "light",
    }
    program("haproxy")
    with served(2, environment) as both:
        yield both


@pytest.fixture(scope="module")
def front(serves: list[Serve], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """HAProxy before both, which takes both for ready."""
    with haproxy(serves, tmp_path_factory.mktemp("h")) as running:
        wait_until(lambda: running.ready() == 2, "both are ready")
        yield running


@contextmanager
def nginx(serves: list[Serve], folder: Path) -> Iterator[str]:
    """nginx before ``serves``, on plain HTTP; gives its address."""
    port = free_port()
    text = (DEPLOY / "nginx" / "callbot.conf").read_text(encoding="utf-8")
    text = filled_in(text, [f"server {one.address} max_fails=2 fail_timeout=2s;" for one in serves])
    kept = [line for line in text.splitlines() if not line.strip().startswith(("ssl_", "http2"))]
    text = (
        "\n".join(kept)
        .replace("listen 443 ssl http2;", f"listen {HOST}:{port};")
        .replace("listen 80;", f"listen {HOST}:{free_port()};")
    )
    text = text.replace("/var/log/nginx/callbot.log", str(folder / "access.log")).replace(
        "X-Forwarded-Proto https", "X-Forwarded-Proto http"
    )
    bodies = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"pid {folder}/pid; error_log {folder}/error.log; events {{}}\nhttp {{ {bodies}\n{text}\n}}\n"
    file = folder / "nginx.conf"
    file.write_text(whole, encoding="utf-8")
    with subprocess.Popen(
        [program("nginx"), "-c", str(file), "-g", "daemon off;"], stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_until(lambda: _answers(f"http://{HOST}:{port}"), "nginx answers")
            yield f"http://{HOST}:{port}"
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live").status_code == 200
    except httpx.TransportError:
        return False


def rings(url: str, **headers: str) -> ET.Element:
    """A call comes in; what the phone company is told."""
    form = {"CallSid": new_sid("CA"), "AccountSid": new_sid("AC"), "From": CALLER, "CallStatus": "ringing"}
    response = httpx.post(f"{url}/voice/incoming", data=form, headers=headers, timeout=30)
    assert response.status_code == 200, response.text
    return ET.fromstring(response.text)  # noqa: S314 - our own answer


def opens_a_socket(url: str) -> bool:
    """True when a stream opened through ``url`` is taken and answered; with a ticket of nobody, by its end."""
    stream = rings(url).find("Connect/Stream")
    assert stream is not None
    assert (stream.get("url") or "").startswith(url.replace("http", "ws"))
    messages = Messages(new_sid("CA"), new_sid("AC"))
    with connect(stream.get("url") or "", proxy=None) as socket:
        socket.send(messages.connected())
        socket.send(messages.start({"token": "of nobody"}))
        try:
            socket.recv(timeout=30)
        except ConnectionClosed:
            return True
    return False


def test_both_serve_pages_calls_and_sockets_behind_haproxy(front: Front) -> None:
    assert httpx.get(f"{front.url}/health/ready").json()["ready"] is True
    assert opens_a_socket(front.url)


def test_what_is_for_people_of_the_house_is_not_shown_outside(
    front: Front, serves: list[Serve], tmp_path: Path
) -> None:
    assert httpx.get(f"{serves[0].url}/health/active-calls").status_code == 200
    with nginx(serves, tmp_path) as other:
        for path in ("/metrics", "/health/active-calls"):
            assert httpx.get(front.url + path).status_code == httpx.get(other + path).status_code == 404


def test_nobody_is_believed_about_who_they_are_and_no_link_is_logged(serves: list[Serve], tmp_path: Path) -> None:
    with nginx(serves, tmp_path) as url:
        assert opens_a_socket(url)
        httpx.get(f"{url}/r/a-secret-link?also=this", headers={"X-Forwarded-For": "203.0.113.9"})
    logged = (tmp_path / "access.log").read_text(encoding="utf-8")
    assert logged.count(HOST) >= 3
    assert not any(said in logged for said in ("a-secret-link", "also", "203.0.113.9", CALLER))


def test_a_service_that_stops_or_dies_gets_nothing_new_and_callers_go_on(front: Front, serves: list[Serve]) -> None:
    first, second = serves
    with connect(f"ws://{first.address}/voice/stream", proxy=None) as call:
        call.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        first.stop()
        wait_until(lambda: front.ready() == 1 or first.process.poll() is not None, "the one that stops is seen")
        assert rings(front.url).find("Connect/Stream") is not None
    wait_until(lambda: front.ready("living") == 1, "the one that stopped is gone")
    for _ in range(4):
        assert rings(front.url).find("Connect/Stream") is not None
    second.kill()
    wait_until(lambda: front.ready("living") == 0, "the dead one is seen")
    # Nobody is left: the phone company is told at once and reads the fallback document.
    assert httpx.post(f"{front.url}/voice/incoming", data={}, timeout=30).status_code == 503


def test_the_configurations_as_they_are_installed_are_sound(tmp_path: Path) -> None:
    certificate = tmp_path / "bot.pem"
    key, paper = tmp_path / "bot.key", tmp_path / "bot.crt"
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=bot.example.fr"
    verdict("openssl", *made.split(), "-keyout", key, "-out", paper)
    certificate.write_text(paper.read_text() + key.read_text())
    haproxy_file = tmp_path / "haproxy.cfg"
    haproxy_file.write_text(
        (DEPLOY / "haproxy/haproxy.cfg").read_text().replace("/etc/haproxy/certs/", str(certificate))
    )
    assert "WARNING" not in verdict(program("haproxy"), "-c", "-f", haproxy_file)
    ours = (DEPLOY / "nginx/callbot.conf").read_text().replace("/etc/nginx/certs/bot.pem", str(certificate))
    ours = ours.replace("/etc/nginx/certs/bot.key", str(key)).replace("/var/log/nginx", str(tmp_path))
    nginx_file = tmp_path / "nginx.conf"
    nginx_file.write_text(f"pid {tmp_path}/pid; events {{}}\nhttp {{\n{ours}\n}}\n")
    verdict(program("nginx"), "-t", "-c", nginx_file)
