"""What there is in the Discord that tests play: guilds, people, channels, messages, and what each person is shown."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Final, TypeAlias

from servers.discord_permissions import ALL, DM, Overwrites, bits, has, in_channel

Json: TypeAlias = dict[str, Any]
EPOCH: Final = datetime(2015, 1, 1, tzinfo=UTC)  # of ids
TEXT, DIRECT, THREAD = 0, 1, 11  # channel types
EPHEMERAL, LOADING = 1 << 6, 1 << 7  # message flags


@dataclass(eq=False)
class User:
    """A person or bot. `locale` is the language of their Discord; `accepts_dms` False answers 50007."""

    id: str
    name: str
    locale: str = "en-US"
    is_bot: bool = False
    accepts_dms: bool = True

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"


@dataclass(eq=False)
class Role:
    id: str
    name: str
    permissions: int
    managed_by: str | None = None


@dataclass(eq=False)
class Guild:
    """A server. Its @everyone role has the guild's own id; `members` holds the role ids of each."""

    id: str
    name: str
    locale: str
    owner: str
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)


@dataclass(eq=False)
class File:
    """A file that somebody attached; `content` is served at its address."""

    id: str
    name: str
    content: bytes


@dataclass(eq=False)
class Message:
    """A message. `only_for` is the one person who sees it, where it is ephemeral; `loading` until a deferred answer is
    there. `sent` is the body it came with, `was` its contents before each edit, `pinged` who was rung by it.
    """

    id: str
    channel: str
    author: str
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    reply_to: "Message | None" = None
    mentions: list[str] = field(default_factory=list)
    nonce: str | int | None = None
    only_for: str | None = None
    interaction: str | None = None
    loading: bool = False
    gone: bool = False
    pinged: list[str] = field(default_factory=list)
    sent: Json = field(default_factory=dict)
    was: list[str] = field(default_factory=list)
    edited: datetime | None = None
    changed: int = 0

    @property
    def text(self) -> str:
        return self.content


@dataclass(eq=False)
class Channel:
    """A text channel, a thread (then with `parent`), or a DM (then with `user`, who is in it beside the bot)."""

    id: str
    name: str
    guild: str | None
    type: int = TEXT
    user: str | None = None
    parent: str | None = None
    overwrites: Overwrites = field(default_factory=dict)
    archived: bool = False
    locked: bool = False
    messages: list[Message] = field(default_factory=list)

    def message(self, message_id: str | None) -> Message | None:
        return next((one for one in self.messages if one.id == message_id and not one.gone), None)


@dataclass(eq=False)
class Modal:
    """A modal that a person has open; `errors` is what Discord itself complains of, by custom_id."""

    user: str
    channel: str
    shown: Json
    origin: Message | None
    errors: dict[str, str] = field(default_factory=dict)
    changed: int = 0

    @property
    def title(self) -> str:
        return str(self.shown.get("title", ""))

    @property
    def custom_id(self) -> str:
        return str(self.shown.get("custom_id", ""))


@dataclass(eq=False)
class Interaction:
    """Something that a person did with the app, and how the app took it.

    `type` is 2 for a command, 3 for a press, 4 for choices asked for, 5 for a modal submitted. `at` counts on the
    world's age clock. `answered` is the type of the acknowledgement, None without one, `seconds` how long it took.
    `response` is the message that @original means.
    """

    id: str
    token: str
    type: int
    user: str
    channel: str
    data: Json
    at: float
    name: str = ""
    message: Message | None = None
    answered: int | None = None
    seconds: float | None = None
    expired: bool = False
    response: Message | None = None
    choices: list[Json] = field(default_factory=list)


class World:
    """All of it, with its own clock: `clock` (UTC now by default) moved on by `pass_time`. `bot` is the app's user."""

    def __init__(self, clock: Callable[[], datetime] | None = None, bot_name: str = "tipfacts") -> None:
        self._clock = clock or (lambda: datetime.now(UTC))
        self._shift = 0.0
        self._last_id = 0
        self._changes = 0
        self._stirred = asyncio.Event()
        self.guilds: dict[str, Guild] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.whispers: list[Message] = []
        self.modals: dict[str, Modal] = {}
        self.interactions: dict[str, Interaction] = {}
        self.violations: list[str] = []
        self.bot = self.add_user(User(self.new_id(), bot_name, is_bot=True))

    def now(self) -> datetime:
        return self._clock() + timedelta(seconds=self._shift)

    def age_clock(self) -> float:
        """Seconds that run on even where the clock of the test stands still."""
        return monotonic() + self._shift

    def pass_time(self, seconds: float) -> None:
        """Move the clock on: interactions expire, nonces are forgotten, messages get later ids."""
        self._shift += seconds

    def new_id(self, step: int = 1) -> str:
        """Return an id later than every one before; it holds the time it was made (docs: reference#snowflakes)."""
        made = int((self.now() - EPOCH).total_seconds() * 1000) << 22
        self._last_id = max(made, self._last_id + step)
        return str(self._last_id)

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def add_file(self, name: str, content: bytes) -> File:
        held = File(self.new_id(), name, content)
        self.files[held.id] = held
        return held

    def dm_of(self, user: str) -> Channel:
        """Return the DM between a person and the bot, opened where there is none."""
        found = next((channel for channel in self.channels.values() if channel.user == user), None)
        if found is None:
            found = Channel(self.new_id(), "", None, DIRECT, user=user)
            self.channels[found.id] = found
        return found

    def guild_of(self, channel: Channel) -> Guild | None:
        return self.guilds[channel.guild] if channel.guild else None

    def permissions(self, user: str, channel: Channel) -> int:
        """Return what somebody may do in a channel, 0 where they are not inside."""
        guild = self.guild_of(channel)
        if guild is None:
            return bits(DM) if user in (channel.user, self.bot.id) else 0
        if user not in guild.members:
            return 0
        if user == guild.owner:
            return ALL
        base = 0
        for role in (guild.id, *guild.members[user]):
            base |= guild.roles[role].permissions
        where = self.channels.get(channel.parent or "", channel)
        return in_channel(base, where.overwrites, guild.id, guild.members[user], user)

    def sees(self, user: str, channel: Channel) -> bool:
        """Whether somebody can read along there."""
        if channel.guild is None:
            return user in (channel.user, self.bot.id)
        return has(self.permissions(user, channel), "view_channel")

    def show(self, message: Message) -> Message:
        """Put a message where it belongs, or mark one there as changed."""
        held = self.whispers if message.only_for else self.channels[message.channel].messages
        if message not in held:
            held.append(message)
        message.changed = self.change()
        return message

    def find(self, channel: str, message_id: str) -> Message | None:
        """Return a message that all in a channel can see."""
        return self.channels[channel].message(message_id) if channel in self.channels else None

    def seen_by(self, user: str, since: int) -> Iterator[Message]:
        """Yield the app's messages that changed after that mark where the person can read them."""
        for channel in self.channels.values():
            if self.sees(user, channel):
                yield from (one for one in self.posted_in(channel) if one.changed > since and not one.loading)

    def posted_in(self, channel: Channel) -> list[Message]:
        """Return what the app posted in a channel for all to see, oldest first."""
        return [one for one in channel.messages if one.author == self.bot.id and not one.gone]

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
