"""Platforms that record: fakes that refuse what the real ones refuse, with what a cell needs of them."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from servers.discord import FakeDiscord
from servers.slack import FakeSlack

from adapters.slack.history import NONCE
from bot.domain.people import Address, Platform

FORGOTTEN = 600.0  # seconds after which Discord knows no nonce any more
_HISTORY, _POST = "GET /channels/{}/messages", "POST /channels/{}/messages"


@dataclass(frozen=True)
class Recording:
    """A platform with channels. `posted` counts the messages that stand in them by the nonce each was posted with;
    `spoil` lets one of the next posts go wrong, `spoil_look` one of the look-ups; `calls` counts what it was asked;
    `calm` takes back what was still to go wrong; `forget` moves its clock on until it knows no nonce any more; `faults`
    are sentences on what no app should do.
    """

    addresses: tuple[Address, ...]
    environment: Mapping[str, str]
    posted: Callable[[], Counter[str]]
    spoil: Callable[[Mapping[str, Any]], None]
    spoil_look: Callable[[Mapping[str, Any]], None]
    calls: Callable[[], int]
    forget: Callable[[], None]
    calm: Callable[[], None]
    faults: Callable[[], list[str]]


def recording(platform: Platform, channels: int) -> "Any":  # noqa: ANN401 (an async context manager)
    """Run a platform with so many channels for as long as the `async with` lasts; it gives a Recording."""
    return _slack(channels) if platform is Platform.SLACK else _discord(channels)


@asynccontextmanager
async def _slack(channels: int) -> AsyncIterator[Recording]:
    async with FakeSlack() as slack:
        rooms = [slack.add_channel(f"room-{number}") for number in range(channels)]

        def posted() -> Counter[str]:
            messages = (message for room in rooms for message in slack.messages(room))
            return Counter(str((message.metadata or {})["event_payload"][NONCE]) for message in messages)

        yield Recording(
            addresses=tuple(Address(Platform.SLACK, room.team, room.id) for room in rooms),
            environment=slack.environment() | {"SLACK_SIGNING_SECRET": ""},
            posted=posted,
            spoil=lambda how: slack.fail("chat.postMessage", **_for_slack(how)),
            spoil_look=lambda how: slack.fail("conversations.history", **_for_slack(how)),
            calls=lambda: len(slack.calls),
            forget=lambda: None,
            calm=slack._failures.waiting.clear,  # noqa: SLF001 (no test but this one takes back what it asked for)
            faults=lambda: slack.violations,
        )


@asynccontextmanager
async def _discord(channels: int) -> AsyncIterator[Recording]:
    async with FakeDiscord() as discord:
        discord.description = None  # it takes long, and is held against other messages elsewhere
        rooms = [discord.add_channel(f"room-{number}") for number in range(channels)]

        def posted() -> Counter[str]:
            return Counter(str(message.nonce) for room in rooms for message in discord.messages(room))

        yield Recording(
            addresses=tuple(Address(Platform.DISCORD, discord.guild.id, room.id) for room in rooms),
            environment=discord.environment(),
            posted=posted,
            spoil=lambda how: discord.fail(_POST, **how),
            spoil_look=lambda how: discord.fail(_HISTORY, **how),
            calls=lambda: len(discord.calls),
            forget=lambda: discord.pass_time(FORGOTTEN),
            calm=discord._failures.waiting.clear,  # noqa: SLF001 (as above)
            faults=lambda: discord.violations,
        )


def spoilt(dice: random.Random) -> dict[str, Any]:
    """Return one way in which a call goes wrong."""
    ways: tuple[dict[str, Any], ...] = (
        {"lose_reply": True},
        {"drop": True},
        {"status": 500},
        {"status": 503, "acts": True},
        {"status": 429, "retry_after": 1},
    )
    return dict(dice.choice(ways))


def _for_slack(how: Mapping[str, Any]) -> dict[str, Any]:
    if how.get("status") == 429:
        return {"error": "ratelimited", "retry_after": 1}
    return dict(how)
