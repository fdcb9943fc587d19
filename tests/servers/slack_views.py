"""Modals and Home tabs: the views.* methods, trigger ids, and the stack of modals in front of a person."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from servers.slack_calls import Caller, Method, RefusedError, real_faults
from servers.slack_web import with_block_ids
from servers.slack_world import Json, Team, View, World

TRIGGER_SECONDS = 3.0
_STACK_MOST = 3


@dataclass
class Trigger:
    """A person's act that may open one modal, for three seconds."""

    user: str
    team: str
    born: float
    from_modal: bool
    used: bool = False


class ViewMethods:
    """Each method takes the caller and the arguments and returns what the answer holds beside `ok`."""

    def __init__(self, world: World, app_id: str) -> None:
        self._world, self._app_id = world, app_id
        self._triggers: dict[str, Trigger] = {}

    def methods(self) -> Mapping[str, Method]:
        return {
            "views.open": self._open,
            "views.push": self._push,
            "views.update": self._update,
            "views.publish": self._publish,
        }

    def new_trigger(self, user: str, *, from_modal: bool = False) -> str:
        """Return a trigger id for something that a person just did."""
        team = self._world.users[user].team
        trigger = f"{len(self._triggers) + 1}.{team[1:]}.{secrets.token_hex(16)}"
        self._triggers[trigger] = Trigger(user, team, self._world.age_clock(), from_modal)
        return trigger

    def _open(self, caller: Caller, args: Json) -> Json:
        trigger = self._exchange(caller.bot, args, "views.open")
        shown = self._checked(args, "modal", "views.open")
        stack = self._world.screens.setdefault(trigger.user, [])
        stack.clear()
        return {"view": self.as_json(self._stack(shown, trigger.user))}

    def _push(self, caller: Caller, args: Json) -> Json:
        trigger = self._exchange(caller.bot, args, "views.push")
        shown = self._checked(args, "modal", "views.push")
        if not trigger.from_modal:
            raise RefusedError("invalid_trigger_id")
        return {"view": self.as_json(self.push(shown, trigger.user))}

    def _update(self, caller: Caller, args: Json) -> Json:
        view = self._wanted(caller.bot, args)
        if args.get("hash") and args["hash"] != view.hash:
            raise RefusedError("hash_conflict")
        self.replace(view, self._checked(args, "modal", "views.update"))
        return {"view": self.as_json(view)}

    def _publish(self, caller: Caller, args: Json) -> Json:
        user = self._world.users.get(str(args.get("user_id")))
        if user is None or user.team != caller.bot.id or user.is_bot:
            raise RefusedError("user_not_found")
        shown = self._checked(args, "home", "views.publish")
        held = self._world.homes.get(user.id)
        if held is None:
            held = self._world.homes[user.id] = self._new(shown, user.id)
        elif args.get("hash") and args["hash"] != held.hash:
            raise RefusedError("hash_conflict")
        self.replace(held, shown)
        return {"view": self.as_json(held)}

    def push(self, shown: Json, user: str) -> View:
        """Put a modal on top of those a person has open. Raises RefusedError where there are three."""
        stack = self._world.screens.setdefault(user, [])
        if len(stack) >= _STACK_MOST:
            raise RefusedError("push_limit_reached")
        return self._stack(shown, user)

    def _stack(self, shown: Json, user: str) -> View:
        stack = self._world.screens.setdefault(user, [])
        view = self._new(shown, user)
        if stack:
            view.previous, view.root = stack[-1].id, stack[0].id
        stack.append(view)
        view.changed = self._world.change()
        return view

    def replace(self, view: View, shown: Json) -> None:
        """Show something else in a view: a new hash, no errors."""
        view.shown = shown | {"blocks": with_block_ids(shown["blocks"])}
        view.hash, view.errors = _new_hash(self._world), {}
        view.changed = self._world.change()

    def close(self, view: View, *, everything: bool = False) -> None:
        """Take a modal (or all of them) from a person's screen."""
        stack = self._world.screens.get(view.user, [])
        if everything:
            stack.clear()
        elif view in stack:
            stack.remove(view)
        self._world.change()

    def _new(self, shown: Json, user: str) -> View:
        view_id = self._world.new_id("V")
        kept = shown | {"blocks": with_block_ids(shown["blocks"])}
        view = View(view_id, self._world.users[user].team, user, kept, _new_hash(self._world), view_id)
        self._world.views[view_id] = view
        return view

    def _exchange(self, team: Team, args: Json, method: str) -> Trigger:
        trigger = self._triggers.get(str(args.get("trigger_id")))
        if trigger is None or trigger.team != team.id:
            error = "invalid_trigger_id"
        elif trigger.used:
            error = "exchanged_trigger_id"
        elif self._world.age_clock() - trigger.born >= TRIGGER_SECONDS:
            error = "expired_trigger_id"
        else:
            trigger.used = True
            return trigger
        self._world.violation(f"{method}: {error}")
        raise RefusedError(error)

    def _checked(self, args: Json, kind: str, method: str) -> Json:
        view = args.get("view")
        if not isinstance(view, dict) or view.get("type") != kind:
            raise RefusedError("invalid_arguments", response_metadata={"messages": [f"[ERROR] no {kind} view"]})
        found = real_faults(self._world, view, method, private=True)
        if found:
            messages = [f"[ERROR] {fault}" for fault in found]
            raise RefusedError("invalid_arguments", response_metadata={"messages": messages})
        return view

    def _wanted(self, team: Team, args: Json) -> View:
        named, external = args.get("view_id"), args.get("external_id")
        for view in self._world.views.values():
            known = view.id == named or (external and view.shown.get("external_id") == external)
            if known and view.team == team.id and view in self._world.screens.get(view.user, []):
                return view
        raise RefusedError("not_found")

    def as_json(self, view: View, values: Mapping[str, Any] | None = None) -> Json:
        """Return a view as the Web API and payloads show it, with what the person has filled in."""
        modal = {"title", "submit", "close"} & view.shown.keys()
        return {
            "id": view.id,
            "team_id": view.team,
            "type": view.shown["type"],
            "blocks": view.blocks,
            "private_metadata": view.shown.get("private_metadata", ""),
            "callback_id": view.shown.get("callback_id", ""),
            "state": {"values": dict(values or {})},
            "hash": view.hash,
            "clear_on_close": view.shown.get("clear_on_close", False),
            "notify_on_close": view.shown.get("notify_on_close", False),
            "previous_view_id": view.previous,
            "root_view_id": view.root,
            "app_id": self._app_id,
            "external_id": view.shown.get("external_id", ""),
            "app_installed_team_id": view.team,
            "bot_id": self._world.teams[view.team].bot_id,
        } | {name: view.shown[name] for name in sorted(modal)}


def _new_hash(world: World) -> str:
    return f"{int(world.now().timestamp())}.{secrets.token_hex(4)}"
