"""What is offered while somebody types: whole lines, each of which is answered as it stands."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from library import CONSOLE, Desk
from seeded import READER, seeded

from bot.answering.terms import contains_han
from bot.commands.grammar import parse
from bot.commands.table import COMMANDS
from bot.core import Bot
from bot.domain.people import Role
from bot.domain.text import Locale
from bot.messages.document import Choice
from bot.messages.exchange import Audience, Kind, Message, Request
from bot.ports import StoreUnavailableError
from bot.settings import Settings


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with seeded(f"sqlite:///{tmp_path_factory.mktemp('completing') / 'tipfacts.db'}", READER) as opened:
        yield opened


def offered(desk: Desk, typed: str, locale: Locale | None = None) -> list[str]:
    return [choice.query for choice in choices(desk, typed, locale)]


def choices(desk: Desk, typed: str, locale: Locale | None = None) -> tuple[Choice, ...]:
    found = desk.bot.complete(typed, locale)
    assert len(found) <= 25
    assert len({choice.query for choice in found}) == len(found)
    return found


def beginnings() -> set[str]:
    """Every command begun, spelt out and gone on from, and some of what else people begin with."""
    names = {name for command in COMMANDS for name in command.names}
    typed = {name[:length] for name in names for length in range(1, len(name) + 1)}
    return (
        typed | {f"{name} " for name in names} | {"", "f", "s", "F1", "S", "s9", "how many", "scr", "甄", "screening"}
    )


@pytest.mark.parametrize("locale", list(Locale))
def test_whatever_is_offered_is_a_line_that_is_not_refused(desk: Desk, locale: Locale) -> None:
    lines = {line for typed in beginnings() for line in offered(desk, typed, locale)}
    assert len(lines) > 100
    commands = [parse(line, COMMANDS) for line in sorted(lines)]
    assert [line.text for line in commands if not line.fits] == []
    for read in commands:
        is_open = read.command is None or read.command.role is Role.READER
        if is_open and not (read.command and read.command.changes):
            reply = desk.say(read.text)
            assert (reply.kind, reply.audience) in ((Kind.ANSWER, Audience.ASKER), (Kind.HELP, Audience.ASKER)), (
                read.text
            )


@pytest.mark.parametrize(
    "verb", ["history", "source", "statement", "check", "find", "topic", "correct", "grant", "claim"]
)
def test_a_verb_that_needs_more_is_never_offered_alone(desk: Desk, verb: str) -> None:
    for typed in (verb[:2], verb, f"{verb} ", ""):
        for locale in Locale:
            assert verb not in offered(desk, typed, locale)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("hi", "history Initial screenings"),
        ("history victim screening", "history Initial screenings"),
        ("find 初步", "find Initial screenings"),
        ("statem", "statement S3"),
        ("statement ", "statement S3"),
        ("statement S1", "statement S1"),
        ("source s", "source S2"),
        ("source F1", "source F12"),
        ("check 1", "check F12"),
        ("F1", "F12"),
        ("f4", "F45"),
        ("s", "S1"),
        ("how many", "how many victims were found in 2023?"),
        ("help sub", "help subscribe"),
        ("digest ", "digest why"),
        ("topic init", "topic Initial screenings"),
        ("top", "topics"),
        ("sub", "subscribe"),
    ],
)
def test_a_beginning_is_completed(desk: Desk, typed: str, line: str) -> None:
    assert line in offered(desk, typed, Locale.EN)


def test_a_command_that_is_spelt_out_comes_first(desk: Desk) -> None:
    assert offered(desk, "help")[0] == "help"
    assert offered(desk, "help ")[0] == "help help"
    assert offered(desk, "topics")[0] == "topics"


def test_an_id_is_shown_with_what_it_names_and_one_that_nobody_has_is_not_offered(desk: Desk) -> None:
    shown = {choice.query: choice.label for choice in choices(desk, "check F12")}
    assert shown["check F12"].startswith("check F12: Hong Kong conducted approximately 11,000 initial screenings")
    assert "S3: " in {choice.query: choice.label for choice in choices(desk, "statement S3")}["statement S3"]
    assert [line for line in offered(desk, "check F99999") if line.startswith("check")] == []
    assert [line for line in offered(desk, "check S1") if line.startswith("check")] == []


@pytest.mark.parametrize(
    ("typed", "line"),
    [("hi", "歷史 初步識別審核"), ("歷", "歷史 初步識別審核"), ("hel", "幫助"), ("摘要 ", "摘要 原因")],
)
def test_who_reads_chinese_is_offered_chinese(desk: Desk, typed: str, line: str) -> None:
    found = offered(desk, typed, Locale.ZH_HANT)
    assert any(each.startswith(line) for each in found), found
    assert all(contains_han(each) for each in found[:1])


def test_nothing_is_offered_while_the_library_cannot_be_reached() -> None:
    class Gone:
        def read(self) -> object:
            raise StoreUnavailableError

    assert Bot(Gone(), Settings()).complete("scr") == ()  # type: ignore[arg-type]


def test_what_is_offered_is_answered_at_the_console_too(desk: Desk) -> None:
    console = replace(desk, actor=CONSOLE)
    for line in offered(desk, "words"):
        reply = console.bot.handle(Request(line, CONSOLE, console.address, console.now))
        assert isinstance(reply, Message)
        assert reply.kind is not Kind.ERROR
