"""Rhythms as people type them: daily, every weekday, mondays, 逢星期一, 每個平日, asap; and those nobody serves."""

import re

from bot.digests.typed_parts import ScheduleError, search, without
from bot.domain.digests import Rhythm

ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHINESE_DAYS = "一二三四五六日"
_ENGLISH_DAY = r"(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?(?![\w/])"
_HAN_WEEK = r"(?:星期|週|周|禮拜|礼拜)"
_HAN_DAY = rf"{_HAN_WEEK}\s*([一二三四五六日天])(?![次個个])"
_EACH = r"(?<![\w/-])(?:(?:on|every|each)\s+)*"
_HAN_EACH = r"(?:逢|每逢|每個?)?\s*"
_WEEKLY = (
    rf"(?<![\w/-])(?:weekly|once\s+a\s+week|(?:every|each)\s+week)(?![\w/-])(?:[\s,]+{_EACH}{_ENGLISH_DAY})?"
    rf"|{_EACH}{_ENGLISH_DAY}|{_HAN_EACH}{_HAN_DAY}|(?:逢|每逢|每個?){_HAN_WEEK}"
)
_DAILY = r"(?<![\w/-])(?:daily|(?:every|each)\s?day|once\s+a\s+day)(?![\w/-])|每一?[日天]|日日|天天"
_MONDAY_TO_FRIDAY = (
    rf"{_EACH}mon(?:days?)?\s*(?:-|to|through|thru|until|till)\s*fri(?:days?)?(?!\w)"
    rf"|{_HAN_EACH}{_HAN_WEEK}一\s*[至到-]\s*{_HAN_WEEK}?五"
)
_WEEKDAYS = (
    rf"{_MONDAY_TO_FRIDAY}|{_EACH}(?:weekdays?|week\s+days?|work(?:ing)?\s?days?|business\s+days?)(?![\w/-])"
    rf"|{_HAN_EACH}(?:平日|工作[天日]|上班日)"
)
_IMMEDIATELY = (
    r"(?<![\w/-])(?:immediately|at\s+once|as\s+it\s+comes|asap|(?:right\s+)?now|right\s+away|instantly|as\s+soon\s+as\s+"
    r"(?:possible|(?:something|anything|there)(?:\s+is|'s)?(?:\s+(?:any|some)(?:thing)?)?\s+news?))(?![\w/-])"
    r"|即時|即刻|立即|立刻|馬上|實時|[盡儘]快"
)
_COUNT = r"(?:other|second|third|few|two|three|four|six|\d+)"
_UNSERVED = (
    r"\b(?:hourly|(?:(?:every|each)\s+)?weekends?|fortnightly|bi-?weekly|monthly|quarterly|yearly|annually"
    rf"|(?:every|each)\s+(?:hour|month|fortnight|quarter|year|{_COUNT}\s+\w+)"
    r"|(?:twice|thrice|\w+\s+times)\s+(?:a|per|each|every)\s+\w+|once\s+(?:a|per)\s+(?:hour|month|year))\b"
    r"|每個?小時|每個?鐘頭?|隔[日天週周]|隔一?個?星期|[週周]末|每個?月|每季|每年"
    rf"|每\s*[兩两二三四五六\d]+\s*個?(?:小時|[日天週周月]|星期|禮拜)|每[日天週周月]\s*[兩两二三四五六\d]次|每{_HAN_WEEK}\S?次"
)
_BUT_A_DAY = (
    rf"(?<!\S)(?:but(?:\s+not)?|except(?:\s+for)?|excluding|not|without|skip|skipping)\s+"
    rf"(?:good\s+|easter\s+)?{_EACH}{_ENGLISH_DAY}"
    rf"|(?:不包括|不含|除了?|跳過)\s*{_HAN_EACH}{_HAN_DAY}|{_HAN_EACH}{_HAN_DAY}除外"
)
# 星期一、三、五; but 星期一三時 is one day and a time.
_SEVERAL_HAN_DAYS = (
    rf"{_HAN_WEEK}[一二三四五六日天](?:\s*[,、及和與同至到-]?\s*[一二三四五六日天](?![一二三四五六七八九十]*\s*[時时點点])"
    r"(?![^\W\d_一二三四五六日天上下早晚中凌夜半朝]))+"
)

_Found = tuple[Rhythm, int | None]
_RHYTHMS = ((_WEEKDAYS, Rhythm.WEEKDAYS), (_DAILY, Rhythm.DAILY), (_IMMEDIATELY, Rhythm.IMMEDIATELY))


def refuse_unserved(text: str) -> None:
    """Raise ScheduleError where a text asks for a rhythm that nobody serves, or to leave out a day of the week."""
    left_out = search(_BUT_A_DAY, text)
    if left_out:
        raise ScheduleError("day off", left_out.group().strip())
    unserved = search(_UNSERVED, text)
    if unserved:
        raise ScheduleError("rhythm", unserved.group().strip())
    several = None if search(_MONDAY_TO_FRIDAY, text) else search(_SEVERAL_HAN_DAYS, text)
    if several:
        raise ScheduleError("days", several.group().strip())


def take_rhythm(text: str) -> tuple[Rhythm, int | None, str]:
    """Take out the rhythm, and the weekday of a weekly one; daily where none is named."""
    found, text = _named(text)
    if (Rhythm.WEEKDAYS, None) in found:  # “daily on weekdays”
        found.discard((Rhythm.DAILY, None))
    if any(weekday is not None for _, weekday in found):
        found.discard((Rhythm.WEEKLY, None))
    if (Rhythm.WEEKLY, None) in found:
        raise ScheduleError("day", "")
    if len(found) > 1:
        raise ScheduleError("days", "")
    rhythm, weekday = found.pop() if found else (Rhythm.DAILY, None)
    return rhythm, weekday, text


def _named(text: str) -> tuple[set[_Found], str]:
    """Return all rhythms that a text names, and the text without them."""
    found: set[_Found] = set()
    for pattern, rhythm in _RHYTHMS:
        while match := search(pattern, text):
            found.add((rhythm, None))
            text = without(text, match)
    while match := search(_WEEKLY, text):
        found.add((Rhythm.WEEKLY, _weekday(match)))
        text = without(text, match)
    return found, text


def _weekday(match: re.Match[str]) -> int | None:
    name = next(filter(None, match.groups()), None)
    if name is None:
        return None
    if name in "一二三四五六日天":
        return _CHINESE_DAYS.index(name.replace("天", "日"))
    return next(at for at, day in enumerate(ENGLISH_DAYS) if day.startswith(name.casefold()[:3]))
