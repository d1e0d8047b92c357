"""The phone company's side of TwiML: what it is told to do, read with the standard library alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree import ElementTree


class TwimlError(ValueError):
    """Not TwiML, or a verb that this phone company does not know."""


@dataclass(frozen=True, slots=True)
class ConnectStream:
    """Open a socket at ``url`` with ``parameters``; when it closes, ask ``action`` ("" : the call just ends)."""

    url: str
    action: str
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dial:
    """Put through to ``number``."""

    number: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call; an empty response means the same."""


Verb = ConnectStream | Dial | HangUp
_SPOKEN = ("Say", "Play", "Pause")
_LONGEST = 65_536


def parse_twiml(text: str) -> Verb:
    """The verb that decides the call; sentences said before it are left out. Raises ``TwimlError``."""
    if len(text) > _LONGEST or "<!" in text:
        raise TwimlError("longer than any TwiML, or with declarations that TwiML does not have")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - declarations and entities were refused above
    except ElementTree.ParseError as error:
        raise TwimlError(f"not XML: {error}") from None
    if root.tag != "Response":
        raise TwimlError(f"expected <Response>, found <{root.tag}>")
    verbs = [child for child in root if child.tag not in _SPOKEN]
    return _verb(verbs[0]) if verbs else HangUp()


def _verb(element: ElementTree.Element) -> Verb:
    match element.tag:
        case "Hangup":
            return HangUp()
        case "Dial":
            number = "".join(element.itertext()).strip()
            if not number:
                raise TwimlError("<Dial> without a number")
            return Dial(number)
        case "Connect":
            return _connect(element)
        case tag:
            raise TwimlError(f"unknown verb <{tag}>")


def _connect(element: ElementTree.Element) -> ConnectStream:
    stream = element.find("Stream")
    url = stream.get("url", "") if stream is not None else ""
    if stream is None or not url.startswith(("ws://", "wss://")):
        raise TwimlError("<Connect> expects a <Stream url> with a ws or wss address")
    if "?" in url:
        raise TwimlError("<Stream url> with a query: Twilio does not pass it on")
    parameters = {each.get("name", ""): each.get("value", "") for each in stream.findall("Parameter")}
    return ConnectStream(url, element.get("action", ""), parameters)
