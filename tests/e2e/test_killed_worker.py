"""``kill -9`` of the worker in each state of a call: another one goes on, nothing is lost, nothing is doubled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from callbot.dialogue.acts import Act
from callbot.domain.bookings import Booking
from callbot.domain.events import (
    AddressesFound,
    Booked,
    CallAnswered,
    CallerSpoke,
    DateHeld,
    DatesFound,
    Ended,
    EndReason,
    Event,
    HandedOver,
    HandOverReason,
    ItemsJudged,
    KeysPressed,
    Prompted,
    PromptHeard,
    Understood,
)
from callbot.settings import load_settings
from callbot.speech.models import MODELS, WHISPER_BASE, status
from callbot.storage import Storage
from tests.e2e.workers import OTHER_PHONE, QUESTIONS, Caller, Mother, StreamCaller, Town, TurnCaller, mother, served

pytestmark = pytest.mark.process
RESUMED = "Excusez-moi pour cette coupure"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workers")


@pytest.fixture(scope="module")
def forking(data_dir: Path) -> Iterator[Mother]:
    with mother(data_dir) as running:
        yield running


@pytest.fixture
def town(forking: Mother, data_dir: Path, database_url: str) -> Iterator[Town]:
    made = Town(forking, data_dir, database_url)
    made.start()
    yield made
    for worker in made.workers:
        worker.kill()


@dataclass(frozen=True)
class Left:
    """What a call left behind."""

    bookings: list[Booking]
    texts: int
    holds: int


def left_by(caller: Caller) -> Left:
    async def read(storage: Storage) -> Left:
        counts = await storage.outbox.counts()
        return Left(await storage.bookings(), sum(counts.values()), await _counted(storage, "holds"))

    return caller.town.read(read)


async def _counted(storage: Storage, table: str) -> int:
    async with storage._database.reading() as connection:
        return int((await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())  # noqa: S608


def assert_booked_once(caller: Caller) -> None:
    """Everything that was said is in one booking, and one text message goes out."""
    left = left_by(caller)
    (booking,) = left.bookings
    assert [(line.item, line.quantity) for line in booking.items] == [("canape", 1), ("matelas", 2)]
    assert (booking.address.number, booking.address.street, booking.address.insee) == (12, "Rue de Rome", "13206")
    assert booking.phone is not None
    assert booking.phone.reveal() == "+33" + OTHER_PHONE[1:]
    events = caller.town.events(caller.call_id)
    assert {event.day for event in events if isinstance(event, DateHeld)} == {booking.day}
    assert (left.texts, left.holds) == (1, 0)
    assert [event.reason for event in events if isinstance(event, Ended)] == [EndReason.DONE]


def in_order(acts: list[Act]) -> list[Act]:
    """Each act the first time it comes."""
    return list(dict.fromkeys(acts))


def test_a_worker_killed_at_every_question_loses_nothing(town: Town) -> None:
    """Turn by turn the caller does not even notice: each question is answered to another worker than asked it."""
    caller = TurnCaller(town)
    asked = caller.ring()
    while not caller.over:
        town.kill_and_replace()
        asked = caller.reply(asked)
        assert RESUMED not in caller.said
    assert in_order(caller.asked) == list(QUESTIONS)
    assert_booked_once(caller)


@pytest.mark.parametrize(
    "deadly",
    [CallAnswered, Prompted, PromptHeard, CallerSpoke, Understood, ItemsJudged, KeysPressed, AddressesFound, DatesFound,
     DateHeld, Booked, Ended],
    ids=lambda kind: kind.__name__,
)  # fmt: skip
def test_a_worker_killed_right_after_an_event_is_stored(town: Town, deadly: type[Event]) -> None:
    """It dies in the middle of a request; Twilio asks the next worker the same, which takes nothing twice."""
    town.start(deadly.__name__)
    caller = TurnCaller(town)
    asked, resumed = caller.ring(), False
    while not caller.over:
        resumed = resumed or RESUMED in caller.said
        asked = caller.reply(asked)
    assert len(town.workers) == 3, "the worker was not killed"
    assert resumed or deadly in (CallAnswered, Booked, Ended)
    assert_booked_once(caller)


@pytest.mark.parametrize("at", QUESTIONS, ids=lambda act: act.value)
def test_a_stream_cut_by_kill_goes_on_at_the_same_question(town: Town, at: Act) -> None:
    caller = StreamCaller(town)
    with caller.connected(caller.ring()) as socket:
        caller.talk(socket, until=at)
        town.kill_and_replace()
    again = caller.sure("/voice/after-stream")
    caller.heard.clear()
    with caller.connected(again) as socket:
        caller.talk(socket, until=at)
        assert caller.heard == [Act.RESUME, at]
        caller.reply(socket, at)
        caller.talk(socket)
    closed = caller.sure("/voice/after-stream?resumed=1")
    assert [verb.tag for verb in closed] == ["Hangup"]
    assert in_order(caller.asked) == list(QUESTIONS)
    assert_booked_once(caller)


def test_the_second_cut_goes_on_turn_by_turn_at_the_same_question(town: Town) -> None:
    stream = StreamCaller(town)
    with stream.connected(stream.ring()) as socket:
        stream.talk(socket, until=Act.CONFIRM_ADDRESS)
        town.kill_and_replace()
    with stream.connected(stream.sure("/voice/after-stream")) as socket:
        stream.talk(socket, until=Act.CONFIRM_ADDRESS)
        stream.reply(socket, Act.CONFIRM_ADDRESS)
        stream.talk(socket, until=Act.OFFER_DATES)
        town.kill_and_replace()
    redirected = stream.sure("/voice/after-stream?resumed=1")
    assert [verb.tag for verb in redirected] == ["Redirect"]
    caller = TurnCaller(town, stream.call_id)
    asked = caller.ring()
    assert (asked, RESUMED in caller.said) == (Act.OFFER_DATES, True)
    while not caller.over:
        asked = caller.reply(asked)
    assert_booked_once(caller)


@pytest.mark.parametrize("deadly", ["", "HandedOver", "Ended"])
def test_a_worker_killed_during_a_transfer_leaves_one_call_in_the_queue(town: Town, deadly: str) -> None:
    town.start(deadly)
    caller = TurnCaller(town)
    caller.reply(caller.ring())
    action = (caller.answer.findall("Gather")[-1].get("action") or "").partition("/voice/turn")[2]
    transfer = caller.sure("/voice/turn" + action, Digits="0")
    assert transfer.find("Dial") is not None
    town.kill_and_replace()
    whisper = caller.sure(f"/voice/whisper?call={caller.call_id}", CallSid="CAagent")
    assert "un canapé et deux matelas" in (whisper.findtext("Say") or "")
    queue = town.read(lambda storage: storage.hand_overs.status(caller.call_id))
    events = town.events(caller.call_id)
    assert (queue, [event.reason for event in events if isinstance(event, HandedOver)]) == (
        "taken",
        [HandOverReason.ASKED],
    )


def test_a_caller_who_leaves_a_transfer_is_not_rung_for_by_any_worker(town: Town) -> None:
    caller = TurnCaller(town)
    caller.ring()
    caller.sure("/voice/turn?n=2&e=any", Digits="0")
    town.kill_and_replace()
    caller.post("/voice/status", CallStatus="completed")
    assert town.read(lambda storage: storage.hand_overs.waiting()) == []


def test_when_nobody_answers_two_workers_keep_one_call_back(town: Town) -> None:
    caller = TurnCaller(town)
    caller.ring()
    caller.sure("/voice/turn?n=2&e=any", Digits="0")
    promised = []
    for _ in range(2):
        town.kill_and_replace()
        promised.append(caller.sure("/voice/after-dial", DialCallStatus="no-answer").findtext("Say"))
    assert promised[0] == promised[1]
    assert "vous rappelle aujourd'hui, entre" in (promised[0] or "")
    assert town.read(lambda storage: _counted(storage, "call_backs")) == 1


@pytest.mark.sound
def test_callbot_serve_killed_in_a_call_goes_on_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command itself, with its ears and its mouth."""
    settings = load_settings()
    if not status(settings.models_dir, MODELS[WHISPER_BASE]).complete:
        pytest.skip("Whisper is not on this machine: run 'make setup'")
    url = f"sqlite+aiosqlite:///{tmp_path / 'callbot.db'}"
    monkeypatch.setenv("CALLBOT_STORAGE__URL", url)
    with served() as first:
        caller = TurnCaller(Town(None, settings.data_dir, url, [first]))
        asked = caller.reply(caller.ring())
    with served() as second:
        caller.town.workers.append(second)
        assert caller.reply(asked) is Act.ASK_ADDRESS
        assert RESUMED not in caller.said
    (answered,) = [event for event in caller.town.events(caller.call_id) if isinstance(event, CallAnswered)]
    assert not answered.resumed
