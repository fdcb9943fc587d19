"""The Web API methods on channels, messages and people. Those on views are in slack_views.py."""

import json
import secrets
from collections.abc import Callable, Mapping
from itertools import count

from servers.slack_calls import Caller, Method, RefusedError, is_true, refuse_message
from servers.slack_world import Channel, Ephemeral, Json, Message, Team, User, World

_HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}
_READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
_METADATA_BYTES = 16_384
_HISTORY_MOST = 999
_HISTORY_DEFAULT = 100


class WebMethods:
    """Each method takes the caller and the arguments and returns what the answer holds beside `ok`.

    `posted` is called with every message the app posts or changes, `link` returns the address of a new websocket.
    """

    def __init__(self, world: World, app_id: str, link: Callable[[], str]) -> None:
        self._world, self._app_id, self._link = world, app_id, link
        self._numbers = count(1)
        self.posted: Callable[[Message], None] = lambda _message: None
        self.seconds_between_posts = 0.0
        self._last_post: dict[str, float] = {}

    def methods(self) -> Mapping[str, Method]:
        return {
            "auth.test": self._auth_test,
            "apps.connections.open": self._connections_open,
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": self._info,
            "conversations.open": self._open,
            "users.info": self._user_info,
        }

    def _auth_test(self, caller: Caller, _args: Json) -> Json:
        team = caller.team
        if team is None:
            return {"app_id": self._app_id, "app_name": "tipfacts"}
        return {
            "url": f"https://{team.domain}.slack.com/",
            "team": team.name,
            "user": team.bot.name,
            "team_id": team.id,
            "user_id": team.bot.id,
            "bot_id": team.bot_id,
            "is_enterprise_install": False,
        }

    def _connections_open(self, caller: Caller, _args: Json) -> Json:
        if caller.team is not None:
            raise RefusedError("not_allowed_token_type")
        caller.needs("connections:write")
        return {"url": self._link()}

    def _post_message(self, caller: Caller, args: Json) -> Json:
        team = caller.bot
        caller.needs("chat:write")
        channel = self._to_post_in(caller, args)
        refuse_message(self._world, args, "chat.postMessage", private=channel.kind == "im")
        metadata = checked_metadata(args.get("metadata"))
        self._keep_pace(channel)
        thread = self._thread(channel, args)
        message = Message(
            self._world.new_ts(),
            channel.id,
            team.bot.id,
            args.get("text") or "",
            with_block_ids(args.get("blocks") or []),
            thread,
            metadata,
            team.bot_id,
            args,
        )
        self.posted(self._world.show(message))
        return {"channel": channel.id, "ts": message.ts, "message": self.as_json(message, metadata=True)}

    def _keep_pace(self, channel: Channel) -> None:
        now, last = self._world.age_clock(), self._last_post.get(channel.id)
        if last is not None and now - last < self.seconds_between_posts:
            self._world.violation(f"chat.postMessage: {now - last:.2f} s after the last in {channel.id}")
        self._last_post[channel.id] = now

    def _post_ephemeral(self, caller: Caller, args: Json) -> Json:
        caller.needs("chat:write")
        channel = self._to_post_in(caller, args)
        refuse_message(self._world, args, "chat.postEphemeral", private=True)
        if args.get("user") not in channel.members:
            raise RefusedError("user_not_in_channel")
        blocks = with_block_ids(args.get("blocks") or [])
        thread = self._thread(channel, args)
        said = Ephemeral(self._world.new_ts(), channel.id, args["user"], args.get("text") or "", blocks, thread)
        return {"message_ts": self._world.whisper(said).ts}

    def _update(self, caller: Caller, args: Json) -> Json:
        caller.needs("chat:write")
        channel = self._found_by_id(caller.bot, args)
        message = channel.message(args.get("ts"))
        if message is None:
            raise RefusedError("message_not_found")
        if message.user != caller.bot.bot.id:
            raise RefusedError("cant_update_message")
        kept = {"blocks": message.blocks} if "blocks" not in args else {}
        refuse_message(self._world, args | kept, "chat.update")
        message.was.append(message.text)
        message.text = args.get("text") or message.text
        message.blocks = with_block_ids(args["blocks"]) if "blocks" in args else message.blocks
        message.metadata = checked_metadata(args.get("metadata")) or message.metadata
        self.posted(self._world.show(message))
        shown = self.as_json(message, metadata=True)
        return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}

    def _replies(self, caller: Caller, args: Json) -> Json:
        root = args.get("ts")
        if self._found_by_id(caller.bot, args).message(root) is None:
            raise RefusedError("thread_not_found")
        return self._past(caller, args, lambda message: root in (message.ts, message.thread_ts))

    def _history(self, caller: Caller, args: Json) -> Json:
        return self._past(caller, args, lambda message: message.thread_ts in (None, message.ts))

    def _past(self, caller: Caller, args: Json, belongs: Callable[[Message], bool]) -> Json:
        channel = self._readable(caller, args, _HISTORY)
        if caller.bot.bot.id not in channel.members:
            raise RefusedError("not_in_channel")
        limit = _number(args.get("limit"), _HISTORY_DEFAULT)
        start = _cursor(args.get("cursor"))
        found = [m for m in reversed(channel.messages) if belongs(m) and _is_between(float(m.ts), args)]
        page, more = found[start : start + limit], len(found) > start + limit
        metadata = is_true(args, "include_all_metadata")
        return {
            "messages": [self.as_json(message, metadata=metadata) for message in page],
            "has_more": more,
            "pin_count": 0,
            "response_metadata": {"next_cursor": f"next:{start + limit}" if more else ""},
        }

    def _info(self, caller: Caller, args: Json) -> Json:
        channel = self._readable(caller, args, _READ)
        about: Json = {
            "id": channel.id,
            "is_im": channel.kind == "im",
            "is_archived": channel.archived,
            "context_team_id": channel.team,
        }
        if channel.kind == "im":
            return {"channel": about | {"user": channel.user}}
        about |= {
            "name": channel.name,
            "is_channel": channel.kind == "channel",
            "is_group": channel.kind == "group",
            "is_private": channel.kind == "group",
            "is_member": caller.bot.bot.id in channel.members,
        }
        return {"channel": about}

    def _open(self, caller: Caller, args: Json) -> Json:
        caller.needs("im:write")
        users = [user for user in str(args.get("users") or "").split(",") if user]
        if len(users) != 1:
            raise RefusedError("users_list_not_supplied" if not users else "too_many_users")
        user = self._person(caller.bot, users[0])
        if user is None:
            raise RefusedError("user_not_found")
        if user.is_bot:
            raise RefusedError("cannot_dm_bot")
        if user.deleted:
            raise RefusedError("user_disabled")
        return {"channel": {"id": self._world.dm_of(user.id).id}}

    def _user_info(self, caller: Caller, args: Json) -> Json:
        caller.needs("users:read")
        user = self._person(caller.bot, str(args.get("user")))
        if user is None:
            raise RefusedError("user_not_found")
        about: Json = {
            "id": user.id,
            "team_id": user.team,
            "name": user.name,
            "deleted": user.deleted,
            "is_bot": user.is_bot,
            "real_name": user.name,
            "tz": user.tz,
            "tz_label": f"{user.tz.rpartition('/')[2]} Time",
            "profile": {"real_name": user.name, "display_name": user.name},
        }
        return {"user": about | ({"locale": user.locale} if is_true(args, "include_locale") else {})}

    def _person(self, team: Team, user: str) -> User | None:
        found = self._world.users.get(user)
        return found if found and found.team == team.id else None

    def _found(self, team: Team, args: Json) -> Channel:
        """Return the channel that is meant, a DM where a person is named. Raises RefusedError."""
        wanted = str(args.get("channel") or "")
        person = self._person(team, wanted)
        if person is None:
            return self._found_by_id(team, args)
        if person.is_bot:
            raise RefusedError("cannot_dm_bot")
        if person.deleted:
            raise RefusedError("channel_not_found")
        return self._world.dm_of(wanted)

    def _found_by_id(self, team: Team, args: Json) -> Channel:
        """Return the channel of this id. A person's is none: chat.update and conversations.* want the DM's own (see the
        argument `channel` of chat.update). Raises RefusedError.
        """
        channel = self._world.channel_of(team, str(args.get("channel") or ""))
        hidden = channel and channel.kind == "group" and team.bot.id not in channel.members
        if channel is None or hidden:
            raise RefusedError("channel_not_found")
        return channel

    def _to_post_in(self, caller: Caller, args: Json) -> Channel:
        channel = self._found(caller.bot, args)
        if channel.archived:
            raise RefusedError("is_archived")
        if caller.bot.bot.id not in channel.members and "chat:write.public" not in caller.scopes:
            raise RefusedError("not_in_channel")
        return channel

    def _readable(self, caller: Caller, args: Json, scopes: Mapping[str, str]) -> Channel:
        if caller.scopes.isdisjoint(scopes.values()):
            raise RefusedError(
                "missing_scope", needed=",".join(scopes.values()), provided=",".join(sorted(caller.scopes))
            )
        channel = self._found_by_id(caller.bot, args)
        caller.needs(scopes[channel.kind])
        return channel

    def _thread(self, channel: Channel, args: Json) -> str | None:
        wanted = args.get("thread_ts")
        parent = channel.message(wanted)
        if wanted and parent is None:
            raise RefusedError("thread_not_found")
        return (parent.thread_ts or parent.ts) if parent else None

    def as_json(self, message: Message, *, metadata: bool = False) -> Json:
        """Return a message as the Web API and payloads show it."""
        shown: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
        shown["team"] = self._world.channels[message.channel].team
        if message.blocks:
            shown["blocks"] = message.blocks
        if message.thread_ts:
            shown["thread_ts"] = message.thread_ts
        if message.bot_id:
            shown |= {"bot_id": message.bot_id, "app_id": self._app_id}
        if message.was:
            shown["edited"] = {"user": message.bot_id or message.user, "ts": message.ts}
        return shown | ({"metadata": message.metadata} if metadata and message.metadata else {})


