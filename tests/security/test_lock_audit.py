"""``make audit``: what it says of our locks, and that it would say otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from tests.audit.__main__ import main
from tests.audit.locks import (
    REQUIREMENTS,
    Pin,
    import_problems,
    licence_of,
    licence_problems,
    lock_problems,
    may_be_used,
    pins_of,
)
from tests.audit.vulnerabilities import DatabaseAwayError, Known, known_faults

HASH = "--hash=sha256:" + "0" * 64
PINS = [Pin("jinja2", "2.10"), Pin("httpx", "0.28.1")]


def test_every_lock_is_pinned_and_hashed() -> None:
    assert len(list(REQUIREMENTS.glob("*.txt"))) >= 6
    assert lock_problems() == []


def test_every_licence_is_one_we_may_use() -> None:
    assert licence_problems() == []
    assert licence_of("twilio") == "MIT"


@pytest.mark.process
def test_the_service_asks_for_what_it_imports_and_for_nothing_else() -> None:
    assert import_problems() == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"# a remark\njinja2==3.1 \\\n    {HASH} \\\n    {HASH}\n    # via us\n", ""),
        (f"uvicorn[standard]==0.30 ; python_version > '3' \\\n    {HASH}\n", ""),
        ("jinja2==3.1\n", "without SHA-256 hashes: jinja2"),
        ("jinja2==3.1 --hash=md5:00\n", "without SHA-256 hashes: jinja2"),
        (f"jinja2>=3.1 {HASH}\n", "not pinned: jinja2>=3.1"),
        (f"git+https://evil.example/x.git {HASH}\n", "not pinned: git+https://evil.example/x.git"),
        ("--index-url https://evil.example\n", "not pinned: --index-url https://evil.example"),
        (f"jinja2==3.1 {HASH}\njinja2==3.2 {HASH}\n", "twice: jinja2"),
    ],
)
def test_what_is_no_lock_is_told(text: str, problem: str) -> None:
    assert pins_of(text)[1] == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("licence", "service", "optional"),
    [
        ("MIT", True, True),
        ("Apache-2.0 AND BSD-3-Clause", True, True),
        ("MIT OR GPL-3.0-only", True, True),
        ("(MIT AND Zlib) OR GPL-3.0-only", True, True),
        ("MIT AND GPL-3.0-or-later", False, True),
        ("GPL-3.0-only", False, True),
        ("AGPL-3.0-only", False, True),
        ("LGPL-3.0-only", True, True),
        ("SSPL-1.0", False, False),
        ("Proprietary", False, False),
        ("", False, False),
    ],
)
def test_which_licences_may_be_used_where(licence: str, service: bool, optional: bool) -> None:
    assert may_be_used(licence) is service
    assert may_be_used(licence, gpl=True) is optional


def test_a_library_nobody_asked_for_is_told(tmp_path: Path) -> None:
    (tmp_path / "room.py").write_text("import os\nimport httpx\nfrom surprise.inner import x\n", encoding="utf-8")
    problems = import_problems(tmp_path, {"httpx": ["httpx"], "surprise": ["Surprise_Package"]})
    assert problems[0].endswith("imports surprise, which runtime.in does not ask for")
    assert "runtime.in asks for twilio, which nothing imports" in problems
    assert not any("httpx," in problem for problem in problems)


def database(handler: httpx.MockTransport) -> httpx.Client:
    return httpx.Client(transport=handler)


def test_known_faults_are_told_with_their_package() -> None:
    asked: list[dict[str, object]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url == "https://osv.example/v1/querybatch"
        asked.extend(json.loads(request.content)["queries"])
        return httpx.Response(200, json={"results": [{"vulns": [{"id": "PYSEC-2019-217"}]}, {}]})

    found = known_faults(PINS, "https://osv.example", database(httpx.MockTransport(answer)))
    assert found == [Known(PINS[0], "PYSEC-2019-217")]
    assert asked[0] == {"package": {"name": "jinja2", "ecosystem": "PyPI"}, "version": "2.10"}


@pytest.mark.parametrize("content", [b"{}", b"<html>", b'{"results": []}', b'{"results": null}'])
def test_a_database_that_answers_something_else_proves_nothing(content: bytes) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=content))
    with pytest.raises(DatabaseAwayError):
        known_faults(PINS, client=database(transport))


def test_without_a_database_it_says_so_and_fails_only_where_one_is_required(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for check in ("lock_problems", "licence_problems", "import_problems", "installed_problems"):
        monkeypatch.setattr(f"tests.audit.__main__.{check}", list)
    assert main(["--database", "http://127.0.0.1:9"]) == 0
    assert main(["--database", "http://127.0.0.1:9", "--required"]) == 1
    assert "NOT CHECKED" in capsys.readouterr().out
    assert main(["--offline"]) == 0
    monkeypatch.setattr("tests.audit.__main__.licence_problems", lambda: ["x: licence SSPL-1.0"])
    assert main(["--offline"]) == 1
    assert "SSPL" in capsys.readouterr().out
