"""The times a question names: years, months, days, financial years, spans, and words such as "last year"."""

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from bot.answering.terms import clean, folded
from bot.domain.period import Period


class TimeRole(StrEnum):
    """What a time does in a question."""

    ABOUT = "about"  # the answer is to be about it
    AGAINST = "against"  # a change is to be measured from it: "up from 2022"
    EDITION = "edition"  # it names a document: "the 2024 report"


@dataclass(frozen=True, slots=True)
class AskedTime:
    """A time that a question names, and the words that name it.

    `is_relative` ones ("last year") were resolved from the day of the request. `month` is that of a month named without
    its year, which has no period.
    """

    words: str
    period: Period | None
    role: TimeRole = TimeRole.ABOUT
    is_relative: bool = False
    month: int | None = None


def read_times(text: str, today: date) -> tuple[str, tuple[AskedTime, ...]]:
    """Return the text without the times it names, and these times in the order they stand.

    The text comes back cleaned, with variants of Chinese characters folded.
    """
    rest = folded(clean(_GROUPED.sub(lambda match: re.sub(r"\D", "", match.group()) + _MARK, text)))
    rest = rest.replace(_MARK, _NUMBER)
    rest = _HAN_YEAR.sub(lambda match: match.group().translate(_HAN_DIGITS), rest)
    found: list[tuple[int, AskedTime]] = []
    for pattern, read in _readers():
        for match in pattern.finditer(rest):
            asked = _asked(match, read, today, rest)
            if asked:
                found.append((match.start(), asked))
                rest = rest[: match.start()] + _TAKEN * len(match.group()) + rest[match.end() :]
    ordered = tuple(asked for _, asked in sorted(found, key=lambda each: each[0]))
    return _LEFT_OVER.sub(" ", rest).replace(_TAKEN, " ").replace(_NUMBER, " "), ordered


Read = Callable[[re.Match[str], date], Period | int]  # a period, or the number of a month without a year

