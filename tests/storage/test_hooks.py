"""Hooks get every event in order, at least once; what they do wrong stays theirs, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from pydantic import SecretStr, ValidationError

from callbot.bootstrap.hooks import _reads, hooks_of, note_unmasked
from callbot.bootstrap.metrics import hook_metrics
from callbot.domain.events import Booked, CallAnswered, CallerSpoke, Ended, EndReason, Prompted, Understood
from callbot.domain.meaning import Meaning
from callbot.privacy.hooks import BadHookError, Cursor, Delivery, Told
from callbot.privacy.hooks.delivering import LEASE, MOST_TRIES
from callbot.privacy.hooks.program import NotTakenError, Program
from callbot.privacy.journal import Noted
from callbot.settings import Hook, Settings
from callbot.storage import Storage
from tests.booking.sample import MOBILE, TUESDAY, PinnedClock

PURPOSE = "Compter les demandes."
BECAUSE = "relecture demandée par le délégué"


def pass_(clock: PinnedClock, time: timedelta) -> None:
    clock.at += time


class Receiver:
    """Takes events, or does not."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.bad: set[str] = set()
        self.away = False

    async def take(self, told: Told) -> None:
        if self.away or told.id in self.bad:
            raise ConnectionError("nobody there")
        self.taken.append(told.id)


async def reads(storage: Storage, call_id: str, after: int, until: int | None) -> Sequence[Told]:
    events = (await storage.events.numbered({call_id: after}))[call_id]
    return [Told(f"{call_id}:{each.number}", each.number, {}) for each in events if not until or each.number <= until]


def delivery(storage: Storage, clock: PinnedClock, receiver: Receiver, owner: str = "one") -> Delivery:
    async def read(call_id: str, after: int, until: int | None) -> Sequence[Told]:
        return await reads(storage, call_id, after, until)

    return Delivery("audit", storage.hooks, read, receiver.take, owner=owner, now=clock.now, timeout_s=0.2)


async def told(storage: Storage, call_id: str, words: int = 2) -> None:
    await storage.events.append(call_id, CallAnswered(MOBILE))
    for number in range(words):
        await storage.events.append(call_id, CallerSpoke(f"oui {number}"))


async def state_of(storage: Storage) -> tuple[int, int, int]:
    (state,) = await storage.hooks.states()
    return state.waiting, state.failing, state.set_aside


async def test_each_event_is_told_once_in_the_order_of_its_call(storage: Storage, clock: PinnedClock) -> None:
    receiver = Receiver()
    hook = delivery(storage, clock, receiver)
    await told(storage, "CA0")
    pass_(clock, timedelta(minutes=1))
    assert await hook.sweep() == 0, "calls from before the hook are not told"
    pass_(clock, timedelta(minutes=1))
    await told(storage, "CA1")
    await told(storage, "CA2", words=1)
    assert await hook.sweep() == 5
    assert await hook.sweep() == 0
    pass_(clock, timedelta(minutes=1))
    await storage.events.append("CA1", Ended(EndReason.DONE))
    assert await hook.sweep() == 1
    assert receiver.taken == ["CA1:1", "CA1:2", "CA1:3", "CA2:1", "CA2:2", "CA1:4"]
    assert await state_of(storage) == (0, 0, 0)


async def started(storage: Storage, clock: PinnedClock, receiver: Receiver) -> Delivery:
    hook = delivery(storage, clock, receiver)
    await hook.sweep()
    pass_(clock, timedelta(minutes=1))
    return hook


async def test_a_receiver_that_is_away_for_a_day_misses_nothing(storage: Storage, clock: PinnedClock) -> None:
    receiver = Receiver()
    hook = await started(storage, clock, receiver)
    for number in range(5):
        await told(storage, f"CA{number}")
    receiver.away = True
    for _ in range(48):
        assert await hook.sweep() == 0
        pass_(clock, timedelta(minutes=30))
    assert (await state_of(storage))[2] == 0
    receiver.away = False
    assert await hook.sweep() == 15
    for number in range(5):
        assert [one for one in receiver.taken if one.startswith(f"CA{number}")] == [
            f"CA{number}:{seq}" for seq in (1, 2, 3)
        ]


