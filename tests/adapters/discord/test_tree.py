import json
from copy import deepcopy
from typing import Any

import pytest
from servers.discord_limits_commands import commands_faults

from adapters.discord.tree import (
    DESK,
    DIGEST,
    MANAGE_CHANNELS,
    MANAGE_GUILD,
    READ,
    commands,
    fingerprint,
    is_for_readers,
    line_of,
    option_name,
)
from bot.commands.command import Group, Parameter
from bot.commands.grammar import parse
from bot.commands.table import COMMANDS

CHINESE = "zh-TW"


def named(things: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(thing for thing in things if thing["name"] == name)


def sent(command: str, sub: str = "", **values: str) -> dict[str, Any]:
    options: list[dict[str, Any]] = [{"name": name, "type": 3, "value": value} for name, value in values.items()]
    return {"name": command, "options": [{"name": sub, "type": 1, "options": options}] if sub else options}


def test_discord_would_take_the_commands() -> None:
    assert list(commands_faults(commands())) == []


def test_there_is_one_command_for_each_kind_of_use_with_who_sees_it_at_first() -> None:
    permissions = {command["name"]: command["default_member_permissions"] for command in commands()}
    assert permissions == {READ: None, DIGEST: MANAGE_CHANNELS, DESK: MANAGE_GUILD}


def test_no_command_can_be_installed_for_a_user_and_all_can_be_used_in_direct_messages() -> None:
    for command in commands():
        assert command["integration_types"] == [0]
        assert command["contexts"] == [0, 1]


def test_what_is_read_is_one_line_that_choices_are_offered_for() -> None:
    (option,) = named(commands(), READ)["options"]
    assert (option["name"], option["type"], option["autocomplete"], option["required"]) == ("query", 3, True, False)


def test_digests_have_the_commands_that_the_manual_names() -> None:
    names = [each["name"] for each in named(commands(), DIGEST)["options"]]
    assert names == ["subscribe", "unsubscribe", "list", "preview", "why", "test", "resend", "arrived"]


def test_the_desk_has_every_command_of_its_group_and_the_status() -> None:
    names = {each["name"] for each in named(commands(), DESK)["options"]}
    assert names == {command.name for command in COMMANDS if command.group is Group.DESK} | {"status"}


def test_every_parameter_can_be_given_under_a_name_of_its_own() -> None:
    for command in COMMANDS:
        names = [option_name(parameter) for parameter in command.parameters]
        assert len(set(names)) == len(names), command.name
        assert all(names), command.name


def test_a_parameter_that_nobody_named_is_called_after_itself() -> None:
    assert option_name(Parameter("NEW|OLD thing", "")) == "new-old-thing"


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.group is not Group.READ])
def test_every_command_has_a_subcommand_whose_line_the_core_reads_as_that_command(command: Any) -> None:  # noqa: ANN401
    entries = [(place, each["name"]) for place in (DIGEST, DESK) for each in named(commands(), place)["options"]]
    lines = [line_of(sent(place, name)) for place, name in entries]
    assert any(line and parse(line, COMMANDS).command is command for line in lines)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (sent(READ), ""),
        (sent(READ, query=" screenings "), "screenings"),
        (sent(DIGEST, "subscribe"), "subscribe"),
        (
            sent(DIGEST, "subscribe", zone="London", time="9", topics="victims, arrests", days="weekly Monday"),
            "subscribe victims, arrests weekly Monday at 9 London",
        ),
        (sent(DIGEST, "subscribe", time="18:30"), "subscribe 18:30"),
        (sent(DIGEST, "subscribe", topics="-tier", holidays="except"), "subscribe -tier except holidays"),
        (sent(DIGEST, "subscribe", holidays="gb"), "subscribe except holidays gb"),
        (sent(DIGEST, "subscribe", holidays="including holidays"), "subscribe including holidays"),
        (sent(DIGEST, "subscribe", holidays="公眾假期除外"), "subscribe 公眾假期除外"),
        (sent(DIGEST, "subscribe", time="下午3時"), "subscribe 下午3時"),
        (sent(DIGEST, "list"), "subscriptions"),
        (sent(DIGEST, "why"), "digest why"),
        (sent(DIGEST, "why", channel="8"), "digest why <#8>"),
        (sent(DIGEST, "preview", channel="8"), "digest preview <#8>"),
        (sent(DIGEST, "test"), "digest test"),
        (sent(DIGEST, "resend"), "digest resend"),
        (sent(DIGEST, "arrived", digest="D12"), "digest arrived D12"),
        (sent(DESK, "withdraw", item="F1", reason="published in error"), "withdraw F1 published in error"),
        (sent(DESK, "grant", role="editor", person="123"), "grant <@123> editor"),
        (sent(DESK, "words", what="add", phrases="light: by any chance"), "words add light: by any chance"),
        (sent(DESK, "log"), "log"),
    ],
)
def test_a_command_stands_for_the_line_that_would_be_typed(data: dict[str, Any], line: str) -> None:
    assert line_of(data) == line


