"""The commands that Discord is told of, derived from the one command table, and the line that each stands for.

A Discord command with subcommands cannot be typed by itself, and who sees a command is decided for it as a whole
(discord.com/developers/docs/interactions/application-commands). So `/tipfacts` takes what all may type as one line, and
what is about digests and about the library stands under two others.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.discord.components import Json
from adapters.discord.limits import size
from bot.answering.terms import contains_han
from bot.commands.command import Command, Group, Parameter
from bot.commands.grammar import MAX_LINE
from bot.commands.table import COMMANDS, command_named
from bot.domain.text import Locale
from bot.messages.cutting import clip
from bot.messages.spelling import Spelling
from bot.wording.wording import marked, wording

READ, DIGEST, DESK = "tipfacts", "tipfacts-digest", "tipfacts-desk"
QUERY = "query"
CHINESE: Final = "zh-TW"  # Discord has no other language in Traditional Chinese
MANAGE_CHANNELS, MANAGE_GUILD = 1 << 4, 1 << 5

_NAME, _DESCRIPTION = 32, 100  # characters
_SUBCOMMAND, _STRING, _USER, _CHANNEL = 1, 3, 6, 7
_GUILD_INSTALL = 0
_CONTEXTS = [0, 1]  # in guilds, and in direct messages with the bot
_DESK_BESIDES = ("status",)  # for all, and looked for at the desk
_ALTERNATIVES = re.compile(r"[a-z]+(?:\|[a-z]+)+")
_HOUR = re.compile(r"\d{1,2}")
_CALENDAR = re.compile(r"[A-Za-z]{2}(?:-[A-Za-z0-9]{1,3})?")
_PERSON, _OTHER_CHANNEL = "@USER", "#CHANNEL"
_HOLIDAYS = "except|including holidays"

_LOCAL_NAMES: Final = {DIGEST: "tipfacts-摘要", DESK: "tipfacts-編輯"}
_SHOWN_AS: Final = {"subscriptions": "list"}
_OPTION_NAMES: Final = {
    "TOPICS": marked("topics"),
    "daily|weekdays|weekly DAY|immediately": marked("days"),
    "at 09:00": marked("time"),
    "ZONE": marked("zone"),
    _HOLIDAYS: marked("holidays"),
    "F12": marked("fact"),
    "F12|S3": marked("item"),
    "REASON": marked("reason"),
    "KIND|add|remove": marked("what"),
    "KIND: PHRASES": marked("phrases"),
    "QUESTION": marked("question"),
    "NUMBER|forget": marked("number"),
    "QUESTION|all": marked("question"),
    "CODE": marked("code"),
    _PERSON: marked("person"),
    _OTHER_CHANNEL: marked("channel"),
    "D12": marked("digest"),
    "editor|admin": marked("role"),
}
_WORDED = (marked("claim"), marked("grant"), marked("revoke"))  # they have no Chinese alias
_VERBS: Final = {  # what `digest` does, each under a name of its own
    "preview": (marked("preview"), marked("Show what this channel’s next digest would say")),
    "why": (marked("why"), marked("Say why no digest came")),
    "test": (marked("test"), marked("Post a digest that is marked as a test")),
    "resend": (marked("resend"), marked("Send a digest again that may be lost")),
    "arrived": (marked("arrived"), marked("Say that a digest is there that may be lost")),
}
_TAKEN: Final = {"preview": "#CHANNEL", "why": "#CHANNEL", "resend": "D12", "arrived": "D12"}  # after these


@dataclass(frozen=True, slots=True)
class Entry:
    """A subcommand: the line that it stands for, without what follows it. `local_name` is its name in Chinese."""

    name: str
    line: str
    summary: str
    local_name: str
    parameters: tuple[Parameter, ...] = ()


def commands() -> list[Json]:
    """Return all commands, as Discord takes them."""
    query = marked("A topic or a question, or “history screenings”, “statement S3”, “help”")
    option = {"type": _STRING, "name": QUERY, **_local_name(QUERY, wording(Locale.ZH_HANT).say("query"))}
    option |= {**_described(query), "required": False, "autocomplete": True, "max_length": MAX_LINE}
    read = marked("Ask for a fact: who said it, when, and in which document")
    digest, desk = marked("Digests of what is new, for this channel"), marked("For editors: what the library holds")
    return [
        _command(READ, READ, read, [option], None),
        _command(DIGEST, _LOCAL_NAMES[DIGEST], digest, _options(ENTRIES[DIGEST]), MANAGE_CHANNELS),
        _command(DESK, _LOCAL_NAMES[DESK], desk, _options(ENTRIES[DESK]), MANAGE_GUILD),
    ]


def line_of(data: Mapping[str, Any]) -> str | None:
    """Return the line that a command stands for as it was sent (an interaction's data), None where it is none of ours:
    one that has been renamed since, say, and that somebody's app still shows.
    """
    name, options = data.get("name"), data.get("options") or ()
    if name == READ:
        return _value(options, QUERY)
    for entry in ENTRIES.get(str(name), ()):
        if options and entry.name == options[0].get("name"):
            given = options[0].get("options") or ()
            typed = (_typed(parameter, _value(given, option_name(parameter))) for parameter in entry.parameters)
            return " ".join((entry.line, *filter(None, typed)))
    return None


def is_for_readers(line: str) -> bool:
    """Whether a line is offered to those who type `/tipfacts`: the other groups have commands of their own."""
    command = command_named(line.partition(" ")[0])
    return command is None or command.group is Group.READ


def option_name(parameter: Parameter) -> str:
    """Return what a parameter is called as an option: Discord takes small letters, digits and hyphens."""
    return _OPTION_NAMES.get(parameter.name) or "-".join(re.findall(r"[a-z0-9]+", parameter.name.casefold()))


def fingerprint(tree: Iterable[Mapping[str, Any]]) -> str:
    """Return a text that is the same for the same commands, whether they are ours or Discord's word for them."""
    held = sorted((_bare(command) for command in tree), key=lambda command: str(command.get("name")))
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()


def _entries() -> Iterator[tuple[str, Entry]]:
    for command in COMMANDS:
        if command.group is Group.DIGEST:
            yield from ((DIGEST, entry) for entry in _of(command))
        if command.group is Group.DESK or command.name in _DESK_BESIDES:
            yield from ((DESK, entry) for entry in _of(command))


def _of(command: Command) -> Iterator[Entry]:
    """Yield the subcommands of a command: itself, or where it only says which of several things to do, one for each."""
    first, *others = command.parameters or (None,)
    if first and first.required and _ALTERNATIVES.fullmatch(first.name):
        for verb in first.name.split("|"):
            name, summary = _VERBS.get(verb, (verb, command.summary))
            taken = tuple(each for each in others if each.name == _TAKEN.get(verb))
            yield Entry(verb, f"{command.name} {verb}", summary, wording(Locale.ZH_HANT).say(name), taken)
        return
    local = next(filter(contains_han, command.aliases), "") or wording(Locale.ZH_HANT).say(command.name)
    yield Entry(_SHOWN_AS.get(command.name, command.name), command.name, command.summary, local, command.parameters)


ENTRIES: Final = {
    name: tuple(entry for place, entry in _entries() if place == name) for name in (DIGEST, DESK)
}  # by command


def _renamed() -> Iterator[tuple[str, str]]:
    """Yield the first words of lines with what is typed in their place where Discord is in Traditional Chinese."""
    for command in COMMANDS:
        if command.group is Group.READ:
            continue
        names = {entry.line: _shown(entry.name, entry.local_name) for entry in _of(command)}
        yield from names.items()
        if len(names) > 1:
            first, *_ = command.usage.removeprefix(command.name).split()
            yield f"{command.name} {first}", "|".join(names.values())
            yield command.name, ""


def _shown(name: str, local: str) -> str:
    return local if local and size(local) <= _NAME else name


# How lines are typed where Discord is in Traditional Chinese: it shows the commands by their Chinese names there.
LOCAL: Final = Spelling(f"/{READ}", f"/{_LOCAL_NAMES[DIGEST]}", f"/{_LOCAL_NAMES[DESK]}", tuple(_renamed()))


def _command(name: str, local_name: str, summary: str, options: Sequence[Json], permissions: int | None) -> Json:
    return {
        "type": 1,
        "name": name,
        **_local_name(name, local_name),
        **_described(summary),
        "options": list(options),
        "default_member_permissions": permissions,
        "contexts": _CONTEXTS,
        "integration_types": [_GUILD_INSTALL],
    }


def _options(entries: Iterable[Entry]) -> list[Json]:
    return [
        {
            "type": _SUBCOMMAND,
            "name": entry.name,
            **_local_name(entry.name, entry.local_name),
            **_described(entry.summary),
            "options": [_option(parameter) for parameter in entry.parameters],
        }
        for entry in entries
    ]


def _option(parameter: Parameter) -> Json:
    name = option_name(parameter)
    made: Json = {
        "type": {_PERSON: _USER, _OTHER_CHANNEL: _CHANNEL}.get(parameter.name, _STRING),
        "name": name,
        **_local_name(name, wording(Locale.ZH_HANT).say(name)),
        **_described(parameter.summary),
        "required": parameter.required,
    }
    if parameter.required and _ALTERNATIVES.fullmatch(parameter.name):
        return made | {"choices": [_choice(value) for value in parameter.name.split("|")]}
    return made | ({"max_length": MAX_LINE} if made["type"] == _STRING else {})


def _choice(value: str) -> Json:
    return {"name": value, **_local_name(value, wording(Locale.ZH_HANT).say(value)), "value": value}


def _local_name(name: str, local: str) -> Json:
    shown = _shown(name, local)
    return {"name_localizations": {CHINESE: shown}} if shown != name else {}


def _described(summary: str) -> Json:
    english, chinese = (clip(wording(each).say(summary), _DESCRIPTION, size) for each in Locale)
    local = {"description_localizations": {CHINESE: chinese}} if chinese != english else {}
    return {"description": english, **local}


def _value(options: Iterable[Mapping[str, Any]], name: str) -> str:
    return next((str(option.get("value", "")).strip() for option in options if option.get("name") == name), "")


def _typed(parameter: Parameter, value: str) -> str:
    """Return what somebody gave for a parameter as they would have typed it."""
    if parameter.name == _PERSON:
        return f"<@{value}>" if value else ""
    if parameter.name == _OTHER_CHANNEL:
        return f"<#{value}>" if value else ""
    if parameter.name == _HOLIDAYS and value.casefold() in ("except", "including"):
        return f"{value} holidays"
    if parameter.name == _HOLIDAYS and _CALENDAR.fullmatch(value):
        return f"except holidays {value}"
    return f"at {value}" if parameter.name.startswith("at ") and _HOUR.fullmatch(value) else value


_COMPARED: Final = (
    *("type", "name", "name_localizations", "description", "description_localizations", "default_member_permissions"),
    *("contexts", "integration_types", "options", "required", "autocomplete", "choices", "value", "max_length"),
)


def _bare(thing: object) -> Any:  # noqa: ANN401 (JSON)
    """Return what was said of a command, without what Discord adds and what goes without saying."""
    if isinstance(thing, Mapping):
        kept = {name: _bare(value) for name, value in thing.items() if name in _COMPARED or name == CHINESE}
        if kept.get("default_member_permissions") is not None:
            kept["default_member_permissions"] = int(kept["default_member_permissions"])  # it answers with text
        return {name: value for name, value in kept.items() if value not in (None, False, [], {})}
    if isinstance(thing, Sequence) and not isinstance(thing, str):
        return [_bare(each) for each in thing]
    return thing