async def test_one_bad_event_holds_up_its_call_only_and_is_put_aside_then_tried_by_hand(
    storage: Storage, clock: PinnedClock
) -> None:
    receiver = Receiver()
    receiver.bad = {"CA1:2"}
    hook = await started(storage, clock, receiver)
    await told(storage, "CA1")
    await hook.sweep()
    assert receiver.taken == ["CA1:1"]
    for number in range(MOST_TRIES):
        pass_(clock, timedelta(hours=1))
        await told(storage, f"CB{number}", words=0)
        await hook.sweep()
    assert [one for one in receiver.taken if one.startswith("CA1")] == ["CA1:1", "CA1:3"]
    assert await state_of(storage) == (0, 0, 1)
    assert await storage.hooks.try_again("audit") == 1
    assert await hook.sweep() == 0
    assert await state_of(storage) == (0, 0, 1)
    receiver.bad = set()
    assert await storage.hooks.try_again("audit") == 1
    assert await hook.sweep() == 1
    assert receiver.taken[-1] == "CA1:2"
    assert await state_of(storage) == (0, 0, 0)


async def test_the_tries_wait_longer_and_longer(storage: Storage, clock: PinnedClock) -> None:
    receiver = Receiver()
    hook = await started(storage, clock, receiver)
    await told(storage, "CA1", words=0)
    receiver.away = True
    await hook.sweep()
    receiver.away = False
    pass_(clock, timedelta(seconds=14))
    assert await hook.sweep() == 0
    pass_(clock, timedelta(seconds=1))
    assert await hook.sweep() == 1


async def test_a_hook_that_hangs_is_cut_off_and_calls_are_stored_meanwhile(
    storage: Storage, clock: PinnedClock
) -> None:
    began = asyncio.Event()

    async def hangs(told: Told) -> None:
        began.set()
        await asyncio.Event().wait()

    async def read(call_id: str, after: int, until: int | None) -> Sequence[Told]:
        return await reads(storage, call_id, after, until)

    hook = Delivery("audit", storage.hooks, read, hangs, owner="one", now=clock.now, timeout_s=0.2)
    await hook.sweep()
    pass_(clock, timedelta(minutes=1))
    await told(storage, "CA1", words=0)
    sweep = asyncio.create_task(hook.sweep())
    await began.wait()
    await told(storage, "CA2", words=1)
    assert not sweep.done()
    assert len(await storage.events.events("CA2")) == 2
    assert await sweep == 0
    assert (await state_of(storage))[1] > 0


async def test_one_process_at_a_time_delivers_and_another_takes_over_from_a_dead_one(
    storage: Storage, clock: PinnedClock
) -> None:
    receiver = Receiver()
    first, second = delivery(storage, clock, receiver, "one"), delivery(storage, clock, receiver, "two")
    assert await storage.hooks.lease("audit", "one", clock.now() + LEASE)
    pass_(clock, timedelta(seconds=1))
    await told(storage, "CA1", words=0)
    assert await second.sweep() == 0
    pass_(clock, LEASE)
    assert await second.sweep() == 1
    assert await storage.hooks.lease("audit", "two", clock.now() + LEASE)
    assert not await storage.hooks.delivered("audit", "one", "CA1", 1)
    assert await first.sweep() == 0
    assert receiver.taken == ["CA1:1"]


async def test_an_event_taken_by_a_process_that_died_before_it_noted_so_comes_again_with_its_id(
    storage: Storage, clock: PinnedClock
) -> None:
    receiver = Receiver()
    hook = await started(storage, clock, receiver)
    await told(storage, "CA1", words=0)
    cursor, *_ = await storage.hooks.pending("audit", 1)
    (event,) = await reads(storage, cursor.call_id, cursor.seq, None)
    await receiver.take(event)  # and the process dies here
    assert await hook.sweep() == 1
    assert receiver.taken == ["CA1:1", "CA1:1"]


