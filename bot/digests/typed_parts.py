"""The parts of a typed wish for digests: what is read of each, and the text without it."""

import re
from collections.abc import Callable
from datetime import time
from zoneinfo import available_timezones

from bot.domain.digests import Rhythm

DEFAULT_ZONE = "Asia/Hong_Kong"
_HALF_DAY = 12
ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHINESE_DAYS = "一二三四五六日"
_TIME = r"(?:\bat\s+)?(?<![\d:])(\d{1,2}):(\d{2})(?![\d:])\s*(am|pm)?"
_HOUR = r"(?:\bat\s+(?=\d+(?:\s|$))|(?:\bat\s+)?(?=\d+\s*[ap]m))(\d{1,2})\s*(am|pm)?(?=\s|$)"
_ZONE = r"(?<!\S)(?:in\s+)?(UTC|GMT|[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+)(?!\S)"
_WEEKLY = (
    r"\bweekly(?:\s+(?:on\s+)?([a-z]+))?|\b(?:every|each)\s+([a-z]+day)\b"
    r"|(?:逢|每個?)(?:星期|週|周|禮拜)([一二三四五六日天])?"
)
_DAILY = r"\bdaily\b|\bevery\s?day\b|每日|每天|日日"
_WEEKDAYS = r"\bweekdays\b|\bwork(?:ing)?\s?days\b|平日|工作天|工作日"
_IMMEDIATELY = r"\bimmediately\b|\bat\s+once\b|\bas\s+it\s+comes\b|即時|即刻"
_UNSERVED = r"\b(?:hourly|weekends?|fortnightly|biweekly|monthly|yearly)\b|每小時|週末|每月|每個月"
_HAN_TIME = r"(上午|早上|朝早|下午|晚上|中午)?\s*(\d{1,2})(?:時|點|点)(?:(\d{1,2})分|(半))?"
_NOON = r"\b(?:at\s+)?(noon|midnight)\b|中午(?!\s*\d)|午夜"
_DAYS_OFF, _HAN_DAYS_OFF = r"(?:(?:public|bank|national)\s+)?holidays?\b", r"(?:(?:公眾|公共|銀行)?假期|公假|紅日)"
# What stands between a place and a time is no country: “except holidays at 09:00”. AT and IN are.
_CODE = r"(?:[\s(]+((?-i:AT|IN)|(?!(?:at|on|in|to)\b)[a-z]{2}(?:-[a-z0-9]{1,3})?)(?![\w/-])\)?)?"
_NO_HOLIDAYS = (
    rf"\b(?:except|excluding|skip|skipping|not|without)\s+(?:on\s+|for\s+)?{_DAYS_OFF}{_CODE}"
    rf"|(?:不包括|不含|除了?|跳過){_HAN_DAYS_OFF}外?{_CODE}|{_HAN_DAYS_OFF}除外{_CODE}"
)
_HOLIDAYS_TOO = rf"\bincluding\s+{_DAYS_OFF}|包括{_HAN_DAYS_OFF}"
_BRACKETS = r"\(\s*\)"
_ZONE_NAMES = {
    "hkt": DEFAULT_ZONE,
    "hk": DEFAULT_ZONE,
    "hong kong": DEFAULT_ZONE,
    "香港": DEFAULT_ZONE,
    "香港時間": DEFAULT_ZONE,
}


class ScheduleError(ValueError):
    """A wish for a schedule cannot be read: `part` was not understood, as time, zone, day, rhythm, the code of a
    calendar (`kind`); or it is a zone that has no `calendar`, or what does not go with `immediately`.
    """

    def __init__(self, kind: str, part: str) -> None:
        super().__init__(f"{kind}: {part}")
        self.kind, self.part = kind, part


def refuse_unserved(text: str) -> None:
    """Raise ScheduleError where a text asks for a rhythm that nobody serves."""
    unserved = _search(_UNSERVED, text)
    if unserved:
        raise ScheduleError("rhythm", unserved.group())


def take_holidays(text: str) -> tuple[str | bool | None, str]:
    """Take out whether holidays are left out: True, or by the code of which calendar; False where they are not, None
    where nothing is said of them.
    """
    match = _search(_NO_HOLIDAYS, text)
    if match:
        code = next(filter(None, match.groups()), None)
        return code or True, re.sub(_BRACKETS, " ", _without(text, match))
    match = _search(_HOLIDAYS_TOO, text)
    return (None, text) if match is None else (False, re.sub(_BRACKETS, " ", _without(text, match)))


