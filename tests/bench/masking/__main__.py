"""Prints how many secrets of labelled sentences are hidden and how many words for nothing; fails below the targets.

Usage: ``python -m tests.bench.masking [dev|fresh|test]``: test unless another part is named. Only "test" is kept for
the charter, and only the others show their mistakes: rules are made on these.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console

from callbot.bootstrap.register import evidence_of
from callbot.privacy.charter import Kind
from callbot.settings import LOCAL_ZONE, load_settings
from tests.bench.addresses.intervals import Share
from tests.bench.masking.judging import Figures, Judged, by_category, figures, judge
from tests.bench.masking.known import nobody
from tests.bench.masking.labelled import Part, sentences

LEAST_RECALL, LEAST_PRECISION = 0.98, 0.9
console = Console(soft_wrap=True, highlight=False)


def told(counted: Share) -> str:
    """A share with its interval of 95 % (Wilson)."""
    if not counted.total:
        return f"{'-':>32}"
    low, high = counted.interval
    return f"{counted.right:4}/{counted.total:<4} {counted.value:6.1%} [{low:6.1%}, {high:6.1%}]"


def show(part: Part, judged: Sequence[Judged]) -> Figures:
    """The table of a part."""
    console.print(f"{part}: {len(judged)} sentences; recall by secret, precision by hidden word")
    for category, some in by_category(judged).items():
        found = figures(some)
        console.print(
            f"  {category:10} {found.sentences:4}  recall {told(found.recall)}  precision {told(found.precision)}"
        )
    found = figures(judged)
    console.print(f"  {'all':10} {found.sentences:4}  recall {told(found.recall)}  precision {told(found.precision)}")
    console.print(f"  sentences with nothing to hide, left whole: {told(found.untouched)}")
    console.print(f"  precision with streets counted as hidden for nothing: {told(found.strict)}")
    return found


def show_mistakes(judged: Sequence[Judged]) -> None:
    """What escaped and what was hidden for nothing."""
    for one in judged:
        if one.missed or one.hidden_wrong:
            console.print(
                f"  {one.sentence.text} -> {one.masked}  missed {one.missed} wrong {one.hidden_wrong}", markup=False
            )


def keep(found: Figures) -> None:
    """For ``callbot charter``."""
    result = {
        "sentences": found.sentences,
        "secrets": found.recall.total,
        "hidden": found.recall.right,
        "words_hidden": found.precision.total,
        "words_hidden_rightly": found.precision.right,
        "recall_low": found.recall.interval[0],
        "precision_low": found.precision.interval[0],
    }
    evidence_of(load_settings()).keep(Kind.MASKING, result, datetime.now(LOCAL_ZONE))


def main(part: Part) -> int:
    """0 when both targets are met."""
    known = nobody()
    judged = [judge(one, known) for one in sentences(part)]
    found = show(part, judged)
    if part is Part.TEST:
        keep(found)
    else:
        show_mistakes(judged)
    met = found.recall.value >= LEAST_RECALL and found.precision.value >= LEAST_PRECISION
    console.print(f"targets: recall {LEAST_RECALL:.0%}, precision {LEAST_PRECISION:.0%}: {'met' if met else 'NOT met'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(Part(sys.argv[1]) if len(sys.argv) > 1 else Part.TEST))
