"""Questions that go on from the one before: what they take over, what they leave, and how scripts send it back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from library import MONDAY, Desk
from seeded import seeded

from adapters.console.as_json import answer_lines, json_line
from bot.domain.changes import SetFactStanding
from bot.domain.facts import Standing
from bot.domain.period import Period
from bot.domain.text import Locale
from bot.messages.exchange import Context, Kind, Message, Request
from bot.messages.plain import plain_text

QUESTIONS = Path(__file__).parent.parent / "questions" / "mixed.jsonl"
HOW_MANY = "how many screenings were there in 2023?"
BEFORE = object()  # stands for the context of the reply before


@dataclass
class Conversation:
    """Somebody who asks one thing after another, and has each answered with the context of the one before."""

    desk: Desk
    context: Context | None = None

    def says(self, text: str, locale: Locale | None = None) -> Message:
        desk = self.desk
        reply = desk.bot.handle(Request(text, desk.actor, desk.address, desk.now, locale, context=self.context))
        assert isinstance(reply, Message)
        self.context = reply.context or self.context
        return reply

    def answered(self, text: str) -> str | None:
        """The key of the fact that answers, None where none does."""
        reply = self.says(text)
        return reply.document.facts[0].key if reply.kind is Kind.ANSWER else None

    def text(self, text: str) -> str:
        return plain_text(self.says(text).document)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with seeded(f"sqlite:///{tmp_path_factory.mktemp('follow-ups') / 'tipfacts.db'}") as opened:
        yield opened


@pytest.fixture
def talk(seeds: Desk) -> Conversation:
    return Conversation(seeds)


def test_another_year_is_asked_of_the_same_thing(talk: Conversation) -> None:
    assert talk.answered(HOW_MANY) == "screenings-2023"
    refused = talk.text("and in 2021?")
    assert "2021: nothing held. Initial screenings is held for 2023." in refused
    assert f"I read this as going on from “{HOW_MANY}”." in refused
    assert talk.answered("and in 2023?") == "screenings-2023"


def test_the_year_before_is_reckoned_from_the_year_that_was_spoken_of_last(talk: Conversation) -> None:
    talk.says(HOW_MANY)
    assert "2022: nothing held" in talk.text("and the year before?")
    assert "2021: nothing held" in talk.text("and the year before?")
    assert "2022: nothing held" in talk.text("and the year after?")


def test_a_topics_bare_name_can_be_gone_on_from(talk: Conversation) -> None:
    talk.says("screenings")
    assert "2021: nothing held" in talk.text("and in 2021?")


def test_what_was_not_answered_can_be_gone_on_from(talk: Conversation) -> None:
    assert talk.answered("how many screenings were there in 2019?") is None
    assert talk.answered("and in 2023?") == "screenings-2023"


def test_a_question_that_names_its_own_topic_takes_nothing_over(talk: Conversation) -> None:
    talk.says(HOW_MANY)
    talk.says("and in 2021?")
    text = talk.text("and victims?")
    assert "3 victims identified" in text
    assert "going on from" not in text
    assert talk.context is not None
    assert (talk.context.question, talk.context.periods) == ("and victims?", (Period("2023"),))


def test_a_view_is_asked_of_what_was_spoken_of(talk: Conversation) -> None:
    question = "which tier is Hong Kong on?"
    assert talk.answered(question) == "tier-2-watch-list-2024"
    reply = talk.says("what about the US view?")
    assert reply.document.facts[0].key == "tier-2-watch-list-2024"
    assert f"I read this as going on from “{question}”." in plain_text(reply.document)


def test_in_cantonese_the_reply_says_in_chinese_what_it_goes_on_from(talk: Conversation) -> None:
    talk.says("有幾多甄別？")
    text = talk.text("點樣計到？")
    assert "接續「有幾多甄別" in text
    assert "2021年" in talk.text("咁2021年呢？")


def test_a_greeting_or_help_in_between_does_not_end_the_conversation(talk: Conversation) -> None:
    talk.says(HOW_MANY)
    talk.says("hello")
    talk.says("help")
    assert "2022: nothing held" in talk.text("and in 2022?")


def test_without_a_context_nothing_is_gone_on_from(seeds: Desk) -> None:
    text = Conversation(seeds).text("and in 2021?")
    assert "going on from" not in text
    assert "screenings" not in text.lower()


def differs_within(desk: Desk, question: str) -> bool:
    """Whether a question is answered otherwise, or answered at all, because of what went before."""
    before = Conversation(desk).says(HOW_MANY).context
    alone, within = Conversation(desk).says(question), Conversation(desk, before).says(question)
    if Kind.ANSWER not in (alone.kind, within.kind):
        return False
    return (alone.document, alone.context) != (within.document, within.context)


def test_a_question_that_stands_by_itself_is_answered_as_if_nothing_went_before(seeds: Desk) -> None:
    asked = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    standing = [each["question"] for each in asked if each["cat"] in ("full", "para", "u_offtopic", "u_country")]
    assert len(standing) > 100
    assert [each for each in standing if differs_within(seeds, each) and "its laws" not in each] == []


def test_a_pronoun_for_what_the_question_names_itself_does_not_go_on(seeds: Desk) -> None:
    assert not differs_within(seeds, "Does the city reckon its laws measure up to those overseas?")


def test_a_place_that_was_asked_about_is_left_again(talk: Conversation) -> None:
    talk.says(HOW_MANY)
    assert talk.answered("what about Japan?") is None
    assert talk.answered("and in Hong Kong?") == "screenings-2023"


def test_a_context_whose_fact_was_withdrawn_shows_it_no_more(desk: Desk) -> None:
    talk = Conversation(desk)
    assert talk.answered(HOW_MANY) == "screenings-2023"
    assert talk.context is not None
    desk.store.apply(
        SetFactStanding(talk.context.fact_id or 0, 1, Standing.WITHDRAWN, "published in error"), by="test", at=MONDAY
    )
    reply = talk.says("and in 2023?")
    assert "11,000" not in plain_text(reply.document)
    assert "screenings-2023" not in [fact.key for fact in reply.document.facts]


def test_another_party_is_asked_in_place_of_the_one_before(talk: Conversation) -> None:
    assert talk.answered("how did the government respond to the report?") == "allegations-refuted"
    assert talk.answered("and the US?") is None


@pytest.mark.parametrize("follow_up", ["and a year earlier?", "and the previous year?", "前一年呢？"])
def test_the_year_before_may_be_called_otherwise(talk: Conversation, follow_up: str) -> None:
    talk.says(HOW_MANY)
    reply = talk.says(follow_up, Locale.EN)
    assert "2022: nothing held" in plain_text(reply.document)


def test_a_question_for_an_opinion_in_between_does_not_end_the_conversation(talk: Conversation) -> None:
    talk.says(HOW_MANY)
    talk.says("do you think that is a lot?")
    assert "2022: nothing held" in talk.text("and in 2022?")


def test_a_long_conversation_is_still_about_what_it_began_with(talk: Conversation) -> None:
    talk.says("which tier is Hong Kong on?")
    for _ in range(20):
        talk.says("and according to Washington?")
    assert talk.answered("and in 2024?") == "tier-2-watch-list-2024"


@pytest.mark.parametrize(("year", "follow_up"), [("0001", "and the year before?"), ("9999", "and the year after?")])
def test_a_step_beyond_the_calendar_is_no_error(seeds: Desk, year: str, follow_up: str) -> None:
    talk = Conversation(seeds, Context("screenings", (Period(year),)))
    assert talk.says(follow_up).kind is Kind.ABSTENTION


def script(desk: Desk, *lines: Mapping[str, object]) -> list[dict[str, object]]:
    """The replies to lines of `ask --jsonl`; where a line has the context BEFORE, that of the reply before is sent."""
    replies: list[dict[str, object]] = []

    def ask(question: str, locale: Locale | None, context: Context | None) -> Message:
        return Conversation(desk, context).says(question, locale)

    def typed() -> Iterator[str]:
        for line in lines:
            sent = {**line, "context": replies[-1]["context"]} if line.get("context") is BEFORE else line
            yield json.dumps(sent)

    for reply in answer_lines(typed(), ask):
        read: dict[str, object] = json.loads(reply)
        replies.append(read)
    return replies


def test_a_script_goes_on_by_sending_a_replys_context_back(seeds: Desk) -> None:
    first, second, third, alone = script(
        seeds,
        {"question": HOW_MANY},
        {"question": "and in 2021?", "context": BEFORE},
        {"question": "and the year after?", "context": BEFORE},
        {"question": "and in 2021?", "context": None},
    )
    assert first["context"] == {"question": HOW_MANY, "periods": ["2023"], "fact": "F12"}
    assert second["context"] == {"question": HOW_MANY, "periods": ["2021"], "fact": None}
    assert "2022: nothing held" in str(third["text"])
    assert "screenings" not in str(alone["text"])


def test_a_context_comes_back_from_a_script_as_it_was_given(seeds: Desk) -> None:
    given: list[Context | None] = []
    contexts = (
        Context("有幾多“甄別”？\u2028", (Period("2023"), Period("2019/..")), 12),
        Context("", (Period("../2019"), Period("2023-04-01/2024-03-31")), None),
        None,
    )

    def ask(question: str, locale: Locale | None, context: Context | None) -> Message:
        given.append(context)
        return Conversation(seeds).says(question, locale)

    for context in contexts:
        shown = json.loads(json_line(Message(Kind.HELP, seeds.say("help").document, context=context)))
        list(answer_lines([json.dumps({"question": "help", "context": shown["context"]})], ask))
    assert given == list(contexts)


@pytest.mark.parametrize(
    "context",
    [
        "screenings",
        5,
        True,
        [],
        {},
        {"question": "screenings"},
        {"question": "screenings", "periods": ["2023"]},
        {"question": "screenings", "periods": "2023", "fact": None},
        {"question": "screenings", "periods": [2023], "fact": None},
        {"question": "screenings", "periods": ["2023-99"], "fact": None},
        {"question": "screenings", "periods": ["2023"], "fact": "F"},
        {"question": "screenings", "periods": ["2023"], "fact": 12},
    ],
)
def test_a_context_that_is_none_is_refused_and_the_next_line_is_answered(seeds: Desk, context: object) -> None:
    bad, good = script(seeds, {"id": 7, "question": "and in 2021?", "context": context}, {"question": "screenings"})
    assert (bad["id"], bad["kind"], bad["facts"]) == (7, "error", [])
    assert bad["text"] == "“context” must be the context of an earlier reply, as it came"
    assert good["kind"] == "answer"


@pytest.mark.parametrize("question", [None, 1, ["screenings"], "screenings " * 200])
def test_a_context_whose_question_is_no_line_is_refused(seeds: Desk, question: object) -> None:
    context = {"question": question, "periods": [], "fact": None}
    (reply,) = script(seeds, {"question": "and in 2021?", "context": context})
    assert reply["kind"] == "error"
