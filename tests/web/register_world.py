"""The public pages over an invented configuration and a last run with a promise of each verdict."""

from __future__ import annotations

from dataclasses import replace

from fastapi import FastAPI

from callbot.privacy.charter import CHECKS, Result, read_charter, run
from callbot.privacy.charter.text import charter_file
from callbot.privacy.papers import papers
from callbot.privacy.register import ModelInUse, Outside, RegisterSource, RuleInForce, register_of
from callbot.privacy.retention import rules
from callbot.settings import Retention
from callbot.web.register.router import RegisterDeps, register_router
from callbot.web.rendering import STYLE, style_sheet
from tests.privacy.charter_world import kept_grounds

CLAUSES = read_charter(charter_file().read_text(encoding="utf-8"))
SOURCE = RegisterSource(
    authority="Métropole d'essai",
    people_phone="0800 00 00 00",
    program="callbot 0.0",
    models=(ModelInUse("Whisper base", "Transforme la voix en texte.", "ab" * 32),),
    outside=(Outside("Opérateur d'essai", "Il achemine les appels.", "Il reçoit le numéro.", used=True),),
    rules=(RuleInForce("Pays d'essai", "pays_d_essai", "Délibération d'essai.", "du 01/01/2026", sample=True),),
    retention=rules(Retention()),
    knowledge_version="cd" * 32,
    entries=12,
    samples=5,
)


def last_run() -> Result:
    """A run with a promise kept, one broken, one not measured."""
    grounds = kept_grounds()
    assert grounds.database is not None
    return run(CLAUSES, CHECKS, replace(grounds, database=replace(grounds.database, dead_lines=2), evidence={}))


def public_pages(result: Result | None) -> FastAPI:
    """The pages alone."""

    async def last() -> Result | None:
        return result

    app = FastAPI(openapi_url=None)
    app.include_router(
        register_router(RegisterDeps(lambda: register_of(SOURCE), last, CLAUSES, paper=papers(SOURCE).get))
    )
    app.add_api_route(STYLE, style_sheet, methods=["GET"])
    return app