@pytest.mark.parametrize("data", [sent("tipfacts-old", "add"), sent(DESK, "rename"), sent(DESK), {}])
def test_a_command_that_is_no_longer_ours_stands_for_nothing(data: dict[str, Any]) -> None:
    assert line_of(data) is None


def test_names_and_descriptions_are_in_traditional_chinese_too() -> None:
    subscribe = named(named(commands(), DIGEST)["options"], "subscribe")
    assert subscribe["name_localizations"] == {CHINESE: "訂閱"}
    assert subscribe["description_localizations"][CHINESE].startswith("向本頻道")
    assert named(commands(), DESK)["name_localizations"] == {CHINESE: "tipfacts-編輯"}


def test_roles_are_chosen_by_their_names_in_traditional_chinese_too() -> None:
    _, role = named(named(commands(), DESK)["options"], "grant")["options"]
    assert role["choices"] == [
        {"name": "editor", "name_localizations": {CHINESE: "編輯"}, "value": "editor"},
        {"name": "admin", "name_localizations": {CHINESE: "管理員"}, "value": "admin"},
    ]


def test_no_language_but_traditional_chinese_is_served_as_it() -> None:
    text = json.dumps(commands())
    assert CHINESE in text
    assert "zh-CN" not in text


def test_no_description_is_cut_short() -> None:
    assert "…" not in json.dumps(commands(), ensure_ascii=False)


@pytest.mark.parametrize(("line", "is_offered"), [("history F1", True), ("screenings", True), ("subscribe", False)])
def test_readers_are_offered_what_they_may_do(line: str, is_offered: bool) -> None:  # noqa: FBT001
    assert is_for_readers(line) is is_offered


def as_discord_tells(tree: list[dict[str, Any]]) -> list[dict[str, Any]]:
    told = deepcopy(tree)
    for number, command in enumerate(told):
        permissions = command["default_member_permissions"]
        command |= {"id": str(number), "version": "1", "application_id": "2", "nsfw": False, "dm_permission": True}
        command["default_member_permissions"] = None if permissions is None else str(permissions)
        for option in command["options"]:
            option.pop("required", None)
    return told[::-1]


def test_commands_that_discord_holds_already_have_the_same_fingerprint() -> None:
    assert fingerprint(as_discord_tells(commands())) == fingerprint(commands())


def test_any_change_of_what_people_see_changes_the_fingerprint() -> None:
    described, renamed, opened = commands(), commands(), commands()
    described[0]["description"] = "Another"
    chosen = commands()
    named(named(chosen, DESK)["options"], "grant")["options"][1]["choices"][0]["name_localizations"] = {CHINESE: "別的"}
    renamed[1]["options"][0]["name_localizations"] = {CHINESE: "別的"}
    opened[2]["default_member_permissions"] = None
    prints = {fingerprint(each) for each in (commands(), commands()[:2], described, renamed, opened, chosen)}
    assert len(prints) == 6
