"""Settings from the environment, checked once at start. Secrets never show in a repr."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_DATABASE_URL = "sqlite:///tipfacts.db"
DEFAULT_SLACK_API_URL = "https://slack.com/api/"
DEFAULT_DISCORD_API_URL = "https://discord.com/api/v10"
DEFAULT_PORT = 3000
DEFAULT_LEASE = 120.0  # seconds
SEEDS_NONE = "none"
_LAST_PORT = 65_535
_SHORTEST_LEASE, _SHORTEST_TICK, _LONGEST = 1.0, 0.1, 3_600.0  # seconds
_PLATFORM_NAMES = ("slack:", "discord:")


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which one and what to write."""


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How to reach Slack: with an `app_token` over Socket Mode, with a `signing_secret` over HTTP on `port`; with
    neither, it can only be posted to.
    """

    bot_token: str = field(repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    api_url: str = DEFAULT_SLACK_API_URL
    port: int = DEFAULT_PORT


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """How to reach Discord."""

    token: str = field(repr=False)
    api_url: str = DEFAULT_DISCORD_API_URL


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. `slack` and `discord` are None where no bot token is set.

    `admins` are actor names (console, slack:TEAM/USER, discord:GUILD/USER). `seeds` is a folder, None for the seeds
    that ship with tipfacts, or "none" to start empty. `database_url` may hold a password. `lease` is how many seconds a
    sender has a digest for itself, `tick` how many lie between two ticks, None for the beginning of each minute;
    `sends_again` says to post once more what may have been posted where nobody may look.
    """

    database_url: str = field(default=DEFAULT_DATABASE_URL, repr=False)
    admins: frozenset[str] = frozenset()
    seeds: str | None = None
    slack: SlackSettings | None = None
    discord: DiscordSettings | None = None
    lease: float = DEFAULT_LEASE
    tick: float | None = None
    sends_again: bool = False
    half_set: str | None = None  # what is wrong with a platform that is named but could not be served

    def refuse_half_set(self) -> None:
        """Raise SettingsError where a platform could be posted to and not be served, or the other way round."""
        if self.half_set:
            raise SettingsError(self.half_set)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of the environment (os.environ by default). Raises SettingsError."""
    found = os.environ if environment is None else environment
    return Settings(
        database_url=found.get("TIPFACTS_DATABASE_URL", "").strip() or DEFAULT_DATABASE_URL,
        admins=frozenset(_admins(found.get("TIPFACTS_ADMINS", ""))),
        seeds=found.get("TIPFACTS_SEEDS", "").strip() or None,
        slack=_slack(found),
        discord=_discord(found),
        lease=_seconds("TIPFACTS_LEASE_SECONDS", found, _SHORTEST_LEASE) or DEFAULT_LEASE,
        tick=_seconds("TIPFACTS_TICK_SECONDS", found, _SHORTEST_TICK),
        sends_again=_switch("TIPFACTS_RESEND_UNSURE", found),
        half_set=_half_set(found),
    )


def _half_set(found: Mapping[str, str]) -> str | None:
    token, ways = (found.get(name, "").strip() for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"))
    ways = ways or found.get("SLACK_SIGNING_SECRET", "").strip()
    if token and not ways:
        return (
            "SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is: "
            "set one of them (docs/slack.md)"
        )
    if ways and not token:
        return "SLACK_BOT_TOKEN is not set, but another setting of Slack is: set it, or none of them (docs/slack.md)"
    return None


def _slack(found: Mapping[str, str]) -> SlackSettings | None:
    token, app_token, secret = (
        found.get(name, "").strip() for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
    )
    if not token:
        return None
    url = found.get("SLACK_API_URL", "").strip() or DEFAULT_SLACK_API_URL
    if not url.startswith(("http://", "https://")):
        raise SettingsError("SLACK_API_URL: write a web address like https://slack.com/api/")
    return SlackSettings(
        bot_token=token,
        app_token=app_token or None,
        signing_secret=secret or None,
        api_url=url if url.endswith("/") else f"{url}/",
        port=_port(found.get("PORT", "").strip()),
    )


def _discord(found: Mapping[str, str]) -> DiscordSettings | None:
    token = found.get("DISCORD_TOKEN", "").strip()
    if not token:
        return None
    url = found.get("DISCORD_API_URL", "").strip() or DEFAULT_DISCORD_API_URL
    if not url.startswith(("http://", "https://")):
        raise SettingsError(f"DISCORD_API_URL: write a web address like {DEFAULT_DISCORD_API_URL}")
    return DiscordSettings(token, url.rstrip("/"))


def _seconds(name: str, found: Mapping[str, str], shortest: float) -> float | None:
    text = found.get(name, "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not shortest <= seconds <= _LONGEST:
        raise SettingsError(f"{name}: {text!r} will not do; write seconds from {shortest:g} to {_LONGEST:g}")
    return seconds


def _switch(name: str, found: Mapping[str, str]) -> bool:
    text = found.get(name, "").strip().lower()
    if text not in ("", "yes", "no"):
        raise SettingsError(f"{name}: {text!r} will not do; write yes or no")
    return text == "yes"


def _port(text: str) -> int:
    if not text:
        return DEFAULT_PORT
    if not text.isascii() or not text.isdecimal() or not 0 <= int(text) <= _LAST_PORT:
        raise SettingsError(f"PORT: {text!r} is not a port; write a number like 3000")
    return int(text)


def _admins(text: str) -> list[str]:
    names = [name.strip() for name in text.replace(",", " ").split() if name.strip()]
    for name in names:
        if not is_actor_name(name):
            raise SettingsError(
                f"TIPFACTS_ADMINS: {name!r} is not a person: write console, slack:TEAM/USER or discord:GUILD/USER"
            )
    return names


def is_actor_name(name: str) -> bool:
    """Whether a text names a person the way roles do: console, slack:TEAM/USER or discord:GUILD/USER."""
    if name == "console":
        return True
    platform = next((prefix for prefix in _PLATFORM_NAMES if name.startswith(prefix)), None)
    space, _, user = name.removeprefix(platform or "").partition("/")
    return bool(platform and space.isalnum() and user.isalnum())
