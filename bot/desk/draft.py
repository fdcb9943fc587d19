"""An editor's draft: what was typed so far, and what it amounts to once every field is right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from bot.answering.terms import contains_han
from bot.answering.vocabulary import Vocabulary
from bot.desk.fields import fact_fields, length_errors, statement_fields
from bot.desk.names import HeldNames
from bot.desk.plain import bare_text, content_key, is_web_address
from bot.desk.typed import read_change, read_date, read_value, tidy
from bot.domain.facts import (
    Assertion,
    Change,
    FactEntry,
    LibraryContent,
    Qualifier,
    Source,
    Speaker,
    StatementEntry,
    Topic,
    Voice,
)
from bot.domain.period import Period
from bot.domain.text import LocalText
from bot.messages.exchange import Field
from bot.wording.wording import Wording

Values = Mapping[str, str]
_T = TypeVar("_T")


class Checker:
    """Reads typed fields one by one and gathers what is wrong with them, worded for the editor."""

    def __init__(self, fields: tuple[Field, ...], values: Values, wording: Wording) -> None:
        self.values, self.wording = values, wording
        self.errors = length_errors(fields, values, wording)

    def text(self, name: str) -> str:
        """Return a field's text without space around it, or characters that no text holds."""
        return tidy(self.values.get(name, ""))

    def read(self, name: str, text: str, read: Callable[[str], _T], refusal: str) -> _T | None:
        """Return what `read` makes of a text, None where it is empty or refused."""
        if not text:
            return None
        try:
            return read(text)
        except ValueError:
            self.errors[name] = refusal
            return None


@dataclass(frozen=True, slots=True)
class StatementDraft:
    """A statement an editor is adding. `speaker_key` is None for a speaker that is not held yet."""

    speaker: str
    speaker_key: str | None
    said_on: date
    title: str
    url: str | None
    publisher: str
    language: str

    def content(self, facts: list["FactDraft"]) -> LibraryContent:
        """Return the statement with its facts as library content; the same draft always has the same keys."""
        speaker_key = self.speaker_key or content_key("speaker", self.speaker)
        source = Source(
            key=content_key("source", self.title, self.publisher, self.said_on, self.url),
            title=self.title,
            publisher=self.publisher,
            url=self.url,
            published_on=self.said_on,
            language=self.language,
        )
        statement = StatementEntry(
            content_key("statement", speaker_key, source.key, self.said_on), speaker_key, source.key, self.said_on
        )
        return LibraryContent(
            sources=(source,),
            speakers=() if self.speaker_key else (Speaker(speaker_key, bare_text(self.speaker)),),
            statements=(statement,),
            facts=tuple(fact.entry(statement.key) for fact in facts),
        )


@dataclass(frozen=True, slots=True)
class FactDraft:
    """A fact an editor is adding or correcting."""

    topic: Topic
    assertion: Assertion

    def entry(self, statement: str) -> FactEntry:
        """Return the fact as an entry of a library file."""
        said = self.assertion
        key = content_key("fact", statement, self.topic.key, said.text, said.value, said.period, said.quote)
        return FactEntry(key=key, statement=statement, topic=self.topic.key, **said.parts())


def read_statement(values: Values, names: HeldNames, wording: Wording, today: date) -> StatementDraft | dict[str, str]:
    """Return the statement typed, or what is wrong with each field."""
    check, say = Checker(statement_fields(wording), values, wording), wording.say
    speaker, title = check.text("speaker"), check.text("title")
    refusal = say("“{date}” is not a date: write it like 2022-07-20.", date=check.text("date"))
    said_on = check.read("date", check.text("date"), read_date, refusal)
    if said_on and said_on > today:
        check.errors["date"] = say("This date is in the future; give the day it was said.")
    url = check.text("link")
    if url and not is_web_address(url):
        check.errors["link"] = say("This is not a web address: it starts with https:// or http://.")
    if check.errors or said_on is None:
        return check.errors
    return StatementDraft(
        speaker=speaker,
        speaker_key=names.key_of("speaker", speaker),
        said_on=said_on,
        title=title,
        url=url or None,
        publisher=check.text("publisher") or names.speaker_name(speaker) or speaker,
        language="zh-Hant" if contains_han(title) else "en",
    )


def read_fact(values: Values, vocabulary: Vocabulary, wording: Wording) -> FactDraft | dict[str, str]:
    """Return the fact typed, or what is wrong with each field."""
    check, say = Checker(fact_fields(wording), values, wording), wording.say
    name = check.text("topic")
    topic = vocabulary.topic_named(name) if name else None
    if name and topic is None:
        check.errors["topic"] = say("I know no topic “{name}”. Type “topics” to see them.", name=name)
    text = _text(check)
    period = check.read("period", check.text("period"), Period, say("Write a period like 2023, 2024-05 or 2019/.."))
    change = check.read("change", check.text("change"), read_change, say("Write a change like “+45% against 2022”."))
    if check.errors or topic is None or text is None:
        return check.errors
    return FactDraft(topic, _assertion(check, text, period, change))


def _text(check: Checker) -> LocalText | None:
    text, chinese = check.text("text"), check.text("text_zh")
    if not text:
        return None
    return LocalText(text, chinese) if chinese else bare_text(text)


def _assertion(check: Checker, text: LocalText, period: Period | None, change: Change | None) -> Assertion:
    typed, unit, quote = check.text("value"), check.text("unit"), check.text("quote")
    value, qualifier = read_value(typed) if typed else (None, Qualifier.EXACT)
    return Assertion(
        text=text,
        value=value,
        qualifier=qualifier,
        unit=bare_text(unit) if unit else None,
        period=period,
        change=change,
        voice=Voice.QUOTED if quote else Voice.PARAPHRASED,
        quote=quote or None,
    )
