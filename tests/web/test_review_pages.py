"""The review without a script: filters in the address, rights of each role, forms that are ours only."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from callbot.access import Role
from callbot.domain.data_rights import DataRight
from callbot.domain.events import CallAnswered, Event
from callbot.domain.personal import PhoneNumber
from callbot.insight.figures.facts import Motive, Outcome
from callbot.insight.figures.figure import CallFilter
from callbot.review.annotations import ErrorKind
from callbot.web.figures.paths import CALLS as FIGURES_LINK
from callbot.web.review.annotation_form import Asked, Offered, read_annotation
from callbot.web.review.criteria import filters_of
from tests.review.sample import SECRETS, WRONG_ADDRESS, said
from tests.web.review_world import ReviewService, review_service
from tests.web.staff_world import Staff

REASON = "Réclamation reçue le 23 novembre"
CALL = "/admin/calls/CA1"
CALLER = PhoneNumber("+33612349876")


@pytest.fixture
async def review(migrated: Path, tmp_path: Path) -> AsyncIterator[ReviewService]:
    """The review over a database of its own, with two calls."""
    async with review_service(migrated, tmp_path) as running:
        await running.two_calls()
        yield running
    await asyncio.sleep(0)


async def somebody(review: ReviewService, role: Role) -> Staff:
    await review.account("x.essai", role)
    someone = Staff(review)
    await someone.sign_in("x.essai")
    return someone


@pytest.fixture
async def admin(review: ReviewService) -> AsyncIterator[Staff]:
    someone = await somebody(review, Role.ADMINISTRATOR)
    yield someone
    await someone.client.aclose()


async def test_the_list_shows_both_calls_and_filters_by_its_address(admin: Staff) -> None:
    page = await admin.get("/admin")
    assert "2 appels, du plus récent au plus ancien" in page.text
    assert {"/admin/calls/CA1", "/admin/calls/CA2"} <= set(page.links)
    page = await admin.get("/admin?motive=question&text=frigo")
    assert "/admin/calls/CA2" in page.links
    assert "/admin/calls/CA1" not in page.links
    page = await admin.get("/admin?since=2026-11-24")
    assert "Aucun appel ne correspond : retirez un filtre." in page.text


async def test_links_of_the_figures_find_their_calls(admin: Staff) -> None:
    wanted = CallFilter(
        motive=Motive.BOOK, outcome=Outcome.HANDED_OVER, asked=True, territory="marseille", reason="asked"
    )
    page = await admin.get(f"{FIGURES_LINK}?{wanted.query}")
    assert "/admin/calls/CA1" in page.links
    assert "/admin/calls/CA2" not in page.links


@given(
    st.dictionaries(st.sampled_from(["since", "until", "motive", "text", "after", "territory", "unsure"]), st.text())
)
def test_any_address_is_read_and_what_does_not_fit_filters_nothing(query: dict[str, str]) -> None:
    filters = filters_of(query)
    assert filters_of({"text": filters.text}).criteria.words == filters.criteria.words
    assert len(filters.text) <= 80


async def test_a_strange_address_shows_all_calls(admin: Staff) -> None:
    page = await admin.get("/admin?since=demain&motive=x&outcome=%00&territory=%3Cb%3E&after=CA99&reason=none")
    assert "2 appels" in page.text


async def test_older_calls_are_a_page_further(review: ReviewService, admin: Staff) -> None:
    for number in range(60):
        await review.tells(f"CB{number:02d}", WRONG_ADDRESS[:4])
    review.clock.advance(minutes=11)
    await review.indexed()
    page = await admin.get("/admin")
    first = {link for link in page.links if link.startswith("/admin/calls/")}
    (older,) = [link for link in page.links if "after=" in link]
    second = {link for link in (await admin.get(older)).links if link.startswith("/admin/calls/")}
    assert (len(first), len(second)) == (50, 12)
    assert not first & second


async def test_a_call_is_shown_without_anything_about_its_caller(admin: Staff) -> None:
    page = await admin.get(CALL)
    assert "Pas de son ici" in page.text
    assert "J'ai noté : numéro masqué , voie masquée , Marseille, sixième arrondissement" in page.text
    shown = set(re.findall(r"\w+", page.html.casefold()))
    assert not shown & {secret.casefold() for secret in SECRETS}
    assert not [secret for secret in SECRETS if secret.isdigit() and secret in page.html]
    assert "no-store" in page.headers["cache-control"]


async def test_an_unknown_call_is_told(admin: Staff) -> None:
    page = await admin.get("/admin/calls/CA99")
    assert (page.status, "Appel introuvable" in page.text) == (404, True)


@pytest.mark.parametrize(
    ("role", "unmasks", "annotates", "journal"),
    [
        (Role.SUPERVISOR, 403, 303, 403),
        (Role.ADMINISTRATOR, 200, 303, 200),
        (Role.DATA_PROTECTION_OFFICER, 200, 403, 200),
        (Role.READ_ONLY, 403, 403, 403),
        (Role.AGENT, 403, 403, 403),
    ],
)
async def test_each_role_does_what_it_may_and_no_more(
    review: ReviewService, role: Role, unmasks: int, annotates: int, journal: int
) -> None:
    someone = await somebody(review, role)
    await someone.get("/agents/compte")
    token = next(form.fields["jeton"] for form in someone.page.forms if "jeton" in form.fields)
    shown = await someone.client.post(f"{CALL}/demasquer", data={"jeton": token, "champ": "12.text.1", "motif": REASON})
    noted = await someone.client.post(f"{CALL}/annoter", data={"jeton": token, "ligne": "12", "sorte": "hearing"})
    read = await someone.client.get("/admin/journal")
    assert (shown.status_code, noted.status_code, read.status_code) == (unmasks, annotates, journal)
    assert ("rue Dragon" in shown.text) == (unmasks == 200)
    assert len(await review.storage.reveals.entries()) == (unmasks == 200)
    await someone.client.aclose()


async def test_links_to_what_one_may_not_do_are_not_shown(review: ReviewService) -> None:
    someone = await somebody(review, Role.READ_ONLY)
    page = await someone.get(CALL)
    assert page.status == 200
    assert not [link for link in page.links if "champ=" in link or "ligne=" in link or "journal" in link]
    page = await someone.get(f"{CALL}?ligne=12&champ=12.text.1")
    assert not [form for form in page.forms if form.action.startswith("/admin")]
    await someone.client.aclose()


async def test_a_field_is_shown_in_one_answer_only_and_never_in_an_address_or_a_log(
    review: ReviewService, admin: Staff
) -> None:
    await admin.get(f"{CALL}?champ=12.text.1")
    with capture_logs() as logs:
        page = await admin.press("Voir ce champ", motif=REASON)
    assert "rue Dragon" in page.text
    assert "Dragon" not in page.url
    assert "Dragon" not in str(logs)
    assert "Dragon" not in (await admin.get(CALL)).html
    assert "Dragon" not in (await admin.get("/admin/journal")).html
    assert REASON in admin.page.text
    (entry,) = await review.storage.reveals.entries()
    assert entry.what == "call CA1, event 12, text 1: voie"


async def test_without_a_reason_nothing_is_shown_and_what_was_typed_stays(review: ReviewService, admin: Staff) -> None:
    await admin.get(f"{CALL}?champ=12.text.1")
    page = await admin.press("Voir ce champ", motif="voir")
    assert (page.status, "écrivez pourquoi" in page.text) == (422, True)
    assert "Dragon" not in page.html
    assert ">voir</textarea>" in page.html
    assert await review.storage.reveals.entries() == []


@pytest.mark.parametrize("field", ["", "x", "12.text.9", "2.text.0", "12.nothing.0"])
async def test_a_field_that_is_none_is_refused(review: ReviewService, admin: Staff, field: str) -> None:
    await admin.get(f"{CALL}?champ=12.text.1")
    page = await admin.press("Voir ce champ", champ=field, motif=REASON)
    assert page.status == 404
    assert await review.storage.reveals.entries() == []


async def test_an_annotation_is_kept_with_what_was_expected_and_masked_when_shown(
    review: ReviewService, admin: Staff
) -> None:
    await admin.get(f"{CALL}?ligne=12")
    page = await admin.press(
        "Enregistrer l'annotation", sorte="address", note="Il a dit rue Sylvabelle", paroles="Douze rue Sylvabelle",
        numero="12", rue="Rue Sylvabelle", commune="13206", objet0="canape", combien0="2", intention="book",
        fiche="prix",
    )  # fmt: skip
    assert "L'annotation est enregistrée." in page.text
    assert "Sylvabelle" not in page.html
    (kept,) = await review.storage.annotations.of_call("CA1")
    assert (kept.kind, kept.seq, kept.expected.street, kept.expected.number) == (
        ErrorKind.ADDRESS, 12, "Rue Sylvabelle", 12,
    )  # fmt: skip
    assert (kept.expected.items, kept.expected.entry) == ((("canape", 2),), "prix")
    page = await admin.press("En faire un cas de régression")
    assert await review.case_names() == ("annotation_1",)
    assert "annotation_1" in (await admin.get("/admin/annotations")).text
    await admin.get(CALL)
    page = await admin.press("Effacer le cas")
    assert "Le cas de régression est effacé." in page.text
    assert await review.case_names() == ()


async def test_what_was_expected_is_shown_for_a_reason_only(admin: Staff) -> None:
    await admin.get(f"{CALL}?ligne=12")
    await admin.press("Enregistrer l'annotation", sorte="address", rue="Rue Sylvabelle")
    await admin.get(f"{CALL}?champ=12.street1.0")
    page = await admin.press("Voir ce champ", motif=REASON)
    assert "Rue Sylvabelle" in page.text


async def test_a_wrong_annotation_says_what_is_wrong_and_keeps_what_was_typed(admin: Staff) -> None:
    await admin.get(f"{CALL}?ligne=12")
    page = await admin.press(
        "Enregistrer l'annotation", numero="12 bis", rue="Rue Dragon", objet0="canape", combien0="0"
    )
    assert page.status == 422
    for words in ("choisissez une sorte d'erreur", "sans « bis » ni lettre", "un nombre de 1 à 99"):
        assert words in page.text
    assert 'value="Rue Dragon"' in page.html


async def test_an_annotation_that_no_machine_can_check_makes_no_case(review: ReviewService, admin: Staff) -> None:
    await admin.get(f"{CALL}?ligne=12")
    page = await admin.press("Enregistrer l'annotation", sorte="tone")
    assert "En faire un cas" not in page.html
    token = page.forms[0].fields["jeton"]
    answer = await admin.client.post("/admin/annotations/1/cas", data={"jeton": token})
    assert answer.status_code == 422
    answer = await admin.client.post("/admin/annotations/9/cas", data={"jeton": token})
    assert answer.status_code == 404
    assert await review.case_names() == ()


@pytest.mark.parametrize(
    "path", [f"{CALL}/annoter", f"{CALL}/demasquer", "/admin/annotations/1/cas", "/admin/annotations/1/oublier-cas"]
)
async def test_forms_of_other_sites_change_and_show_nothing(review: ReviewService, admin: Staff, path: str) -> None:
    page = await admin.get(CALL)
    token = page.forms[0].fields["jeton"]
    form = {"ligne": "12", "sorte": "tone", "champ": "12.text.1", "motif": REASON}
    stranger = await admin.client.post(path, data={**form, "jeton": token}, headers={"origin": "https://evil.example"})
    forged = await admin.client.post(path, data={**form, "jeton": "x" * 43})
    assert (stranger.status_code, forged.status_code) == (403, 403)
    assert "Dragon" not in stranger.text + forged.text
    assert await review.storage.annotations.of_call("CA1") == []


async def test_words_of_callers_are_text_not_markup(review: ReviewService, admin: Staff) -> None:
    events: tuple[Event, ...] = (*WRONG_ADDRESS[:3], said("<script>alert(1)</script> un canapé"), WRONG_ADDRESS[-1])
    await review.tells("CA5", events)
    await review.indexed()
    for path in ("/admin", "/admin/calls/CA5"):
        assert "<script" not in (await admin.get(path)).html
    assert "<b>" not in (await admin.get("/admin?text=%3Cb%3E")).html


OFFERED = Offered({"canape"}, {"13206"}, {"prix"})


@given(
    st.dictionaries(
        st.sampled_from(["ligne", "sorte", "numero", "rue", "commune", "objet0", "combien0", "note"]), st.text()
    )
)
def test_any_form_is_an_annotation_or_says_what_is_wrong(form: dict[str, str]) -> None:
    read = read_annotation(form, "CA1", "acc1", OFFERED)
    if isinstance(read, Asked):
        assert read.errors or not form.get("ligne", "").isdigit() or len(form["ligne"]) > 6
    else:
        assert read.expected.insee in ("", "13206")


async def test_calls_of_limited_data_are_neither_found_nor_shown(review: ReviewService, admin: Staff) -> None:
    async def limited(*, on: bool) -> None:
        async with review.storage.rights.writing() as work:
            if on:
                await work.limit(CALLER, DataRight.LIMITATION, "D-1", review.clock.at)
            else:
                await work.lift(CALLER)

    await review.tells("CA3", [CallAnswered(CALLER, today=date(2026, 11, 23)), *WRONG_ADDRESS[1:]])
    review.clock.advance(minutes=20)
    await review.indexed()
    for path in ("/admin", "/admin?text=canap%C3%A9"):
        assert "/admin/calls/CA3" in (await admin.get(path)).links
        await limited(on=True)
        page = await admin.get(path)
        assert "/admin/calls/CA3" not in page.links
        assert "/admin/calls/CA1" in page.links
        assert (await admin.get("/admin/calls/CA3")).status == 404
        await limited(on=False)
    assert (await admin.get("/admin/calls/CA3")).status == 200
