"""What Discord would refuse in the parts of a payload: strings, numbers, components (docs: components/reference).

Each check yields one sentence for each fault, with where it stands, and nothing for what is not there. Discord does not
say whether it counts characters or UTF-16 units; the stricter count is taken.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

Json = Any  # what came in: its shape is what is checked
Thing = Mapping[str, Any]
Check = Callable[[Json, str], Iterator[str]]

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, SECTION, TEXT, LABEL, CONTAINER = 1, 2, 3, 4, 9, 10, 18, 17
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
THUMBNAIL, GALLERY, FILE, SEPARATOR, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 11, 12, 13, 14, 19, 21, 22, 23
SELECTS: Final = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
NEW_LAYOUT: Final = (SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)  # these need the flag IS_COMPONENTS_V2
LINK, PREMIUM = 5, 6  # button styles
URL = re.compile(r"https?://[^\s<>]+")
HALF = re.compile("[\ud800-\udfff]")


def rows_faults(rows: Sequence[Json], at: str, *, new_layout: bool) -> Iterator[str]:
    """Check the components of a message: five rows, or forty components of the new layout."""
    yield from repeated(custom_ids(rows), at)
    if new_layout:
        count = sum(1 for _ in components_in(rows))
        if count > 40:
            yield f"{at}: {count} components, at most 40"
        texts = sum(length(str(one.get("content", ""))) for one in components_in(rows) if one["type"] == TEXT)
        if texts > 4_000:
            yield f"{at}: {texts} characters in all, at most 4000"
    elif len(rows) > 5:
        yield f"{at}: {len(rows)} rows, at most 5"
    for number, row in enumerate(rows):
        where = f"{at}[{number}]"
        if type_of(row) == ROW:
            yield from _row_faults(row, where)
        elif type_of(row) in NEW_LAYOUT and new_layout:
            yield from _layout_faults(row, where)
        else:
            yield f"{where}.type: {type_of(row)} is not taken here"


def _row_faults(row: Thing, at: str) -> Iterator[str]:
    held = row.get("components") or ()
    yield from count_faults(held, f"{at}.components", 5)
    if len(held) > 1 and any(type_of(one) in SELECTS for one in held):
        yield f"{at}.components: a select stands alone in its row"
    for number, one in enumerate(held):
        where = f"{at}.components[{number}]"
        if type_of(one) == BUTTON:
            yield from button_faults(one, where)
        elif type_of(one) in SELECTS:
            yield from select_faults(one, where)
        else:
            yield f"{where}.type: {type_of(one)} is not taken here"


def _layout_faults(one: Thing, at: str) -> Iterator[str]:
    if one["type"] == TEXT:
        yield from missing(one, at, "content")
        yield from string_faults(one.get("content"), f"{at}.content", 4_000)
    elif one["type"] == CONTAINER:
        yield from count_faults(one.get("components") or (), f"{at}.components", 39)
        yield from rows_faults(one.get("components") or (), f"{at}.components", new_layout=True)
    elif one["type"] == SECTION:
        yield from count_faults(one.get("components") or (), f"{at}.components", 3)
        yield from missing(one, at, "accessory")
        if type_of(one.get("accessory")) == BUTTON:
            yield from button_faults(one["accessory"], f"{at}.accessory")


def button_faults(button: Thing, at: str) -> Iterator[str]:
    style = button.get("style")
    if not isinstance(style, int) or not 1 <= style <= PREMIUM:
        yield f"{at}.style: {style!r}, from 1 to {PREMIUM}"
    yield from string_faults(button.get("label"), f"{at}.label", 80)
    yield from string_faults(button.get("custom_id"), f"{at}.custom_id", 100)
    yield from url_faults(button.get("url"), f"{at}.url", 512)
    if style == PREMIUM:
        yield from missing(button, at, "sku_id")
        return
    if not (button.get("label") or button.get("emoji")):
        yield f"{at}.label: missing, without an emoji"
    yield from missing(button, at, "url" if style == LINK else "custom_id")
    wrong = "custom_id" if style == LINK else "url"
    if button.get(wrong) is not None:
        yield f"{at}.{wrong}: not with style {style}"


def select_faults(select: Thing, at: str, *, in_modal: bool = False) -> Iterator[str]:
    yield from missing(select, at, "custom_id")
    yield from string_faults(select.get("custom_id"), f"{at}.custom_id", 100)
    yield from string_faults(select.get("placeholder"), f"{at}.placeholder", 150, least=0)
    least, most = select.get("min_values"), select.get("max_values")
    yield from number_faults(least, f"{at}.min_values", 0, 25)
    yield from number_faults(most, f"{at}.max_values", 1, 25)
    if in_modal and least == 0 and select.get("required") is not False:
        yield f"{at}.min_values: 0, though an answer is required"
    if in_modal and select.get("disabled"):
        yield f"{at}.disabled: not in a modal"
    if select["type"] == STRING_SELECT:
        options = select.get("options") or ()
        yield from options_faults(options, f"{at}.options", 25)
        allowed = 1 if most is None else most
        if isinstance(allowed, int) and isinstance(least, int) and least > allowed:
            yield f"{at}.min_values: {least}, more than max_values"
        if most is not None and isinstance(most, int) and most > len(options):
            yield f"{at}.max_values: {most}, with {len(options)} options"
        if isinstance(allowed, int) and sum(bool(option.get("default")) for option in options) > allowed:
            yield f"{at}.options: more chosen than max_values"


def options_faults(options: Sequence[Json], at: str, most: int, *, least: int = 1) -> Iterator[str]:
    """Check the options of a select, radio or checkbox group; their values must differ."""
    yield from count_faults(options, at, most, least=least)
    yield from repeated((str(one.get("value")) for one in options), at, "value")
    for number, option in enumerate(options):
        where = f"{at}[{number}]"
        yield from missing(option, where, "label", "value")
        for name in ("label", "value"):
            yield from string_faults(option.get(name), f"{where}.{name}", 100)
        yield from string_faults(option.get("description"), f"{where}.description", 100, least=0)


def string_faults(text: Json, at: str, most: int, *, least: int = 1) -> Iterator[str]:
    if text is None:
        return
    if not isinstance(text, str):
        yield f"{at}: no string"
    elif not least <= length(text) <= most:
        yield f"{at}: {length(text)} characters, from {least} to {most}"


def number_faults(number: Json, at: str, least: int, most: int) -> Iterator[str]:
    if number is not None and not (type(number) is int and least <= number <= most):
        yield f"{at}: {number!r}, from {least} to {most}"


def url_faults(url: Json, at: str, most: int = 2_048) -> Iterator[str]:
    yield from string_faults(url, at, most)
    if isinstance(url, str) and not URL.fullmatch(url) and not url.startswith("attachment://"):
        yield f"{at}: no web address"


def count_faults(things: Sequence[object], at: str, most: int, *, least: int = 1) -> Iterator[str]:
    if not least <= len(things) <= most:
        yield f"{at}: {len(things)}, from {least} to {most}"


def missing(thing: Thing, at: str, *names: str) -> Iterator[str]:
    yield from (f"{at}.{name}: missing" for name in names if thing.get(name) is None)


def repeated(values: Iterable[str], at: str, name: str = "custom_id") -> Iterator[str]:
    """Find a value that comes more than once."""
    yield from (f"{at}: {name} {value!r} {count} times" for value, count in Counter(values).items() if count > 1)


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


def components_in(thing: object) -> Iterator[dict[str, Any]]:
    """Yield every component within, whatever holds it."""
    if isinstance(thing, dict):
        if isinstance(thing.get("type"), int):
            yield thing
        for name in ("components", "component", "accessory"):
            yield from components_in(thing.get(name))
    elif isinstance(thing, list):
        for part in thing:
            yield from components_in(part)


def custom_ids(thing: object) -> list[str]:
    return [str(one["custom_id"]) for one in components_in(thing) if one.get("custom_id") is not None]


def type_of(thing: Json) -> int:
    found = thing.get("type") if isinstance(thing, Mapping) else None
    return found if isinstance(found, int) else 0


def length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
