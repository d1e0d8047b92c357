"""Each promise broken on purpose turns exactly its clause red; each clause has its check and each check its clause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from callbot.privacy.charter import CHECKS, EvidenceFolder, Kept, Kind, Verdict, read_charter, run
from callbot.privacy.charter.grounds import Grounds, LeadTime, Said
from callbot.privacy.charter.running import result_of
from callbot.privacy.charter.text import charter_file
from tests.privacy.charter_world import NOTICE, NOW, kept_grounds, rehearsal

CLAUSES = read_charter(charter_file().read_text(encoding="utf-8"))
Breaks = Callable[[Grounds], Grounds]


def code(**facts: Any) -> Breaks:
    return lambda grounds: replace(grounds, code=replace(grounds.code, **facts))


def knowledge(**facts: Any) -> Breaks:
    return lambda grounds: replace(grounds, knowledge=replace(grounds.knowledge, **facts))


def settings(**facts: Any) -> Breaks:
    return lambda grounds: replace(grounds, configuration=replace(grounds.configuration, **facts))


def database(**facts: Any) -> Breaks:
    def broken(grounds: Grounds) -> Grounds:
        assert grounds.database is not None
        return replace(grounds, database=replace(grounds.database, **facts))

    return broken


def register(**facts: Any) -> Breaks:
    return lambda grounds: replace(grounds, register=replace(grounds.register, **facts))


def evidence(kind: Kind, kept: Kept) -> Breaks:
    return lambda grounds: replace(grounds, evidence={**grounds.evidence, kind: kept})


def masking(**changes: int) -> Kept:
    kept = kept_grounds().evidence[Kind.MASKING]
    return Kept(kept.made_at, {**kept.result, **changes})


def fails(*scenarios: str) -> Breaks:
    """The same scenarios fail by voice and in writing."""

    def broken(grounds: Grounds) -> Grounds:
        failed = rehearsal(*scenarios)
        return replace(
            grounds, evidence={**grounds.evidence, Kind.REHEARSAL_TEXT: failed, Kind.REHEARSAL_SOUND: failed}
        )

    return broken


QUESTION = Said("ask_need", "Que puis-je faire pour vous ?", True, True)
SAME = (QUESTION, QUESTION, QUESTION, Said("offer_human", "Une personne ?", True, True))
NEVER = tuple(Said("ask_need", f"Question {number} ?", True, True) for number in range(4))
OTHER_END = Kept(NOW, {"scenarios": [{**row, "outcome": "handed_over"} for row in rehearsal().result["scenarios"]]})
LONG_AGO = Kept(NOW, {"held_on": "2025-06-01", "remarks": 0, "answered": 0})
GAP = Kept(NOW, {"groups": {"aigu": {"success": 0.95}, "grave": {"success": 0.8}}})
BROKEN: list[tuple[int, str, Breaks]] = [
    (1, "no notice", code(openings={"phone": (QUESTION,), "text": (NOTICE,)})),
    (1, "notice after a question", code(openings={"phone": (QUESTION, NOTICE), "text": (NOTICE,)})),
    (1, "notice can be cut", code(openings={"sms": (replace(NOTICE, interruptible=True),), "text": (NOTICE,)})),
    (1, "real calls without notice", database(unannounced=1)),
    (2, "no person at a step", fails("key_zero_at_recap")),
    (2, "asked in vain", database(asked_in_vain=1)),
    (3, "same words again", code(ladder=SAME)),
    (3, "no person offered", code(ladder=NEVER)),
    (3, "silence not mended", fails("silent_at_address")),
    (4, "no other way", knowledge(refused_without_way=("gravats",))),
    (4, "refused for good", database(foreign_statuses=("refused",))),
    (4, "the database takes refusals", database(missing_constraints=("status",))),
    (5, "not read back", database(unread_bookings=1)),
    (5, "the database does not mind", database(missing_constraints=("read_back",))),
    (6, "a column nobody explains", register(undocumented=("bookings.shoe_size",))),
    (6, "a date of birth", database(columns={"bookings": ("birth_date",)})),
    (7, "sound kept", settings(sounds_kept=("calls/*.wav",))),
    (7, "a voice print", code(components=("speechbrain",))),
    (8, "kept too long", database(oldest={"calls": NOW - timedelta(days=40)})),
    (8, "no purge any more", database(last_purge=NOW - timedelta(days=9))),
    (6, "secrets left in clear", evidence(Kind.MASKING, masking(hidden=311))),
    (6, "hidden for nothing", evidence(Kind.MASKING, masking(words_hidden_rightly=719))),
    (9, "no source", knowledge(unsourced=("question/prix",))),
    (9, "made up in a call", fails("nobody_knows")),
    (9, "answers beside", evidence(Kind.QUESTIONS, Kept(NOW, {"asked": 60, "beside": 4}))),
    (10, "a group behind", evidence(Kind.EQUITY, GAP)),
    (11, "better places", database(lead_times={"bot": LeadTime(40, 9.0), "agent": LeadTime(40, 4.0)})),
    (11, "price not told", fails("how_much")),
    (12, "another end in writing", evidence(Kind.REHEARSAL_SOUND, OTHER_END)),
    (13, "nothing about rights", register(empty=("Vos droits",))),
    (13, "other settings shown", register(shown_checksum="bb")),
    (13, "a rule without a name", knowledge(unexplained=("marseille_provence/limits",))),
    (14, "notes can be rewritten", database(unguarded=("call_events",))),
    (14, "the chain is broken", database(journal_holds=False)),
    (15, "a large model", settings(model="large-v3")),
    (15, "somebody else's ears", settings(outside_ai=("un service extérieur",))),
    (15, "over the budget", evidence(Kind.SOBRIETY, Kept(NOW, {"cpu_s": 90.0, "budget_cpu_s": 60.0}))),
    (15, "often borrowed ears", lambda g: settings(carrier_hears_when_broken=True)(database(turn_by_turn=30)(g))),
    (16, "no month made public", database(signed_month="2026-11")),
    (16, "no exercise", database(last_exercise=NOW - timedelta(days=500))),
    (17, "a figure about an agent", code(figure_parts=("day", "agent"))),
    (18, "no review for long", evidence(Kind.CITIZENS, LONG_AGO)),
    (18, "no answer", evidence(Kind.CITIZENS, Kept(NOW, {"held_on": "2027-02-01", "remarks": 5, "answered": 4}))),
    (19, "readable", database(readable=("bookings.address_sealed",))),
    (19, "a weak key", settings(weak_keys=("index",))),
    (20, "a dead line", database(dead_lines=1)),
    (20, "not taken up again", fails("cut_off_and_calls_again")),
]  # fmt: skip


def test_each_clause_has_a_check_and_each_check_a_clause() -> None:
    assert [clause.number for clause in CLAUSES] == [check.number for check in CHECKS]
    assert len(CLAUSES) >= 18
    assert all(check.measures and check.threshold and check.sources for check in CHECKS)


def test_every_promise_can_be_kept() -> None:
    result = run(CLAUSES, CHECKS, kept_grounds())
    assert {finding.number: finding.verdict for finding in result.findings} == {
        clause.number: Verdict.KEPT for clause in CLAUSES
    }
    assert result.broken == ()


@pytest.mark.parametrize(
    ("number", "breaks"), [(n, b) for n, _, b in BROKEN], ids=[f"{n}-{why}" for n, why, _ in BROKEN]
)
def test_a_promise_broken_on_purpose_turns_exactly_its_clause_red(number: int, breaks: Breaks) -> None:
    assert run(CLAUSES, CHECKS, breaks(kept_grounds())).broken == (number,)


def test_every_clause_can_turn_red() -> None:
    assert {number for number, _, _ in BROKEN} == {clause.number for clause in CLAUSES}


def test_without_evidence_nothing_is_said_to_be_kept_that_rests_on_it() -> None:
    bare = replace(kept_grounds(), evidence={}, database=None)
    result = run(CLAUSES, CHECKS, bare)
    found = {finding.number: finding.verdict for finding in result.findings}
    unmeasured = {number for number, verdict in found.items() if verdict is Verdict.NOT_MEASURED}
    assert result.broken == ()
    assert unmeasured == {2, 4, 5, 6, 8, 9, 10, 11, 12, 14, 15, 16, 18, 19, 20}


def test_old_measurements_say_nothing_any_more() -> None:
    grounds = kept_grounds()
    old = {kind: Kept(NOW - timedelta(days=100), kept.result) for kind, kept in grounds.evidence.items()}
    found = {one.number: one.verdict for one in run(CLAUSES, CHECKS, replace(grounds, evidence=old)).findings}
    assert [found[number] for number in (2, 10, 12, 15, 20)] == [Verdict.NOT_MEASURED] * 5
    assert found[18] is Verdict.KEPT


def test_a_year_without_citizens_is_a_broken_promise() -> None:
    grounds = database(first_day=date(2026, 1, 5))(kept_grounds())
    without: dict[Kind, Kept] = {k: kept for k, kept in grounds.evidence.items() if k is not Kind.CITIZENS}
    assert run(CLAUSES, CHECKS, replace(grounds, evidence=without)).broken == (18,)


def test_the_document_is_the_contract_and_can_be_read_again() -> None:
    result = run(CLAUSES, CHECKS, database(dead_lines=2)(kept_grounds()))
    document = result.document()
    assert {"clause", "title", "verdict", "evidence"} <= set(document["clauses"][0])
    assert document["clauses"][19]["verdict"] == "broken"
    assert "laissés sans suite par une panne : 2" in document["clauses"][19]["evidence"]
    assert result_of(document) == result


def test_evidence_is_kept_and_what_is_no_evidence_is_not_read(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path / "evidence")
    assert folder.all() == {}
    folder.keep(Kind.EQUITY, {"groups": {}}, NOW)
    folder.keep(Kind.CHARTER, {"clauses": []}, NOW)
    assert folder.all() == {Kind.EQUITY: Kept(NOW, {"groups": {}})}
    (tmp_path / "evidence" / "bench-equity.json").write_text('{"made_at": "yesterday"}')
    assert folder.read(Kind.EQUITY) is None
