"""One mapping of a library file, read field by field; every refusal names file, line and reason."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

import yaml

from bot.desk.plain import (
    MAX_NUMBER,
    as_number,
    bare_text,
    control_character,
    is_too_great,
    is_web_address,
    joined_surrogates,
    one_line,
)
from bot.desk.problems import Problem
from bot.domain.text import LocalText

MAX_TEXT = 3000
MAX_NAME = 300
MAX_WHOLE = 100_000
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_NULLS = ("", "~", "null", "Null", "NULL")
_T = TypeVar("_T", bound=StrEnum)
_V = TypeVar("_V")


class BadEntryError(Exception):
    """A field is missing or wrong."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Entry:
    """A mapping of a library file with the fields it may have.

    `fields` maps each accepted name to the field it means, so that `date` may stand for `published_on`. Every method
    that reads a field raises BadEntryError; those that return None do so where the field is absent or null.
    """

    def __init__(self, file: str, node: yaml.Node, what: str, fields: Mapping[str, str]) -> None:
        self.file, self.what, self.line = file, what, node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            raise self.bad(f"{what} must be a mapping of fields")
        self._nodes: dict[str, yaml.Node] = {}
        for name_node, value in node.value:
            name = str(name_node.value)
            field = fields.get(name)
            if field is None:
                known = ", ".join(dict.fromkeys(fields.values()))
                raise self.bad(f"{what} has no field {name!r}; its fields are {known}", name_node)
            if field in self._nodes:
                raise self.bad(f"{what} gives {field} twice", name_node)
            self._nodes[field] = value

    def bad(self, reason: str, node: yaml.Node | None = None) -> BadEntryError:
        """Return the error that names this entry's file and the line of `node`, or of the entry."""
        line = node.start_mark.line + 1 if node else self.line
        return BadEntryError(Problem(self.file, line, reason))

    def bad_field(self, field: str, reason: str) -> BadEntryError:
        """Return the error that names the line of a field."""
        return self.bad(f"{field}: {reason}", self._nodes.get(field))

    @property
    def given(self) -> list[str]:
        """The fields that are there and not null, in the order of the file."""
        return [field for field in self._nodes if self.node(field)]

    def node(self, field: str) -> yaml.Node | None:
        """Return the field's node, None where it is absent or null."""
        node = self._nodes.get(field)
        return None if node is None or is_null(node) else node

    def text(self, field: str, longest: int = MAX_NAME) -> str | None:
        """Return a text of at most `longest` characters, on one line."""
        node = self.node(field)
        return None if node is None else self._line(field, node, longest)

    def long_text(self, field: str, longest: int) -> str | None:
        """Return a text that keeps its lines."""
        node = self.node(field)
        return None if node is None else self._fitting(field, node, self._scalar(field, node).strip(), longest)

    def needed(self, field: str, longest: int = MAX_NAME) -> str:
        """Return a text that must be there."""
        return self.must(field, self.text(field, longest))

    def must(self, field: str, value: _V | None) -> _V:
        """Return the value; raises where the field is missing."""
        if value is None:
            raise self.bad(f"{self.what} has no {field}")
        return value

    def key(self, field: str = "key") -> str | None:
        """Return a key: lower-case letters, digits and hyphens."""
        key = self.text(field)
        if key is not None and not KEY.fullmatch(key):
            raise self.bad_field(field, f"{key!r} is not a key: use lower-case letters, digits and hyphens")
        return key

    def url(self, field: str) -> str | None:
        """Return a web address."""
        url = self.text(field, MAX_TEXT)
        if url is not None and not is_web_address(url):
            raise self.bad_field(field, f"{url!r} is not a web address: it starts with http:// or https://")
        return url

    def date(self, field: str) -> date:
        """Return a date that must be there."""
        text = self.needed(field)
        return self.parsed(field, text, date.fromisoformat, f"{text!r} is not a date: write 2024-06-25")

    def choice(self, field: str, kinds: type[_T], default: _T) -> _T:
        """Return one of an enumeration's values."""
        text = self.text(field) or default.value
        allowed = ", ".join(kinds)
        return self.parsed(field, text, kinds, f"{text!r} is none of {allowed}")

    def local(self, field: str, longest: int = MAX_TEXT) -> LocalText | None:
        """Return a text in one or both languages; a bare text is in the language of its script."""
        node = self.node(field)
        if node is None:
            return None
        if isinstance(node, yaml.MappingNode):
            inner = Entry(self.file, node, f"{self.what}’s {field}", {"en": "en", "zh-Hant": "zh-Hant"})
            texts = inner.text("en", longest), inner.text("zh-Hant", longest)
            if not any(texts):
                raise self.bad_field(field, "give en, zh-Hant or both")
            return LocalText(*texts)
        text = self._line(field, node, longest)
        return bare_text(text) if text else None

    def number_or_text(self, field: str) -> int | float | LocalText | None:
        """Return a number where an unquoted number stands, else a text."""
        node = self.node(field)
        if isinstance(node, yaml.ScalarNode) and not node.style:
            number = as_number(node.value)
            if number is not None:
                return number
            if is_too_great(node.value):
                raise self.bad_field(field, _no_number(node.value))
        return self.local(field, MAX_NAME)

    def number(self, field: str) -> int | float | None:
        """Return a number."""
        node = self.node(field)
        number = as_number(str(node.value)) if node else None
        if node and number is None:
            raise self.bad_field(field, _no_number(str(node.value)))
        return number

    def whole(self, field: str) -> int | None:
        """Return a whole number from 0 to MAX_WHOLE."""
        number = self.number(field)
        if number is not None and (not isinstance(number, int) or not 0 <= number <= MAX_WHOLE):
            raise self.bad_field(field, f"{number} is not a whole number from 0 to {MAX_WHOLE:,}")
        return int(number) if number is not None else None

    def texts(self, field: str, longest: int = MAX_NAME) -> tuple[str, ...]:
        """Return a list of texts of at most `longest` characters each, empty where the field is absent."""
        texts = (self._line(field, node, longest) for node in self.items(field))
        return tuple(text for text in texts if text)

    def items(self, field: str) -> Iterator[yaml.Node]:
        """Return the nodes of a list, none where the field is absent."""
        node = self.node(field)
        if node is not None and not isinstance(node, yaml.SequenceNode):
            raise self.bad_field(field, "must be a list")
        return iter(node.value if node is not None else ())

    def parsed(self, field: str, text: str, parse: Callable[[str], _V], reason: str = "") -> _V:
        """Return what `parse` makes of a text; a ValueError becomes a refusal with `reason` or its own text."""
        try:
            return parse(text)
        except ValueError as error:
            raise self.bad_field(field, reason or str(error)) from error

    def _line(self, field: str, node: yaml.Node, longest: int) -> str | None:
        return self._fitting(field, node, one_line(self._scalar(field, node)), longest)

    def _scalar(self, field: str, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self.bad(f"{field} must be a text", node)
        text = joined_surrogates(node.value.replace("\r\n", "\n"))
        control = control_character(text)
        if control:
            raise self.bad(f"{field} has the control character {control}, which no text may hold", node)
        return text

    def _fitting(self, field: str, node: yaml.Node, text: str, longest: int) -> str | None:
        if len(text) > longest:
            raise self.bad(f"{field} has {len(text)} characters; at most {longest} are taken", node)
        return text or None


def _no_number(text: str) -> str:
    return f"{text!r} is not a number from -{MAX_NUMBER:,} to {MAX_NUMBER:,}"


def is_null(node: yaml.Node) -> bool:
    """Whether a node is an unquoted null."""
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in _NULLS


def same_names(*names: str, **synonyms: str) -> dict[str, str]:
    """Return the fields an entry may have: these names, and synonyms for some of them."""
    return {**{name: name for name in names}, **synonyms}


def repeated(keys: Iterable[str]) -> set[str]:
    """Return the keys that stand more than once."""
    seen: set[str] = set()
    return {key for key in keys if key in seen or seen.add(key)}  # type: ignore[func-returns-value]
