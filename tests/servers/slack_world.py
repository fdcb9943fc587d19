"""What there is in the Slack that tests play: workspaces, people, channels, messages and what each person is shown."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from time import monotonic
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
ALL_SCOPES = frozenset(
    {"app_mentions:read", "chat:write", "commands", "files:read", "im:history", "im:read", "im:write", "users:read"}
    | {"channels:history", "channels:read", "groups:history", "groups:read"}
)
ACTIVE, REVOKED, INACTIVE = "active", "token_revoked", "account_inactive"


@dataclass(eq=False)
class User:
    """A person or bot of a workspace; `locale` is Slack's (en-US, zh-TW), `tz` their zone's IANA name."""

    id: str
    name: str
    team: str
    locale: str = "en-US"
    is_bot: bool = False
    deleted: bool = False
    tz: str = "Asia/Hong_Kong"


@dataclass(eq=False)
class Team:
    """A workspace with the app installed. `state` is active, or the error that its token is answered with."""

    id: str
    name: str
    bot_token: str
    bot: User
    bot_id: str
    scopes: set[str] = field(default_factory=lambda: set(ALL_SCOPES))
    state: str = ACTIVE

    @property
    def domain(self) -> str:
        return self.name.lower().replace(" ", "-")


@dataclass(eq=False)
class Message:
    """A message in a channel. `sent` holds the arguments it was posted with, `was` its texts before each edit."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    bot_id: str | None = None
    sent: Json = field(default_factory=dict)
    was: list[str] = field(default_factory=list)
    changed: int = 0

    @property
    def by_bot(self) -> bool:
        return self.bot_id is not None


@dataclass(eq=False)
class Ephemeral:
    """What only one person is shown; `gone` once the app deleted it."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    gone: bool = False
    changed: int = 0


@dataclass(eq=False)
class View:
    """A modal or Home tab of a person, with what Slack adds to it. `errors` are shown on the fields, by block_id."""

    id: str
    team: str
    user: str
    shown: Json
    hash: str
    root: str
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    changed: int = 0

    @property
    def blocks(self) -> list[Json]:
        found: list[Json] = self.shown.get("blocks", [])
        return found

    @property
    def title(self) -> str:
        return str(self.shown.get("title", {}).get("text", ""))


@dataclass(eq=False)
class Channel:
    """A public channel, private group or DM (`im`, then with `user`). The bot is a member like any other."""

    id: str
    name: str
    team: str
    kind: str = "channel"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    user: str | None = None
    messages: list[Message] = field(default_factory=list)

    @property
    def shown_name(self) -> str:
        """The name that payloads give."""
        return {"im": "directmessage", "group": "privategroup"}.get(self.kind, self.name)

    def message(self, ts: str | None) -> Message | None:
        return next((message for message in self.messages if message.ts == ts), None)


class World:
    """All of it, with its own clock: `clock` (UTC now by default) moved on by `pass_time`."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock or (lambda: datetime.now(UTC))
        self._shift = 0.0
        self._last_ts = 0
        self._numbers = count(1)
        self._changes = 0
        self._stirred = asyncio.Event()
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.ephemerals: list[Ephemeral] = []
        self.views: dict[str, View] = {}
        self.screens: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.violations: list[str] = []

    def now(self) -> datetime:
        return self._clock() + timedelta(seconds=self._shift)

    def unshifted(self) -> datetime:
        """What the app's own clock says: passing time here passes none there."""
        return self._clock()

    def age_clock(self) -> float:
        """Seconds that run on even where the clock of the test stands still."""
        return monotonic() + self._shift

    def pass_time(self, seconds: float) -> None:
        """Move the clock on: triggers and response URLs expire, messages get later stamps."""
        self._shift += seconds

    def new_ts(self) -> str:
        """Return a message stamp later than every one before."""
        self._last_ts = max(int(self.now().timestamp() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, letter: str) -> str:
        return f"{letter}0FAKE{next(self._numbers):05d}"

    def add_team(self, name: str, bot_name: str) -> Team:
        team_id = self.new_id("T")
        bot = User(self.new_id("U"), bot_name, team_id, is_bot=True)
        self.users[bot.id] = bot
        token = f"xoxb-{team_id}-{self.new_id('S').lower()}"
        self.teams[team_id] = Team(team_id, name, token, bot, self.new_id("B"))
        return self.teams[team_id]

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def dm_of(self, user: str) -> Channel:
        """Return the DM between a person and the bot of their workspace, opened where there is none."""
        found = next((channel for channel in self.channels.values() if channel.user == user), None)
        if found:
            return found
        team = self.teams[self.users[user].team]
        members = {user, team.bot.id}
        return self.add_channel(Channel(self.new_id("D"), user, team.id, "im", members, user=user))

    def channel_of(self, team: Team, channel: str) -> Channel | None:
        """Return a channel of that workspace, by its id."""
        found = self.channels.get(channel)
        return found if found and found.team == team.id else None

    def show(self, message: Message) -> Message:
        """Put a message into its channel, or mark one there as changed."""
        held = self.channels[message.channel].messages
        if message not in held:
            held.append(message)
        message.changed = self.change()
        return message

    def whisper(self, ephemeral: Ephemeral) -> Ephemeral:
        """Show one person something, or mark what they are shown as changed."""
        if ephemeral not in self.ephemerals:
            self.ephemerals.append(ephemeral)
        ephemeral.changed = self.change()
        return ephemeral

    def top_view(self, user: str) -> View | None:
        """Return the modal in front of a person."""
        stack = self.screens.get(user, [])
        return stack[-1] if stack else None

    def seen_by(self, user: str, since: int) -> Iterator[Message]:
        """Yield the app's messages that changed after that mark where the person can read them."""
        for channel in self.channels.values():
            if user in channel.members:
                yield from (held for held in self.posted_in(channel) if held.changed > since)

    def posted_in(self, channel: Channel) -> list[Message]:
        """Return what the app posted in a channel, oldest first."""
        bot = self.teams[channel.team].bot.id
        return [held for held in channel.messages if held.user == bot]

    def violation(self, text: str) -> None:
        self.violations.append(text)
        self.change()

    def mark(self) -> int:
        return self._changes

    def change(self) -> int:
        """Count one more change and wake who waits for one. Returns the new mark."""
        self._changes += 1
        self._stirred.set()
        self._stirred = asyncio.Event()
        return self._changes

    async def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait for something to hold. Returns whether it does by then."""
        deadline = monotonic() + seconds
        while not holds():
            left = deadline - monotonic()
            if left <= 0:
                return False
            try:
                await asyncio.wait_for(self._stirred.wait(), left)
            except TimeoutError:
                return holds()
        return True
