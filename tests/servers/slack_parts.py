"""What Slack would refuse in the parts of a block: elements, options, text objects, plain strings.

Each check yields one sentence for each fault, with where it stands, and nothing for what is not there.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

Json = Any  # what came in: its shape is what is checked
Thing = Mapping[str, Any]
Check = Callable[[Json, str], Iterator[str]]

URL = re.compile(r"https?://[^\s<>|]+")
MENTION = re.compile(r"<(?:@|#|!(?!date\^))")
HALF = re.compile("[\ud800-\udfff]")


def element_faults(element: Json, at: str) -> Iterator[str]:
    """Check a button, menu or field."""
    check = _ELEMENTS.get(type_of(element))
    if check is None:
        yield f"{at}.type: {type_of(element)!r} is no known element"
        return
    yield from string_faults(element.get("action_id"), f"{at}.action_id", 255)
    yield from text_faults(element.get("placeholder"), f"{at}.placeholder", 150, plain=True)
    yield from check(element, at)


def _button(button: Thing, at: str) -> Iterator[str]:
    yield from missing(button, at, "text")
    yield from text_faults(button.get("text"), f"{at}.text", 75, plain=True)
    yield from string_faults(button.get("value"), f"{at}.value", 2_000)
    yield from string_faults(button.get("accessibility_label"), f"{at}.accessibility_label", 75)
    yield from url_faults(button.get("url"), f"{at}.url")
    if button.get("style", "primary") not in ("primary", "danger"):
        yield f"{at}.style: neither primary nor danger"


def _text_input(element: Thing, at: str) -> Iterator[str]:
    most, least, initial = (element.get(name) for name in ("max_length", "min_length", "initial_value"))
    if most is not None and not (isinstance(most, int) and 1 <= most <= 3_000):
        yield f"{at}.max_length: {most!r}, from 1 to 3000"
    if least is not None and not (isinstance(least, int) and 0 <= least <= 3_000):
        yield f"{at}.min_length: {least!r}, from 0 to 3000"
    yield from string_faults(initial, f"{at}.initial_value", most if isinstance(most, int) else 3_000)


def _choosing(most: int) -> Check:
    """Return the check of an element that offers at most so many options."""

    def check(element: Thing, at: str) -> Iterator[str]:
        options = element.get("options") or ()
        yield from count_faults(options, f"{at}.options", most)
        for number, option in enumerate(options):
            yield from _option(option, f"{at}.options[{number}]")
        if "initial_option" in element and element["initial_option"] not in options:
            yield f"{at}.initial_option: not one of the options"

    return check


def _option(option: Json, at: str) -> Iterator[str]:
    if not isinstance(option, Mapping):
        yield f"{at}: no option"
        return
    yield from missing(option, at, "text", "value")
    yield from text_faults(option.get("text"), f"{at}.text", 75)
    yield from string_faults(option.get("value"), f"{at}.value", 150)
    yield from text_faults(option.get("description"), f"{at}.description", 75)


_ELEMENTS: Mapping[str, Check] = {
    "button": _button,
    "plain_text_input": _text_input,
    "static_select": _choosing(100),
    "radio_buttons": _choosing(10),
    "checkboxes": _choosing(10),
}


def text_faults(text: Json, at: str, most: int, *, plain: bool = False) -> Iterator[str]:
    """Check a text object; one that is not there is no fault of its own."""
    if text is None:
        return
    if type_of(text) not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
        yield f"{at}.type: {type_of(text)!r} is not taken here"
        return
    if text["type"] == "plain_text" and "verbatim" in text:
        yield f"{at}.verbatim: for mrkdwn only"
    if text["type"] == "mrkdwn" and "emoji" in text:
        yield f"{at}.emoji: for plain_text only"
    yield from missing(text, at, "text")
    yield from string_faults(text.get("text"), f"{at}.text", most)
    if isinstance(text.get("text"), str):
        yield from mentions(text["text"], f"{at}.text")
        if not text["text"].strip() and text["text"]:
            yield f"{at}.text: nothing but space"


def string_faults(text: Json, at: str, most: int, *, least: int = 1) -> Iterator[str]:
    if text is None:
        return
    if not isinstance(text, str):
        yield f"{at}: no string"
    elif not least <= length(text) <= most:
        yield f"{at}: {length(text)} characters, from {least} to {most}"


def url_faults(url: Json, at: str) -> Iterator[str]:
    yield from string_faults(url, at, 3_000)
    if isinstance(url, str) and not URL.fullmatch(url):
        yield f"{at}: no web address"


def count_faults(things: Sequence[object], at: str, most: int, *, least: int = 1) -> Iterator[str]:
    if not least <= len(things) <= most:
        yield f"{at}: {len(things)}, from {least} to {most}"


def missing(thing: Thing, at: str, *names: str) -> Iterator[str]:
    yield from (f"{at}.{name}: missing" for name in names if thing.get(name) is None)


def repeated(things: Iterable[Json], name: str, at: str) -> Iterator[str]:
    """Find an id that more than one of these things has."""
    counts = Counter(str(thing[name]) for thing in things if isinstance(thing, Mapping) and name in thing)
    yield from (f"{at}: {name} {found!r} {count} times" for found, count in counts.items() if count > 1)


def mentions(text: str, at: str) -> Iterator[str]:
    yield from (f"{at}: a live mention, {text[m.start() : m.start() + 14]!r}" for m in MENTION.finditer(text))


def halves(thing: object, at: str) -> Iterator[str]:
    """Find halves of characters anywhere: they cannot be sent at all."""
    if isinstance(thing, str):
        if HALF.search(thing):
            yield f"{at}: half a character"
    elif isinstance(thing, Mapping):
        for name, part in thing.items():
            yield from halves(part, f"{at}.{name}")
    elif isinstance(thing, Sequence):
        for number, part in enumerate(thing):
            yield from halves(part, f"{at}[{number}]")


def texts_in(thing: object) -> Iterator[str]:
    """Return the text of every text object within."""
    if isinstance(thing, Mapping):
        if thing.get("type") in ("plain_text", "mrkdwn") and isinstance(thing.get("text"), str):
            yield thing["text"]
        else:
            for part in thing.values():
                yield from texts_in(part)
    elif isinstance(thing, Sequence) and not isinstance(thing, str):
        for part in thing:
            yield from texts_in(part)


def type_of(thing: Json) -> str:
    found = thing.get("type") if isinstance(thing, Mapping) else None
    return found if isinstance(found, str) else ""


def length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
