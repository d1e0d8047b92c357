"""The routes of the review, each behind the guard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from callbot.access import Right
from callbot.dialogue.prompts import MEANINGS
from callbot.domain.geography import Commune
from callbot.insight.figures.folding import is_question
from callbot.insight.figures.words import MOTIVE_WORDS, OUTCOME_WORDS, REASON_WORDS
from callbot.review.annotating import Annotating
from callbot.review.annotations import KIND_WORDS, LONGEST_NOTE
from callbot.review.questions import act_words
from callbot.review.reading import LEAST_REASON, Reading
from callbot.review.search import PAGE
from callbot.review.words import INTENT_WORDS
from callbot.web.rendering import HEADERS
from callbot.web.review import paths, views
from callbot.web.review.annotation_form import ITEM_ROWS, LONGEST_FIELD, Offered
from callbot.web.review.annotations import AnnotationPages
from callbot.web.review.calls import LONGEST_REASON, CallPages
from callbot.web.review.criteria import LONGEST_TEXT
from callbot.web.review.ports import NamesStaff, ReadsJournal
from callbot.web.staff.guard import StaffGuard, StaffHandler
from callbot.web.staff.rendering import StaffPages, staff_templates
from callbot.web.staff.theme import Theme

_QUESTIONS = {act.value: words for act, words in MEANINGS.items() if is_question(act.value)}
_TEMPLATES = staff_templates(
    ("review_calls", "review_call", "review_annotations", "review_journal", "review_parts"),
    {
        "PATHS": paths, "of_call": paths.of_call, "of_annotation": paths.of_annotation, "views": views,
        "act_words": act_words, "MOTIVES": MOTIVE_WORDS, "OUTCOMES": OUTCOME_WORDS, "REASONS": REASON_WORDS,
        "KINDS": KIND_WORDS, "INTENTS": INTENT_WORDS, "QUESTIONS": _QUESTIONS,
        "LONGEST_NOTE": LONGEST_NOTE, "LONGEST_REASON": LONGEST_REASON, "LEAST_REASON": LEAST_REASON,
        "LONGEST_TEXT": LONGEST_TEXT, "LONGEST_FIELD": LONGEST_FIELD, "ITEM_ROWS": ITEM_ROWS, "PAGE": PAGE,
    },
)  # fmt: skip
_STYLE = files("callbot.web").joinpath("templates", "review.css").read_bytes()


@dataclass(frozen=True, slots=True)
class ReviewDeps:
    """What ``bootstrap`` hands over. ``territories``: names by id; ``entries``: ids of the knowledge base's answers;
    ``items``: labels by id."""

    reading: Reading
    annotating: Annotating
    journal: ReadsJournal
    names: NamesStaff
    communes: Sequence[Commune]
    territories: Mapping[str, str]
    items: Mapping[str, str]
    entries: Sequence[str]
    guard: StaffGuard
    theme: Theme


def review_router(deps: ReviewDeps) -> APIRouter:
    """Every page of the review."""
    shared = {"TERRITORIES": deps.territories, "COMMUNES": deps.communes, "ITEMS": deps.items, "ENTRIES": deps.entries}
    pages = StaffPages(_TEMPLATES, deps.theme, shared)
    offered = Offered(deps.items, {commune.insee for commune in deps.communes}, deps.entries)
    calls = CallPages(deps.reading, deps.annotating, pages, offered, deps.names)
    annotations = AnnotationPages(deps.annotating, deps.journal, pages, deps.names)
    router = APIRouter(include_in_schema=False)

    def add(path: str, handler: StaffHandler, right: Right, method: str = "GET") -> None:
        router.add_route(path, deps.guard.guarded(handler, right), methods=[method])

    router.add_route(paths.STYLE, _style, methods=["GET"])
    add(paths.HOME, calls.home, Right.REVIEW)
    add(paths.CALLS, calls.home, Right.REVIEW)
    add(paths.ANNOTATIONS, annotations.home, Right.REVIEW)
    add(paths.JOURNAL, annotations.journal, Right.JOURNAL)
    add(paths.CALL, calls.show, Right.REVIEW)
    add(paths.UNMASK, calls.unmask, Right.UNMASK, "POST")
    add(paths.ANNOTATE, calls.annotate, Right.ANNOTATE, "POST")
    add(paths.CASE, annotations.make_case, Right.ANNOTATE, "POST")
    add(paths.DROP_CASE, annotations.drop_case, Right.ANNOTATE, "POST")
    return router


async def _style(_request: Request) -> Response:
    return Response(_STYLE, headers={**HEADERS, "Cache-Control": "public, max-age=3600"}, media_type="text/css")
