"""Times of day as people type them: 09:00, 9.30, 9am, at 0900, noon, 上午九時, 下午三點半, 晚上12時."""

import re
from collections.abc import Callable
from datetime import time

from bot.digests.typed_parts import HAN_NUMBER, ScheduleError, han_number, search, without

_HALF_DAY = 12
_AM_PM = r"([ap]\.?m\b\.?)"
_AT = r"(?:(?<![\w-])(?:at|by)\s+|@\s*)"
_START = r"(?<![a-z0-9:./+-])"  # not \w: Chinese stands right before a number
_END = r"(?=[^\w:./+-]|[+-]\d|[.]\s|[.]$|[^\x00-\x7f]|$)"
_HOURS = r"(?:\s*(?:hrs?|hours|h)\b)?"
_CLOCK = rf"{_AT}?{_START}(\d{{1,2}})[:.h](\d{{2}})(?![\d:.])\s*{_AM_PM}?{_HOURS}"
_HOUR = rf"{_AT}?{_START}(\d{{1,2}})(?:\s*o'?clock)?\s*{_AM_PM}{_END}"
_AT_HOUR = rf"{_AT}(\d{{1,2}})(?:\s*o'?clock)?{_END}|{_START}(\d{{1,2}})\s*o'?clock{_END}"
_FOUR_DIGITS = (
    rf"{_AT}(\d\d)(\d\d){_HOURS}{_END}|{_START}(\d\d)(\d\d)\s*(?:hrs?|hours|h)\b|(?<!\S)(0\d)([0-5]\d)(?=\s|$)"
)
_NAMED = rf"{_AT}?\b(?:12\s*)?(?:noon|midday|(midnight))\b|中午|正午|(午夜|半夜)"
_MORNING, _FORENOON, _DAWN = "早上|朝早|早晨|清晨|早|朝", "上午", "凌晨"
_AFTERNOON, _NOON = "下午|下晝|傍晚|黃昏", "中午|正午"
_NIGHT = "晚上|晚間|夜晚|夜間|半夜|深夜|午夜|晚|夜"
HALVES = f"{_FORENOON}|{_MORNING}|{_DAWN}|{_AFTERNOON}|{_NOON}|{_NIGHT}"
# A weekday’s number belongs to the weekday: 星期二十時 is ten o’clock on Tuesday.
_NO_WEEKDAY = r"(?<!星期)(?<![週周逢拜\d])"
_HAN_CLOCK = (
    rf"({HALVES})?\s*{_NO_WEEKDAY}({HAN_NUMBER})\s*[時时點点](?![間间候期代])"
    rf"(?:\s*({HAN_NUMBER})分|\s*(半)|\s*([一三])刻)?(?:[正整]|[鐘钟])?"
)
_HAN_COLON = rf"({HALVES})\s*(\d{{1,2}})[:.](\d{{2}})(?![\d:.])"
_QUARTERS = {"一": 15, "三": 45}
_SMALL_HOURS = 5  # before which “at night” is the next day’s
# What an hour amounts to that is said with a part of the day, None where the two do not go together.
_PARTS_OF_DAY: tuple[tuple[str, Callable[[int], int | None]], ...] = (
    (_FORENOON, lambda hour: hour % _HALF_DAY if hour <= _HALF_DAY else None),
    (_MORNING, lambda hour: hour if 1 <= hour < _HALF_DAY else None),
    (_DAWN, lambda hour: hour % _HALF_DAY if hour <= _HALF_DAY else None),
    (_AFTERNOON, lambda hour: _afternoon(hour) if hour else None),
    (_NOON, {11: 11, 12: 12, 1: 13, 2: 14, 13: 13, 14: 14}.get),
    (_NIGHT, lambda hour: hour % 24 if hour < _SMALL_HOURS or hour > _HALF_DAY else (hour + _HALF_DAY) % 24),
)


def take_time(text: str) -> tuple[time | None, str]:
    """Take out the time of day; None where none is named."""
    for pattern, read in _TIMES:
        match = search(pattern, text)
        if match:
            return read(match), without(text, match)
    return None, text


def take_lone_hour(text: str) -> tuple[time | None, str]:
    """Take out a number that stands by itself where all else of a schedule is taken out: “mondays 9”."""
    match = search(r"(?<![^\n,;])\s*(\d{1,2})\s*(?![^\n,;])", text)
    if match is None or int(match[1]) > 2 * _HALF_DAY:
        return None, text
    return _clock(match, match[1]), without(text, match)


def _afternoon(hour: int) -> int:
    return hour + _HALF_DAY if hour < _HALF_DAY else hour


def _han_clock(match: re.Match[str]) -> time:
    minute = han_number(match[3]) if match[3] else _QUARTERS.get(match[5], 0)
    return _on_clock(match, _hour_of(match), 30 if match[4] else minute)


def _hour_of(match: re.Match[str]) -> int:
    """Return the hour of a clock in Chinese; raises ScheduleError where it does not go with its part of the day."""
    hour, part = han_number(match[2]), match[1]
    reads = next((read for parts, read in _PARTS_OF_DAY if part in parts.split("|")), None)
    found = reads(hour) if reads else hour
    if found is None:
        raise ScheduleError("time", match.group().strip())
    return found


def _clock(match: re.Match[str], hour: str, minute: str = "00", half: str | None = None) -> time:
    hours = int(hour)
    if half:
        if not 1 <= hours <= _HALF_DAY:
            raise ScheduleError("time", match.group().strip())
        hours = hours % _HALF_DAY + (_HALF_DAY if half[0] in "pP" else 0)
    return _on_clock(match, hours, int(minute))


def _on_clock(match: re.Match[str], hour: int, minute: int) -> time:
    try:
        return time(hour, minute)
    except ValueError as error:
        raise ScheduleError("time", match.group().strip()) from error


def _four_digits(match: re.Match[str]) -> time:
    hour, minute = filter(None, match.groups())
    return _clock(match, hour, minute)


_TIMES: tuple[tuple[str, Callable[[re.Match[str]], time]], ...] = (
    (_HAN_CLOCK, _han_clock),
    (_HAN_COLON, lambda match: _on_clock(match, _hour_of(match), int(match[3]))),
    (_CLOCK, lambda match: _clock(match, match[1], match[2], match[3])),
    (_HOUR, lambda match: _clock(match, match[1], half=match[2])),
    (_FOUR_DIGITS, _four_digits),
    (_NAMED, lambda match: time(0) if match[1] or match[2] else time(12)),
    (_AT_HOUR, lambda match: _clock(match, match[1] or match[2])),
)
