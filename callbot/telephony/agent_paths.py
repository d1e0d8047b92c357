"""Where Twilio asks us about agents' telephones. In the addresses: ids of a call and of an account, nobody's name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastapi import Request

TO_AGENT_PATH = "/voice/agent"
"""a caller's line that left the queue for an agent"""
SCREEN_PATH = "/voice/agent/screen"
ACCEPTED_PATH = "/voice/agent/accepted"
AFTER_AGENT_PATH = "/voice/agent/after"
LEG_STATUS_PATH = "/voice/agent/status"
CALL_BACK_SCREEN_PATH = "/voice/call-back/screen"
CALL_BACK_DIAL_PATH = "/voice/call-back/dial"
CALL_BACK_AFTER_PATH = "/voice/call-back/after"
CALL_BACK_STATUS_PATH = "/voice/call-back/status"
LISTEN_SCREEN_PATH = "/voice/listen/screen"
LISTEN_JOIN_PATH = "/voice/listen/join"

_ABOUT = re.compile(r"call=([A-Za-z0-9_-]{2,64})&agent=([A-Za-z0-9_-]{1,64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class About:
    """Which call a request is about, and which account's telephone."""

    call_id: str
    account: str


def for_agent(path: str, call_id: str, account: str) -> str:
    """One of the paths above, about a call and an account."""
    return f"{path}?call={call_id}&agent={account}"


def about(request: Request) -> About | None:
    """What the address says, None for anything else."""
    found = _ABOUT.fullmatch(request.scope["query_string"].decode("latin-1"))
    return About(*found.groups()) if found else None
