"""Agents' telephones: whatever breaks, the caller has a person, a place in the queue or a promise."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from callbot.desk import AgentLine, Answer, RingResult
from callbot.domain.events import CallAnswered, Ended, EndReason, HandedBack, HandedOver, HandOverReason
from callbot.domain.personal import PhoneNumber
from callbot.telephony import agents
from callbot.telephony.people import JOINED_SENTENCE, LONGEST_WAIT_S
from tests.telephony.fakes import CALL
from tests.telephony.turn_bench import CALLER, NOW, PUBLIC, SENDER, Bench, spoken, verbs, xml

WHO = f"?call={CALL}&agent=c0ffee"
LINE = AgentLine("+33612340000")
RESIDENT = PhoneNumber("+33687654321")
HANDED = (CallAnswered(None), HandedOver(HandOverReason.ITEM_DOUBT), Ended(EndReason.HANDED_OVER))
BACK = "Personne n'est disponible pour le moment. Un conseiller vous rappelle demain, entre 8 heures et 10 heures."
QUEUED = ["Say", "Enqueue"]


@dataclass
class Lines:
    """What the desk knows; ``broken``: the database is away."""

    line: AgentLine | None = LINE
    number: PhoneNumber | None = RESIDENT
    free: bool = True
    since: datetime | None = NOW
    refused: bool = False
    broken: bool = False
    noted: list[object] = field(default_factory=list)

    async def line_for(self, call_id: str, account: str) -> AgentLine | None:
        self._works()
        return self.line

    async def joined(self, call_id: str, account: str) -> bool:
        self._works()
        self.noted.append(("joined", account))
        return self.free

    async def wait_again(self, call_id: str, account: str, *, even_answered: bool = False) -> datetime | None:
        self._works()
        self.noted.append(("waits even answered" if even_answered else "waits", account))
        return NOW if even_answered else self.since

    async def number_to_call_back(self, call_id: str, account: str) -> PhoneNumber | None:
        self._works()
        return self.number

    async def ring_ended(self, call_id: str, account: str, result: RingResult) -> bool:
        self._works()
        self.noted.append(result)
        return True

    async def refused_listening(self, call_ids: object) -> frozenset[str]:
        self._works()
        return frozenset({CALL} if self.refused else ())

    def _works(self) -> None:
        if self.broken:
            raise OSError(f"no database, {CALLER}")


@dataclass
class Moves:
    """The phone company's answers."""

    listening: bool = False
    answer: Answer = Answer.DONE
    alone: bool | None = False
    asked: list[str] = field(default_factory=list)

    async def take_out_of_queue(self, call_id: str, account: str) -> Answer:
        self.asked.append("take")
        return self.answer

    async def send_back(self, call_id: str, account: str) -> Answer:
        self.asked.append("send back")
        return self.answer

    async def waits_alone(self, call_id: str) -> bool | None:
        return self.alone


@dataclass
class World:
    """The service with what the test sets."""

    lines: Lines = field(default_factory=Lines)
    moves: Moves = field(default_factory=Moves)

    def __post_init__(self) -> None:
        self.bench = Bench(lambda _event: [], queue="conseillers", agent_lines=self.lines, moves=self.moves)

    async def ask(self, path: str, **form: str) -> ET.Element:
        return await self.bench.call(f"{path}{WHO}", **form)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def listened() -> World:
    return World(moves=Moves(listening=True))


def attributes(answer: ET.Element, path: str) -> dict[str, str]:
    found = answer.find(path)
    assert found is not None, ET.tostring(answer)
    return {**found.attrib, "": found.text or ""}


async def test_a_caller_taken_out_of_the_queue_rings_the_agent_who_sees_our_number(world: World) -> None:
    answer = await world.ask("/voice/agent")
    assert spoken(answer) == [agents.RINGS_SENTENCE]
    dial = attributes(answer, "Dial")
    assert (dial["callerId"], dial["timeout"]) == (SENDER, "20")
    assert dial["action"] == f"{PUBLIC}/voice/agent/after{WHO}"
    number = attributes(answer, "Dial/Number")
    assert (number[""], number["url"]) == (LINE.reveal(), f"{PUBLIC}/voice/agent/screen{WHO}")


async def test_an_agent_with_a_sip_telephone_is_rung_there(world: World) -> None:
    world.lines.line = AgentLine("sip:camille@agents.sip.example")
    assert attributes(await world.ask("/voice/agent"), "Dial/Sip")[""] == "sip:camille@agents.sip.example"


