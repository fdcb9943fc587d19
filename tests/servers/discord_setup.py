"""Making the guilds, people and channels of a test, and what happens to them; a connected app is told of it."""

from collections.abc import Sequence

from servers.discord_payloads import Payloads
from servers.discord_permissions import READING, WRITING, bits
from servers.discord_sessions import Sessions
from servers.discord_world import TEXT, THREAD, Channel, Guild, Message, Role, User, World

BOT_PERMISSIONS = ("view_channel", "send_messages", "send_messages_in_threads", "embed_links", "read_message_history")


class SetUp:
    """`guild` is the one that is meant where none is named."""

    def __init__(self, world: World, payloads: Payloads, sessions: Sessions) -> None:
        self._world, self._payloads, self._sessions = world, payloads, sessions
        self.guild = self.add_guild("Fake Desk")

    def add_guild(
        self,
        name: str,
        *,
        locale: str = "en-US",
        bot: bool = True,
        bot_permissions: Sequence[str] = BOT_PERMISSIONS,
        everyone: Sequence[str] = (*READING, *WRITING),
    ) -> Guild:
        """Return a new guild, which the app's bot has joined unless told otherwise."""
        world = self._world
        made = world.new_id(1 << 22)  # a later millisecond than any other's: shards go by it
        owner = world.add_user(User(world.new_id(), f"owner of {name}"))
        guild = world.guilds[made] = Guild(made, name, locale, owner.id, members={owner.id: []})
        guild.roles[made] = Role(made, "@everyone", bits(everyone))
        if bot:
            self.install(guild, bot_permissions)
        return guild

    def install(self, guild: Guild, permissions: Sequence[str] = BOT_PERMISSIONS) -> None:
        """Let the app's bot join a guild."""
        world = self._world
        role = Role(world.new_id(), world.bot.name, bits(permissions), managed_by=world.bot.id)
        guild.roles[role.id] = role
        guild.members[world.bot.id] = [role.id]
        self._sessions.tell("GUILD_CREATE", self._payloads.guild_create(guild), guild)

    def uninstall(self, guild: Guild) -> None:
        """Take the app's bot out of a guild."""
        guild.members.pop(self._world.bot.id, None)
        self._sessions.tell("GUILD_DELETE", {"id": guild.id}, guild)

    def add_user(
        self,
        name: str,
        *guilds: Guild,
        locale: str = "en-US",
        permissions: Sequence[str] = (),
        is_bot: bool = False,
        accepts_dms: bool = True,
    ) -> User:
        """Return a new person, or another app's bot, in those guilds (in `guild` where none is named)."""
        world = self._world
        user = world.add_user(User(world.new_id(), name, locale, is_bot, accepts_dms))
        for guild in guilds or (self.guild,):
            self.join(user, guild, permissions)
        return user

    def join(self, user: User, guild: Guild, permissions: Sequence[str] = ()) -> None:
        """Make somebody a member, with a role of their own that has those permissions in the whole guild."""
        guild.members[user.id] = []
        if permissions:
            role = Role(self._world.new_id(), f"role of {user.name}", bits(permissions))
            guild.roles[role.id] = role
            guild.members[user.id].append(role.id)

    def leave(self, user: User, guild: Guild) -> None:
        guild.members.pop(user.id, None)

    def add_channel(
        self, name: str, *members: User, guild: Guild | None = None, private: bool = False, bot: bool = True
    ) -> Channel:
        """Return a new text channel. All of the guild see it, or only those members where `private`; without `bot` the
        app's bot does not.
        """
        home = guild or self.guild
        channel = Channel(self._world.new_id(), name, home.id, TEXT)
        if private:
            channel.overwrites[home.id] = (0, bits(("view_channel",)))
            for member in (*members, *((self._world.bot,) if bot else ())):
                channel.overwrites[member.id] = (bits(("view_channel",)), 0)
        elif not bot:
            channel.overwrites[self._world.bot.id] = (0, bits(("view_channel",)))
        return self._held(channel, "CHANNEL_CREATE")

    def add_thread(self, parent: Channel, name: str, *, archived: bool = False, locked: bool = False) -> Channel:
        """Return a new public thread of a channel."""
        made = Channel(self._world.new_id(), name, parent.guild, THREAD, parent=parent.id)
        made.archived, made.locked = archived or locked, locked
        return self._held(made, "THREAD_CREATE")

    def _held(self, channel: Channel, event: str) -> Channel:
        self._world.channels[channel.id] = channel
        self._sessions.emit(event, self._payloads.channel(channel), channel)
        return channel

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """Archive a thread; a locked one is not opened again by who writes in it."""
        assert thread.type == THREAD, "Discord archives threads, not channels"
        thread.archived, thread.locked = True, locked
        self._sessions.emit("THREAD_UPDATE", self._payloads.channel(thread), thread)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel for good, its threads with it."""
        for thread in [one for one in self._world.channels.values() if one.parent == channel.id]:
            self.delete_channel(thread)
        event = "THREAD_DELETE" if channel.type == THREAD else "CHANNEL_DELETE"
        self._sessions.emit(event, self._payloads.channel(channel), channel)
        del self._world.channels[channel.id]

    def delete_message(self, message: Message) -> None:
        """Let somebody delete a message that all could see."""
        message.gone = True
        channel = self._world.channels[message.channel]
        data = {"id": message.id, "channel_id": channel.id}
        self._sessions.emit("MESSAGE_DELETE", data | ({"guild_id": channel.guild} if channel.guild else {}), channel)

    def allow(self, channel: Channel, who: User | Role | None, *names: str) -> None:
        """Allow somebody, or with None everyone, those permissions in a channel. `bot` is the app's user."""
        self._overwrite(channel, who, bits(names), 0)

    def deny(self, channel: Channel, who: User | Role | None, *names: str) -> None:
        """Deny somebody, or with None everyone, those permissions in a channel."""
        self._overwrite(channel, who, 0, bits(names))

    def _overwrite(self, channel: Channel, who: User | Role | None, allowed: int, denied: int) -> None:
        name = who.id if who else channel.guild or ""
        before = channel.overwrites.get(name, (0, 0))
        channel.overwrites[name] = ((before[0] | allowed) & ~denied, (before[1] | denied) & ~allowed)
        self._sessions.emit("CHANNEL_UPDATE", self._payloads.channel(channel), channel)

    def dm_of(self, user: User) -> Channel:
        """Return the DM between a person and the app's bot."""
        return self._world.dm_of(user.id)
