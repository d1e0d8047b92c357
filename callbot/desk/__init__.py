"""The agents' desk: calls going on, calls that wait for a person, call-backs, what is sure of a call.

Belongs here: what agents do, as use cases through ports, and how urgent it is. Does not belong here: pages, tables, the
phone company. Nothing ranks agents: who took what is kept so that two people never take the same call.
"""

from callbot.desk.known import Certainty, Fact, Topic, facts, wish_of
from callbot.desk.lines import AgentLine, LineRules
from callbot.desk.live import LiveCall, LiveCalls
from callbot.desk.ports import (
    Answer,
    CallBackWork,
    EarlierCall,
    NumberedEvent,
    Presence,
    RingResult,
    RunningCall,
    Talk,
    Work,
)
from callbot.desk.switchboard import Heard, Rung, Switchboard, Taken
from callbot.desk.urgency import Urgency
from callbot.desk.work import AgentDesk, Backlog, Dossier, ToCallBack, Waiting
from callbot.desk.wrap_up import WrapUp

__all__ = [
    "AgentDesk",
    "AgentLine",
    "Answer",
    "Backlog",
    "CallBackWork",
    "Certainty",
    "Dossier",
    "EarlierCall",
    "Fact",
    "Heard",
    "LineRules",
    "LiveCall",
    "LiveCalls",
    "NumberedEvent",
    "Presence",
    "RingResult",
    "Rung",
    "RunningCall",
    "Switchboard",
    "Taken",
    "Talk",
    "ToCallBack",
    "Topic",
    "Urgency",
    "Waiting",
    "Work",
    "WrapUp",
    "facts",
    "wish_of",
]