def take_zone(text: str) -> tuple[str, str]:
    """Take out the zone, by its name or where it stands last by its city; Hong Kong's where none is named."""
    match = _search(_ZONE, text)
    if match:
        typed = match[1]
        zone = next((zone for zone in available_timezones() if zone.casefold() == typed.casefold()), None)
        if zone is None:
            raise ScheduleError("zone", typed)
        return zone, _without(text, match)
    words = text.split()
    for size in range(1, min(3, len(words)) + 1):  # a city may stand last: "weekly on Monday at 18:30 New York"
        zone = _zone_of_city(" ".join(words[-size:]))
        if zone:
            return zone, " ".join(words[:-size])
    return DEFAULT_ZONE, text


def _zone_of_city(name: str) -> str | None:
    """Return the one zone whose city is called this, None where there is none or several."""
    typed = name.casefold()
    if typed in _ZONE_NAMES:
        return _ZONE_NAMES[typed]
    found = [zone for zone in available_timezones() if zone.rpartition("/")[2].replace("_", " ").casefold() == typed]
    cities = [zone for zone in found if "/" in zone]
    return cities[0] if len(cities) == 1 else None


def take_time(text: str) -> tuple[time | None, str]:
    """Take out the time of day; None where none is named."""
    for pattern, read in _TIMES:
        match = _search(pattern, text)
        if match:
            return read(match), _without(text, match)
    return None, text


def _han_clock(match: re.Match[str]) -> time:
    half = {"下午": "pm", "晚上": "pm", "中午": "pm"}.get(match[1] or "")
    minute = "30" if match[4] else match[3] or "00"
    return _clock(match.group().strip(), match[2], minute, half if 1 <= int(match[2]) <= _HALF_DAY else None)


def _clock(typed: str, hour: str, minute: str, half: str | None) -> time:
    hours = int(hour)
    if half and not 1 <= hours <= _HALF_DAY:
        raise ScheduleError("time", typed)
    if half:
        hours = hours % _HALF_DAY + (_HALF_DAY if half.casefold() == "pm" else 0)
    try:
        return time(hours, int(minute))
    except ValueError as error:
        raise ScheduleError("time", typed) from error


_TIMES: tuple[tuple[str, Callable[[re.Match[str]], time]], ...] = (
    (_HAN_TIME, _han_clock),
    (_TIME, lambda match: _clock(match.group().strip(), match[1], match[2], match[3])),
    (_HOUR, lambda match: _clock(match.group().strip(), match[1], "00", match[2])),
    (_NOON, lambda match: time(0) if match.group() == "午夜" or match[1] == "midnight" else time(12)),
)


_RHYTHMS = ((_DAILY, Rhythm.DAILY), (_WEEKDAYS, Rhythm.WEEKDAYS), (_IMMEDIATELY, Rhythm.IMMEDIATELY))


def take_rhythm(text: str) -> tuple[Rhythm, int | None, str]:
    """Take out the rhythm, and the weekday of a weekly one; daily where none is named."""
    weekly = _search(_WEEKLY, text)
    if weekly:
        return Rhythm.WEEKLY, _weekday(weekly), _without(text, weekly)
    for pattern, rhythm in _RHYTHMS:
        match = _search(pattern, text)
        if match:
            return rhythm, None, _without(text, match)
    return Rhythm.DAILY, None, text


def _weekday(match: re.Match[str]) -> int:
    if match[3]:
        return _CHINESE_DAYS.index(match[3].replace("天", "日"))
    name = (match[1] or match[2] or "").casefold()
    found = [i for i, day in enumerate(ENGLISH_DAYS) if len(name) > 1 and day.startswith(name.removesuffix("s"))]
    if len(found) != 1:
        raise ScheduleError("day", name)
    return found[0]


def _search(pattern: str, text: str) -> re.Match[str] | None:
    """Return where a pattern stands in a text. It is compiled then: no question needs it, and start-up is measured."""
    return re.search(pattern, text, re.IGNORECASE)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
