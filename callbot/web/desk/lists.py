"""The home page of the desk and the part of it that goes on by itself."""

from __future__ import annotations

import asyncio
import io
import math
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Final

from fastapi import Request, Response
from starlette.responses import StreamingResponse

from callbot.access import Right
from callbot.desk import AgentDesk, LiveCalls, Presence, Switchboard, wish_of
from callbot.web.desk import paths, views, words
from callbot.web.forms import plain_text, read_form
from callbot.web.problems import RefusedError
from callbot.web.rendering import HEADERS, NO_STORE, go_to
from callbot.web.staff.guard import NOT_OURS, StaffGuard, Visit
from callbot.web.staff.rendering import StaffPages

EVERY_S: Final = 1.0
"""how often an open page is looked after"""
ALIVE_EVERY: Final = 15
"""rounds without news after which a line is sent all the same: proxies close what is silent"""
_SAID: Final = {
    "pris": "L'appel est à vous.",
    "remis": "L'appel attend de nouveau.",
    "termine": "C'est terminé.",
    "rendu": "Raccrochez maintenant : l'appelant reprend avec le robot là où il en était.",
    "trop-tard": "Une autre personne l'a déjà pris.",
    "injoignable": "L'opérateur ne répond pas : votre téléphone n'a pas sonné. L'appel attend toujours, à sa place.",
}


LONGEST_LINE: Final = 100
"""characters of a telephone"""
_NOT_A_LINE: Final = (
    "Ce téléphone ne peut pas être appelé. Donnez un numéro français ordinaire : pas un numéro en 08, ni celui du "
    "service."
)
AsksSwitch = Callable[[], Awaitable[bool]]


async def the_bot_answers() -> bool:
    """Nobody switched."""
    return False


@dataclass(frozen=True, slots=True)
class Lists:
    """``script``: whether pages go on by themselves; ``switched``: whether all new calls go to people."""

    desk: AgentDesk
    switchboard: Switchboard
    live: LiveCalls
    pages: StaffPages
    guard: StaffGuard
    script: bool
    switched: AsksSwitch = the_bot_answers

    async def home(self, request: Request, visit: Visit) -> Response:
        """``GET /desk``."""
        line = await self.switchboard.line(visit.account.id)
        said = _SAID.get(request.query_params.get("fait", ""), "")
        return await self._shown(visit, words.written_phone(line.reveal()) if line else "", said=said)

    async def say(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/presence``."""
        form = await read_form(request.headers, request.stream())
        if not visit.form_ok(form, request):
            raise RefusedError(NOT_OURS)
        line, there = form.get("ligne"), form.get("presence", "") == Presence.PRESENT.value
        if line is not None and not self.switchboard.may_ring(line):
            return await self._shown(visit, plain_text(line)[:LONGEST_LINE], wrong=_NOT_A_LINE)
        await self.desk.say(visit.account.id, Presence.PRESENT if there else Presence.PAUSE)
        if line is not None:
            await self.switchboard.say_line(visit.account.id, line)
        return go_to(paths.HOME)

    async def _shown(self, visit: Visit, line: str, *, said: str = "", wrong: str = "") -> Response:
        values: dict[str, object] = {
            "presence": await self.desk.presence(visit.account.id),
            "said": said,
            "wrong": wrong,
            "line": line,
            "rings": self.switchboard.rings,
            "longest_line": LONGEST_LINE,
            "listening": self.switchboard.listening,
            "may_listen": visit.may(Right.LISTEN),
            "live": self.script,
            **await self.values(visit),
        }
        title = _title(values["on_the_line"])
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        return self.pages.page("desk_home", title, visit, paths.HOME, status, tab=title, **values)

    async def stream(self, request: Request, visit: Visit) -> Response:
        """``GET /desk/direct``: the lists, each time something in them changes (server-sent events)."""
        headers = {**HEADERS, "Cache-Control": NO_STORE, "X-Accel-Buffering": "no"}
        return StreamingResponse(self._changes(request, visit), headers=headers, media_type="text/event-stream")

    async def sound(self, _request: Request, _visit: Visit) -> Response:
        """``GET /desk/son.wav``: what is heard when a call begins to wait."""
        return Response(_two_tones(), headers=HEADERS, media_type="audio/wav")

    async def values(self, visit: Visit) -> dict[str, object]:
        """What the lists show now."""
        account, now = visit.account.id, self.desk.now()
        backlog = await self.desk.backlog()
        going_on = await self.live.going_on()
        waiting = [views.waiting_line(call, await self.desk.known(call.work.call_id)) for call in backlog.calls]
        return {
            "waiting": waiting,
            "longest": views.longest(backlog.longest),
            "on_the_line": sum(line.on_the_line for line in waiting),
            "call_backs": [views.call_back_line(each, account) for each in backlog.call_backs],
            "own": [(work.call_id, words.REASONS[work.reason]) for work in await self.desk.own(account)],
            "going_on": [views.live_line(call, wish_of(call.state), now) for call in going_on],
            "switched": await self.switched(),
            "present": await self.desk.present(),
            "newest": max((line.call_id for line in waiting if line.on_the_line), default=""),
        }

    async def _changes(self, request: Request, visit: Visit) -> AsyncIterator[str]:
        shown, silent = "", 0
        while not await request.is_disconnected():
            # A session that ended gets nothing more; its page asks again and is sent to sign in.
            present = await self.guard.visit(request, counts=False)
            if present is None or not present.may(Right.DESK):
                return
            values = await self.values(visit)
            part = self.pages.part("desk_lists", visit, live=True, tab=_title(values["on_the_line"]), **values)
            silent = 0 if part != shown else silent + 1
            if part != shown:
                shown = part
                yield _message(part)
            elif silent % ALIVE_EVERY == 0:
                yield ": encore là\n\n"
            await asyncio.sleep(EVERY_S)


def _title(count: object) -> str:
    return f"({count}) Accueil d'appels" if count else "Accueil d'appels"


def _message(part: str) -> str:
    return "".join(f"data: {line}\n" for line in part.splitlines()) + "\n"


@cache
def _two_tones() -> bytes:
    """Two soft tones, 0.4 s, 8 kHz: made here, as no sound of anybody else is needed."""
    rate, length = 8000, 3200
    frames = bytearray()
    for at in range(length):
        tone = 660 if at < length // 2 else 880
        fade = min(1.0, 4 * (at % (length // 2)) / length, 4 * (length // 2 - at % (length // 2)) / length)
        frames += int(8000 * fade * math.sin(2 * math.pi * tone * at / rate)).to_bytes(2, "little", signed=True)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(bytes(frames))
    return buffer.getvalue()
