"""Settings from the environment, checked once at start. Secrets never show in a repr."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_DATABASE_URL = "sqlite:///tipfacts.db"
SEEDS_NONE = "none"
_PLATFORM_NAMES = ("slack:", "discord:")


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which one and what to write."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says.

    `admins` are actor names (console, slack:TEAM/USER, discord:GUILD/USER). `seeds` is a folder, None for the seeds
    that ship with tipfacts, or "none" to start empty. `database_url` may hold a password.
    """

    database_url: str = field(default=DEFAULT_DATABASE_URL, repr=False)
    admins: frozenset[str] = frozenset()
    seeds: str | None = None


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of the environment (os.environ by default). Raises SettingsError."""
    found = os.environ if environment is None else environment
    return Settings(
        database_url=found.get("TIPFACTS_DATABASE_URL", "").strip() or DEFAULT_DATABASE_URL,
        admins=frozenset(_admins(found.get("TIPFACTS_ADMINS", ""))),
        seeds=found.get("TIPFACTS_SEEDS", "").strip() or None,
    )


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
