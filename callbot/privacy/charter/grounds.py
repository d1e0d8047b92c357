"""What the checks judge: plain facts about the code, the settings, the knowledge base, the database and measurements.

Facts only, no verdicts: ``bootstrap`` gathers them, and a test puts in others to see which commitment turns red.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from callbot.privacy.charter.evidence import Kept, Kind


@dataclass(frozen=True, slots=True)
class Said:
    """A prompt the dialogue gave when it was asked. ``question``: it waits for an answer."""

    act: str
    text: str
    question: bool
    interruptible: bool


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """What the program does when it is tried. ``openings``: first prompts by channel; ``ladder``: the question that
    follows each of three misunderstandings in a row, after the question itself."""

    openings: Mapping[str, tuple[Said, ...]]
    ladder: tuple[Said, ...]
    components: tuple[str, ...]
    """names of the installed packages, small letters"""
    figure_parts: tuple[str, ...]
    """by what figures are cut and what they keep of a call"""


@dataclass(frozen=True, slots=True)
class KnowledgeFacts:
    """Names of entries that lack something; empty where none does."""

    entries: int
    samples: int
    unsourced: tuple[str, ...] = ()
    refused_without_way: tuple[str, ...] = ()
    """refused or doubtful items that name nothing else to do"""
    items: int = 0
    unexplained: tuple[str, ...] = ()
    """rules that decide about bookings and cannot be told with id, source and version"""


@dataclass(frozen=True, slots=True)
class ConfigurationFacts:
    """The settings in force, as far as promises rest on them."""

    asks_name: bool
    model: str
    engine: str
    outside_ai: tuple[str, ...] = ()
    """services of artificial intelligence outside this machine that hear or judge calls as a rule"""
    carrier_hears_when_broken: bool = False
    """the telephone company's recogniser goes on with a call whose stream or ears failed"""
    sounds_kept: tuple[str, ...] = ()
    """sound files in the data folder that are neither our voice nor a simulated caller"""
    weak_keys: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)
    """days a table may keep a row, by table"""


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Days from a booking to its pickup."""

    bookings: int
    mean_days: float


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What the database says. Counts and names only."""

    columns: Mapping[str, tuple[str, ...]]
    unguarded: tuple[str, ...] = ()
    """tables that should refuse changes and do not"""
    missing_constraints: tuple[str, ...] = ()
    foreign_statuses: tuple[str, ...] = ()
    """states of bookings that no booking may have, like a refusal"""
    unread_bookings: int = 0
    bookings: int = 0
    calls_read: int = 0
    unannounced: int = 0
    """calls read in which something was asked or heard before the machine had said that it is one"""
    calls: int = 0
    turn_by_turn: int = 0
    asked: int = 0
    asked_in_vain: int = 0
    """a person was asked for, the caller stayed to the end, and there was neither a person nor a call-back"""
    dead_lines: int = 0
    """telephone calls that broke and were neither given to a person nor called back"""
    oldest: Mapping[str, datetime] = field(default_factory=dict)
    """by table"""
    last_purge: datetime | None = None
    journal_entries: int = 0
    journal_holds: bool | None = None
    readable: tuple[str, ...] = ()
    """sealed columns in which a value can be read without a key"""
    lead_times: Mapping[str, LeadTime] = field(default_factory=dict)
    """by who booked: bot, agent, resident"""
    first_day: date | None = None
    """of the figures"""
    signed_month: str = ""
    """the latest one made public, "2026-11" """
    last_exercise: datetime | None = None
    """of sending all calls to people"""


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """The public page: headings without text, and whether it shows the configuration that runs."""

    empty: tuple[str, ...]
    shown_checksum: str
    running_checksum: str
    undocumented: tuple[str, ...] = ()
    """columns of the database without an entry in the data dictionary"""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Everything. ``database`` None: there is none yet."""

    now: datetime
    code: CodeFacts
    knowledge: KnowledgeFacts
    configuration: ConfigurationFacts
    register: RegisterFacts
    database: DatabaseFacts | None = None
    evidence: Mapping[Kind, Kept] = field(default_factory=dict)
