"""The register and the charter's last verification, as everybody gets them."""

from __future__ import annotations

from dataclasses import replace

import httpx

from callbot.privacy.charter import Result
from callbot.privacy.register import checksum, empty_sections, register_of
from tests.web.register_world import CLAUSES, SOURCE, last_run, public_pages


async def got(path: str, result: Result | None = None) -> httpx.Response:
    transport = httpx.ASGITransport(public_pages(result))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path)


async def test_the_register_tells_what_runs_with_its_checksums() -> None:
    page = await got("/registre")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    for told in (checksum(SOURCE), SOURCE.knowledge_version, "ab" * 32, "pays_d_essai", "30 jours après", "art"):
        assert told in page.text
    assert 'href="/registre/chiffres"' in page.text
    assert empty_sections(register_of(SOURCE)) == ()


async def test_another_configuration_has_another_checksum_and_says_what_differs() -> None:
    other = replace(SOURCE, asks_name=True)
    assert checksum(other) != checksum(SOURCE)
    said = [sentence for section in register_of(other).sections for sentence in section.sentences]
    assert any("Un nom est demandé" in sentence for sentence in said)


async def test_a_section_without_a_word_is_seen() -> None:
    register = register_of(SOURCE)
    mute = replace(register, sections=(replace(register.sections[0], sentences=()), *register.sections[1:]))
    assert empty_sections(mute) == (register.sections[0].title,)


async def test_the_charter_shows_failures_first_and_every_promise() -> None:
    page = await got("/registre/charte", last_run())
    assert page.status_code == 200
    assert all(clause.title.replace("'", "&#39;") in page.text for clause in CLAUSES)
    assert "laissés sans suite par une panne : 2" in page.text
    broken, unmeasured, kept = (
        page.text.index(f'class="promise {mark}"') for mark in ("broken", "not-measured", "kept")
    )
    assert broken < unmeasured < kept
    assert "Non tenue" in page.text
    assert "10/03/2027 à 13 h 00" in page.text


async def test_before_the_first_run_nothing_is_claimed() -> None:
    page = await got("/registre/charte")
    assert "Aucune vérification" in page.text
    assert 'class="promise kept"' not in page.text


async def test_a_paper_is_text_and_an_unknown_one_is_told_so() -> None:
    assert (await got("/registre/documents/aipd.md")).text.startswith("# Analyse d'impact")
    missing = await got("/registre/documents/autre.md")
    assert missing.status_code == 404
    assert "<script" not in missing.text
