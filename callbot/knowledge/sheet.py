"""YAML read with its line numbers: typed reads that note a problem and go on, so that all problems show at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import TypeVar

import yaml
from yaml._yaml import CParser
from yaml.composer import Composer
from yaml.resolver import Resolver

from callbot.knowledge.problems import Problem, Said, nearest

Choice = TypeVar("Choice", bound=StrEnum)

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_KINDS = {
    "tag:yaml.org,2002:str": Said("a text", "un texte"),
    "tag:yaml.org,2002:int": Said("a number", "un nombre"),
    "tag:yaml.org,2002:float": Said("a number", "un nombre"),
    "tag:yaml.org,2002:bool": Said("a yes/no value", "un oui ou non"),
    "tag:yaml.org,2002:null": Said("nothing", "rien"),
    "tag:yaml.org,2002:timestamp": Said("a date", "une date"),
    "tag:yaml.org,2002:seq": Said("a list", "une liste"),
    "tag:yaml.org,2002:map": Said("a block of keys", "un bloc de clés"),
}
_SOMETHING_ELSE = Said("something else", "autre chose")
_EMPTY_TEXT = Said("an empty text", "un texte vide")
_TEXT = Said("a text", "un texte")
_QUOTED_TEXT = Said("a text (put it between quotes)", "un texte (mettez-le entre guillemets)")
_TEXTS = Said("a list of texts", "une liste de textes")
_CODES = Said("a list of codes", "une liste de codes")
_CODE = Said("a code", "un code")
_FLAG = Said("true or false", "true ou false")
_DAY = Said("a date like 2026-01-31", "une date comme 2026-01-31")
_TIME = Said("a time like 08:30", "une heure comme 08:30")
_BLOCK = Said("a block of keys", "un bloc de clés")
_BLOCKS = Said("a block of named blocks", "un bloc de blocs nommés")
_NAMED_BLOCK = Said("at least one named block", "au moins un bloc nommé")
_NOT_YAML = "l'écriture n'est pas valable ici : vérifiez les deux-points, les retraits et les guillemets"


class _PlainLoader(Composer, CParser, Resolver):
    """YAML without aliases: a few of them make a text of a page stand for gigabytes, or go round in circles.

    Nodes are put together here, texts are read by libyaml: four times as fast as PyYAML's own reader.
    Its marks are of a class of its own, with the same ``line``.
    """

    def __init__(self, stream: str) -> None:
        Composer.__init__(self)
        CParser.__init__(self, stream)
        Resolver.__init__(self)

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node; refuses one that stands for another."""
        if isinstance(event := self.peek_event(), yaml.AliasEvent):
            problem = "an alias (*) is not read here, write it out"
            raise yaml.composer.ComposerError(None, None, problem, event.start_mark)  # type: ignore[arg-type]
        return super().compose_node(parent, index)


@dataclass(slots=True)
class Sheet:
    """A file under check. ``offset`` lines come before the YAML text (front matter of a Markdown file)."""

    file: str
    problems: list[Problem]
    offset: int = 0

    def note(self, where: yaml.Node | int, message: str, french: str) -> None:
        """Add a problem at a node, or at a line counted from 1, in both languages."""
        line = where if isinstance(where, int) else where.start_mark.line + 1 + self.offset
        self.problems.append(Problem(self.file, line, message, french))

    def parse(self, text: str) -> Entry | None:
        """The root block of ``text``, None (and a problem) when it is not one."""
        try:
            node = _PlainLoader(text).get_single_node()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            # A text that ends too early is told one line after its end.
            line = self.offset + (min(mark.line, text.count("\n")) + 1 if mark else 1)
            self.note(line, f"not valid YAML: {error.problem or error.context}", _NOT_YAML)
            return None
        except (yaml.YAMLError, UnicodeEncodeError) as error:  # characters YAML forbids carry no mark
            self.note(self.offset + 1, f"not valid YAML: {str(error).splitlines()[0]}", _NOT_YAML)
            return None
        except RecursionError:
            english, french = "nested too deep; expected a few levels of keys", "trop de niveaux de retrait"
            self.note(self.offset + 1, english, french)
            return None
        if not isinstance(node, yaml.MappingNode):
            self.note(self.offset + 1, "expected a block of keys (key: value)", "il faut un bloc « clé: valeur »")
            return None
        return Entry.of(self, node, self.file, node)


