"""Where things are, and where one may be sent back to."""

from __future__ import annotations

import re

PREFIX = "/agents"
SIGN_IN, SIGN_OUT, STYLE, LOGO = "/agents/connexion", "/agents/deconnexion", "/agents/style.css", "/agents/logo"
ACCOUNT, PASSWORD, SECOND_FACTOR = "/agents/compte", "/agents/compte/mot-de-passe", "/agents/compte/second-facteur"
CONFIRM, RECOVERY = "/agents/compte/second-facteur/code", "/agents/compte/codes-de-secours"
OIDC_START, OIDC_BACK = "/agents/annuaire", "/agents/annuaire/retour"
DESK, REVIEW, FIGURES = "/desk", "/admin", "/admin/figures"
DATA_RIGHTS = "/admin/droits"
CONTENT, SWITCH = "/admin/connaissances", "/admin/interrupteur"
ACCOUNTS, ACCOUNT_CHANGES = "/admin/comptes", "/admin/comptes/journal"
ONE_ACCOUNT = ACCOUNTS + "/{account}"

_LONGEST = 300
# One of our own roots, then path and query in characters that no browser reads as another host.
_OWN = re.compile(r"/(?:desk|admin|agents/compte)(?:[/?][A-Za-z0-9/._~?&=%+:,-]*)?", re.ASCII)


def own_path(text: str) -> str:
    """``text`` where it is the path of a staff page of ours, empty for anything else (open redirect)."""
    fits = len(text) <= _LONGEST and _OWN.fullmatch(text) and "//" not in text and "/.." not in text
    return text if fits else ""
