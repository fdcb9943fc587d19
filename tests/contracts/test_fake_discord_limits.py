"""The judge of payloads is judged: what Discord's reference allows passes, and one step beyond is found."""

from typing import Any

import pytest
from servers.discord_limits import faults, manners

Json = dict[str, Any]
NOBODY: Json = {"allowed_mentions": {"parse": []}}


def message(content: str | None = "hello", **more: object) -> Json:
    return {"content": content, **NOBODY, **more}


def embeds(*held: Json) -> Json:
    return message(embeds=list(held))


def field(name: int = 5, value: int = 5) -> Json:
    return {"name": "n" * name, "value": "v" * value}


def button(number: int = 0, **more: object) -> Json:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": f"b{number}", **more}


def row(*held: Json) -> Json:
    return {"type": 1, "components": list(held)}


def rows(*held: Json) -> Json:
    return message(components=list(held))


def menu(count: int = 1, **more: object) -> Json:
    options = [{"label": f"l{number}", "value": f"v{number}"} for number in range(count)]
    return {"type": 3, "custom_id": "m", "options": options, **more}


def layout(*held: Json, **more: object) -> Json:
    return {"flags": 1 << 15, "components": list(held), **more}


def text(length: int = 5) -> Json:
    return {"type": 10, "content": "t" * length}


def typing(**more: object) -> Json:
    return {"type": 4, "custom_id": "t", "style": 1, **more}


def label(component: Json, **more: object) -> Json:
    return {"type": 18, "label": "Speaker", "component": component, **more}


def modal(*parts: Json, **more: object) -> Json:
    return {"custom_id": "m", "title": "Add", "components": list(parts), **more}


def option(name: str = "query", kind: int = 3, **more: object) -> Json:
    return {"name": name, "description": "d", "type": kind, **more}


def command(*options: Json, **more: object) -> Json:
    return {"name": "tipfacts", "description": "Ask", "options": list(options), **more}


def choices(count: int, **more: object) -> Json:
    return {"choices": [{"name": f"c{number}", "value": f"v{number}"} | more for number in range(count)]}


TAKEN: list[tuple[str, object]] = [
    ("message", message("a" * 2_000, nonce="n" * 25, enforce_nonce=True, flags=1 << 12)),
    ("message", embeds({"title": "t" * 256, "description": "d" * 4_096, "footer": {"text": "f" * 1_392}})),
    ("message", embeds({"title": "t" * 256 + "  \n"}, *[{"description": "d"}] * 9)),
    ("message", embeds({"fields": [field(100, 100)] * 25, "color": 0xFFFFFF, "url": "https://x.example/"})),
    ("message", embeds({"timestamp": "2024-06-25T09:00:00+08:00", "author": {"name": "a" * 256}})),
    ("message", embeds({"fields": [field(256, 1_024)]})),
    ("message", {"content": "", "attachments": [{"id": 0}]}),
    ("message", rows(*[row(*[button(5 * r + c) for c in range(5)]) for r in range(5)])),
    ("message", rows(row(button(label="l" * 80, custom_id="c" * 100)), row(menu(25, placeholder="p" * 150)))),
    ("message", rows(row({"type": 2, "style": 5, "label": "Source", "url": "https://x.example/"}))),
    ("message", rows(row({"type": 2, "style": 2, "emoji": {"name": "x"}, "custom_id": "c"}))),
    ("message", layout(text(4_000), {"type": 17, "components": [row(button())]})),
    ("reply", message(flags=1 << 6)),
    ("edit", {"components": []}),
    ("edit", {"content": None}),
    ("modal", modal(*[label(typing(custom_id=str(n))) for n in range(5)], title="t" * 45, custom_id="c" * 100)),
    ("modal", modal(label(typing(style=2, max_length=4_000, min_length=0, placeholder="p" * 100, value="v" * 4_000)))),
    ("modal", modal(row(typing(label="l" * 45)), text())),
    ("modal", modal(label(menu(25, required=False, min_values=0), label="l" * 45, description="d" * 100))),
    ("modal", modal(label({"type": 21, "custom_id": "r", "options": menu(2)["options"]}))),
    ("modal", modal(label({"type": 19, "custom_id": "f"}), label({"type": 23, "custom_id": "c"}))),
    ("choices", choices(25, value="v" * 100)),
    ("command", command(option(autocomplete=True, required=True, max_length=6_000), option("other"))),
    ("command", command(option("add", 1, options=[option()]), option("log", 1))),
    ("command", command(option("roles", 2, options=[option("grant", 1, options=[option()])]))),
    ("command", command(name="查", name_localizations={"zh-TW": "摘要"}, contexts=[0, 1], integration_types=[0])),
    ("command", command(default_member_permissions="32", description="d" * 100)),
    ("commands", [command(name=f"c{number}") for number in range(100)]),
]  # fmt: skip

