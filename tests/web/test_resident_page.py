"""The page of a booking, used as a person uses it: read, changed after a read-back, completed, cancelled."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from callbot.booking import BookingDesk
from callbot.domain.bookings import Amendment, BookingStatus, Changer, NotChanged, NotConform
from callbot.domain.events import ChangeFailed
from callbot.domain.items import ItemLine
from callbot.settings import LOCAL_ZONE
from tests.booking.sample import NEXT_TUESDAY, TERRITORY, THURSDAY, TUESDAY
from tests.web.resident_world import CALENDAR_FILE, Resident, ResidentService, a_draft, a_photo

CHECK, CHANGE_DATE = "Relire avant de changer", "Oui, changer la date"
CUT_OFF = datetime(2026, 11, 25, 12, tzinfo=LOCAL_ZONE)


@pytest.fixture
async def resident(rdv: ResidentService) -> Resident:
    """Has the link of a pickup on Thursday."""
    _, token = await rdv.booked(a_draft())
    return Resident(rdv, token)


async def reference_of(rdv: ResidentService) -> str:
    return (await rdv.storage.bookings())[0].reference


async def changes(rdv: ResidentService) -> list[tuple[str, str]]:
    async with rdv.storage._database.reading() as connection:
        rows = await connection.exec_driver_sql("SELECT kind, changed_by FROM booking_changes ORDER BY number")
        return [(row.kind, row.changed_by) for row in rows]


async def test_everything_about_the_pickup_is_on_the_page(rdv: ResidentService, resident: Resident) -> None:
    page = await resident.get()
    assert page.status == 200
    for said in (
        await reference_of(rdv), "jeudi 26 novembre", "12 bis Rue de Rome, 13006 Marseille 6e", "un matelas",
        "Le mercredi 25 novembre à partir de 20 h", "Rendez-vous confirmé", "mercredi 25 novembre à 12 h",
        "Réservé par un assistant automatique (une intelligence artificielle)", "0800 94 94 08",
        "Le mardi et le jeudi".lower(), "au plus 4 objets et 3 m³",
    ):  # fmt: skip
        assert said in page.text


@pytest.mark.parametrize("header", ["cache-control", "referrer-policy", "x-robots-tag", "content-security-policy"])
async def test_nothing_of_the_page_is_kept_found_or_passed_on(resident: Resident, header: str) -> None:
    expected = {
        "cache-control": "no-store",
        "referrer-policy": "same-origin",
        "x-robots-tag": "noindex, nofollow",
        "content-security-policy": "default-src 'none'",
    }
    for path in ("", "/date", "/rendez-vous.ics", "/nothing"):
        page = await resident.get(path)
        assert expected[header] in page.headers[header]
        assert "set-cookie" not in page.headers


async def test_the_date_is_changed_after_it_was_read_back(rdv: ResidentService, resident: Resident) -> None:
    page = await resident.get("/date")
    assert page.forms[0].choices["jour"] == [
        day.isoformat() for day in (TUESDAY, THURSDAY, NEXT_TUESDAY, date(2026, 12, 8), date(2026, 12, 10))
    ]
    page = await resident.fill(CHECK, jour=NEXT_TUESDAY.isoformat())
    assert "jeudi 26 novembre" in page.text
    assert "mardi 1er décembre" in page.text
    assert (await rdv.storage.bookings())[0].day == THURSDAY
    page = await resident.fill(CHANGE_DATE)
    assert page.url.endswith("?fait=date")
    assert "La date est changée." in page.text
    assert (await rdv.storage.bookings())[0].day == NEXT_TUESDAY
    assert await changes(rdv) == [("amended", "resident")]


async def test_a_change_confirmed_twice_or_at_once_is_made_once(rdv: ResidentService, resident: Resident) -> None:
    await resident.get("/date")
    await resident.fill(CHECK, jour=TUESDAY.isoformat())
    form = resident.form(CHANGE_DATE)
    data = {**form.fields, "oui": form.buttons[CHANGE_DATE][1]}
    answers = await asyncio.gather(*(resident.client.post(form.action, data=data) for _ in range(4)))
    answers.append(await resident.client.post(form.action, data=data))
    assert {answer.headers["location"] for answer in answers} == {f"{resident.path}?fait=date"}
    assert await changes(rdv) == [("amended", "resident")]


async def test_a_read_back_of_what_has_changed_since_is_read_back_again(
    rdv: ResidentService, resident: Resident
) -> None:
    await resident.get("/date")
    await resident.fill(CHECK, jour=TUESDAY.isoformat())
    other = Resident(rdv, resident.path.removeprefix("/r/"), "198.51.100.7")
    await other.get("/date")
    await other.fill(CHECK, jour=NEXT_TUESDAY.isoformat())
    await other.fill(CHANGE_DATE)
    page = await resident.fill(CHANGE_DATE)
    assert page.status == 409
    assert "Le rendez-vous a changé entre-temps" in page.text
    assert (await rdv.storage.bookings())[0].day == NEXT_TUESDAY
    await resident.fill(CHANGE_DATE)
    assert (await rdv.storage.bookings())[0].day == TUESDAY


async def test_a_day_that_fills_between_read_back_and_yes_is_told_and_the_place_kept(
    rdv: ResidentService, resident: Resident
) -> None:
    await resident.get("/date")
    await resident.fill(CHECK, jour=TUESDAY.isoformat())
    for call_id in ("CA2", "CA3"):
        await rdv.booked(a_draft(call_id, TUESDAY))
    page = await resident.fill(CHANGE_DATE)
    assert page.status == 422
    assert "Il n'y a pas ou plus de place ce jour-là" in page.text
    assert THURSDAY in [booking.day for booking in await rdv.storage.bookings()]


async def test_the_same_date_changes_nothing_and_says_so(rdv: ResidentService, resident: Resident) -> None:
    await resident.get("/date")
    page = await resident.fill(CHECK)
    assert page.status == 422
    assert "C'est déjà la date de votre rendez-vous" in page.text
    assert await changes(rdv) == []


async def test_things_are_searched_added_and_left_out(rdv: ResidentService, resident: Resident) -> None:
    await resident.get("/objets")
    page = await resident.fill("Chercher", cherche="FRIGO")
    assert page.forms[0].choices["ajouter"] == ["", "frigo"]
    page = await resident.fill("Ajouter à la liste", ajouter="frigo", combien="2")
    assert page.forms[0].fields["n_frigo"] == "2"
    page = await resident.fill(CHECK, n_armoire="0")
    assert "un matelas, deux frigo" in page.text
    await resident.fill("Oui, changer la liste")
    items = (await rdv.storage.bookings())[0].items
    assert items == (ItemLine("matelas", 1, "un matelas"), ItemLine("frigo", 2, ""))
    assert await changes(rdv) == [("amended", "resident")]


async def test_what_is_not_taken_is_explained_with_its_rule_and_a_person(
    rdv: ResidentService, resident: Resident
) -> None:
    await resident.get("/objets")
    for item, said in (("gravats", "Cette collecte ne le prend pas. La déchèterie."), ("piano", "Une personne doit")):
        page = await resident.fill(CHECK, ajouter=item)
        assert page.status == 422
        assert said in page.text
        assert "une personne peut décider autrement au 0800 94 94 08" in page.text
        await resident.get("/objets")
    page = await resident.fill(CHECK, n_matelas="5")
    assert "Un rendez-vous prend au plus 4 objets et 3 m³." in page.text
    assert "Source de la règle : test (règle marseille/limits.max_items)" in page.text
    assert await changes(rdv) == []


async def test_a_word_that_is_in_no_name_is_told_and_the_list_stays_whole(resident: Resident) -> None:
    await resident.get("/objets")
    page = await resident.fill("Chercher", cherche="zeppelin")
    assert "Aucun objet de la liste ne porte ce nom" in page.text
    assert len(page.forms[0].choices["ajouter"]) == 6


async def test_the_address_is_chosen_from_the_base_and_changed(rdv: ResidentService, resident: Resident) -> None:
    await resident.get("/adresse")
    page = await resident.fill("Chercher l'adresse", numero="14", rue="rue dragon")
    assert "14 Rue Dragon, 13006 Marseille 6e" in page.text
    assert "À environ 460 m au sud-ouest de l'adresse actuelle." in page.text
    page = await resident.fill("Choisir cette adresse", choix=page.forms[0].choices["choix"][1])
    assert "12 bis Rue de Rome, 13006 Marseille 6e" in page.text
    assert "14 Rue Dragon, 13006 Marseille 6e" in page.text
    await resident.fill("Oui, changer l'adresse")
    booking = (await rdv.storage.bookings())[0]
    assert (booking.address.line, booking.day, booking.sector) == ("14 Rue Dragon", THURSDAY, "centre")


async def test_an_address_in_a_sector_of_other_days_gets_another_day(rdv: ResidentService, resident: Resident) -> None:
    await resident.get("/adresse")
    page = await resident.fill("Chercher l'adresse", numero="3", rue="rue de rome", commune="13211")
    page = await resident.fill("Choisir cette adresse", choix=page.forms[0].choices["choix"][0])
    assert page.status == 200
    assert "il n'y a pas de passage, ou plus de place, le jeudi 26 novembre" in page.text
    page = await resident.fill(CHECK)
    assert page.status == 422
    assert "Choisissez une date dans la liste." in page.text
    await resident.fill(CHECK, jour=TUESDAY.isoformat())
    page = await resident.fill("Oui, changer l'adresse")
    booking = (await rdv.storage.bookings())[0]
    assert (booking.address.insee, booking.day, booking.sector) == ("13211", TUESDAY, "collines")


async def test_an_address_where_nobody_takes_appointments_is_told_and_nothing_changes(
    rdv: ResidentService, resident: Resident
) -> None:
    await resident.get("/adresse")
    page = await resident.fill("Chercher l'adresse", numero="3", rue="rue de rome", commune="13056")
    page = await resident.fill("Choisir cette adresse", choix=page.forms[0].choices["choix"][0])
    assert page.status == 422
    assert "nous ne prenons pas de rendez-vous à cette adresse" in page.text
    assert "0800 94 94 08" in page.text
    assert await changes(rdv) == []


async def test_an_address_whose_household_had_all_its_pickups_is_for_a_person(
    rdv: ResidentService, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_many(_desk: BookingDesk, _amendment: Amendment) -> ChangeFailed:
        return ChangeFailed(NotChanged.HOUSEHOLD_LIMIT, TERRITORY.ground("household"))

    monkeypatch.setattr(BookingDesk, "amend", too_many)
    await resident.get("/adresse")
    page = await resident.fill("Chercher l'adresse", numero="14", rue="rue dragon")
    await resident.fill("Choisir cette adresse", choix=page.forms[0].choices["choix"][1])
    page = await resident.fill("Oui, changer l'adresse")
    assert page.status == 409
    assert "le foyer a déjà eu tous les enlèvements prévus par les règles" in page.text
    assert "Votre rendez-vous n'a pas changé." in page.text
    assert "test (règle marseille/household)" in page.text
    assert "0800 94 94 08" in page.text
    assert await changes(rdv) == []


async def test_a_note_is_read_back_kept_and_erased(rdv: ResidentService, resident: Resident) -> None:
    await resident.get("/note")
    page = await resident.fill("Relire avant de garder", note="Portail vert\r\nau fond \u202ede la cour")
    assert "Portail vert au fond de la cour" in page.text
    page = await resident.fill("Oui, garder cette note")
    assert "Votre note : Portail vert au fond de la cour" in page.text
    await resident.get("/note")
    await resident.fill("Relire avant de garder", note="")
    await resident.fill("Oui, garder cette note")
    assert (await rdv.storage.bookings())[0].note is None
    assert await changes(rdv) == [("completed", "resident")] * 2


async def test_an_email_address_is_read_back_whole_and_masked_ever_after(
    rdv: ResidentService, resident: Resident
) -> None:
    await resident.get("/courriel")
    page = await resident.fill("Relire avant de garder", courriel=" someone@example.org ")
    assert "someone@example.org" in page.text
    await resident.fill("Oui, garder cette adresse")
    for path in ("", "/courriel"):
        page = await resident.get(path)
        assert "s•••@example.org" in page.text
        assert "someone@" not in page.html


async def test_photos_are_added_shown_and_taken_away(rdv: ResidentService, resident: Resident) -> None:
    page = await resident.upload(a_photo())
    assert page.url.endswith("?fait=photo")
    assert page.images == [f"{resident.path}/photos/1"]
    answer = await resident.client.get(page.images[0])
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/jpeg", "no-store")
    assert answer.content == (await rdv.storage.photos(await reference_of(rdv)))[1]
    await resident.get("/photos")
    page = await resident.fill("Retirer la photo 1")
    assert page.images == [f"{resident.path}/photos/1"]
    assert len(await rdv.storage.photos(await reference_of(rdv))) == 1
    page = await resident.fill("Oui, retirer la photo")
    assert "La photo est retirée et effacée." in page.text
    assert await rdv.storage.photos(await reference_of(rdv)) == {}


async def test_a_fourth_photo_is_not_taken(resident: Resident) -> None:
    form = (await resident.get("/photos")).forms[0]
    for size in range(1, 4):
        assert (await resident.upload(a_photo(size=(100 * size, 100)))).status == 200
    answer = await resident.client.post(
        form.action, data=form.fields, files={"photo": ("x.jpg", a_photo(size=(50, 50)), "image/jpeg")}
    )
    assert answer.status_code == 422
    assert "Il y a déjà 3 photos" in answer.text


async def test_the_calendar_file_can_be_kept(resident: Resident) -> None:
    page = await resident.client.get(f"{resident.path}/rendez-vous.ics")
    assert page.content == CALENDAR_FILE
    assert page.headers["content-type"].startswith("text/calendar")
    assert "attachment" in page.headers["content-disposition"]


async def test_cancelling_is_confirmed_and_done_once(rdv: ResidentService, resident: Resident) -> None:
    page = await resident.get("/annuler")
    assert "Voulez-vous vraiment annuler ce rendez-vous" in page.text
    assert (await rdv.storage.bookings())[0].status is BookingStatus.BOOKED
    form = resident.form("Oui, annuler le rendez-vous")
    page = await resident.fill("Oui, annuler le rendez-vous")
    assert "Rendez-vous annulé" in page.text
    again = await resident.send(form, "Oui, annuler le rendez-vous")
    assert again.url.endswith("?fait=annuler")
    assert await changes(rdv) == [("cancelled", "resident")]


@pytest.mark.parametrize(("late", "status"), [(-1, 200), (0, 409)])
async def test_until_the_cut_off_it_can_be_changed_and_then_the_rule_is_told(
    rdv: ResidentService, resident: Resident, late: int, status: int
) -> None:
    rdv.clock.at = CUT_OFF.astimezone(UTC) + timedelta(seconds=late)
    for path in ("/date", "/objets", "/adresse", "/annuler"):
        page = await resident.get(path)
        assert page.status == status
        assert ("jusqu'au mercredi 25 novembre à 12 h" in page.text) == (status == 409)
    page = await resident.get()
    assert ("Règle : heure limite de changement" in page.text) == (status == 409)
    assert "une personne peut décider autrement au 0800 94 94 08" in page.text
    assert (await resident.get("/note")).status == 200


async def test_a_yes_that_comes_after_the_cut_off_changes_nothing(rdv: ResidentService, resident: Resident) -> None:
    await resident.get("/date")
    await resident.fill(CHECK, jour=NEXT_TUESDAY.isoformat())
    rdv.clock.at = CUT_OFF.astimezone(UTC)
    page = await resident.fill(CHANGE_DATE)
    assert page.status == 409
    assert await changes(rdv) == []


@pytest.mark.parametrize(
    ("outcome", "why", "said"),
    [
        (BookingStatus.COLLECTED, None, "Objets enlevés"),
        (BookingStatus.NOT_PRESENTED, None, "n'a pas vu d'objets à cette adresse"),
        (BookingStatus.NOT_CONFORM, NotConform.TOO_MUCH, "il y avait plus d'objets qu'annoncé"),
        (BookingStatus.NOT_CONFORM, NotConform.NO_REFERENCE, "la référence n'était pas visible"),
        (BookingStatus.INACCESSIBLE, None, "n'a pas pu atteindre les objets"),
        (BookingStatus.MISSED, None, "vous n'y êtes pour rien"),
    ],
)
async def test_what_became_of_the_pickup_is_told_in_plain_words(
    rdv: ResidentService, resident: Resident, outcome: BookingStatus, why: NotConform | None, said: str
) -> None:
    rdv.clock.at = datetime.combine(THURSDAY, time(9), LOCAL_ZONE).astimezone(UTC)
    await rdv.desk.record_outcome(await reference_of(rdv), outcome, not_conform=why, by=Changer.CREW)
    page = await resident.get()
    assert said in page.text
    assert "0800 94 94 08" in page.text
    assert "Changer la date" not in page.text


async def test_a_replanned_pickup_tells_its_new_date(rdv: ResidentService, resident: Resident) -> None:
    rdv.clock.at = datetime.combine(THURSDAY, time(9), LOCAL_ZONE).astimezone(UTC)
    reference = await reference_of(rdv)
    await rdv.desk.record_outcome(reference, BookingStatus.MISSED, by=Changer.CREW)
    await rdv.desk.replan(reference)
    page = await resident.get()
    assert "Nouvelle date" in page.text
    assert "mardi 1er décembre" in page.text


async def test_a_day_that_has_passed_without_a_word_of_the_crew_is_told_so(
    rdv: ResidentService, resident: Resident
) -> None:
    rdv.clock.at = datetime.combine(THURSDAY, time(9), LOCAL_ZONE).astimezone(UTC)
    assert "passe aujourd'hui" in (await resident.get()).text
    rdv.clock.advance(days=1)
    assert "ne nous a pas encore dit" in (await resident.get()).text


@pytest.mark.parametrize(("days", "status"), [(30, 200), (31, 410)])
async def test_a_link_works_for_thirty_days_after_the_pickup(
    rdv: ResidentService, resident: Resident, days: int, status: int
) -> None:
    last = datetime.combine(THURSDAY + timedelta(days=days), time(23, 59, 59), LOCAL_ZONE)
    rdv.clock.at = last.astimezone(UTC)
    if days == 31:
        rdv.clock.at = datetime.combine(THURSDAY + timedelta(days=31), time(), LOCAL_ZONE).astimezone(UTC)
    page = await resident.get()
    assert page.status == status
    assert "0800 94 94 08" in page.text
    assert ("Rue de Rome" in page.text) == (status == 200)
    assert (await resident.get("/note")).status == status
