"""The authority's own face: its name, its main colour in both schemes, its logo."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from callbot.settings import Theme as ThemeSettings
from callbot.settings import contrast

_WHITE, _DARK_PAGE, _DARK_INK = "#ffffff", "#14181d", "#0b1c2c"
_READABLE = 7.0
"""contrast of the main colour on the dark page (WCAG 1.4.6: more than AA asks)"""
_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_LARGEST_LOGO = 200_000
_STAFF_CSS = files("callbot.web").joinpath("templates", "staff.css").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture and its kind."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Theme:
    """What every staff page shows of the authority."""

    name: str
    style: bytes
    logo: Logo | None = None


def load_theme(settings: ThemeSettings) -> Theme:
    """Blocking. Raises ``OSError`` for a logo that cannot be read, is too large, or is neither PNG nor JPEG (an SVG may
    hold scripts)."""
    return Theme(settings.name, style_of(settings.colour).encode(), _logo(settings.logo) if settings.logo else None)


def style_of(colour: str) -> str:
    """The staff's style sheet with this main colour; ``colour`` stands out on white (``settings.Theme`` checks it)."""
    plain = "--logo-back: #ffffff; --qr-back: #ffffff; --qr-ink: #000000;"
    light = f"--action: {colour}; --on-action: {_WHITE};"
    dark = f"--action: {lighter(colour)}; --on-action: {_DARK_INK};"
    return f":root {{ {plain} {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{_STAFF_CSS}"


def lighter(colour: str) -> str:
    """The same hue, mixed with white until it can be read on the dark page."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    mixes = (_mixed(parts, share / 20) for share in range(21))
    return next(mix for mix in mixes if contrast(mix, _DARK_PAGE) >= _READABLE)


def _mixed(parts: list[int], share: float) -> str:
    return "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in parts)


def _logo(path: Path) -> Logo:
    content = path.read_bytes()
    kind = next((kind for begins, kind in _TYPES.items() if content.startswith(begins)), None)
    if kind is None or len(content) > _LARGEST_LOGO:
        raise OSError(f"CALLBOT_THEME__LOGO: a PNG or JPEG file of at most {_LARGEST_LOGO // 1000} kB is needed")
    return Logo(content, kind)
