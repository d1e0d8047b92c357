"""Pages read as a browser without scripts reads them: their links, and what each of their forms can send."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


@dataclass
class Form:
    """Where a form goes and the names and first values of everything it can send, buttons too."""

    page: str
    action: str
    method: str
    file: bool = False
    fields: dict[str, str] = field(default_factory=dict)


class PageParts(HTMLParser):
    """Forms and links of the page at ``address``."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: set[str] = set()
        self._address = address
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "a" | "link" if "href" in given:
                self.links.add(self._path(given["href"]))
            case "form":
                method = given.get("method", "get").lower()
                action = self._path(given.get("action", self._address))
                self.forms.append(Form(self._address, action, method, "multipart" in given.get("enctype", "")))
            case "input" | "textarea" | "button" if given.get("name") and self.forms:
                self.forms[-1].fields.setdefault(given["name"], given.get("value", ""))
            case "select":
                self._select = given.get("name", "")
            case "option" if self._select and self.forms:
                self.forms[-1].fields.setdefault(self._select, given.get("value", ""))

    def _path(self, address: str) -> str:
        parts = urlsplit(urljoin(f"https://bot.example.fr{self._address}", address))
        if parts.netloc != "bot.example.fr":
            return ""
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