async def test_who_answers_hears_the_summary_and_presses_a_key_a_machine_never_does(world: World) -> None:
    answer = await world.ask("/voice/agent/screen", CallSid="CAagent")
    assert spoken(answer) == [world.bench.desk.text, agents.TAKE_SENTENCE]
    assert verbs(answer) == ["Gather", "Hangup"]
    assert attributes(answer, "Gather")["action"] == f"{PUBLIC}/voice/agent/accepted{WHO}"
    assert world.lines.noted == []
    assert verbs(await world.ask("/voice/agent/accepted", CallSid="CAagent", Digits="1")) == []
    assert world.lines.noted == [("joined", "c0ffee")]


async def test_a_call_that_somebody_else_has_meanwhile_is_not_joined(world: World) -> None:
    world.lines.free = False
    answer = await world.ask("/voice/agent/accepted", CallSid="CAagent")
    assert (spoken(answer), verbs(answer)[-1]) == ([agents.TAKEN_SENTENCE], "Hangup")


@pytest.mark.parametrize(
    "form",
    [
        {"DialCallStatus": "no-answer"},
        {"DialCallStatus": "busy"},
        {"DialCallStatus": "failed"},
        {"DialCallStatus": "completed", "DialBridged": "false"},
    ],
)
async def test_an_agent_who_does_not_answer_costs_the_caller_no_place(world: World, form: dict[str, str]) -> None:
    world.bench.at = NOW + timedelta(seconds=70)
    answer = await world.ask("/voice/agent/after", CallStatus="in-progress", **form)
    assert verbs(answer) == QUEUED
    assert spoken(answer) == [agents.STILL_WAITING_SENTENCE]
    queue = attributes(answer, "Enqueue")
    assert queue["waitUrl"] == f"{PUBLIC}/voice/wait?waited=70"
    assert world.lines.noted == [("waits", "c0ffee")]
    # The time before counts: nobody waits longer because a telephone rang in vain.
    path = queue["waitUrl"].removeprefix(PUBLIC)
    assert verbs(await world.bench.call(path, QueueTime=str(LONGEST_WAIT_S - 71)))[0] == "Say"
    assert verbs(await world.bench.call(path, QueueTime=str(LONGEST_WAIT_S - 70))) == ["Leave"]


@pytest.mark.parametrize(("waited", "called_back"), [(LONGEST_WAIT_S - 1, False), (LONGEST_WAIT_S, True)])
async def test_who_has_waited_long_enough_is_called_back_instead(
    world: World, waited: int, *, called_back: bool
) -> None:
    await world.bench.stored(*HANDED)
    world.bench.at = NOW + timedelta(seconds=waited)
    answer = await world.ask("/voice/agent/after", DialCallStatus="no-answer")
    assert (spoken(answer) == [BACK]) is called_back
    assert (verbs(answer) == QUEUED) is not called_back


async def test_a_talk_that_is_over_ends_or_goes_back_to_the_machine(world: World) -> None:
    await world.bench.stored(*HANDED)
    form = {"DialCallStatus": "completed", "DialBridged": "true"}
    assert verbs(await world.ask("/voice/agent/after", **form)) == ["Hangup"]
    await world.bench.stored(HandedBack())
    assert verbs(await world.ask("/voice/agent/after", **form)) == ["Redirect"]


async def test_a_caller_who_hangs_up_while_the_telephone_rings_is_not_waited_for(world: World) -> None:
    answer = await world.ask("/voice/agent/after", CallStatus="completed", DialCallStatus="canceled")
    assert verbs(answer) == ["Hangup"]
    assert world.bench.desk.noted == [("left", CALL)]
    assert world.lines.noted == []


async def test_being_told_that_the_queue_was_left_for_an_agent_promises_and_notes_nothing(world: World) -> None:
    await world.bench.stored(*HANDED)
    answer = await world.bench.call("/voice/after-dial", CallStatus="in-progress", QueueResult="redirected")
    assert verbs(answer) == ["Enqueue"]
    assert (world.bench.desk.noted, world.bench.desk.kept) == ([], [])


@pytest.mark.parametrize("why", ["nobody's", "no database"])
@pytest.mark.parametrize("listening", [True, False])
async def test_a_call_that_is_nobody_s_when_twilio_asks_waits_in_the_queue(why: str, *, listening: bool) -> None:
    world = World(Lines(line=None, broken=why == "no database"), Moves(listening))
    with capture_logs() as logs:
        answer = await world.ask("/voice/agent")
    assert verbs(answer) == QUEUED
    assert CALLER not in str(logs)


@pytest.mark.parametrize("path", ["/voice/agent/accepted", "/voice/agent/after"])
async def test_without_a_database_an_agent_still_gets_the_caller(world: World, path: str) -> None:
    world.lines.broken = True
    answer = await world.ask(path, DialCallStatus="no-answer")
    assert verbs(answer) == ([] if path.endswith("accepted") else QUEUED)


