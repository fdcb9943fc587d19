"""The routes of channels and their messages."""

from typing import Final

from servers.discord_calls import Call, RefusedError, Reply, Route
from servers.discord_payloads import REPLY, Payloads
from servers.discord_permissions import has
from servers.discord_world import DIRECT, THREAD, Channel, Json, Message, World
from servers.discord_writing import Body, Writing

_CHANNEL, _ONE = "/channels/{channel_id}/messages", "/channels/{channel_id}/messages/{message_id}"
_AROUND: Final = ("around", "before", "after")
MOST_MESSAGES, MESSAGES = 100, 50


class MessageRoutes:
    """`nonce_life` is for how many seconds a nonce is remembered ("the past few minutes"); `nonces_in_history` whether
    messages that are read again still name it (Discord promises it only for the answer and the event).
    """

    def __init__(self, world: World, payloads: Payloads, writing: Writing) -> None:
        self._world, self._payloads, self._writing = world, payloads, writing
        self._nonces: dict[tuple[str, str], tuple[float, Message]] = {}
        self.nonce_life = 180.0
        self.nonces_in_history = False

    def routes(self) -> tuple[Route, ...]:
        return (
            Route("GET", "/channels/{channel_id}", self._get_channel),
            Route("GET", _CHANNEL, self._history),
            Route("POST", _CHANNEL, self._post),
            Route("GET", _ONE, self._get),
            Route("PATCH", _ONE, self._patch),
            Route("DELETE", _ONE, self._delete),
            Route("POST", "/channels/{channel_id}/typing", self._typing),
        )

    def channel(self, call: Call, *needed: str) -> Channel:
        """Return the channel of a call. Raises RefusedError where the app may not do what it needs there."""
        found = self._world.channels.get(call.params["channel_id"])
        if found is None:
            raise RefusedError(404, 10003, "Unknown Channel")
        guild = self._world.guild_of(found)
        may = self._world.permissions(self._world.bot.id, found)
        if guild and not has(may, "view_channel"):
            raise RefusedError(403, 50001, "Missing Access")
        if guild and not has(may, *needed):
            raise RefusedError(403, 50013, "Missing Permissions")
        return found

    def _get_channel(self, call: Call) -> Reply:
        return 200, self._payloads.channel(self.channel(call))

    def _typing(self, call: Call) -> Reply:
        self.channel(call, "send_messages")
        return 204, None

    def _post(self, call: Call) -> Reply:
        channel = self._to_post_in(call)
        json: Json = call.body or {}
        body = Body(json, call.files, "message", "POST message", private=channel.type == DIRECT)
        self._writing.check(body)
        again = self._same_nonce(channel, json)
        if again:
            return 200, self._payloads.message(again, nonce=True)
        reply_to = self._replied_to(channel, json)
        kind = REPLY if reply_to else 0
        channel.archived = False
        nonce = json.get("nonce")
        message = self._writing.write(channel, body, nonce=nonce, reply_to=reply_to, type=kind)
        if nonce is not None:
            self._nonces[channel.id, str(nonce)] = (self._world.age_clock(), message)
        return 200, self._payloads.message(message, nonce=True)

    def _to_post_in(self, call: Call) -> Channel:
        """Return the channel of a call that may be written in. Raises RefusedError."""
        found = self._world.channels.get(call.params["channel_id"])
        threaded = found is not None and found.type == THREAD
        channel = self.channel(call, "send_messages_in_threads" if threaded else "send_messages")
        if channel.archived and channel.locked:
            may = self._world.permissions(self._world.bot.id, channel)
            if not has(may, "manage_threads"):
                raise RefusedError(400, 50083, "Thread is archived")
        json = call.body or {}
        if json.get("embeds"):
            self.channel(call, *(() if channel.type == DIRECT else ("embed_links",)))
        if channel.type == DIRECT and not self._takes_dms(channel):
            raise RefusedError(403, 50007, "Cannot send messages to this user")
        return channel

    def _takes_dms(self, channel: Channel) -> bool:
        """Whether a person lets the app write to them: they share a guild with it and have not shut it out."""
        user, bot = self._world.users[channel.user or ""], self._world.bot.id
        shared = any({user.id, bot} <= guild.members.keys() for guild in self._world.guilds.values())
        return user.accepts_dms and shared

    def _same_nonce(self, channel: Channel, json: Json) -> Message | None:
        """Return the message that was posted with the same nonce a short while ago, where that is to be looked at."""
        if json.get("nonce") is None or not json.get("enforce_nonce"):
            return None
        at, message = self._nonces.get((channel.id, str(json["nonce"])), (0.0, None))
        return message if self._world.age_clock() - at < self.nonce_life else None

    def _replied_to(self, channel: Channel, json: Json) -> Message | None:
        reference = json.get("message_reference") or {}
        if not reference:
            return None
        if not has(self._world.permissions(self._world.bot.id, channel), "read_message_history") and channel.guild:
            raise RefusedError(400, 160002, "Cannot reply without permission to read message history")
        found = channel.message(str(reference.get("message_id")))
        if found is None and reference.get("fail_if_not_exists", True) is not False:
            unknown = {"code": "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "message": "Unknown message"}
            raise RefusedError(400, 50035, "Invalid Form Body", {"message_reference": {"_errors": [unknown]}})
        return found

    def _history(self, call: Call) -> Reply:
        channel = self.channel(call)
        if channel.guild and not has(self._world.permissions(self._world.bot.id, channel), "read_message_history"):
            return 200, []
        limit = _limit(call.query.get("limit"))
        given = [name for name in _AROUND if name in call.query]
        if len(given) > 1:
            told = {"code": "BASE_TYPE_INVALID", "message": f"not with {given[0]}"}
            raise RefusedError(400, 50035, "Invalid Form Body", {str(given[1]): {"_errors": [told]}})
        held = [one for one in channel.messages if not one.gone]
        page = _page(held, given[0], int(call.query[given[0]]), limit) if given else held[-limit:]
        nonces = self.nonces_in_history
        return 200, [self._payloads.message(message, nonce=nonces) for message in reversed(page)]

    def _message(self, call: Call, channel: Channel) -> Message:
        found = channel.message(call.params["message_id"])
        if found is None:
            raise RefusedError(404, 10008, "Unknown Message")
        return found

    def _get(self, call: Call) -> Reply:
        message = self._message(call, self.channel(call, "read_message_history"))
        return 200, self._payloads.message(message, nonce=self.nonces_in_history)

    def _patch(self, call: Call) -> Reply:
        channel = self.channel(call)
        message = self._message(call, channel)
        if channel.archived:
            raise RefusedError(400, 50083, "Thread is archived")
        if message.author != self._world.bot.id:
            raise RefusedError(403, 50005, "Cannot edit a message authored by another user")
        body = Body(call.body or {}, call.files, "edit", "PATCH message", private=channel.type == DIRECT)
        self._writing.check(body)
        return 200, self._payloads.message(self._writing.edit(message, body))

    def _delete(self, call: Call) -> Reply:
        channel = self.channel(call)
        message = self._message(call, channel)
        if message.author != self._world.bot.id:
            self.channel(call, "manage_messages")
        self._writing.delete(message)
        return 204, None


def _limit(text: str | None) -> int:
    """Return how many messages are asked for. Raises RefusedError."""
    if text is None:
        return MESSAGES
    if not text.isdecimal() or not 1 <= int(text) <= MOST_MESSAGES:
        told = {"code": "NUMBER_TYPE_MAX", "message": f"int value should be from 1 to {MOST_MESSAGES}."}
        raise RefusedError(400, 50035, "Invalid Form Body", {"limit": {"_errors": [told]}})
    return int(text)


def _page(held: list[Message], way: str, mark: int, limit: int) -> list[Message]:
    """Return the messages nearest to an id, on one side of it or on both, oldest first."""
    before = [one for one in held if int(one.id) < mark]
    after = [one for one in held if int(one.id) > mark]
    if way == "before":
        return before[-limit:]
    if way == "after":
        return after[:limit]
    here = [one for one in held if int(one.id) == mark]
    half = (limit - len(here)) // 2
    return before[-half:] * bool(half) + here + after[: limit - len(here) - half]
