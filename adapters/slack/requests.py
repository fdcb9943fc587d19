"""What Slack delivers, read: payloads become Requests. Nothing here calls anybody.

The payloads are those of docs.slack.dev/interactivity (slash commands, block_actions, view_submission) and of the
events app_mention, message.im and app_home_opened.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from adapters.slack.carrying import read
from bot.domain.people import Actor, Address, Platform
from bot.messages.exchange import Request

Payload = Mapping[str, Any]

_DIRECT = "D"  # begins the ids of direct messages
_ORGANISATION = "E"
_KEPT_SUBTYPES = (None, "file_share", "thread_broadcast")  # what people write; the others tell of edits, joins, ...
_SPECIAL = re.compile(r"<!(?:subteam\^|date\^)?([^>|]+)(?:\|([^>]*))?>")
_LINK = re.compile(r"<((?:https?://|mailto:|tel:)[^>|]+)(?:\|[^>]*)?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class Press(StrEnum):
    """What a button of ours is for; the part of its action_id before the colon."""

    CHOICE = "choice"
    SHARE = "share"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press of a button: the request that it stands for, and where its reply can go.

    `token` is that of a share, `page` the one to turn to. `response_url` is None on a Home tab, which is `view` then.
    `is_private`: only the person is shown the message they pressed in, until they reload; `is_direct`: it stands in
    their direct messages with the bot.
    """

    press: Press
    request: Request
    trigger_id: str
    page: int = 0
    token: str = ""
    response_url: str | None = None
    view: Payload | None = None
    is_private: bool = False
    is_direct: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A modal that was sent: the view with what was filled in, and who did it. The form inside says the rest."""

    view: Payload
    actor: Actor
    team: str


def slash(body: Payload, at: datetime) -> Request:
    """Return the request of a slash command."""
    team, user, channel = body["team_id"], body["user_id"], body["channel_id"]
    return Request(
        text=as_typed(body.get("text") or ""),
        actor=_actor(team, user, body.get("user_name")),
        address=_address(team, channel, user),
        received_at=at,
        once_key=body.get("trigger_id"),
        can_pop_up=bool(body.get("trigger_id")),
    )


def mention(body: Payload, at: datetime) -> Request | None:
    """Return the request of a mention, None where a bot wrote it or it is a mere edit of a message."""
    event = body["event"]
    if _is_ignored(body):
        return None
    team, thread = team_of(body), event.get("thread_ts")
    text = event.get("text") or ""
    return Request(
        text=as_typed(_without(_own_users(body) or _first_mention(text), text)),
        actor=_actor(_home(event, team), event["user"]),
        address=_address(team, event["channel"], event["user"], thread),
        received_at=at,
        once_key=body.get("event_id"),
        conversation=_address(team, event["channel"], event["user"], thread or event["ts"]),
    )


def direct_message(body: Payload, at: datetime) -> Request | None:
    """Return the request of a direct message, None where a bot wrote it, or it tells of an edit or the like."""
    event = body["event"]
    if event.get("channel_type") != "im" or _is_ignored(body):
        return None
    team = team_of(body)
    address = _address(team, event["channel"], event["user"], event.get("thread_ts"))
    return Request(
        text=as_typed(_without(_own_users(body), event.get("text") or "")),
        actor=_actor(_home(event, team), event["user"]),
        address=address,
        received_at=at,
        once_key=body.get("event_id"),
        conversation=address,
    )


def home_opened(body: Payload, at: datetime) -> Request | None:
    """Return the request of who opened the Home tab, None where it was another tab."""
    event = body["event"]
    if event.get("tab") != "home":
        return None
    team, user = team_of(body), event["user"]
    return Request("", _actor(team, user), Address(Platform.SLACK, team, user, user=user), at)


def pressed(body: Payload, at: datetime) -> Pressed | None:
    """Return what was pressed, None where it is no button of ours."""
    action = body["actions"][0]
    name = str(action.get("action_id") or "").partition(":")[0]
    value = _value(action)
    if name not in list(Press) or value is None:
        return None
    is_private = bool((body.get("container") or {}).get("is_ephemeral"))
    address = _pressed_at(body)
    request = Request(
        text=value["q"],
        actor=_presser(body),
        address=address,
        received_at=at,
        once_key=f"{body.get('trigger_id')}/{action['action_id']}",
        conversation=address if address.user else None,  # elsewhere nobody but them sees the reply
        can_pop_up=True,
    )
    return Pressed(
        press=Press(name),
        request=request,
        trigger_id=body.get("trigger_id") or "",
        page=_number(value.get("p")),
        token=str(value.get("t") or ""),
        response_url=body.get("response_url"),
        view=body.get("view"),
        is_private=is_private,
        is_direct=bool(address.user) and not is_private,
    )


def sent(body: Payload) -> Sent:
    """Return the modal that was sent."""
    return Sent(body["view"], _presser(body), team_of(body))


def team_of(body: Payload) -> str:
    """Return the workspace that a payload is for: the one with the app in it, whoever wrote from wherever."""
    view, team = body.get("view") or {}, body.get("team")
    authorized = (body.get("authorizations") or [{}])[0]
    found = (
        view.get("app_installed_team_id")
        or (team.get("id") if isinstance(team, Mapping) else team)
        or authorized.get("team_id")
        or body.get("team_id")
        or (body.get("user") or {}).get("team_id")
    )
    return str(found or "")


def as_typed(text: str) -> str:
    """Return text of Slack's as a person typed it: addresses bare, entities decoded; mentions are left to the core."""
    plain = _LINK.sub(lambda match: match[1].removeprefix("mailto:").removeprefix("tel:"), text)
    plain = _SPECIAL.sub(lambda match: match[2] or f"@{match[1]}", plain)
    for entity, character in _ENTITIES:
        plain = plain.replace(entity, character)
    return plain.strip()


