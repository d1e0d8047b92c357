"""The number at Twilio, set up to ring us: which addresses it must call, what differs, and the difference written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from callbot.settings import Twilio
from callbot.telephony.rest import TwilioFailedError, ask, make_client

TRIED_AGAIN = "#rc=2&rp=ct,rt"
"""two more tries on a connection or a read that timed out, before the fallback (Twilio's "connection overrides")"""


class SetUpError(Exception):
    """Nothing was changed, or not all of it; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of the number or of the messaging service that is not as it must be."""

    where: str
    field: str
    is_now: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be set up. ``public_url``: where Twilio reaches us; ``fallback_url``: the document for when it does
    not; ``service``: name of a messaging service that the number belongs to, empty for none."""

    number: str
    public_url: str
    fallback_url: str
    service: str = ""

    def problem(self) -> str:
        """Why this cannot be set up; empty when it can."""
        for name, url in (("CALLBOT_SERVER__PUBLIC_URL", self.public_url), ("--fallback-url", self.fallback_url)):
            if urlsplit(url).scheme != "https" or not urlsplit(url).hostname:
                return f"{name} must be an https address"
        if urlsplit(self.public_url).hostname == urlsplit(self.fallback_url).hostname:
            return "--fallback-url must be elsewhere than the service: it is asked for when the service is down"
        if not self.number.startswith("+"):
            return "--number must be written as +33..."
        return ""

    def of_the_number(self) -> dict[str, str]:
        """Fields of the number, as Twilio's library names them."""
        base = self.public_url.rstrip("/")
        return {
            "voice_url": f"{base}/voice/incoming{TRIED_AGAIN}",
            "voice_method": "POST",
            "voice_fallback_url": self.fallback_url,
            "voice_fallback_method": "GET",
            "status_callback": f"{base}/voice/status",
            "status_callback_method": "POST",
            "sms_url": f"{base}/sms/incoming",
            "sms_method": "POST",
            # An application or a trunk would be asked instead of these addresses.
            "voice_application_sid": "",
            "sms_application_sid": "",
            "trunk_sid": "",
        }

    def of_the_service(self) -> dict[str, bool]:
        """Fields of the messaging service: messages that come in go where those of the number go."""
        return {"use_inbound_webhook_on_number": True, "smart_encoding": False}


@dataclass(frozen=True, slots=True)
class Found:
    """How it is at Twilio. ``service_sid``: empty where there is no service of that name; ``attached``: it has the
    number."""

    number_sid: str
    number: Mapping[str, str]
    service_sid: str = ""
    service: Mapping[str, bool] | None = None
    attached: bool = False


def changes(wish: Wish, found: Found) -> list[Change]:
    """What must be written so that it is as wished, in the order in which it is."""
    fields = wish.of_the_number()
    needed = [
        Change("number", name, found.number.get(name, ""), value)
        for name, value in fields.items()
        if found.number.get(name, "") != value
    ]
    if not wish.service:
        return needed
    has = found.service or {}
    if not found.service_sid:
        needed.append(Change("messaging service", "name", "", wish.service))
    needed += [
        Change("messaging service", name, str(has.get(name, "")), str(value))
        for name, value in wish.of_the_service().items()
        if has.get(name) is not value
    ]
    if not found.attached:
        needed.append(Change("messaging service", "number", "", wish.number))
    return needed


class Looks(Protocol):
    """The account, looked at and written."""

    async def look(self, wish: Wish) -> Found:
        """How it is now; raises ``SetUpError``, ``TwilioFailedError``."""

    async def write(self, wish: Wish, found: Found, needed: list[Change]) -> None:
        """Make the changes; done again, they change nothing. Raises ``TwilioFailedError``."""


async def set_up(account: Looks, wish: Wish, *, dry_run: bool) -> tuple[list[Change], Found]:
    """The changes that were needed (made unless ``dry_run``) and how it is now; raises ``SetUpError``."""
    problem = wish.problem()
    if problem:
        raise SetUpError(problem)
    try:
        found = await account.look(wish)
        needed = changes(wish, found)
        if dry_run or not needed:
            return needed, found
        await account.write(wish, found, needed)
        found = await account.look(wish)
    except TwilioFailedError as failure:
        raise SetUpError(f"{failure}: nothing, or not everything, was changed; run it again") from None
    left = changes(wish, found)
    if left:
        raise SetUpError(f"Twilio kept its own value of {', '.join(f'{one.where} {one.field}' for one in left)}")
    return needed, found


class TwilioAccount:
    """Conforms to ``Looks`` through Twilio's library."""

    def __init__(self, twilio: Twilio) -> None:
        self._client = make_client(twilio)

    async def look(self, wish: Wish) -> Found:
        """The number of the account and the service of that name; a number that is not there is no number of ours."""
        client = self._client
        numbers = await ask(lambda: client.incoming_phone_numbers.list(phone_number=wish.number, limit=2))
        if not numbers:
            raise SetUpError("this account has no such number: buy or port it first (French numbers need a dossier)")
        number = {name: str(getattr(numbers[0], name) or "") for name in wish.of_the_number()}
        sid = str(numbers[0].sid)
        if not wish.service:
            return Found(sid, number)
        services = await ask(lambda: client.messaging.v1.services.list(limit=200))
        same = [one for one in services if one.friendly_name == wish.service]
        if not same:
            return Found(sid, number)
        service = {name: bool(getattr(same[0], name)) for name in wish.of_the_service()}
        members = await ask(lambda: client.messaging.v1.services(same[0].sid).phone_numbers.list(limit=400))
        return Found(sid, number, str(same[0].sid), service, any(str(one.sid) == sid for one in members))

    async def write(self, wish: Wish, found: Found, needed: list[Change]) -> None:
        """The number first: from then on calls arrive."""
        client = self._client
        fields = {one.field: one.becomes for one in needed if one.where == "number"}
        if fields:
            await ask(lambda: client.incoming_phone_numbers(found.number_sid).update(**fields))
        if not any(one.where == "messaging service" for one in needed):
            return
        wanted = wish.of_the_service()
        service = found.service_sid
        if service:
            await ask(lambda: client.messaging.v1.services(service).update(**wanted))
        else:
            made = await ask(lambda: client.messaging.v1.services.create(friendly_name=wish.service, **wanted))
            service = str(made.sid)
        if not found.attached:
            await ask(
                lambda: client.messaging.v1.services(service).phone_numbers.create(phone_number_sid=found.number_sid)
            )
