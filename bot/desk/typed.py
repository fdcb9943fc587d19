"""Reading what an editor types into a form: dates, periods, values with their qualifier, and changes."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from bot.answering.terms import clean, words
from bot.desk.plain import as_number, bare_text, tidy
from bot.domain.facts import Change, ChangeKind, Qualifier
from bot.domain.period import Period
from bot.domain.text import LocalText

_DATE_FORMATS = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%d/%m/%Y", "%Y年%m月%d日")
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_HAN_WORDS = "零一二三四五六七八九十"
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


def tidied(values: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into a form's fields, each on one line and without characters that no text holds."""
    return {name: tidy(text) for name, text in values.items()}


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
    """Return the value and its qualifier: "around 7 700" is 7700, about; what is no number is kept as text.

    Raises ValueError for a number too great to be held.
    """
    typed = clean(text).strip()
    for qualifier, pattern in _QUALIFIERS.items():
        rest = re.sub(rf"^(?:{pattern})\s*", "", typed)
        number = _number(rest)
        if rest != typed and number is not None:
            return number, qualifier
    number = _number(typed)
    return (bare_text(text.strip()) if number is None else number), Qualifier.EXACT


def read_period(text: str) -> Period:
    """Return a period typed as a library file writes it, as the financial year 2019-20, or as 2021年5月 or since 2019.

    Hong Kong's financial year runs from 1 April to 31 March. Raises ValueError.
    """
    typed = clean(text).strip()
    year = re.fullmatch(r"(\d{4})[-/](\d{2})(?:年度)?", typed)
    is_month = re.fullmatch(r"\d{4}-(?:0[1-9]|1[0-2])", typed)  # 2011-12 is a month; 2011/12 is the financial year
    if year and not is_month and int(year[2]) == (int(year[1]) + 1) % 100:
        return Period(f"{year[1]}-04-01/{int(year[1]) + 1}-03-31")
    since = re.fullmatch(r"(?:since|from|自)\s*(\d{4})(?:年起?)?", typed)
    if since:
        return Period(f"{since[1]}/..")
    chinese = re.fullmatch(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?", typed)
    if chinese:
        return Period("-".join(part.zfill(2) for part in chinese.groups() if part))
    return Period(typed)


def holds_number(sentence: str, value: float) -> bool:
    """Whether a sentence states a number, in digits, as a small number's word, or in thousands, millions or 萬."""
    stated = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", clean(sentence))}
    stated |= {float(_WORDS.index(word)) for word in words(sentence) if word in _WORDS}
    stated |= {float(_HAN_WORDS.index(sign)) for sign in sentence if sign in _HAN_WORDS}
    return any(value / scale in stated for scale in (1, *_SCALES.values()))


def read_change(text: str) -> Change:
    """Return a change typed as "+45% against 2022", "x3 against 2016" or "+200 against 2021". Raises ValueError."""
    match = _CHANGE.fullmatch(clean(text).strip())
    if not match:
        raise ValueError(text)
    is_ratio = match["times"] or match["kind"] in ("x", "times")
    kind = ChangeKind.RATIO if is_ratio else ChangeKind.PERCENT if match["kind"] else ChangeKind.ABSOLUTE
    number = _held(match["number"])
    return Change(kind, -number if match["sign"] == "-" else number, read_period(match["period"]))


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
    if not match["scale"]:
        return _held(match["number"])
    scaled = Decimal(match["number"]) * _SCALES[match["scale"]]  # not in floats: 16.1 thousand is 16,100
    return _held(f"{scaled.to_integral_value() if scaled == scaled.to_integral_value() else scaled:f}")


def _held(digits: str) -> int | float:
    number = as_number(digits)
    if number is None:
        raise ValueError(digits)
    return number
