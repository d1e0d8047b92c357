"""From scores to how sure each candidate is. Not calibrated: fitted figures come with the accuracy work."""

from __future__ import annotations

import math
from collections.abc import Sequence

# A first guess, not fitted to calls yet: half sure of a lone candidate at 0.70, and a lead of 0.09 makes a candidate
# ten times as likely as the next.
_HALF_SURE, _SURENESS, _LEAD = 0.70, 0.04, 0.04


def probabilities(scores: Sequence[float]) -> tuple[float, ...]:
    """How sure each of ``scores`` (best first) is: rises with it, falls with the others. Sums to 1 at most."""
    if not scores:
        return ()
    any_right = 1 / (1 + math.exp(-(scores[0] - _HALF_SURE) / _SURENESS))
    shares = [math.exp((score - scores[0]) / _LEAD) for score in scores]
    return tuple(any_right * share / sum(shares) for share in shares)
