"""A person before a Discord modal: what is sent when they press its button, after "Modal Submit" in the reference."""

from collections.abc import Mapping
from typing import Any

MENU, INPUT, LABEL = 3, 4, 18


def inputs(modal: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The labels of a modal that hold something to fill in, by its custom_id."""
    return {each["component"]["custom_id"]: each for each in modal["components"] if each["type"] == LABEL}


def sent(modal: Mapping[str, Any], **typed: str) -> dict[str, Any]:
    """The data of the interaction: what was typed, the label of what was chosen, or what stood there."""
    return {
        "custom_id": modal["custom_id"],
        "components": [_sent(number, each, typed) for number, each in enumerate(modal["components"])],
    }


def _sent(number: int, component: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    held: dict[str, Any] = {"type": component["type"], "id": number}
    if component["type"] != LABEL:
        return held
    asked = component["component"]
    name = asked["custom_id"]
    answer: dict[str, Any] = {"type": asked["type"], "custom_id": name}
    if asked["type"] == INPUT:
        return held | {"component": answer | {"value": typed.get(name, asked.get("value", ""))}}
    chosen = [option for option in asked["options"] if option["label"] == typed.get(name)]
    chosen = chosen or [option for option in asked["options"] if option.get("default")]
    return held | {"component": answer | {"values": [option["value"] for option in chosen]}}
