"""``callbot ears``: speech workers, so that more machines (or GPUs) can hear."""

from __future__ import annotations

import signal
import threading
from dataclasses import asdict
from typing import Annotated, Any

import typer

from callbot.commands.lists import AsJson, show
from callbot.commands.problems import told
from callbot.settings import EngineName, Speech, load_settings

app = typer.Typer(help="Speech workers: the engine in processes of their own, on this host or others.")

TIDY_EVERY_S = 5.0
GRACE_S = 20.0
"""what is being read when the worker stops is read to its end"""
ANSWER_S = 3.0


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Where to listen; by default as the settings say.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="0: any that is free.")] = None,
) -> None:
    """Read sound for services whose engine is "remote", until SIGTERM; nothing that is heard is logged or stored."""
    settings = load_settings()
    chosen = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    speech = settings.speech.model_copy(update={"worker": settings.speech.worker.model_copy(update=chosen)})
    if speech.engine is EngineName.REMOTE:
        typer.echo("ears serve: a worker reads itself: set CALLBOT_SPEECH__ENGINE=faster-whisper for it", err=True)
        raise typer.Exit(1)
    with told("ears serve"):
        # the engine's libraries and gRPC take a second to import: only this command pays for them
        from callbot.speech.engines import load_engine  # noqa: PLC0415
        from callbot.speech.workers.worker import EarsWorker, credentials_of  # noqa: PLC0415

        credentials_of(speech.worker)  # what is unsafe is told before seconds of loading
        worker = EarsWorker(load_engine(speech, settings.models_dir), speech)
        stopped = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stopped.set())
        listening = worker.start()
        typer.echo(f"speech worker on {speech.worker.host}:{listening}, {speech.threads} utterances at once")
        while not stopped.wait(TIDY_EVERY_S):
            worker.tidy()
        worker.stop(GRACE_S)


@app.command()
def status(as_json: AsJson = False) -> None:
    """How the workers of CALLBOT_SPEECH__WORKERS are; exit code 1 when one does not answer."""
    with told("ears status"):
        rows = worker_rows(load_settings().speech)
    show(rows, (worker_line(row) for row in rows), as_json=as_json)
    raise typer.Exit(0 if all(row["answers"] for row in rows) else 1)


def worker_rows(speech: Speech) -> list[dict[str, Any]]:
    """How each worker is, or its ``problem``. Raises ``UnsafeWorkersError`` or ``OSError``."""
    from callbot.speech.workers.remote import RemoteEngine  # noqa: PLC0415 - gRPC
    from callbot.speech.workers.wire import Status  # noqa: PLC0415

    engine = RemoteEngine(speech)
    found = dict(engine.statuses(ANSWER_S))
    engine.close()
    rows = []
    for address in speech.worker_addresses:
        state = found[address]
        told_of_it = asdict(state) if isinstance(state, Status) else {"problem": str(state)}
        rows.append({"worker": address, "answers": isinstance(state, Status), **told_of_it})
    return rows


def worker_line(row: dict[str, Any]) -> str:
    """The same for people."""
    if not row["answers"]:
        return str(row["problem"])
    return (
        f"{row['worker']}: {row['engine']} {row['model']}, {row['threads']} at once, "
        f"{row['load']} of {row['most']} read or in line"
    )


def register(root: typer.Typer) -> None:
    """Hang ``ears`` into the ``callbot`` command."""
    root.add_typer(app, name="ears")
