"""``callbot privacy requests``: the register of requests about data, with its deadlines, and every move of one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import typer

from callbot.bootstrap import SystemClock
from callbot.bootstrap.rights import officers_desk
from callbot.commands.lists import AsJson, opened, show
from callbot.commands.privacy_journal import who_asks
from callbot.commands.privacy_people import phone_number
from callbot.commands.problems import told
from callbot.domain.data_rights import DataRight, Urgency
from callbot.privacy.rights_desk import (
    DataRequest,
    MovedMeanwhileError,
    NoNumberError,
    NotAllowedError,
    OfficersDesk,
    ReasonMissingError,
    UnknownRequestError,
)
from callbot.privacy.rights_desk.officers import LEAST_REASON, Listed
from callbot.settings import load_settings

app = typer.Typer(help="Requests of people about their data.", invoke_without_command=True)
Done = TypeVar("Done")
Number = Annotated[str, typer.Argument(help="number of the request, D-...")]
Why = Annotated[str, typer.Option("--reason", help="what the person is told; no name")]


class Step(StrEnum):
    """What may be done with a request without a reason."""

    CALLED_BACK = "called-back"
    TAKE = "take"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    NOT_IDENTIFIED = "not-identified"
    LIFT = "lift"


def register(root: typer.Typer) -> None:
    """Hang ``requests`` into ``callbot privacy``."""
    root.add_typer(app, name="requests")


@app.callback()
def requests(
    context: typer.Context,
    as_json: AsJson = False,
    closed: Annotated[bool, typer.Option("--closed", help="the last that ended instead of the open ones")] = False,
    alarm: Annotated[bool, typer.Option("--alarm", help="end with 1 when one is overdue, for a timer")] = False,
) -> None:
    """Requests that wait, the nearest deadline first; nobody's number or name is shown."""
    if context.invoked_subcommand is not None:
        return
    with told("privacy requests"):
        found = _with_desk(lambda desk: desk.closed_ones() if closed else desk.open_ones())
    show([_row(listed) for listed in found], _lines(found), as_json=as_json)
    late = [listed.request.id for listed in found if listed.urgency is Urgency.OVERDUE]
    if late:
        typer.echo(f"OVERDUE: {len(late)} ({', '.join(late)})", err=True)
        if alarm:
            raise typer.Exit(1)


@app.command()
def add(
    right: Annotated[DataRight, typer.Option("--right", help="what is asked")],
    phone: Annotated[str, typer.Option("--phone", help="number concerned; - asks for it")] = "-",
    details: Annotated[str, typer.Option("--details", help="what is to be corrected; kept sealed")] = "",
) -> None:
    """Write down a request that came by letter, by e-mail or at a counter."""
    number = phone_number(typer.prompt("Phone number", hide_input=True) if phone == "-" else phone)
    made = _moved(lambda desk, who: desk.write_down(right, number, details, who))
    typer.echo(f"{made.id}: answer by {made.due_on.isoformat()}")


@app.command()
def move(
    number: Number,
    step: Annotated[Step, typer.Option("--step", help="what was done, or is to be done")],
    yes: Annotated[bool, typer.Option("--yes", help="do not ask before an erasure")] = False,
) -> None:
    """Lead a request on: called-back, take, answer (erases, limits or closes), withdraw, not-identified, lift."""
    if step is Step.ANSWER and not yes:
        typer.confirm("Answer it (an erasure cannot be undone)?", abort=True)
    done = _moved(lambda desk, who: _step(desk, number, step, who))
    typer.echo(f"{number}: {done.state.value}{f', certificate {done.certificate}' if done.certificate else ''}")


@app.command()
def extend(number: Number, reason: Why) -> None:
    """Three months instead of one, once, within the first month; the person is told why (RGPD art. 12(3))."""
    done = _moved(lambda desk, who: desk.extend(number, reason, who))
    typer.echo(f"{number}: answer by {done.due_on.isoformat()}")


@app.command()
def refuse(number: Number, reason: Why) -> None:
    """Refuse a request; the person is told why and where to complain (RGPD art. 12(4))."""
    done = _moved(lambda desk, who: desk.refuse(number, reason, who))
    typer.echo(f"{number}: {done.state.value}")


async def _step(desk: OfficersDesk, number: str, step: Step, who: str) -> DataRequest:
    match step:
        case Step.CALLED_BACK:
            return await desk.called_back(number, who)
        case Step.TAKE:
            return await desk.take(number, who)
        case Step.ANSWER:
            return await desk.answer(number, who)
        case Step.WITHDRAW:
            return await desk.withdraw(number, who)
        case Step.NOT_IDENTIFIED:
            return await desk.not_identified(number, who)
        case Step.LIFT:
            await desk.lift(number, who)
            return (await desk.show(number)).request


def _moved(work: Callable[[OfficersDesk, str], Awaitable[DataRequest]]) -> DataRequest:
    with told("privacy requests"):
        who = who_asks()
        try:
            return _with_desk(lambda desk: work(desk, who))
        except UnknownRequestError:
            problem = "there is no request of this number"
        except (NotAllowedError, MovedMeanwhileError):
            problem = "the request does not stand where this can be done; only who took it answers it"
        except NoNumberError:
            problem = "nobody knows its number yet: identify the person on the page of the request"
        except ReasonMissingError:
            problem = f"the reason needs {LEAST_REASON} characters: the person reads it"
    typer.echo(f"privacy requests: {problem}", err=True)
    raise typer.Exit(1)


def _with_desk(work: Callable[[OfficersDesk], Awaitable[Done]]) -> Done:
    async def run() -> Done:
        settings = load_settings()
        async with opened(settings, "requests") as storage:
            return await work(officers_desk(settings, storage, SystemClock()))

    return asyncio.run(run())


def _row(listed: Listed) -> dict[str, Any]:
    one = listed.request
    return {
        "number": one.id,
        "right": one.right.value,
        "state": one.state.value,
        "channel": one.channel.value,
        "received_at": one.received_at.isoformat(),
        "due_on": one.due_on.isoformat(),
        "extended": one.extended_at is not None,
        "urgency": listed.urgency.value,
        "taken_by": one.taken_by,
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "certificate": one.certificate,
    }


def _lines(found: Sequence[Listed]) -> Iterator[str]:
    yield f"{'number':20} {'right':14} {'state':15} {'due':10}  how it stands"
    for listed in found:
        one = listed.request
        yield f"{one.id:20} {one.right:14} {one.state:15} {one.due_on}  {listed.urgency.replace('_', ' ')}"
