"""What tests of this room share: a thread to listen on, and a conversation over ports."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from callbot.calls.conversation import Conversations, Services
from tests.calls.test_conversation import Fakes
from tests.dialogue.world import WORLD


@pytest.fixture
def readers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1, "reader") as threads:
        yield threads


@pytest.fixture
def fakes() -> Fakes:
    return Fakes()


@pytest.fixture
def conversations(fakes: Fakes) -> Conversations:
    return Conversations(Services(WORLD, fakes, fakes, fakes, fakes, fakes, fakes, fakes))
