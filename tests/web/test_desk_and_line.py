"""The desk and the phone line on one database: a call from the queue to an agent, whoever does not answer."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from callbot.desk import Answer
from callbot.telephony.agents import AgentCalls, agents_router
from callbot.telephony.edge import Edge
from callbot.telephony.people import People
from callbot.telephony.signatures import SignatureCheck
from tests.web.desk_world import AGENT, OTHER, DeskService, desk_service
from tests.web.staff_world import Staff
from tests.web.test_desk_telephone import Phone, present

CALL, PUBLIC, SENDER = "CA1", "https://bot.example.fr", "+33491111111"


class Moves(Phone):
    """The same phone company as its webhooks see it."""

    async def take_out_of_queue(self, call_id: str, account: str) -> Answer:
        return self._told("take", call_id)

    async def send_back(self, call_id: str, account: str) -> Answer:
        return self._told("send back", call_id)

    async def waits_alone(self, call_id: str) -> bool | None:
        return False


@pytest.fixture
def phone() -> Moves:
    return Moves()


@pytest.fixture
async def desk(migrated: Path, tmp_path: Path, phone: Moves) -> AsyncIterator[DeskService]:
    async with desk_service(migrated, tmp_path, phone=phone) as running:
        yield running


@pytest.fixture
async def line(desk: DeskService, phone: Moves) -> AsyncIterator[httpx.AsyncClient]:
    """The phone company's side of the same database."""
    storage = desk.storage
    edge = Edge(SignatureCheck(PUBLIC, {}, off=True), PUBLIC)
    people = People(edge, storage.events, "+33491000000", desk.clock.now, "conseillers", hand_overs=storage.hand_overs)
    app = FastAPI()
    app.include_router(agents_router(AgentCalls(people, storage.agent_lines, phone, SENDER)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC) as client:
        yield client


async def asked(line: httpx.AsyncClient, path: str, account: str, **form: str) -> ET.Element:
    answer = await line.post(f"{path}?call={CALL}&agent={account}", data={"CallSid": CALL, **form})
    assert answer.status_code == 200
    return ET.fromstring(answer.text)  # noqa: S314 - our own answer


async def ids(desk: DeskService) -> dict[str, str]:
    async with desk.storage.staff.reading() as reads:
        return {account.login.reveal(): account.id for account in await reads.accounts() if account.login}


@pytest.mark.parametrize("listening", [False, True])
async def test_one_agent_does_not_answer_the_next_one_does(
    agent: Staff, colleague: Staff, desk: DeskService, phone: Moves, line: httpx.AsyncClient, *, listening: bool
) -> None:
    phone.listening = listening
    await desk.waits(CALL)
    await present(agent)
    await present(colleague, "06 12 34 00 01")
    who = await ids(desk)
    await agent.press("Prendre")
    desk.clock.advance(seconds=25)
    if listening:  # the caller never left the queue: the agent's own line tells that nobody was there
        told = {"CallSid": "CAagent", "CallStatus": "no-answer"}
        query = f"?call={CALL}&agent={who[AGENT]}"
        assert (await line.post(f"/voice/agent/status{query}", data=told)).status_code == 204
    else:
        rings = await asked(line, "/voice/agent", who[AGENT])
        assert rings.findtext("Dial/Number") == "+33612340000"
        back = await asked(line, "/voice/agent/after", who[AGENT], DialCallStatus="no-answer")
        queue = back.find("Enqueue")
        assert queue is not None
        assert queue.get("waitUrl") == f"{PUBLIC}/voice/wait?waited=25"
    page = await colleague.get("/desk")
    assert "attente la plus longue : 25 s" in page.text
    assert "Votre téléphone va sonner." in (await colleague.press("Prendre")).text
    # The first agent presses a key too late: the call is somebody else's by now.
    late = await asked(line, "/voice/agent/accepted", who[AGENT], CallSid="CAagent")
    assert late.find("Hangup") is not None
    accepted = await asked(line, "/voice/agent/accepted", who[OTHER], CallSid="CAagent2")
    assert accepted.find("Hangup") is None
    brought = await asked(line, "/voice/agent", who[OTHER])
    assert brought.findtext("Dial/Conference" if listening else "Dial/Number") in {CALL, "+33612340001"}
    work = await desk.storage.desk_work.of_call(CALL)
    assert work is not None
    assert (work.taken_by, work.answered_at) == (who[OTHER], desk.clock.now())
    over = await asked(line, "/voice/agent/after", who[OTHER], DialCallStatus="completed", CallStatus="completed")
    assert over.find("Hangup") is not None
    assert "C'est terminé." in (await colleague.press("Terminer l'appel", devenir="informed")).text


async def test_a_caller_who_hangs_up_while_the_telephone_rings_waits_for_nobody(
    agent: Staff, desk: DeskService, line: httpx.AsyncClient
) -> None:
    await desk.waits(CALL)
    await present(agent)
    await agent.press("Prendre")
    account = (await ids(desk))[AGENT]
    await asked(line, "/voice/agent/after", account, DialCallStatus="canceled", CallStatus="completed")
    assert "L'appelant a raccroché avant la réponse." in (await agent.get(f"/desk/appels/{CALL}")).text
    told = {"CallSid": "CAagent", "CallStatus": "canceled"}
    await line.post(f"/voice/agent/status?call={CALL}&agent={account}", data=told)
    assert "Personne n'attend." in (await agent.get("/desk")).text
