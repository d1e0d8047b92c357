"""What the register is made from: the configuration that runs, without a secret and without a person."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from callbot.privacy.retention import Rule


@dataclass(frozen=True, slots=True)
class ModelInUse:
    """A model: ``name`` with its version, what it is for (French), SHA-256 of its main file ("": part of a package)."""

    name: str
    purpose: str
    sha256: str
    always: bool = True
    """False: only where these settings ask for it"""


@dataclass(frozen=True, slots=True)
class Outside:
    """Somebody else's service: who, for what, what it gets (French); ``used`` under these settings."""

    name: str
    purpose: str
    data: str
    used: bool


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """The collection rules of a territory; ``sample``: not confirmed by the authority."""

    territory: str
    rule: str
    source: str
    version: str
    sample: bool


@dataclass(frozen=True, slots=True)
class RegisterSource:
    """Everything the register tells that another set-up would tell otherwise."""

    authority: str
    people_phone: str
    program: str
    """name and version of the program"""
    models: tuple[ModelInUse, ...]
    outside: tuple[Outside, ...]
    rules: tuple[RuleInForce, ...]
    retention: tuple[Rule, ...]
    knowledge_version: str
    entries: int
    samples: int
    asks_name: bool = False
    asks_satisfaction: bool = False
    listens: bool = False
    """supervisors may listen to what callers and agents say"""
    thresholds: tuple[str, ...] = ()
    """what sends all calls to people by itself (French)"""


def checksum(source: RegisterSource) -> str:
    """SHA-256 over everything: equal for equal configurations, so that a page can be held against what runs."""
    text = json.dumps(asdict(source), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
