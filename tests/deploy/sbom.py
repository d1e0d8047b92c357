"""``make sbom``: the bill of materials of what is locked, in CycloneDX 1.6; ``python -m tests.deploy.sbom FILE``.

Packages of Python with the hashes of ``requirements/*.txt``, scripts of the pages with those of their lock file, model
files with the hashes that ``callbot models fetch`` checks. Nothing is installed and nobody is asked: the locks say it.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from callbot.speech.models import MODELS

ROOT = Path(__file__).parents[2]
LOCKS = {"runtime": "required", "natural-voice": "optional", "openai-whisper": "optional", "addok": "optional"}
"""lock files, and whether the service runs without what is in them; what only tests need is not delivered"""
SCRIPTS = ROOT / "callbot" / "web" / "scripts" / "package-lock.json"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Locked:
    """A package of a lock file."""

    name: str
    version: str
    sha256: tuple[str, ...]


def locked(text: str) -> Iterator[Locked]:
    """What a lock of Python pins."""
    for found in _PINNED.finditer(text):
        yield Locked(found[1], found[2], tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", found[3])))


def components() -> list[dict[str, Any]]:
    """Everything that is delivered, once each, by name."""
    found: dict[str, dict[str, Any]] = {}
    for lock, scope in LOCKS.items():
        for package in locked((ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")):
            made = _python(package, scope)
            found.setdefault(made["bom-ref"], made)
    for made in [*_scripts(), *_models()]:
        found[made["bom-ref"]] = made
    return sorted(found.values(), key=lambda component: str(component["bom-ref"]))


def _python(package: Locked, scope: str) -> dict[str, Any]:
    name = re.sub(r"[-_.]+", "-", package.name).lower()
    purl = f"pkg:pypi/{name}@{package.version}"
    # A lock names the hash of every file of a release; which of them is installed depends on the machine.
    files = [{"type": "distribution", "url": purl, "hashes": [_hash("SHA-256", each) for each in package.sha256]}]
    return {
        "type": "library", "bom-ref": purl, "name": name, "version": package.version, "purl": purl, "scope": scope,
        "externalReferences": files,
    }  # fmt: skip


def _scripts() -> Iterator[dict[str, Any]]:
    for path, package in json.loads(SCRIPTS.read_text(encoding="utf-8"))["packages"].items():
        if not path or package.get("dev"):
            continue
        name = path.rpartition("node_modules/")[2]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
        digest = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
        yield {
            "type": "library", "bom-ref": purl, "name": name, "version": package["version"], "purl": purl,
            "scope": "optional", "hashes": [_hash("SHA-512", digest)],
        }  # fmt: skip


def _models() -> Iterator[dict[str, Any]]:
    for name, model in MODELS.items():
        for part in model.parts:
            for file in part.editions[0].files:
                called = f"{name}/{file.path}"
                hashes = [_hash("SHA-256", file.sha256)]
                kind = "machine-learning-model" if file.path.endswith((".bin", ".onnx")) else "data"
                yield {"type": kind, "bom-ref": f"model:{called}", "name": called, "hashes": hashes}


def _hash(kind: str, digest: str) -> dict[str, str]:
    return {"alg": kind, "content": digest}


def bill(at: datetime) -> dict[str, Any]:
    """The whole document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application", "bom-ref": "callbot", "name": project["name"], "version": project["version"],
            },
        },
        "components": components(),
    }  # fmt: skip


def main() -> None:
    """Write it to the file that is named."""
    file = Path(sys.argv[1])
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(bill(datetime.now(UTC)), indent=1, ensure_ascii=False)
    file.write_text(f"{text}\n", encoding="utf-8")
    sys.stdout.write(f"{len(components())} components in {file}\n")


if __name__ == "__main__":
    main()
