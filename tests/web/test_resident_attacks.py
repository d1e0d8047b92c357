"""The page of a booking against strangers: guessed links, forged forms, hostile text, files that are no photos."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from io import BytesIO

import httpx
import pytest
from PIL import Image

from callbot.web.resident.door import MISSES_A_MINUTE, PAGES_A_MINUTE
from callbot.web.resident.pictures import LONGEST_EDGE, MOST_PIXELS, NotAPictureError, clean_jpeg
from callbot.web.resident.uploads import MOST_BYTES
from tests.booking.sample import NEXT_TUESDAY, THURSDAY, TUESDAY
from tests.web.resident_world import PUBLIC, Resident, ResidentService, a_draft, a_photo

SCRIPT = "<script>alert(1)</script>"
ORIENTATION = 0x0112
GPS = 0x8825


@pytest.fixture
async def resident(rdv: ResidentService) -> Resident:
    _, token = await rdv.booked(a_draft())
    return Resident(rdv, token)


async def untouched(rdv: ResidentService) -> bool:
    """Nothing was changed, nothing journalled, no photo kept."""
    async with rdv.storage._database.reading() as connection:
        changes = (await connection.exec_driver_sql("SELECT count(*) FROM booking_changes")).scalar_one()
        photos = (await connection.exec_driver_sql("SELECT count(*) FROM booking_photos")).scalar_one()
    return (changes, photos) == (0, 0)


@pytest.mark.parametrize("token", ["x", "A" * 20, "A" * 21, "é" * 20, "..%2f..%2fetc", "%00" * 20, "{{7*7}}"])
async def test_a_link_that_opens_nothing_says_nothing(rdv: ResidentService, token: str) -> None:
    await rdv.booked(a_draft())
    stranger = Resident(rdv, token)
    pages = [await stranger.get(path) for path in ("", "/date", "/photos/1", "/rendez-vous.ics", "/nothing")]
    assert {page.status for page in pages} == {404}
    assert len({page.html for page in pages}) == 1
    assert "Rome" not in pages[0].html
    assert "0800 94 94 08" in pages[0].text


async def test_guessing_is_stopped_for_the_guesser_alone(rdv: ResidentService, resident: Resident) -> None:
    guesser = Resident(rdv, "", "198.51.100.66")
    answers = [
        (await guesser.client.get(f"/r/{secrets.token_urlsafe(15)}")).status_code for _ in range(MISSES_A_MINUTE + 5)
    ]
    assert answers == [404] * MISSES_A_MINUTE + [429] * 5
    assert (await guesser.client.get(resident.path)).status_code == 429
    assert (await resident.get()).status == 200
    rdv.clock.advance(minutes=1)
    assert (await guesser.client.get(resident.path)).status_code == 200


async def test_nobody_asks_for_pages_without_end(resident: Resident) -> None:
    answers = [(await resident.client.get(f"{resident.path}/photos/9")).status_code for _ in range(PAGES_A_MINUTE)]
    assert set(answers) == {404}
    page = await resident.get()
    assert page.status == 429
    assert page.headers["retry-after"] == "60"


async def test_the_form_of_another_booking_is_refused(rdv: ResidentService, resident: Resident) -> None:
    _, other = await rdv.booked(a_draft("CA2"))
    theirs = Resident(rdv, other)
    await theirs.get("/annuler")
    form = theirs.form("Oui, annuler le rendez-vous")
    data = {**form.fields, "oui": form.buttons["Oui, annuler le rendez-vous"][1]}
    answer = await resident.client.post(f"{resident.path}/annuler", data=data)
    assert answer.status_code == 403
    assert await untouched(rdv)


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": "null"}])
@pytest.mark.parametrize("path", ["date", "objets", "adresse", "note", "courriel", "annuler", "photos"])
async def test_a_form_of_another_site_is_refused(
    rdv: ResidentService, resident: Resident, headers: dict[str, str], path: str
) -> None:
    jeton = (await resident.get("/date")).forms[0].fields["jeton"]
    answer = await resident.client.post(f"{resident.path}/{path}", data={"jeton": jeton}, headers=headers)
    assert answer.status_code == 403
    assert await untouched(rdv)


@pytest.mark.parametrize("jeton", ["", "x", "é" * 43])
async def test_a_form_without_its_proof_is_refused(rdv: ResidentService, resident: Resident, jeton: str) -> None:
    data = {"jeton": jeton, "jour": TUESDAY.isoformat(), "oui": "x"}
    assert (await resident.client.post(f"{resident.path}/date", data=data)).status_code == 403
    assert await untouched(rdv)


@pytest.mark.parametrize("oui", ["1", "oui", "x" * 43])
async def test_a_yes_that_nothing_was_read_back_for_is_no_yes(
    rdv: ResidentService, resident: Resident, oui: str
) -> None:
    jeton = (await resident.get("/date")).forms[0].fields["jeton"]
    data = {"jeton": jeton, "jour": TUESDAY.isoformat(), "oui": oui}
    answer = await resident.client.post(f"{resident.path}/date", data=data)
    assert answer.status_code == 409
    assert await untouched(rdv)


@pytest.mark.parametrize(
    ("path", "field", "value", "said"),
    [
        ("date", "jour", "2026-11-31", "Cette date n'existe pas"),
        ("date", "jour", "31 novembre", "Cette date n'existe pas"),
        ("date", "jour", "2020-01-07", "Cette date est passée"),
        ("date", "jour", "2026-11-25", "Il n'y a pas ou plus de place"),
        ("date", "jour", "9999-12-31", "Il n'y a pas ou plus de place"),
        ("date", "jour", SCRIPT, "Cette date n'existe pas"),
        ("objets", "n_matelas", "200", "plus que ce qu'un rendez-vous prend"),
        ("objets", "n_matelas", "-1", "Écrivez un nombre entier"),
        ("objets", "n_matelas", "1e3", "Écrivez un nombre entier"),
        ("objets", "n_matelas", "٣", "Écrivez un nombre entier"),
        ("objets", "n_matelas", "9" * 40, "Écrivez un nombre entier"),
        ("objets", "n_" + SCRIPT, "1", "Un objet de la liste n'est pas connu"),
        ("objets", "n_matelas", "0", "Il ne reste aucun objet"),
        ("objets", "ajouter", "bombe", "Cet objet n'est pas dans la liste"),
        ("adresse", "numero", "douze", "Écrivez le numéro seul"),
        ("adresse", "numero", "12; DROP TABLE", "Écrivez le numéro seul"),
        ("adresse", "rue", "", "Écrivez le nom de la rue"),
        ("adresse", "rue", "x" * 5000, "Ce nom est trop long"),
        ("adresse", "rue", "nulle part", "La base des adresses n'a rien qui ressemble"),
        ("adresse", "commune", "75056", "Nous ne prenons de rendez-vous que dans les communes de la liste"),
        ("adresse", "commune", "ailleurs", "Nous ne prenons de rendez-vous que dans les communes de la liste"),
        ("note", "note", "x" * 251, "Votre note a 251 caractères"),
        ("courriel", "courriel", "someone@localhost", "Cette adresse ne peut pas être utilisée"),
        ("courriel", "courriel", "a@b.fr, c@d.fr", "Cette adresse ne peut pas être utilisée"),
        ("courriel", "courriel", "a@b.fr\r\nBcc: c@d.fr", "Cette adresse ne peut pas être utilisée"),
        ("courriel", "courriel", "a" * 250 + "@b.fr", "Cette adresse ne peut pas être utilisée"),
    ],
)
async def test_what_cannot_be_is_told_beside_its_field_and_nothing_changes(
    rdv: ResidentService, resident: Resident, *, path: str, field: str, value: str, said: str
) -> None:
    filled = {"objets": {"n_matelas": "1"}, "adresse": {"numero": "12", "rue": "rue de rome", "commune": "13206"}}
    sent = filled.get(path, {})
    jeton = (await resident.get("/" + path)).forms[0].fields["jeton"]
    data = {"jeton": jeton, **sent, field: value, "etape": "relire"}
    answer = await resident.client.post(f"{resident.path}/{path}", data=data)
    assert answer.status_code == 422
    assert said in answer.text.replace("&#39;", "'")
    assert "<title>Erreur" in answer.text
    assert SCRIPT not in answer.text
    assert await untouched(rdv)


@pytest.mark.parametrize("text", [SCRIPT, "{{7*7}} {% raw %}", "' onmouseover='x", "\u202etxt.exe", "&lt;b&gt;"])
async def test_hostile_text_is_text(rdv: ResidentService, resident: Resident, text: str) -> None:
    await resident.get("/note")
    page = await resident.fill("Relire avant de garder", note=text)
    assert "<script" not in page.html
    page = await resident.fill("Oui, garder cette note")
    assert "<script" not in page.html
    assert "49" not in page.text.partition("Votre note")[2][:40]
    note = (await rdv.storage.bookings())[0].note
    assert note is not None
    assert note.reveal() == text.replace("\u202e", "")


async def test_an_address_can_only_be_one_of_the_base(rdv: ResidentService, resident: Resident) -> None:
    jeton = (await resident.get("/adresse")).forms[0].fields["jeton"]
    data = {"jeton": jeton, "numero": "1", "rue": "rue de rome", "commune": "13206", "choix": "forged", "choisi": "1"}
    answer = await resident.client.post(f"{resident.path}/adresse", data=data)
    assert answer.status_code == 422
    assert await untouched(rdv)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("text/plain", b"jour=2026-11-24", 415),
        ("application/x-www-form-urlencoded", b"a=1&a=2", 400),
        ("application/x-www-form-urlencoded", b"\xff=1", 400),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 20_000, 413),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(70)), 400),
    ],
)
async def test_what_is_no_form_is_told_so(
    rdv: ResidentService, resident: Resident, kind: str, body: bytes, status: int
) -> None:
    answer = await resident.client.post(f"{resident.path}/date", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert "Rien n&#39;a changé" in answer.text
    assert await untouched(rdv)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_other_methods_change_nothing(rdv: ResidentService, resident: Resident, method: str) -> None:
    answer = await resident.client.request(method, f"{resident.path}/annuler")
    assert answer.status_code in (404, 405)
    assert await untouched(rdv)


@pytest.mark.parametrize(
    "file",
    [
        SCRIPT.encode(),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%PDF-1.7\n%%EOF",
        b"#!/bin/sh\nrm -rf /\n",
        b"\xff\xd8\xff\xe0" + b"\x00" * 500,
        a_photo()[:2000],
        a_photo("GIF"),
        a_photo("TIFF"),
        b"GIF89a" + SCRIPT.encode(),
    ],
    ids=["script", "svg", "pdf", "shell", "head", "truncated", "gif", "tiff", "both"],
)
async def test_a_file_that_is_no_photo_is_told_so(rdv: ResidentService, resident: Resident, file: bytes) -> None:
    page = await resident.upload(file, "photo.jpg")
    assert page.status == 422
    assert "n'est pas une photo que nous pouvons lire" in page.text
    assert await untouched(rdv)


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 40 * 1024 * 1024])
async def test_a_file_that_is_too_large_is_told_so(rdv: ResidentService, resident: Resident, size: int) -> None:
    page = await resident.upload(a_photo() + b"\x00" * size)
    assert page.status == 413
    assert "8 Mo au plus" in page.text
    assert await untouched(rdv)


async def test_a_body_without_end_is_not_read_to_the_end(rdv: ResidentService, resident: Resident) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while given < 1024:
            given += 1
            yield b"\x00" * 1024 * 1024

    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = await resident.client.post(f"{resident.path}/photos", content=endless(), headers=kind)
    assert answer.status_code in (400, 413)
    assert await untouched(rdv)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data", b"", 415),
        ("multipart/form-data; boundary=" + "x" * 300, b"", 415),
        ("multipart/form-data; boundary=x", b"", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nno header", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1", 400),
        ("application/x-www-form-urlencoded", b"photo=1", 415),
    ],
)
async def test_an_upload_that_is_no_form_is_told_so(
    rdv: ResidentService, resident: Resident, kind: str, body: bytes, status: int
) -> None:
    answer = await resident.client.post(f"{resident.path}/photos", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert await untouched(rdv)


async def test_without_a_file_one_is_asked_for(resident: Resident) -> None:
    page = await resident.upload(b"", "")
    assert page.status == 422
    assert "Choisissez d'abord une photo" in page.text


def test_a_photo_loses_its_place_time_and_comments_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "Owner's phone"
    exif.get_ifd(GPS)[2] = (43.0, 17.0, 30.0)
    cleaned = clean_jpeg(a_photo(exif=exif.tobytes(), comment=b"at home"))
    for private in (b"Exif", b"Owner", b"at home", b"GPS"):
        assert private not in cleaned
    with Image.open(BytesIO(cleaned)) as picture:
        assert picture.size == (480, 640)
        assert dict(picture.getexif()) == {}
        top, bottom = picture.getpixel((240, 10)), picture.getpixel((240, 630))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[1] < 60
    assert bottom[1] > 200


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_large_photos_of_every_kind_are_made_smaller(kind: str) -> None:
    with Image.open(BytesIO(clean_jpeg(a_photo(kind, (3200, 1000))))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (LONGEST_EDGE, 500))


def test_what_is_transparent_becomes_white() -> None:
    written = BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(written, "PNG")
    with Image.open(BytesIO(clean_jpeg(written.getvalue()))) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("edge", [7100, 12_000])
def test_a_small_file_that_unpacks_to_a_huge_picture_is_not_unpacked(edge: int) -> None:
    assert edge * edge > MOST_PIXELS
    bomb = BytesIO()
    Image.new("1", (edge, edge)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < MOST_BYTES
    with pytest.raises(NotAPictureError):
        clean_jpeg(bomb.getvalue())


async def test_a_database_away_is_told_without_a_word_about_the_booking(
    rdv: ResidentService, resident: Resident, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def away(token: str) -> None:
        raise ConnectionError(f"away while looking for {token}")

    monkeypatch.setattr(rdv.storage, "booking_of_link", away)
    page = await resident.get()
    assert page.status == 503
    assert "0800 94 94 08" in page.text
    logged = "".join(capsys.readouterr())
    assert "ConnectionError" in logged
    assert resident.path.removeprefix("/r/") not in logged


async def test_nothing_personal_is_logged(resident: Resident, capsys: pytest.CaptureFixture[str]) -> None:
    await resident.get("/note")
    await resident.fill("Relire avant de garder", note="porte secrète")
    await resident.fill("Oui, garder cette note")
    await resident.get("/date")
    await resident.fill("Relire avant de changer", jour=NEXT_TUESDAY.isoformat())
    await resident.fill("Oui, changer la date")
    await resident.get("/nothing")
    logged = "".join(capsys.readouterr())
    assert "errand=note" in logged
    for private in ("secrète", "Rome", resident.path.removeprefix("/r/"), "203.0.113", THURSDAY.isoformat()):
        assert private not in logged


async def test_links_hold_no_personal_data(resident: Resident) -> None:
    urls: list[str] = []

    async def note(request: httpx.Request) -> None:
        urls.append(str(request.url))

    resident.client.event_hooks["request"] = [note]
    await resident.get("/adresse")
    page = await resident.fill("Chercher l'adresse", numero="14", rue="rue dragon")
    await resident.fill("Choisir cette adresse", choix=page.forms[0].choices["choix"][1])
    await resident.fill("Oui, changer l'adresse")
    base = f"{PUBLIC}{resident.path}"
    assert set(urls) == {f"{base}/adresse", f"{base}?fait=adresse"}
