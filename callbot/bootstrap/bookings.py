"""Bookings wired: the desk, its messages, the pages of residents and crews, the door for request systems."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

from callbot.booking import BookingDesk
from callbot.booking.announcements import Announcements
from callbot.booking.completing import Completing
from callbot.booking.crew import CrewDesk
from callbot.booking.looking import Looking
from callbot.bootstrap.facts import Facts
from callbot.calls.conversation import Services
from callbot.documents import pickup_ics
from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.bookings import Booking, BookingStatus
from callbot.domain.clock import Clock
from callbot.domain.geography import Point
from callbot.domain.notices import MessageChannel
from callbot.gazetteer import Gazetteer
from callbot.gazetteer.geocoders import finder_for
from callbot.gazetteer.readings import read_address
from callbot.knowledge import KnowledgeBase
from callbot.messages.console import ConsoleSender, Show
from callbot.messages.email import SmtpSender
from callbot.messages.ports import Sender
from callbot.messages.stop import RespectsStop
from callbot.messages.texts import BookingTexts
from callbot.messages.webhooks import webhook_sender
from callbot.open311 import Open311Deps
from callbot.settings import Settings
from callbot.storage import Storage
from callbot.telephony.sms import TwilioSender
from callbot.telephony.texting import StopAnswers
from callbot.telephony.voice_messages import TwilioCaller
from callbot.web.resident.router import ResidentDeps
from callbot.web.resident.words import written_items


def message_templates(knowledge: KnowledgeBase) -> dict[str, str]:
    """The texts of the messages to residents, by name."""
    return {name: message.text for name, message in knowledge.messages.items()}


def notice_writer(settings: Settings, knowledge: KnowledgeBase) -> BookingTexts:
    """Writes what residents are told of their bookings."""
    reasons = {why: reason.text for why, reason in knowledge.reasons.items()}
    return BookingTexts(message_templates(knowledge), knowledge.catalogue, settings.server.public_url, reasons=reasons)


def booking_desk(settings: Settings, knowledge: KnowledgeBase, storage: Storage, clock: Clock) -> BookingDesk:
    """The one desk behind calls, pages, commands and the request system."""
    return BookingDesk(
        storage.unit_of_work,
        knowledge,
        clock,
        notice_writer(settings, knowledge),
        hold_for=timedelta(minutes=settings.calls.hold_minutes),
        announcements=Announcements(wanted=bool(settings.outwards.webhook_url)),
    )


def senders(settings: Settings, storage: Storage, clock: Clock, show: Show) -> dict[MessageChannel, Sender]:
    """Who gets out what. SMS by Twilio when an account is configured, by the console and the database otherwise."""
    sms: Sender = ConsoleSender(storage.shown_sms, show, clock)
    if settings.twilio.configured:
        sms = TwilioSender(settings.twilio, settings.server.public_url, storage.outbox)
    found: dict[MessageChannel, Sender] = {MessageChannel.SMS: RespectsStop(sms, storage.opt_outs, clock)}
    if not settings.twilio.configured:
        found[MessageChannel.VOICE] = sms
    elif settings.twilio.can_ring:
        found[MessageChannel.VOICE] = TwilioCaller(settings.twilio, clock, storage.outbox, settings.server.public_url)
    if settings.email.host:
        found[MessageChannel.EMAIL] = SmtpSender(settings.email, clock)
    outwards = settings.outwards
    if outwards.webhook_url:
        secret = outwards.webhook_secret.get_secret_value()
        found[MessageChannel.WEBHOOK] = webhook_sender(outwards.webhook_url, secret, clock)
    return found


def channels_without_sender(settings: Settings) -> frozenset[MessageChannel]:
    """Channels by which nothing leaves with these settings (see ``senders``): what is queued for them waits."""
    there = {
        MessageChannel.SMS: True,
        MessageChannel.VOICE: settings.twilio.can_ring,
        MessageChannel.EMAIL: bool(settings.email.host),
        MessageChannel.WEBHOOK: bool(settings.outwards.webhook_url),
    }
    return frozenset(channel for channel in MessageChannel if not there[channel])


def stop_answers(settings: Settings, knowledge: KnowledgeBase) -> StopAnswers:
    """What we answer to STOP and START where Twilio does not."""
    texts = message_templates(knowledge)
    return StopAnswers(texts["stopped"], texts["started"], settings.twilio.answers_stop)


def resident_deps(settings: Settings, facts: Facts, storage: Storage, clock: Clock) -> ResidentDeps:
    """What the page of a booking needs."""
    return ResidentDeps(
        bookings=storage,
        desk=booking_desk(settings, facts.knowledge, storage, clock),
        completing=Completing(storage.unit_of_work, clock),
        looking=Looking(storage.unit_of_work, facts.knowledge, clock),
        addresses=finder_for(settings.gazetteer, facts.gazetteer),
        communes=sorted(facts.gazetteer.communes, key=lambda commune: (commune.arrondissement or 0, commune.name)),
        catalogue=facts.knowledge.catalogue,
        clock=clock,
        calendar=partial(_calendar_file, facts.knowledge, clock),
        days_after=settings.links.days_after,
        opinions=storage.satisfaction if settings.calls.ask_satisfaction else None,
        public_url=settings.server.public_url,
    )


def _calendar_file(knowledge: KnowledgeBase, clock: Clock, booking: Booking) -> bytes:
    """The calendar file of a booking as it is now; one made later replaces one made before."""
    territory = knowledge.territory_of(booking.address.insee, booking.day)
    now = clock.now()
    return pickup_ics(
        booking,
        written_items(booking.items, knowledge.catalogue),
        territory.put_out if territory else None,
        sequence=int((now - booking.created_at).total_seconds()),
        cancelled=booking.status is BookingStatus.CANCELLED,
        made_at=now,
    )


def crew_desk(settings: Settings, knowledge: KnowledgeBase, storage: Storage, clock: Clock) -> CrewDesk:
    """What crews see and enter."""
    sectors = {sector.id: sector.name for rules in knowledge.territories for sector in rules.sectors}
    return CrewDesk(storage, booking_desk(settings, knowledge, storage, clock), knowledge.catalogue, sectors)


class _WrittenPlaces:
    """The address base for partners, who write."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    async def find(self, text: str) -> tuple[AddressCandidate, ...]:
        """Candidates for an address in one line, best first."""
        return await self._gazetteer.find(read_address(text, self._gazetteer.communes), ())

    async def nearest(self, point: Point) -> StreetAddress | None:
        """The address nearest to a point."""
        return await asyncio.to_thread(self._gazetteer.nearest, point)


def open311_deps(settings: Settings, facts: Facts, services: Services, storage: Storage) -> Open311Deps:
    """The ports of the door for request systems."""
    outwards = settings.outwards
    return Open311Deps(
        desk=booking_desk(settings, facts.knowledge, storage, services.clock),
        people=services.people,
        stored=storage,
        places=_WrittenPlaces(facts.gazetteer),
        rules=facts.knowledge,
        clock=services.clock,
        jurisdiction=outwards.jurisdiction,
        api_keys={name: key.get_secret_value() for name, key in outwards.api_keys.items()},
        public_url=settings.server.public_url,
    )
