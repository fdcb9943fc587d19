"""Forms as Discord modals, and what comes back from them.

A modal has at most five components: labels with a text input or a menu in them, and text. discord.py 2.7 takes labels,
menus and text in modals as Discord does; what is made here is the JSON of "Modal" in Discord's reference.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.discord.components import NOTHING, Json, Press, parked_id
from adapters.discord.drafts import Draft, filled_in, modals
from adapters.discord.escape import plain
from adapters.discord.limits import (
    INPUT,
    LABEL,
    LABEL_DESCRIPTION,
    MODAL_TITLE,
    OPTION_TEXT,
    OPTION_VALUE,
    OPTIONS,
    PLACEHOLDER,
    size,
)
from bot.messages.cutting import ELLIPSIS
from bot.messages.exchange import Field, Option
from bot.messages.visible import visible
from bot.wording.wording import Wording, wording

SUBMIT = "submit"  # the menu that asks in which way the form is to be sent
_MENU, _INPUT, _TEXT, _LABEL = 3, 4, 10, 18
_SHORT, _PARAGRAPH = 1, 2
_CHOSEN = "="  # before an option's value: Discord takes no empty one


def modal(draft: Draft, token: str) -> Json:
    """Return the modal that is to be filled in next, or the first one. The draft is parked under the token."""
    words, all_of_them = wording(draft.form.locale), modals(draft)
    number = draft.steps[0] if draft.steps else 0
    asked = all_of_them[min(number, len(all_of_them) - 1)]
    components: list[Json] = [{"type": _TEXT, "content": draft.above}] if asked.has_text else []
    components += [_labelled(field, words) for field in asked.fields]
    if asked.has_ways:
        components.append(_ways(draft, words))
    if not number and not any(each.has_text for each in all_of_them):
        _say_inside(draft.inside, components)
    return {
        "custom_id": parked_id(Press.FORM, token),
        "title": _title(draft.form.title, number, len(all_of_them), words),
        "components": components or [{"type": _TEXT, "content": draft.above or words.say("There is nothing to show.")}],
    }


def taken(draft: Draft, data: Mapping[str, Any]) -> Draft:
    """Return the draft after a modal of it was sent; `data` is that of the interaction."""
    values = dict(_values(data.get("components") or ()))
    return filled_in(draft, values, values.get(SUBMIT, ""))


def _values(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for each in components:
        match each.get("type"):
            case 1:
                yield from _values(each.get("components") or ())
            case 18:
                yield from _values([each["component"]] if each.get("component") else ())
            case 4:
                yield str(each.get("custom_id")), str(each.get("value") or "")
            case 3:
                chosen = [*(each.get("values") or ()), ""]
                yield str(each.get("custom_id")), str(chosen[0]).removeprefix(_CHOSEN)


def _title(title: str, number: int, count: int, words: Wording) -> str:
    if count == 1:
        return plain(title, MODAL_TITLE) or NOTHING
    place = words.say("({number} of {count})", number=words.number(number + 1), count=words.number(count))
    return f"{plain(title, MODAL_TITLE - size(place) - 1)} {place}".strip()


def _say_inside(text: str, components: Sequence[Json]) -> None:
    """Say the text in the first input, where there is no room for it above; in another one it would seem to say what to
    write there. Nothing is shown in one that is filled in.
    """
    shown = plain(text, PLACEHOLDER)
    inputs = (each["component"] for each in components if each.get("component", {}).get("type") == _INPUT)
    first = next(inputs, None)
    if first and shown and "value" not in first:
        first["placeholder"] = shown


def _labelled(field: Field, words: Wording) -> Json:
    offered = {option.value: option for option in field.options}
    takes = len(offered) <= OPTIONS and all(map(_comes_back, offered))
    if offered and takes:
        return _label(field.label, field.hint, _menu(field, list(offered.values())))
    hint = field.hint
    if offered:
        hint = words.say("Write one of: {options}", options=words.join(offered))
    if not _shows(field):
        hint = words.say("Too long to be shown here. Sent empty, it is removed: close this to keep it.")
    return _label(field.label, hint, _text_input(field))


def _label(label: str, hint: str, component: Json) -> Json:
    shown = plain(label, LABEL)
    said = plain(f"{label} {hint}" if shown.endswith(ELLIPSIS) else hint, LABEL_DESCRIPTION)
    made = {"type": _LABEL, "label": shown or NOTHING, "component": component}
    return made | ({"description": said} if said else {})


def _text_input(field: Field) -> Json:
    value = visible(field.value)
    most = min(max(field.max_length, size(value), 1), INPUT)  # what is held is shown, even where the core takes less
    element: Json = {
        "type": _INPUT,
        "custom_id": field.name,
        "style": _PARAGRAPH if field.multiline or "\n" in value else _SHORT,
        "required": field.required,
        "max_length": most,
    }
    return element | ({"value": value} if value.strip() and _shows(field) else {})


def _shows(field: Field) -> bool:
    return size(visible(field.value)) <= INPUT


def _comes_back(value: str) -> bool:
    """Whether Discord keeps an option's value just as it is."""
    return size(_CHOSEN + value) <= OPTION_VALUE and visible(value) == value and value.strip() == value


def _menu(field: Field, offered: Sequence[Option]) -> Json:
    options = [_option(option.label, option.value, is_chosen=option.value == field.value) for option in offered]
    return _select(field.name, options, required=field.required)


def _ways(draft: Draft, words: Wording) -> Json:
    options = [_option(way.label, way.key, is_chosen=way.key == draft.submit) for way in draft.ways[:OPTIONS]]
    return _label(words.say("What to do next"), "", _select(SUBMIT, options, required=True))


def _select(name: str, options: Sequence[Json], *, required: bool) -> Json:
    return {
        "type": _MENU,
        "custom_id": name,
        "options": list(options),
        "required": required,
        "min_values": int(required),
        "max_values": 1,
    }


def _option(label: str, value: str, *, is_chosen: bool) -> Json:
    made = {"label": plain(label or value, OPTION_TEXT) or NOTHING, "value": _CHOSEN + value}
    return made | ({"default": True} if is_chosen else {})
