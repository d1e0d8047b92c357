"""Who of the staff may enter and do what: accounts, passwords, second factor, sessions, roles, throttling.

Use cases through ports. ``pwdlib`` (argon2) and ``pyotp`` are imported here only.
Belongs here: rules of signing in and what a role may. Does not belong here: pages, cookies, SQL, protocols
of other providers.
"""

from callbot.access.accounts import Account, Login
from callbot.access.administration import Administration, NotDone
from callbot.access.changes import Change, ChangeNote
from callbot.access.external import Claimed, ExternalEntry
from callbot.access.own_account import OwnAccount, SecondFactorKey
from callbot.access.passwords import Passwords, WeakPassword, weakness
from callbot.access.ports import OpensStaffWork, StaffWork
from callbot.access.roles import Right, Role
from callbot.access.sessions import Present, Sessions, SessionTimes, SessionToken
from callbot.access.signing_in import Credentials, Opened, Refused, SignIn

__all__ = [
    "Account",
    "Administration",
    "Change",
    "ChangeNote",
    "Claimed",
    "Credentials",
    "ExternalEntry",
    "Login",
    "NotDone",
    "Opened",
    "OpensStaffWork",
    "OwnAccount",
    "Passwords",
    "Present",
    "Refused",
    "Right",
    "Role",
    "SecondFactorKey",
    "SessionTimes",
    "SessionToken",
    "Sessions",
    "SignIn",
    "StaffWork",
    "WeakPassword",
    "weakness",
]
