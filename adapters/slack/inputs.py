"""The fields of a form as input blocks, and what comes back from them.

Slack keeps what a person typed where an updated view has an input with the same block_id and action_id. A field's
block_id is its name, which errors are keyed by; so each step of a form has an action_id of its own.
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack.cutting import clip
from adapters.slack.escape import one_line, visible
from adapters.slack.kit import Json, plain
from adapters.slack.limits import HINT, INPUT, LABEL, OPTION_TEXT, OPTION_VALUE, OPTIONS, RADIO_OPTIONS, size
from bot.messages.exchange import Field, Form, Option, Submit
from bot.wording.wording import Wording, wording

CALLBACK = "form:"  # a view's callback_id; the key of the only way to send it follows
SUBMIT = "submit"
CANCEL = "cancel"
_CHOSEN = "="  # before an option's value: Slack takes no empty one
_LISTED = 1_000


def submits_of(form: Form) -> tuple[Submit, ...]:
    """Return the ways to send a form; to cancel it there is Slack's own button."""
    return tuple(submit for submit in form.submits if submit.key != CANCEL)[:RADIO_OPTIONS]


def input_blocks(form: Form) -> list[Json]:
    """Return the form's fields, and where it can be sent in several ways, which one."""
    words, action_id = wording(form.locale), _action_id(form)
    blocks = [_input(field, action_id, words) for field in form.fields]
    submits = submits_of(form)
    if len(submits) > 1:
        options = [_option(submit.label, submit.key) for submit in submits]
        element = {"type": "radio_buttons", "options": options, "initial_option": options[0]}
        blocks.append(_block(SUBMIT, words.say("What to do next"), {**element, "action_id": action_id}))
    return blocks


def read_view(view: Mapping[str, Any]) -> tuple[dict[str, str], str]:
    """Return what a sent view holds, by the name of the field ("" where nothing), and which way it was sent."""
    values = {
        block_id: _value(element)
        for block_id, elements in view.get("state", {}).get("values", {}).items()
        for element in elements.values()
    }
    only = str(view.get("callback_id") or "").removeprefix(CALLBACK)
    return values, values.pop(SUBMIT, "") or only


def _value(element: Mapping[str, Any]) -> str:
    option = element.get("selected_option")
    if isinstance(option, Mapping):
        return str(option.get("value", "")).removeprefix(_CHOSEN)
    return str(element.get("value") or "")


def _action_id(form: Form) -> str:
    step = f"{form.command}\n{form.step}\n{form.title}\n{form.carried}"
    return f"value:{zlib.crc32(step.encode('utf-8', 'replace')):08x}"


def _input(field: Field, action_id: str, words: Wording) -> Json:
    offered = {option.value: option for option in field.options}
    takes = len(offered) <= OPTIONS and all(map(_comes_back, offered))
    hints = [one_line(field.hint)]
    if offered and takes:
        element = _select(field, list(offered.values()))
    else:
        element = _text_input(field)
        hints.append(
            words.say("Write one of: {options}", options=clip(words.join(offered), _LISTED)) if offered else ""
        )
        hints.append("" if _shows(field) else _too_long(field, words))
    block = _block(field.name, field.label, {**element, "action_id": action_id}, optional=not field.required)
    hint = " ".join(filter(None, hints))
    return block | ({"hint": plain(hint, HINT)} if hint else {})


def _comes_back(value: str) -> bool:
    """Whether Slack keeps an option's value just as it is."""
    return size(_CHOSEN + value) <= OPTION_VALUE and visible(value) == value


def _block(name: str, label: str, element: Json, *, optional: bool = False) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, LABEL),
        "element": element,
        "optional": optional,
    }


def _select(field: Field, offered: Sequence[Option]) -> Json:
    options = [_option(option.label, option.value) for option in offered]
    chosen = [made for option, made in zip(offered, options, strict=True) if option.value == field.value]
    return {"type": "static_select", "options": options} | ({"initial_option": chosen[0]} if chosen else {})


def _text_input(field: Field) -> Json:
    value = visible(field.value)
    most = min(max(field.max_length, size(value), 1), INPUT)  # what is held is shown, even where the core takes less
    element: Json = {
        "type": "plain_text_input",
        "multiline": field.multiline or "\n" in value,
        "max_length": most,
    }
    return element | ({"initial_value": value} if value.strip() and _shows(field) else {})


def _shows(field: Field) -> bool:
    return size(visible(field.value)) <= INPUT


def _too_long(field: Field, words: Wording) -> str:
    return words.say(
        "What is held has {count} characters, more than Slack can show here, so this is empty. Sent empty, it is"
        " removed: cancel, and change it in the console.",
        count=words.number(len(field.value)),
    )


def _option(label: str, value: str) -> Json:
    return {"text": plain(label or value, OPTION_TEXT), "value": _CHOSEN + value}
