"""The page of a crew: its day in order, outcomes entered and corrected, strangers kept out."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from callbot.domain.bookings import BookingStatus, Changer, NotConform
from callbot.web.crew.links import CrewLinks
from tests.booking.sample import NEXT_TUESDAY, THURSDAY
from tests.web.crew_world import LINKS, Crew, booked
from tests.web.resident_world import ResidentService

NOON = datetime(2026, 11, 26, 11, tzinfo=UTC)


@pytest.fixture
async def round_of_two(rdv: ResidentService) -> tuple[str, str]:
    """Two bookings on Thursday, and it is Thursday noon."""
    references = await booked(rdv, "CA1", photo=True), await booked(rdv, "CA2")
    rdv.clock.at = NOON
    return references


async def status(rdv: ResidentService, reference: str) -> BookingStatus:
    return (await rdv.booking(reference)).status


async def test_the_list_says_all_that_a_crew_needs(rdv: ResidentService, round_of_two: tuple[str, str]) -> None:
    page = await Crew(rdv).get()
    assert page.status_code == 200
    for said in (
        *round_of_two, "12 bis Rue de Rome", "12 bis Rue Dragon", "un matelas, un armoire", "2,0 m³",
        "Portail bleu &lt;b&gt;", f"/photo/{round_of_two[0]}/1", "jeudi 26 novembre 2026", "<strong>2</strong> à faire",
    ):  # fmt: skip
        assert said in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"


@pytest.mark.parametrize("outcome", ["collected", "not_presented", "inaccessible", "missed"])
async def test_an_outcome_is_entered(rdv: ResidentService, round_of_two: tuple[str, str], outcome: str) -> None:
    crew = Crew(rdv)
    answer = await crew.enter(round_of_two[0], outcome)
    assert (answer.status_code, await status(rdv, round_of_two[0])) == (303, outcome)
    page = await crew.client.get(answer.headers["location"])
    assert "C'est noté" in page.text
    assert "<strong>1</strong> à faire" in page.text


async def test_an_outcome_is_corrected_the_same_day(rdv: ResidentService, round_of_two: tuple[str, str]) -> None:
    crew, reference = Crew(rdv), round_of_two[0]
    await crew.enter(reference, "collected")
    assert (await crew.enter(reference, "not_conform", "too_much")).status_code == 303
    booking = await rdv.booking(reference)
    assert (booking.status, booking.not_conform) == (BookingStatus.NOT_CONFORM, NotConform.TOO_MUCH)
    assert "plus d&#39;objets que prévu" in (await crew.get()).text


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("not_conform", ""), ("not_conform", "ugly"), ("booked", ""), ("cancelled", ""), ("", ""), ("<script>", "")],
)
async def test_what_is_no_outcome_changes_nothing(
    rdv: ResidentService, round_of_two: tuple[str, str], outcome: str, reason: str
) -> None:
    answer = await Crew(rdv).enter(round_of_two[0], outcome, reason)
    assert (answer.status_code, await status(rdv, round_of_two[0])) == (422, "booked")


async def test_nothing_is_entered_before_the_day(rdv: ResidentService, round_of_two: tuple[str, str]) -> None:
    rdv.clock.at = NOON - timedelta(days=1)
    crew = Crew(rdv)
    assert 'name="resultat"' not in (await crew.get()).text
    assert (await crew.enter(round_of_two[0], "collected")).status_code == 409
    assert await status(rdv, round_of_two[0]) == "booked"


@pytest.mark.parametrize(("days", "code"), [(-2, 410), (-1, 200), (0, 200), (1, 200), (2, 410)])
async def test_the_link_works_from_the_day_before_to_the_day_after(
    rdv: ResidentService, round_of_two: tuple[str, str], days: int, code: int
) -> None:
    rdv.clock.at = NOON + timedelta(days=days)
    for rest in ("", "/liste.csv"):
        assert (await Crew(rdv).get(rest)).status_code == code


async def test_a_forged_link_opens_nothing(rdv: ResidentService, round_of_two: tuple[str, str]) -> None:
    crew, good = Crew(rdv), LINKS.link("centre", THURSDAY).token
    head, _, proof = good.partition(".")
    unsigned = CrewLinks(lambda _: "0" * 64).link("centre", THURSDAY).token
    other_day = urlsafe_b64encode(b"centre|2026-11-27|2026-11-28").rstrip(b"=").decode()
    later = urlsafe_b64encode(b"centre|2026-11-26|2099-11-28").rstrip(b"=").decode()
    for token in (
        head, f"{head}.", f"{head}.{proof[:-1]}0{proof[-1]}", f"{other_day}.{proof}", f"{later}.{proof}",
        f"{head}=.{proof}", f"{head}.{proof.upper()}", "x" * 5000, "é.é", unsigned,
    ):  # fmt: skip
        for rest in ("", "/liste.pdf", f"/photo/{round_of_two[0]}/1"):
            assert (await crew.client.get(f"/equipe/{token}{rest}")).status_code == 404


@pytest.mark.parametrize(("sector", "day"), [("collines", THURSDAY), ("centre", date(2026, 11, 27))])
async def test_a_booking_of_another_round_is_unknown(
    rdv: ResidentService, round_of_two: tuple[str, str], sector: str, day: date
) -> None:
    crew = Crew(rdv, sector, day)
    assert (await crew.enter(round_of_two[0], "collected")).status_code == 404
    assert (await crew.get(f"/photo/{round_of_two[0]}/1")).status_code == 404
    assert round_of_two[0] not in (await crew.get()).text
    assert await status(rdv, round_of_two[0]) == "booked"


async def test_forms_of_other_sites_and_other_rounds_are_refused(
    rdv: ResidentService, round_of_two: tuple[str, str]
) -> None:
    crew = Crew(rdv)
    for token in ("", "é", LINKS.link("centre", NEXT_TUESDAY).form_token, crew.link.token):
        assert (await crew.enter(round_of_two[0], "collected", jeton=token)).status_code == 403
    crew.client.headers["origin"] = "https://elsewhere.example"
    assert (await crew.enter(round_of_two[0], "collected")).status_code == 403
    assert await status(rdv, round_of_two[0]) == "booked"


async def test_looking_changes_nothing(rdv: ResidentService, round_of_two: tuple[str, str]) -> None:
    crew = Crew(rdv)
    query = f"?jeton={crew.link.form_token}&reference={round_of_two[0]}&resultat=collected"
    assert (await crew.get(query)).status_code == 200
    assert (await crew.get(f"/{round_of_two[0]}/collected")).status_code == 404
    assert (await crew.client.put(crew.link.path)).status_code == 405
    assert await status(rdv, round_of_two[0]) == "booked"


async def test_a_cancelled_pickup_is_not_driven_to(rdv: ResidentService) -> None:
    reference = await booked(rdv, "CA1")
    await rdv.desk.cancel(reference, Changer.RESIDENT)
    rdv.clock.at = NOON
    crew = Crew(rdv)
    assert reference not in (await crew.get()).text
    assert (await crew.enter(reference, "collected")).status_code == 404


async def test_the_list_is_taken_along_in_every_kind(rdv: ResidentService, round_of_two: tuple[str, str]) -> None:
    crew = Crew(rdv)
    files = {kind: (await crew.get(f"/liste.{kind}")).content for kind in ("pdf", "csv", "geojson", "ics")}
    assert round_of_two[1] in PdfReader(BytesIO(files["pdf"])).pages[0].extract_text()
    assert round_of_two[1].encode() in files["csv"]
    assert len(json.loads(files["geojson"])["features"]) == 2
    assert len(Calendar.from_ical(files["ics"]).walk("VEVENT")) == 1
    assert (await crew.get("/liste.exe")).status_code == 404


async def test_photos_are_shown(rdv: ResidentService, round_of_two: tuple[str, str]) -> None:
    answer = await Crew(rdv).get(f"/photo/{round_of_two[0]}/1")
    assert (answer.headers["content-type"], answer.content[:2]) == ("image/jpeg", b"\xff\xd8")
    for number in ("0", "2", "999999999", "x"):
        assert (await Crew(rdv).get(f"/photo/{round_of_two[0]}/{number}")).status_code == 404


async def test_no_link_carries_anything_about_people(round_of_two: tuple[str, str]) -> None:
    link = LINKS.link("centre", THURSDAY)
    assert LINKS.read(link.token) == link
    assert link.token not in repr(link)
    assert link.form_token not in link.token
