"""A console over a scripted core: tests queue replies and look at the requests that were made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from adapters.console.cli import command_line
from adapters.console.rich_output import RichOutput
from adapters.console.rooms import Rooms
from bot.core import Bot
from bot.digests.report import TickReport
from bot.domain.changes import Applied
from bot.domain.digests import DeliveryState
from bot.domain.facts import Fact, Qualifier, Source, Speaker, Statement, Topic, Voice
from bot.domain.people import Address, Platform
from bot.domain.period import Period
from bot.domain.text import Locale, LocalText
from bot.installation import Installation
from bot.messages.document import (
    Choice,
    Choices,
    Detail,
    Document,
    Entries,
    Entry,
    FactCard,
    FactLine,
    Footnote,
    Heading,
    Paragraph,
    Quotation,
    Table,
)
from bot.messages.exchange import Kind, Message, Reply, Request
from bot.operator import Operator
from bot.ports import Messenger, Store

URL = "https://www.dimsumdaily.hk/rejected/"


class ScriptedBot:
    """Gives the queued replies in order, then repeats what it was asked; with `read_only` it says so."""

    def __init__(self, replies: list[Reply], requests: list[Request]) -> None:
        self.replies, self.requests = replies, requests

    def handle(self, request: Request, *, read_only: bool = False) -> Reply:
        self.requests.append(request)
        if self.replies:
            return self.replies.pop(0)
        said = f"read-only {request.text}" if read_only else request.text
        return Message(Kind.ANSWER, Document(request.locale or Locale.EN, (Paragraph(said),)))

    def settle(self) -> None:
        """There is nothing to be written."""

    def complete(self, line: str, locale: Locale | None) -> tuple[Choice, ...]:
        assert locale is None
        return (Choice("Initial screenings", "screenings"),) if "screenings".startswith(line) else ()


@dataclass
class ScriptedOperator:
    """Does nothing and says that it did."""

    def issue_claim_code(self, at: datetime) -> str:
        assert at.tzinfo
        return "AB12-CD34"

    def import_file(self, name: str, data: bytes, *, at: datetime, dry_run: bool) -> Applied:
        assert at.tzinfo
        assert isinstance(dry_run, bool)
        return Applied(added=len(data), changed=2, unchanged=3, kept=(Path(name).name,))

    def export(self, *, as_json: bool) -> str:
        return "{}" if as_json else "facts: []\n"


@pytest.fixture
def replies() -> list[Reply]:
    """What the core answers next, in order; once empty it repeats the request's text."""
    return []


@pytest.fixture
def requests() -> list[Request]:
    """What the core was asked, in order."""
    return []


@pytest.fixture
def bot(replies: list[Reply], requests: list[Request]) -> Bot:
    return cast("Bot", ScriptedBot(replies, requests))


@pytest.fixture
def closed() -> list[str]:
    """Holds one entry for each time the installation was closed."""
    return []


class ScriptedStore:
    """A store that can only be closed."""

    def __init__(self, closed: list[str]) -> None:
        self._closed = closed

    def close(self) -> None:
        self._closed.append("closed")


@pytest.fixture
def rooms(bot: Bot, closed: list[str], document: Document) -> Rooms:
    installation = Installation(bot, cast("Operator", ScriptedOperator()), cast("Store", ScriptedStore(closed)))

    def tick(_installation: Installation, at: datetime, messenger: Messenger) -> TickReport:
        step = messenger.post(
            Address(Platform.CONSOLE, "local", at.isoformat()), document, nonce="n1", fence=lambda: True
        )
        with pytest.raises(StopIteration):
            step.send(None)
        return TickReport(due=2, ended={DeliveryState.WAITING: 1, DeliveryState.SENT: 1})

    def serve(_installation: Installation, _messenger: Messenger) -> None:
        raise KeyboardInterrupt

    return Rooms(open=lambda: installation, upgrade=lambda: (None, "0001"), tick=tick, run=serve)


@pytest.fixture
def command(rooms: Rooms) -> Callable[..., Result]:
    """Run a command line and return what it printed and how it ended."""

    def run(*arguments: str, typed: str | bytes = "", **environment: str) -> Result:
        return CliRunner(env=environment).invoke(command_line(rooms), arguments, input=typed)

    return run


@pytest.fixture
def fact() -> Fact:
    return fact_about("The government said around 11,000 initial screenings were conducted.")


@pytest.fixture
def document(fact: Fact) -> Document:
    return document_of(fact)


@pytest.fixture
def make_document() -> Callable[[str], Document]:
    """Return a document with every block, whose every text is the one given."""
    return lambda text: document_of(fact_about(text), text)


@pytest.fixture
def make_rich() -> Callable[..., tuple[RichOutput, StringIO]]:
    """Return an output to a made-up terminal, and what is printed on it."""

    def rich(width: int = 80, colours: str | None = None) -> tuple[RichOutput, StringIO]:
        printed = StringIO()
        system = cast("None", colours)
        console = Console(
            file=printed,
            width=width,
            force_terminal=bool(colours),
            color_system=system,
            highlight=False,
            no_color=False,
        )
        return RichOutput(console), printed

    return rich


def fact_about(text: str) -> Fact:
    speaker = Speaker("hksar-government", LocalText("HKSAR Government", "香港特區政府"))
    source = Source("dimsum", "Government rejects report", "Dimsum Daily", URL, date(2024, 6, 25), "en")
    return Fact(
        key="screenings-2023",
        statement=Statement("s", speaker, source, date(2024, 6, 25), id=3),
        topic=Topic("screenings", LocalText("Initial screenings", "初步識別審核")),
        text=LocalText(text or "?", "政府表示進行了約 11,000 次初步識別審核。"),
        value=11000,
        unit=LocalText("initial screenings", "次初步識別審核"),
        qualifier=Qualifier.ABOUT,
        voice=Voice.PARAPHRASED,
        period=Period("2023"),
        quote="not only unfounded",
        id=12,
        version=1,
    )


def document_of(fact: Fact, text: str | None = None) -> Document:
    """Return a document with every kind of block, whose every text is `text` where one is given."""

    def said(usual: str) -> str:
        return usual if text is None else text

    details = (
        Detail(said("About"), said("2023")),
        Detail(said("Source"), said("Dimsum Daily"), said(URL)),
    )
    blocks = (
        Heading(said("Initial screenings")),
        FactCard(
            fact,
            said("approximately 11,000 initial screenings"),
            said("The government said around 11,000 initial screenings were conducted."),
            details,
            Quotation(said("not only unfounded"), said("HKSAR Government, as quoted by Dimsum Daily")),
        ),
        FactLine(fact, said("Three victims were identified."), said("Dimsum Daily, F13"), said(URL)),
        FactLine(fact, said("Screening rose by 45%."), said("Dimsum Daily, F14"), None),
        Paragraph(said("Computed, not stated.")),
        Quotation(said("baseless"), said("a spokesperson")),
        Entries(
            (Entry(said("history TOPIC"), said("All figures of a topic.")), Entry(said("topics"), said("Topics.")))
        ),
        Table((said("Period"), said("Figure")), ((said("2022"), said("not held")), (said("2023"), said("11,000")))),
        Choices((Choice(said("History"), said("history screenings")), Choice(said("tier"), said("tier")))),
        Choices((Choice(said("Source"), said("source F12")),)),
        Footnote(said("No text of the speaker itself is held.")),
    )
    return Document(Locale.EN, blocks)
