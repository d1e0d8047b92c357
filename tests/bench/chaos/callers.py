"""Callers and the phone company's side of their calls: webhooks turn by turn, and what it does when nobody answers.

As Twilio does: a connection that fails is tried once more, then, or on an error, or after 15 s, the call goes on with
the fallback document (``deploy/twilio-fallback.xml``), which puts it through to a person.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Final
from xml.etree import ElementTree

import httpx
from sqlalchemy.exc import SQLAlchemyError

from callbot.booking import ConnectionLostError
from callbot.domain.events import Prompted
from callbot.domain.references import LENGTH, parse_reference
from callbot.rehearsal.carrier import SIGNATURE_HEADER, new_sid, signature
from callbot.rehearsal.mind import STATEMENTS, Intention, Leave, Mind, PressKeys, Words
from callbot.rehearsal.scenario import Scenario
from callbot.rehearsal.truth import HeardPrompt
from callbot.storage import Storage
from tests.bench.chaos.twilio import ACCOUNT, SENDER, TOKEN
from tests.deploy.judges import DEPLOY

ANSWERS_WITHIN_S: Final = 15.0
MOST_TURNS: Final = 40
THINKS_S: Final = 0.3
_OBSERVED_WITHIN: Final = 40
"""looks, a quarter of a second apart, for what the database holds: it may just be away"""
FALLBACK: Final = (DEPLOY / "twilio-fallback.xml").read_text(encoding="utf-8")
_STREETS: Final = (("Rue de Rome", "13206"), ("Rue Paradis", "13206"), ("Boulevard Baille", "13205"),
                   ("Boulevard Chave", "13205"), ("Rue Breteuil", "13206"), ("Avenue du Prado", "13208"))  # fmt: skip
_SPELT: Final = re.compile(
    rf"(?:[2-9]|[A-Z] comme [\w-]+)(?:, (?:[2-9]|[A-Z] comme [\w-]+)){{{LENGTH - 1}}}",
)


class End(StrEnum):
    """How a call ended for who rang."""

    WELL = "well"
    """the bot took leave and the pickup is booked"""
    PERSON = "person"
    """the service put the caller through"""
    CALL_BACK = "call_back"
    """out of the agents' hours: a person calls back, and has it in their list"""
    FALLBACK = "fallback"
    """nobody answered: the phone company put the caller through"""
    LOST = "lost"


@dataclass(slots=True)
class Call:
    """What one caller lived through. ``phone``: of nobody, and of no other call."""

    phone: str
    call_id: str = field(default_factory=lambda: new_sid("CA"))
    turns: int = 0
    told: set[str] = field(default_factory=set)
    """references that the caller heard"""
    end: End | None = None
    why: str = ""


def scenario_of(number: int) -> Scenario:
    """The ``number``-th caller: a phone of fiction (ARCEP) and a house of their own, one thing to be taken away."""
    street, insee = _STREETS[number % len(_STREETS)]
    goal = {"street": street, "number": 1 + number // len(_STREETS), "insee": insee, "wants": "un canapé",
            "things": {"canape": 1}, "items": ["canapé"]}  # fmt: skip
    call = {
        "answers": {"offer_call_back": "Oui."},
        "expect": {"booking": {}, "ended": "done", "twiml": "hang_up"},
    }
    return Scenario.model_validate(
        {"name": f"chaos_{number}", "title": "chaos", "channels": "text", "base": "resident", "goal": goal,
         "caller": f"+336399{80_000 + number:05d}", "calls": [call]}
    )  # fmt: skip


def references_in(text: str) -> set[str]:
    """Booking references read out in ``text``."""
    spelt = ("".join(part.strip()[0] for part in found.group().split(",")) for found in _SPELT.finditer(text))
    return {reference for each in spelt if (reference := parse_reference(each))}


