"""``callbot understand``: what the bot takes from a caller's words."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import typer

from callbot.commands.published import published_base
from callbot.domain.meaning import Expectation, Meaning
from callbot.gazetteer.communes import read_communes
from callbot.knowledge import KnowledgeError
from callbot.settings import LOCAL_ZONE, load_settings
from callbot.understanding import QuestionPhrases, Understander


def understand(
    text: Annotated[str, typer.Argument(help="The caller's words, as speech recognition writes them.")],
    expect: Annotated[Expectation, typer.Option(help="What was asked before these words.")] = Expectation.ANY,
    as_json: Annotated[bool, typer.Option("--json", help="Print the meaning as JSON.")] = False,
) -> None:
    """Show what the bot takes from TEXT."""
    try:
        reader = _understander()
    except KnowledgeError as error:
        typer.echo("understand: the knowledge base has errors; run `callbot knowledge check`", err=True)
        raise typer.Exit(1) from error
    meaning = reader.understand(text, expect, today=datetime.now(LOCAL_ZONE).date())
    shape = meaning_as_json(meaning)
    if as_json:
        typer.echo(json.dumps(shape, ensure_ascii=False))
        return
    for name, value in shape.items():
        if value not in (None, [], False):
            typer.echo(f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")


def meaning_as_json(meaning: Meaning) -> dict[str, Any]:
    """The stable JSON shape of a meaning: dates ISO, ``items`` a list, what was not said null."""
    address, wish = meaning.address, meaning.date
    return {
        "intent": meaning.intent.value,
        "yes_no": meaning.yes_no.value if meaning.yes_no else None,
        "items": [{"item": line.item, "quantity": line.quantity, "heard": line.heard} for line in meaning.items],
        "address": address
        and {
            "number": address.number,
            "repetition": address.repetition,
            "street_heard": address.street_heard,
            "insee": address.insee,
            "commune_doubt": list(address.commune_doubt),
        },
        "date": wish
        and {
            "from": wish.first.isoformat(),
            "to": wish.last.isoformat(),
            "part_of_day": wish.part_of_day.value if wish.part_of_day else None,
        },
        "choice": meaning.choice,
        "name": meaning.name,
        "letters": meaning.spelled
        and [{"letter": letter.sign, "certainty": letter.certainty} for letter in meaning.spelled.letters],
        "phone": meaning.phone,
        "wants_human": meaning.wants_human,
        "topic": meaning.topic.value if meaning.topic else None,
        "question": meaning.question,
        "nearest": list(meaning.nearest),
        "references": list(meaning.references),
        "language": meaning.language.value if meaning.language else None,
        "correcting": meaning.correcting,
        "why": meaning.why,
    }


def _understander() -> Understander:
    knowledge = published_base(load_settings(), "understand")
    questions = [QuestionPhrases(entry.id, entry.variants) for entry in knowledge.questions]
    return Understander(knowledge.catalogue, read_communes(), questions)


def register(app: typer.Typer) -> None:
    """Adds this command."""
    app.command()(understand)