@dataclass(frozen=True, slots=True)
class Value:
    """A value with the node it was read from, for problems found later."""

    text: str
    sheet: Sheet
    node: yaml.Node

    def note(self, message: str, french: str) -> None:
        """Add a problem at this value, in both languages."""
        self.sheet.note(self.node, message, french)


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
                sheet.note(key, f"expected a simple key in {name}", f"il faut une clé simple dans {name}")
            elif key.value in entry.values:
                french = f"la clé « {key.value} » est écrite deux fois dans {name}"
                sheet.note(key, f'key "{key.value}" appears twice in {name}', french)
            else:
                entry.values[key.value] = value
                entry.keys[key.value] = key
        return entry

    def note(self, message: str, french: str, key: str | None = None) -> None:
        """Add a problem at the value of ``key`` where there is one (here or in the defaults), else at this block."""
        self.sheet.note(self._node(key) or self.head, message, french)

    def only(self, *known: str) -> None:
        """Note every key that is not among ``known``, with the nearest one."""
        for name, node in self.keys.items():
            if name not in known:
                hint, names = nearest(name, known), ", ".join(known)
                self.sheet.note(
                    node,
                    f'unknown key "{name}" in {self.name}; expected one of {names}{hint.english}',
                    f"la clé « {name} » n'existe pas dans {self.name} ; clés possibles : {names}{hint.french}",
                )

    def __contains__(self, key: str) -> bool:
        return self._node(key) is not None

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; ``default`` when the key is absent and a default is allowed."""
        node = self._read(key, _TEXT, default is not None)
        return (default or "") if node is None else self._text(node, key)

    def texts(self, key: str, at_least: int = 0) -> tuple[Value, ...]:
        """A list of texts, each with its line; absent is allowed where ``at_least`` is 0."""
        node = self._read(key, _TEXTS, at_least == 0)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self._wrong(node, key, _TEXTS)
            return ()
        if len(node.value) < at_least:
            found = len(node.value)
            self.sheet.note(
                node,
                f'"{key}" in {self.name}: expected at least {at_least} texts, found {found}',
                f"« {key} » dans {self.name} : il faut au moins {at_least} textes, il y en a {found}",
            )
        return tuple(Value(self._text(item, key), self.sheet, item) for item in node.value)

    def codes(self, key: str) -> tuple[Value, ...]:
        """A list of codes: texts or whole numbers, taken as they are written."""
        node = self._read(key, _CODES, False)
        if not isinstance(node, yaml.SequenceNode):
            if node is not None:
                self._wrong(node, key, _CODES)
            return ()
        wrong = [item for item in node.value if not isinstance(item, yaml.ScalarNode)]
        for item in wrong:
            self._wrong(item, key, _CODE)
        return tuple(Value(item.value, self.sheet, item) for item in node.value if item not in wrong)

    def number(self, key: str, above: float, most: float) -> float:
        """A number greater than ``above`` and at most ``most``."""
        node = self._read(key, Said(f"a number above {above:g}", f"un nombre plus grand que {above:g}"), False)
        if node is None:
            return most
        value = _number(node)
        if value is None or not above < value <= most:
            english, french = f"a number above {above:g} and at most {most:g}", "un nombre plus grand que"
            self._wrong(node, key, Said(english, f"{french} {above:g} et au plus {most:g}"))
            return most
        return value

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        expected = Said(f"a whole number from {least} to {most}", f"un nombre entier de {least} à {most}")
        node = self._read(key, expected, False)
        if node is None:
            return most
        value = _number(node)
        # the bounds first: 1.0e+999 is infinite, and no whole number can be made of that
        if value is None or not least <= value <= most or value != int(value):
            self._wrong(node, key, expected)
            return most
        return int(value)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """true or false."""
        node = self._read(key, _FLAG, default is not None)
        if node is None:
            return bool(default)
        if not _is(node, "bool"):
            self._wrong(node, key, _FLAG)
        return isinstance(node, yaml.ScalarNode) and node.value.lower() in {"true", "yes", "on"}

    def day(self, key: str, default: date | None = None, optional: bool = False) -> date | None:
        """A date written 2026-01-31."""
        node = self._read(key, _DAY, optional)
        if node is None:
            return default
        try:
            return date.fromisoformat(node.value if isinstance(node, yaml.ScalarNode) else "")
        except ValueError:
            self._wrong(node, key, _DAY)
            return default

    def clock(self, key: str) -> time:
        """A time of day written 08:30."""
        node = self._read(key, _TIME, False)
        if isinstance(node, yaml.ScalarNode) and _CLOCK.fullmatch(node.value):
            return time.fromisoformat(node.value)
        if node is not None:
            self._wrong(node, key, _TIME)
        return time()

    def choice(self, key: str, kind: type[Choice]) -> Choice:
        """One value of an enumeration."""
        known = [member.value for member in kind]
        names = ", ".join(known)
        node = self._read(key, Said(f"one of {names}", f"l'un de : {names}"), False)
        if isinstance(node, yaml.ScalarNode) and node.value in known:
            return kind(node.value)
        if node is not None:
            written = node.value if isinstance(node, yaml.ScalarNode) else ""
            hint = nearest(written, known)
            self._wrong(node, key, Said(f"one of {names}{hint.english}", f"l'un de : {names}{hint.french}"))
        return next(iter(kind))

    def entry(self, key: str, optional: bool = False) -> Entry | None:
        """The block under ``key``."""
        node = self._read(key, _BLOCK, optional)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            self._wrong(node, key, _BLOCK)
            return None
        return Entry.of(self.sheet, node, key, self.keys[key])

    def children(self, key: str, defaults: Entry | None = None, optional: bool = False) -> Iterator[Entry]:
        """The blocks under ``key``, each named by its own key (a map) or its place (a list)."""
        node = self._read(key, _BLOCKS, optional)
        if isinstance(node, yaml.MappingNode):
            parent = Entry.of(self.sheet, node, key, self.keys[key])
            found = [(name, parent.keys[name], child) for name, child in parent.values.items()]
        elif isinstance(node, yaml.SequenceNode):
            found = [(f"{key} {place}", child, child) for place, child in enumerate(node.value, start=1)]
        elif node is not None:
            self._wrong(node, key, _BLOCKS)
            return
        else:
            return
        if not found and not optional:
            self._wrong(node, key, _NAMED_BLOCK)
        for name, head, child in found:
            if isinstance(child, yaml.MappingNode):
                yield Entry.of(self.sheet, child, name, head, defaults)
            else:
                self.sheet.note(head, f"{name}: expected a block of keys", f"{name} : il faut un bloc de clés")

    def _node(self, key: str | None) -> yaml.Node | None:
        if key is None:
            return None
        own = self.values.get(key)
        return own if own is not None or self.defaults is None else self.defaults.values.get(key)

    def _read(self, key: str, expected: Said, optional: bool) -> yaml.Node | None:
        node = self._node(key)
        if node is None and not optional:
            self.sheet.note(
                self.head,
                f'missing key "{key}" in {self.name}; expected {expected.english}',
                f"la clé « {key} » manque dans {self.name} ; il faut {expected.french}",
            )
        if node is not None and node.tag not in _KINDS:
            english, french = f"{expected.english}, without the tag {node.tag}", f"{expected.french}, sans la marque"
            self._wrong(node, key, Said(english, f"{french} {node.tag}"))
            return None
        return node

    def _text(self, node: yaml.Node, key: str) -> str:
        if isinstance(node, yaml.ScalarNode) and _is(node, "str") and node.value.strip():
            return " ".join(node.value.split())
        self._wrong(node, key, _QUOTED_TEXT if isinstance(node, yaml.ScalarNode) and node.value else _TEXT)
        return ""

    def _wrong(self, node: yaml.Node, key: str, expected: Said) -> None:
        kind = _KINDS.get(node.tag, _SOMETHING_ELSE)
        if isinstance(node, yaml.ScalarNode) and node.value:
            found = Said(f'{kind.english} "{node.value[:40]}"', f"{kind.french} « {node.value[:40]} »")
        else:
            found = kind if not _is(node, "str") else _EMPTY_TEXT
        owner = self if key in self.values or self.defaults is None else self.defaults
        self.sheet.note(
            node,
            f'"{key}" in {owner.name}: expected {expected.english}, found {found.english}',
            f"« {key} » dans {owner.name} : il faut {expected.french}, il y a {found.french}",
        )


def _is(node: yaml.Node, kind: str) -> bool:
    return bool(node.tag == f"tag:yaml.org,2002:{kind}")


def _number(node: yaml.Node) -> float | None:
    if not isinstance(node, yaml.ScalarNode) or not (_is(node, "int") or _is(node, "float")):
        return None
    try:
        return float(node.value)
    except ValueError:  # YAML reads 12:30 and 0x10 as numbers
        return None


def known_only(value: Value, known: Collection[str], what: Said) -> bool:
    """True when ``value`` is one of ``known``; else a problem with the nearest one."""
    if value.text in known:
        return True
    hint = nearest(value.text, sorted(known))
    value.note(f'unknown {what.english} "{value.text}"{hint.english}', f"{what.french} : « {value.text} »{hint.french}")
    return False
