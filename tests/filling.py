"""A person before a modal: what Slack sends when they press its button, after the examples of its reference."""

from collections.abc import Mapping
from typing import Any


def inputs(view: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The input blocks of a view by their block_id."""
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def sent(view: Mapping[str, Any], **typed: str | None) -> dict[str, Any]:
    """The view as it is sent: with what was typed, the label of what was chosen, or what stood there."""
    values: dict[str, Any] = {}
    for name, block in inputs(view).items():
        element = block["element"]
        held: dict[str, Any] = {"type": element["type"]}
        if element["type"] == "plain_text_input":
            held["value"] = typed.get(name, element.get("initial_value"))
        else:
            chosen = [option for option in element["options"] if option["text"]["text"] == typed.get(name)]
            held["selected_option"] = chosen[0] if chosen else element.get("initial_option")
        values[name] = {element["action_id"]: held}
    return {**view, "state": {"values": values}}
