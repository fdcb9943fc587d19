"""Between rows and the domain's values."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Row

from bot.domain.facts import Assertion, Fact, FactEntry, Rejection, Source, Speaker, Statement, StatementEntry, Topic
from bot.domain.people import Address, Platform
from bot.domain.text import LocalText

T = TypeVar("T")
AnyRow = Row[Any]
CHUNK = 1_000  # ids in one IN list; databases bound the number of parameters


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Return the items in lists of at most `size`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def wording(en: str | None, zh_hant: str | None) -> LocalText | None:
    """Return the two columns of a wording as one text, None where both are empty."""
    return LocalText(en, zh_hant) if en or zh_hant else None


def wording_columns(name: str, text: LocalText | None) -> dict[str, str | None]:
    """Return a text as its two columns."""
    return {f"{name}_en": text.en if text else None, f"{name}_zh": text.zh_hant if text else None}


def source_of(row: AnyRow) -> Source:
    """Return the source of a row of sources and their versions."""
    return Source(
        key=row.source_key,
        title=row.title,
        publisher=row.publisher,
        url=row.url,
        published_on=row.published_on,
        language=row.language,
        text=row.text,
        id=row.source_id,
        version=row.source_version,
    )


def source_columns(source: Source) -> dict[str, object]:
    """Return what a source says as columns."""
    names = ("title", "publisher", "url", "published_on", "language", "text")
    return {name: getattr(source, name) for name in names}


def statement_of(row: AnyRow, speaker: Speaker, source: Source) -> Statement:
    """Return the statement of a row of statements and their versions."""
    return Statement(
        key=row.key,
        speaker=speaker,
        source=source,
        said_on=row.said_on,
        standing=row.standing,
        reason=row.reason,
        id=row.id,
        version=row.version,
        revision=row.revision,
    )


def statement_entry(statement: Statement) -> StatementEntry:
    """Return a statement as a library file holds it."""
    return StatementEntry(
        statement.key,
        statement.speaker.key,
        statement.source.key,
        statement.said_on,
        statement.standing,
        statement.reason,
    )


def fact_of(row: AnyRow, statement: Statement, topic: Topic | None, rejected_by: tuple[Rejection, ...] = ()) -> Fact:
    """Return the fact of a row of facts and their versions."""
    return Fact(
        key=row.key,
        statement=statement,
        topic=topic,
        standing=row.standing,
        reason=row.reason,
        rejected_by=rejected_by,
        id=row.id,
        version=row.version,
        revision=row.revision,
        **_said(row),
    )


def assertion_of(row: AnyRow) -> Assertion:
    """Return what the fact of a row asserts."""
    return Assertion(**_said(row))


def _said(row: AnyRow) -> dict[str, Any]:
    names = ("qualifier", "voice", "value", "period", "change", "quote", "paragraph")
    return {
        **{name: row._mapping[name] for name in names},  # noqa: SLF001 (SQLAlchemy's name for a row by its columns)
        "text": LocalText(row.text_en, row.text_zh),
        "unit": wording(row.unit_en, row.unit_zh),
    }


def fact_entry(fact: Fact) -> FactEntry:
    """Return a fact as a library file holds it."""
    return FactEntry(
        key=fact.key,
        statement=fact.statement.key,
        topic=fact.topic.key if fact.topic else None,
        standing=fact.standing,
        reason=fact.reason,
        **fact.parts(),
    )


def fact_columns(assertion: Assertion) -> dict[str, object]:
    """Return what an assertion says as columns."""
    said = assertion.parts()
    period = assertion.period
    return {
        **wording_columns("text", said.pop("text")),
        **wording_columns("unit", said.pop("unit")),
        **said,
        "period_start": period.start if period else None,
        "period_sort": period.newest if period else None,
    }


def space_of(actor: str) -> tuple[Platform, str] | None:
    """Return the platform and the workspace or guild in a person's name; None for the console and other names."""
    name, _, person = actor.partition(":")
    platform = next((each for each in (Platform.SLACK, Platform.DISCORD) if each.value == name), None)
    return (platform, person.partition("/")[0]) if platform else None


def address_of(row: AnyRow) -> Address:
    """Return the address of a row that holds one."""
    return Address(row.platform, row.space, row.channel, row.thread or None, row.dm_user or None)


def address_columns(address: Address) -> dict[str, object]:
    """Return an address as columns, which say '' where there is no thread or user."""
    return {
        "platform": address.platform,
        "space": address.space,
        "channel": address.channel,
        "thread": address.thread or "",
        "dm_user": address.user or "",
    }
