"""The judge of payloads is judged: what Slack's reference allows passes, and one step beyond is found."""

from typing import Any

import pytest
from servers.slack_limits import faults

Json = dict[str, Any]


def plain(length: int = 5) -> Json:
    return {"type": "plain_text", "text": "a" * length}


def mrkdwn(text: str = "hello") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "hello", **more: object) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(**more: object) -> Json:
    return {"type": "button", "text": plain(), **more}


def buttons(*elements: object) -> Json:
    return {"type": "actions", "elements": list(elements)}


def asking(element: Json, **more: object) -> Json:
    return {"type": "input", "label": plain(), "element": element, **more}


def typing(**more: object) -> Json:
    return asking({"type": "plain_text_input", **more})


def option(number: int = 1, label: int = 5) -> Json:
    return {"text": plain(label), "value": f"v{number}"}


def options(count: int, kind: str = "static_select", **more: object) -> Json:
    return asking({"type": kind, "options": [option(number) for number in range(count)], **more})


def message(*blocks: object, text: str = "fallback") -> Json:
    return {"text": text, "blocks": list(blocks)}


def modal(*blocks: object, **more: object) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks), **more}


TAKEN = [
    message(section("a" * 3_000)),
    message(*[section(block_id=str(number)) for number in range(50)]),
    message({"type": "header", "text": plain(150)}, {"type": "divider"}),
    message({"type": "context", "elements": [mrkdwn()] * 10}),
    message({"type": "section", "fields": [mrkdwn("a" * 600)] * 10}),
    message(buttons(*[button(action_id=str(number), value="v" * 2_000) for number in range(25)])),
    message(buttons(button(url="https://x.example/", style="danger"))),
    message({"type": "image", "image_url": "https://x.example/a.png", "alt_text": "a"}),
    message(section("<https://x.example|a> &lt;!channel&gt; <!date^1^{date}|x>")),
    {"text": "only text"},
    {"delete_original": True},
    modal(typing(initial_value="abc", max_length=3)),
    modal(*[section() for _ in range(100)], private_metadata="m" * 3_000, close=plain(24), callback_id="c" * 255),
    modal(options(100, initial_option=option(99))),
    modal(options(10, "radio_buttons")),
    {"trigger_id": "1", "view": modal(section())},
    {"type": "home", "blocks": [section()]},
    {"response_action": "errors", "errors": {"field": "wrong"}},
    {"response_action": "update", "view": modal(section())},
    {"response_action": "clear"},
]