async def test_hooks_are_given_masked_words_unless_a_reason_is_journaled(storage: Storage, clock: PinnedClock) -> None:
    await storage.events.append("CA1", CallAnswered(MOBILE))
    await storage.events.append("CA1", Prompted("ask_need", 1, "Que voulez-vous ?"))
    await storage.events.append("CA1", CallerSpoke("c'est Durand et mon mari est mort"))
    await storage.events.append("CA1", Understood(Meaning(name="Durand")))
    await storage.events.append("CA1", Booked("AC47K", TUESDAY, "", sms=False))
    masked = await _reads("audit", storage, unmasked=False)("CA1", 0, None)
    text = json.dumps([one.body for one in masked], ensure_ascii=False)
    assert [one.body["kind"] for one in masked] == ["CallAnswered", "Prompted", "CallerSpoke", "Understood", "Booked"]
    assert not [secret for secret in ("Durand", "mort", "AC47K", MOBILE.reveal()[3:], "CA1") if secret in text]
    assert masked[2].body["data"] == {"text": "c'est [nom] et mon mari est [masqué]"}
    clear = await _reads("audit", storage, unmasked=True)("CA1", 2, 3)
    assert [one.body["data"]["text"] for one in clear] == ["c'est Durand et mon mari est mort"]


async def test_the_journal_says_once_who_gets_words_that_are_not_masked_and_that_they_are_masked_again(
    storage: Storage,
) -> None:
    for because in (BECAUSE, BECAUSE, "", ""):
        hook = Hook(entry="a.b:c", purpose=PURPOSE, unmasked_because=because)
        await note_unmasked(Settings.model_construct(hooks={"audit": hook}), storage)
    noted = await storage.journal.entries(Noted.HOOKS)
    assert [(entry.what, entry.reason) for entry in noted] == [
        ("unmasked: audit", "masked again"), ("unmasked: audit", BECAUSE),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        {"purpose": PURPOSE},
        {"purpose": PURPOSE, "entry": "a:b", "url": "https://example.org"},
        {"purpose": PURPOSE, "entry": "a:b", "unmasked_because": "comme ça"},
        {"purpose": "", "entry": "a:b"},
    ],
)
def test_a_hook_says_one_way_a_purpose_and_a_real_reason(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Hook.model_validate(fields)


@pytest.mark.parametrize("url", ["http://example.org/x", "ftp://example.org", "https://user@example.org"])
async def test_an_unsafe_webhook_is_refused_at_the_start(storage: Storage, clock: PinnedClock, url: str) -> None:
    hook = Hook(url=url, secret=SecretStr("whsec_" + "A" * 40), purpose=PURPOSE)
    async with AsyncExitStack() as stack:
        with pytest.raises(BadHookError, match="CALLBOT_HOOKS__AUDIT__URL"):
            await hooks_of(Settings.model_construct(hooks={"audit": hook}), storage, clock, stack)


PROGRAMS = "tests.storage.hook_programs"


@pytest.mark.process
async def test_a_program_takes_raises_dies_hangs_and_the_next_event_gets_a_new_process() -> None:
    event = Told("audit:x:1", 1, {"kind": "Ended"})
    for name in ("takes", "takes_awaited"):
        program = Program(f"{PROGRAMS}:{name}")
        await program.check()
        await program.take(event)
        await program.take(event)
        await program.close()
    raising = Program(f"{PROGRAMS}:raises")
    with pytest.raises(NotTakenError, match="LookupError"):
        await raising.take(event)
    await raising.close()
    for name in ("dies", "hangs"):
        program = Program(f"{PROGRAMS}:{name}")
        for _ in range(2):
            with pytest.raises((NotTakenError, TimeoutError)):
                await asyncio.wait_for(program.take(event), 3)
        await program.close()


@pytest.mark.process
@pytest.mark.parametrize("entry", [f"{PROGRAMS}:takes_nothing", f"{PROGRAMS}:NO_FUNCTION", "no.such:thing", "os"])
async def test_what_is_no_hook_is_refused_at_the_start(entry: str) -> None:
    with pytest.raises(BadHookError):
        await Program(entry).check()


async def test_metrics_count_what_waits_and_what_was_put_aside(storage: Storage, clock: PinnedClock) -> None:
    receiver = Receiver()
    hook = await started(storage, clock, receiver)
    await told(storage, "CA1")
    assert await hook.sweep() == 3
    cursor = Cursor("CA1", 3)
    await storage.events.append("CA1", Ended(EndReason.DONE))
    await storage.hooks.set_aside("audit", cursor, "ConnectionError")
    await told(storage, "CA2", words=0)
    waiting, aside = hook_metrics(await storage.hooks.states(), {"audit"})
    assert (waiting.values, aside.values) == ({"audit": 1.0}, {"audit": 1.0})
    assert [metric.values for metric in hook_metrics(await storage.hooks.states(), ())] == [{}, {}]
