"""What Slack would refuse in a message or a view, after its reference (docs.slack.dev/reference: block-kit, views).

It is written apart from adapters/slack/limits.py on purpose: a figure that is wrong there is found out here. Slack does
not say whether it counts characters or UTF-16 units; the stricter count is taken. Two rules are the house's own: what
carries blocks also carries text, and blocks and text together stay where no post was ever seen to fail.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from servers.slack_parts import (
    Check,
    Json,
    Thing,
    count_faults,
    element_faults,
    halves,
    length,
    mentions,
    missing,
    repeated,
    string_faults,
    text_faults,
    texts_in,
    type_of,
    url_faults,
)

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT = 12_000  # bolt-js issue 2509: fails near 13,172, undocumented
VIEW_BYTES = 250_000


def faults(payload: Mapping[str, object]) -> list[str]:
    """Return what Slack would refuse, one sentence each with where it stands; empty where it would take the payload.

    The payload is a message, a view, what holds a view (`views.open`), or the answer to a submitted view.
    """
    found = list(halves(payload, "payload"))
    if "response_action" in payload:
        return found + list(_response(payload))
    if "view" in payload:
        return found + list(_view(payload["view"], "view"))
    if payload.get("type") in ("modal", "home"):
        return found + list(_view(payload, "view"))
    return found + list(_message(payload))


def _message(message: Thing) -> Iterator[str]:
    blocks, text = message.get("blocks") or [], message.get("text") or ""
    if message.get("delete_original"):
        return
    if not isinstance(text, str) or not text.strip():
        yield "text: missing" if blocks else "text: neither text nor blocks"
        text = ""
    yield from mentions(text, "text")
    if blocks:
        yield from _blocks(blocks, "blocks", MESSAGE_BLOCKS)
    size = length(text) + sum(length(part) for part in texts_in(blocks))
    if size > MESSAGE_TEXT:
        yield f"message: {size} characters in blocks and text, at most {MESSAGE_TEXT}"


def _view(view: Json, at: str) -> Iterator[str]:
    if not isinstance(view, Mapping):
        yield f"{at}: no view"
        return
    yield from _blocks(view.get("blocks"), f"{at}.blocks", VIEW_BLOCKS)
    yield from string_faults(view.get("private_metadata"), f"{at}.private_metadata", 3_000, least=0)
    yield from string_faults(view.get("callback_id"), f"{at}.callback_id", 255)
    yield from string_faults(view.get("external_id"), f"{at}.external_id", 255)
    if view.get("type") == "modal":
        yield from missing(view, at, "title")
        for name in ("title", "submit", "close"):
            yield from text_faults(view.get(name), f"{at}.{name}", 24, plain=True)
        if "submit" not in view and any(type_of(block) == "input" for block in view.get("blocks") or ()):
            yield f"{at}.submit: missing, with input blocks"
    elif view.get("type") == "home":
        yield from (f"{at}.{name}: not in a home view" for name in ("title", "submit", "close") if name in view)
    else:
        yield f"{at}.type: neither modal nor home"
    size = len(json.dumps(view))
    if size > VIEW_BYTES:
        yield f"{at}: {size} bytes, at most {VIEW_BYTES}"


def _response(response: Thing) -> Iterator[str]:
    match response["response_action"]:
        case "errors":
            errors = response.get("errors")
            if not isinstance(errors, Mapping) or not errors:
                yield "errors: none"
                return
            for block_id, error in errors.items():
                yield from string_faults(block_id, "errors: block_id", 255)
                yield from string_faults(error, f"errors.{block_id}", 3_000)
        case "update" | "push":
            yield from _view(response.get("view"), "view")
        case "clear":
            pass
        case other:
            yield f"response_action: {other!r} is none"


def _blocks(blocks: Json, at: str, most: int) -> Iterator[str]:
    if not isinstance(blocks, Sequence) or isinstance(blocks, str) or not blocks:
        yield f"{at}: no blocks"
        return
    if len(blocks) > most:
        yield f"{at}: {len(blocks)} blocks, at most {most}"
    yield from repeated(blocks, "block_id", at)
    for number, block in enumerate(blocks):
        yield from _block(block, f"{at}[{number}]")


def _block(block: Json, at: str) -> Iterator[str]:
    check = _BLOCKS.get(type_of(block))
    if check is None:
        yield f"{at}.type: {type_of(block)!r} is no known block"
        return
    yield from string_faults(block.get("block_id"), f"{at}.block_id", 255)
    yield from check(block, at)


def _section(block: Thing, at: str) -> Iterator[str]:
    fields = block.get("fields") or ()
    if "text" not in block and not fields:
        yield f"{at}: neither text nor fields"
    yield from text_faults(block.get("text"), f"{at}.text", 3_000)
    yield from count_faults(fields, f"{at}.fields", 10, least=0)
    for number, field in enumerate(fields):
        yield from text_faults(field, f"{at}.fields[{number}]", 2_000)
    if "accessory" in block:
        yield from element_faults(block["accessory"], f"{at}.accessory")


def _header(block: Thing, at: str) -> Iterator[str]:
    yield from missing(block, at, "text")
    yield from text_faults(block.get("text"), f"{at}.text", 150, plain=True)


def _context(block: Thing, at: str) -> Iterator[str]:
    elements = block.get("elements") or ()
    yield from count_faults(elements, f"{at}.elements", 10)
    for number, element in enumerate(elements):
        where = f"{at}.elements[{number}]"
        yield from _image(element, where) if type_of(element) == "image" else text_faults(element, where, 3_000)


def _actions(block: Thing, at: str) -> Iterator[str]:
    elements = block.get("elements") or ()
    yield from count_faults(elements, f"{at}.elements", 25)
    yield from repeated(elements, "action_id", at)
    for number, element in enumerate(elements):
        yield from element_faults(element, f"{at}.elements[{number}]")


def _input(block: Thing, at: str) -> Iterator[str]:
    yield from missing(block, at, "label", "element")
    yield from text_faults(block.get("label"), f"{at}.label", 2_000, plain=True)
    yield from text_faults(block.get("hint"), f"{at}.hint", 2_000, plain=True)
    if type_of(block.get("element")) == "button":
        yield f"{at}.element: a button is no input"
    yield from element_faults(block.get("element"), f"{at}.element")


def _image(block: Thing, at: str) -> Iterator[str]:
    yield from missing(block, at, "image_url", "alt_text")
    yield from url_faults(block.get("image_url"), f"{at}.image_url")
    yield from string_faults(block.get("alt_text"), f"{at}.alt_text", 2_000)
    yield from text_faults(block.get("title"), f"{at}.title", 2_000, plain=True)


def _divider(_block: Thing, _at: str) -> Iterator[str]:
    yield from ()


_BLOCKS: Mapping[str, Check] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "divider": _divider,
}
