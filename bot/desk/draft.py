"""An editor's draft: what was typed so far, and what it amounts to once every field is right."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from bot.answering.terms import contains_han
from bot.commands.call import Call
from bot.commands.looking_up import FACT_ID, id_number
from bot.desk.fields import fact_fields, length_errors, new_fact_fields, statement_fields
from bot.desk.keys import dispute_key, fact_key, source_key, speaker_key, statement_key
from bot.desk.names import HeldNames
from bot.desk.plain import bare_text, is_web_address
from bot.desk.typed import read_change, read_date, read_period, read_value, tidied
from bot.domain.facts import (
    Assertion,
    Change,
    DisputeEntry,
    Fact,
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
from bot.ports import Library
from bot.wording.wording import Wording

Values = Mapping[str, str]
_Value = tuple[int | float | LocalText, Qualifier]
_LIST_MARKS = r"[,，、;；]"
_T = TypeVar("_T")


class Checker:
    """Reads typed fields one by one and gathers what is wrong with them, worded for the editor."""

    def __init__(self, fields: tuple[Field, ...], values: Values, wording: Wording) -> None:
        self.values, self.wording = tidied(values), wording
        self.errors = length_errors(fields, self.values, wording)

    def text(self, name: str) -> str:
        """Return a field's text on one line, without characters that no text holds."""
        return self.values.get(name, "")

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
    """A statement an editor is adding. `held_speaker` is the speaker's key, None for one that is not held yet."""

    speaker: str
    held_speaker: str | None
    said_on: date
    title: str
    url: str | None
    publisher: str
    language: str

    def content(self, facts: list["FactDraft"]) -> LibraryContent:
        """Return the statement with its facts as library content; the same draft always has the same keys."""
        new = Speaker(self._speaker_key, bare_text(self.speaker))
        return LibraryContent(
            sources=(self._source,),
            speakers=() if self.held_speaker else (new,),
            statements=(StatementEntry(self.key, self._speaker_key, self._source.key, self.said_on),),
            facts=tuple(fact.entry(self.key) for fact in facts),
            disputes=tuple(dispute for fact in facts for dispute in fact.disputes(self.key, self._source.key)),
        )

    @property
    def key(self) -> str:
        """The statement's key."""
        return statement_key(self._speaker_key, self._source.key, self.said_on)

    @property
    def _speaker_key(self) -> str:
        return self.held_speaker or speaker_key(bare_text(self.speaker))

    @property
    def _source(self) -> Source:
        return Source(
            key=source_key(self.title, self.publisher, self.said_on, self.url),
            title=self.title,
            publisher=self.publisher,
            url=self.url,
            published_on=self.said_on,
            language=self.language,
        )


@dataclass(frozen=True, slots=True)
class FactDraft:
    """A fact an editor is adding or correcting, and the held facts that it rejects. Without a topic it has none yet."""

    topic: Topic | None
    assertion: Assertion
    rejects: tuple[Fact, ...] = ()

    @property
    def topic_key(self) -> str | None:
        """The topic's key."""
        return self.topic.key if self.topic else None

    def key(self, statement: str) -> str:
        """Return the fact's key in the statement of this key."""
        return fact_key(statement, self.topic_key, self.assertion)

    def rejects_itself(self, statement: str) -> bool:
        """Whether one of the held facts it rejects is this very fact."""
        return self.key(statement) in {fact.key for fact in self.rejects}

    def entry(self, statement: str) -> FactEntry:
        """Return the fact as an entry of a library file."""
        key = self.key(statement)
        return FactEntry(key=key, statement=statement, topic=self.topic_key, **self.assertion.parts())

    def disputes(self, statement: str, source: str) -> Iterator[DisputeEntry]:
        """Return what it rejects as entries of a library file."""
        key = self.key(statement)
        return (DisputeEntry(dispute_key(key, fact.key), key, fact.key, source) for fact in self.rejects)


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
        held_speaker=names.key_of("speaker", speaker),
        said_on=said_on,
        title=title,
        url=url or None,
        publisher=check.text("publisher") or names.speaker_name(speaker) or speaker,
        language="zh-Hant" if contains_han(title) else "en",
    )


def read_fact(call: Call, values: Values) -> FactDraft | dict[str, str]:
    """Return the fact typed, or what is wrong with each field."""
    check = Checker(fact_fields(call.wording), values, call.wording)
    return _fact(call, check) or check.errors


def read_new_fact(call: Call, values: Values) -> FactDraft | dict[str, str]:
    """Return the fact typed, with the held facts it rejects, or what is wrong with each field."""
    check = Checker(new_fact_fields(call.wording), values, call.wording)
    rejects = _rejected(check, call.library)
    fact = _fact(call, check)
    return replace(fact, rejects=rejects) if fact else check.errors


def _fact(call: Call, check: Checker) -> FactDraft | None:
    """Return the fact typed, None where a field is wrong."""
    say, name = check.wording.say, check.text("topic")
    topic = call.vocabulary.topic_named(name) if name else None
    if name and topic is None:
        check.errors["topic"] = say(
            "I know no topic “{name}”. The command “{line}” lists them.", name=name, line=call.typed("topics")
        )
    text = _text(check)
    refusal = say("Write a period like 2023, 2024-05, 2019/.. or the financial year 2019-20.")
    period = check.read("period", check.text("period"), read_period, refusal)
    change = check.read("change", check.text("change"), read_change, say("Write a change like “+45% against 2022”."))
    value = check.read("value", check.text("value"), read_value, say("This number is too great to be held."))
    if check.errors or text is None:
        return None
    return FactDraft(topic, _assertion(check, text, value, period, change))


def _rejected(check: Checker, library: Library) -> tuple[Fact, ...]:
    """Return the held facts whose ids were typed, each once."""
    found: dict[int, Fact] = {}
    for name in re.split(_LIST_MARKS, check.text("rejects")):
        typed = name.strip()
        is_id = re.fullmatch(FACT_ID, typed, re.IGNORECASE)
        fact = library.fact(id_number(typed)) if is_id else None
        if fact:
            found[fact.id] = fact
        elif typed:
            check.errors["rejects"] = check.wording.say("I hold no fact {id}: write an id like F8.", id=typed)
    return tuple(found.values())


def _text(check: Checker) -> LocalText | None:
    text, chinese = check.text("text"), check.text("text_zh")
    if not text:
        return None
    return LocalText(text, chinese) if chinese else bare_text(text)


def _assertion(
    check: Checker, text: LocalText, value: _Value | None, period: Period | None, change: Change | None
) -> Assertion:
    unit, quote = check.text("unit"), check.text("quote")
    amount, qualifier = value or (None, Qualifier.EXACT)
    return Assertion(
        text=text,
        value=amount,
        qualifier=qualifier,
        unit=bare_text(unit) if unit else None,
        period=period,
        change=change,
        voice=Voice.QUOTED if quote else Voice.PARAPHRASED,
        quote=quote or None,
    )