def _is_ignored(body: Payload) -> bool:
    event = body["event"]
    return bool(
        event.get("bot_id")
        or not event.get("user")
        or event["user"] in _own_users(body)
        or event.get("subtype") not in _KEPT_SUBTYPES
        or event.get("edited")  # Slack tells of a mention once more when its message is edited
    )


def _own_users(body: Payload) -> list[str]:
    authorizations = body.get("authorizations") or ()
    return [each["user_id"] for each in authorizations if each.get("user_id") and each.get("is_bot", True)]


def _without(users: Iterable[str], text: str) -> str:
    """Return a message without mentions of these users."""
    for user in users:
        text = re.sub(rf"<@{re.escape(user)}(?:\|[^>]*)?>[:,]?", " ", text)
    return text


def _first_mention(text: str) -> list[str]:
    found = re.match(r"\s*<@([A-Z0-9]+)", text)
    return [found[1]] if found else []


def _home(person: Payload, team: str) -> str:
    """Return the workspace of who wrote or pressed: in a shared channel it may be another one than ours."""
    found = person.get("user_team") or person.get("team_id") or person.get("team")
    return found if isinstance(found, str) and not found.startswith(_ORGANISATION) else team


def _presser(body: Payload) -> Actor:
    user = body["user"]
    return _actor(_home(user, team_of(body)), user["id"], user.get("name") or user.get("username"))


def _pressed_at(body: Payload) -> Address:
    """Return where a button was pressed; in a modal, where that was opened from."""
    team, user = team_of(body), body["user"]["id"]
    carried = read(team, body.get("view") or {})
    if carried:
        return carried.address
    message, container = body.get("message") or {}, body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    thread = message.get("thread_ts") or container.get("thread_ts")
    begins_it = thread == (
        message.get("ts") or container.get("message_ts")
    )  # it stands in the channel, and was replied to
    return _address(team, channel or user, user, None if begins_it else thread)


def _actor(team: str, user: str, name: str | None = None) -> Actor:
    return Actor(Platform.SLACK, team, user, display_name=name or user)


def _address(team: str, channel: str, user: str, thread: str | None = None) -> Address:
    is_direct = channel == user or channel.startswith(_DIRECT)
    return Address(Platform.SLACK, team, channel, thread, user if is_direct else None)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _value(action: Payload) -> dict[str, Any] | None:
    """Return what a button carries, None where that is nothing of ours."""
    try:
        value = json.loads(action.get("value") or "")
    except ValueError:
        return None
    return value if isinstance(value, dict) and isinstance(value.get("q"), str) else None
