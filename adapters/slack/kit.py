"""The few blocks and elements of Block Kit that tipfacts uses, as the JSON that Slack takes."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from adapters.slack.cutting import clip
from adapters.slack.escape import escape, has_markup, link, one_line, prose, visible
from adapters.slack.limits import BUTTON_TEXT, BUTTON_VALUE, SECTION_TEXT, size

Json = dict[str, Any]
NOTHING = "–"

_SAFE_IN_VALUES = str.maketrans({"&": "\\u0026", "<": "\\u003c", ">": "\\u003e"})


def plain(text: str, most: int) -> Json:
    """Return a plain text object of one line of at most `most` characters; a dash where it says nothing."""
    return literal(escape(clip(one_line(text), most)) or NOTHING)


def mrkdwn(text: str) -> Json:
    """Return a text object of escaped text. `verbatim`: Slack makes no links or mentions of what merely looks so."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def literal(text: str) -> Json:
    """Return a text object of escaped text that is shown as it is written."""
    return {"type": "plain_text", "text": text, "emoji": False}


def written(text: str) -> Json:
    """Return a text object that shows a text as it is written; its web addresses are links where it has no markup."""
    return literal(escape(text)) if has_markup(text) else mrkdwn(prose(text))


def linked(url: str) -> Json:
    """Return a text object that is a link to an address, or shows it as it is written where it can be none."""
    shown = link(url)
    return mrkdwn(shown) if shown.startswith("<") else literal(shown)


def section(text: str | Json) -> Json:
    """Return a section of a text object, or of escaped text without markup, shown whole: "see more" would hide the
    sources at its end.
    """
    return {"type": "section", "text": mrkdwn(text) if isinstance(text, str) else text, "expand": True}


def context(text: Json) -> Json:
    """Return a remark."""
    return {"type": "context", "elements": [text]}


def sections(lines: Iterable[Json]) -> Iterator[Json]:
    """Yield text objects, each a line or more, in as few sections as hold them; one that says nothing has none."""
    run: Json | None = None
    for line in lines:
        if not line["text"].strip():  # which Slack refuses
            continue
        both = joined(run, line, "\n") if run else None
        if run and not both:
            yield section(run)
        run = both or line
    if run:
        yield section(run)


def joined(before: Json, after: Json, between: str) -> Json | None:
    """Return two text objects as one; None where they are of two types, or longer than a section."""
    both = before | {"text": f"{before['text']}{between}{after['text']}"}
    return both if before["type"] == after["type"] and size(both["text"]) <= SECTION_TEXT else None


def actions(buttons: Sequence[Json]) -> Json:
    """Return a row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def button(action_id: str, label: str, value: str | None) -> Iterable[Json]:
    """Yield a button that carries the value, or nothing where there is nothing to say or to carry."""
    if value is not None and one_line(label):
        yield {"type": "button", "action_id": action_id, "text": plain(label, BUTTON_TEXT), "value": value}


def carried(**parts: str | int) -> str | None:
    """Return what a button carries, as JSON; None where it is more than Slack keeps.

    Slack may give a value back with its `&`, `<` and `>` as entities (bolt-python issue 513), so none stands in it.
    """
    held = {name: visible(part) if isinstance(part, str) else part for name, part in parts.items()}
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":")).translate(_SAFE_IN_VALUES)
    return text if size(text) <= BUTTON_VALUE else None


def texts(block: Json) -> Iterable[str]:
    """Yield what a block of this module shows."""
    match block["type"]:
        case "section" | "header":
            yield block["text"]["text"]
        case "context":
            yield from (element["text"] for element in block["elements"])
        case "actions":
            yield from (element["text"]["text"] for element in block["elements"])