REFUSED = [
    (message(section("a" * 3_001)), "3001 characters, from 1 to 3000"),
    (message(section("🙂" * 1_501)), "3002 characters"),
    (message(section("")), "0 characters"),
    (message(section(" \n")), "nothing but space"),
    (message({"type": "section"}), "neither text nor fields"),
    (message({"type": "section", "fields": [mrkdwn()] * 11}), "11, from 0 to 10"),
    (message({"type": "section", "fields": [mrkdwn("a" * 2_001)]}), "from 1 to 2000"),
    (message(*[section()] * 51), "51 blocks, at most 50"),
    (message(section(block_id="x"), section(block_id="x")), "block_id 'x' 2 times"),
    (message(section(block_id="x" * 256)), "from 1 to 255"),
    (message(section(block_id="")), "0 characters"),
    (message({"type": "header", "text": plain(151)}), "from 1 to 150"),
    (message({"type": "header", "text": mrkdwn()}), "'mrkdwn' is not taken here"),
    (message({"type": "header"}), "text: missing"),
    (message({"type": "context", "elements": [mrkdwn()] * 11}), "11, from 1 to 10"),
    (message({"type": "context", "elements": []}), "0, from 1 to 10"),
    (message(buttons()), "0, from 1 to 25"),
    (message(buttons(*[button()] * 26)), "26, from 1 to 25"),
    (message(buttons(button(action_id="a"), button(action_id="a"))), "action_id 'a' 2 times"),
    (message(buttons(button(action_id="a" * 256))), "from 1 to 255"),
    (message(buttons(button(value="v" * 2_001))), "from 1 to 2000"),
    (message(buttons(button(url="https://x.example/" + "a" * 3_000))), "from 1 to 3000"),
    (message(buttons(button(url="javascript:alert(1)"))), "no web address"),
    (message(buttons(button(style="default"))), "neither primary nor danger"),
    (message(buttons(button() | {"text": plain(76)})), "from 1 to 75"),
    (message(buttons("button")), "'' is no known element"),
    (message({"type": "marquee"}), "'marquee' is no known block"),
    (message("section"), "'' is no known block"),
    (message(section("<!channel>")), "a live mention"),
    (message(section("<@U1>")), "a live mention"),
    (message(section("<#C1>")), "a live mention"),
    (message(section(), text="<!here>"), "a live mention"),
    (message(section(), text=""), "text: missing"),
    ({"text": ""}, "neither text nor blocks"),
    (message(*[section("a" * 2_900)] * 2, text="a" * 6_201), "12001 characters in blocks and text"),
    (message(section("\ud800")), "half a character"),
    (message(section() | {"text": mrkdwn() | {"emoji": True}}), "for plain_text only"),
    (message(section() | {"text": plain() | {"verbatim": True}}), "for mrkdwn only"),
    (modal(section(), title=plain(25)), "from 1 to 24"),
    (modal(section(), title=None), "title: missing"),
    (modal(section(), submit=plain(0)), "0 characters"),
    (modal(section(), close=plain(25)), "from 1 to 24"),
    (modal(section(), private_metadata="m" * 3_001), "from 0 to 3000"),
    (modal(), "no blocks"),
    (modal(*[section()] * 101), "101 blocks, at most 100"),
    ({"type": "modal", "title": plain(), "blocks": [typing()]}, "submit: missing"),
    (modal(typing(initial_value="abcd", max_length=3)), "4 characters, from 1 to 3"),
    (modal(typing(initial_value="")), "0 characters"),
    (modal(typing(max_length=3_001)), "from 1 to 3000"),
    (modal(typing(min_length=-1)), "from 0 to 3000"),
    (modal(typing(placeholder=plain(151))), "from 1 to 150"),
    (modal(typing() | {"label": plain(2_001)}), "from 1 to 2000"),
    (modal(typing() | {"hint": plain(2_001)}), "from 1 to 2000"),
    (modal(asking(button())), "a button is no input"),
    (modal({"type": "input", "label": plain()}), "element: missing"),
    (modal(options(101)), "101, from 1 to 100"),
    (modal(options(0)), "0, from 1 to 100"),
    (modal(options(11, "radio_buttons")), "11, from 1 to 10"),
    (modal(options(2, initial_option=option(3))), "not one of the options"),
    (modal(asking({"type": "static_select", "options": [option(label=76)]})), "from 1 to 75"),
    (modal(asking({"type": "static_select", "options": [option() | {"value": "v" * 151}]})), "from 1 to 150"),
    (modal(asking({"type": "static_select", "options": [option() | {"value": ""}]})), "0 characters"),
    ({"type": "home", "title": plain(), "blocks": [section()]}, "not in a home view"),
    ({"view": {"type": "popup", "blocks": [section()]}}, "neither modal nor home"),
    ({"view": None}, "no view"),
    ({"response_action": "errors", "errors": {}}, "errors: none"),
    ({"response_action": "errors", "errors": {"field": ""}}, "0 characters"),
    ({"response_action": "explode"}, "is none"),
]


@pytest.mark.parametrize("payload", TAKEN)
def test_what_the_reference_allows_is_no_fault(payload: Json) -> None:
    assert faults(payload) == []


@pytest.mark.parametrize(("payload", "fault"), REFUSED)
def test_one_step_beyond_is_found(payload: Json, fault: str) -> None:
    assert any(fault in found for found in faults(payload)), faults(payload)
