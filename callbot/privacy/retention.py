"""How long each kind of personal data is kept, in which tables it is, and from when it counts.

Every table is named here or among those without a person; a test fails for one that is in neither list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from callbot.settings import Retention


class Kind(StrEnum):
    """Kinds of personal data."""

    SOUND = "sound"
    PROVIDER_COPIES = "provider_copies"
    TRANSCRIPTS = "transcripts"
    MASKED = "masked"
    BOOKINGS = "bookings"
    ERASED_AFTER_PICKUP = "erased_after_pickup"
    PHOTOS = "photos"
    MESSAGES = "messages"
    CALL_BACKS = "call_backs"
    NOTES = "notes"
    REPORTS = "reports"
    JOURNAL = "journal"
    SIGN_INS = "sign_ins"
    ACCOUNTS = "accounts"
    CASES = "cases"
    DATA_REQUESTS = "data_requests"
    DATA_CODES = "data_codes"


@dataclass(frozen=True, slots=True)
class Rule:
    """``days`` after what ``counted_from`` says, data of this kind is gone. In French: the register shows it."""

    kind: Kind
    days: int
    tables: tuple[str, ...]
    data: str
    counted_from: str

    def limit(self, now: datetime) -> datetime:
        """What is older than this is gone. In UTC: days of the métropole are 23 or 25 hours long twice a year."""
        return now.astimezone(UTC) - timedelta(days=self.days)


def rules(kept: Retention) -> tuple[Rule, ...]:
    """The table of retention under these settings, in the order in which things are removed.

    What the phone company keeps is noted first: its ids are in rows that go afterwards.
    """
    return (*_conversations(kept), *_bookings(kept), *_papers(kept))


def _conversations(kept: Retention) -> tuple[Rule, ...]:
    """Calls and what is left of them."""
    return (
        Rule(Kind.SOUND, 0, (), "la voix", "jamais enregistrée : elle ne quitte pas la mémoire"),
        Rule(
            Kind.PROVIDER_COPIES, kept.provider_days, ("provider_copies",),
            "les copies chez l'opérateur : journaux d'appels, SMS", "la fin de l'appel ou l'envoi",
        ),
        Rule(
            Kind.TRANSCRIPTS, kept.transcripts_days, ("call_events", "calls", "call_facts", "satisfaction"),
            "les conversations en clair (chiffrées) et l'index du numéro appelant", "la fin de la conversation",
        ),
        Rule(
            Kind.MASKED, kept.masked_days,
            ("review_calls", "review_lines", "review_words", "review_annotations", "hand_overs", "hook_cursors",
             "hook_set_aside"),
            "les conversations masquées, leurs annotations et leurs transferts", "la fin de la conversation",
        ),
    )  # fmt: skip


def _bookings(kept: Retention) -> tuple[Rule, ...]:
    """Pickups and what is sent about them."""
    return (
        Rule(
            Kind.BOOKINGS, kept.bookings_days, ("bookings", "booking_items", "booking_changes"),
            "les rendez-vous", "le jour de l'enlèvement",
        ),
        Rule(
            Kind.ERASED_AFTER_PICKUP, 0, ("pending_erasures",),
            "les rendez-vous de personnes effacées, gardés pour l'enlèvement seul", "le jour de l'enlèvement",
        ),
        Rule(Kind.PHOTOS, kept.photos_days, ("booking_photos",), "les photos", "le jour de l'enlèvement"),
        Rule(Kind.MESSAGES, kept.messages_days, ("outbox", "sms_shown"), "les messages envoyés", "leur création"),
        Rule(Kind.CALL_BACKS, kept.call_backs_days, ("call_backs",), "les rappels promis", "la fin du créneau promis"),
        Rule(Kind.NOTES, kept.notes_days, ("hand_overs",), "les notes des agents", "le transfert"),
        Rule(Kind.REPORTS, kept.reports_days, ("reports",), "les signalements et réclamations", "leur création"),
    )  # fmt: skip


def _papers(kept: Retention) -> tuple[Rule, ...]:
    """Who did what here, and what people asked about their data."""
    return (
        Rule(
            Kind.JOURNAL, kept.journal_days, ("journal", "period_keys", "reveal_journal"),
            "le journal des accès : qui a vu quoi et pourquoi", "la fin du mois de l'accès",
        ),
        Rule(
            Kind.SIGN_INS, kept.sign_ins_days, ("sign_in_attempts", "staff_sessions"),
            "les connexions d'agents et leurs essais", "la connexion",
        ),
        Rule(
            Kind.ACCOUNTS, kept.accounts_days, ("accounts", "agent_presence", "recovery_codes"),
            "les comptes d'agents", "la fermeture du compte",
        ),
        Rule(
            Kind.CASES, kept.masked_days, (),
            "les conversations gardées en fichiers chiffrés pour corriger les erreurs", "leur création",
        ),
        Rule(
            Kind.DATA_REQUESTS, kept.data_requests_days, ("data_requests",),
            "les demandes de personnes sur leurs données", "la fin de la demande",
        ),
        Rule(
            Kind.DATA_CODES, 1, ("data_codes", "outbox"),
            "les codes envoyés par SMS pour une demande, et ces SMS", "leur envoi",
        ),
    )  # fmt: skip


UNTIL_TAKEN_BACK: Mapping[str, str] = MappingProxyType(
    {
        "data_limits": "a limitation or an objection holds until it is taken back or the person is erased; an index",
        "opt_outs": "an objection (STOP) holds until it is taken back or the person is erased; an index, no number",
    }
)
"""tables with a person whose data has no limit, and why"""

WITHOUT_PERSON: Mapping[str, str] = MappingProxyType(
    {
        "arrivals": "that a call came, and when",
        "call_days": "sums",
        "chore_leases": "which process does what",
        "hooks": "who reads the events beside the service, and since when",
        "holds": "a place kept for minutes, by the id of a call",
        "journal_head": "where the chain ends",
        "knowledge_proposals": "texts of the knowledge base; staff by the id of their account",
        "knowledge_rehearsals": "what rehearsals of proposals gave",
        "knowledge_versions": "texts of the knowledge base; staff by the id of their account",
        "pickup_days": "places of days",
        "retention_reports": "counts",
        "retention_runs": "when something was removed, and why",
        "service_switches": "when the line was sent to people; staff by the id of their account",
        "signed_months": "figures; staff by the id of their account",
        "used_tickets": "hashes of random tokens that lived for a minute",
    }
)
"""tables nobody can be found in, and why"""


def listed_tables(kept: Retention) -> frozenset[str]:
    """Every table that this module answers for."""
    named = {table for rule in rules(kept) for table in rule.tables}
    return frozenset(named | WITHOUT_PERSON.keys() | UNTIL_TAKEN_BACK.keys())
