"""What a person can mend is told in a line, without a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from callbot.gazetteer import UnreadableBaseError
from callbot.knowledge import KnowledgeError
from callbot.privacy import KeyProblemError
from callbot.rehearsal.carrier import RingError
from callbot.speech.models import ModelMissingError
from callbot.speech.voice import VoiceUnavailableError
from callbot.speech.whisper_openai import EngineMissingError
from callbot.telephony.signatures import UnsafeSetupError

_MENDABLE = (
    EngineMissingError, KeyProblemError, ModelMissingError, RingError, UnreadableBaseError, UnsafeSetupError,
    VoiceUnavailableError,
)  # fmt: skip


@contextmanager
def told(command: str) -> Iterator[None]:
    """Ends ``command`` with exit code 1 and a line on stderr for each problem of the set-up."""
    try:
        yield
    except KnowledgeError as error:
        for problem in error.problems:
            typer.echo(f"{command}: {problem}", err=True)
        raise typer.Exit(1) from None
    except _MENDABLE as error:
        typer.echo(f"{command}: {error}", err=True)
        raise typer.Exit(1) from None
