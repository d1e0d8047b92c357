"""The agents' desk, wired."""

from __future__ import annotations

import time

from callbot.booking.looking import Looking
from callbot.bootstrap.bookings import booking_desk
from callbot.bootstrap.facts import Facts
from callbot.desk import AgentDesk, LineRules, LiveCalls, Switchboard
from callbot.dialogue.state import World
from callbot.domain.clock import Clock
from callbot.domain.meaning import Expectation
from callbot.domain.personal import PhoneNumber
from callbot.editing.switch import CachedSwitch
from callbot.gazetteer.geocoders import finder_for
from callbot.knowledge.finding import Finder
from callbot.settings import Settings
from callbot.storage import Storage
from callbot.telephony.switchboard import TwilioSwitchboard
from callbot.web.desk.ports import ReadsPhones
from callbot.web.desk.router import DeskDeps
from callbot.web.scripts import Scripts
from callbot.web.staff.router import StaffDeps, staff_guard


def desk_deps(settings: Settings, facts: Facts, storage: Storage, world: World, staff: StaffDeps) -> DeskDeps:
    """What the pages of agents need. Blocking: scripts are read."""
    clock = staff.clock
    live = LiveCalls(storage.events, world, clock)
    desk = AgentDesk(storage.desk_work, live, storage, storage.reveals, clock)
    twilio = settings.twilio
    rules = LineRules(twilio.sip_domains, {twilio.sender, twilio.agents_number})
    phone = rings_people(settings)
    return DeskDeps(
        desk=desk,
        switchboard=Switchboard(
            desk, storage.desk_work, storage.agent_lines, storage.reveals, phone=phone, rules=rules
        ),
        live=live,
        booking=booking_desk(settings, facts.knowledge, storage, clock),
        looking=Looking(storage.unit_of_work, facts.knowledge, clock),
        addresses=finder_for(settings.gazetteer, facts.gazetteer),
        phones=reads_phones(facts, clock),
        knowledge=Finder(facts.knowledge),
        errors=storage.annotations,
        told=storage.events,
        communes=sorted(facts.gazetteer.communes, key=lambda commune: (commune.arrondissement or 0, commune.name)),
        catalogue=facts.knowledge.catalogue,
        clock=clock,
        guard=staff_guard(staff),
        theme=staff.theme,
        scripts=Scripts.read(settings.data_dir),
        switched=CachedSwitch(storage.switches, time.monotonic).to_people,
    )


def rings_people(settings: Settings) -> TwilioSwitchboard | None:
    """The phone company, where it can ring people for the desk: an account, a number to show, a public address."""
    twilio, public_url = settings.twilio, settings.server.public_url
    if not (twilio.configured and twilio.can_ring and public_url):
        return None
    return TwilioSwitchboard(twilio, public_url)


def reads_phones(facts: Facts, clock: Clock) -> ReadsPhones:
    """Numbers as people write or say them."""

    def read(text: str) -> PhoneNumber | None:
        found = facts.understander.understand(text, Expectation.PHONE, today=clock.now().date()).phone
        return PhoneNumber(found) if found else None

    return read
