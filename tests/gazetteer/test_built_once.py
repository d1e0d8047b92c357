"""Services that start together on an empty folder: one builds the sample, the others wait for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from callbot.gazetteer import ensure_gazetteer


def test_the_sample_is_built_by_the_first_and_waited_for_by_the_others(tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as starting:
        built = list(starting.map(ensure_gazetteer, [tmp_path / "gazetteer.db"] * 3))
    assert sorted(built) == [False, False, True]
