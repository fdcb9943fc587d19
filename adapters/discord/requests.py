"""What Discord delivers of interactions, read: who did what, where, and in which languages. Nothing here calls anybody.

The payloads are those of discord.com/developers/docs/interactions/receiving-and-responding.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import discord

from adapters.discord.components import Carried, Press, read_id
from adapters.discord.locales import of_guild, of_person
from adapters.discord.tree import CHINESE, DIGEST, LOCAL
from bot.domain.people import DIRECT, Actor, Address, Platform
from bot.domain.text import Locale
from bot.messages.exchange import FormInput, Request
from bot.messages.spelling import Spelling


@dataclass(frozen=True, slots=True)
class Asked:
    """Who did something, and where and when (`at` is in UTC); `key` is the interaction's id.

    `own_tag` is what Discord calls the language of theirs, `guild_tag` that of the guild, empty in direct messages.
    `said` is the line that they asked. `may_subscribe`: Discord lets them set up digests here; `may_write`: it lets
    them write here. `bots` are the ids of those it says are bots, tipfacts among them.
    """

    actor: Actor
    address: Address
    at: datetime
    key: str
    own_tag: str = ""
    guild_tag: str = ""
    said: str = ""
    may_subscribe: bool = False
    may_write: bool = False
    bots: frozenset[str] = frozenset()

    @property
    def is_direct(self) -> bool:
        """Whether it was done in direct messages, where nobody else reads what is said."""
        return self.address.user is not None

    @property
    def locale(self) -> Locale:
        """The language that they are answered in."""
        return of_person(self.own_tag, self.said)

    @property
    def public(self) -> Locale | None:
        """The language of what all are told, None where the guild has chosen none."""
        return of_guild(self.guild_tag, self.said) if self.guild_tag else None

    @property
    def spelling(self) -> Spelling | None:
        """How their Discord names the commands, None where that is as everybody's does."""
        return LOCAL if self.own_tag == CHINESE else None

    def about(self, line: str) -> "Asked":
        """Return the same with the line that they asked."""
        return replace(self, said=line)

    def request(self, text: str, form: FormInput | None = None, key: str = "") -> Request:
        """Return the request for a line, or for a form that was sent; `key` is what it is done once for."""
        return Request(
            text=text,
            actor=self.actor,
            address=self.address,
            received_at=self.at,
            locale=self.locale,
            once_key=key or self.key,
            form=form,
            can_pop_up=True,
            spelling=self.spelling,
            bots=self.bots,
        )


def asked(interaction: discord.Interaction, at: datetime) -> Asked:
    """Return who did something, and where."""
    guild, user = interaction.guild_id, interaction.user
    may = interaction.permissions
    may_manage = may.manage_channels or may.administrator
    actor = Actor(
        Platform.DISCORD, str(guild or DIRECT), str(user.id), user.display_name, may_manage_channel=may_manage
    )
    guild_tag = interaction.guild_locale.value if guild and interaction.guild_locale else ""
    return Asked(
        actor=actor,
        address=_place(interaction),
        at=at,
        key=str(interaction.id),
        own_tag=interaction.locale.value,
        guild_tag=guild_tag,
        may_subscribe=guild is None or may_manage or data_of(interaction).get("name") == DIGEST,
        may_write=guild is None or may.administrator or _may_write(may, interaction.channel),
        bots=frozenset((str(interaction.application_id), *_bots(data_of(interaction)))),
    )


def address_in(guild: int, channel: object, channel_id: int) -> Address:
    """Return the address of a channel of a guild. A thread is one of its channel, but where that takes no messages of
    its own: a post in a forum is a channel by itself.
    """
    space = str(guild)
    if isinstance(channel, discord.Thread) and not isinstance(channel.parent, discord.ForumChannel):
        return Address(Platform.DISCORD, space, str(channel.parent_id), thread=str(channel.id))
    return Address(Platform.DISCORD, space, str(channel_id))


def _place(interaction: discord.Interaction) -> Address:
    user, channel = interaction.user.id, interaction.channel_id
    if interaction.guild_id is None:
        return Address(Platform.DISCORD, DIRECT, str(channel or user), user=str(user))
    return address_in(interaction.guild_id, interaction.channel, channel or 0)


def _may_write(may: discord.Permissions, channel: object) -> bool:
    """Whether these permissions let somebody write in a channel, or in a thread or a post of a forum."""
    return may.send_messages_in_threads if isinstance(channel, discord.Thread) else may.send_messages


def _bots(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids of the bots among the people that a command names."""
    users: Mapping[str, Mapping[str, Any]] = (data.get("resolved") or {}).get("users") or {}
    yield from (user_id for user_id, user in users.items() if user.get("bot"))


def data_of(interaction: discord.Interaction) -> Mapping[str, Any]:
    """Return what an interaction says of itself."""
    data: Mapping[str, Any] = {**(interaction.data or {})}
    return data


def pressed(interaction: discord.Interaction) -> Carried | None:
    """Return what a pressed button carries, None where it is none of ours."""
    return read_id(str(data_of(interaction).get("custom_id") or ""))


def is_own_copy(interaction: discord.Interaction) -> bool:
    """Whether the message that an interaction came from is before that person alone, and may be changed for them."""
    message = interaction.message
    return message is not None and (interaction.guild_id is None or message.flags.ephemeral)


def is_from_form(interaction: discord.Interaction) -> bool:
    """Whether the message that an interaction came from puts a form before somebody, and nothing else."""
    message = interaction.message
    rows = message.components if message else ()
    found = (read_id(custom_id) for custom_id in _custom_ids(rows))
    return any(carried.kind in (Press.FORM, Press.SUBMIT) for carried in found if carried)


def typed_so_far(data: Mapping[str, Any]) -> str:
    """Return what stands in the option that choices are asked for."""
    options: Sequence[Mapping[str, Any]] = data.get("options") or ()
    return next((str(each.get("value") or "") for each in options if each.get("focused")), "")


def _custom_ids(rows: Sequence[discord.Component]) -> Iterator[str]:
    for row in rows:
        if isinstance(row, discord.ActionRow):
            yield from (each.custom_id for each in row.children if each.custom_id)
