"""What ``deploy/api/openapi.yaml`` promises, asked of the service by a judge nobody here wrote: schemathesis."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from callbot.commands.service import running
from callbot.telephony.signatures import SIGNATURE_HEADER, sign
from tests.fuzzing import tries
from tests.security.whole_service import PARTNER_KEY, PUBLIC, TWILIO_KEY, Door, doors, whole_service

pytestmark = pytest.mark.peer

FILE = Path(__file__).parents[2] / "deploy" / "api" / "openapi.yaml"
DESCRIBED = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SCHEMA = schemathesis.openapi.from_dict(DESCRIBED)
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
WHOLE = ("/open-data/", "/health/")
"""where every route is described"""


class Served:
    """The service on loopback, in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._up, self._stop = threading.Event(), threading.Event()
        self.url = ""
        self.doors: list[Door] = []
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def __enter__(self) -> Served:
        self._thread.start()
        assert self._up.wait(120)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    async def _run(self) -> None:
        try:
            async with whole_service(self._folder) as service, running(service, "127.0.0.1", 0) as up:
                self.url, self.doors = up.url, doors(service.app)
                self._up.set()
                await asyncio.to_thread(self._stop.wait)
        finally:
            self._up.set()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("served")) as up:
        assert up.url, "the service opens"
        yield up


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as opened:
        yield opened


def asked(
    case: schemathesis.Case[Any], served: Served, session: requests.Session, *, entitled: bool
) -> requests.Response:
    """Sends a case, with the signature of the phone company and the key of a partner where ``entitled``."""
    if entitled and case.path.startswith("/open311"):
        case.query = {**(case.query or {}), "api_key": PARTNER_KEY}
    request = session.prepare_request(requests.Request(**case.as_transport_kwargs(base_url=served.url)))
    if entitled and case.path.startswith(("/voice", "/sms")) and request.method == "POST":
        body = request.body or b""
        text = body.decode("latin-1") if isinstance(body, bytes) else str(body)
        pairs = parse_qsl(text, keep_blank_values=True)
        request.headers[SIGNATURE_HEADER] = sign(TWILIO_KEY, PUBLIC + request.path_url, pairs)
    return session.send(request, allow_redirects=False, timeout=20)


FEW = settings(
    max_examples=max(6, tries(6).max_examples // 10), deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck), database=None,
)  # fmt: skip


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_operation_answers_as_described(
    operation: schemathesis.APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    served: Served,
    session: requests.Session,
) -> None:
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.path_parameters):
        mode = GenerationMode.POSITIVE  # nothing can be sent otherwise

    @FEW
    @given(case=operation.as_strategy(generation_mode=mode))
    def every(case: schemathesis.Case[Any]) -> None:
        for entitled in (True, False):
            answer = asked(case, served, session, entitled=entitled)
            case.validate_response(answer, checks=CHECKS)

    every()


def test_what_is_described_is_there_and_what_is_there_is_described(served: Served) -> None:
    there = {door.path for door in served.doors}
    assert {path for path in DESCRIBED["paths"] if not path.startswith("/open311")} <= there
    assert {path for path in there if path.startswith(WHOLE)} <= set(DESCRIBED["paths"])
    partners = {re.sub(r"\{(\w+):\w+\}", r"{\1}", path) for path in there if path.startswith("/open311/v2")}
    assert {path for path in DESCRIBED["paths"] if path.startswith("/open311")} == partners - {"/open311/v2/{path}"}


def test_a_request_that_is_signed_and_has_its_key_is_taken(served: Served, session: requests.Session) -> None:
    form = {"CallSid": "CA1", "From": "+33639981234"}
    signed = {SIGNATURE_HEADER: sign(TWILIO_KEY, f"{PUBLIC}/voice/incoming", form.items())}
    assert session.post(f"{served.url}/voice/incoming", data=form, headers=signed).status_code == 200
    assert session.post(f"{served.url}/voice/incoming", data=form).status_code == 403
    assert session.get(f"{served.url}/open311/v2/requests.json?api_key={PARTNER_KEY}").json() == []
