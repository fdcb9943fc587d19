"""Column types: what the domain's values look like in a database."""

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cache

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

from bot.domain.facts import Change, ChangeKind
from bot.domain.period import Period
from bot.domain.text import LocalText


class NaiveInstantError(ValueError, DontWrapMixin):
    """A datetime without a zone was given where an instant is meant."""


class Instant(TypeDecorator[datetime]):
    """An instant, stored in UTC and returned zone-aware. Raises NaiveInstantError for a datetime without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        del dialect
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveInstantError(f"{value!r} has no zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC, zone-aware; SQLite holds no zone."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PeriodText(TypeDecorator[Period]):
    """A period in its ISO notation."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Period | None, dialect: Dialect) -> str | None:
        """Return the notation."""
        del dialect
        return value.iso if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> Period | None:
        """Return the period."""
        del dialect
        return Period(value) if value else None


class ValueText(TypeDecorator[int | float | LocalText]):
    """A fact's value as JSON text: a number, or the wording per language."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: float | LocalText | None, dialect: Dialect) -> str | None:
        """Return the JSON text."""
        del dialect
        return None if value is None else as_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> int | float | LocalText | None:
        """Return the number or the wording."""
        del dialect
        if value is None:
            return None
        held: int | float | dict[str, str] = json.loads(value)
        return LocalText(held.get("en"), held.get("zh-Hant")) if isinstance(held, dict) else held


class StatedChange(TypeDecorator[Change]):
    """A stated change against another period, as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Change | None, dialect: Dialect) -> str | None:
        """Return the JSON text."""
        del dialect
        return None if value is None else as_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Change | None:
        """Return the change."""
        del dialect
        if value is None:
            return None
        held = json.loads(value)
        return Change(ChangeKind(held["kind"]), held["value"], Period(held["against"]))


class Choice(TypeDecorator[StrEnum]):
    """One word of a closed list, such as a standing or a state."""

    impl = String(20)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Return the word."""
        del dialect
        return None if value is None else str(value.value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Return the member of the list."""
        del dialect
        return None if value is None else self.words(value)


def as_json(value: object) -> str:
    """Return a domain value as JSON text; what is None is left out."""
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, LocalText):
        return {name: text for name, text in (("en", value.en), ("zh-Hant", value.zh_hant)) if text}
    if isinstance(value, Period):
        return value.iso
    kind: type = type(value)
    if is_dataclass(kind):
        held = ((name, getattr(value, name)) for name in _parts(kind))
        return {name: _plain(part) for name, part in held if part is not None}
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date | time) else value


@cache
def _parts(kind: type) -> tuple[str, ...]:
    return tuple(part.name for part in fields(kind))
