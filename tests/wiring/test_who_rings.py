"""A call is offered only where one can be made."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr

from callbot.dialogue.reminding import reminder
from callbot.dialogue.state import State
from callbot.domain.events import Channel
from callbot.settings import Twilio
from tests.booking.sample import LANDLINE
from tests.dialogue.world import WORLD


@pytest.mark.parametrize(
    ("account", "sender", "rings"),
    [("", "", True), ("AC1", "+33400000000", True), ("AC1", "MG" + "c" * 32, False), ("AC1", "", False)],
)
def test_a_messaging_service_has_no_number_to_ring_from(account: str, sender: str, *, rings: bool) -> None:
    twilio = Twilio(account_sid=account, auth_token=SecretStr("token" if account else ""), sender=sender)
    assert twilio.can_ring is rings


@pytest.mark.parametrize("rings", [True, False])
def test_no_call_is_offered_that_nobody_could_make(*, rings: bool) -> None:
    state = replace(State("CA1", replace(WORLD, rings=rings)), caller=LANDLINE, channel=Channel.PHONE)
    assert (reminder(state, ()) is not None) is rings
