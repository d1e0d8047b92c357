"""Which door a new call goes through, on both sides of each limit."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass

import pytest

from callbot.telephony.admission import CALLS_A_CORE, LONGEST_LAG_S, LONGEST_WAIT_S, Admission, Door, LoopLag
from tests.telephony.turn_bench import Bench, verbs


@dataclass
class Machine:
    """How busy it is, and the time."""

    now: float = 100.0
    ears: float = 0.0
    lag: float = 0.0

    def admission(self, most: int = 2) -> Admission:
        """The admission that looks at it."""
        return Admission(most, lambda: self.now, lambda: self.ears, lambda: self.lag)


def ask(admission: Admission, call: str, streams: set[str], *, takes_turns: bool = True) -> Door:
    """The door of one call."""
    return admission.door(call, frozenset(streams), takes_turns=takes_turns)


def test_the_last_place_is_given_and_the_next_call_goes_turn_by_turn() -> None:
    admission = Machine().admission()
    assert ask(admission, "CA2", {"CA1"}) is Door.STREAM
    assert ask(admission, "CA3", {"CA1", "CA2"}) is Door.TURNS
    assert ask(admission, "CA3", {"CA1", "CA2"}, takes_turns=False) is Door.PEOPLE
    assert admission.taken == {Door.STREAM: 1, Door.TURNS: 1, Door.PEOPLE: 1}


def test_calls_that_were_let_in_take_their_place_before_their_stream_opens() -> None:
    machine = Machine()
    admission = machine.admission()
    assert [ask(admission, f"CA{n}", set()) for n in range(3)] == [Door.STREAM, Door.STREAM, Door.TURNS]
    machine.now += 14.9
    assert ask(admission, "CA4", set()) is Door.TURNS
    machine.now += 0.1
    assert ask(admission, "CA5", set()) is Door.STREAM, "whoever never came has no place"


def test_a_short_call_gives_its_place_back_at_once() -> None:
    admission = Machine().admission(1)
    assert ask(admission, "CA1", set()) is Door.STREAM
    admission.opened("CA1")
    assert ask(admission, "CA2", set()) is Door.STREAM


def test_a_call_with_a_stream_counts_once() -> None:
    admission = Machine().admission()
    ask(admission, "CA1", set())
    assert ask(admission, "CA2", {"CA1"}) is Door.STREAM


def test_a_request_that_twilio_repeats_has_its_own_place() -> None:
    admission = Machine().admission(1)
    assert ask(admission, "CA1", set()) is Door.STREAM
    assert ask(admission, "CA1", set()) is Door.STREAM
    assert ask(admission, "CA1", {"CA1"}) is Door.STREAM


@pytest.mark.parametrize(("ears", "door"), [(LONGEST_WAIT_S - 0.01, Door.STREAM), (LONGEST_WAIT_S, Door.TURNS)])
def test_ears_that_are_behind_take_nobody_more(ears: float, door: Door) -> None:
    assert ask(Machine(ears=ears).admission(), "CA1", set()) is door


@pytest.mark.parametrize(("lag", "door"), [(LONGEST_LAG_S - 0.01, Door.STREAM), (LONGEST_LAG_S, Door.PEOPLE)])
def test_a_loop_that_is_late_sends_calls_to_people(lag: float, door: Door) -> None:
    assert ask(Machine(lag=lag).admission(), "CA1", set()) is door


def test_without_a_setting_the_machine_decides() -> None:
    assert Machine().admission(0).most == CALLS_A_CORE * (os.cpu_count() or 1)


async def test_lateness_of_the_loop_is_seen() -> None:
    times = iter((0.0, 0.7, 0.7, 1.2, 1.2))
    lag = LoopLag(lambda: next(times, 1.2))
    seen: list[float] = []

    async def at_once(_seconds: float) -> None:
        seen.append(lag.seconds)
        if len(seen) == 3:
            raise asyncio.CancelledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("callbot.telephony.admission.asyncio.sleep", at_once)
        with pytest.raises(asyncio.CancelledError):
            await lag._watch()
    assert seen == pytest.approx([0.0, 0.2, 0.0])


async def test_beyond_the_ears_a_call_goes_turn_by_turn_and_then_to_people() -> None:
    bench = Bench(lambda _event: [])
    bench.telephony.admission.most = 1
    first, second = await bench.call("/voice/incoming"), await bench.call("/voice/incoming", CallSid="CA" + "2" * 32)
    assert (verbs(first), verbs(second)) == (["Connect"], ["Redirect"])
    bench.telephony.lag.seconds = LONGEST_LAG_S
    assert verbs(await bench.call("/voice/incoming", CallSid="CA" + "3" * 32))[0] == "Say"
    assert [call for call, _ in bench.diverted] == ["CA" + "3" * 32]
