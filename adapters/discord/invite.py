"""The link that brings tipfacts into a server, with the fewest permissions it can do its work with.

Permissions are numbered as in Discord's reference, "Permissions".
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from adapters.discord.errors import CALL_ERRORS
from adapters.discord.rest import Rest, path_of
from bot.settings import DiscordSettings

AUTHORIZE = "https://discord.com/oauth2/authorize"
APPLICATIONS = "https://discord.com/developers/applications"
SCOPES = ("bot", "applications.commands")
_LONGEST_ID = 20


@dataclass(frozen=True, slots=True)
class Permission:
    """What the bot may do: `bit` is its number, `without` says what does not work where it is not given."""

    name: str
    bit: int
    without: str


PERMISSIONS = (
    Permission("View Channels", 1 << 10, "it neither sees who mentions it nor can post"),
    Permission("Send Messages", 1 << 11, "no answer to a mention, no sharing and no digest can be posted"),
    Permission("Send Messages in Threads", 1 << 38, "no answer and no shared answer can be posted in a thread"),
    Permission("Embed Links", 1 << 14, "digests and shared answers are plain text"),
    Permission(
        "Read Message History",
        1 << 16,
        "it cannot answer as a reply, and a digest that Discord did not confirm is given up rather than posted twice",
    ),
)
ADMINISTRATOR = 1 << 3


def invite_url(application: str) -> str:
    """Return the link for an application's id. Raises ValueError where that is none."""
    typed = application.strip()
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= _LONGEST_ID):
        raise ValueError(f"{application!r} is no application id: it is a number, on the page General Information")
    permissions = sum(permission.bit for permission in PERMISSIONS)
    query = {"client_id": typed, "scope": " ".join(SCOPES), "permissions": permissions}
    return f"{AUTHORIZE}?{urlencode(query)}"


def invite(settings: DiscordSettings | None, application: str | None = None) -> str:
    """Return the link, for the application that the settings' token belongs to unless another is named.

    Raises ValueError where what is named is no application id, LookupError where the token tells of none. No loop may
    be running.
    """
    if application is not None:
        return invite_url(application)
    if settings is None:
        raise LookupError("DISCORD_TOKEN is not set: set it, or name the application with --application.")
    return invite_url(asyncio.run(_application(settings)))


async def _application(settings: DiscordSettings) -> str:
    """Return the id of the application that a token belongs to. Raises LookupError."""
    async with Rest(settings) as rest:
        try:
            answer = await rest.call("GET", path_of("applications", "@me"))
        except CALL_ERRORS:
            raise LookupError(
                "Discord does not reply: try again, or name the application with --application."
            ) from None
    if not answer.taken or not isinstance(answer.data, Mapping) or not answer.id.isdecimal():
        why = f"Discord does not say which application DISCORD_TOKEN belongs to: {answer.reason}."
        raise LookupError(f"{why} Run python -m bot doctor, or name the application with --application.")
    return answer.id
