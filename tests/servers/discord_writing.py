"""Messages as they are made and changed, whichever route asks for it: what is refused, who is rung, who hears of it."""

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from servers.discord_calls import RefusedError, Upload
from servers.discord_limits import COMPONENTS_V2, EMPTY, faults, manners
from servers.discord_parts import components_in
from servers.discord_payloads import Payloads
from servers.discord_world import DIRECT, EPHEMERAL, Channel, Json, Message, World

Emit = Callable[[str, Json, Channel], None]  # an event for the app, that has to do with a channel
_PLACE = re.compile(r"[\w.\[\]@-]+")
_USER, _ROLE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>")
_ALL: Final = ("users", "roles", "everyone")
KEPT_FLAGS: Final = ~EPHEMERAL


@dataclass(frozen=True)
class Body:
    """What a message is made of: the JSON, the files beside it, and which limits and names apply to it. It is `private`
    where one person alone reads it, whatever its flags.
    """

    json: Json
    files: Sequence[Upload]
    kind: str
    what: str
    prefix: str = ""
    private: bool = False


class Writing:
    """`emit` is called with what the app is told over the gateway."""

    def __init__(self, world: World, payloads: Payloads, emit: Emit) -> None:
        self._world, self._payloads, self.emit = world, payloads, emit

    def check(self, body: Body) -> None:
        """Record what is wrong with a body. Raises RefusedError where Discord would not take it."""
        shown = body.json if not body.files else {"attachments": [{}], **body.json}
        found = checked(self._world, shown, body.kind, body.what)
        if found == [EMPTY]:
            raise RefusedError(400, 50006, "Cannot send an empty message")
        if found:
            raise RefusedError(400, 50035, "Invalid Form Body", errors_of(found, body.prefix))
        private = body.private or bool((body.json.get("flags") or 0) & EPHEMERAL)
        for manner in manners(body.json, body.kind, private=private):
            self._world.violation(f"{body.what}: {manner}")

    def write(self, channel: Channel, body: Body, **more: Any) -> Message:  # noqa: ANN401 (fields of Message)
        """Put a new message of the app into a channel, or before the one person it is for."""
        world, json = self._world, body.json
        message = Message(
            world.new_id(),
            channel.id,
            world.bot.id,
            json.get("content") or "",
            deepcopy(json.get("embeds") or []),
            numbered(json.get("components") or []),
            [world.add_file(file.name, file.content) for file in body.files],
            (json.get("flags") or 0) & KEPT_FLAGS,
            sent=json,
            **more,
        )
        message.pinged = pinged(message, json, _ALL if body.kind == "message" else ("users",))
        message.mentions = [one for one in message.pinged if one in world.users]
        world.show(message)
        if not message.only_for:
            self.emit("MESSAGE_CREATE", self._payloads.event(message), channel)
        return message

    def edit(self, message: Message, body: Body) -> Message:
        """Change a message of the app: what the body does not name stays. Raises RefusedError."""
        json = body.json
        after = _after(message, body)
        if not any(after):
            raise RefusedError(400, 50006, "Cannot send an empty message")
        if not message.loading:
            message.was.append(message.content)
            message.edited = self._world.now()
        message.content, message.embeds, message.components = after[0], after[1], after[2]
        kept = {str(one.get("id")) for one in json.get("attachments") or ()}
        if "attachments" in json:
            message.files = [file for file in message.files if file.id in kept]
        message.files += [self._world.add_file(file.name, file.content) for file in body.files]
        message.flags |= (json.get("flags") or 0) & COMPONENTS_V2
        message.loading = False
        message.sent = {**message.sent, **json}
        self._world.show(message)
        if not message.only_for:
            self.emit("MESSAGE_UPDATE", self._payloads.event(message), self._world.channels[message.channel])
        return message

    def is_private(self, message: Message) -> bool:
        """Whether one person alone reads a message."""
        return message.only_for is not None or self._world.channels[message.channel].type == DIRECT

    def delete(self, message: Message) -> None:
        message.gone = True
        message.changed = self._world.change()
        channel = self._world.channels[message.channel]
        if not message.only_for:
            data = {"id": message.id, "channel_id": channel.id}
            self.emit("MESSAGE_DELETE", data | ({"guild_id": channel.guild} if channel.guild else {}), channel)


def _after(message: Message, body: Body) -> tuple[str, list[Json], list[Json], bool]:
    """Return the content, embeds and components that a message has after an edit, and whether it has files."""
    json = body.json
    content = json.get("content", message.content) or ""
    embeds = deepcopy(json["embeds"] or []) if "embeds" in json else message.embeds
    components = numbered(json["components"] or []) if "components" in json else message.components
    files = json.get("attachments", message.files)
    shown = components if (message.flags | (json.get("flags") or 0)) & COMPONENTS_V2 else []
    if not (content.strip() or embeds or files or body.files or shown):
        return "", [], [], False
    return content, embeds, components, True


def checked(world: World, payload: object, kind: str, what: str) -> list[str]:
    """Return what Discord would refuse, having recorded it."""
    found = faults(payload, kind)
    for fault in found:
        world.violation(f"{what}: {fault}")
    return found


def errors_of(found: Sequence[str], prefix: str = "") -> Json:
    """Return faults the way Discord nests them: by the parts of the place where each stands."""
    errors: Json = {}
    for fault in found:
        place, _, told = fault.partition(": ")
        path = f"{prefix}{place}" if _PLACE.fullmatch(place) else f"{prefix}payload"
        at = errors
        for part in re.findall(r"[^.\[\]]+", path):
            at = at.setdefault(part, {})
        at.setdefault("_errors", []).append({"code": "BASE_TYPE_INVALID", "message": told})
    return errors


def numbered(components: list[Json]) -> list[Json]:
    """Return components with an id each, as Discord gives them."""
    found = deepcopy(components)
    taken = {one["id"] for one in components_in(found) if one.get("id")}
    number = 0
    for one in components_in(found):
        if not one.get("id"):
            number = next(free for free in range(number + 1, number + 1_000) if free not in taken)
            one["id"] = number
    return found


def pinged(message: Message, json: Json, by_default: Sequence[str]) -> list[str]:
    """Return whom a message rings: ids of users and roles, and "everyone" (docs: message#allowed-mentions-object)."""
    allowed = json.get("allowed_mentions")
    parse = by_default if allowed is None else allowed.get("parse") or ()
    named = allowed or {}
    found = []
    for kind, expression in (("users", _USER), ("roles", _ROLE)):
        ids = dict.fromkeys(expression.findall(message.content))
        found += [one for one in ids if kind in parse or one in (named.get(kind) or ())]
    if "everyone" in parse and re.search(r"@(everyone|here)", message.content):
        found.append("everyone")
    if message.reply_to and (allowed is None or allowed.get("replied_user")):
        found.append(message.reply_to.author)
    return found
