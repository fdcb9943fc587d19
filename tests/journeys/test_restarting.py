"""What a start with changed seeds does to what editors wrote meanwhile: nothing."""

from pathlib import Path

import pytest
from library import MONDAY, Desk

from bot.core import Bot
from bot.domain.changes import EditTopic, EditWords, TopicPart
from bot.installation import load_seeds
from bot.settings import Settings
from store.store import SqlStore

SEEDS = """\
topics:
  - {key: visas, label: Visas, aliases: [visa]}
  - {key: ferries, label: Ferries}
words:
  light: [please]
  count: [how many]
"""
NEWER = SEEDS.replace("[visa]", "[visa, permit]").replace("Ferries}", "Ferries, words: [boat]}").replace(
    "[please]", "[please, kindly]"
).replace("[how many]", "[how many, number of]")  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that name a folder of seeds of our own."""
    (tmp_path / "seeds.yaml").write_text(SEEDS)
    return Settings(admins=frozenset({"console"}), seeds=str(tmp_path))


def test_topics_and_words_that_an_editor_changed_are_kept_and_named(
    tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    store = SqlStore(f"sqlite:///{tmp_path / 'tipfacts.db'}")
    store.prepare(migrate=True)
    load_seeds(store, settings, MONDAY)
    desk = Desk(Bot(store, settings), store)
    store.apply(EditTopic("visas", TopicPart.ALIASES, add=("entry stamp",)), by="console", at=desk.now)
    store.apply(EditWords("light", add=("ever",), remove=("please",)), by="console", at=desk.now)
    (tmp_path / "seeds.yaml").write_text(NEWER)
    load_seeds(store, settings, MONDAY)
    assert "the editors’ version is kept: visas, light" in caplog.text
    with store.read() as library:
        visas, ferries = library.topics()
        light, count = library.word_lists()
    assert (visas.aliases, ferries.words) == (("visa", "entry stamp"), ("boat",))
    assert (light.words, count.words) == (("ever",), ("how many", "number of"))
    store.close()
