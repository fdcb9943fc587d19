"""A Document: what a reply says, in meaningful blocks that every adapter lays out in its own way.

Blocks hold worded text in the reader's language. Text that came from the store is data: a renderer escapes it.
"""

from dataclasses import dataclass

from bot.domain.facts import Fact
from bot.domain.text import Locale


@dataclass(frozen=True, slots=True)
class Heading:
    """A title over what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more plain sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in the source's own language, with who said them and who quotes them."""

    text: str
    attribution: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One labelled line of a fact card, with the link it stands for if there is one. Those that tell who said it, when
    and where are marked: they stand wherever the fact does.
    """

    label: str
    text: str
    url: str | None = None
    cites: bool = False


@dataclass(frozen=True, slots=True)
class FactCard:
    """A fact as it is answered: the value first, the attributed sentence, then who, when and where.

    A renderer never splits a card, so that a value never loses its source.
    """

    fact: Fact
    headline: str
    sentence: str
    details: tuple[Detail, ...]
    quotation: Quotation | None = None


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact in one attributed sentence, for lists and digests; `source` and `url` say where it stands."""

    fact: Fact
    text: str
    source: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A term with what it stands for: a command and what it does, a topic and its aliases."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Entries:
    """A list of terms with what they stand for."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; every row has as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to press: what it says and the line it stands for when typed."""

    label: str
    query: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader may ask next; each can be pressed or typed."""

    options: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Footnote:
    """A remark of lesser weight that still belongs to the reply."""

    text: str


Block = Heading | Paragraph | Quotation | FactCard | FactLine | Entries | Table | Choices | Footnote


@dataclass(frozen=True, slots=True)
class Document:
    """The blocks of a message in reading order, and the language they are worded in."""

    locale: Locale
    blocks: tuple[Block, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts the document shows, in order."""
        return tuple(block.fact for block in self.blocks if isinstance(block, FactCard | FactLine))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What the document offers to ask next, in order."""
        return tuple(option for block in self.blocks if isinstance(block, Choices) for option in block.options)
