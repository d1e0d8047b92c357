"""The regression cases behind ``callbot rehearse --regressions``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from callbot.privacy import CannotOpenError
from callbot.rehearsal.by_text import Stage
from callbot.rehearsal.regressions import GROUP, CaseError, read_case, replay
from callbot.rehearsal.report import Run
from callbot.rehearsal.scenario import Means
from callbot.rehearsal.troupe import open_stage
from callbot.settings import Settings
from callbot.storage.regression_cases import FOLDER, SealedCases


def run_regressions(settings: Settings, names: Sequence[str] = ()) -> list[Run]:
    """Every case once, those called so when ``names`` are given; a case that cannot be used is one that failed.

    Blocking. Raises ``CaseError`` for a name that no case has.
    """
    stage = open_stage(settings)
    cases = SealedCases(settings.data_dir / FOLDER, stage.keys)
    known = cases.names()
    if unknown := [name for name in names if name not in known]:
        raise CaseError(f"no regression case {unknown[0]!r}; there are: {', '.join(known) or 'none'}")
    return [_run(name, cases, stage) for name in names or known]


def _run(name: str, cases: SealedCases, stage: Stage) -> Run:
    try:
        case = read_case(name, cases.read(name))
    except CaseError as error:
        return _failed(name, str(error))
    except (OSError, CannotOpenError) as error:
        return _failed(name, f"{name}: cannot be opened ({type(error).__name__})")
    try:
        return asyncio.run(replay(case, stage))
    except Exception as failure:  # noqa: BLE001 - what breaks one case must not hide what the others show
        return _failed(name, f"the service broke: {type(failure).__name__}")


def _failed(name: str, fault: str) -> Run:
    return Run(name, (fault,), "not judged", (), 0.0, Means.TEXT.value, group=GROUP)
