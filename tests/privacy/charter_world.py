"""Facts under which every promise is kept, for tests that break one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from callbot.privacy.charter import Kept, Kind
from callbot.privacy.charter.grounds import (
    CodeFacts,
    ConfigurationFacts,
    DatabaseFacts,
    Grounds,
    KnowledgeFacts,
    LeadTime,
    RegisterFacts,
    Said,
)

NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
NOTICE = Said("notice", "Ici l'assistant automatique, une intelligence artificielle.", False, False)
SCENARIOS = (
    "person_by_word_at_need", "key_zero_at_recap", "asks_for_human", "closed_hours_anonymous", "silent_at_address",
    "refused_item", "refuses_at_the_recap", "nobody_knows", "how_much", "cut_off_and_calls_again",
)  # fmt: skip


def rehearsal(*failed: str) -> Kept:
    rows = [{"name": name, "runs": 4, "passed": 4 - (name in failed), "outcome": "booked"} for name in SCENARIOS]
    return Kept(NOW - timedelta(days=1), {"scenarios": rows})


def kept_grounds() -> Grounds:
    asked = [Said(act, f"{act} {number} ?", True, True) for number, act in enumerate(("ask_need",) * 3)]
    return Grounds(
        now=NOW,
        code=CodeFacts(
            openings=dict.fromkeys(("phone", "turns", "text", "sms"), (NOTICE, asked[0])),
            ladder=(*asked, Said("offer_human", "Une personne ?", True, True)),
            components=("fastapi", "faster-whisper"),
            figure_parts=("hour", "day", "territory"),
        ),
        knowledge=KnowledgeFacts(entries=3, samples=0, items=2),
        configuration=ConfigurationFacts(False, "base", "faster-whisper", limits={"calls": 30}),
        register=RegisterFacts((), "aa", "aa"),
        database=DatabaseFacts(
            columns={"bookings": ("reference",)},
            bookings=80,
            calls_read=90,
            calls=90,
            asked=4,
            oldest={"calls": NOW - timedelta(days=29)},
            last_purge=NOW - timedelta(hours=3),
            journal_entries=2,
            journal_holds=True,
            lead_times={"bot": LeadTime(40, 6.0), "agent": LeadTime(40, 6.5)},
            first_day=date(2026, 11, 1),
            signed_month="2027-01",
            last_exercise=NOW - timedelta(days=40),
        ),
        evidence={
            Kind.REHEARSAL_TEXT: rehearsal(),
            Kind.REHEARSAL_SOUND: rehearsal(),
            Kind.QUESTIONS: Kept(NOW, {"asked": 60, "beside": 1}),
            Kind.EQUITY: Kept(NOW, {"groups": {"femmes": {"success": 0.94}, "hommes": {"success": 0.91}}}),
            Kind.SOBRIETY: Kept(NOW, {"cpu_s": 20.0, "budget_cpu_s": 60.0}),
            Kind.MASKING: Kept(
                NOW,
                {"sentences": 354, "secrets": 318, "hidden": 312, "words_hidden": 800, "words_hidden_rightly": 776},
            ),
            Kind.CITIZENS: Kept(NOW, {"held_on": "2027-02-01", "remarks": 5, "answered": 5}),
        },
    )
