"""Reading what an editor types into a form: dates, periods, values with their qualifier, and changes."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

from bot.answering.terms import clean
from bot.desk.plain import as_number, bare_text, joined_surrogates
from bot.domain.facts import Change, ChangeKind, Qualifier
from bot.domain.period import Period
from bot.domain.text import LocalText

_DATE_FORMATS = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%d/%m/%Y", "%Y年%m月%d日")
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_QUALIFIERS: Mapping[Qualifier, str] = {
    Qualifier.ABOUT: r"about|around|approximately|approx\.?|roughly|some|circa|~|大約|約為|約|左右",
    Qualifier.OVER: r"over|more than|above|>|超過|逾|多於",
    Qualifier.UNDER: r"nearly|almost|under|less than|fewer than|<|接近|將近|近|不足|少於",
}
_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "萬": 10_000, "億": 100_000_000}
_NUMBER = re.compile(rf"(?P<number>[+-]?\d+(?:\.\d+)?)\s*(?P<scale>{'|'.join(_SCALES)})?")
_CHANGE = re.compile(
    r"(?P<sign>[+-]?)(?P<times>x)?(?P<number>\d+(?:\.\d+)?)\s*(?P<kind>%|x|times)?\s*"
    r"(?:against|on|over|from|vs\.?|較|比)\s*(?P<period>[\d/.-]+)"
)


def tidy(text: str) -> str:
    """Return typed text without control characters and lone surrogates, which no database holds, and outer space."""
    text = joined_surrogates(text)
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text).strip()


def read_date(text: str) -> date:
    """Return a date typed as 2022-07-20, 20 July 2022, 20/7/2022 or 2022年7月20日. Raises ValueError."""
    typed = " ".join(text.replace(",", " ").split())
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(typed, pattern).date()  # noqa: DTZ007 (a date has no zone)
        except ValueError:
            continue
    raise ValueError(text)


def read_value(text: str) -> tuple[int | float | LocalText, Qualifier]:
    """Return the value and its qualifier: "around 7 700" is 7700, about; what is no number is kept as text."""
    typed = clean(text).strip()
    for qualifier, pattern in _QUALIFIERS.items():
        rest = re.sub(rf"^(?:{pattern})\s*", "", typed)
        number = _number(rest)
        if rest != typed and number is not None:
            return number, qualifier
    number = _number(typed)
    return (bare_text(text.strip()) if number is None else number), Qualifier.EXACT


def read_change(text: str) -> Change:
    """Return a change typed as "+45% against 2022", "x3 against 2016" or "+200 against 2021". Raises ValueError."""
    match = _CHANGE.fullmatch(clean(text).strip())
    if not match:
        raise ValueError(text)
    is_ratio = match["times"] or match["kind"] in ("x", "times")
    kind = ChangeKind.RATIO if is_ratio else ChangeKind.PERCENT if match["kind"] else ChangeKind.ABSOLUTE
    number = as_number(match["number"]) or 0
    return Change(kind, -number if match["sign"] == "-" else number, Period(match["period"]))


def value_as_typed(value: float | LocalText | None, qualifier: Qualifier) -> str:
    """Return the words that `read_value` reads as this value."""
    if value is None or isinstance(value, LocalText):
        return (value.en or value.zh_hant or "") if value else ""
    words = {Qualifier.EXACT: "", Qualifier.ABOUT: "about ", Qualifier.OVER: "over ", Qualifier.UNDER: "nearly "}
    return f"{words[qualifier]}{value:,}"


def change_as_typed(change: Change | None) -> str:
    """Return the words that `read_change` reads as this change."""
    if change is None:
        return ""
    figure: Mapping[ChangeKind, Callable[[Change], str]] = {
        ChangeKind.PERCENT: lambda c: f"{c.value:+}%",
        ChangeKind.RATIO: lambda c: f"x{c.value}",
        ChangeKind.ABSOLUTE: lambda c: f"{c.value:+}",
    }
    return f"{figure[change.kind](change)} against {change.against.iso}"


def _number(text: str) -> int | float | None:
    if text in _WORDS:
        return _WORDS.index(text)
    match = _NUMBER.fullmatch(text)
    if not match:
        return None
    number = as_number(match["number"])
    if number is None or not match["scale"]:
        return number
    scaled = number * _SCALES[match["scale"]]
    return int(scaled) if scaled == int(scaled) else scaled
