import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from adapters.slack import manifest as module
from adapters.slack.http import PATH
from adapters.slack.manifest import EVENTS, SCOPES, ManifestError, manifest, manifest_text, refuse_beyond_limits
from bot.commands.command import Command, Group
from bot.commands.table import COMMANDS
from bot.domain.people import Role

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
URL = "https://tipfacts.example.org"
READERS = [command for command in COMMANDS if command.group is not Group.DESK and command.role is Role.READER]


def slash(built: dict[str, Any]) -> dict[str, Any]:
    (command,) = built["features"]["slash_commands"]
    found: dict[str, Any] = command
    return found


def rows(table: str) -> set[str]:
    """The code in the first column of a table of the guide, below that heading."""
    section = GUIDE.partition(f"## {table}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([a-z_:.]+)`", section, re.MULTILINE))


def test_the_usage_hint_is_what_the_command_table_gives_readers() -> None:
    assert slash(manifest())["usage_hint"].split(" | ") == ["TOPIC or QUESTION", *(row.name for row in READERS)]


def test_the_long_description_is_what_the_command_table_says() -> None:
    text = manifest()["display_information"]["long_description"]
    assert [line for line in text.splitlines() if line.startswith("/tipfacts ")] == [
        f"/tipfacts {command.usage}: {command.summary}" for command in READERS
    ]
    assert ", ".join(command.name for command in COMMANDS if command.group is Group.DESK) in text


def test_a_new_command_shows_in_the_manifest(monkeypatch: pytest.MonkeyPatch) -> None:
    row = COMMANDS[0]
    new = Command("weather", Group.READ, "Say how the weather is", row.handler)
    monkeypatch.setattr(module, "COMMANDS", (*COMMANDS, new))
    built = manifest()
    assert slash(built)["usage_hint"].endswith(" | weather")
    assert "/tipfacts weather: Say how the weather is" in built["display_information"]["long_description"]


def test_without_an_address_the_app_uses_socket_mode() -> None:
    built = manifest()
    assert built["settings"] == {
        "event_subscriptions": {"bot_events": ["app_mention", "message.im", "app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": True,
        "token_rotation_enabled": False,
    }
    assert slash(built) | {"usage_hint": ""} == {
        "command": "/tipfacts",
        "description": "Look up a sourced fact, or subscribe this channel to what is new",
        "usage_hint": "",
        "should_escape": True,
    }


@pytest.mark.parametrize("url", [URL, f"{URL}/", f" {URL}/slack/events\n", "https://tipfacts.example.org:8443/bot"])
def test_with_an_address_events_forms_and_the_command_all_go_there(url: str) -> None:
    built, target = manifest(url=url), url.strip().rstrip("/").removesuffix("/slack/events") + "/slack/events"
    assert built["settings"]["event_subscriptions"]["request_url"] == target
    assert built["settings"]["interactivity"] == {"is_enabled": True, "request_url": target}
    assert slash(built)["url"] == target
    assert built["settings"]["socket_mode_enabled"] is False


@pytest.mark.parametrize(
    "url",
    [
        "",
        "tipfacts.example.org",
        "http://tipfacts.example.org",
        "ftp://tipfacts.example.org",
        "https://",
        "https:///slack/events",
        "https://user:word@tipfacts.example.org",
        "https://tipfacts.example.org?x=1",
        "https://tipfacts.example.org/#x",
        "https://tipfacts.example.org:99999",
        "https://[tipfacts.example.org",
        "https://tip facts.example.org",
        "https://例子.example.org",
        f"https://tipfacts.example.org/{'a' * 3_000}",
    ],
)
def test_an_address_that_slack_would_not_send_to_is_refused(url: str) -> None:
    with pytest.raises(ManifestError):
        manifest(url=url)


def test_slack_sends_to_where_the_server_listens() -> None:
    assert manifest(url=URL)["settings"]["interactivity"]["request_url"] == URL + PATH


def test_the_bot_shows_a_home_and_can_be_written_to() -> None:
    features = manifest()["features"]
    assert features["bot_user"] == {"display_name": "tipfacts", "always_online": True}
    assert features["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_it_asks_for_the_fewest_scopes_and_lists_an_optional_one_twice_as_slack_wants_it() -> None:
    optional = ["users:read", "channels:history", "groups:history"]
    assert manifest()["oauth_config"]["scopes"] == {
        "bot": ["commands", "chat:write", "app_mentions:read", "im:history", *optional],
        "bot_optional": optional,
    }


@pytest.mark.parametrize(
    ("path", "longest", "shortest"),
    [
        (("display_information", "name"), 35, 1),
        (("display_information", "description"), 140, 1),
        (("display_information", "long_description"), 4_000, 175),
        (("features", "bot_user", "display_name"), 80, 1),
        (("features", "slash_commands", 0, "command"), 32, 1),
        (("features", "slash_commands", 0, "description"), 2_000, 1),
        (("features", "slash_commands", 0, "usage_hint"), 1_000, 1),
        (("features", "slash_commands", 0, "url"), 3_000, 1),
    ],
)
def test_a_text_that_slack_would_refuse_for_its_length_is_refused_here(
    path: tuple[str | int, ...], longest: int, shortest: int
) -> None:
    for length, fits in ((longest, True), (longest + 1, False), (shortest, True), (shortest - 1, False)):
        built = copy.deepcopy(manifest(url=URL))
        part: Any = built
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = "x" * length
        if fits:
            refuse_beyond_limits(built)
        else:
            with pytest.raises(ManifestError, match=f"{length} characters"):
                refuse_beyond_limits(built)


def test_more_commands_than_slack_takes_are_refused() -> None:
    built = manifest()
    built["features"]["slash_commands"] *= 50
    refuse_beyond_limits(built)
    built["features"]["slash_commands"] *= 2
    with pytest.raises(ManifestError, match="100 commands"):
        refuse_beyond_limits(built)


def test_the_command_prints_it_as_json() -> None:
    assert json.loads(manifest_text(URL)) == manifest(url=URL)
    assert json.loads(manifest_text(None)) == manifest()


def test_the_guide_says_of_every_scope_and_event_what_it_is_for_and_of_no_other() -> None:
    assert rows("Scopes") == {scope.name for scope in SCOPES} | {"connections:write"}
    assert rows("Events") == set(EVENTS)
