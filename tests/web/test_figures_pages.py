"""The pages of figures without a browser: what they say, files, months made public, open data, who may."""

from __future__ import annotations

import asyncio
import csv
import json
import re
import zipfile
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
from jsonschema import Draft202012Validator

from callbot.access import Role
from callbot.domain.events import HandOverReason
from callbot.insight.figures import COLUMNS, CallFacts
from callbot.web.figures import asked, paths
from tests.web.figures_world import FIRST, TODAY, FiguresService, figures_service, fill, invented
from tests.web.staff_world import Staff

WHOLE = f"since={FIRST}&until={TODAY}"
CSS = Path("callbot/web/templates/figures.css").read_text(encoding="utf-8")
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


@pytest.fixture
async def figures(migrated: Path, tmp_path: Path) -> AsyncIterator[FiguresService]:
    async with figures_service(migrated, tmp_path) as running:
        yield running
    await asyncio.sleep(0)


@pytest.fixture
async def administrator(figures: FiguresService) -> AsyncIterator[Staff]:
    """Signed in."""
    staff = Staff(figures)
    async with staff.client:
        await figures.account("a.essai", Role.ADMINISTRATOR)
        await staff.sign_in("a.essai")
        yield staff


@pytest.fixture
async def public(figures: FiguresService) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(figures.app, client=("203.0.113.9", 40000))
    async with httpx.AsyncClient(transport=transport, base_url=figures.public_url) as client:
        yield client


async def test_every_figure_shows_its_formula_what_was_counted_and_its_calls(
    figures: FiguresService, administrator: Staff
) -> None:
    await fill(figures.storage, invented())
    page = await administrator.get(f"{paths.HOME}?{WHOLE}")
    assert page.status == 200
    assert "= appels passés à un conseiller / appels décrochés" in page.text
    received = sum(1 for _ in invented())
    assert f"sur {received // 1000}\u202f{received % 1000:03}" in page.html
    behind = [link for link in page.links if link.startswith(paths.CALLS)]
    assert f"{paths.CALLS}?since={FIRST}&until={TODAY}&abandoned_at=recap" in [
        link.replace("&amp;", "&") for link in behind
    ]
    assert f"{paths.CALLS}?since={FIRST}&until={TODAY}&asked=1" in behind
    assert "relevé du standard, mai 2026" in page.text


async def test_without_calls_nothing_is_zero_per_cent(administrator: Staff) -> None:
    page = await administrator.get(paths.HOME)
    assert page.status == 200
    assert ">0,0\u202f%" not in page.html
    assert "sans objet" in page.text


@pytest.mark.parametrize("by", ["hour", "day", "territory"])
async def test_every_figure_can_be_drawn(figures: FiguresService, administrator: Staff, by: str) -> None:
    await fill(figures.storage, _few())
    for figure in asked.DRAWN:
        page = await administrator.get(f"{paths.HOME}?since=2026-11-01&by={by}&figure={figure}")
        assert page.status == 200, figure
        assert "style=" not in page.html, figure
        assert "<script" not in page.html, figure
        if '<svg class="chart"' in page.html:
            svg = '<svg class="chart"' + page.html.split('<svg class="chart"')[1].split("</svg>")[0] + "</svg>"
            tree = ET.fromstring(svg)  # noqa: S314 - our own
            heights = [float(bar.get("height", "")) for bar in tree.iter("rect")]
            assert all(0 <= height <= 320 for height in heights), figure


@pytest.mark.parametrize(
    "query",
    ["since=demain", "by=siecle", "figure=bonheur", "territory=atlantide", "since=2020-01-01", "since=2026-12-24"],
)
async def test_an_address_that_cannot_be_read_is_answered_all_the_same(administrator: Staff, query: str) -> None:
    assert (await administrator.get(f"{paths.HOME}?{query}")).status == 200


def test_a_period_is_kept_in_bounds() -> None:
    wanted = asked.read({"since": "2020-01-01", "until": "2026-11-23"}, TODAY, ())
    assert (wanted.question.last - wanted.question.first).days == asked.LONGEST_DAYS - 1
    assert "un an" in wanted.problem
    turned = asked.read({"since": "2026-11-23", "until": "2026-11-01"}, TODAY, ()).question
    assert (turned.first, turned.last) == (date(2026, 11, 1), TODAY)


async def test_this_moment_is_shown(figures: FiguresService, administrator: Staff) -> None:
    await figures.storage.hand_overs.hand_over("CA1", HandOverReason.ASKED)
    figures.clock.advance(seconds=125)
    page = await administrator.get(paths.HOME)
    assert "Plus longue attente 2 min 05 s" in page.text


async def test_files_hold_what_the_page_shows(figures: FiguresService, administrator: Staff) -> None:
    await fill(figures.storage, _few())
    files = {}
    for kind in ("csv", "ods", "json"):
        answer = await administrator.client.get(f"{paths.FILE}.{kind}?since=2026-11-16&until=2026-11-22&by=territory")
        assert answer.status_code == 200
        assert f"chiffres-2026-11-16-2026-11-22.{kind}" in answer.headers["content-disposition"]
        files[kind] = answer.content
    rows = json.loads(files["json"])
    french = list(csv.reader(StringIO(files["csv"].decode("utf-8-sig")), delimiter=";"))
    assert (len(french), tuple(french[0])) == (len(rows) + 1, COLUMNS)
    sheet = _sheet(files["ods"])
    assert (len(sheet), tuple(sheet[0])) == (len(rows) + 1, COLUMNS)
    place = [row["figure"] for row in rows].index("pick_up")
    assert float(sheet[place + 1][COLUMNS.index("value")]) == rows[place]["value"]
    assert (await administrator.client.get(f"{paths.FILE}.exe")).status_code == 404


