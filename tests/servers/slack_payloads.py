"""What Slack sends an app, in the shapes of its reference (docs.slack.dev/reference: interaction-payloads, events)."""

import secrets
from collections.abc import Mapping
from typing import Any

from servers.slack_replies import ReplyAddresses
from servers.slack_views import ViewMethods
from servers.slack_web import WebMethods
from servers.slack_world import Channel, Ephemeral, Json, Message, Team, User, View, World

VERIFICATION_TOKEN = "a-verification-token"  # noqa: S105 (deprecated by Slack, still sent, worth nothing)


class Payloads:
    """Builds them from the world; each slash command and press gets a trigger id and a response URL of its own."""

    def __init__(self, world: World, web: WebMethods, views: ViewMethods, replies: ReplyAddresses, app_id: str) -> None:
        self._world, self._web, self._views, self._replies, self._app_id = world, web, views, replies, app_id

    def slash(self, user: User, channel: Channel, command: str, text: str) -> dict[str, str]:
        team = self._world.teams[user.team]
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": channel.shown_name,
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": self._app_id,
            "is_enterprise_install": "false",
            "response_url": self._replies.new("commands", user.id, channel.id),
            "trigger_id": self._views.new_trigger(user.id),
        }

    def pressed(self, user: User, place: Message | Ephemeral | View, action: Json) -> Json:
        """Return a block_actions payload. `action` is the element with its block_id and what was chosen."""
        in_view = isinstance(place, View)
        payload = {"type": "block_actions", **self._common(user, from_modal=in_view)}
        acted = action | {"action_ts": self._world.new_ts()}
        if isinstance(place, View):
            view = self._views.as_json(place, initial_values(place))
            container = {"type": "view", "view_id": place.id}
            return payload | {"container": container, "view": view, "actions": [acted]}
        return payload | self._in_message(user, place) | {"state": {"values": {}}, "actions": [acted]}

    def _in_message(self, user: User, place: Message | Ephemeral) -> Json:
        """A message is shown whole; of an ephemeral one only where it stands."""
        channel = self._world.channels[place.channel]
        hidden = isinstance(place, Ephemeral)
        container = {
            "type": "message",
            "message_ts": place.ts,
            "channel_id": channel.id,
            "is_ephemeral": hidden,
        } | ({"thread_ts": place.thread_ts} if place.thread_ts else {})
        shown = {"message": self._web.as_json(place)} if isinstance(place, Message) else {}
        return shown | {
            "container": container,
            "channel": {"id": channel.id, "name": channel.shown_name},
            "response_url": self._replies.new("actions", user.id, channel.id, place),
        }

    def submitted(self, view: View, values: Mapping[str, Any]) -> Json:
        user = self._world.users[view.user]
        return {
            "type": "view_submission",
            **self._common(user, from_modal=True),
            "view": self._views.as_json(view, values),
            "response_urls": [],
        }

    def closed(self, view: View) -> Json:
        common = self._common(self._world.users[view.user], from_modal=True)
        del common["trigger_id"]
        return {"type": "view_closed", **common, "view": self._views.as_json(view), "is_cleared": False}

    def _common(self, user: User, *, from_modal: bool) -> Json:
        team = self._world.teams[user.team]
        return {
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
            "api_app_id": self._app_id,
            "token": VERIFICATION_TOKEN,
            "trigger_id": self._views.new_trigger(user.id, from_modal=from_modal),
            "team": {"id": team.id, "domain": team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def event(self, team: Team, event: Json) -> Json:
        """Return the callback that carries an event to the app."""
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": team.id,
            "context_team_id": team.id,
            "context_enterprise_id": None,
            "api_app_id": self._app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self._world.new_id("Ev"),
            "event_time": int(self._world.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team.id,
                    "user_id": team.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_urlsafe(24)}",
        }

    def said(self, message: Message, *, kind: str) -> Json:
        """Return the event of something said: `kind` is app_mention or message (in a DM)."""
        channel = self._world.channels[message.channel]
        event = self._web.as_json(message) | {"type": kind, "channel": channel.id, "event_ts": message.ts}
        if kind == "message":
            event["channel_type"] = channel.kind
        if message.by_bot:
            return event
        parent = channel.message(message.thread_ts)
        replying = {"parent_user_id": parent.user} if parent and parent is not message else {}
        return event | replying | {"client_msg_id": secrets.token_hex(16), "blocks": [_rich_text(message.text)]}

    def changed(self, message: Message) -> Json:
        """Return the event of a message that was edited."""
        ts = self._world.new_ts()
        now = self._web.as_json(message)
        before = now | {"text": message.was[-1]}
        return {
            "type": "message",
            "subtype": "message_changed",
            "message": now,
            "previous_message": before,
            "channel": message.channel,
            "hidden": True,
            "ts": ts,
            "event_ts": ts,
            "channel_type": self._world.channels[message.channel].kind,
        }

    def home_opened(self, user: User) -> Json:
        held = self._world.homes.get(user.id)
        return {
            "type": "app_home_opened",
            "user": user.id,
            "channel": self._world.dm_of(user.id).id,
            "tab": "home",
            "event_ts": self._world.new_ts(),
        } | ({"view": self._views.as_json(held)} if held else {})


def initial_values(view: View) -> Json:
    """Return the state of a view nobody has touched."""
    return {
        block["block_id"]: {block["element"]["action_id"]: untouched(block["element"])}
        for block in view.blocks
        if block.get("type") == "input"
    }


def untouched(element: Json) -> Json:
    """Return the state of one input with nothing but its initial value."""
    kind = element["type"]
    match kind:
        case "plain_text_input":
            return {"type": kind, "value": element.get("initial_value")}
        case "checkboxes":
            return {"type": kind, "selected_options": element.get("initial_options", [])}
        case _:
            return {"type": kind, "selected_option": element.get("initial_option")}


def _rich_text(text: str) -> Json:
    said = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "block_id": secrets.token_urlsafe(4), "elements": [said]}
