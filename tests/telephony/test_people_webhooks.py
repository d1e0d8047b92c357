"""The way to a person: context for the agent, a wait that ends, a call-back that is stored before it is promised."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from callbot.domain.events import CallAnswered, Ended, EndReason, HandedBack, HandedOver, HandOverReason
from callbot.domain.personal import PhoneNumber
from callbot.telephony import people
from callbot.telephony.people import (
    JOINED_SENTENCE,
    KEPT_SENTENCE,
    LONGEST_WAIT_S,
    NOBODY_FREE_SENTENCE,
    UNKNOWN_SUMMARY,
    WAITING_SENTENCE,
)
from tests.telephony.fakes import CALL
from tests.telephony.turn_bench import AGENTS, CALLER, PUBLIC, WINDOW, Bench, spoken, verbs

HANDED = (CallAnswered(None), HandedOver(HandOverReason.ITEM_DOUBT), Ended(EndReason.HANDED_OVER))
BACK = "Personne n'est disponible pour le moment. Un conseiller vous rappelle demain, entre 8 heures et 10 heures."


@pytest.fixture
def bench() -> Bench:
    return Bench(lambda _event: [])


async def test_the_agent_is_dialled_and_told_what_it_is_about_first(bench: Bench) -> None:
    await bench.stored(*HANDED)
    answer = await bench.call("/voice/after-stream")
    number = answer.find("Dial/Number")
    assert number is not None
    assert (number.text, number.get("url")) == (AGENTS, f"{PUBLIC}/voice/whisper?call={CALL}")
    whisper = await bench.call(f"/voice/whisper?call={CALL}", CallSid="CAagent")
    assert spoken(whisper) == [bench.desk.text]
    assert bench.desk.noted == [("taken", CALL)]


@pytest.mark.parametrize("query", ["", "?call=", "?call=x", "?call=CA1&more=1", "?other=CA1"])
async def test_an_agent_without_a_call_hears_that_there_is_no_summary(bench: Bench, query: str) -> None:
    assert spoken(await bench.call(f"/voice/whisper{query}")) == [UNKNOWN_SUMMARY]
    assert bench.desk.noted == []


async def test_a_summary_that_fails_does_not_end_the_transfer(bench: Bench) -> None:
    bench.desk.broken = True
    with capture_logs() as logs:
        answer = await bench.call(f"/voice/whisper?call={CALL}")
    assert spoken(answer) == [UNKNOWN_SUMMARY]
    assert CALLER not in str(logs)


async def test_a_summary_that_takes_too_long_is_not_waited_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_call_id: str) -> str:
        await asyncio.Event().wait()
        return "too late"

    monkeypatch.setattr(people, "SUMMARY_LIMIT_S", 0.0)
    monkeypatch.setattr(bench.desk, "summary", never)
    assert spoken(await bench.call(f"/voice/whisper?call={CALL}")) == [UNKNOWN_SUMMARY]


async def test_with_a_queue_the_caller_waits_in_it() -> None:
    bench = Bench(lambda _event: [], queue="conseillers")
    await bench.stored(*HANDED)
    enqueue = (await bench.call("/voice/after-stream")).find("Enqueue")
    assert enqueue is not None
    assert enqueue.text == "conseillers"
    assert enqueue.get("action") == f"{PUBLIC}/voice/after-dial"
    assert enqueue.get("waitUrl") == f"{PUBLIC}/voice/wait"


@pytest.mark.parametrize(
    ("waited", "verb"),
    [("0", "Say"), (str(LONGEST_WAIT_S - 1), "Say"), (str(LONGEST_WAIT_S), "Leave"), ("", "Say"), ("long", "Say")],
)
async def test_the_wait_is_told_and_ends(bench: Bench, waited: str, verb: str) -> None:
    answer = await bench.call("/voice/wait", QueueTime=waited)
    assert verbs(answer)[0] == verb
    assert spoken(answer) == ([WAITING_SENTENCE] if verb == "Say" else [])


async def test_who_is_taken_out_of_the_queue_is_told_so_and_no_longer_waits(bench: Bench) -> None:
    assert spoken(await bench.call("/voice/joined")) == [JOINED_SENTENCE]
    assert bench.desk.noted == [("taken", CALL)]


@pytest.mark.parametrize(
    "form", [{"DialCallStatus": "no-answer"}, {"DialCallStatus": "busy"}, {"QueueResult": "leave"}]
)
async def test_nobody_answered_so_a_person_calls_back_in_the_window_that_was_stored(
    bench: Bench, form: dict[str, str]
) -> None:
    await bench.stored(*HANDED)
    answer = await bench.call("/voice/after-dial", CallStatus="in-progress", **form)
    assert verbs(answer) == ["Say", "Hangup"]
    assert spoken(answer) == [BACK]
    assert bench.desk.kept == [(CALL, PhoneNumber(CALLER), HandOverReason.ITEM_DOUBT)]


async def test_a_call_that_never_was_handed_over_is_called_back_too(bench: Bench) -> None:
    assert spoken(await bench.call("/voice/after-dial", DialCallStatus="failed")) == [BACK]
    assert bench.desk.kept == [(CALL, PhoneNumber(CALLER), HandOverReason.TECHNICAL)]


@pytest.mark.parametrize("handed", [True, False])
@pytest.mark.parametrize("why", ["withheld", "no window", "not stored"])
async def test_without_a_call_back_nothing_is_promised_but_what_is_kept(bench: Bench, handed: bool, why: str) -> None:
    if handed:
        await bench.stored(*HANDED)
    bench.desk.window = None if why == "no window" else WINDOW
    bench.desk.broken = why == "not stored"
    caller = "anonymous" if why == "withheld" else CALLER
    answer = await bench.call("/voice/after-dial", From=caller, DialCallStatus="no-answer")
    told = handed and why != "not stored"
    assert spoken(answer) == [KEPT_SENTENCE if told else NOBODY_FREE_SENTENCE]
    assert bench.desk.noted == ([("unanswered", CALL)] if told else [])
    assert bench.desk.kept == []


async def test_nothing_is_promised_while_the_database_is_gone(bench: Bench) -> None:
    bench.log.broken = True
    assert spoken(await bench.call("/voice/after-dial", DialCallStatus="no-answer")) == [NOBODY_FREE_SENTENCE]
    assert bench.desk.kept == []


@pytest.mark.parametrize(
    ("form", "noted"),
    [
        ({"DialCallStatus": "completed", "CallStatus": "completed"}, "talked"),
        ({"DialCallStatus": "answered"}, "talked"),
        ({"QueueResult": "bridged"}, "talked"),
        ({"DialCallStatus": "canceled", "CallStatus": "completed"}, "left"),
        ({"DialCallStatus": "no-answer", "CallStatus": "canceled"}, "left"),
        ({"QueueResult": "hangup"}, "left"),
    ],
)
async def test_a_transfer_that_is_over_is_noted(bench: Bench, form: dict[str, str], noted: str) -> None:
    await bench.stored(*HANDED)
    assert verbs(await bench.call("/voice/after-dial", **form)) == ["Hangup"]
    assert bench.desk.noted == [(noted, CALL)]
    assert bench.desk.kept == []


@pytest.mark.parametrize(("status", "noted"), [("completed", [("left", CALL)]), ("in-progress", [])])
async def test_who_hangs_up_while_waiting_is_not_rung_for(
    bench: Bench, status: str, noted: list[tuple[str, str]]
) -> None:
    await bench.stored(*HANDED)
    response = await bench.post("/voice/status", CallSid=CALL, CallStatus=status)
    assert response.status_code == 204
    assert bench.desk.noted == noted


async def test_a_queue_that_cannot_be_told_does_not_break_the_call(bench: Bench) -> None:
    await bench.stored(*HANDED)
    bench.desk.broken = True
    with capture_logs() as logs:
        answer = await bench.call("/voice/after-dial", DialCallStatus="completed")
        response = await bench.post("/voice/status", CallSid=CALL, CallStatus="completed")
    assert (verbs(answer), response.status_code) == (["Hangup"], 204)
    assert [entry["event"] for entry in logs] == ["hand_over_not_noted"] * 2
    assert CALLER not in str(logs)


@pytest.mark.parametrize("path", ["/voice/whisper", "/voice/wait", "/voice/joined", "/voice/after-dial"])
async def test_a_wrong_signature_is_refused(bench: Bench, path: str) -> None:
    assert (await bench.post(path, "bm90IGE=", CallSid=CALL)).status_code == 403
    assert bench.desk.noted == []


async def test_a_call_given_back_goes_on_with_the_machine_when_the_agent_hangs_up(bench: Bench) -> None:
    await bench.stored(*HANDED, HandedBack())
    answer = await bench.call("/voice/after-dial", DialCallStatus="completed")
    redirect = answer.find("Redirect")
    assert redirect is not None
    assert redirect.text == f"{PUBLIC}/voice/after-stream"
    assert bench.desk.noted == [("talked", CALL)]
    again = await bench.call("/voice/after-stream", CallStatus="in-progress")
    assert again.find("Connect/Stream") is not None


async def test_a_call_given_back_and_handed_over_again_is_dialled_again(bench: Bench) -> None:
    await bench.stored(*HANDED, HandedBack(), CallAnswered(None, resumed=True), *HANDED[1:])
    assert (await bench.call("/voice/after-stream")).find("Dial/Number") is not None
    assert verbs(await bench.call("/voice/after-dial", DialCallStatus="completed")) == ["Hangup"]


@pytest.mark.parametrize(
    ("given", "lasted"), [("95", timedelta(seconds=95)), ("", None), ("-3", None), ("9" * 9, None), ("٣", None)]
)
async def test_how_long_a_person_talked_is_kept_where_it_is_told(
    bench: Bench, given: str, lasted: timedelta | None
) -> None:
    await bench.call("/voice/after-dial", DialCallStatus="completed", **({"DialCallDuration": given} if given else {}))
    assert bench.desk.lasted == [lasted]
