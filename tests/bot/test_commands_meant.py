"""Mistyped commands: the one that was most likely meant is offered, and nothing is kept of them as a question."""

from collections.abc import Iterator

import pytest
from library import CONSOLE, Desk
from seeded import seeded

from bot.commands.meant import command_meant
from bot.commands.table import COMMANDS


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An installation of which only questions are kept."""
    with seeded(f"sqlite:///{tmp_path_factory.mktemp('meant') / 'tipfacts.db'}", CONSOLE) as opened:
        yield opened


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("unsubsribe", "unsubscribe"),
        ("subscirbe daily", "subscribe daily"),
        ("Subscrbie weekly Monday at 09:00", "subscribe weekly monday at 09:00"),
        ("stop", "unsubscribe"),
        ("取消", "unsubscribe"),
        ("histroy screenings", "history screenings"),
        ("digets why", "digest why"),
        ("withdarw S4", "help withdraw"),
        ("grnat @x editor", "help grant"),
        ("digets whatever", "help digest"),
    ],
)
def test_a_mistyped_command_is_offered_first(desk: Desk, typed: str, offered: str) -> None:
    assert desk.say(typed).document.choices[0].query.casefold() == offered
    with desk.store.read() as library:
        assert typed.casefold() not in {each.question.casefold() for each in library.unanswered(99)}


@pytest.mark.parametrize(
    "typed", ["zebra crossings", "stop the zebras", "claims of zebras", "toxic zebras", "zz", "斑馬"]
)
def test_what_is_no_slip_offers_no_command(desk: Desk, typed: str) -> None:
    assert command_meant(typed) is None
    assert not {choice.query for choice in desk.say(typed).document.choices} & {"unsubscribe", "help claim", "topic"}


def test_every_command_is_meant_where_one_letter_of_it_is_doubled() -> None:
    for command in COMMANDS:
        if len(command.name) > 3:
            assert command_meant(f"{command.name[:2]}{command.name[1:]}") is command, command.name
