"""What people write to the bot, read: mentions and direct messages become Requests. Nothing here calls anybody."""

import re
from datetime import datetime

import discord

from adapters.discord.locales import of_guild
from adapters.discord.requests import address_in
from bot.domain.people import DIRECT, Actor, Address, Platform
from bot.messages.exchange import Request

_ANSWERED = (discord.MessageType.default, discord.MessageType.reply)  # the others tell of joins, pins and the like
_EMOJI = re.compile(r"<a?(:\w+:)\d+>")
_COMMAND = re.compile(r"<(/[^:>]+):\d+>")


def request_of(message: discord.Message, own: int, at: datetime) -> Request | None:
    """Return the request of a message that speaks to the bot, whose id is `own`; None where it does not, or where a bot
    wrote it.

    `at` is in UTC. In direct messages and threads the conversation is all that is said there. In a channel there is
    none yet: which one it is takes a look at what the message replies to.
    """
    if message.author.bot or message.webhook_id is not None or message.type not in _ANSWERED:
        return None
    if isinstance(message.channel, discord.DMChannel):
        return _direct(message, message.channel, own, at)
    return _mention(message, message.guild, own, at) if message.guild else None


def replied_to(message: discord.Message) -> int | None:
    """Return the id of the message that this one replies to, None where it is no reply."""
    reference = message.reference
    return reference.message_id if reference and message.type is discord.MessageType.reply else None


def as_typed(text: str, own: int) -> str:
    """Return text of Discord's as a person typed it, without mentions of the bot; others are left to the core."""
    text = re.sub(rf"<@!?{own}>[:,]?", " ", text)
    return _COMMAND.sub(r"\1", _EMOJI.sub(r"\1", text)).strip()


def _direct(message: discord.Message, channel: discord.DMChannel, own: int, at: datetime) -> Request:
    user = str(message.author.id)
    address = Address(Platform.DISCORD, DIRECT, str(channel.id), user=user)
    return Request(
        text=as_typed(message.content, own),
        actor=Actor(Platform.DISCORD, DIRECT, user, message.author.display_name),
        address=address,
        received_at=at,
        once_key=str(message.id),
        conversation=address,
        bots=_bots(message, own),
    )


def _mention(message: discord.Message, guild: discord.Guild, own: int, at: datetime) -> Request | None:
    if own not in (user.id for user in message.mentions):
        return None
    text, author = as_typed(message.content, own), message.author
    name, may_manage = author.display_name, _may_manage(message)
    address = address_in(guild.id, message.channel, message.channel.id)
    return Request(
        text=text,
        actor=Actor(Platform.DISCORD, str(guild.id), str(author.id), name, may_manage_channel=may_manage),
        address=address,
        received_at=at,
        locale=of_guild(guild.preferred_locale.value, text),
        once_key=str(message.id),
        conversation=address if isinstance(message.channel, discord.Thread) else None,
        bots=_bots(message, own),
    )


def _bots(message: discord.Message, own: int) -> frozenset[str]:
    return frozenset((str(own), *(str(user.id) for user in message.mentions if user.bot)))


def _may_manage(message: discord.Message) -> bool:
    """Whether who wrote may manage the channel; False where that is not known."""
    if not isinstance(message.author, discord.Member):
        return False
    try:
        may = message.channel.permissions_for(message.author)
    except discord.ClientException:  # of a thread whose channel is hidden
        return False
    return may.manage_channels or may.administrator
