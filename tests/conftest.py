"""What every test shares: a blocking call inside our async code fails it, logs are as they were, no clock decides."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
import structlog
from blockbuster import blockbuster_ctx
from hypothesis import settings

from tests.fuzzing import LONG

# Speed is measured by the benches; on a busy machine a deadline fails what is right.
settings.register_profile("house", deadline=None)
# ``make fuzz``: see ``tests.fuzzing``.
settings.register_profile(LONG, deadline=None, max_examples=1_000)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def _no_blocking_call() -> Iterator[None]:
    # What an earlier test left behind is collected between tests: a file it closes is no blocking call of this one.
    gc.disable()
    try:
        with blockbuster_ctx("callbot") as watch:
            # The measure of coverage has a lock of its own, which a worker thread may hold.
            watch.functions["threading.Lock.acquire"].can_block_in("coverage/collector.py", "lock_data")
            yield
    finally:
        gc.enable()


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command run inside a test sets up logs for its process: the next test hears everything again."""
    yield
    structlog.reset_defaults()
