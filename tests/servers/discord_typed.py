"""A person types a slash command: which one it is, whether Discord offers it to them, and what it then sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from servers.discord_commands import CommandRoutes
from servers.discord_limits_commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    GROUP,
    INTEGER,
    NUMBER,
    ROLE,
    STRING,
    SUBCOMMAND,
    USER,
)
from servers.discord_payloads import Payloads
from servers.discord_permissions import ALL, has
from servers.discord_world import Channel, Json, Role, User, World

_MOST_TYPED: Final = 6_000  # characters in one option


@dataclass(frozen=True)
class Typed:
    """A command with what was typed, as it is sent."""

    command: Json
    name: str
    data: Json


class Typing:
    """`opened` holds who may use a command that is not for everyone, as set up in a guild's Integrations."""

    def __init__(self, world: World, payloads: Payloads, commands: CommandRoutes) -> None:
        self._world, self._payloads, self._commands = world, payloads, commands
        self.opened: set[tuple[str, str]] = set()

    def offered(self, user: User, channel: Channel, command: Json) -> bool:
        """Whether Discord shows a person that command there."""
        contexts, wanted = command.get("contexts"), command.get("default_member_permissions")
        if contexts is not None and (0 if channel.guild else 1) not in contexts:
            return False
        if not channel.guild:
            return contexts is not None or command.get("dm_permission", True)
        may = self._world.permissions(user.id, channel)
        if may == ALL or (command["name"], user.id) in self.opened:
            return True
        if not has(may, "use_application_commands"):
            return False
        return wanted is None or (wanted != "0" and may & int(wanted) == int(wanted))

    def typed(self, channel: Channel, text: str, options: Mapping[str, Any], *, focused: str | None = None) -> Typed:
        """Return what is sent for "name subcommand" and its options; `focused` is what the person is typing in.

        Raises AssertionError where there is no such command or option, or where Discord would not let it be sent.
        """
        name, *parts = text.removeprefix("/").split()
        command = self._command(channel, name)
        level, path = command.get("options") or [], [name]
        outer: list[Json] = []
        for part in parts:
            inner = _named(level, part)
            assert inner is not None, f"/{' '.join(path)} has no {part!r}"
            outer.append(inner)
            level = inner.get("options") or []
            path.append(part)
        assert not any(one["type"] in (SUBCOMMAND, GROUP) for one in level), f"/{' '.join(path)} wants a subcommand"
        data: Json = {"id": command["id"], "name": name, "type": 1}
        data |= {"guild_id": command["guild_id"]} if command.get("guild_id") else {}
        sent = self._options(level, options, focused, data)
        for one in reversed(outer):
            sent = [{"name": one["name"], "type": one["type"], "options": sent}]
        return Typed(command, " ".join(path), data | {"options": sent})

    def _command(self, channel: Channel, name: str) -> Json:
        held = [*self._commands.held.get(channel.guild or "-", []), *self._commands.held.get("", [])]
        found = next((one for one in held if one["name"] == name and one["type"] == 1), None)
        assert found is not None, f"no command /{name}; there are {sorted({one['name'] for one in held})}"
        return found

    def _options(self, level: list[Json], options: Mapping[str, Any], focused: str | None, data: Json) -> list[Json]:
        sent = []
        for name, value in options.items():
            option = _named(level, name)
            assert option is not None, f"no option {name!r}; there are {[one['name'] for one in level]}"
            asked = name == focused
            assert not asked or option.get("autocomplete"), f"{name} suggests nothing"
            written = str(value) if asked else self._value(option, value, data)
            sent.append({"name": name, "type": option["type"], "value": written} | ({"focused": True} if asked else {}))
        missing = [one["name"] for one in level if one.get("required") and one["name"] not in options]
        assert not missing or focused, f"Discord wants {missing} too"
        return sent

    def _value(self, option: Json, value: Any, data: Json) -> object:  # noqa: ANN401 (whatever the test gives)
        kind, choices = option["type"], option.get("choices")
        if choices:
            found = [one["value"] for one in choices if value in (one["name"], one["value"])]
            assert found, f"no choice {value!r}; there are {[one['name'] for one in choices]}"
            return found[0]
        match kind:
            case _ if kind == STRING:
                least, most = option.get("min_length") or 0, option.get("max_length") or _MOST_TYPED
                assert least <= len(value) <= most, f"{option['name']}: from {least} to {most} characters"
                return str(value)
            case _ if kind == INTEGER:
                return int(value)
            case _ if kind == NUMBER:
                return float(value)
            case _ if kind == BOOLEAN:
                return bool(value)
            case _:
                return self._resolved(kind, value, data)

    def _resolved(self, kind: int, value: Any, data: Json) -> str:  # noqa: ANN401 (whatever the test gives)
        """Return the id of what an option names, its description put beside the options."""
        resolved = data.setdefault("resolved", {})
        match value:
            case User() if kind != CHANNEL:
                resolved.setdefault("users", {})[value.id] = self._payloads.user(value)
            case Channel() if kind == CHANNEL:
                about = self._payloads.channel(value) | {"permissions": "0"}
                resolved.setdefault("channels", {})[value.id] = about
            case Role() if kind not in (USER, CHANNEL):
                resolved.setdefault("roles", {})[value.id] = self._payloads.role(value, 1)
            case (str(name), bytes(content)) if kind == ATTACHMENT:
                file = self._world.add_file(name, content)
                resolved.setdefault("attachments", {})[file.id] = self._payloads.file(file)
                return file.id
            case _:
                raise AssertionError(f"{value!r} does not go into an option of type {kind} ({ROLE} is a role)")
        return str(value.id)


def _named(level: list[Json], name: str) -> Json | None:
    return next((one for one in level if one["name"] == name), None)