REFUSED: list[tuple[str, object, str]] = [
    ("message", message("a" * 2_001), "2001 characters, from 0 to 2000"),
    ("message", message("🙂" * 1_001), "2002 characters"),
    ("message", message(""), "nothing to show"),
    ("message", message(" \n"), "nothing to show"),
    ("message", rows(row(button())) | {"content": ""}, "nothing to show"),
    ("message", message(nonce="n" * 26), "nonce: 26 characters"),
    ("message", message(flags=1 << 6), "flags: 64"),
    ("message", message("\ud800"), "half a character"),
    ("message", message(allowed_mentions={"parse": ["users"], "users": ["1"]}), "both parsed and named"),
    ("message", message(allowed_mentions={"parse": ["channels"]}), "'channels' is none"),
    ("message", message(allowed_mentions={"users": ["1"] * 101}), "101, from 0 to 100"),
    ("message", embeds(*[{"description": "d"}] * 11), "embeds: 11, from 0 to 10"),
    ("message", embeds({"title": "t" * 257}), "embeds[0].title: 257"),
    ("message", embeds({"description": "d" * 4_097}), "embeds[0].description: 4097"),
    ("message", embeds({"fields": [field()] * 26}), "fields: 26, from 0 to 25"),
    ("message", embeds({"fields": [field(257)]}), "fields[0].name: 257"),
    ("message", embeds({"fields": [field(0)]}), "fields[0].name: 0"),
    ("message", embeds({"fields": [{"name": "n", "value": " \n"}]}), "fields[0].value: 0"),
    ("message", embeds({"fields": [{"name": "n"}]}), "fields[0].value: missing"),
    ("message", embeds({"fields": [field(1, 1_025)]}), "fields[0].value: 1025"),
    ("message", embeds({"footer": {"text": "f" * 2_049}}), "footer.text: 2049"),
    ("message", embeds({"author": {"name": "a" * 257}}), "author.name: 257"),
    ("message", embeds({"description": "d" * 3_000}, {"description": "d" * 3_001}), "6001 characters in all"),
    ("message", embeds({"color": 0x1000000, "title": "t"}), "color: 16777216"),
    ("message", embeds({"url": "javascript:alert(1)", "title": "t"}), "no web address"),
    ("message", embeds({"timestamp": "today", "title": "t"}), "no time"),
    ("message", embeds({"color": 1}), "nothing else in the embed"),
    ("message", rows(*[row(button(n)) for n in range(6)]), "6 rows, at most 5"),
    ("message", rows(row(*[button(n) for n in range(6)])), "6, from 1 to 5"),
    ("message", rows(row()), "0, from 1 to 5"),
    ("message", rows(row(button(1)), row(button(1))), "custom_id 'b1' 2 times"),
    ("message", rows(row(button(), menu())), "a select stands alone"),
    ("message", rows(row(button(custom_id="c" * 101))), "custom_id: 101"),
    ("message", rows(row(button(custom_id=""))), "custom_id: 0"),
    ("message", rows(row(button(custom_id=None))), "custom_id: missing"),
    ("message", rows(row(button(label="l" * 81))), "label: 81"),
    ("message", rows(row(button(label=None))), "label: missing"),
    ("message", rows(row(button(style=0))), "style: 0"),
    ("message", rows(row(button(url="https://x.example/"))), "url: not with style 1"),
    ("message", rows(row({"type": 2, "style": 5, "label": "a"})), "url: missing"),
    ("message", rows(row({"type": 2, "style": 5, "label": "a", "url": "https://" + "x" * 505})), "513 characters"),
    ("message", rows(row(menu(0))), "options: 0, from 1 to 25"),
    ("message", rows(row(menu(26))), "options: 26, from 1 to 25"),
    ("message", rows(row(menu(1, placeholder="p" * 151))), "placeholder: 151"),
    ("message", rows(row(menu(1, max_values=2))), "max_values: 2, with 1 options"),
    ("message", rows(row(menu(1, options=[{"label": "l" * 101, "value": "v"}]))), "label: 101"),
    ("message", rows(row(menu(1, options=[{"label": "l", "value": "v"}] * 2))), "value 'v' 2 times"),
    ("message", rows(row(typing())), "type: 4 is not taken here"),
    ("message", rows(button()), "type: 2 is not taken here"),
    ("message", rows(text()), "type: 10 is not taken here"),
    ("message", layout(text(), content="c"), "do not go with"),
    ("message", layout(text(2_000), text(2_001)), "4001 characters in all"),
    ("message", layout(*[text()] * 41), "41 components, at most 40"),
    ("message", "hello", "no object"),
    ("reply", message(flags=1 << 4), "flags: 16"),
    ("edit", {"content": "c" * 2_001}, "2001 characters"),
    ("modal", modal(), "components: 0, from 1 to 5"),
    ("modal", modal(*[label(typing(custom_id=str(n))) for n in range(6)]), "components: 6, from 1 to 5"),
    ("modal", modal(label(typing()), title="t" * 46), "title: 46"),
    ("modal", modal(label(typing()), title=""), "title: 0"),
    ("modal", modal(label(typing()), custom_id="c" * 101), "custom_id: 101"),
    ("modal", modal(label(typing()), label(typing())), "custom_id 't' 2 times"),
    ("modal", modal(label(typing(), label="l" * 46)), "label: 46"),
    ("modal", modal(label(typing(), description="d" * 101)), "description: 101"),
    ("modal", modal(label(typing(label="l"))), "not within a label"),
    ("modal", modal(label(typing(value="v" * 4_001))), "value: 4001"),
    ("modal", modal(label(typing(value="abcd", max_length=3))), "value: 4 characters, from 0 to 3"),
    ("modal", modal(label(typing(max_length=4_001))), "max_length: 4001"),
    ("modal", modal(label(typing(min_length=5, max_length=3))), "more than max_length"),
    ("modal", modal(label(typing(placeholder="p" * 101))), "placeholder: 101"),
    ("modal", modal(label(typing(style=3))), "style: 3"),
    ("modal", modal(row(typing())), "label: missing"),
    ("modal", modal(row(button())), "not taken here"),
    ("modal", modal(label(button())), "type: 2 is not taken here"),
    ("modal", modal(label(menu(1, disabled=True))), "not in a modal"),
    ("modal", modal(label(menu(1, min_values=0))), "an answer is required"),
    ("modal", modal(label({"type": 21, "custom_id": "r", "options": menu(1)["options"]})), "1, from 2 to 10"),
    ("choices", choices(26), "26, from 0 to 25"),
    ("choices", choices(1, name="n" * 101), "name: 101"),
    ("choices", choices(1, value="v" * 101), "value: 101"),
    ("choices", choices(1, name=""), "name: 0"),
    ("command", command(name="n" * 33), "name: 33"),
    ("command", command(name="Tipfacts"), "not in lower case"),
    ("command", command(name="tip facts"), "a character that no name has"),
    ("command", command(description=""), "description: 0"),
    ("command", command(description="d" * 101), "description: 101"),
    ("command", command(description_localizations={"zh-HK": "問"}), "'zh-HK' is no language"),
    ("command", command(name_localizations={"zh-TW": "問 答"}), "a character that no name has"),
    ("command", command(*[option(f"o{n}") for n in range(26)]), "26, from 0 to 25"),
    ("command", command(option(), option()), "name 'query' 2 times"),
    ("command", command(option(), option("must", required=True)), "after one that is not"),
    ("command", command(option(), option("add", 1)), "subcommands beside other options"),
    ("command", command(option("a", 1, options=[option("b", 1)])), "nested too deep"),
    ("command", command(option("a", 2, options=[option()])), "a group holds subcommands"),
    ("command", command(option(autocomplete=True, **choices(1))), "not with choices"),
    ("command", command(option(**choices(26))), "26, from 0 to 25"),
    ("command", command(option(kind=12)), "type: 12 is none"),
    ("command", command(contexts=[0, 0]), "each of [0, 1, 2]"),
    ("command", command(default_member_permissions="manage"), "is no number"),
    ("command", command(option("a", 1, options=[option(f"o{n}", **choices(25, value="v" * 100)) for n in range(4)])),
     "characters in the whole command"),
    ("commands", [command(), command()], "name 'tipfacts' 2 times"),
    ("commands", [command(name=f"c{number}") for number in range(101)], "101, from 0 to 100"),
    ("commands", [command(), command(name="N")], "[1].name: 'N' is not in lower case"),
]  # fmt: skip

