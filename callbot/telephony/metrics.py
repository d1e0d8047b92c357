"""``GET /metrics`` in the text format of Prometheus: numbers about calls and parts, never about a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fastapi import APIRouter, Response

from callbot.telephony.timing import WAIT_BOUNDS_S, Waits

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Kind(StrEnum):
    """How a number moves."""

    GAUGE = "gauge"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Metric:
    """One name, what it means, and its values by label (none: the empty mapping's key)."""

    name: str
    help: str
    kind: Kind
    values: Mapping[str, float]
    label: str = ""


def one(name: str, text: str, value: float, kind: Kind = Kind.GAUGE) -> Metric:
    """A metric without a label."""
    return Metric(name, text, kind, {"": value})


def rendered(metrics: Sequence[Metric]) -> str:
    """The lines of these metrics. Labels are words of our own code, none needs escaping."""
    lines = []
    for metric in metrics:
        lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {metric.kind}"]
        for label, value in metric.values.items():
            where = f'{{{metric.label}="{label}"}}' if metric.label else ""
            lines.append(f"{metric.name}{where} {value:g}")
    return "".join(f"{line}\n" for line in lines)


def rendered_waits(name: str, text: str, waits: Waits) -> str:
    """The lines of a histogram of seconds."""
    lines, below = [f"# HELP {name} {text}", f"# TYPE {name} histogram"], 0
    for bound, count in zip(WAIT_BOUNDS_S, waits.counts, strict=False):
        below += count
        lines.append(f'{name}_bucket{{le="{bound:g}"}} {below}')
    total = sum(waits.counts)
    lines += [f'{name}_bucket{{le="+Inf"}} {total}', f"{name}_sum {waits.seconds:.6f}", f"{name}_count {total}"]
    return "".join(f"{line}\n" for line in lines)


def metrics_router(gather: Callable[[], Awaitable[Sequence[Metric]]], waits: Waits) -> APIRouter:
    """``gather`` never raises: what cannot be read now is left out. Balancers keep this address to the inside."""
    router = APIRouter()

    @router.get("/metrics")
    async def metrics() -> Response:
        text = rendered(await gather())
        meaning = "From the caller's last sound to the first sound of the answer, by turn, in seconds"
        return Response(text + rendered_waits("callbot_answer_seconds", meaning, waits), media_type=CONTENT_TYPE)

    return router
