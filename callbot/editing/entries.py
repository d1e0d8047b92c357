"""An entry written with a form, as the file the loader reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from callbot.domain.items import Certainty


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """A question in the words of callers and its spoken answer, with where it comes from. Dates: ``YYYY-MM-DD``."""

    id: str
    variants: Sequence[str]
    answer: str
    source: str
    certainty: str
    owner: str
    valid_from: str
    valid_to: str = ""
    spoken_source: str = ""

    @property
    def file(self) -> str:
        """The file it becomes."""
        return f"questions/{self.id}.md"

    def text(self) -> str:
        """The file's text: front matter, then the answer."""
        known: Mapping[str, object] = {
            "id": self.id,
            "variants": list(self.variants),
            "source": self.source,
            "spoken_source": self.spoken_source,
            "certainty": self.certainty,
            "owner": self.owner,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
        }
        keys: dict[str, object] = {key: value for key, value in known.items() if value}
        if self.certainty != Certainty.SOURCED:
            keys["sample"] = True
        front = yaml.safe_dump(keys, allow_unicode=True, sort_keys=False, width=110)
        return f"---\n{front}---\n{self.answer}\n"
