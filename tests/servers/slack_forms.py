"""A person fills in a modal: what Slack itself checks before the app hears of it, and the state it then sends."""

from collections.abc import Mapping

from servers.slack_payloads import untouched
from servers.slack_world import Json, View

REQUIRED = "Please complete this required field."
SUBMIT_BLOCK = "submit"


def filled(view: View, values: Mapping[str, str], option: str | None = None) -> Json:
    """Return the state of a view: `values` by block_id, `option` for the block "submit", by value or by label.

    What is not given keeps its initial value; "" empties a field. Raises AssertionError where there is no such field
    or option.
    """
    given = dict(values) | ({SUBMIT_BLOCK: option} if option is not None else {})
    inputs = {block["block_id"]: block for block in view.blocks if block.get("type") == "input"}
    unknown = given.keys() - inputs.keys()
    assert not unknown, f"no field {sorted(unknown)} in the view; there are {sorted(inputs)}"
    return {
        block_id: {block["element"]["action_id"]: _state(block["element"], given.get(block_id))}
        for block_id, block in inputs.items()
    }


def complaints(view: View, state: Json) -> dict[str, str]:
    """Return what Slack shows on fields without asking the app, by block_id."""
    found: dict[str, str] = {}
    for block in view.blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        held = state[block["block_id"]][element["action_id"]]
        text = held.get("value")
        empty = not (text or held.get("selected_option") or held.get("selected_options"))
        if empty and not block.get("optional"):
            found[block["block_id"]] = REQUIRED
        elif text and len(text) > element.get("max_length", 3_000):
            found[block["block_id"]] = f"This must be at most {element.get('max_length', 3_000)} characters."
        elif text and len(text) < element.get("min_length", 0):
            found[block["block_id"]] = f"This must be at least {element['min_length']} characters."
    return found


def _state(element: Json, value: str | None) -> Json:
    """Return the state of one input. None leaves it as it was."""
    if value is None:
        return untouched(element)
    kind = element["type"]
    match kind:
        case "plain_text_input":
            assert "\n" not in value or element.get("multiline"), "a field of one line takes no second"
            return {"type": kind, "value": value or None}
        case "checkboxes":
            return {"type": kind, "selected_options": [option_of(element, one) for one in value.split("\n") if one]}
        case _:
            return {"type": kind, "selected_option": option_of(element, value) if value else None}


def option_of(element: Json, wanted: str) -> Json:
    """Return the option with that value or label. Raises AssertionError where there is none."""
    options: list[Json] = element.get("options", [])
    for option in options:
        if wanted in (option["value"], option["text"]["text"]):
            return option
    raise AssertionError(f"no option {wanted!r}; there are {[option['text']['text'] for option in options]}")
