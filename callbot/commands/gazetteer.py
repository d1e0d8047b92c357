"""``callbot gazetteer import|status`` and ``callbot locate``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from callbot.domain.addresses import AddressCandidate
from callbot.domain.meaning import HeardAddress
from callbot.gazetteer import BaseStatus, Gazetteer, UnreadableBaseError, communes, open_gazetteer
from callbot.gazetteer.ban import Progress as Advance
from callbot.gazetteer.ban import UnreadableFileError
from callbot.gazetteer.download import DownloadError, download, is_address
from callbot.gazetteer.importing import ImportReport, import_files
from callbot.gazetteer.readings import read_address
from callbot.gazetteer.store import ImportRunningError
from callbot.knowledge import KnowledgeError, load_knowledge
from callbot.settings import Settings, load_settings

app = typer.Typer(help="The address base: import the official files, see what it holds.", no_args_is_help=True)

_TROUBLE = (UnreadableFileError, UnreadableBaseError, ImportRunningError, DownloadError, KnowledgeError, OSError)
LONGEST_TEXT = 1000


def register(root: typer.Typer) -> None:
    """Hang ``gazetteer`` and ``locate`` into the ``callbot`` command."""
    root.add_typer(app, name="gazetteer")
    root.command("locate")(locate)


@app.command("import")
def import_(
    files: Annotated[list[str], typer.Argument(help="adresses-*.csv or .csv.gz: files or https addresses")],
    as_json: Annotated[bool, typer.Option("--json", help="print the report as JSON")] = False,
) -> None:
    """Import files of the national address base; the streets of the communes they hold are replaced.

    A killed import leaves the old base; start it again, a broken download goes on where it stopped. A running service
    takes the new base at its next start.
    """
    settings = load_settings()
    try:
        report = _import(settings, files)
    except _TROUBLE as error:
        raise _failed(error) from error
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        _tell_report(report)


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False) -> None:
    """What the base holds, and whether it is only the sample."""
    try:
        with closing(open_gazetteer(load_settings().gazetteer_file)) as gazetteer:
            base = gazetteer.status
    except _TROUBLE as error:
        raise _failed(error) from error
    if as_json:
        typer.echo(json.dumps({"sample": base.is_sample, **asdict(base)}, ensure_ascii=False))
    else:
        _tell_status(base)


def locate(
    text: Annotated[str, typer.Argument(help='an address, written or as heard: "12 rue de rome"')],
    in_: Annotated[
        str | None,
        typer.Option("--in", help="INSEE code or name: 13206, 'Marseille 6e', Aubagne", metavar="INSEE|NAME"),
    ] = None,
    limit: Annotated[int, typer.Option(help="candidates at most", min=1, max=50)] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="print the candidates as JSON")] = False,
) -> None:
    """Find an address by how it sounds: candidates with score, reason and sector, best first."""
    settings = load_settings()
    try:
        heard = _heard(text, in_)
        with closing(_open_with_sectors(settings)) as gazetteer:
            found = gazetteer.search(heard, limit=limit)
    except (*_TROUBLE, typer.BadParameter) as error:
        raise _failed(error) from error
    if as_json:
        typer.echo(json.dumps({"candidates": [candidate_json(one) for one in found]}, ensure_ascii=False))
    else:
        _tell_candidates(found)


def candidate_json(candidate: AddressCandidate) -> dict[str, Any]:
    """The stable JSON shape of a candidate."""
    address = candidate.address
    return {
        "street": address.street,
        "number": address.number,
        "repetition": address.repetition,
        "insee": address.insee,
        "commune": address.commune,
        "postcode": address.postcode,
        "lon": address.point.lon if address.point else None,
        "lat": address.point.lat if address.point else None,
        "sector": address.sector,
        "score": candidate.score,
        "probability": candidate.probability,
        "number_check": candidate.number_check.value,
        "why": dict(candidate.why),
    }


def _heard(text: str, place: str | None) -> HeardAddress:
    if len(text) > LONGEST_TEXT:
        raise typer.BadParameter(f"the text is longer than {LONGEST_TEXT} characters")
    known = communes()
    heard = read_address(text, known)
    if place is None:
        return heard
    commune = known.named(place)
    if commune is None:
        raise typer.BadParameter(f"{place!r} is no commune or arrondissement of the métropole")
    return HeardAddress(heard.number, heard.repetition, heard.street_heard, commune.insee)


def _open_with_sectors(settings: Settings) -> Gazetteer:
    knowledge = load_knowledge(settings.knowledge_dir)
    return open_gazetteer(settings.gazetteer_file, sector_of=lambda insee, _point: knowledge.sector_of(insee))


def _import(settings: Settings, files: Sequence[str]) -> ImportReport:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        folder = settings.data_dir / "downloads"
        paths = [download(f, folder, _advance(bar, f"download {f}")) if is_address(f) else Path(f) for f in files]
        now = datetime.now(UTC)
        return import_files(settings.gazetteer_file, paths, communes(), now, _advance(bar, "import"))


def _advance(bar: Progress, label: str) -> Advance:
    """A callback that moves a bar of its own, shown from its first call."""
    task = bar.add_task(label, total=None, visible=False)

    def advance(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total, visible=True)

    return advance


def _tell_report(report: ImportReport) -> None:
    typer.echo(
        f"{report.streets} streets and {report.numbers} numbers of {len(report.communes)} communes and arrondissements"
    )
    typer.echo(f"{report.lines} lines: {report.outside} of other communes, {report.doubles} said twice")
    if report.refused:
        typer.echo(f"{report.refused} lines refused, the first of them:")
        for one in report.refusals:
            typer.echo(f"  {one.file}, line {one.line}: {one.reason}")


def _tell_status(base: BaseStatus) -> None:
    typer.echo(f"{base.streets} streets, {base.numbers} numbers, {base.communes} communes and arrondissements")
    typer.echo(f"from {', '.join(base.sources)}, {base.imported_at}")
    if base.is_sample:
        typer.echo(
            f"{base.sample_communes} of them only have the sample's well-known streets; "
            "'callbot gazetteer import adresses-13.csv.gz' brings the real base (83 and 84 too)"
        )


def _tell_candidates(found: Sequence[AddressCandidate]) -> None:
    if not found:
        typer.echo("nothing like it in the base")
    for one in found:
        parts = ", ".join(f"{name} {value:+.2f}" for name, value in one.why.items())
        sector = one.address.sector or "no sector"
        typer.echo(f"{one.address.line}, {one.address.postcode} {one.address.commune} ({sector})")
        typer.echo(f"  score {one.score:.2f}, probability {one.probability:.2f}, number {one.number_check}: {parts}")


def _failed(error: Exception) -> typer.Exit:
    """One line on stderr, exit code 1."""
    typer.echo(" ".join(str(error).split()), err=True)
    return typer.Exit(1)