async def test_with_listening_both_are_told_and_meet_in_a_conference(listened: World) -> None:
    screen = await listened.ask("/voice/agent/screen", CallSid="CAagent")
    assert agents.AGENT_LISTENED_SENTENCE in spoken(screen)
    agent = await listened.ask("/voice/agent/accepted", CallSid="CAagent")
    assert (listened.moves.asked, listened.lines.noted) == (["take"], [("joined", "c0ffee")])
    caller = await listened.ask("/voice/agent")
    assert spoken(caller) == [JOINED_SENTENCE, agents.LISTENED_SENTENCE]
    rooms = [attributes(answer, "Dial/Conference") for answer in (agent, caller)]
    assert [room[""] for room in rooms] == [CALL, CALL]
    assert [room["startConferenceOnEnter"] for room in rooms] == ["true", "false"]
    assert {room["endConferenceOnExit"] for room in rooms} == {"true"}
    assert not any("record" in name.lower() for room in rooms for name in room)
    assert attributes(caller, "Dial")["action"] == f"{PUBLIC}/voice/agent/after{WHO}"


async def test_without_listening_nobody_is_told_of_it(world: World) -> None:
    told = [*spoken(await world.ask("/voice/agent")), *spoken(await world.ask("/voice/agent/screen"))]
    assert not any("écouter" in sentence for sentence in told)
    assert spoken(await world.ask("/voice/listen/join")) == [agents.NOT_LISTENED_SENTENCE]


@pytest.mark.parametrize(
    ("answer", "sentence", "noted"),
    [
        (Answer.GONE, agents.GONE_SENTENCE, [("left", CALL)]),
        (Answer.FAILED, agents.FAILED_SENTENCE, []),
    ],
)
async def test_a_caller_who_cannot_be_brought_keeps_their_place(
    listened: World, answer: Answer, sentence: str, noted: list[tuple[str, str]]
) -> None:
    listened.moves.answer = answer
    told = await listened.ask("/voice/agent/accepted", CallSid="CAagent")
    assert (spoken(told), verbs(told)[-1]) == ([sentence], "Hangup")
    assert listened.bench.desk.noted == noted
    assert listened.lines.noted == ([("waits", "c0ffee")] if answer is Answer.FAILED else [])


async def test_an_agent_whose_call_it_no_longer_is_brings_nobody(listened: World) -> None:
    listened.lines.line = None
    assert spoken(await listened.ask("/voice/agent/accepted")) == [agents.TAKEN_SENTENCE]
    assert listened.moves.asked == []


@pytest.mark.parametrize(
    ("since", "alone", "answer", "status", "noted"),
    [
        (NOW, None, Answer.DONE, 204, ["waits"]),
        (None, False, Answer.DONE, 204, ["waits"]),
        (None, None, Answer.DONE, 503, ["waits"]),
        (None, True, Answer.DONE, 204, ["waits", "waits even answered"]),
        (None, True, Answer.GONE, 204, ["waits", "waits even answered"]),
        (None, True, Answer.FAILED, 503, ["waits", "waits even answered"]),
    ],
)
async def test_an_agent_s_line_that_closes_leaves_no_caller_alone(
    *, since: datetime | None, alone: bool | None, answer: Answer, status: int, noted: list[str]
) -> None:
    world = World(Lines(since=since), Moves(listening=True, answer=answer, alone=alone))
    told = await world.bench.post(f"/voice/agent/status{WHO}", CallSid="CAagent", CallStatus="completed")
    assert told.status_code == status
    assert world.lines.noted == [(each, "c0ffee") for each in noted]
    assert world.moves.asked == (["send back"] if alone else [])


async def test_a_line_that_only_rings_yet_changes_nothing_and_a_lost_database_is_told_again(listened: World) -> None:
    path = f"/voice/agent/status{WHO}"
    assert (await listened.bench.post(path, CallSid="CAagent", CallStatus="ringing")).status_code == 204
    assert listened.lines.noted == []
    listened.lines.broken = True
    assert (await listened.bench.post(path, CallSid="CAagent", CallStatus="no-answer")).status_code == 503


async def test_a_call_back_rings_the_agent_then_the_number_that_asked_for_it(world: World) -> None:
    screen = await world.ask("/voice/call-back/screen", CallSid="CAagent")
    assert spoken(screen) == [world.bench.desk.text, agents.CALL_BACK_SENTENCE]
    assert RESIDENT.reveal() not in ET.tostring(screen, encoding="unicode")
    dialled = await world.ask("/voice/call-back/dial", CallSid="CAagent", Digits="5")
    assert attributes(dialled, "Dial/Number")[""] == RESIDENT.reveal()
    assert attributes(dialled, "Dial")["callerId"] == SENDER
    assert attributes(dialled, "Dial")["action"] == f"{PUBLIC}/voice/call-back/after{WHO}"


