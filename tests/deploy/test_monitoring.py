"""Alarms, board and the pages of the night shift: what they name exists, and every alarm rings and keeps silent."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.main import get_command

from callbot.bootstrap.metrics import ServiceMetrics
from callbot.cli import app
from callbot.messages import MessageStatus
from callbot.settings import Settings
from callbot.telephony.admission import Admission
from callbot.telephony.arrivals import Arrivals
from callbot.telephony.metrics import Kind, Metric, metrics_router, one
from callbot.telephony.timing import ListTimings, TimingPart, TurnTiming
from tests.booking.sample import PinnedClock
from tests.deploy.judges import DEPLOY, program, verdict

MONITORING = DEPLOY / "monitoring"
RULES = yaml.safe_load((MONITORING / "rules.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
BOARD = json.loads((MONITORING / "grafana.json").read_text(encoding="utf-8"))
PAGES = sorted(DEPLOY.glob("*.md"))
OF_PROMETHEUS = {"up"}


class Part:
    """Answers whatever is asked of it with one value."""

    def __init__(self, value: object, **parts: object) -> None:
        self._value = value
        self.__dict__.update(parts)

    async def _answer(self, *_: object) -> object:
        if isinstance(self._value, Exception):
            raise self._value
        return self._value

    counts = last_report = waiting = present = verify = _answer


def service(tmp_path: Path, messages: object) -> tuple[ServiceMetrics, ListTimings]:
    """The metrics of a service whose parts are at hand."""
    clock = PinnedClock()
    storage = Part(
        None,
        outbox=Part(messages),
        retention=Part(clock.at),
        hand_overs=Part(["one", "two"]),
        journal=Part(Part(None, holds=True)),
    )
    hours = Part(None)
    hours.is_open = lambda *_: True  # type: ignore[attr-defined]
    in_force = Part(None, facts=Part(None, knowledge=Part(None, opening_hours=hours)))
    admission = Admission(0, time.monotonic)
    telephony = Part(
        None, draining=False, stream=Part(None, active=3), admission=admission, lag=Part(None, seconds=0.0)
    )
    parts: Any = {"storage": storage, "desk": Part(4), "in_force": in_force, "telephony": telephony}
    whole = ServiceMetrics(settings=Settings(data_dir=tmp_path), clock=clock, arrivals=Arrivals(_nothing), **parts)
    return whole, ListTimings()


async def _nothing(_call_id: str) -> None:
    return


def scraped(metrics: ServiceMetrics, timings: ListTimings) -> str:
    """What Prometheus reads."""
    service = FastAPI()
    service.include_router(metrics_router(metrics.gather, timings.waits))
    answer = TestClient(service).get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return answer.text


@pytest.fixture
def exposed(tmp_path: Path) -> str:
    """``/metrics`` of a service in which everything is there."""
    metrics, timings = service(tmp_path, dict.fromkeys(MessageStatus, 2))
    metrics._journal = True
    for ms in (400, 1_400, 1_401, 60_000):
        timings.add(TurnTiming("CA1", "recap", (TimingPart("all", ms, "a test"),)))
    return scraped(metrics, timings)


def names_in(expression: str) -> set[str]:
    """Metrics that an expression of Prometheus names."""
    return set(re.findall(r"\b(?:callbot_\w+|up)\b", expression))


def expressions() -> list[str]:
    """Of every alarm and of the board."""
    return [rule["expr"] for rule in RULES] + [each["expr"] for panel in BOARD["panels"] for each in panel["targets"]]


def test_every_metric_that_is_named_exists(exposed: str) -> None:
    there = set(re.findall(r"^(\w+)(?:\{.*\})? ", exposed, re.MULTILINE)) | OF_PROMETHEUS
    families = set(re.findall(r"^# TYPE (\w+)", exposed, re.MULTILINE))
    assert {name for expression in expressions() for name in names_in(expression)} <= there
    for page in PAGES:
        named = set(re.findall(r"`(callbot_\w+)`", page.read_text(encoding="utf-8")))
        assert named <= families, page.name


def test_waits_are_counted_in_their_classes(exposed: str) -> None:
    for line in (
        'callbot_answer_seconds_bucket{le="0.5"} 1.0',
        'callbot_answer_seconds_bucket{le="1.4"} 2.0',
        'callbot_answer_seconds_bucket{le="1.8"} 3.0',
        'callbot_answer_seconds_bucket{le="10"} 3.0',
        'callbot_answer_seconds_bucket{le="+Inf"} 4.0',
        "callbot_answer_seconds_sum 63.201",
        'callbot_messages{status="dead"} 2.0',
        "callbot_waiting_calls 2.0",
        "callbot_active_calls 3.0",
    ):
        assert f"{line}\n" in exposed


def test_many_calls_keep_their_last_digit() -> None:
    many = one("callbot_calls_total", "Calls that came in", 12_345_679, Kind.COUNTER)

    async def gathered() -> list[Metric]:
        return [many]

    app = FastAPI()
    app.include_router(metrics_router(gathered, ListTimings().waits))
    assert "callbot_calls_total 1.2345679e+07\n" in TestClient(app).get("/metrics").text


def test_a_database_that_is_away_is_told_and_hides_nothing_of_the_process(tmp_path: Path) -> None:
    text = scraped(*service(tmp_path, OSError("a secret of the database")))
    assert "callbot_database_up 0.0\n" in text
    assert "callbot_active_calls 3.0\n" in text
    assert "callbot_waiting_calls" not in text
    assert "secret" not in text


async def test_the_journal_is_told_once_it_was_followed(tmp_path: Path) -> None:
    metrics, _ = service(tmp_path, {})
    assert "callbot_journal_intact" not in {metric.name for metric in await metrics.gather()}
    await metrics.verify_journal()
    metrics._asked_at = float("-inf")
    assert "callbot_journal_intact" in {metric.name for metric in await metrics.gather()}


async def test_calls_are_counted_as_they_arrive() -> None:
    arrivals = Arrivals(_nothing)
    arrivals.arrived("CA1")
    arrivals.arrived("CA2")
    arrivals.diverted("CA2", None)
    assert (arrivals.arrivals, arrivals.diversions) == (2, 1)
    await arrivals.aclose()


def test_every_alarm_has_its_page_and_every_page_its_alarm() -> None:
    page = (DEPLOY / "astreinte.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    alarms = {rule["alert"] for rule in RULES}
    assert {section.partition("\n")[0] for section in sections} == alarms
    for section in sections:
        for step in ("**Ce que l'on voit.**", "**Regarder.**", "**Faire.**", "**Vérifier.**"):
            assert step in section, section[:30]
    for rule in RULES:
        assert rule["annotations"]["page"] == f"deploy/astreinte.md#{rule['alert'].lower()}"
        assert f"| [{rule['alert']}](#{rule['alert'].lower()}) |" in page


def test_every_alarm_is_rung_and_kept_silent() -> None:
    tried = yaml.safe_load((MONITORING / "rules.test.yaml").read_text(encoding="utf-8"))["tests"]
    outcomes = {
        (test["alert_rule_test"][0]["alertname"], bool(test["alert_rule_test"][0]["exp_alerts"])) for test in tried
    }
    assert outcomes == {(rule["alert"], rings) for rule in RULES for rings in (True, False)}


@pytest.mark.peer
def test_promtool_is_content(exposed: str, tmp_path: Path) -> None:
    promtool = program("promtool")
    verdict(promtool, "check", "config", MONITORING / "prometheus.yaml")
    verdict(promtool, "test", "rules", MONITORING / "rules.test.yaml")
    scraped_text = tmp_path / "metrics"
    scraped_text.write_text(exposed, encoding="utf-8")
    verdict("bash", "-c", f"{promtool} check metrics < {scraped_text}")


def test_the_board_is_whole() -> None:
    ids = [panel["id"] for panel in BOARD["panels"]]
    assert len(set(ids)) == len(ids)
    assert all(panel["title"] and panel["targets"] for panel in BOARD["panels"])
    taken = {(x, y) for panel in BOARD["panels"] for x, y in _cells(panel["gridPos"])}
    assert len(taken) == sum(panel["gridPos"]["w"] * panel["gridPos"]["h"] for panel in BOARD["panels"]), "overlap"


def _cells(at: dict[str, int]) -> list[tuple[int, int]]:
    return [(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_of_the_pages_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for line in re.findall(r"(?:^    |`)callbot ([a-z][^`\n]*)", text, re.MULTILINE):
        command: Any = get_command(app)
        words = re.sub(r'"[^"]*"', "TEXT", line).split()
        while words and hasattr(command, "commands") and not words[0].startswith("-"):
            command = command.commands[words.pop(0)]
        known = {option for param in command.params for option in param.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_of_the_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        if file.startswith("http"):
            continue
        linked = (page.parent / file) if file else page
        assert linked.exists(), target
        if anchor and file in {"", "astreinte.md"}:
            assert re.search(rf"^## {anchor}$", linked.read_text(encoding="utf-8"), re.MULTILINE | re.IGNORECASE), (
                target
            )
