"""What the library holds: sources, speakers, statements, facts, disputes and topics.

Identity fields (`id`, `version`) come from the store; `key` is the stable name that seeds, import and export use.
Public ids are the letter and the number: F12, S3.
"""

import hashlib
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from bot.domain.period import Period
from bot.domain.text import LocalText
from bot.domain.words import WordList


class Qualifier(StrEnum):
    """How exactly a value was stated; "around 11 000", "over 50" and "nearly 1 900" are three different claims."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"


class Voice(StrEnum):
    """Whose words a fact comes from."""

    QUOTED = "quoted"  # in quotation marks in the source
    PARAPHRASED = "paraphrased"  # the outlet reporting the speaker
    OUTLET = "outlet"  # the outlet's own description


class Standing(StrEnum):
    """Whether a fact still holds in the library."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class ChangeKind(StrEnum):
    """How a change against another period was stated."""

    PERCENT = "percent"
    RATIO = "ratio"
    ABSOLUTE = "absolute"


@dataclass(frozen=True, slots=True)
class Change:
    """A stated change against another period: percent 45 against 2022; ratio 3 ("three-fold") against 2016."""

    kind: ChangeKind
    value: int | float
    against: Period


@dataclass(frozen=True, slots=True)
class Source:
    """A published document. `url` is None when none is held; `text` is its text when held."""

    key: str
    title: str
    publisher: str
    url: str | None
    published_on: date
    language: str
    text: str | None = None
    id: int = 0
    version: int = 0

    @property
    def text_hash(self) -> str | None:
        """The SHA-256 of the text in hexadecimal, None where no text is held."""
        return hashlib.sha256(self.text.encode()).hexdigest() if self.text else None


@dataclass(frozen=True, slots=True)
class Speaker:
    """The body or office that speaks. `aliases` are what questions call it: "Washington", "officials"."""

    key: str
    name: LocalText
    aliases: tuple[str, ...] = ()
    id: int = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading with labels, aliases and everyday words in English and Traditional Chinese.

    `aliases` name the topic itself ("initial screenings"); `words` are everyday words that questions about it use.
    """

    key: str
    label: LocalText
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    id: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """One act of a speaker publishing in a source on a date: the unit editors add and digests announce."""

    key: str
    speaker: Speaker
    source: Source
    said_on: date
    standing: Standing = Standing.CURRENT
    reason: str | None = None
    id: int = 0
    version: int = 0
    revision: int = 0

    @property
    def public_id(self) -> str:
        """The id people type: S3."""
        return f"S{self.id}"

    @property
    def is_reported(self) -> bool:
        """Whether the source is somebody else's document: the speaker's own text is then not held."""
        names = (self.speaker.name.en, self.speaker.name.zh_hant)
        return _bare_name(self.source.publisher) not in {_bare_name(name) for name in names if name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What a fact asserts, without who said it.

    `period` is what it is about (None: a standing condition with no period stated); when it was said is the
    statement's `said_on`. `quote` is in the source's language and never translated. `paragraph` counts from 1, the
    headline is 0.
    """

    text: LocalText
    qualifier: Qualifier = Qualifier.EXACT
    voice: Voice = Voice.PARAPHRASED
    value: int | float | LocalText | None = None
    unit: LocalText | None = None
    period: Period | None = None
    change: Change | None = None
    quote: str | None = None
    paragraph: int | None = None

    def parts(self) -> dict[str, Any]:
        """Return the assertion's fields by name, whatever more this object holds."""
        return {part.name: getattr(self, part.name) for part in fields(Assertion)}

    def announces(self, before: "Assertion") -> bool:
        """Whether channels hear of a change from `before` to this: of a value, period or quotation, not of wording."""
        return _figures(self) != _figures(before)


def _figures(said: Assertion) -> tuple[object, ...]:
    value = (said.value.en or said.value.zh_hant) if isinstance(said.value, LocalText) else said.value
    return value, said.qualifier, said.period, said.quote, said.change


@dataclass(frozen=True, slots=True)
class Rejection:
    """That a current fact rejects another one: which, and who says so."""

    fact_id: int
    speaker: Speaker

    @property
    def public_id(self) -> str:
        """The id of the rejecting fact, as people type it."""
        return f"F{self.fact_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Assertion):
    """One atomic, attributed assertion in a statement.

    `topic` is None where no editor has placed it yet; such a fact answers only a question that it covers word for word.
    `rejected_by` comes with the fact wherever it is read, so that nobody can show a disputed claim without its dispute.
    """

    key: str
    statement: Statement
    topic: Topic | None = None
    standing: Standing = Standing.CURRENT
    reason: str | None = None
    rejected_by: tuple[Rejection, ...] = ()
    id: int = 0
    version: int = 0
    revision: int = 0

    @property
    def public_id(self) -> str:
        """The id people type: F12."""
        return f"F{self.id}"

    @property
    def is_current(self) -> bool:
        """Whether neither it nor its statement is withdrawn or superseded."""
        return self.standing is Standing.CURRENT and self.statement.standing is Standing.CURRENT


@dataclass(frozen=True, slots=True)
class Dispute:
    """One fact rejects another, stated in a source; recorded, never guessed from the topic."""

    key: str
    rejecting: Fact
    rejected: Fact
    source: Source
    id: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the library holds."""

    facts: int
    statements: int
    sources: int
    topics: int
    first_said: date | None
    last_said: date | None


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """A statement in a library file; `speaker` and `source` are keys."""

    key: str
    speaker: str
    source: str
    said_on: date
    standing: Standing = Standing.CURRENT
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactEntry(Assertion):
    """A fact in a library file; `statement` and `topic` are keys, None where it has no topic."""

    key: str
    statement: str
    topic: str | None = None
    standing: Standing = Standing.CURRENT
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DisputeEntry:
    """A dispute in a library file: the fact `rejecting` rejects the fact `rejected`, as stated in `source`."""

    key: str
    rejecting: str
    rejected: str
    source: str


@dataclass(frozen=True, slots=True)
class LibraryContent:
    """What one library file holds: seeds, an import, an export, or one statement an editor adds."""

    sources: tuple[Source, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    topics: tuple[Topic, ...] = ()
    statements: tuple[StatementEntry, ...] = ()
    facts: tuple[FactEntry, ...] = ()
    disputes: tuple[DisputeEntry, ...] = ()
    word_lists: tuple[WordList, ...] = ()


def _bare_name(name: str) -> str:
    """Return the form in which a body's names are compared: "The HKSAR Government" is the HKSAR Government."""
    return name.strip().casefold().removeprefix("the ").strip()
