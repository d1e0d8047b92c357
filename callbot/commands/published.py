"""What commands tell of the service rests on what is published, as the service itself does."""

from __future__ import annotations

import typer

from callbot.bootstrap.published import published_knowledge
from callbot.knowledge import KnowledgeBase
from callbot.settings import Settings


def published_base(settings: Settings, command: str) -> KnowledgeBase:
    """The knowledge base as it is published; told on stderr where only the delivered files could be read. Blocking."""
    found = published_knowledge(settings)
    if found.problem:
        typer.echo(f"{command}: {found.problem}: the delivered files are read", err=True)
    return found.knowledge
