"""The desk by telephone: a waiting caller brought to an agent, a call-back rung, a talk listened to or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from callbot.access import Role
from callbot.access.accounts import Login
from callbot.desk import AgentLine, Answer, RingResult, Talk
from callbot.domain.events import CallAnswered, Channel, Ended, EndReason, HandOverReason
from callbot.domain.people import Window
from callbot.domain.personal import PhoneNumber
from callbot.storage.hand_overs import HandOverStatus
from tests.booking.sample import MOBILE
from tests.desk.sample import wanted
from tests.web.desk_world import AGENT, DeskService, desk_service
from tests.web.staff_world import Staff

MINE = "06 12 34 00 00"
SUPERVISOR = "s.responsable"


@dataclass
class Phone:
    """A phone company that answers as it is told; conforms to ``RingsPeople``."""

    serves_queue: bool = True
    listening: bool = False
    answer: Answer = Answer.DONE
    going_on: Sequence[Talk] | None = ()
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def put_through(self, call_id: str, account: str, line: AgentLine) -> Answer:
        return self._told("put through", line.reveal())

    async def call_back(self, call_id: str, account: str, line: AgentLine) -> Answer:
        return self._told("call back", line.reveal())

    async def talks(self) -> Sequence[Talk] | None:
        return self.going_on

    async def listen(self, call_id: str, account: str, line: AgentLine) -> Answer:
        return self._told("listen", line.reveal())

    async def stop_listening(self, call_id: str) -> Answer:
        return self._told("stop listening", call_id)

    def _told(self, what: str, about: str) -> Answer:
        self.asked.append((what, about))
        return self.answer


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
async def desk(migrated: Path, tmp_path: Path, phone: Phone) -> AsyncIterator[DeskService]:
    async with desk_service(migrated, tmp_path, phone=phone) as running:
        yield running
    await asyncio.sleep(0)


async def present(agent: Staff, line: str = MINE) -> None:
    await agent.get("/desk")
    page = await agent.press("Je suis disponible", presence="present", ligne=line)
    assert page.status == 200, page.text


async def promise(desk: DeskService, number: PhoneNumber = MOBILE) -> None:
    await desk.tells("CA1", wanted())
    now = desk.clock.now()
    async with desk.storage.unit_of_work() as work:
        await work.call_backs.add("CA1", number, HandOverReason.ASKED, Window(now, now + timedelta(hours=2)), now)
    await desk.tells("CA1", [Ended(EndReason.CALL_BACK)])


async def reasons(desk: DeskService) -> list[str]:
    return [look.reason for look in await desk.storage.reveals.entries()]


async def test_a_telephone_is_given_shown_to_its_owner_and_taken_back(agent: Staff, desk: DeskService) -> None:
    await present(agent)
    assert f'value="{MINE}"' in (await agent.get("/desk")).html
    await agent.press("Garder ce téléphone", presence="present", ligne="")
    assert MINE not in (await agent.get("/desk")).html


@pytest.mark.parametrize("line", ["0892 12 34 56", "+1 900 555 0100", "<script>", "sip:x@elsewhere.example"])
async def test_what_may_not_be_rung_is_refused_and_what_was_kept_stays(
    agent: Staff, desk: DeskService, line: str
) -> None:
    await present(agent)
    page = await agent.press("Garder ce téléphone", presence="present", ligne=line)
    assert page.status == 422
    assert "Donnez un numéro français ordinaire" in page.text
    assert "<script>" not in page.html
    assert f'value="{MINE}"' in (await agent.get("/desk")).html


async def test_taking_a_waiting_call_rings_the_agent(agent: Staff, desk: DeskService, phone: Phone) -> None:
    await desk.waits("CA1")
    await present(agent)
    page = await agent.press("Prendre")
    assert "Votre téléphone va sonner." in page.text
    assert phone.asked == [("put through", "+33612340000")]
    assert await desk.storage.hand_overs.status("CA1") is HandOverStatus.TAKEN


async def test_of_two_agents_one_telephone_rings(
    agent: Staff, colleague: Staff, desk: DeskService, phone: Phone
) -> None:
    await desk.waits("CA1")
    await present(agent)
    await present(colleague, "06 12 34 00 01")
    pages = await asyncio.gather(agent.press("Prendre"), colleague.press("Prendre"))
    assert len(phone.asked) == 1
    assert sum("Une autre personne l'a déjà pris." in page.text for page in pages) == 1


async def test_a_phone_company_that_fails_leaves_the_call_where_it_waited(
    agent: Staff, desk: DeskService, phone: Phone
) -> None:
    await desk.waits("CA1")
    desk.clock.advance(seconds=30)
    await desk.waits("CA2")
    await present(agent)
    phone.answer = Answer.FAILED
    page = await agent.press("Prendre")
    assert "L'appel attend toujours, à sa place." in page.text
    assert page.html.index("attente-CA1") < page.html.index("attente-CA2")
    assert "2 en ligne" in page.text


async def test_an_agent_who_did_not_answer_is_told_why_the_page_is_closed(agent: Staff, desk: DeskService) -> None:
    await desk.waits("CA1")
    await present(agent)
    await agent.press("Prendre")
    [work] = await desk.storage.desk_work.taken_by(await _account(desk))
    assert work.taken_by is not None
    await desk.storage.agent_lines.wait_again("CA1", work.taken_by)
    page = await agent.get("/desk/appels/CA1")
    assert page.status == 404
    assert "votre téléphone n'a pas répondu et il attend de nouveau" in page.text


async def test_a_caller_who_is_gone_leaves_the_page_to_who_took_it(
    agent: Staff, desk: DeskService, phone: Phone
) -> None:
    await desk.waits("CA1")
    await present(agent)
    phone.answer = Answer.GONE
    assert "L'appelant n'est pas dans la file." in (await agent.press("Prendre")).text
    await desk.storage.hand_overs.left("CA1")
    page = await agent.get("/desk/appels/CA1")
    assert "L'appelant a raccroché avant la réponse." in page.text
    assert "Faire sonner mon téléphone" not in page.text
    await agent.press("Terminer l'appel", devenir="nothing_needed")
    assert await desk.storage.hand_overs.status("CA1") is HandOverStatus.CLOSED


async def test_a_call_taken_before_its_caller_was_in_the_queue_rings_a_moment_later(
    agent: Staff, colleague: Staff, desk: DeskService, phone: Phone
) -> None:
    await desk.waits("CA1")
    await present(agent)
    phone.answer = Answer.GONE
    await agent.press("Prendre")
    phone.answer = Answer.DONE
    form = agent.form("Faire sonner mon téléphone")
    assert "Votre téléphone va sonner." in (await agent.press("Faire sonner mon téléphone")).text
    assert len(phone.asked) == 2
    await present(colleague)
    token = colleague.form("Garder ce téléphone").fields["jeton"]
    assert (await colleague.client.post(form.action, data={"jeton": token})).status_code == 404
    await desk.storage.agent_lines.joined("CA1", await _account(desk))
    assert "Faire sonner mon téléphone" not in (await agent.get("/desk/appels/CA1")).text
    await agent.client.post(form.action, data=form.fields)
    assert len(phone.asked) == 2


async def test_who_writes_is_not_put_through(agent: Staff, desk: DeskService, phone: Phone) -> None:
    await desk.waits("TX1", [CallAnswered(MOBILE, Channel.SMS)])
    await present(agent)
    assert "va sonner" not in (await agent.press("Prendre")).text
    assert phone.asked == []


@pytest.mark.parametrize("why", ["no telephone", "no queue", "nobody on the line"])
async def test_where_nothing_can_ring_taking_opens_the_page_as_before(
    agent: Staff, desk: DeskService, phone: Phone, why: str
) -> None:
    await desk.waits("CA1")
    phone.serves_queue = why != "no queue"
    if why == "nobody on the line":
        await desk.storage.hand_overs.unanswered("CA1")
    await present(agent, "" if why == "no telephone" else MINE)
    page = await agent.press("Prendre")
    assert "Ce qui est déjà dit" in page.text
    assert "va sonner" not in page.text
    assert phone.asked == []


async def test_a_call_back_rings_with_one_button_and_its_result_is_shown(
    agent: Staff, desk: DeskService, phone: Phone
) -> None:
    await promise(desk)
    await present(agent)
    page = await agent.press("Rappeler")
    assert "Votre téléphone va sonner." in page.text
    assert "Appel lancé par le service à" in page.text
    assert phone.asked == [("call back", "+33612340000")]
    assert await reasons(desk) == ["rappel", "rappel passé par le service"]
    assert "Un appel est déjà en cours" in (await agent.press("Appeler par le service")).text
    await desk.storage.agent_lines.ring_ended("CA1", await _account(desk), RingResult.BUSY)
    assert "la ligne de l'usager est occupée" in (await agent.get("/desk/rappels/CA1")).text
    await agent.press("Appeler par le service")
    assert len(phone.asked) == 2


async def test_a_call_back_that_cannot_be_rung_keeps_its_link(agent: Staff, desk: DeskService, phone: Phone) -> None:
    await promise(desk)
    await present(agent)
    phone.answer = Answer.FAILED
    page = await agent.press("Rappeler")
    assert "L'opérateur ne répond pas." in page.text
    assert "l'appel n'a pas abouti" in page.text
    assert f'href="tel:{MOBILE.reveal()}"' in page.html
    phone.answer = Answer.DONE
    assert "Votre téléphone va sonner." in (await agent.press("Appeler par le service")).text


async def test_only_who_has_a_call_back_rings_and_only_ordinary_numbers_are_rung(
    agent: Staff, colleague: Staff, desk: DeskService, phone: Phone
) -> None:
    await promise(desk, PhoneNumber("+212612345678"))
    await present(agent)
    page = await agent.press("Rappeler")
    assert "n'est pas un numéro français ordinaire" in page.text
    form = agent.form("Appeler par le service")
    await present(colleague)
    token = colleague.form("Garder ce téléphone").fields["jeton"]
    answer = await colleague.client.post(form.action, data={"jeton": token})
    assert answer.status_code == 404
    assert phone.asked == []


async def test_without_a_telephone_account_the_link_is_all_there_is(migrated: Path, tmp_path: Path) -> None:
    async with desk_service(migrated, tmp_path) as desk:
        await desk.account(AGENT)
        await promise(desk)
        agent = Staff(desk)
        async with agent.client:
            await agent.sign_in(AGENT)
            page = await agent.get("/desk")
            assert 'name="ligne"' not in page.html
            page = await agent.press("Rappeler")
            assert f'href="tel:{MOBILE.reveal()}"' in page.html
            assert "par le service" not in page.text


@pytest.fixture
async def supervisor(desk: DeskService, phone: Phone) -> AsyncIterator[Staff]:
    """Somebody who may listen, where it is switched on and two people talk."""
    phone.listening = True
    phone.going_on = [Talk("CA1", desk.clock.now() - timedelta(minutes=3))]
    await desk.account(SUPERVISOR, Role.SUPERVISOR)
    someone = Staff(desk, "203.0.113.11")
    async with someone.client:
        await someone.sign_in(SUPERVISOR)
        yield someone


async def test_a_supervisor_listens_and_it_is_journaled_first(
    supervisor: Staff, desk: DeskService, phone: Phone
) -> None:
    await present(supervisor)
    page = await supervisor.get("/desk")
    assert "L'écoute est activée" in page.text
    page = await supervisor.get("/desk/ecoute")
    assert "En communication depuis 3 min" in page.text
    phone.answer = Answer.FAILED
    assert "L'opérateur ne répond pas." in (await supervisor.press("Écouter")).text
    assert await reasons(desk) == ["écoute d'un appel"]
    phone.answer = Answer.DONE
    assert "Appuyez sur une touche pour écouter." in (await supervisor.press("Écouter")).text
    assert phone.asked[-1] == ("listen", "+33612340000")


async def test_a_caller_who_refuses_is_not_listened_to_any_more(
    agent: Staff, supervisor: Staff, desk: DeskService, phone: Phone
) -> None:
    await desk.waits("CA1")
    await present(agent)
    await agent.press("Prendre")
    await present(supervisor)
    await supervisor.get("/desk/ecoute")
    page = await agent.press("Sans écoute")
    assert "C'est noté : personne n'écoute cet appel." in page.text
    assert phone.asked[-1] == ("stop listening", "CA1")
    assert "L'appelant ne veut pas être écouté." in (await supervisor.press("Écouter")).text
    assert "Aucun appel en ce moment." in supervisor.page.text
    assert "écoute d'un appel" not in await reasons(desk)


@pytest.mark.parametrize(
    ("going_on", "sentence"), [((), "Cet appel est terminé."), (None, "L'opérateur ne répond pas.")]
)
async def test_a_talk_that_is_over_or_unknown_rings_nobody(
    supervisor: Staff, desk: DeskService, phone: Phone, going_on: Sequence[Talk] | None, sentence: str
) -> None:
    await present(supervisor)
    await supervisor.get("/desk/ecoute")
    phone.going_on = going_on
    assert sentence in (await supervisor.press("Écouter")).text
    assert phone.asked == []


async def test_who_may_not_listen_does_not_and_off_is_off(agent: Staff, supervisor: Staff, phone: Phone) -> None:
    assert (await agent.get("/desk/ecoute")).status == 403
    assert "/desk/ecoute" not in (await agent.get("/desk")).html
    await present(supervisor)
    await supervisor.get("/desk/ecoute")
    phone.listening = False
    assert "L'écoute n'est pas activée." in (await supervisor.press("Écouter")).text
    assert "écoute" not in (await agent.get("/desk")).text
    assert phone.asked == []


async def _account(desk: DeskService, login: str = AGENT) -> str:
    async with desk.storage.staff.reading() as reads:
        known = await reads.of_login(Login(login))
    assert known is not None
    return known.account.id