RUDE = [
    (message("<@1>"), "a live mention, '<@1>'"),
    (message("<@&1>"), "a live mention"),
    (message("<#1>"), "a live mention"),
    (message("@everyone look"), "a live mention, '@everyone'"),
    (embeds({"fields": [{"name": "n", "value": "@here"}]}), "embeds[0].fields[0].value: a live mention"),
    ({"content": "hello"}, 'not {"parse": []}'),
    (message(allowed_mentions={"parse": ["users"]}), 'not {"parse": []}'),
    (embeds({"title": "t"}) | {"content": ""}, "content: missing, with embeds"),
]


@pytest.mark.parametrize(("kind", "payload"), TAKEN)
def test_what_the_reference_allows_is_no_fault(kind: str, payload: Json) -> None:
    assert faults(payload, kind) == []


@pytest.mark.parametrize(("kind", "payload", "fault"), REFUSED)
def test_one_step_beyond_is_found(kind: str, payload: Json, fault: str) -> None:
    assert any(fault in found for found in faults(payload, kind)), faults(payload, kind)


@pytest.mark.parametrize(("payload", "manner"), RUDE)
def test_what_discord_takes_and_we_do_not_send_is_found(payload: Json, manner: str) -> None:
    assert faults(payload, "message") == []
    assert any(manner in found for found in manners(payload, "message")), manners(payload, "message")


@pytest.mark.parametrize("text", ["\\<@1>", "@\u200beveryone", "<@\u200b1>", "<@x>", "@ everyone", "<#channel>"])
def test_a_mention_made_harmless_is_none(text: str) -> None:
    assert manners(message(text), "message") == []


def test_people_and_channels_are_called_by_name_where_one_person_alone_reads_it() -> None:
    named = message("<@1> in <#2>")
    assert len(manners(named, "message")) == 2
    assert manners(named, "message", private=True) == []
    for text in ("@everyone", "@here", "<@&1>", "</tipfacts:1>"):
        assert manners(message(text), "message", private=True) != []


def test_an_edit_may_leave_out_what_stays() -> None:
    assert manners({"components": []}, "edit") == []
    assert manners({"embeds": [{"title": "t"}]}, "edit") == []
