"""A person fills in a modal: what Discord itself checks before the app hears of it, and what it then sends."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from servers.discord_parts import (
    CHECKBOX,
    CHECKBOXES,
    LABEL,
    RADIO,
    ROW,
    STRING_SELECT,
    TEXT,
    TEXT_INPUT,
    UPLOAD,
)
from servers.discord_payloads import Payloads
from servers.discord_world import Json, Modal, World

REQUIRED = "This field is required."
Value = str | bool | Sequence[str] | tuple[str, bytes] | None


@dataclass
class Filled:
    """A modal as it is sent: the data of the interaction, and what Discord complains of instead, by custom_id."""

    data: Json
    errors: dict[str, str] = field(default_factory=dict)


def fields(modal: Modal) -> dict[str, object]:
    """Return what stands in each field, by custom_id: the text, the value chosen (a list for several), or yes or no."""
    return {one["custom_id"]: _initial(one) for _, one in _inputs(modal)}


def _inputs(modal: Modal) -> Iterator[tuple[str, Json]]:
    """Yield each field with its label."""
    for part in modal.shown.get("components", ()):
        if part["type"] == LABEL:
            yield part["label"], part["component"]
        elif part["type"] == ROW:
            for one in part["components"]:
                yield str(one.get("label", "")), one


def fill(world: World, payloads: Payloads, modal: Modal, values: Mapping[str, Value]) -> Filled:
    """Fill in a modal: `values` by custom_id or label; what is not given stays as it is. A file is (name, bytes).

    Raises AssertionError where there is no such field or option.
    """
    inputs = list(_inputs(modal))
    names = {name for label, one in inputs for name in (label, one["custom_id"])}
    assert not values.keys() - names, f"no field {sorted(values.keys() - names)}; there are {sorted(names)}"
    filled = Filled({"custom_id": modal.custom_id, "components": []})
    number = 0
    for part in modal.shown.get("components", ()):
        number += 1
        if part["type"] == TEXT:
            filled.data["components"].append({"type": TEXT, "id": part.get("id", number)})
            continue
        inner = part["component"] if part["type"] == LABEL else part["components"][0]
        label = part["label"] if part["type"] == LABEL else inner.get("label", "")
        value = values.get(inner["custom_id"], values.get(label, _initial(inner)))
        complaint = _complaint(inner, value)
        if complaint:
            filled.errors[inner["custom_id"]] = complaint
        answer = {"type": inner["type"], "id": number + 1, "custom_id": inner["custom_id"]}
        answer |= _answer(world, payloads, inner, value, filled.data)
        held = {"component": answer} if part["type"] == LABEL else {"components": [answer]}
        filled.data["components"].append({"type": part["type"], "id": number, **held})
        number += 1
    return filled


def _initial(one: Json) -> Value:
    kind = one["type"]
    if kind == TEXT_INPUT:
        return str(one.get("value") or "")
    if kind == CHECKBOX:
        return bool(one.get("default"))
    chosen = [str(option["value"]) for option in one.get("options") or () if option.get("default")]
    if kind in (STRING_SELECT, CHECKBOXES) and (one.get("max_values") or 1) > 1:
        return chosen
    return chosen[0] if chosen else None


def _answer(world: World, payloads: Payloads, one: Json, value: Value, data: Json) -> Json:
    """Write the answer of one field."""
    match one["type"]:
        case kind if kind == TEXT_INPUT:
            assert isinstance(value, str), f"{one['custom_id']} takes a text"
            assert "\n" not in value or one["style"] == 2, "a field of one line takes no second"
            return {"value": value}
        case kind if kind == CHECKBOX:
            return {"value": bool(value)}
        case kind if kind == RADIO:
            chosen = _chosen(one, value)
            return {"value": chosen[0] if chosen else None}
        case kind if kind in (STRING_SELECT, CHECKBOXES):
            return {"values": _chosen(one, value)}
        case kind if kind == UPLOAD:
            return {"values": _uploaded(world, payloads, value, data)}
        case kind:
            raise AssertionError(f"nobody can fill in a component of type {kind} here")


def _uploaded(world: World, payloads: Payloads, value: Value, data: Json) -> list[str]:
    if not value:
        return []
    match value:
        case (str(name), bytes(content)):
            file = world.add_file(name, content)
        case _:
            raise AssertionError("a file is (name, bytes)")
    data.setdefault("resolved", {}).setdefault("attachments", {})[file.id] = payloads.file(file)
    return [file.id]


def _listed(value: Value) -> list[str]:
    if value is None or value == "":
        return []
    return [value] if isinstance(value, str) else [str(one) for one in value]  # type: ignore[union-attr]


def _chosen(one: Json, value: Value) -> list[str]:
    return [option_of(one, wanted) for wanted in _listed(value)]


def option_of(element: Json, wanted: str) -> str:
    """Return the value of the option with that value or label. Raises AssertionError where there is none."""
    options: list[Json] = element.get("options") or []
    for option in options:
        if wanted in (option["value"], option["label"]):
            return str(option["value"])
    raise AssertionError(f"no option {wanted!r}; there are {[option['label'] for option in options]}")


def _complaint(one: Json, value: Value) -> str | None:
    """Return what Discord shows on a field without asking the app."""
    if one["type"] == CHECKBOX:
        return None
    needed = one.get("required") is not False
    if not value:
        return REQUIRED if needed else None
    if one["type"] == TEXT_INPUT and isinstance(value, str):
        if len(value) > (one.get("max_length") or 4_000):
            return f"This must be {one.get('max_length') or 4_000} or fewer in length."
        if len(value) < (one.get("min_length") or 0):
            return f"This must be {one['min_length']} or more in length."
    return None
