"""Roles and what each may do."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """One thing a page or a button asks for."""

    DESK = "desk"
    """calls going on, the queue of hand-overs, bookings on behalf of callers, call-backs"""
    LISTEN = "listen"
    """join a call that somebody else leads"""
    REVIEW = "review"
    """read past calls, masked"""
    UNMASK = "unmask"
    """see one masked field, with a written reason"""
    ANNOTATE = "annotate"
    """say what the bot did wrong"""
    PUBLISH_KNOWLEDGE = "publish_knowledge"
    EDIT_RULES = "edit_rules"
    """rules, capacities, closures, opening hours, messages"""
    KILL_SWITCH = "kill_switch"
    """send all calls to people, and let the bot answer again"""
    FIGURES = "figures"
    PUBLISH_FIGURES = "publish_figures"
    """make the figures of a month public"""
    JOURNAL = "journal"
    """who looked at what, and why"""
    DATA_RIGHTS = "data_rights"
    """answer requests of people about their data: export, limit, erase"""
    ACCOUNTS = "accounts"
    """make, disable and reset accounts"""


class Role(StrEnum):
    """What somebody is; every account has one."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    READ_ONLY = "read_only"

    @property
    def rights(self) -> frozenset[Right]:
        """What this role may."""
        return _RIGHTS[self]

    @property
    def powerful(self) -> bool:
        """True where a stolen password would reveal people's data or change what callers meet."""
        return bool(self.rights & _POWER)


_POWER = frozenset(
    {
        Right.UNMASK,
        Right.PUBLISH_KNOWLEDGE,
        Right.EDIT_RULES,
        Right.KILL_SWITCH,
        Right.JOURNAL,
        Right.ACCOUNTS,
        Right.DATA_RIGHTS,
    }
)
_RIGHTS = {
    Role.AGENT: frozenset({Right.DESK}),
    Role.SUPERVISOR: frozenset(
        {Right.DESK, Right.LISTEN, Right.REVIEW, Right.ANNOTATE, Right.KILL_SWITCH, Right.FIGURES}
    ),
    # Not the desk: who administers does not answer callers, and has no need of the numbers shown there.
    Role.ADMINISTRATOR: frozenset(Right) - {Right.DESK, Right.LISTEN},
    Role.DATA_PROTECTION_OFFICER: frozenset(
        {Right.REVIEW, Right.UNMASK, Right.JOURNAL, Right.FIGURES, Right.DATA_RIGHTS}
    ),
    Role.READ_ONLY: frozenset({Right.REVIEW, Right.FIGURES}),
}
