"""People and channels named in a reply: text anywhere, and more than that where a platform has more to show.

A platform's ids say nothing to people. Where a whole cell or entry is a Name, an adapter may show what its platform
shows in place of the id. Text that somebody typed is never one, so that nobody can be mentioned by it.
"""

from enum import StrEnum
from typing import Self

from bot.domain.people import Actor, Address, Platform


class Named(StrEnum):
    """What a Name is of."""

    PERSON = "person"
    CHANNEL = "channel"


class Name(str):
    """What a person or channel is called in text, with the id that its platform has for it."""

    __slots__ = ("id", "named", "platform")

    platform: Platform
    named: Named
    id: str

    def __new__(cls, text: str, platform: Platform, named: Named, id_: str) -> Self:
        """Return the text as the name of what `platform` calls `id_`."""
        name = super().__new__(cls, text)
        name.platform, name.named, name.id = platform, named, id_
        return name


def person(full_name: str, asker: Actor) -> str:
    """Return a person's full name (slack:TEAM/USER): as a Name where they are of the asker's own workspace or guild."""
    place, _, user = full_name.rpartition("/")
    is_near = asker.platform is not Platform.CONSOLE and place == f"{asker.platform}:{asker.space}"
    return Name(full_name, asker.platform, Named.PERSON, user) if is_near and user else full_name


def channel(text: str, address: Address) -> str:
    """Return what a channel is called as its Name; direct messages have none."""
    if address.user or address.platform is Platform.CONSOLE:
        return text
    return Name(text, address.platform, Named.CHANNEL, address.channel)