_TAKEN = "\x00"
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[,\u00a0\u2009\u202f ]\d{3})+(?!\d)")  # "1,900" is a number, not a year
_HAN_YEAR = re.compile("[一二][九零〇○][零〇○一二三四五六七八九]{2}(?=年|至|到|$)")
_HAN_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")
_SMALL = {
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_SMALL |= {"一": 1, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_HAN_MONTHS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_MONTHS = {
    name.lower(): at for names in (calendar.month_name, calendar.month_abbr) for at, name in enumerate(names)
} | {"sept": 9}

_MARK = "※"  # lasts through cleaning, where a control character would not
_NUMBER = "\x01"  # stands behind what is a number, and no year
_Y = rf"(?<![\d.,])((?:19[5-9]|20\d)\d)(?!\d|[,.]\d|{_NUMBER})"  # 1900 is rather a number
_M = "(" + "|".join(sorted((name for name in _MONTHS if name), key=len, reverse=True)) + r")\b\.?,?"
_HM = r"(1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月"
_D = r"(3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_N = "(" + "|".join(_SMALL) + r"|\d{1,2})"

_HN = "(" + "|".join(name for name in _SMALL if not name.isascii()) + r"|\d{1,2})"
_TITLE = "(?:us|usa|u s|tip|trafficking|in|persons|annual|state|department|美国|贩运人口|人口贩运)"
_EDITION = re.compile(rf"\s*年?\s*(?:{_TITLE}\s*)*(?:reports?|rpt|edition|报告)")
_OF_EDITION = re.compile(r"\b(?:reports?|rpt|edition) (?:of|for|from) $")
_BETWEEN = r"\bvs\.?|\bversus|\bcompared (?:to|with)|\brelative to|\bagainst|\band|比起?|较|相比|对比|同|与|和|跟"
_AGAINST = re.compile(rf"(?:{_BETWEEN}|\bover|\bthan(?: in)?|\bup (?:on|from)|\bfrom)\s*$")
_BESIDE = re.compile(rf"{_TAKEN}\s*(?:{_BETWEEN})\s*$")  # "2022 vs 2023": two times alike
_LEFT_OVER = re.compile(rf"(?<={_TAKEN})\s*(?:年|财政年度|期间)")


def _asked(match: re.Match[str], read: Read, today: date, text: str) -> AskedTime | None:
    try:
        period = read(match, today)
    except (ValueError, OverflowError):
        return None
    words = match.group().strip()
    if isinstance(period, int):
        return AskedTime(words, None, month=period)
    role = TimeRole.ABOUT
    if _EDITION.match(text, match.end()) or _OF_EDITION.search(text[: match.start()]):
        role = TimeRole.EDITION
    elif _AGAINST.search(text[: match.start()]) and not _BESIDE.search(text[: match.start()]):
        role = TimeRole.AGAINST
    return AskedTime(words, period, role, is_relative=not re.search(r"(?:19|20)\d\d", words))


def _month(name: str) -> int:
    return int(name) if name.isdigit() else _MONTHS.get(name) or _HAN_MONTHS.index(name)


def _number(name: str) -> int:
    return int(name) if name.isdigit() else _SMALL[name]


def _on(year: str, month: str, day: str | None = None) -> Period:
    return Period(f"{year}-{_month(month):02d}" + (f"-{int(day):02d}" if day else ""))


def _financial(first: str, last: str) -> Period:
    """Return Hong Kong's financial year, 1 April to 31 March. Raises ValueError where the years do not follow."""
    if int(last) not in (int(first) + 1, (int(first) + 1) % 100):
        raise ValueError(last)
    return Period(f"{first}-04-01/{int(first) + 1}-03-31")


def _years_back(today: date, count: int) -> Period:
    return Period(f"{today.year - count:04d}/{today.year:04d}")


def _year(step: int) -> Read:
    return lambda _, today: Period(f"{today.year + step:04d}")


def _month_from(step: int) -> Read:
    def read(_: re.Match[str], today: date) -> Period:
        at = today.year * 12 + today.month - 1 + step
        return Period(f"{at // 12:04d}-{at % 12 + 1:02d}")

    return read


def _days(first: int, last: int) -> Read:
    return lambda _, today: Period(f"{today + timedelta(first)}/{today + timedelta(last)}")


def _week(step: int) -> Read:
    def read(match: re.Match[str], today: date) -> Period:
        monday = 7 * step - today.weekday()
        return _periods(_days(monday, monday + 6), match, today)

    return read


def _periods(read: Read, match: re.Match[str], today: date) -> Period:
    period = read(match, today)
    if isinstance(period, int):
        raise TypeError(period)
    return period


# The longest and most telling first: what one has taken, no later one sees.
_PATTERNS: tuple[tuple[str, Read], ...] = (
    # days
    (rf"{_Y}-(\d\d)-(\d\d)", lambda m, _: _on(m[1], m[2], m[3])),
    (rf"\b{_D}(?: of)? {_M} {_Y}", lambda m, _: _on(m[3], m[2], m[1])),
    (rf"\b{_M} {_D},? {_Y}", lambda m, _: _on(m[3], m[1], m[2])),
    (rf"{_Y}年{_HM}{_D}[日号]", lambda m, _: _on(m[1], m[2], m[3])),
    # financial years
    (
        rf"(?:\bfy ?|\b(?:fiscal|financial) year )?{_Y} ?[/–-] ?((?:19|20)?\d\d)(?!\d)",
        lambda m, _: _financial(m[1], m[2]),
    ),
    (rf"(?:\bfy ?|\b(?:fiscal|financial) year ){_Y}", lambda m, _: _financial(m[1], str(int(m[1]) + 1))),
    (rf"{_Y}年?[至到]((?:19|20)?\d\d)年?(?:财政)?年度", lambda m, _: _financial(m[1], m[2])),
    (rf"{_Y}财政年度", lambda m, _: _financial(m[1], str(int(m[1]) + 1))),
    # months
    (rf"{_Y}[-/](0[1-9]|1[0-2])(?!\d)", lambda m, _: _on(m[1], m[2])),
    (rf"\b{_M}(?: of)? {_Y}", lambda m, _: _on(m[2], m[1])),
    (rf"{_Y}年{_HM}", lambda m, _: _on(m[1], m[2])),
    # spans of years
    (rf"\bbetween {_Y} and {_Y}", lambda m, _: Period(f"{m[1]}/{m[2]}")),
    (rf"\bfrom {_Y} (?:to|until|till|through) {_Y}", lambda m, _: Period(f"{m[1]}/{m[2]}")),
    (rf"{_Y}年?(?: to |[–-]|至|到){_Y}年?", lambda m, _: Period(f"{m[1]}/{m[2]}")),
    (rf"\b{_N} years (?:before|prior to) {_Y}", lambda m, _: Period(f"{int(m[2]) - _number(m[1])}")),
    (rf"\b(?:the )?year (?:before|prior to) {_Y}", lambda m, _: Period(f"{int(m[1]) - 1}")),
    (rf"\b(?:before|prior to|until|till|up to|pre[ -]) ?{_Y}", lambda m, _: Period(f"../{int(m[1]) - 1}")),
    (rf"{_Y}年?(?:之前|以前|前)", lambda m, _: Period(f"../{int(m[1]) - 1}")),
    (rf"\bafter {_Y}", lambda m, _: Period(f"{int(m[1]) + 1}/..")),
    (rf"{_Y}年?(?:之后|以后|后)", lambda m, _: Period(f"{int(m[1]) + 1}/..")),
    (r"\b(?:the )?((?:19|20)\d0)s\b", lambda m, _: Period(f"{m[1]}/{int(m[1]) + 9}")),
    (rf"\bsince {_Y}", lambda m, _: Period(f"{m[1]}/..")),
    (rf"(?:\bfrom )?{_Y} onwards?\b", lambda m, _: Period(f"{m[1]}/..")),
    (rf"自?{_Y}年?(?:以来|至今|起|开始)", lambda m, _: Period(f"{m[1]}/..")),
    # years
    (rf"{_Y}年?", lambda m, _: Period(m[1])),
    # words
    (rf"\b(?:past|last|previous) {_N} years\b", lambda m, today: _years_back(today, _number(m[1]))),
    (rf"(?:过去|近|最近){_N}年", lambda m, today: _years_back(today, _number(m[1]))),
    (rf"\b{_N} years? ago\b|{_HN}年前", lambda m, today: Period(f"{today.year - _number(m[1] or m[2]):04d}")),
    (r"\byear before last\b|前年", _year(-2)),
    (r"\bthis year\b|今年|本年度?", _year(0)),
    (r"\blast year\b|去年|上一?年度?|旧年", _year(-1)),
    (r"\bnext year\b|明年|下年|出年|来年", _year(1)),
    (r"\bthis month\b|今个月|本月|呢个月|这个月", _month_from(0)),
    (r"\blast month\b|上个?月", _month_from(-1)),
    (r"\bnext month\b|下个?月", _month_from(1)),
    (r"\byesterday\b|昨[天日]|[寻琴]日", _days(-1, -1)),
    (r"\btoday\b|今[天日]", _days(0, 0)),
    (r"\btomorrow\b|明天|听日", _days(1, 1)),
    (r"\bthis week\b|今个?星期|本周|这周|呢个?星期", _week(0)),
    (r"\blast week\b|上个?星期|上周", _week(-1)),
    (rf"\b(?:in|during|of|since|by|last) {_M}", lambda m, _: _month(m[1])),
    (rf"(?<!\d){_HM}(?!{_TAKEN})", lambda m, _: _month(m[1])),
)


@cache
def _readers() -> Sequence[tuple[re.Pattern[str], Read]]:
    """Compiled when a question is first read: not for a topic that is named."""
    return [(re.compile(pattern), read) for pattern, read in _PATTERNS]
