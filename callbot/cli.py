"""The ``callbot`` command."""

from __future__ import annotations

import os

# Small models run slower, not faster, on many threads; read by the libraries when they are loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import typer

from callbot.commands import (
    accounts,
    bookings,
    call_backs,
    charter,
    crew_list,
    demo,
    doctor,
    ears,
    export,
    gaps,
    gazetteer,
    hand_overs,
    knowledge,
    kpis,
    messages,
    plan,
    privacy,
    rehearse,
    replan,
    reports,
    service,
    speech,
    switch,
    tables,
    twilio,
    understand,
)
from callbot.commands.logs import configure_logs
from callbot.commands.problems import told

app = typer.Typer(
    help="Callbot des encombrants : a resident rings, the bot books a bulky-waste pickup.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)
for group in (
    service, demo, doctor, speech, ears, understand, gazetteer, knowledge, bookings, call_backs, crew_list, hand_overs,
    reports, export, gaps, replan, messages, plan, kpis, rehearse, accounts, switch, twilio, tables, charter, privacy,
):  # fmt: skip
    group.register(app)


def main() -> None:
    """Entry point; the exit code is 0 only on success."""
    configure_logs()
    with told("callbot"):
        app()
