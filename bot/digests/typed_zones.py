"""Time zones as people type them: Asia/Hong_Kong, UTC+8, London, in Taipei, Tokyo time, HKT, 倫敦時間."""

import re
from collections.abc import Callable

from bot.digests.places import zone_of_place
from bot.digests.typed_parts import ScheduleError, search, without
from bot.domain.zones import all_zones, fixed_zone, known_zone

_TIME = r"(?:\s+(?:local\s+)?time(?:\s*zone)?\b|\s*(?:時間|時區|时间))?"
_HAN = r"\u3400-\u9fff"  # stands right before and behind a zone
_BEGIN = rf"(?:(?<![^\s({_HAN}])|(?<=\d\d:\d\d)|(?<=[ap]m))(?:in\s+)?\(?"
_OFFSET = (
    rf"{_BEGIN}(?:(?:UTC|GMT)\s*([+-]\s?\d{{1,2}})(?::?(\d\d))?"
    rf"|([+-]\s?\d{{1,2}})(?::(\d\d))?|([+-][01]\d)([0-5]\d)|(?-i:Z))\)?(?![a-z0-9_:/-]){_TIME}"
)
_NAME = rf"(?<![^\s{_HAN}])(?:in\s+)?([A-Za-z]+(?:/[A-Za-z0-9_+-]+)+|UTC|GMT)(?![^\s,;{_HAN}]){_TIME}"
_TIME_BEHIND = r"(?:\s+(?:local\s+)?time(?:\s*zone)?|\s*(?:時間|時區|时间))$"
_PARTS = r"([,;，、；\n])"
_MOST_WORDS = 4  # of a city’s name: Ho Chi Minh City
_LONGEST_HAN = 7
_NOT_AFTER = r"(?:\b(?:but|not|except|for|excluding)|不包括|不含|除了?)\s*$|(?<!\S)-\s*$"
_IN = r"(?:^|\s+)(?:in|for)(?:\s+the)?\s*$"
# Each is the name of several zones: Ireland’s, India’s and Israel’s standard time are all IST.
_AMBIGUOUS = re.compile(
    r"(?:[ECMPA]|AK|H|NZ)[SD]T|[IBKMS]ST|(?:[CEW])ES?T|A[ECW][SD]T|MSK|GST|ICT|PHT|WIB|[ECP]T", re.IGNORECASE
)
_ALSO_WORDS = frozenset(("et", "ct", "pt", "cet", "eet", "wet", "west"))  # written small


def take_named_zone(text: str) -> tuple[str | None, str]:
    """Take out a zone by its name or offset, which may stand anywhere; None where there is none."""
    offset = search(_OFFSET, text)
    if offset:
        return _of_offset(offset), without(text, offset)
    match = search(_NAME, text)
    if match is None:
        return None, text
    typed = match[1].casefold()
    zone = known_zone("UTC" if typed == "gmt" else next((each for each in all_zones() if each.casefold() == typed), ""))
    if zone is None:
        raise ScheduleError("zone", match[1])
    return zone, without(text, match)


def take_city(text: str, is_topic: Callable[[str], object] = lambda _: False) -> tuple[str | None, str]:
    """Take out the zone of a city that ends what is left of a text, or what stands before a part that was taken out;
    None where there is none. Raises ScheduleError for a name of several zones.

    “In Japan” and “Japan time” are zones; “Japan” alone, or what `is_topic` knows, is taken for a topic.
    """
    parts = re.split(_PARTS, text)
    for at in range(0, len(parts), 2):
        is_last = parts[at + 1 : at + 2] in ([], ["\n"])
        zone, rest = _city_behind(parts[at].strip(), is_topic, alone=not is_last)
        if zone:
            return zone, "".join((*parts[:at], rest, *parts[at + 1 :]))
    return None, text


def _of_offset(match: re.Match[str]) -> str:
    hours = match[1] or match[3] or match[5] or "0"
    minutes = match[2] or match[4] or match[6] or "00"
    zone = fixed_zone(int(hours.replace(" ", ""))) if int(minutes) == 0 else None
    if zone is None:
        raise ScheduleError("offset", match.group().strip())
    return zone


def _city_behind(text: str, is_topic: Callable[[str], object], *, alone: bool) -> tuple[str | None, str]:
    """Take out a city at the end of a text; with `alone` only where it is the whole of it."""
    marked = search(_TIME_BEHIND, text)
    base = text[: marked.start()] if marked else text
    words = base.split()
    for size in range(min(_MOST_WORDS, len(words)), 0, -1):
        name, before = " ".join(words[-size:]).strip("()"), " ".join(words[:-size])
        rest = re.sub(_IN, "", before, flags=re.IGNORECASE)
        surely = marked is not None or rest != before
        is_other = search(_NOT_AFTER, before) or (alone and rest) or (not surely and is_topic(name))
        zone = None if is_other else _zone_called(name, surely=surely)
        if zone:
            return zone, rest
    return _han_city_behind(base) if marked and not alone else (None, text)


def _han_city_behind(text: str) -> tuple[str | None, str]:
    """Take out a Chinese city without a blank before it: 篩查倫敦時間."""
    for size in range(min(_LONGEST_HAN, len(text)), 1, -1):
        zone = zone_of_place(text[-size:], surely=True) if not text[-size:].isascii() else None
        if zone:
            return zone, text[:-size]
    return None, text


def _zone_called(name: str, *, surely: bool) -> str | None:
    if _AMBIGUOUS.fullmatch(name) and name not in _ALSO_WORDS:
        raise ScheduleError("abbreviation", name)
    return zone_of_place(name, surely=surely)
