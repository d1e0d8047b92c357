"""How long hostile input is tried: a little in every run, thousands of times by ``make fuzz``."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

LONG = "long"


def tries(few: int) -> settings:
    """``few`` examples; as many as the profile of ``make fuzz`` says where it is in force."""
    most = settings.get_profile(LONG).max_examples if settings.get_current_profile_name() == LONG else few
    # A service made once for all examples is what these tests want.
    return settings(max_examples=most, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
