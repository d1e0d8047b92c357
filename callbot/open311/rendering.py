"""The two ways of writing an answer. XML is written, never read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import Response

from callbot.open311.problems import ProblemError

Value = str | bool | float | None | Sequence["Node"] | Sequence[str]
Node = Mapping[str, Value]
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_STORE = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
"""as GeoReport v2 wants them ("Format Support")"""
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_PARTS = {"attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format"}
"""name of each part of a list inside an answer"""


class Format(StrEnum):
    JSON = "json"
    XML = "xml"


@dataclass(frozen=True, slots=True)
class Answer:
    """``root`` and ``part`` are names that only XML shows; one node without ``part`` is not a list."""

    root: str
    part: str
    nodes: tuple[Node, ...]
    status: HTTPStatus = HTTPStatus.OK


def rendered(answer: Answer, how: Format) -> Response:
    """The response."""
    write = _json if how is Format.JSON else _xml
    return Response(write(answer), answer.status, _NO_STORE, _TYPES[how])


def refused(problem: ProblemError, how: Format) -> Response:
    """The response to a request that cannot be answered."""
    node: Node = {"code": str(problem.status.value), "description": problem.description}
    return rendered(Answer("errors", "error", (node,), problem.status), how)


def _json(answer: Answer) -> bytes:
    content = list(answer.nodes) if answer.part else answer.nodes[0]
    return json.dumps(content, ensure_ascii=False).encode()


def _xml(answer: Answer) -> bytes:
    root = Element(answer.root)
    for node in answer.nodes:
        _fill(SubElement(root, answer.part) if answer.part else root, node)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=False)
    return _DECLARATION + written


def _fill(parent: Element, node: Node) -> None:
    for name, value in node.items():
        child = SubElement(parent, name)
        if value is None:
            continue
        if isinstance(value, str | bool | int | float):
            child.text = _text(value)
            continue
        for part in value:
            of_list = SubElement(child, _PARTS[name])
            if isinstance(part, str):
                of_list.text = _text(part)
            else:
                _fill(of_list, part)


def _text(value: str | bool | float) -> str:
    return str(value).lower() if isinstance(value, bool) else _NOT_XML.sub("", str(value))
