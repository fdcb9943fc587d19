"""People at their screens: each act goes to the app the way the test chose, and returns what they then see."""

from collections.abc import Callable, Mapping

from servers.slack_calls import RefusedError, is_private, real_faults, refuse_message
from servers.slack_courier import COMMAND, EVENT, INTERACTIVE, Courier, Delivery
from servers.slack_forms import complaints, filled, option_of
from servers.slack_payloads import Payloads
from servers.slack_replies import ReplyAddresses
from servers.slack_seen import Place, Seen, buttons, find
from servers.slack_views import ViewMethods
from servers.slack_world import Channel, Ephemeral, Json, Message, User, View, World

WAIT = 5.0  # seconds until a person gives up looking
_SENT = ("action_id", "block_id", "type", "text", "value")
SETTLE = 0.1  # seconds without anything new after which they have seen it all


class People:
    """`wait` in each act is how many seconds the person looks for something new; 0 where they do not."""

    def __init__(
        self, world: World, courier: Courier, payloads: Payloads, views: ViewMethods, replies: ReplyAddresses
    ) -> None:
        self._world, self._courier, self._payloads = world, courier, payloads
        self._views, self._replies = views, replies

    async def slash(
        self, user: User, channel: Channel, text: str, *, command: str = "/tipfacts", wait: float = WAIT
    ) -> Seen:
        """Type a slash command. What the acknowledgement says is shown at once."""
        _is_inside(user, channel)
        mark = self._world.mark()
        delivery = await self._courier.send(COMMAND, self._payloads.slash(user, channel, command, text))
        trouble = _told(delivery)
        if delivery.ack and not trouble:
            trouble = self._show_ack(user, channel, delivery.ack)
            wait = 0
        return await self._look(user, mark, delivery, 0 if trouble else wait, trouble)

    def _show_ack(self, user: User, channel: Channel, ack: Json) -> str | None:
        try:
            refuse_message(self._world, ack, "slash acknowledgement", private=is_private(ack))
        except RefusedError as refusal:
            return refusal.error
        self._replies.show(user.id, channel.id, ack)
        return None

    async def press(
        self, place: Place | Seen, what: str, *, user: User | None = None, option: str | None = None, wait: float = WAIT
    ) -> Seen:
        """Press what has that action_id or label; `option` is what they choose in a menu.

        `user` must be given for a message in a channel. Raises AssertionError where they cannot see or find it.
        """
        spot, element = _spot(place, what)
        presser = self._presser(place, spot, user)
        action: Json = {name: element[name] for name in _SENT if name in element}
        if option is not None:
            action["selected_option"] = option_of(element, option)
        mark = self._world.mark()
        delivery = await self._courier.send(INTERACTIVE, self._payloads.pressed(presser, spot, action))
        if delivery.ack:
            self._world.violation(f"block_actions: an acknowledgement that nobody sees: {delivery.ack}")
        trouble = _told(delivery)
        return await self._look(presser, mark, delivery, 0 if trouble else wait, trouble)

    def _presser(self, place: Place | Seen, spot: Place, user: User | None) -> User:
        held_by = spot.user if isinstance(spot, Ephemeral | View) else None
        name = user.id if user else held_by or (place.user if isinstance(place, Seen) else None)
        assert name, "say which user presses"
        assert held_by in (None, name), f"{name} cannot see it, only {held_by}"
        if isinstance(spot, Message):
            assert name in self._world.channels[spot.channel].members, f"{name} is not in {spot.channel}"
        assert not (isinstance(spot, Ephemeral) and spot.gone), "the app has deleted it"
        return self._world.users[name]

    async def mention(
        self,
        user: User,
        channel: Channel,
        text: str,
        *,
        thread_ts: str | None = None,
        retry: bool = False,
        wait: float = WAIT,
    ) -> Seen:
        """Write in a channel with the bot's name before the text. `retry` delivers the event twice.

        Where the bot is no member, it hears nothing and Slack says so to the person.
        """
        _is_inside(user, channel)
        team = self._world.teams[user.team]
        message = self._write(user, channel, f"<@{team.bot.id}> {text}", thread_ts)
        if team.bot.id not in channel.members:
            return Seen(user.id, trouble="not_in_channel")
        return await self.tell(user, self._payloads.said(message, kind="app_mention"), retry=retry, wait=wait)

    async def dm(
        self, user: User, text: str, *, thread_ts: str | None = None, retry: bool = False, wait: float = WAIT
    ) -> Seen:
        """Write to the bot directly."""
        message = self._write(user, self._world.dm_of(user.id), text, thread_ts)
        return await self.tell(user, self._payloads.said(message, kind="message"), retry=retry, wait=wait)

    async def open_home(self, user: User, *, wait: float = WAIT) -> Seen:
        """Open the app's Home tab."""
        return await self.tell(user, self._payloads.home_opened(user), retry=False, wait=wait)

    def _write(self, user: User, channel: Channel, text: str, thread_ts: str | None) -> Message:
        escaped = text.replace("&", "&amp;")
        bot = self._world.teams[user.team].bot.id
        escaped = escaped.replace("<", "&lt;").replace(">", "&gt;").replace(f"&lt;@{bot}&gt;", f"<@{bot}>")
        bot_id = f"B{user.id[1:]}" if user.is_bot else None
        message = Message(self._world.new_ts(), channel.id, user.id, escaped, thread_ts=thread_ts, bot_id=bot_id)
        channel.messages.append(message)
        return message

    async def tell(self, user: User, event: Json, *, retry: bool = False, wait: float = WAIT) -> Seen:
        """Deliver an event that a person caused, twice where `retry`."""
        mark = self._world.mark()
        payload = self._payloads.event(self._world.teams[user.team], event)
        delivery = await self._courier.send(EVENT, payload)
        if retry:
            await self._courier.send(EVENT, payload, (1, "timeout"))
        return await self._look(user, mark, delivery, wait, None)

    async def submit(
        self,
        place: View | Seen,
        values: Mapping[str, str] | None = None,
        option: str | None = None,
        *,
        wait: float = 0,
    ) -> Seen:
        """Fill in the modal in front and press its button; see `filled` for the values.

        What Slack checks itself never reaches the app: the complaints are then on the fields, and there is no delivery.
        """
        view = place if isinstance(place, View) else place.view
        assert view is not None, "no modal is open"
        assert view is self._world.top_view(view.user), "that modal is not in front"
        state = filled(view, values or {}, option)
        mark = self._world.mark()
        view.errors = complaints(view, state)
        if view.errors:
            return self.look_since(self._world.users[view.user], mark)
        delivery = await self._courier.send(INTERACTIVE, self._payloads.submitted(view, state))
        trouble = _told(delivery) or self._respond(view, delivery.ack)
        return await self._look(self._world.users[view.user], mark, delivery, 0 if trouble else wait, trouble)

    def _respond(self, view: View, answer: Json) -> str | None:
        """Do with a modal what the acknowledgement of its submission says. Returns what Slack tells the person."""
        if not answer:
            self._views.close(view)
            return None
        found = real_faults(self._world, answer, "view_submission acknowledgement", private=True)
        if "response_action" not in answer:
            found.append("no response_action")
            self._world.violation("view_submission acknowledgement: no response_action")
        if found:
            return "invalid_response"
        match answer["response_action"]:
            case "errors":
                return self._show_errors(view, answer["errors"])
            case "update":
                self._views.replace(view, answer["view"])
            case "push":
                self._views.push(answer["view"], view.user)
            case _:
                self._views.close(view, everything=True)
        return None

    def _show_errors(self, view: View, errors: dict[str, str]) -> str | None:
        inputs = {block["block_id"] for block in view.blocks if block.get("type") == "input"}
        if errors.keys() - inputs:
            self._world.violation(f"view_submission acknowledgement: no input {sorted(errors.keys() - inputs)}")
            return "invalid_response"
        view.errors = errors
        view.changed = self._world.change()
        return None

    async def close_view(self, user: User) -> Seen:
        """Close the modal in front. The app hears of it only where its view says `notify_on_close`."""
        view = self._world.top_view(user.id)
        assert view is not None, "no modal is open"
        mark = self._world.mark()
        self._views.close(view)
        if view.shown.get("notify_on_close"):
            await self._courier.send(INTERACTIVE, self._payloads.closed(view))
        return self.look_since(user, mark)

    async def look(self, user: User, until: Callable[[Seen], bool], *, since: int = 0, wait: float = WAIT) -> Seen:
        """Wait until a person sees what is asked for, among all that came after that mark. Raises AssertionError."""
        found = await self._world.until(lambda: until(self.look_since(user, since)), wait)
        seen = self.look_since(user, since)
        assert found, f"{user.name} still sees: {seen.words or 'nothing'}"
        return seen

    def look_since(self, user: User, mark: int) -> Seen:
        """Return what is new to a person since that mark."""
        said = [one for one in self._world.ephemerals if one.user == user.id and one.changed > mark and not one.gone]
        view, home = self._world.top_view(user.id), self._world.homes.get(user.id)
        new_views = [one for one in (view, home) if one and one.changed > mark]
        return Seen(user.id, said, list(self._world.seen_by(user.id, mark)), view, home, new_views)

    async def _look(self, user: User, mark: int, delivery: Delivery, wait: float, trouble: str | None) -> Seen:
        if wait and await self._world.until(lambda: bool(self.look_since(user, mark).new), wait):
            await self._settle(wait)
        seen = self.look_since(user, mark)
        seen.delivery, seen.trouble = delivery, trouble
        return seen

    async def _settle(self, wait: float) -> None:
        deadline = self._world.age_clock() + wait
        while self._world.age_clock() < deadline:
            mark = self._world.mark()
            if not await self._world.until(lambda mark=mark: self._world.mark() != mark, SETTLE):  # type: ignore[misc]
                return


def _is_inside(user: User, channel: Channel) -> None:
    assert user.id in channel.members, f"{user.name} is not in {channel.name}"
    assert not channel.archived, f"{channel.name} is archived"


def _told(delivery: Delivery) -> str | None:
    """Return what Slack tells a person whose act was not acknowledged in time."""
    if delivery.trouble is None:
        return None
    return "operation_timeout" if delivery.trouble == "timeout" else "dispatch_failed"


def _spot(place: Place | Seen, what: str) -> tuple[Place, Json]:
    """Return where the thing to press is, newest first, and the thing."""
    spots: list[Place] = list(reversed(place.new)) if isinstance(place, Seen) else [place]
    for spot in spots:
        element = find(spot, what)
        if element is not None:
            return spot, element
    raise AssertionError(f"nothing called {what!r}; there are {[label for spot in spots for label in buttons(spot)]}")
