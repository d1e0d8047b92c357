"""Loads a knowledge base folder; refuses it as a whole, with every problem of every file, when anything is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from callbot.domain.bookings import NotConform
from callbot.knowledge.base import KnowledgeBase, Messages, OpeningHours, Provenance
from callbot.knowledge.items import Items
from callbot.knowledge.places import Places
from callbot.knowledge.problems import KnowledgeError, Problem, nearest
from callbot.knowledge.questions import Questions
from callbot.knowledge.service import read_hours, read_messages
from callbot.knowledge.sheet import Entry, Sheet

Read = TypeVar("Read")

_FOLDERS = {"items": (".yaml",), "territories": (".yaml",), "questions": (".yaml", ".md")}
_FILES = ("opening_hours.yaml", "messages.yaml")
_NOTES = "README.md"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}\.(?:yaml|md)", re.ASCII)


def load_knowledge(path: Path, overlay: Mapping[str, str] | None = None) -> KnowledgeBase:
    """The knowledge base in folder ``path``; ``KnowledgeError`` with all problems when it cannot be trusted.

    ``overlay``: texts by name (``questions/x.md``) that stand in for the files of that name, or beside them.
    """
    return _Loader(path, overlay or {}).load()


def knowledge_texts(path: Path) -> dict[str, str]:
    """The files of the knowledge base in folder ``path`` that are read, by name. Blocking."""
    named = {file.relative_to(path).as_posix(): file for file in sorted(path.rglob("*")) if file.is_file()}
    return {name: file.read_text(encoding="utf-8") for name, file in named.items() if is_knowledge_file(name)}


def is_knowledge_file(name: str) -> bool:
    """True for a name the loader reads: one of its folders or files, nothing that leads elsewhere."""
    folder, _, file = name.rpartition("/")
    if not folder:
        return file in _FILES
    return file.endswith(_FOLDERS.get(folder, ())) and file != _NOTES and _NAME.fullmatch(file) is not None


class _Loader:
    def __init__(self, root: Path, overlay: Mapping[str, str]) -> None:
        self.root = root
        self.overlay = overlay
        self.problems: list[Problem] = []
        self.digest = hashlib.sha256()

    def load(self) -> KnowledgeBase:
        files = self._files()
        items, questions = Items(), Questions()
        self._each(files["items"], items.read)
        places = Places(items.kinds.keys())
        self._each(files["territories"], places.read)
        places.finish()
        for file in files["questions"]:
            sheet, text = self._open(file)
            if text is not None and file.suffix == ".md":
                questions.read_markdown(sheet, text)
            elif text is not None:
                self._parsed(sheet, text, questions.read)
        hours = self._one("opening_hours.yaml", read_hours)
        messages = self._one("messages.yaml", read_messages)
        if self.problems or hours is None or messages is None:
            raise KnowledgeError(self.problems)
        return self._base(items, places, questions, hours, messages)

    def _base(
        self,
        items: Items,
        places: Places,
        questions: Questions,
        hours: OpeningHours,
        messages: Messages,
    ) -> KnowledgeBase:
        origins: dict[str, Provenance] = items.provenance | places.provenance | {"opening_hours": hours.provenance}
        origins |= {f"question/{name}": entry.provenance for name, entry in questions.entries.items()}
        origins |= {f"message/{name}": message.provenance for name, message in messages.texts.items()}
        origins |= {f"reason/{name}": reason.provenance for name, reason in messages.reasons.items()}
        return KnowledgeBase(
            catalogue=items.catalogue(places.rulings),
            territories=tuple(places.territories),
            questions=tuple(questions.entries.values()),
            opening_hours=hours,
            messages=messages.texts,
            reasons={NotConform(name): reason for name, reason in messages.reasons.items()},
            provenance=origins,
            rule_marks=places.rule_marks,
            version=self.digest.hexdigest(),
        )

    def _files(self) -> dict[str, list[Path]]:
        """The files of each folder; a folder without any, or a file nobody reads, is a problem."""
        found: dict[str, list[Path]] = {folder: [] for folder in _FOLDERS}
        if not self.root.is_dir():
            english, french = "expected the folder of the knowledge base", "il faut le dossier de la base"
            raise KnowledgeError([Problem(str(self.root), 1, english, french)])
        on_disk = {path for path in self.root.rglob("*") if path.is_file()}
        for file in sorted(on_disk | {self.root / name for name in self.overlay}):
            name = file.relative_to(self.root)
            folder = name.parts[0] if len(name.parts) == 2 else ""
            if file.suffix in _FOLDERS.get(folder, ()) and file.name != _NOTES:
                found[folder].append(file)
            elif str(name) not in _FILES and file.name != _NOTES and not file.name.startswith("."):
                expected = [*_FILES, *(f"{folder}/*{suffix}" for folder, ends in _FOLDERS.items() for suffix in ends)]
                hint = nearest(str(name), expected)
                names = ", ".join(expected)
                self._problem(
                    str(name),
                    f"nothing reads this file; expected {names}{hint.english}",
                    f"rien ne lit ce fichier ; fichiers possibles : {names}{hint.french}",
                )
        for folder, files in found.items():
            if not files:
                english, french = f"expected at least one file {folder}/*.yaml", "il faut au moins un fichier"
                self._problem(folder, english, f"{french} {folder}/*.yaml")
        return found

    def _each(self, files: list[Path], read: Callable[[Entry], None]) -> None:
        for file in files:
            sheet, text = self._open(file)
            if text is not None:
                self._parsed(sheet, text, read)

    def _one(self, name: str, read: Callable[[Entry], Read]) -> Read | None:
        file = self.root / name
        if name not in self.overlay and not file.is_file():
            english = "the file is missing; expected in the folder of the knowledge base"
            self._problem(name, english, "le fichier manque dans le dossier de la base")
            return None
        sheet, text = self._open(file)
        return None if text is None else self._parsed(sheet, text, read)

    def _parsed(self, sheet: Sheet, text: str, read: Callable[[Entry], Read]) -> Read | None:
        entry = sheet.parse(text)
        return None if entry is None else read(entry)

    def _open(self, file: Path) -> tuple[Sheet, str | None]:
        name = file.relative_to(self.root).as_posix()
        content = self.overlay[name].encode() if name in self.overlay else file.read_bytes()
        self.digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
        sheet = Sheet(name, self.problems)
        try:
            return sheet, content.decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            sheet.note(line, "expected UTF-8 text", "il faut un texte en UTF-8")
            return sheet, None

    def _problem(self, file: str, message: str, french: str) -> None:
        self.problems.append(Problem(file, 1, message, french))
