"""What Discord would refuse in application commands and in the choices of an autocomplete.

(docs.discord.com: interactions/application-commands.)
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from servers.discord_parts import Json, Thing, count_faults, length, missing, number_faults, repeated, string_faults

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE = 1, 2, 3, 4, 5, 6, 7, 8
MENTIONABLE, NUMBER, ATTACHMENT = 9, 10, 11
COMMANDS, OPTIONS, CHOICES, SIZE = 100, 25, 25, 8_000
LOCALES: Final = frozenset(
    {"ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr", "hu", "id"}
    | {"it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW"}
)
_EXTRA = re.compile("[-_'\u0900-\u097f\u0e00-\u0e7f]")  # beside letters and digits: Devanagari and Thai whole


def commands_faults(commands: Json) -> Iterator[str]:
    """Check a list that replaces all commands."""
    if not isinstance(commands, Sequence) or isinstance(commands, str):
        yield "commands: no list"
        return
    for kind, most in ((1, COMMANDS), (2, 15), (3, 15)):
        names = [str(one.get("name")) for one in commands if one.get("type", 1) == kind]
        yield from count_faults(names, f"commands of type {kind}", most, least=0)
        yield from repeated(names, "commands", "name")
    for number, command in enumerate(commands):
        yield from (f"[{number}].{fault}" for fault in command_faults(command))


def command_faults(command: Json) -> Iterator[str]:
    """Check one command."""
    if not isinstance(command, Mapping):
        yield "command: no object"
        return
    typed = command.get("type", 1) == 1
    yield from _names(command, "", plain=not typed)
    if typed:
        yield from _descriptions(command, "")
        yield from _options(command.get("options") or (), "options", depth=0)
        size = _size(command)
        if size > SIZE:
            yield f"name: {size} characters in the whole command, at most {SIZE}"
    elif command.get("options") or command.get("description"):
        yield "options: only for a command that is typed"
    yield from _settings(command)


def _settings(command: Thing) -> Iterator[str]:
    permissions = command.get("default_member_permissions")
    if permissions is not None and not str(permissions).isdecimal():
        yield f"default_member_permissions: {permissions!r} is no number"
    for name, taken in (("contexts", {0, 1, 2}), ("integration_types", {0, 1})):
        given = command.get(name)
        if given is not None and (not given or set(given) - taken or len(set(given)) < len(given)):
            yield f"{name}: {given!r}, each of {sorted(taken)} at most once and at least one"


def _names(thing: Thing, at: str, *, plain: bool = False) -> Iterator[str]:
    yield from missing(thing, at.removesuffix("."), "name")
    named = {f"{at}name": thing.get("name")}
    for locale, name in (thing.get("name_localizations") or {}).items():
        named[f"{at}name_localizations.{locale}"] = name
        if locale not in LOCALES:
            yield f"{at}name_localizations: {locale!r} is no language of Discord's"
    for where, name in named.items():
        yield from string_faults(name, where, 32)
        if isinstance(name, str) and not plain and not all(_is_part_of_name(letter) for letter in name):
            yield f"{where}: {name!r} has a character that no name has"
        if isinstance(name, str) and not plain and name != name.lower():
            yield f"{where}: {name!r} is not in lower case"


def _is_part_of_name(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LN" or bool(_EXTRA.match(letter))


def _descriptions(thing: Thing, at: str) -> Iterator[str]:
    yield from missing(thing, at.removesuffix("."), "description")
    yield from string_faults(thing.get("description"), f"{at}description", 100)
    for locale, text in (thing.get("description_localizations") or {}).items():
        yield from string_faults(text, f"{at}description_localizations.{locale}", 100)
        if locale not in LOCALES:
            yield f"{at}description_localizations: {locale!r} is no language of Discord's"


def _options(options: Sequence[Json], at: str, *, depth: int) -> Iterator[str]:
    yield from count_faults(options, at, OPTIONS, least=0)
    yield from repeated((str(one.get("name")) for one in options), at, "name")
    nested = [one.get("type") in (SUBCOMMAND, GROUP) for one in options]
    if any(nested) and not all(nested):
        yield f"{at}: subcommands beside other options"
    optional = False
    for number, option in enumerate(options):
        where = f"{at}[{number}]"
        if option.get("required") and optional:
            yield f"{where}.required: after one that is not"
        optional = optional or not option.get("required")
        yield from _names(option, f"{where}.")
        yield from _descriptions(option, f"{where}.")
        yield from _option(option, where, depth)


def _option(option: Thing, at: str, depth: int) -> Iterator[str]:
    kind = option.get("type")
    if not isinstance(kind, int) or not SUBCOMMAND <= kind <= ATTACHMENT:
        yield f"{at}.type: {kind!r} is none"
    elif (kind == GROUP and depth > 0) or (kind == SUBCOMMAND and depth > 1):
        yield f"{at}.type: nested too deep"
    elif kind in (SUBCOMMAND, GROUP):
        inner = option.get("options") or ()
        if kind == GROUP and any(one.get("type") != SUBCOMMAND for one in inner):
            yield f"{at}.options: a group holds subcommands"
        yield from _options(inner, f"{at}.options", depth=depth + (1 if kind == GROUP else 2))
    else:
        yield from _choices(option, at)
        yield from number_faults(option.get("min_length"), f"{at}.min_length", 0, 6_000)
        yield from number_faults(option.get("max_length"), f"{at}.max_length", 1, 6_000)


def _choices(option: Thing, at: str) -> Iterator[str]:
    choices, completes = option.get("choices") or (), option.get("autocomplete")
    if (choices or completes) and option["type"] not in (STRING, INTEGER, NUMBER):
        yield f"{at}.choices: not for type {option['type']}"
    if choices and completes:
        yield f"{at}.autocomplete: not with choices"
    yield from repeated((str(one.get("name")) for one in choices), f"{at}.choices", "name")
    yield from choices_faults({"choices": choices}, f"{at}.")


def choices_faults(data: Json, at: str = "") -> Iterator[str]:
    """Check choices: of an option, or of the answer to an autocomplete."""
    choices = data.get("choices") or () if isinstance(data, Mapping) else ()
    yield from count_faults(choices, f"{at}choices", CHOICES, least=0)
    for number, choice in enumerate(choices):
        where = f"{at}choices[{number}]"
        yield from missing(choice, where, "name", "value")
        yield from string_faults(choice.get("name"), f"{where}.name", 100)
        if isinstance(choice.get("value"), str):
            yield from string_faults(choice["value"], f"{where}.value", 100)


def _size(thing: Thing) -> int:
    """Count a command's names, descriptions and choices, of each the longest of its languages."""
    found = _longest(thing, "name") + _longest(thing, "description")
    found += sum(_size(option) for option in thing.get("options") or ())
    for choice in thing.get("choices") or ():
        found += _longest(choice, "name") + length(str(choice.get("value", "")))
    return found


def _longest(thing: Thing, name: str) -> int:
    told = [thing.get(name), *(thing.get(f"{name}_localizations") or {}).values()]
    return max((length(text) for text in told if isinstance(text, str)), default=0)
