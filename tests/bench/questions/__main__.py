"""Prints how many questions get the right answer, an honest "je ne sais pas", or a wrong answer.

Usage: ``python -m tests.bench.questions [dev|seen|fresh|test]``: all parts, or those named.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console

from callbot.bootstrap.register import evidence_of
from callbot.privacy.charter import Kind
from callbot.settings import LOCAL_ZONE, load_settings
from tests.bench.addresses.intervals import Share
from tests.bench.questions.judging import Judged, Outcome, figures, judge, shipped_finder
from tests.bench.questions.sentences import Half, sentences

console = Console(soft_wrap=True, highlight=False)


def line(what: str, counted: Share) -> str:
    """A share with its interval of 95 %."""
    low, high = counted.interval
    return f"  {what:44} {counted.right:4}/{counted.total:<4} {counted.value:6.1%}  [{low:.1%}, {high:.1%}]"


def show(half: Half, judged: Sequence[Judged]) -> None:
    """The figures of a part, and each wrong answer."""
    found = figures(judged)
    console.print(f"{half}: {len(judged)} sentences, {found.answered.total} of them answered by the knowledge base")
    console.print(line("right entry or honest 'je ne sais pas'", found.safe))
    console.print(line("wrong answer", found.wrong))
    console.print(line("right entry, of those that have one", found.answered))
    console.print(line("nothing found, of those that have none", found.left))
    for each in judged:
        if each.outcome is Outcome.WRONG and each.found:
            expected = "/".join(sorted(each.sentence.expected)) or "none"
            console.print(
                f"  wrong {each.sentence.id}: {each.found.id} for {expected} ({each.found.score:.2f},"
                f' "{each.found.why.phrasing}"): {each.sentence.text}'
            )


def keep(judged: Sequence[Judged]) -> None:
    """For ``callbot charter``: how many questions nobody tuned on got the answer of another one."""
    result = {"asked": len(judged), "beside": figures(judged).wrong.right}
    evidence_of(load_settings()).keep(Kind.QUESTIONS, result, datetime.now(LOCAL_ZONE))


def main(halves: Sequence[Half]) -> None:
    """Each table, and the time a question takes."""
    finder = shipped_finder()
    asked, spent = 0, 0.0
    for half in halves:
        all_of_it = sentences(half)
        started = time.perf_counter()
        judged = judge(finder, all_of_it)
        spent += time.perf_counter() - started
        asked += len(judged)
        show(half, judged)
        if half is Half.TEST:
            keep(judged)
    console.print(f"{1000 * spent / asked:.2f} ms a question")


if __name__ == "__main__":
    main([Half(name) for name in sys.argv[1:]] or tuple(Half))
