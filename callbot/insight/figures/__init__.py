"""What calls come to: one line a call, sums of many, figures with their formulas; pure."""

from callbot.insight.figures.catalogue import figures_of
from callbot.insight.figures.facts import CallFacts, CallKey, Motive, Outcome, Timed, recalled_at, with_recalls
from callbot.insight.figures.figure import NO_SENSE, CallFilter, Family, Figure, Named, Unit
from callbot.insight.figures.folding import Beside, TerritoryOf, facts_of, later
from callbot.insight.figures.periods import ALL, By, DayTally, Part, Reader
from callbot.insight.figures.report import COLUMNS, FigureDesk, Question, Report, report_rows
from callbot.insight.figures.sample import Baseline, Sample
from callbot.insight.figures.statistics import Interval
from callbot.insight.figures.tally import Tally, by_hour, is_ripe, tally_of, total

__all__ = [
    "ALL",
    "COLUMNS",
    "NO_SENSE",
    "Baseline",
    "Beside",
    "By",
    "CallFacts",
    "CallFilter",
    "CallKey",
    "DayTally",
    "Family",
    "Figure",
    "FigureDesk",
    "Interval",
    "Motive",
    "Named",
    "Outcome",
    "Part",
    "Question",
    "Reader",
    "Report",
    "Sample",
    "Tally",
    "TerritoryOf",
    "Timed",
    "Unit",
    "by_hour",
    "facts_of",
    "figures_of",
    "is_ripe",
    "later",
    "recalled_at",
    "report_rows",
    "tally_of",
    "total",
    "with_recalls",
]
