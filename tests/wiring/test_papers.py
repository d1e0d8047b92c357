"""The papers of data protection say what the code does, and the register is about the configuration that runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from callbot.bootstrap.charter import sounds_in
from callbot.bootstrap.register import delivered_papers, source_of
from callbot.knowledge import KnowledgeBase, load_knowledge
from callbot.privacy.papers import PAPERS, papers
from callbot.privacy.register import checksum, empty_sections, register_of
from callbot.settings import Calls, Settings, Twilio

FOLDER = Path(__file__).parents[2] / "deploy" / "conformite"


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return load_knowledge(Path("knowledge_base"))


def test_no_paper_is_stale() -> None:
    made = delivered_papers()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert there == made, "run: callbot charter documents"


def test_every_paper_has_a_title_and_the_register_its_sections(knowledge: KnowledgeBase) -> None:
    source = source_of(Settings.model_construct(), knowledge)
    made = papers(source)
    assert list(made) == [paper.file for paper in PAPERS]
    assert all(text.startswith("# ") and text.endswith("\n") for text in made.values())
    assert empty_sections(register_of(source)) == ()


def test_another_setting_is_another_register(knowledge: KnowledgeBase) -> None:
    delivered = Settings.model_construct()
    asking = delivered.model_copy(update={"calls": Calls(ask_name=True)})
    on_the_line = delivered.model_copy(update={"twilio": Twilio(account_sid="AC1", auth_token=SecretStr("t"))})
    sources = [source_of(settings, knowledge) for settings in (delivered, asking, on_the_line)]
    assert len({checksum(source) for source in sources}) == 3
    assert [one.name for one in sources[2].outside if one.used] == ["Twilio"]
    assert "AC1" not in repr(sources[2])


def test_the_register_tells_of_listening_where_it_is_on_and_only_there(knowledge: KnowledgeBase) -> None:
    for listening in (True, False):
        twilio = Twilio(listening=listening, agents_queue="conseillers")
        settings = Settings.model_construct().model_copy(update={"twilio": twilio})
        made = register_of(source_of(settings, knowledge))
        told = [sentence for section in made.sections for sentence in section.sentences if "écouter" in sentence]
        assert [("vous pouvez refuser" in each) for each in told] == [True] * listening


def test_a_sound_of_a_caller_is_found_and_ours_are_not(tmp_path: Path) -> None:
    for name in ("phrases/un.wav", "callers/deux.wav", "calls/CA1.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"RIFF")
    assert list(sounds_in(tmp_path)) == ["calls/*.wav"]
