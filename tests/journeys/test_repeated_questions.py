"""The same question asked again: its answer is kept while nothing it rests on has moved, and no longer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from library import CONSOLE, MONDAY, Desk
from seeded import READER, seeded

from bot.core import Bot
from bot.domain.text import Locale
from bot.messages.exchange import FormErrors, Kind, Message
from bot.ports import Library, Store
from bot.settings import Settings
from store.store import SqlStore

HOW_MANY = "how many screenings were there in 2023?"


class Counting:
    """A store that counts how often facts of a topic and candidates are read."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self.reads = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    @contextmanager
    def read(self) -> Iterator[Library]:
        with self._store.read() as library:
            yield cast("Library", _CountingLibrary(library, self))


class _CountingLibrary:
    def __init__(self, library: Library, counting: Counting) -> None:
        self._library, self._counting = library, counting

    def __getattr__(self, name: str) -> object:
        if name in ("candidates", "current_facts", "disputes"):
            self._counting.reads += 1
        return getattr(self._library, name)


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[Desk]:
    with seeded(f"sqlite:///{tmp_path / 'tipfacts.db'}", CONSOLE) as opened:
        yield opened


@pytest.fixture
def counting(admin: Desk) -> Counting:
    return Counting(admin.store)


@pytest.fixture
def counted(admin: Desk, counting: Counting) -> Desk:
    """A desk whose reads are counted; the clock stands still."""
    return replace(admin, bot=Bot(cast("Store", counting), Settings()), actor=READER)


def test_an_answer_is_worked_out_once_and_given_again(counted: Desk, counting: Counting) -> None:
    first = counted.say(HOW_MANY)
    reads = counting.reads
    assert reads > 0
    assert counted.say(HOW_MANY) == first
    assert counting.reads == reads


@pytest.mark.parametrize("changed", ["text", "locale", "day"])
def test_another_question_language_or_day_is_worked_out_anew(counted: Desk, counting: Counting, changed: str) -> None:
    counted.say("screenings last year")
    reads = counting.reads
    other = {
        "text": counted,
        "locale": replace(counted, locale=Locale.ZH_HANT),
        "day": replace(counted, now=MONDAY + timedelta(days=365)),
    }[changed]
    other.say("screenings in 2023" if changed == "text" else "screenings last year")
    assert counting.reads > reads


def test_a_corrected_fact_is_answered_as_it_is_now(admin: Desk) -> None:
    assert "11,000" in admin.text(HOW_MANY)
    form = admin.form("correct F12")
    review = admin.send(form, form.submits[0].key, value="about 11,100", text="Hong Kong held 11,100.", reason="typo")
    assert not isinstance(review, Message | FormErrors), review
    assert cast("Message", admin.send(review, review.submits[0].key)).kind is Kind.DONE
    assert "11,100" in admin.text(HOW_MANY)


def test_what_an_editor_is_offered_is_not_offered_to_a_reader(admin: Desk) -> None:
    asked = [choice.query for choice in admin.say(HOW_MANY).document.choices]
    assert f"trace {HOW_MANY}" in asked
    reader = replace(admin, actor=READER)
    assert not any(choice.query.startswith("trace") for choice in reader.say(HOW_MANY).document.choices)


def test_an_unanswered_question_is_counted_each_time(admin: Desk) -> None:
    for _ in range(3):
        admin.say("how many ferries run at night?")
    assert "3" in admin.text("unanswered")


def test_no_more_than_a_fixed_number_of_answers_is_kept(
    counted: Desk, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.core.MOST_ANSWERS", 3)
    for question in (HOW_MANY, "victims in 2023", "tier", "training"):
        counted.say(question)
    reads = counting.reads
    counted.say(HOW_MANY)
    assert counting.reads > reads
