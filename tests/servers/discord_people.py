"""People at their screens: each act goes to the app over the gateway, and returns what they then see."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from servers.discord_forms import Value, fill, option_of
from servers.discord_interactions import (
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    MODAL,
    SUBMIT,
    Interactions,
)
from servers.discord_parts import BUTTON, STRING_SELECT
from servers.discord_payloads import REPLY, Payloads
from servers.discord_permissions import has
from servers.discord_seen import Seen, buttons, find, is_link
from servers.discord_sessions import Sessions
from servers.discord_typed import Typing
from servers.discord_world import DIRECT, THREAD, Channel, Interaction, Json, Message, Modal, User, World

WAIT = 5.0  # seconds until a person gives up looking
SETTLE = 0.1  # seconds without anything new after which they have seen it all
_MENTION: Final = re.compile(r"<@!?(\d+)>")
Files = Sequence[tuple[str, bytes]]


class People:
    """`wait` in each act is how many seconds the person looks for something new; 0 where they do not."""

    def __init__(
        self, world: World, payloads: Payloads, sessions: Sessions, interactions: Interactions, typing: Typing
    ) -> None:
        self._world, self._payloads, self._sessions = world, payloads, sessions
        self._interactions, self._typing = interactions, typing

    async def slash(
        self,
        user: User,
        channel: Channel,
        command: str,
        /,
        *,
        wait: float = WAIT,
        force: bool = False,
        **options: Any,  # noqa: ANN401 (what the command takes)
    ) -> Seen:
        """Send a slash command. `force` sends one that Discord does not offer to that person, as a forger would."""
        self._can_see(user, channel)
        typed = self._typing.typed(channel, command, options)
        if not force and not self._typing.offered(user, channel, typed.command):
            return Seen(user.id, trouble="not_offered")
        begun = self._begin(COMMAND, user, channel, typed.data, name=typed.name)
        return await self._done(user, begun, wait)

    async def autocomplete(
        self,
        user: User,
        channel: Channel,
        command: str,
        /,
        *,
        focused: str | None = None,
        **options: Any,  # noqa: ANN401 (what the command takes)
    ) -> Seen:
        """Type in an option without sending; the last one, or `focused`. What is suggested is in `choices`."""
        self._can_see(user, channel)
        typed = self._typing.typed(channel, command, options, focused=focused or list(options)[-1])
        if not self._typing.offered(user, channel, typed.command):
            return Seen(user.id, trouble="not_offered")
        begun = self._begin(AUTOCOMPLETE, user, channel, typed.data, name=typed.name)
        return await self._done(user, begun, 0)

    async def press(
        self, user: User, place: Message | Seen, what: str, option: str | None = None, *, wait: float = WAIT
    ) -> Seen:
        """Press what has that label or custom_id; `option` is what they choose in a menu.

        Raises AssertionError where they cannot see or find it.
        """
        message, element = _spot(place, what)
        channel = self._world.channels[message.channel]
        assert message.only_for in (None, user.id), f"{user.name} cannot see it"
        self._can_see(user, channel)
        assert not message.gone, "it was deleted"
        assert not is_link(element), f"it opens {element['url']} and sends nothing"
        data: Json = {name: element[name] for name in ("custom_id", "id") if name in element}
        data["component_type"] = element["type"]
        if element["type"] != BUTTON:
            assert element["type"] == STRING_SELECT, "only menus of texts are played here"
            data["values"] = [option_of(element, option or "")]
        begun = self._begin(COMPONENT, user, channel, data, message=message)
        return await self._done(user, begun, wait)

    async def submit(
        self,
        user: User,
        place: Modal | Seen | None = None,
        values: Mapping[str, Value] | None = None,
        *,
        wait: float = WAIT,
    ) -> Seen:
        """Fill in the modal that is open and send it; see `fill` for the values.

        What Discord checks itself never reaches the app: the complaints are then on the fields.
        """
        modal = place.modal if isinstance(place, Seen) else place
        shown = self._world.modals.get(user.id)
        modal = modal or shown
        assert modal is not None, "no modal is open"
        assert modal is shown, "that modal is not open"
        filled = fill(self._world, self._payloads, modal, values or {})
        modal.errors = filled.errors
        if filled.errors:
            return Seen(user.id, modal=modal)
        channel = self._world.channels[modal.channel]
        begun = self._begin(SUBMIT, user, channel, filled.data, message=modal.origin)
        return await self._done(user, begun, wait)

    def dismiss(self, user: User) -> None:
        """Close the modal without sending it. The app does not hear of it."""
        assert self._world.modals.pop(user.id, None) is not None, "no modal is open"

    async def mention(
        self,
        user: User,
        channel: Channel,
        text: str,
        reply_to: Message | None = None,
        *,
        files: Files = (),
        wait: float = WAIT,
    ) -> Seen:
        """Write in a channel with the bot's name before the text."""
        text = f"{self._world.bot.mention} {text}"
        return await self.say(user, channel, text, reply_to, files=files, wait=wait)

    async def dm(
        self, user: User, text: str, reply_to: Message | None = None, *, files: Files = (), wait: float = WAIT
    ) -> Seen:
        """Write to the bot directly."""
        return await self.say(user, self._world.dm_of(user.id), text, reply_to, files=files, wait=wait)

    async def say(
        self,
        user: User,
        channel: Channel,
        text: str,
        reply_to: Message | None = None,
        *,
        ping: bool = True,
        files: Files = (),
        wait: float = WAIT,
    ) -> Seen:
        """Write in a channel. A reply rings whom it answers unless `ping` is False; the app reads along only in DMs and
        where its bot is mentioned or so rung.
        """
        self._can_see(user, channel)
        needed = "send_messages_in_threads" if channel.type == THREAD else "send_messages"
        may = self._world.permissions(user.id, channel)
        assert channel.type == DIRECT or has(may, needed), f"{user.name} may not write in {channel.name}"
        mark = self._world.mark()
        rung = reply_to.author if reply_to and ping else None
        message = self._write(user, channel, text, files, rung)
        message.reply_to, message.type = reply_to, REPLY if reply_to else 0
        if not self._world.sees(self._world.bot.id, channel):
            return Seen(user.id, trouble="not_heard")
        if not self._sessions.of(self._world.guild_of(channel)):
            return Seen(user.id, trouble="not_connected")
        self._sessions.emit("MESSAGE_CREATE", self._payloads.event(message), channel)
        return await self._look(user, mark, wait)

    def _write(self, user: User, channel: Channel, text: str, files: Files, rung: str | None) -> Message:
        world = self._world
        named = dict.fromkeys([*_MENTION.findall(text), *([rung] if rung else [])])
        held = [world.add_file(name, content) for name, content in files]
        message = Message(world.new_id(), channel.id, user.id, text, files=held)
        message.mentions = [one for one in named if one in world.users]
        channel.messages.append(message)
        channel.archived = False
        return message

    def _begin(self, kind: int, user: User, channel: Channel, data: Json, **more: Any) -> Interaction:  # noqa: ANN401
        return self._interactions.begin(kind, user.id, channel.id, data, **more)

    async def _done(self, user: User, begun: Interaction, wait: float) -> Seen:
        """Tell the app of an interaction, and wait for its acknowledgement and for what it then shows."""
        world, mark = self._world, self._world.mark()
        modal = world.modals.get(user.id)
        channel = world.channels[begun.channel]
        if not self._sessions.of(world.guild_of(channel)):
            return Seen(user.id, modal=modal, interaction=begun, trouble="not_connected")
        self._sessions.emit("INTERACTION_CREATE", self._payloads.interaction(begun), channel)
        if not await world.until(lambda: begun.answered is not None, self._interactions.patience):
            self._interactions.expire(begun)
            found = self.look_since(user, mark)
            found.interaction, found.trouble = begun, "did_not_respond"
            return found
        if begun.type == SUBMIT and world.modals.get(user.id) is modal:
            world.modals.pop(user.id, None)
        seen = await self._look(user, mark, 0 if begun.answered in (CHOICES, MODAL) else wait)
        seen.interaction = begun
        return seen

    async def look(self, user: User, until: Callable[[Seen], bool], *, since: int = 0, wait: float = WAIT) -> Seen:
        """Wait until a person sees what is asked for, among all that came after that mark. Raises AssertionError."""
        found = await self._world.until(lambda: until(self.look_since(user, since)), wait)
        seen = self.look_since(user, since)
        assert found, f"{user.name} still sees: {seen.words or 'nothing'}"
        return seen

    def look_since(self, user: User, mark: int) -> Seen:
        """Return what is new to a person since that mark."""
        world = self._world
        mine = [one for one in world.whispers if one.only_for == user.id and one.changed > mark and not one.gone]
        modal = world.modals.get(user.id)
        places = [channel for channel in world.channels.values() if world.sees(user.id, channel)]
        held = [*mine, *(one for channel in places for one in channel.messages)]
        thinking = any(one.loading and one.changed > mark and not one.gone for one in held)
        shown = [one for one in mine if not one.loading]
        opened = modal is not None and modal.changed > mark
        return Seen(user.id, shown, list(world.seen_by(user.id, mark)), modal, opened, thinking)

    async def _look(self, user: User, mark: int, wait: float) -> Seen:
        if wait and await self._world.until(lambda: bool(self.look_since(user, mark).new), wait):
            await self._settle(wait)
        return self.look_since(user, mark)

    async def _settle(self, wait: float) -> None:
        deadline = self._world.age_clock() + wait
        while self._world.age_clock() < deadline:
            mark = self._world.mark()
            if not await self._world.until(lambda mark=mark: self._world.mark() != mark, SETTLE):  # type: ignore[misc]
                return

    def _can_see(self, user: User, channel: Channel) -> None:
        assert channel.id in self._world.channels, f"{channel.name} was deleted"
        assert self._world.sees(user.id, channel), f"{user.name} does not see {channel.name}"


def _spot(place: Message | Seen, what: str) -> tuple[Message, Json]:
    """Return where the thing to press is, newest first, and the thing."""
    spots = [one for one in reversed(place.new) if isinstance(one, Message)] if isinstance(place, Seen) else [place]
    for spot in spots:
        element = find(spot, what)
        if element is not None:
            return spot, element
    raise AssertionError(f"nothing called {what!r}; there are {[label for spot in spots for label in buttons(spot)]}")