@pytest.mark.parametrize("number", [None, PhoneNumber("+33899123456"), PhoneNumber("+88216123456"), "no database"])
async def test_no_other_number_is_rung(world: World, number: PhoneNumber | str | None) -> None:
    world.lines.broken = number == "no database"
    world.lines.number = number if isinstance(number, PhoneNumber) else None
    answer = await world.ask("/voice/call-back/dial", CallSid="CAagent")
    assert (spoken(answer), answer.find("Dial")) == ([agents.NOT_CALLED_SENTENCE], None)


@pytest.mark.parametrize(
    ("became", "result"),
    [
        ("completed", RingResult.TALKED), ("answered", RingResult.TALKED), ("busy", RingResult.BUSY),
        ("no-answer", RingResult.NO_ANSWER), ("failed", RingResult.FAILED), ("canceled", RingResult.FAILED),
        ("surprise", RingResult.FAILED), ("", RingResult.FAILED),
    ],
)  # fmt: skip
async def test_how_a_call_back_ended_is_kept(world: World, became: str, result: RingResult) -> None:
    answer = await world.ask("/voice/call-back/after", CallSid="CAagent", DialCallStatus=became)
    assert world.lines.noted == [result]
    assert spoken(answer) == ([] if result is RingResult.TALKED else [agents.NO_ANSWER_SENTENCE])


@pytest.mark.parametrize(
    ("became", "broken", "status", "noted"),
    [
        ("no-answer", False, 204, [RingResult.AGENT_ABSENT]),
        ("completed", False, 204, [RingResult.AGENT_ABSENT]),
        ("in-progress", False, 204, []),
        ("busy", True, 503, []),
    ],
)
async def test_an_agent_who_was_not_there_is_kept_too(
    world: World, became: str, *, broken: bool, status: int, noted: list[RingResult]
) -> None:
    world.lines.broken = broken
    told = await world.bench.post(f"/voice/call-back/status{WHO}", CallSid="CAagent", CallStatus=became)
    assert (told.status_code, world.lines.noted) == (status, noted)


async def test_a_supervisor_comes_in_unheard_with_a_tone_and_ends_nothing(listened: World) -> None:
    screen = await listened.ask("/voice/listen/screen", CallSid="CAsupervisor")
    assert attributes(screen, "Gather")["action"] == f"{PUBLIC}/voice/listen/join{WHO}"
    room = attributes(await listened.ask("/voice/listen/join", CallSid="CAsupervisor"), "Dial/Conference")
    assert (room[""], room["muted"], room["beep"]) == (CALL, "true", "true")
    assert (room["startConferenceOnEnter"], room["endConferenceOnExit"]) == ("false", "false")


@pytest.mark.parametrize("why", ["refused", "no database"])
async def test_who_refused_is_not_listened_to_nor_who_may_have(listened: World, why: str) -> None:
    listened.lines.refused, listened.lines.broken = why == "refused", why == "no database"
    assert spoken(await listened.ask("/voice/listen/join")) == [agents.NOT_LISTENED_SENTENCE]


PATHS = (
    "/voice/agent", "/voice/agent/screen", "/voice/agent/accepted", "/voice/agent/after", "/voice/agent/status",
    "/voice/call-back/screen", "/voice/call-back/dial", "/voice/call-back/after", "/voice/call-back/status",
    "/voice/listen/screen", "/voice/listen/join",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
async def test_what_is_not_twilio_s_or_about_nothing_is_refused(listened: World, path: str) -> None:
    form = {"CallSid": CALL, "CallStatus": "completed"}
    assert (await listened.bench.post(f"{path}{WHO}", "bm90IGE=", **form)).status_code == 403
    for query in ("", "?call=CA1", "?call=CA1&agent=x&more=1", "?call=../x&agent=y", "?call=CA1&agent=" + "a" * 65):
        assert (await listened.bench.post(path + query, **form)).status_code == 400
    assert (listened.lines.noted, listened.moves.asked) == ([], [])


async def test_without_an_account_there_are_no_such_addresses() -> None:
    bench = Bench(lambda _event: [], queue="conseillers")
    assert (await bench.post(f"/voice/agent{WHO}", CallSid=CALL)).status_code == 404
    assert xml(await bench.post("/voice/wait", CallSid=CALL)).find("Say") is not None
