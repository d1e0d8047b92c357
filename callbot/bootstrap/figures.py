"""The figures, wired: which territory a commune belongs to, what steps are called, what there was before."""

from __future__ import annotations

from callbot.dialogue.prompts import MEANINGS
from callbot.domain.clock import Clock
from callbot.insight.figures import Baseline, FigureDesk, Reader
from callbot.knowledge import KnowledgeBase
from callbot.messages.opinions import opinion_sms
from callbot.settings import LOCAL_ZONE, Settings
from callbot.storage import CallFactsProjection, Storage
from callbot.web.figures.router import FiguresDeps
from callbot.web.staff.router import StaffDeps, staff_guard

FIGURES_EVERY_S = 60.0
_UNSTATED = "source non précisée"


def figure_desk(settings: Settings, knowledge: KnowledgeBase, storage: Storage, clock: Clock) -> FigureDesk:
    """Answers questions about periods."""
    names = {rules.id: rules.name for rules in knowledge.territories}
    steps = {act.value: meaning for act, meaning in MEANINGS.items()}
    before = baseline(settings)
    return FigureDesk(storage.figures, lambda: Reader(clock.now().date(), steps, names, before))


def figures_deps(settings: Settings, knowledge: KnowledgeBase, storage: Storage, staff: StaffDeps) -> FiguresDeps:
    """What the pages of figures need."""
    desk = figure_desk(settings, knowledge, storage, staff.clock)
    return FiguresDeps(desk, storage.figures, staff_guard(staff), staff.theme)


def facts_kept_up(knowledge: KnowledgeBase, storage: Storage) -> CallFactsProjection:
    """What folds calls into facts behind their back."""
    return storage.call_facts(LOCAL_ZONE, lambda insee: _territory(knowledge, insee))


async def ask_opinions(storage: Storage) -> int:
    """Ask those who agreed and whose objects were taken away; how many SMS were queued."""
    due = await storage.satisfaction.due()
    return sum([await storage.satisfaction.ask(each, opinion_sms(each.day)) for each in due])


def baseline(settings: Settings) -> Baseline | None:
    """What there was before the assistant, as far as the settings tell."""
    known = settings.figures
    if known.baseline_wait_s is None:
        return None
    source = known.baseline_source or _UNSTATED
    return Baseline(known.baseline_wait_s, source, known.baseline_error_s, known.baseline_end_to_end_s)


def _territory(knowledge: KnowledgeBase, insee: str) -> str | None:
    rules = knowledge.territory_of(insee)
    return rules.id if rules else None
