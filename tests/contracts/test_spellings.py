"""How the core spells commands is how each platform offers them."""

import pytest

from adapters.discord.tree import CHINESE, DESK, DIGEST, ENTRIES, LOCAL, READ, commands
from adapters.slack.manifest import COMMAND
from bot.commands.command import Group
from bot.commands.table import COMMANDS, command_named
from bot.domain.people import Platform
from bot.messages.spelling import SPELLINGS, Spelling


def group_of(line: str) -> Group:
    command = command_named(line.partition(" ")[0])
    assert command
    return command.group


@pytest.mark.parametrize(
    ("place", "name", "line"),
    [(place, entry.name, entry.line) for place in (DIGEST, DESK) for entry in ENTRIES[place]],
)
def test_what_discord_offers_is_spelt_as_it_is_offered(place: str, name: str, line: str) -> None:
    if group_of(line) is Group.READ:  # offered at the desk besides
        place = READ
    assert SPELLINGS[Platform.DISCORD].of(line) == f"/{place} {name}"


@pytest.mark.parametrize(
    ("place", "name", "line"),
    [(place, entry.name, entry.line) for place in (DIGEST, DESK) for entry in ENTRIES[place]],
)
def test_in_chinese_it_is_spelt_as_discord_shows_it_there(place: str, name: str, line: str) -> None:
    if group_of(line) is Group.READ:
        assert LOCAL.of(line) == f"/{READ} {line}"
        return
    command = next(each for each in commands() if each["name"] == place)
    entry = next(each for each in command["options"] if each["name"] == name)
    shown, sub = (str((each.get("name_localizations") or {}).get(CHINESE, each["name"])) for each in (command, entry))
    assert LOCAL.of(line) == f"/{shown} {sub}"
    assert LOCAL.of(f"{line} F12") == f"/{shown} {sub} F12"


def test_in_chinese_what_does_several_things_names_each_as_it_is_shown_there() -> None:
    line = "digest preview|why|test|resend|arrived"
    assert LOCAL.of(line) == "/tipfacts-摘要 預覽|原因|測試|重發|已到"
    assert LOCAL.of(f"{line} [#CHANNEL]") == "/tipfacts-摘要 預覽|原因|測試|重發|已到 [#CHANNEL]"


def test_what_all_may_ask_stands_behind_discords_one_command() -> None:
    for line in ("screenings", "how many victims?", *(each.usage for each in COMMANDS if each.group is Group.READ)):
        assert SPELLINGS[Platform.DISCORD].of(line) == f"/{READ} {line}"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_slack_has_one_command_for_all_and_the_console_none(command: object) -> None:
    usage = str(getattr(command, "usage", ""))
    assert SPELLINGS[Platform.SLACK].of(usage) == f"{COMMAND} {usage}"
    assert SPELLINGS[Platform.CONSOLE].of(usage) == usage


def test_the_longest_first_words_of_a_line_are_the_ones_that_are_renamed() -> None:
    spelling = Spelling("/a", "/b", "/c", (("digest", ""), ("digest why", "原因"), ("add", "新增")))
    lines = ("digest why", "digest test", "digest", "add", "addition")
    assert [spelling.of(line) for line in lines] == ["/b 原因", "/b test", "/b", "/c 新增", "/a addition"]


def test_nothing_typed_is_the_command_alone() -> None:
    assert [SPELLINGS[platform].of("") for platform in Platform] == ["", COMMAND, f"/{READ}"]
