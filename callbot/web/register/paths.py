"""Where the register is."""

from __future__ import annotations

REGISTER = "/registre"
CHARTER = "/registre/charte"
STYLE = "/registre/registre.css"
PAPER = "/registre/documents/"
