"""One machine through a year of calls: the door each call gets, how long its turns wait for a thread. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush, heapreplace

import numpy as np
from numpy.typing import NDArray

from callbot.insight.staffing import LogNormal
from callbot.insight.staffing.spreads import Floats
from callbot.telephony.admission import Door


@dataclass(frozen=True, slots=True)
class Machine:
    """What one process follows. ``work_s``: processor time a turn takes of a reading thread."""

    most: int
    threads: int
    work_s: LogNormal
    turns: int
    """the caller's, in a call"""
    most_by_turns: int
    """calls that go on turn by turn at once: each costs some milliseconds a turn"""


@dataclass(frozen=True, slots=True)
class YearOfDoors:
    """``doors``: calls by the way they were taken; ``waits``: seconds that turns of streams stood in line."""

    doors: dict[Door, int]
    at_once: NDArray[np.int64]
    """calls with the bot when each call came, itself included"""
    waits: Floats


def through(machine: Machine, at: Floats, lasts: Floats, dice: np.random.Generator) -> YearOfDoors:
    """A year: ``at`` ascending moments and how long each call stays with the bot, in seconds."""
    doors, at_once = _doors(machine, at, lasts)
    heard = np.array([door is Door.STREAM for door in doors])
    ends_of_turns = _turns(machine, at[heard], lasts[heard], dice)
    waits = in_line(ends_of_turns, machine.work_s.draw(dice, len(ends_of_turns)), machine.threads)
    return YearOfDoors({door: doors.count(door) for door in Door}, at_once, waits)


def _doors(machine: Machine, at: Floats, lasts: Floats) -> tuple[list[Door], NDArray[np.int64]]:
    """As ``telephony.admission`` decides, without what it sees of a busy machine."""
    ends: dict[Door, list[float]] = {Door.STREAM: [], Door.TURNS: []}
    room = {Door.STREAM: machine.most, Door.TURNS: machine.most_by_turns}
    doors, at_once = [], np.zeros(len(at), dtype=np.int64)
    for place, (begins, stays) in enumerate(zip(at.tolist(), lasts.tolist(), strict=True)):
        for going_on in ends.values():
            while going_on and going_on[0] <= begins:
                heappop(going_on)
        door = next((each for each in ends if len(ends[each]) < room[each]), Door.PEOPLE)
        if door is not Door.PEOPLE:
            heappush(ends[door], begins + stays)
        doors.append(door)
        at_once[place] = sum(map(len, ends.values()))
    return doors, at_once


def _turns(machine: Machine, at: Floats, lasts: Floats, dice: np.random.Generator) -> Floats:
    """When callers finish speaking: spread over their calls by chance; ascending."""
    return np.sort((at[:, None] + lasts[:, None] * dice.random((len(at), machine.turns))).ravel())


def in_line(arrivals: Floats, work: Floats, threads: int) -> Floats:
    """Seconds that each piece of work stands in line before ``threads`` that take them in order of arrival.

    The recursion of Kiefer and Wolfowitz for several servers: the next piece goes to the thread that is free first.
    """
    free = [0.0] * threads
    heapify(free)
    waits = np.empty(len(arrivals))
    for place, (comes, takes) in enumerate(zip(arrivals.tolist(), work.tolist(), strict=True)):
        begins = max(comes, free[0])
        waits[place] = begins - comes
        heapreplace(free, begins + takes)
    return waits