async def test_a_month_is_public_only_once_it_is_signed(
    figures: FiguresService, administrator: Staff, public: httpx.AsyncClient
) -> None:
    await fill(figures.storage, invented(6))
    assert "Aucun mois n'est encore publié" in (await public.get(paths.PUBLIC)).text
    assert (await public.get(f"{paths.PUBLIC}/2026-10")).status_code == 404
    await administrator.get(f"{paths.MONTHS}/2026-10")
    await administrator.press("Publier ces chiffres", remarque="Panne le 12.")
    page = (await public.get(paths.PUBLIC)).text
    assert "octobre 2026" in page
    assert "Panne le 12." in page
    assert "Pannes" in page, "failures are public too"
    assert "Raccrochés, étape par étape" in page
    assert paths.CALLS not in page
    assert (await public.get(f"{paths.PUBLIC}/2026-10")).status_code == 200
    await administrator.get(f"{paths.MONTHS}/2026-10")
    await administrator.press("Retirer de la page publique", action="retirer")
    assert "Aucun mois n'est encore publié" in (await public.get(paths.PUBLIC)).text


async def test_what_was_signed_does_not_change_with_later_calls(
    figures: FiguresService, administrator: Staff, public: httpx.AsyncClient
) -> None:
    await administrator.get(f"{paths.MONTHS}/2026-10")
    await administrator.press("Publier ces chiffres")
    before = (await public.get(f"{paths.OPEN}.json")).json()
    await fill(figures.storage, invented(6))
    assert (await public.get(f"{paths.OPEN}.json")).json() == before


async def test_open_data_keep_to_their_schema(
    figures: FiguresService, administrator: Staff, public: httpx.AsyncClient
) -> None:
    await fill(figures.storage, invented(6))
    for month in ("2026-09", "2026-10"):
        await administrator.get(f"{paths.MONTHS}/{month}")
        await administrator.press("Publier ces chiffres")
    schema = (await public.get(f"{paths.OPEN}.schema.json")).json()
    Draft202012Validator.check_schema(schema)
    document = (await public.get(f"{paths.OPEN}.json")).json()
    Draft202012Validator(schema).validate(document)
    assert [month["month"] for month in document["months"]] == ["2026-10", "2026-09"]
    answer = await public.get(f"{paths.OPEN}.csv")
    assert answer.headers["access-control-allow-origin"] == "*"
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert len(rows) == sum(len(month["figures"]) for month in document["months"])
    assert {row["month"] for row in rows} == {"2026-09", "2026-10"}


async def test_a_month_that_is_not_complete_cannot_be_signed(administrator: Staff) -> None:
    page = await administrator.get(f"{paths.MONTHS}/2026-11")
    assert "il se publie huit jours après sa fin" in page.text
    await administrator.get(f"{paths.MONTHS}/2026-10")
    token = administrator.form("Publier ces chiffres").fields["jeton"]
    for month, status in (("2026-11", 409), ("2026-13", 404), ("2027-01", 404)):
        answer = await administrator.client.post(f"{paths.MONTHS}/{month}", data={"jeton": token})
        assert answer.status_code == status


async def test_a_form_from_elsewhere_publishes_nothing(administrator: Staff, public: httpx.AsyncClient) -> None:
    answer = await administrator.client.post(f"{paths.MONTHS}/2026-10", data={"jeton": "x"})
    assert answer.status_code == 403
    assert "Aucun mois n'est encore publié" in (await public.get(paths.PUBLIC)).text


@pytest.mark.parametrize(
    ("role", "reads", "publishes"),
    [
        (Role.AGENT, 403, 403),
        (Role.SUPERVISOR, 200, 403),
        (Role.READ_ONLY, 200, 403),
        (Role.DATA_PROTECTION_OFFICER, 200, 403),
        (Role.ADMINISTRATOR, 200, 200),
    ],
)
async def test_who_may(figures: FiguresService, role: Role, reads: int, publishes: int) -> None:
    staff = Staff(figures)
    async with staff.client:
        await figures.account("c.essai", role)
        await staff.sign_in("c.essai")
        assert (await staff.get(paths.HOME)).status == reads
        assert (await staff.client.get(f"{paths.FILE}.csv")).status_code == reads
        assert (await staff.get(paths.MONTHS)).status == publishes


async def test_nobody_reads_figures_without_signing_in(figures: FiguresService) -> None:
    staff = Staff(figures)
    async with staff.client:
        assert "/agents/connexion" in (await staff.get(paths.HOME)).url


def test_the_style_keeps_to_the_house() -> None:
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb|hsl|transition|animation|url\(|@import", CSS)


def _few() -> Iterator[CallFacts]:
    """The calls of the last two weeks."""
    return (call for call in invented(6) if call.received.date() > TODAY - timedelta(days=14))


def _sheet(ods: bytes) -> list[list[str]]:
    """The cells of an OpenDocument sheet, read by what the standard says."""
    with zipfile.ZipFile(BytesIO(ods)) as package:
        first = package.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        listed = ET.fromstring(package.read("META-INF/manifest.xml"))  # noqa: S314 - our own
        paths_listed = {entry.get(f"{{{entry.tag[1:].partition('}')[0]}}}full-path") for entry in listed}
        assert paths_listed == {"/", *package.namelist()} - {"mimetype", "META-INF/manifest.xml"}
        content = ET.fromstring(package.read("content.xml"))  # noqa: S314 - our own
    return [
        [cell.get(f"{OFFICE}value") or "".join(cell.itertext()) for cell in row.iter(f"{TABLE}table-cell")]
        for row in content.iter(f"{TABLE}table-row")
    ]
