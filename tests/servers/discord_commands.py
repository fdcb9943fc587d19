"""The routes of application commands: what is registered for all guilds or for one, and how often a day."""

import json
from copy import deepcopy
from typing import Final

from servers.discord_calls import Call, RefusedError, Reply, Route
from servers.discord_limits_commands import COMMANDS
from servers.discord_world import Json, World
from servers.discord_writing import checked, errors_of

CREATES_A_DAY = 200  # for each guild, and for the commands of all guilds together
_DAY = 86_400.0
_ALL, _GUILD = "/applications/{application_id}/commands", "/applications/{application_id}/guilds/{guild_id}/commands"
_WORDS: Final = ("name_localizations", "description_localizations")


class CommandRoutes:
    """`held` are the commands by guild ("" for those of all); `creations` when each was made, on the age clock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.held: dict[str, list[Json]] = {}
        self.creations: dict[str, list[float]] = {}

    def routes(self) -> tuple[Route, ...]:
        found = []
        for path in (_ALL, _GUILD):
            found += [
                Route("GET", path, self._list),
                Route("PUT", path, self._replace),
                Route("POST", path, self._create),
                Route("GET", f"{path}/{{command_id}}", self._get),
                Route("PATCH", f"{path}/{{command_id}}", self._patch),
                Route("DELETE", f"{path}/{{command_id}}", self._delete),
            ]
        return tuple(found)

    def created(self, scope: str = "") -> int:
        """Return how many commands were created in the last day."""
        since = self._world.age_clock() - _DAY
        return sum(at > since for at in self.creations.get(scope, ()))

    def _scope(self, call: Call) -> str:
        if call.params["application_id"] != self._world.bot.id:
            raise RefusedError(403, 20012, "You are not authorized to perform this action on this application")
        guild = call.params.get("guild_id", "")
        if guild and self._world.bot.id not in getattr(self._world.guilds.get(guild), "members", ()):
            raise RefusedError(403, 50001, "Missing Access")
        return guild

    def _list(self, call: Call) -> Reply:
        told = call.query.get("with_localizations", "").lower() in ("true", "1")
        return 200, [command if told else _short(command) for command in self.held.get(self._scope(call), [])]

    def _replace(self, call: Call) -> Reply:
        scope = self._scope(call)
        self._check(call.body, "commands", "PUT commands")
        self._count(scope, [one for one in call.body if self._same(scope, one) is None])
        self.held[scope] = [self._made(scope, command) for command in call.body]
        return 200, self.held[scope]

    def _create(self, call: Call) -> Reply:
        scope = self._scope(call)
        self._check(call.body, "command", "POST command")
        known = self._same(scope, call.body)
        held = self.held.setdefault(scope, [])
        if known is None:
            if len(held) >= COMMANDS:
                raise RefusedError(400, 30032, f"Maximum number of application commands reached ({COMMANDS}).")
            self._count(scope, [call.body])
        made = self._made(scope, call.body)
        self.held[scope] = [one for one in held if one is not known] + [made]
        return 200 if known else 201, made

    def _get(self, call: Call) -> Reply:
        return 200, self._found(call)

    def _patch(self, call: Call) -> Reply:
        known = self._found(call)
        merged = {name: value for name, value in known.items() if name not in _GIVEN} | (call.body or {})
        self._check(merged, "command", "PATCH command")
        scope = self._scope(call)
        made = self._made(scope, merged)
        self.held[scope] = [made | {"id": known["id"]} if one is known else one for one in self.held[scope]]
        return 200, made | {"id": known["id"]}

    def _delete(self, call: Call) -> Reply:
        self.held[self._scope(call)].remove(self._found(call))
        return 204, None

    def _found(self, call: Call) -> Json:
        for command in self.held.get(self._scope(call), []):
            if command["id"] == call.params["command_id"]:
                return command
        raise RefusedError(404, 10063, "Unknown application command")

    def _check(self, body: object, kind: str, what: str) -> None:
        found = checked(self._world, body, kind, what)
        if found:
            raise RefusedError(400, 50035, "Invalid Form Body", errors_of(found))

    def _count(self, scope: str, new: list[Json]) -> None:
        """Count commands that were not there before. Raises RefusedError where it is too many for one day."""
        if self.created(scope) + len(new) > CREATES_A_DAY:
            told = f"Max number of daily application command creates has been reached ({CREATES_A_DAY})"
            self._world.violation(f"commands: {told}")
            raise RefusedError(400, 30034, told)
        self.creations.setdefault(scope, []).extend([self._world.age_clock()] * len(new))

    def _same(self, scope: str, command: Json) -> Json | None:
        """Return the command that has the same name and type."""
        wanted = (command.get("name"), command.get("type", 1))
        return next((one for one in self.held.get(scope, []) if (one["name"], one["type"]) == wanted), None)

    def _made(self, scope: str, body: Json) -> Json:
        """Return a command as Discord gives it back; its id stays, its version changes only where it changed."""
        known = self._same(scope, body)
        permissions = body.get("default_member_permissions")
        made: Json = {
            "application_id": self._world.bot.id,
            "type": body.get("type") or 1,
            "name": body["name"],
            "description": body.get("description") or "",
            "default_member_permissions": None if permissions is None else str(permissions),
            "dm_permission": body.get("dm_permission", True),
            "contexts": body.get("contexts"),
            "integration_types": body.get("integration_types") or [0],
            "nsfw": bool(body.get("nsfw")),
            **{name: body.get(name) for name in _WORDS},
        }
        made |= {"options": deepcopy(body["options"])} if body.get("options") else {}
        made |= {"guild_id": scope} if scope else {}
        same = known is not None and _plain(known) == _plain(made)
        made["id"] = known["id"] if known else self._world.new_id()
        made["version"] = known["version"] if known and same else self._world.new_id()
        return made


_GIVEN: Final = ("id", "version", "application_id", "guild_id")


def _plain(command: Json) -> str:
    return json.dumps({name: command[name] for name in command if name not in ("id", "version")}, sort_keys=True)


def _short(thing: Json) -> Json:
    """Return a command as it is listed unless its localisations are asked for."""
    found = {name: value for name, value in thing.items() if name not in _WORDS}
    if "options" in found:
        found["options"] = [_short(option) for option in found["options"]]
    return found
