"""The app manifest: what Slack is told about the app, derived from the command table.

Field names and limits are those of Slack's schema, github.com/slackapi/manifest-schema (version 1).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.commands.command import Command, Group
from bot.commands.table import COMMANDS
from bot.domain.people import Role

NAME = "tipfacts"
COMMAND = f"/{NAME}"
EVENTS_PATH = "/slack/events"
EVENTS = ("app_mention", "message.im", "app_home_opened")

MAX_NAME = 35
MAX_DESCRIPTION = 140
MIN_LONG_DESCRIPTION, MAX_LONG_DESCRIPTION = 175, 4_000
MAX_BOT_NAME = 80
MAX_COMMANDS = 50
MAX_COMMAND = 32
MAX_COMMAND_DESCRIPTION = 2_000
MAX_USAGE_HINT = 1_000
MAX_URL = 3_000  # of a command; request URLs may have 3,500

_DESCRIPTION = "Answers from sourced facts: who said it, when, about which period, and who disputes it."
_COMMAND_DESCRIPTION = "Look up a sourced fact, or subscribe this channel to what is new"
_INTRODUCTION = (
    "tipfacts answers a topic or a question with a fact as an official source stated it: who said it, when, about "
    "which period, in which document, and who disputes it. Where it holds no fact it says so. A channel that "
    "subscribes gets a digest of what is new, on its own schedule, and nothing when nothing is new."
)


class ManifestError(ValueError):
    """What was asked for makes no manifest that Slack takes; the text says why."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One permission of the bot: `without` says what does not work where it is not granted."""

    name: str
    without: str
    optional: bool = False


SCOPES = (
    Scope("commands", "Slack knows no /tipfacts, and there are no forms"),
    Scope("chat:write", "no answer to a mention or in a direct message, no sharing and no digest can be posted"),
    Scope("app_mentions:read", "Slack says nothing when somebody mentions the bot, so that it does not answer"),
    Scope("im:history", "Slack says nothing of direct messages to the bot, so that it does not answer them"),
    Scope(
        "users:read",
        "the language of a reply follows what was typed, not the language that the person has set in Slack",
        optional=True,
    ),
    Scope(
        "channels:history",
        "after a lost reply in a public channel it cannot look whether a digest stands there, so that the digest is "
        "given up rather than posted twice",
        optional=True,
    ),
    Scope("groups:history", "the same in private channels", optional=True),
)


def manifest(*, url: str | None = None) -> dict[str, Any]:
    """Return the manifest: for Socket Mode, or with the public `url` of this installation for signed HTTP.

    Raises ManifestError where the URL will not do, or where the command table has outgrown one of Slack's limits.
    """
    address = None if url is None else _events_url(url)
    target = {"request_url": address} if address else {}
    built = {
        "display_information": {
            "name": NAME,
            "description": _DESCRIPTION,
            "long_description": _long_description(),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [_slash_command(address)],
        },
        "oauth_config": {"scopes": _scopes()},
        "settings": {
            "event_subscriptions": {**target, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **target},
            "org_deploy_enabled": False,
            "socket_mode_enabled": address is None,
            "token_rotation_enabled": False,
        },
    }
    refuse_beyond_limits(built)
    return built


def manifest_text(url: str | None) -> str:
    """Return the manifest as JSON to be pasted into Slack. Raises ManifestError."""
    return json.dumps(manifest(url=url), ensure_ascii=False, indent=2)


def refuse_beyond_limits(built: Mapping[str, Any]) -> None:
    """Raise ManifestError where a text of a manifest is longer or shorter than Slack takes."""
    shown, features = built["display_information"], built["features"]
    _fits("the app’s name", shown["name"], MAX_NAME)
    _fits("the app’s description", shown["description"], MAX_DESCRIPTION)
    _fits("the app’s long description", shown["long_description"], MAX_LONG_DESCRIPTION, MIN_LONG_DESCRIPTION)
    _fits("the bot’s name", features["bot_user"]["display_name"], MAX_BOT_NAME)
    if len(features["slash_commands"]) > MAX_COMMANDS:
        raise ManifestError(f"there are {len(features['slash_commands'])} commands; Slack takes {MAX_COMMANDS}")
    for command in features["slash_commands"]:
        _fits("a command’s name", command["command"], MAX_COMMAND)
        _fits("a command’s description", command["description"], MAX_COMMAND_DESCRIPTION)
        _fits("a command’s usage hint", command["usage_hint"], MAX_USAGE_HINT)
        _fits("a command’s address", command.get("url", "-"), MAX_URL)


def _slash_command(address: str | None) -> dict[str, Any]:
    command = {
        "command": COMMAND,
        "description": _COMMAND_DESCRIPTION,
        "usage_hint": _usage_hint(),
        # Slack then hands over <@U1> and <#C1|name> instead of bare names, which are nobody in particular.
        "should_escape": True,
    }
    return command | {"url": address} if address else command


def _scopes() -> dict[str, list[str]]:
    # Slack wants each optional scope in both lists: `bot` is what is asked for, `bot_optional` what may be left out.
    return {
        "bot": [scope.name for scope in SCOPES],
        "bot_optional": [scope.name for scope in SCOPES if scope.optional],
    }


def _usage_hint() -> str:
    return " | ".join(["TOPIC or QUESTION", *(command.name for command in _readers_commands())])


def _long_description() -> str:
    rows = [f"{COMMAND} {command.usage}: {command.summary}" for command in _readers_commands()]
    desk = ", ".join(command.name for command in COMMANDS if command.group is Group.DESK)
    last = f"For editors and admins: {desk}. “{COMMAND} help” says more."
    return "\n".join([_INTRODUCTION, "", *rows, last])


def _readers_commands() -> list[Command]:
    return [command for command in COMMANDS if command.group is not Group.DESK and command.role is Role.READER]


def _events_url(url: str) -> str:
    """Return where Slack is to send what happens, at the public address of this installation."""
    typed = url.strip()
    if not _is_public_address(typed):
        raise ManifestError(
            f"{url!r} is no address that Slack sends to: write the public one, like https://tipfacts.example.org"
        )
    return typed.rstrip("/").removesuffix(EVENTS_PATH) + EVENTS_PATH


def _is_public_address(url: str) -> bool:
    """Whether this is a plain https address, as Slack wants it: no password, no question mark, no fragment."""
    try:
        parts = urlsplit(url)
        plain = parts.username is None and parts.port != 0 and not parts.query and not parts.fragment
    except ValueError:  # brackets or a port that are none
        return False
    return plain and parts.scheme == "https" and bool(parts.hostname) and url.isascii() and url.split() == [url]


def _fits(what: str, text: str, longest: int, shortest: int = 1) -> None:
    if not shortest <= len(text) <= longest:
        raise ManifestError(f"{what} has {len(text)} characters; Slack takes {shortest} to {longest}")
