"""MBROLA voices: other people's mouths for the bench, spoken by two separate programs kept in a folder of their own.

The voices of Debian's ``non-free`` may be used but not sold, so they are fetched by whoever measures and never kept
with the sources. Nothing is installed: apt only downloads, dpkg-deb only unpacks.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from callbot.speech.codec import pcm_to_samples
from callbot.speech.spoken import spoken
from callbot.speech.voice import VoiceError, VoiceUnavailableError, telephone_sound

BASES: Final = ("fr1", "fr2", "fr3", "fr4", "fr5", "fr6", "fr7", "ca1")
"""eight people: fr2 and fr4 are women, fr5 and fr7 Belgian, ca1 is Canadian (ca2 half sings and is not understood)"""
PACE: Final = 140
"""words a minute; Whisper base got 30 % of the letters wrong at 160, 23 % at 140, 17 % at 120 (24 sentences each)"""
_SOURCE: Final = "deb http://deb.debian.org/debian bookworm main contrib non-free\n"
_PACKAGES: Final = ("espeak-ng", "espeak-ng-data", "libespeak-ng1", "libpcaudio0", "libsonic0", "mbrola")
_WAV_HEADER: Final = 44
_FETCH_LIMIT_S: Final = 600
_SPEAK_LIMIT_S: Final = 60


@dataclass(frozen=True, slots=True)
class MbrolaVoice:
    """``base``: one of ``BASES``; ``pace`` in words a minute. Raises ``VoiceUnavailableError`` if it is not there."""

    folder: Path
    base: str
    pace: int = PACE

    def __post_init__(self) -> None:
        if not _base_file(self.folder, self.base).is_file():
            raise VoiceUnavailableError(f"the MBROLA voice {self.base} is not on this machine: fetch_mbrola brings it")

    @property
    def name(self) -> str:
        return mbrola_name(self.base, self.pace)

    @property
    def fast(self) -> bool:
        return True

    def render(self, text: str) -> bytes:
        """See ``Voice.render``."""
        said = spoken(text)
        if not said:
            return b""
        phonemes = self._run(
            ["espeak-ng", "-q", "--pho", "-v", f"mb-{self.base}", "-s", str(self.pace), "--stdin"], said.encode()
        )
        # -e: a pair of sounds the voice lacks is left out instead of ending the speech
        wav = self._run(["mbrola", "-e", str(_base_file(self.folder, self.base)), "-", "-.wav"], phonemes)
        if len(wav) <= _WAV_HEADER:
            raise VoiceError(f"MBROLA {self.base} gave no sound")
        rate = int.from_bytes(wav[24:28], "little")
        samples = pcm_to_samples(np.frombuffer(wav, dtype="<i2", offset=_WAV_HEADER, count=len(wav) // 2 - 22))
        return telephone_sound(samples, rate, text)

    def _run(self, command: Sequence[str], fed: bytes) -> bytes:
        program = _root(self.folder) / "usr/bin" / command[0]
        try:
            done = subprocess.run(
                [str(program), *command[1:]],
                input=fed,
                env=_environment(self.folder),
                capture_output=True,
                check=True,
                timeout=_SPEAK_LIMIT_S,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise VoiceError(f"{command[0]} failed for {self.base}: {type(error).__name__}") from None
        return done.stdout


def mbrola_name(base: str, pace: int = PACE) -> str:
    """``Voice.name`` of an MBROLA voice, known before it is there."""
    return f"mbrola-{base}-pace{pace}"


def fetch_mbrola(folder: Path) -> None:
    """Bring the programs and every voice into ``folder`` (70 MB, seconds); does nothing when they are there.

    Raises ``VoiceUnavailableError`` with the reason: no apt, no network, another system.
    """
    folder = folder.absolute()
    if _complete(folder):
        return
    for program in ("apt-get", "dpkg-deb"):
        if shutil.which(program) is None:
            raise VoiceUnavailableError(f"MBROLA comes as Debian packages and {program} is not on this machine")
    with _alone(folder):
        if not _complete(folder):
            _download(folder)
            _unpack(folder)


def _download(folder: Path) -> None:
    (folder / "sources.list").write_text(_SOURCE, encoding="ascii")
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    private = {
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "Dir::Log": folder,
        "APT::Sandbox::User": "",
        "Debug::NoLocking": "1",  # the system's lock is not ours to take: nothing of the system is written
    }
    apt = ["apt-get", "--quiet", "--yes", *(f"-o{key}={value}" for key, value in private.items())]
    # Our own programs even where the system has them; of what they need, only what the system lacks.
    wanted = [*_PACKAGES, *(f"mbrola-{base}" for base in BASES)]
    _fetched([*apt, "update"])
    _fetched([*apt, "install", "--download-only", "--reinstall", "--no-install-recommends", *wanted])


def _unpack(folder: Path) -> None:
    root = _root(folder)
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for package in sorted((folder / "cache/archives").glob("*.deb")):
        _fetched(["dpkg-deb", "--extract", str(package), str(root)])
    # espeak-ng gives phonemes only for a voice it finds beside its own data
    beside = _espeak_data(folder) / "mbrola"
    beside.mkdir(exist_ok=True)
    for base in BASES:
        (beside / base).symlink_to(_base_file(folder, base))
    if not _complete(folder):
        raise VoiceUnavailableError("the MBROLA packages came without what was expected of them")
    shutil.rmtree(folder / "cache")


def _fetched(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=_FETCH_LIMIT_S)
    except subprocess.CalledProcessError as error:
        why = (error.stderr or error.stdout).strip().splitlines()
        raise VoiceUnavailableError(f"MBROLA could not be fetched: {why[-1] if why else command[0]}") from None
    except (OSError, subprocess.SubprocessError) as error:
        raise VoiceUnavailableError(f"MBROLA could not be fetched: {type(error).__name__}") from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process fetches, the others wait for it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _root(folder: Path) -> Path:
    return folder.absolute() / "root"


def _base_file(folder: Path, base: str) -> Path:
    return _root(folder) / "usr/share/mbrola" / base / base


def _espeak_data(folder: Path) -> Path:
    found = sorted((_root(folder) / "usr/lib").glob("*/espeak-ng-data"))
    return found[0] if found else _root(folder) / "usr/lib/espeak-ng-data"


def _complete(folder: Path) -> bool:
    beside = _espeak_data(folder) / "mbrola"
    programs = [_root(folder) / "usr/bin" / name for name in ("espeak-ng", "mbrola")]
    return all(path.is_file() for path in (*programs, *(beside / base for base in BASES)))


def _environment(folder: Path) -> dict[str, str]:
    data = _espeak_data(folder)
    return os.environ | {
        "PATH": f"{_root(folder) / 'usr/bin'}:{os.environ.get('PATH', '')}",
        "LD_LIBRARY_PATH": f"{data.parent}:{data.parent / 'pulseaudio'}",
        "ESPEAK_DATA_PATH": str(data),
    }
