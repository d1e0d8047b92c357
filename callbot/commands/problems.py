"""What a person can mend is told in a line, without a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from callbot.gazetteer import UnreadableBaseError
from callbot.knowledge import KnowledgeError
from callbot.privacy import CannotOpenError, KeyProblemError
from callbot.privacy.hooks import BadHookError
from callbot.rehearsal.carrier import RingError
from callbot.speech.engine import EarsAwayError
from callbot.speech.models import ModelMissingError
from callbot.speech.voice import VoiceUnavailableError
from callbot.speech.whisper_openai import EngineMissingError
from callbot.speech.workers.wire import UnsafeWorkersError
from callbot.storage import StorageAwayError
from callbot.telephony.signatures import UnsafeSetupError

_MENDABLE = (
    BadHookError, CannotOpenError, EarsAwayError, EngineMissingError, KeyProblemError, ModelMissingError, OSError,
    RingError, SettingsError, StorageAwayError, UnreadableBaseError, UnsafeSetupError, UnsafeWorkersError,
    VoiceUnavailableError,
)  # fmt: skip


@contextmanager
def told(command: str) -> Iterator[None]:
    """Ends ``command`` with exit code 1 and a line on stderr for each problem of the set-up.

    A setting that does not fit is named and never shown: it may be a key.
    """
    try:
        yield
    except KnowledgeError as error:
        for problem in error.problems:
            typer.echo(f"{command}: {problem}", err=True)
        raise SystemExit(1) from None
    except ValidationError as error:
        for wrong in error.errors(include_input=False, include_url=False):
            typer.echo(f"{command}: CALLBOT_{'__'.join(map(str, wrong['loc'])).upper()}: {wrong['msg']}", err=True)
        raise SystemExit(1) from None
    except _MENDABLE as error:
        typer.echo(f"{command}: {error}", err=True)
        raise SystemExit(1) from None
