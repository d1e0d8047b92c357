"""YAML read with its line numbers: typed reads that note a problem and go on, so that all problems show at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import TypeVar

import yaml

from callbot.knowledge.problems import Problem, nearest

Choice = TypeVar("Choice", bound=StrEnum)

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_KINDS = {
    "tag:yaml.org,2002:str": "a text",
    "tag:yaml.org,2002:int": "a number",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:bool": "a yes/no value",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:seq": "a list",
    "tag:yaml.org,2002:map": "a block of keys",
}


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases: a few of them make a text of a page stand for gigabytes, or go round in circles."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node; refuses one that stands for another."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "an alias (*) is not read here, write it out", mark)
        return super().compose_node(parent, index)


@dataclass(slots=True)
class Sheet:
    """A file under check. ``offset`` lines come before the YAML text (front matter of a Markdown file)."""

    file: str
    problems: list[Problem]
    offset: int = 0

    def note(self, where: yaml.Node | int, message: str) -> None:
        """Add a problem at a node, or at a line counted from 1."""
        line = where if isinstance(where, int) else where.start_mark.line + 1 + self.offset
        self.problems.append(Problem(self.file, line, message))

    def parse(self, text: str) -> Entry | None:
        """The root block of ``text``, None (and a problem) when it is not one."""
        try:
            node = yaml.compose(text, Loader=_PlainLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = self.offset + (mark.line + 1 if mark else 1)
            self.note(line, f"not valid YAML: {error.problem or error.context}")
            return None
        except yaml.YAMLError as error:  # characters YAML forbids carry no mark
            self.note(self.offset + 1, f"not valid YAML: {str(error).splitlines()[0]}")
            return None
        except RecursionError:
            self.note(self.offset + 1, "nested too deep; expected a few levels of keys")
            return None
        if not isinstance(node, yaml.MappingNode):
            self.note(self.offset + 1, "expected a block of keys (key: value)")
            return None
        return Entry.of(self, node, self.file, node)


@dataclass(frozen=True, slots=True)
class Value:
    """A value with the node it was read from, for problems found later."""

    text: str
    sheet: Sheet
    node: yaml.Node

    def note(self, message: str) -> None:
        """Add a problem at this value."""
        self.sheet.note(self.node, message)


@dataclass(frozen=True, slots=True)
class Entry:
    """A block of keys. Reads fall back on ``defaults``; a wrong or missing value is noted, a neutral one returned.

    ``head`` is where the block begins for its reader: its own key, or its first line when it has none.
    """

    sheet: Sheet
    head: yaml.Node
    name: str
    values: dict[str, yaml.Node] = field(default_factory=dict)
    keys: dict[str, yaml.Node] = field(default_factory=dict)
    defaults: Entry | None = None

    @classmethod
    def of(
        cls, sheet: Sheet, node: yaml.MappingNode, name: str, head: yaml.Node, defaults: Entry | None = None
    ) -> Entry:
        """The block of ``node``; keys written twice are noted."""
        entry = cls(sheet, head, name, defaults=defaults)
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                sheet.note(key, f"expected a simple key in {name}")
            elif key.value in entry.values:
                sheet.note(key, f'key "{key.value}" appears twice in {name}')
            else:
                entry.values[key.value] = value
                entry.keys[key.value] = key
        return entry

    def note(self, message: str, key: str | None = None) -> None:
        """Add a problem at the value of ``key`` where there is one (here or in the defaults), else at this block."""
        self.sheet.note(self._node(key) or self.head, message)

    def only(self, *known: str) -> None:
        """Note every key that is not among ``known``, with the nearest one."""
        for name, node in self.keys.items():
            if name not in known:
                hint = nearest(name, known)
                self.sheet.note(node, f'unknown key "{name}" in {self.name}; expected one of {", ".join(known)}{hint}')

    def __contains__(self, key: str) -> bool:
        return self._node(key) is not None

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; ``default`` when the key is absent and a default is allowed."""
        node = self._read(key, "a text", default is not None)
        return (default or "") if node is None else self._text(node, key)

    def texts(self, key: str, at_least: int = 0) -> tuple[Value, ...]:
        """A list of texts, each with its line; absent is allowed where ``at_least`` is 0."""
        node = self._read(key, "a list of texts", at_least == 0)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self._wrong(node, key, "a list of texts")
            return ()
        if len(node.value) < at_least:
            self.sheet.note(
                node, f'"{key}" in {self.name}: expected at least {at_least} texts, found {len(node.value)}'
            )
        return tuple(Value(self._text(item, key), self.sheet, item) for item in node.value)

    def codes(self, key: str) -> tuple[Value, ...]:
        """A list of codes: texts or whole numbers, taken as they are written."""
        node = self._read(key, "a list of codes", False)
        if not isinstance(node, yaml.SequenceNode):
            if node is not None:
                self._wrong(node, key, "a list of codes")
            return ()
        wrong = [item for item in node.value if not isinstance(item, yaml.ScalarNode)]
        for item in wrong:
            self._wrong(item, key, "a code")
        return tuple(Value(item.value, self.sheet, item) for item in node.value if item not in wrong)

    def number(self, key: str, above: float, most: float) -> float:
        """A number greater than ``above`` and at most ``most``."""
        node = self._read(key, f"a number above {above:g}", False)
        if node is None:
            return most
        value = _number(node)
        if value is None or not above < value <= most:
            self._wrong(node, key, f"a number above {above:g} and at most {most:g}")
            return most
        return value

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        node = self._read(key, f"a whole number from {least} to {most}", False)
        if node is None:
            return most
        value = _number(node)
        # the bounds first: 1.0e+999 is infinite, and no whole number can be made of that
        if value is None or not least <= value <= most or value != int(value):
            self._wrong(node, key, f"a whole number from {least} to {most}")
            return most
        return int(value)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """true or false."""
        node = self._read(key, "true or false", default is not None)
        if node is None:
            return bool(default)
        if not _is(node, "bool"):
            self._wrong(node, key, "true or false")
        return isinstance(node, yaml.ScalarNode) and node.value.lower() in {"true", "yes", "on"}

    def day(self, key: str, default: date | None = None, optional: bool = False) -> date | None:
        """A date written 2026-01-31."""
        node = self._read(key, "a date like 2026-01-31", optional)
        if node is None:
            return default
        try:
            return date.fromisoformat(node.value if isinstance(node, yaml.ScalarNode) else "")
        except ValueError:
            self._wrong(node, key, "a date like 2026-01-31")
            return default

    def clock(self, key: str) -> time:
        """A time of day written 08:30."""
        node = self._read(key, "a time like 08:30", False)
        if isinstance(node, yaml.ScalarNode) and _CLOCK.fullmatch(node.value):
            return time.fromisoformat(node.value)
        if node is not None:
            self._wrong(node, key, "a time like 08:30")
        return time()

    def choice(self, key: str, kind: type[Choice]) -> Choice:
        """One value of an enumeration."""
        known = [member.value for member in kind]
        node = self._read(key, f"one of {', '.join(known)}", False)
        if isinstance(node, yaml.ScalarNode) and node.value in known:
            return kind(node.value)
        if node is not None:
            written = node.value if isinstance(node, yaml.ScalarNode) else ""
            self._wrong(node, key, f"one of {', '.join(known)}{nearest(written, known)}")
        return next(iter(kind))

    def entry(self, key: str, optional: bool = False) -> Entry | None:
        """The block under ``key``."""
        node = self._read(key, "a block of keys", optional)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            self._wrong(node, key, "a block of keys")
            return None
        return Entry.of(self.sheet, node, key, self.keys[key])

    def children(self, key: str, defaults: Entry | None = None, optional: bool = False) -> Iterator[Entry]:
        """The blocks under ``key``, each named by its own key (a map) or its place (a list)."""
        node = self._read(key, "a block of named blocks", optional)
        if isinstance(node, yaml.MappingNode):
            parent = Entry.of(self.sheet, node, key, self.keys[key])
            found = [(name, parent.keys[name], child) for name, child in parent.values.items()]
        elif isinstance(node, yaml.SequenceNode):
            found = [(f"{key} {place}", child, child) for place, child in enumerate(node.value, start=1)]
        elif node is not None:
            self._wrong(node, key, "a block of named blocks")
            return
        else:
            return
        if not found and not optional:
            self._wrong(node, key, "at least one named block")
        for name, head, child in found:
            if isinstance(child, yaml.MappingNode):
                yield Entry.of(self.sheet, child, name, head, defaults)
            else:
                self.sheet.note(head, f"{name}: expected a block of keys")

    def _node(self, key: str | None) -> yaml.Node | None:
        if key is None:
            return None
        own = self.values.get(key)
        return own if own is not None or self.defaults is None else self.defaults.values.get(key)

    def _read(self, key: str, expected: str, optional: bool) -> yaml.Node | None:
        node = self._node(key)
        if node is None and not optional:
            self.sheet.note(self.head, f'missing key "{key}" in {self.name}; expected {expected}')
        if node is not None and node.tag not in _KINDS:
            self._wrong(node, key, f"{expected}, without the tag {node.tag}")
            return None
        return node

    def _text(self, node: yaml.Node, key: str) -> str:
        if isinstance(node, yaml.ScalarNode) and _is(node, "str") and node.value.strip():
            return " ".join(node.value.split())
        hint = " (put it between quotes)" if isinstance(node, yaml.ScalarNode) and node.value else ""
        self._wrong(node, key, f"a text{hint}")
        return ""

    def _wrong(self, node: yaml.Node, key: str, expected: str) -> None:
        if isinstance(node, yaml.ScalarNode) and node.value:
            found = f'{_KINDS.get(node.tag, "something else")} "{node.value[:40]}"'
        else:
            found = _KINDS.get(node.tag, "something else") if not _is(node, "str") else "an empty text"
        owner = self if key in self.values or self.defaults is None else self.defaults
        self.sheet.note(node, f'"{key}" in {owner.name}: expected {expected}, found {found}')


def _is(node: yaml.Node, kind: str) -> bool:
    return bool(node.tag == f"tag:yaml.org,2002:{kind}")


def _number(node: yaml.Node) -> float | None:
    if not isinstance(node, yaml.ScalarNode) or not (_is(node, "int") or _is(node, "float")):
        return None
    try:
        return float(node.value)
    except ValueError:  # YAML reads 12:30 and 0x10 as numbers
        return None


def known_only(value: Value, known: Collection[str], what: str) -> bool:
    """True when ``value`` is one of ``known``; else a problem with the nearest one."""
    if value.text in known:
        return True
    value.note(f'unknown {what} "{value.text}"{nearest(value.text, sorted(known))}')
    return False