@dataclass(slots=True)
class Exchange:
    """All calls go over it: the public address and what was not answered. ``now``: monotonic, in seconds."""

    url: str
    storage: Storage
    now: Callable[[], float]
    client: httpx.AsyncClient
    unanswered: list[float] = field(default_factory=list)
    """moments at which a webhook got no answer and the fallback document took its place"""
    answered: list[float] = field(default_factory=list)

    async def live(self, call: Call, scenario: Scenario, draw: Random) -> Call:
        """One call to its end."""
        caller = _Caller(self, call, Mind(scenario, scenario.calls[0], draw))
        try:
            await caller.live()
        except (httpx.HTTPError, ElementTree.ParseError, KeyError) as failure:
            call.end, call.why = End.LOST, type(failure).__name__
        await self.post(call, "/voice/status", {"CallStatus": "completed", "CallDuration": "60"})
        return call

    async def post(self, call: Call, target: str, more: dict[str, str]) -> str | None:
        """The answer to a webhook; None when there was none in time, or an error."""
        url = target if target.startswith("http") else self.url + target
        form = {"AccountSid": ACCOUNT, "CallSid": call.call_id, "CallStatus": "in-progress", "Direction": "inbound",
                "From": call.phone, "To": SENDER, **more}  # fmt: skip
        headers = {SIGNATURE_HEADER: signature(TOKEN, url, form)}
        for _ in range(2):
            try:
                async with asyncio.timeout(ANSWERS_WITHIN_S):
                    answer = await self.client.post(url, data=form, headers=headers)
            except httpx.ConnectError:
                continue
            except (httpx.TransportError, TimeoutError):
                break
            if answer.is_success:
                self.answered.append(self.now())
                return answer.text
            break
        self.unanswered.append(self.now())
        return None

    async def is_called_back(self, call: Call) -> bool:
        """A person has the call in their list of call-backs."""
        for _ in range(_OBSERVED_WITHIN):
            with suppress(SQLAlchemyError, OSError, ConnectionLostError):
                return any(each.call_id == call.call_id for each in await self.storage.call_backs())
            await asyncio.sleep(0.25)
        return False

    async def asked(self, call: Call, number: int) -> HeardPrompt | None:
        """The question that waits for an answer once prompt ``number`` was said: its act and words."""
        for _ in range(_OBSERVED_WITHIN):
            try:
                events = await self.storage.events.events(call.call_id)
            except (SQLAlchemyError, OSError, ConnectionLostError):
                events = []
            said = [event for event in events if isinstance(event, Prompted) and event.number <= number]
            if said and said[-1].number == number:
                asked = next((event for event in reversed(said) if event.act not in STATEMENTS), said[-1])
                return HeardPrompt(asked.act, asked.number, asked.text)
            await asyncio.sleep(0.25)
        return None


@dataclass(slots=True)
class _Caller:
    exchange: Exchange
    call: Call
    mind: Mind

    async def live(self) -> None:
        target, form = "/voice/incoming", {"CallStatus": "ringing"}
        while self.call.end is None:
            answer = await self.exchange.post(self.call, target, form)
            fell_back = answer is None
            target, form = await self._follow(FALLBACK if answer is None else answer, fell_back=fell_back)

    async def _follow(self, twiml: str, *, fell_back: bool) -> tuple[str, dict[str, str]]:
        """Does what the document says, as far as the next request."""
        for verb in ElementTree.fromstring(twiml):  # noqa: S314 - of the service under test or our own file
            self._hear(verb)
            match verb.tag:
                case "Gather" if "speech" in verb.get("input", ""):
                    return await self._answer(verb.attrib["action"])
                case "Redirect":
                    return verb.text or "", {}
                case "Connect":  # this phone company cannot open streams: it asks what comes after one
                    return verb.attrib["action"], {}
                case "Dial" | "Enqueue":
                    self.call.end = End.FALLBACK if fell_back else End.PERSON
                    return "", {}
                case "Hangup":
                    break
        self.call.end = End.WELL if self.call.told else await self._without_booking()
        return "", {}

    async def _without_booking(self) -> End:
        if await self.exchange.is_called_back(self.call):
            return End.CALL_BACK
        self.call.why = "the line was closed without a booking or a person"
        return End.LOST

    def _hear(self, verb: ElementTree.Element) -> None:
        self.call.told |= references_in(" ".join(verb.itertext()))

    async def _answer(self, action: str) -> tuple[str, dict[str, str]]:
        self.call.turns += 1
        if self.call.turns > MOST_TURNS:
            self.call.end, self.call.why = End.LOST, f"no end after {MOST_TURNS} turns"
            return "", {}
        await asyncio.sleep(THINKS_S)
        asked = await self.exchange.asked(self.call, int(httpx.URL(action).params["n"]))
        return action, _form_of(self.mind.answer(asked.act, asked) if asked else Words(("Allô ?",)))


def _form_of(intention: Intention) -> dict[str, str]:
    match intention:
        case Words():
            return {"SpeechResult": intention.text, "Confidence": "0.9"}
        case PressKeys(keys):
            return {"Digits": keys.rstrip("#")}
        case Leave():
            raise ValueError("callers of a campaign stay on the line")
        case _:
            return {}


def callers_from(first: int) -> Iterator[Scenario]:
    """One caller after the other."""
    while True:
        yield scenario_of(first)
        first += 1
