"""What was left of a typed wish, and is no topic: which part of a schedule it was probably meant to be."""

import re

from bot.digests.typed_parts import HAN_NUMBER, ScheduleError, search
from bot.digests.typed_times import HALVES, take_time
from bot.digests.typed_zones import take_city

_WORDS = (
    *("daily", "weekly", "weekday", "weekdays", "immediately", "everyday", "except", "excluding", "including"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "holidays", "midnight"),
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KNOWN = frozenset((*_WORDS, *(f"{day}s" for day in _DAYS), "holiday"))
_SHORTEST = 5  # letters of a word in which one slip is no other word
_LONG = 8  # letters of one that may hold two
_TIME = (
    r"^(?:at|by|@)\b.*|^(?:at\s+)?\d{1,4}(?:[:.h]\d*)?\s*(?:[ap]\.?m\.?|hrs?|hours?|o'?clock)?$|^between\b.*|^[\d:.\s-]+(?:[ap]\.?m\.?)?$"
    r"|\b(?:mornings?|evenings?|nights?|afternoons?|tonight)\b"
    rf"|\b(?:half|quarter)\s+(?:past|to)\b.*|(?:{HALVES})?\s*(?:\d+|{HAN_NUMBER})\s*[時时點点]\S*|^(?:{HALVES})$"
)
_YEAR = r"(?:19|20)\d\d"
_ZONE = r"^(?:in|for)\s+(?:the\s+)?(?P<in>.+)|^(?P<time>.+?)(?:\s+time(?:\s*zone)?|時間|時區)$|\b(?:utc|gmt)\S*"
_DAY_OFF = (
    r"^(?:xmas|christmas.*|boxing\s+day|easter.*|good\s+friday|thanksgiving.*|(?:(?:lunar|chinese)\s+)?new\s+year.*"
    r"|\d{1,2}(?:st|nd|rd|th)?\s+[a-z]+|[a-z]+\s+\d{1,2}(?:st|nd|rd|th)?|\d+月\d+[日號]|聖誕.*|復活節.*|農曆新年|新年|元旦|中秋.*"
    r"|國慶.*|春節|週末|周末|weekends?)$"
)
_OF_SCHEDULES = (
    r"\b(?:every|each|weekly|daily|holidays?|weeks?|days?)\b"
    r"|^(?:next|first|last|tomorrow|today|sharp|exactly|month|digests?)\b|^(?:明天|明日|聽日|今天|今日)"
    r"|^on\b|星期|禮拜|每|逢|假期|工作[天日]|平日"
)


def misread(name: str, *, left_out: bool = False) -> ScheduleError | None:
    """Return what is wrong with words that are no topic's, or None where they are not like a schedule's either.
    `left_out`: they stand behind a “but” or a dash.
    """
    near = _near(name)
    if near:
        return near
    if left_out:
        return ScheduleError("day off", name) if search(_DAY_OFF, name) else None
    if re.fullmatch(_YEAR, name):
        return None
    if _is_another(name):
        return ScheduleError("twice", name)
    if search(_TIME, name):
        return ScheduleError("time", name)
    zone = search(_ZONE, name)
    if zone:
        return ScheduleError("zone", zone["in"] or zone["time"] or name)
    return ScheduleError("part", name) if search(_OF_SCHEDULES, name) else None


def _is_another(name: str) -> bool:
    """Whether this is a time or a city: then the wish had one already."""
    try:
        at, rest = take_time(name)
        zone, rest = take_city(rest) if at is None else (None, rest)
        return bool(at is not None or zone) and not rest.strip()
    except ScheduleError:
        return False


def _near(name: str) -> ScheduleError | None:
    """Return an error where a word is a slip or two from one of a schedule's."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 (only for a misspelt word)

    for word in re.findall(r"[a-z]+", name.casefold()):
        if len(word) < _SHORTEST or word in _KNOWN:
            continue
        slips = {each: OSA.distance(word, each) for each in _WORDS}
        nearest = min(slips, key=slips.__getitem__)
        if slips[nearest] <= (2 if len(word) >= _LONG else 1):
            return ScheduleError("near", word, nearest)
    return None