def with_block_ids(blocks: list[Json]) -> list[Json]:
    """Return the blocks as Slack keeps them: each has a block_id, each element an action_id."""
    return [_with_ids(block) for block in blocks]


def _with_ids(block: Json) -> Json:
    kept: Json = {"block_id": secrets.token_urlsafe(4)} | block
    if kept.get("type") == "actions":
        kept["elements"] = [{"action_id": secrets.token_urlsafe(4)} | element for element in kept["elements"]]
    for name in ("element", "accessory"):
        if isinstance(kept.get(name), dict):
            kept[name] = {"action_id": secrets.token_urlsafe(4)} | kept[name]
    return kept


def checked_metadata(metadata: object) -> Json | None:
    """Return message metadata. Raises RefusedError where it is not as Slack wants it."""
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise RefusedError("invalid_metadata_format")
    kept: Json = metadata
    if not isinstance(kept.get("event_type"), str) or not isinstance(kept.get("event_payload"), dict):
        raise RefusedError("invalid_metadata_format")
    if len(json.dumps(kept)) > _METADATA_BYTES:
        raise RefusedError("metadata_too_large")
    return kept


def _is_between(ts: float, args: Json) -> bool:
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    return oldest < ts < latest or (is_true(args, "inclusive") and ts in (oldest, latest))


def _number(text: object, default: int) -> int:
    if text is None:
        return default
    if not str(text).isdecimal() or not 1 <= int(str(text)) <= _HISTORY_MOST:
        raise RefusedError("invalid_limit")
    return int(str(text))


def _cursor(text: object) -> int:
    if not text:
        return 0
    prefix, _, number = str(text).partition(":")
    if prefix != "next" or not number.isdecimal():
        raise RefusedError("invalid_cursor")
    return int(number)
