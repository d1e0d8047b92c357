"""Spreads the work of the bench over processes and keeps each result, so that a run that was stopped goes on.

Results are kept by a hash of everything they follow from: the product's sources, the bench's own that make and judge
the sound, the model's settings and the base.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Generic, Protocol, TypeVar

from pydantic import TypeAdapter

from callbot.settings import Speech
from tests.bench.addresses.ears import Ears, Setup, open_ears

_HERE: Final = Path(__file__).parent
_PRODUCT: Final = _HERE.parents[2] / "callbot"
_ROOMS: Final = ("speech", "gazetteer", "calls", "understanding", "dialogue")
_ALWAYS: Final = ("corpus.py", "ears.py", "line.py")
_PROGRESS: Final = 50
"""results between two lines of progress"""


class Job(Protocol):
    """One piece of work; goes to another process."""

    @property
    def key(self) -> str:
        """Names it among those of its method; personal data may be in it, it is only kept hashed."""
        ...


J = TypeVar("J", bound=Job)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Method(Generic[J, R]):
    """``work`` (a function of a module) makes a ``result`` of a job; ``sources``: modules here that it follows from.

    ``keeps``: which results are worth keeping.
    """

    name: str
    work: Callable[[Ears, J], R]
    result: type[R]
    sources: tuple[str, ...]
    keeps: Callable[[R], bool] = lambda _result: True


def version(sources: Sequence[str], speech: Speech, base: str, product: bytes) -> str:
    """Twelve hexadecimal digits that change with the code, the model and the base; ``product``: see ``_product``."""
    digest = hashlib.sha256(product + f"{speech.engine} {speech.model} {speech.beam} {base}".encode())
    for name in sorted({*_ALWAYS, *sources}):
        digest.update((_HERE / name).read_bytes())
    return digest.hexdigest()[:12]


def _product() -> bytes:
    """A hash of the product's sources: taken when processes start, for they go on with what they loaded then."""
    digest = hashlib.sha256()
    for path in (path for room in _ROOMS for path in sorted((_PRODUCT / room).rglob("*.py"))):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.digest()


class Kept:
    """Results on disk, one file each, in ``folder``; a file that cannot be read is as none."""

    def __init__(self, folder: Path, result: type[Any]) -> None:
        self._folder = folder
        self._adapter: TypeAdapter[Any] = TypeAdapter(result)

    def get(self, key: str) -> Any | None:
        """The result, None when there is none."""
        try:
            return self._adapter.validate_json(self._path(key).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, key: str, result: Any) -> None:
        """Keep it."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_bytes(self._adapter.dump_json(result))
        unfinished.replace(path)

    def _path(self, key: str) -> Path:
        return self._folder / (hashlib.sha256(key.encode()).hexdigest()[:32] + ".json")


class Workers:
    """Processes that each have their ears open; a context manager. ``base``: what the base is made of, in words."""

    def __init__(self, setup: Setup, base: str, processes: int) -> None:
        self._bench = setup.settings.data_dir / "bench"
        self._version = partial(version, speech=setup.settings.speech, base=base, product=_product())
        self._pool = ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=_open, initargs=(setup,)
        )

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def results(self, method: Method[J, R], jobs: Sequence[J], *, fresh: bool = False) -> list[R]:
        """The result of each job, in order; those kept are not made again unless ``fresh``. Raises what work raises."""
        kept = Kept(self._folder(method), method.result)
        found: dict[str, R] = {} if fresh else _known(kept, jobs)
        missing = {job.key: job for job in jobs if job.key not in found}
        futures = {self._pool.submit(_work, method.work, job): key for key, job in missing.items()}
        for done, future in enumerate(as_completed(futures), start=1):
            key = futures[future]
            found[key] = future.result()
            if not fresh and method.keeps(found[key]):
                kept.put(key, found[key])
            if done % _PROGRESS == 0 or done == len(missing):
                _say(f"{method.name}: {done} of {len(missing)}\n")
        return [found[job.key] for job in jobs]

    def _folder(self, method: Method[Any, Any]) -> Path:
        return self._bench / "results" / self._version(method.sources) / method.name


def _known(kept: Kept, jobs: Iterable[Job]) -> dict[str, Any]:
    found = {job.key: kept.get(job.key) for job in jobs}
    return {key: result for key, result in found.items() if result is not None}


_opened: Final[dict[str, Ears]] = {}
_stack: Final = ExitStack()


def _open(setup: Setup) -> None:
    """Runs once in each process, which keeps its ears to its end."""
    _opened["ears"] = open_ears(setup, _stack)


def _work(work: Callable[[Ears, Any], Any], job: Job) -> Any:
    return work(_opened["ears"], job)


def _say(words: str) -> None:
    sys.stderr.write(words)
    sys.stderr.flush()
