"""Discord's permissions: their bits, and what a member may do in a channel (docs: topics/permissions)."""

from collections.abc import Iterable
from typing import Final

BITS: Final = {
    "administrator": 1 << 3,
    "manage_channels": 1 << 4,
    "manage_guild": 1 << 5,
    "add_reactions": 1 << 6,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "manage_messages": 1 << 13,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "mention_everyone": 1 << 17,
    "use_external_emojis": 1 << 18,
    "manage_roles": 1 << 28,
    "manage_webhooks": 1 << 29,
    "use_application_commands": 1 << 31,
    "manage_threads": 1 << 34,
    "create_public_threads": 1 << 35,
    "send_messages_in_threads": 1 << 38,
    "moderate_members": 1 << 40,
    "pin_messages": 1 << 51,
}
ALL: Final = (1 << 53) - 1
READING: Final = ("view_channel", "read_message_history", "use_application_commands")
WRITING: Final = ("send_messages", "send_messages_in_threads", "embed_links", "attach_files", "add_reactions")
DM: Final = ("attach_files", "embed_links", "mention_everyone", "use_external_emojis")  # what app_permissions are there


def bits(names: Iterable[str]) -> int:
    """Return permissions as the number that Discord writes. Raises KeyError for a name that is none."""
    found = 0
    for name in names:
        found |= BITS[name]
    return found


def names(number: int) -> set[str]:
    """Return the names that are in such a number."""
    return {name for name, bit in BITS.items() if number & bit}


def has(number: int, *wanted: str) -> bool:
    """Whether all of these permissions are in such a number."""
    return number & bits(wanted) == bits(wanted)


Overwrites = dict[str, tuple[int, int]]  # by role or user id: what is allowed, what is denied


def in_channel(base: int, overwrites: Overwrites, everyone: str, roles: Iterable[str], user: str) -> int:
    """Return what a member may do in a channel: the guild's, then @everyone's overwrite, the roles', their own.

    Who cannot see a channel, or cannot write in it, can do nothing that rests on that.
    """
    if has(base, "administrator"):
        return ALL
    found = _over(base, [overwrites.get(everyone)])
    found = _over(found, [overwrites.get(role) for role in roles])
    found = _over(found, [overwrites.get(user)])
    if not has(found, "view_channel"):
        return 0
    if not has(found, "send_messages"):
        found &= ~bits(("mention_everyone", "attach_files", "embed_links"))
    return found


def _over(base: int, overwrites: list[tuple[int, int] | None]) -> int:
    there = [one for one in overwrites if one]
    for _, denied in there:
        base &= ~denied
    for allowed, _ in there:
        base |= allowed
    return base
