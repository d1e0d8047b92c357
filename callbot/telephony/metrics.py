"""``GET /metrics`` in the text format of Prometheus: numbers about calls and parts, never about a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Final

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client import Metric as Family
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from callbot.telephony.timing import WAIT_BOUNDS_S, Waits


class Kind(StrEnum):
    """How a number moves."""

    GAUGE = "gauge"
    COUNTER = "counter"


_FAMILIES: Final = {Kind.GAUGE: GaugeMetricFamily, Kind.COUNTER: CounterMetricFamily}


@dataclass(frozen=True, slots=True)
class Metric:
    """One name, what it means, and its values by label (none: the empty mapping's key). A counter ends in _total."""

    name: str
    help: str
    kind: Kind
    values: Mapping[str, float]
    label: str = ""


def one(name: str, text: str, value: float, kind: Kind = Kind.GAUGE) -> Metric:
    """A metric without a label."""
    return Metric(name, text, kind, {"": value})


class _Now(Collector):
    """What one scrape reads, in the order given."""

    def __init__(self, metrics: Sequence[Metric], waits: Waits) -> None:
        self._metrics = metrics
        self._waits = waits

    def collect(self) -> Iterable[Family]:
        """See ``Collector``."""
        for metric in self._metrics:
            family = _FAMILIES[metric.kind](metric.name, metric.help, labels=[metric.label] if metric.label else [])
            for label, value in metric.values.items():
                family.add_metric([label] if metric.label else [], value)
            yield family
        yield _answers(self._waits)


def _answers(waits: Waits) -> HistogramMetricFamily:
    bounds = [*(f"{bound:g}" for bound in WAIT_BOUNDS_S), "+Inf"]
    below = accumulate(waits.counts)
    family = HistogramMetricFamily(
        "callbot_answer_seconds", "From the caller's last sound to the first sound of the answer, by turn, in seconds"
    )
    family.add_metric([], [*zip(bounds, map(float, below), strict=True)], waits.seconds)
    return family


def metrics_router(gather: Callable[[], Awaitable[Sequence[Metric]]], waits: Waits) -> APIRouter:
    """``gather`` never raises: what cannot be read now is left out. Balancers keep this address to the inside."""
    router = APIRouter()

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(_Now(await gather(), waits)), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return router
