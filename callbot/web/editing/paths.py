"""Where the pages of the switch and of the knowledge base are."""

from __future__ import annotations

from urllib.parse import quote

SWITCH = "/admin/interrupteur"
CONTENT = "/admin/connaissances"
NEW = "/admin/connaissances/nouvelle"
PROPOSAL = "/admin/connaissances/propositions/{number:int}"
APPROVE, CLOSE, REHEARSE = PROPOSAL + "/approuver", PROPOSAL + "/clore", PROPOSAL + "/rejouer"
VERSIONS = "/admin/connaissances/versions"
RESTORE = "/admin/connaissances/versions/{number:int}/reprendre"
RULES, FILE = "/admin/regles", "/admin/regles/fichier"
STYLE = "/admin/connaissances/style.css"


def numbered(path: str, number: int) -> str:
    """The path of one proposal or version."""
    return path.replace("{number:int}", str(number))


def of_file(name: str) -> str:
    """The path of one file."""
    return f"{FILE}?nom={quote(name, safe='')}"
