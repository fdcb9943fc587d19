"""Replies as JSON, one object a line, for scripts."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import NoReturn

from adapters.console.locales import locale_named
from adapters.console.visible import whole
from bot.answering.composing import shown_standing
from bot.commands.grammar import MAX_LINE
from bot.domain.facts import Fact
from bot.domain.period import Period
from bot.domain.text import Locale, LocalText
from bot.messages.document import Document, Paragraph
from bot.messages.exchange import Context, Kind, Message
from bot.messages.plain import plain_text

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029]")  # json leaves these raw; terminals and line readers act on them
_LINE_SHAPE = 'write one object a line: {"id": 1, "question": "screenings", "locale": "en"}'

Ask = Callable[[str, Locale | None, Context | None], Message]


def json_line(message: Message, **first: object) -> str:
    """Return the message as one line of JSON, after what comes `first`."""
    line = json.dumps(first | _message_object(message), ensure_ascii=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", whole(line))


def answer_lines(lines: Iterable[str], ask: Ask) -> Iterator[str]:
    """Answer {"id", "question", "locale", "context"} line by line; a line that cannot be read gets an error.

    "context" is that of an earlier reply, for a question that goes on from it.
    """
    for line in lines:
        asked = line.strip("\ufeff \t\r\n")
        if asked:
            yield _answer_line(asked, ask)


def _answer_line(line: str, ask: Ask) -> str:
    asked: dict[str, object] = {}
    try:
        asked = _read_object(line)
        question, tag = _text_field(asked, "question"), asked.get("locale")
        locale = None if tag is None else locale_named(_text_field(asked, "locale"))
        context = _read_context(asked.get("context"))
    except ValueError as error:
        return json_line(_unreadable(str(error)), id=asked.get("id"))
    return json_line(ask(question, locale, context), id=asked.get("id"))


def _read_context(given: object) -> Context | None:
    if given is None:
        return None
    try:
        question, periods, fact = (given[name] for name in ("question", "periods", "fact"))  # type: ignore[index]
        if not isinstance(question, str) or len(question) > MAX_LINE:
            raise TypeError(question)  # noqa: TRY301 (refused like any other)
        return Context(question, tuple(Period(each) for each in periods), int(fact[1:]) if fact else None)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError("“context” must be the context of an earlier reply, as it came") from error


def _read_object(line: str) -> dict[str, object]:
    try:
        read = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"this is not JSON ({error}); {_LINE_SHAPE}") from error
    if not isinstance(read, dict):
        raise ValueError(f"this is not an object; {_LINE_SHAPE}")  # noqa: TRY004 (the value is wrong, not our type)
    return read


def _text_field(asked: dict[str, object], name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str):
        raise ValueError(f"“{name}” must be a text; {_LINE_SHAPE}")  # noqa: TRY004 (the value is wrong, not our type)
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _unreadable(reason: str) -> Message:
    return Message(Kind.ERROR, Document(Locale.EN, (Paragraph(reason),)))


def _message_object(message: Message) -> dict[str, object]:
    document = message.document
    return {
        "kind": Kind.HELP if message.kind is Kind.DONE else message.kind,
        "text": plain_text(document),
        "facts": [] if message.kind is Kind.CHOICE else [_fact(fact, document.locale) for fact in document.facts],
        "suggestions": [{"label": choice.label, "query": choice.query} for choice in document.choices],
        "context": _context(message.context),
        "why": asdict(message.why) if message.why else None,
    }


def _context(context: Context | None) -> dict[str, object] | None:
    """Return what the next question may go on from, to be sent back with it."""
    if context is None:
        return None
    fact = f"F{context.fact_id}" if context.fact_id else None
    return {"question": context.question, "periods": [period.iso for period in context.periods], "fact": fact}


def _fact(fact: Fact, locale: Locale) -> dict[str, object]:
    statement, source = fact.statement, fact.statement.source
    return {
        "id": fact.public_id,
        "topic": fact.topic.key if fact.topic else None,
        "text": fact.text.show(locale),
        "value": fact.value.show(locale) if isinstance(fact.value, LocalText) else fact.value,
        "unit": fact.unit.show(locale) if fact.unit else None,
        "qualifier": fact.qualifier,
        "period": fact.period.iso if fact.period else None,
        "said_on": statement.said_on.isoformat(),
        "speaker": statement.speaker.name.show(locale),
        "voice": fact.voice,
        "standing": shown_standing(fact),
        "disputed_by": [each.public_id for each in fact.rejected_by],
        "quote": fact.quote,
        "source": {"title": source.title, "publisher": source.publisher, "url": source.url},
    }
