"""Ten thousand hostile questions: each gets an honest reply, and none breaks, leaks or echoes anything."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import ParamSpec, TypeVar

import pytest
from hostile import hostile_questions
from library import CHANNEL, CONSOLE, MONDAY
from seeded import seeded

from bot.answering.finding import answer
from bot.commands.grammar import MAX_LINE, parse
from bot.core import Bot
from bot.domain.changes import Applied, Change, Once
from bot.messages.exchange import Context, Kind, Message, Reply, Request
from bot.messages.plain import plain_text
from bot.settings import Settings
from store.store import SqlStore

P = ParamSpec("P")
R = TypeVar("R")
SETTINGS = Settings(admins=frozenset({"console"}))
# What steers a terminal, turns text around, is invisible, or is half a character. A reply has newlines of its own.
HARMFUL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
COUNT = 10_000
KEPT = 300  # questions of which it is looked at what is written down
EVERY = 10  # one question in so many goes on from the one before
MOST_LISTED = 50


class Reading(SqlStore):
    """A store that writes nothing: what is counted of a question is looked at apart, and every write takes its time."""

    def apply(self, change: Change, *, by: str, at: datetime, once: Once | None = None) -> Applied:
        del change, by, at, once
        return Applied()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a file that holds the seeds."""
    found = f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'tipfacts.db'}"
    with seeded(found):
        yield found


@pytest.fixture
def bot(url: str) -> Iterator[Bot]:
    """A core whose store writes nothing."""
    store = Reading(url)
    yield Bot(store, SETTINGS)
    store.close()


def request(question: str, context: Context | None = None) -> Request:
    return Request(question, CONSOLE, CHANNEL, MONDAY, context=context)


def shown(reply: Reply) -> str:
    """All that anybody is shown of a reply, or sends back with a press."""
    assert isinstance(reply, Message)
    return "\n".join([plain_text(reply.document), *(choice.query for choice in reply.document.choices)])


def test_a_hostile_question_gets_a_message_that_is_no_error_and_echoes_nothing_harmful(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    context, bad = None, []
    for at, question in enumerate(hostile_questions(COUNT, seed=20240625)):
        reply = bot.handle(request(question, context if at % EVERY == 0 else None))
        assert isinstance(reply, Message), ascii(question)
        text, context = shown(reply), reply.context
        if (reply.kind is Kind.ERROR) is not (len(question) > MAX_LINE) or HARMFUL.search(text):
            bad.append((ascii(question), text[:200]))
    assert bad == []
    assert caplog.records == []


@pytest.mark.parametrize("text", ["2023-00-00", "in 2023-00-00 and 2023-00-31"])
def test_a_month_that_is_none_is_no_error(bot: Bot, text: str) -> None:
    reply = bot.handle(request(text))
    assert isinstance(reply, Message)
    assert reply.kind is not Kind.ERROR


def test_what_is_written_down_of_hostile_questions_steers_no_terminal_either(url: str) -> None:
    with seeded(url, CONSOLE) as desk:
        for question in hostile_questions(KEPT, seed=7):
            desk.bot.handle(request(question))
        with desk.store.read() as library:
            kept = [each.question for each in library.unanswered(KEPT)]
        listed = shown(desk.say(f"unanswered {MOST_LISTED}"))
    assert len(kept) > KEPT / 3
    assert [ascii(each) for each in kept if HARMFUL.search(each)] == []
    assert HARMFUL.search(listed) is None


@pytest.mark.parametrize("text", ["a" * MAX_LINE, "甄" * MAX_LINE, "🙂" * MAX_LINE, "did " * 250, "\x00" * MAX_LINE])
def test_as_many_characters_as_are_read_are_read(bot: Bot, text: str) -> None:
    reply = bot.handle(request(text))
    assert isinstance(reply, Message)
    assert reply.kind in (Kind.ABSTENTION, Kind.HELP)


def noting(name: str, called: Callable[P, R], reached: list[str]) -> Callable[P, R]:
    """The same function, which notes that it was reached."""

    def noted(*args: P.args, **options: P.kwargs) -> R:
        reached.append(name)
        return called(*args, **options)

    return noted


def test_one_character_more_is_refused_before_anything_is_read(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[str] = []
    monkeypatch.setattr("bot.core.parse", noting("parse", parse, reached))
    monkeypatch.setattr("bot.commands.reading.answer", noting("answer", answer, reached))
    for character in ("a", "甄", "🙂", "(", "\x00"):
        text = shown(bot.handle(request(character * (MAX_LINE + 1), Context("screenings"))))
        assert "1,001" in text
        assert "1,000" in text
    assert reached == []
    bot.handle(request("zebra"))
    assert reached == ["parse", "answer"]  # a line that is not too long comes to both
