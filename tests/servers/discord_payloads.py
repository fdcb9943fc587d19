"""How Discord writes what there is: users, members, guilds, channels, messages and interactions, in API v10."""

from datetime import datetime, timedelta
from typing import Final

from servers.discord_permissions import in_channel
from servers.discord_world import (
    DIRECT,
    EPHEMERAL,
    EPOCH,
    LOADING,
    THREAD,
    Channel,
    File,
    Guild,
    Interaction,
    Json,
    Message,
    Role,
    User,
    World,
)

REPLY, COMMAND = 19, 20  # message types
ATTACHMENT_SIZE_LIMIT: Final = 10 * 1024 * 1024
_JOINED: Final = "2024-01-01T00:00:00+00:00"


def when(snowflake: str) -> datetime:
    """Return when an id was made."""
    return EPOCH + timedelta(milliseconds=int(snowflake) >> 22)


class Payloads:
    """`reads_all` says whether the app was granted the content of all messages (it is privileged)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.origin = ""
        self.reads_all = False

    def user(self, user: User) -> Json:
        return {
            "id": user.id,
            "username": user.name,
            "global_name": None if user.is_bot else user.name,
            "discriminator": "0000" if user.is_bot else "0",
            "avatar": None,
            "banner": None,
            "accent_color": None,
            "avatar_decoration_data": None,
            "collectibles": None,
            "primary_guild": None,
            "public_flags": 0,
            "flags": 0,
        } | ({"bot": True} if user.is_bot else {})

    def member(self, guild: Guild, user: User, *, whole: bool = True) -> Json:
        """Write a member; without `user` where it stands beside them anyway."""
        found: Json = {
            "roles": list(guild.members.get(user.id, ())),
            "joined_at": _JOINED,
            "nick": None,
            "avatar": None,
            "banner": None,
            "avatar_decoration_data": None,
            "collectibles": None,
            "premium_since": None,
            "communication_disabled_until": None,
            "pending": False,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }
        return found | ({"user": self.user(user)} if whole else {})

    def role(self, role: Role, position: int) -> Json:
        return {
            "id": role.id,
            "name": role.name,
            "permissions": str(role.permissions),
            "position": position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "managed": role.managed_by is not None,
            "mentionable": False,
            "flags": 0,
        } | ({"tags": {"bot_id": role.managed_by}} if role.managed_by else {})

    def guild(self, guild: Guild) -> Json:
        """Write a guild as REST does."""
        return {
            "id": guild.id,
            "name": guild.name,
            "owner_id": guild.owner,
            "preferred_locale": guild.locale,
            "roles": [self.role(role, position) for position, role in enumerate(guild.roles.values())],
            **_empty("features", "emojis", "stickers"),
            **dict.fromkeys(_ZEROES, 0),
            **dict.fromkeys(_NOTHINGS),
            "afk_timeout": 300,
            "max_members": 500_000,
            "max_video_channel_users": 25,
            "max_stage_video_channel_users": 50,
            "premium_progress_bar_enabled": False,
            "widget_enabled": False,
            "nsfw": False,
            "region": "us-east",
        }

    def guild_create(self, guild: Guild) -> Json:
        """Write a guild as GUILD_CREATE does: with its channels, threads and, of the members, the bot."""
        channels = [channel for channel in self._world.channels.values() if channel.guild == guild.id]
        return self.guild(guild) | {
            "joined_at": _JOINED,
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "members": [self.member(guild, self._world.bot)],
            "channels": [self.channel(one) for one in channels if one.type != THREAD],
            "threads": [self.channel(one) for one in channels if one.type == THREAD and not one.archived],
            **_empty("voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"),
        }

    def channel(self, channel: Channel) -> Json:
        last = channel.messages[-1].id if channel.messages else None
        found: Json = {"id": channel.id, "type": channel.type, "last_message_id": last, "flags": 0}
        if channel.type == DIRECT:
            return found | {"recipients": [self.user(self._world.users[channel.user or ""])]}
        found |= {
            "name": channel.name,
            "guild_id": channel.guild,
            "parent_id": channel.parent,
            "rate_limit_per_user": 0,
        }
        if channel.type == THREAD:
            return found | self._thread(channel)
        guild = self._world.guilds[channel.guild or ""]
        overwrites = [
            {"id": who, "type": int(who not in guild.roles), "allow": str(allowed), "deny": str(denied)}
            for who, (allowed, denied) in channel.overwrites.items()
        ]
        return found | {"position": 0, "permission_overwrites": overwrites, "nsfw": False, "topic": None}

    def _thread(self, channel: Channel) -> Json:
        about = {
            "archived": channel.archived,
            "locked": channel.locked,
            "auto_archive_duration": 1440,
            "archive_timestamp": when(channel.id).isoformat(),
            "create_timestamp": when(channel.id).isoformat(),
        }
        counts = dict.fromkeys(("message_count", "total_message_sent"), len(channel.messages))
        return counts | {"owner_id": self._world.bot.id, "member_count": 1, "thread_metadata": about}

    def file(self, file: File) -> Json:
        url = f"{self.origin}/attachments/{file.id}/{file.name}"
        return {
            "id": file.id,
            "filename": file.name,
            "size": len(file.content),
            "url": url,
            "proxy_url": url,
            "content_type": "text/plain; charset=utf-8",
        }

    def message(self, message: Message, *, nonce: bool = False, nested: bool = False) -> Json:
        """Write a message as the app may read it; `nonce` only in the answer to its posting and in its event."""
        world = self._world
        readable = self._readable(message)
        found: Json = {
            "id": message.id,
            "type": message.type,
            "channel_id": message.channel,
            "author": self.user(world.users[message.author]),
            "content": message.content if readable else "",
            "embeds": [{"type": "rich", **embed} for embed in message.embeds] if readable else [],
            "components": message.components if readable else [],
            "attachments": [self.file(file) for file in message.files] if readable else [],
            "mentions": [self.user(world.users[one]) for one in message.mentions if one in world.users],
            "mention_roles": [],
            "mention_everyone": "everyone" in message.pinged,
            "timestamp": when(message.id).isoformat(),
            "edited_timestamp": message.edited.isoformat() if message.edited else None,
            "flags": message.flags | (EPHEMERAL if message.only_for else 0) | (LOADING if message.loading else 0),
            "pinned": False,
            "tts": False,
        }
        if nonce and message.nonce is not None:
            found["nonce"] = message.nonce
        if message.interaction:
            found |= self._caused(world.interactions[message.interaction], message)
        if message.reply_to and not nested:
            found |= self._reply(message.reply_to)
        return found

    def _readable(self, message: Message) -> bool:
        """Whether the app is given the content: its own, in DMs, and where it is mentioned."""
        bot, direct = self._world.bot.id, self._world.channels[message.channel].type == DIRECT
        return self.reads_all or direct or message.author == bot or bot in message.mentions

    def _reply(self, other: Message) -> Json:
        channel = self._world.channels[other.channel]
        place = {"type": 0, "message_id": other.id, "channel_id": channel.id}
        place |= {"guild_id": channel.guild} if channel.guild else {}
        return {
            "message_reference": place,
            "referenced_message": None if other.gone else self.message(other, nested=True),
        }

    def _caused(self, interaction: Interaction, message: Message) -> Json:
        """Write what a message says of the interaction that it answers."""
        user = self.user(self._world.users[interaction.user])
        about: Json = {"id": interaction.id, "type": interaction.type, "user": user}
        about["authorizing_integration_owners"] = self._owners(self._world.channels[interaction.channel])
        if interaction.type == 2:
            about |= {"command_type": 1, "name": interaction.name}
        elif interaction.message:
            about["interacted_message_id"] = interaction.message.id
        if interaction.response not in (None, message) and interaction.response is not None:
            about["original_response_message_id"] = interaction.response.id
        bot = self._world.bot.id
        return {"application_id": bot, "webhook_id": bot, "interaction_metadata": about}

    def event(self, message: Message) -> Json:
        """Write a message as MESSAGE_CREATE and MESSAGE_UPDATE do."""
        found = self.message(message, nonce=True)
        guild = self._world.guild_of(self._world.channels[message.channel])
        if guild is None:
            return found | {"channel_type": DIRECT}
        author = self._world.users[message.author]
        return found | {"guild_id": guild.id, "member": self.member(guild, author, whole=False)}

    def interaction(self, interaction: Interaction) -> Json:
        """Write an interaction as INTERACTION_CREATE does."""
        world = self._world
        user, channel = world.users[interaction.user], world.channels[interaction.channel]
        guild = world.guild_of(channel)
        found: Json = {
            "id": interaction.id,
            "application_id": world.bot.id,
            "type": interaction.type,
            "data": interaction.data,
            "token": interaction.token,
            "version": 1,
            "channel": self.channel(channel) | {"permissions": str(world.permissions(user.id, channel))},
            "channel_id": channel.id,
            "app_permissions": str(self._app_permissions(channel)),
            "locale": user.locale,
            "entitlements": [],
            "authorizing_integration_owners": self._owners(channel),
            "context": 0 if guild else 1,
            "attachment_size_limit": ATTACHMENT_SIZE_LIMIT,
        }
        if interaction.message:
            found["message"] = self.message(interaction.message)
        if guild is None:
            return found | {"user": self.user(user)}
        member = self.member(guild, user) | {"permissions": str(world.permissions(user.id, channel))}
        about = {"id": guild.id, "locale": guild.locale, "features": []}
        return found | {"guild": about, "guild_id": guild.id, "guild_locale": guild.locale, "member": member}

    def _app_permissions(self, channel: Channel) -> int:
        """Return what the app may do there. Where its bot is not in the guild, that is what @everyone may."""
        guild = self._world.guild_of(channel)
        if guild and self._world.bot.id not in guild.members:
            return in_channel(guild.roles[guild.id].permissions, channel.overwrites, guild.id, (), "")
        return self._world.permissions(self._world.bot.id, channel)

    def _owners(self, channel: Channel) -> dict[str, str]:
        return {"0": channel.guild or "0"}


def _empty(*names: str) -> Json:
    return {name: [] for name in names}


_ZEROES: Final = (
    "verification_level", "default_message_notifications", "explicit_content_filter", "mfa_level", "nsfw_level",
    "premium_tier", "premium_subscription_count", "system_channel_flags",
)  # fmt: skip
_NOTHINGS: Final = (
    "icon", "home_header", "splash", "discovery_splash", "description", "banner", "application_id", "afk_channel_id",
    "system_channel_id", "rules_channel_id", "public_updates_channel_id", "safety_alerts_channel_id",
    "widget_channel_id", "vanity_url_code", "incidents_data", "max_presences",
)  # fmt: skip
