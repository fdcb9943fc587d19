"""What Discord would refuse in a message, a modal, choices or commands, after its public reference.

(docs.discord.com: resources/message, interactions/receiving-and-responding, components/reference.) It is written apart
from adapters/discord/limits.py on purpose: a figure that is wrong there is found out here. `manners` are the house's
own rules, which Discord does not enforce.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from servers.discord_limits_commands import choices_faults, command_faults, commands_faults
from servers.discord_parts import (
    CHECKBOX,
    CHECKBOXES,
    LABEL,
    RADIO,
    ROW,
    SELECTS,
    STRING_SELECT,
    TEXT,
    TEXT_INPUT,
    UPLOAD,
    Json,
    Thing,
    count_faults,
    custom_ids,
    halves,
    length,
    missing,
    number_faults,
    options_faults,
    repeated,
    rows_faults,
    select_faults,
    string_faults,
    type_of,
    url_faults,
)

CONTENT, EMBEDS, EMBED_TEXT = 2_000, 10, 6_000
EMPTY: Final = "content: nothing to show"
COMPONENTS_V2 = 1 << 15
_FLAGS: Final = {"message": 1 << 2 | 1 << 12 | 1 << 13 | COMPONENTS_V2, "edit": 1 << 2 | COMPONENTS_V2}
_REPLY_FLAGS = _FLAGS["message"] | 1 << 6
_MENTION = re.compile(r"(?<!\\)<(?:@[!&]?|#)\d+>|@(?:everyone|here)|(?<!\\)</[^>]+:\d+>")
_NAME = re.compile(r"<[@#]\d+>")


def faults(payload: Json, kind: str) -> list[str]:
    """Return what Discord would refuse, one sentence each with where it stands; empty where it would take the payload.

    `kind` is "message" (a new one), "reply" (to an interaction, or a followup), "edit" (of a message: what is not
    given stays), "modal", "choices" (data of an autocomplete's answer), "command" or "commands" (a list of them).
    """
    return [*halves(payload, "payload"), *_KINDS[kind](payload)]


def manners(payload: Json, kind: str, *, private: bool = False) -> list[str]:
    """Return what we do not do although Discord takes it: mention anybody, leave it to Discord who is rung, or put
    everything into embeds, where plain-text readers do not find it. For the kinds "message", "reply" and "edit". Where
    one person alone reads it, and so it is `private`, people and channels may be called as Discord shows them by name.
    """
    if kind not in ("message", "reply", "edit"):
        return []
    live = ((at, each.group()) for at, text in _texts(payload) for each in _MENTION.finditer(text))
    found = [f"{at}: a live mention, {name!r}" for at, name in live if not (private and _NAME.fullmatch(name))]
    allowed = payload.get("allowed_mentions")
    if payload.get("content") and (not isinstance(allowed, Mapping) or _rings(allowed)):
        found.append('allowed_mentions: not {"parse": []}')
    if kind != "edit" and payload.get("embeds") and not str(payload.get("content") or "").strip():
        found.append("content: missing, with embeds")
    return found


def _rings(allowed: Thing) -> bool:
    return bool(allowed.get("parse") or allowed.get("users") or allowed.get("roles"))


def _texts(message: Thing) -> Iterator[tuple[str, str]]:
    """Yield all that a message says where markdown is read, with where it stands."""
    yield "content", str(message.get("content") or "")
    for number, embed in enumerate(message.get("embeds") or ()):
        for name in ("title", "description"):
            yield f"embeds[{number}].{name}", str(embed.get(name) or "")
        for place, field in enumerate(embed.get("fields") or ()):
            for name in ("name", "value"):
                yield f"embeds[{number}].fields[{place}].{name}", str(field.get(name) or "")


def _message(message: Json, kind: str = "message") -> Iterator[str]:
    if not isinstance(message, Mapping):
        yield "payload: no object"
        return
    flags, new_layout = message.get("flags") or 0, bool((message.get("flags") or 0) & COMPONENTS_V2)
    yield from string_faults(message.get("content"), "content", CONTENT, least=0)
    embeds, rows = message.get("embeds") or (), message.get("components") or ()
    yield from _embeds(embeds)
    yield from rows_faults(rows, "components", new_layout=new_layout)
    yield from _mentions(message.get("allowed_mentions"))
    nonce = message.get("nonce")
    yield from string_faults(str(nonce) if isinstance(nonce, int) else nonce, "nonce", 25, least=0)
    taken = _FLAGS.get(kind, _REPLY_FLAGS)
    if flags & ~taken:
        yield f"flags: {flags & ~taken} is not taken here"
    others = [message.get(name) for name in ("attachments", "sticker_ids", "poll")]
    if new_layout and (message.get("content") or embeds):
        yield "flags: content and embeds do not go with components of the new layout"
    shown = str(message.get("content") or "").strip() or embeds or any(others) or (new_layout and rows)
    if kind != "edit" and not shown and not message.get("message_reference", {}).get("type"):
        yield EMPTY


def _edit(message: Json) -> Iterator[str]:
    yield from _message(message, "edit")


def _reply(message: Json) -> Iterator[str]:
    yield from _message(message, "reply")


def _mentions(allowed: Json) -> Iterator[str]:
    if not isinstance(allowed, Mapping):
        return
    for name, what in (("users", "users"), ("roles", "roles")):
        ids = allowed.get(name) or ()
        yield from count_faults(ids, f"allowed_mentions.{name}", 100, least=0)
        if ids and what in (allowed.get("parse") or ()):
            yield f"allowed_mentions.{name}: both parsed and named"
    for name in allowed.get("parse") or ():
        if name not in ("users", "roles", "everyone"):
            yield f"allowed_mentions.parse: {name!r} is none"


def _embeds(embeds: Json) -> Iterator[str]:
    if not isinstance(embeds, Sequence):
        yield "embeds: no list"
        return
    yield from count_faults(embeds, "embeds", EMBEDS, least=0)
    for number, embed in enumerate(embeds):
        yield from _embed(embed, f"embeds[{number}]")
    size = sum(length(text.strip()) for embed in embeds for text in _counted(embed))
    if size > EMBED_TEXT:
        yield f"embeds: {size} characters in all, at most {EMBED_TEXT}"


def _embed(embed: Thing, at: str) -> Iterator[str]:
    for name, most in (("title", 256), ("description", 4_096)):
        yield from _trimmed(embed.get(name), f"{at}.{name}", most, least=0)
    yield from _trimmed(embed.get("footer", {}).get("text"), f"{at}.footer.text", 2_048, least=0)
    yield from _trimmed(embed.get("author", {}).get("name"), f"{at}.author.name", 256, least=0)
    fields = embed.get("fields") or ()
    yield from count_faults(fields, f"{at}.fields", 25, least=0)
    for number, field in enumerate(fields):
        where = f"{at}.fields[{number}]"
        yield from missing(field, where, "name", "value")
        yield from _trimmed(field.get("name"), f"{where}.name", 256)
        yield from _trimmed(field.get("value"), f"{where}.value", 1_024)
    yield from number_faults(embed.get("color"), f"{at}.color", 0, 0xFFFFFF)
    yield from url_faults(embed.get("url"), f"{at}.url")
    for name in ("image", "thumbnail"):
        yield from url_faults(embed.get(name, {}).get("url"), f"{at}.{name}.url")
    yield from _time(embed.get("timestamp"), f"{at}.timestamp")
    pictures = any(embed.get(name, {}).get("url") for name in ("image", "thumbnail"))
    if not any(text.strip() for text in _counted(embed)) and not pictures:
        yield f"{at}.description: missing, with nothing else in the embed"


def _trimmed(text: Json, at: str, most: int, *, least: int = 1) -> Iterator[str]:
    """Check a text of an embed: space around it is not counted, and is not kept."""
    yield from string_faults(text.strip() if isinstance(text, str) else text, at, most, least=least)


def _counted(embed: Thing) -> list[str]:
    held = [embed.get("title"), embed.get("description"), embed.get("footer", {}).get("text")]
    held += [embed.get("author", {}).get("name")]
    for field in embed.get("fields") or ():
        held += [field.get("name"), field.get("value")]
    return [text for text in held if isinstance(text, str)]


def _time(text: Json, at: str) -> Iterator[str]:
    try:
        if text is not None:
            datetime.fromisoformat(text)
    except (ValueError, TypeError):
        yield f"{at}: no time"


def _modal(modal: Json) -> Iterator[str]:
    if not isinstance(modal, Mapping):
        yield "payload: no object"
        return
    yield from missing(modal, "modal", "custom_id", "title", "components")
    yield from string_faults(modal.get("custom_id"), "custom_id", 100)
    yield from string_faults(modal.get("title"), "title", 45)
    parts = modal.get("components") or []
    yield from count_faults(parts, "components", 5)
    yield from repeated(custom_ids(parts), "components")
    for number, part in enumerate(parts):
        at = f"components[{number}]"
        if type_of(part) == LABEL:
            yield from _label(part, at)
        elif type_of(part) == TEXT:
            yield from string_faults(part.get("content", ""), f"{at}.content", 4_000)
        elif type_of(part) == ROW and [type_of(one) for one in part.get("components") or ()] == [TEXT_INPUT]:
            yield from missing(part["components"][0], f"{at}.components[0]", "label")
            yield from _text_input(part["components"][0], f"{at}.components[0]")
        else:
            yield f"{at}.type: {type_of(part)} with what it holds is not taken here"


def _label(label: Thing, at: str) -> Iterator[str]:
    yield from missing(label, at, "label", "component")
    yield from string_faults(label.get("label"), f"{at}.label", 45)
    yield from string_faults(label.get("description"), f"{at}.description", 100)
    inner, where = label.get("component") or {}, f"{at}.component"
    kind = type_of(inner)
    yield from missing(inner, where, "custom_id")
    if kind == TEXT_INPUT:
        if inner.get("label") is not None:
            yield f"{where}.label: not within a label"
        yield from _text_input(inner, where)
    elif kind in SELECTS:
        yield from select_faults(inner, where, in_modal=True)
        if kind == STRING_SELECT and not inner.get("options"):
            yield f"{where}.options: missing"
    elif kind in (RADIO, CHECKBOXES):
        yield from options_faults(inner.get("options") or (), f"{where}.options", 10, least=2 if kind == RADIO else 1)
    elif kind not in (UPLOAD, CHECKBOX):
        yield f"{where}.type: {kind} is not taken here"


def _text_input(field: Thing, at: str) -> Iterator[str]:
    yield from string_faults(field.get("custom_id"), f"{at}.custom_id", 100)
    yield from string_faults(field.get("label"), f"{at}.label", 45)
    yield from string_faults(field.get("placeholder"), f"{at}.placeholder", 100, least=0)
    if field.get("style") not in (1, 2):
        yield f"{at}.style: {field.get('style')!r}, 1 or 2"
    least, most = field.get("min_length"), field.get("max_length")
    yield from number_faults(least, f"{at}.min_length", 0, 4_000)
    yield from number_faults(most, f"{at}.max_length", 1, 4_000)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield f"{at}.min_length: {least}, more than max_length"
    yield from string_faults(field.get("value"), f"{at}.value", most if isinstance(most, int) else 4_000, least=0)


_KINDS: Final[Mapping[str, Callable[[Json], Iterator[str]]]] = {
    "message": _message,
    "reply": _reply,
    "edit": _edit,
    "modal": _modal,
    "choices": choices_faults,
    "command": command_faults,
    "commands": commands_faults,
}
