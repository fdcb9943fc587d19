"""Reading a question: its words that weigh something, the years it names, and what kind of answer it wants."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.answering.places import places_asked_about
from bot.answering.terms import clean, is_han, terms_of
from bot.answering.vocabulary import Vocabulary
from bot.domain.period import Period

_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d{2}(?![\d,.]\d|\d)")
_GROUPED = re.compile(r"\d[,\u00a0\u2009\u202f ]\d{3}(?!\d)")
_HAN_YEAR = re.compile("[一二][九零〇○][零〇○一二三四五六七八九]{2}(?=年|$)")
_HAN_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")
_RELATIVE = (
    (re.compile(r"\bthis year\b|今年|本年"), 0),
    (re.compile(r"\blast year\b|去年|上年|舊年"), -1),
    (re.compile(r"\bnext year\b|明年|下年|出年"), 1),
)
_WANTS_COUNT = re.compile(r"\bhow many\b|\bnumber of\b|#|幾多(?!成)|多少|數目|人數|次數")
_WANTS_SHARE = re.compile(r"\bper ?cent(?:age)?\b|\bwhat share\b|\bproportion\b|%|幾成|百分之|百分比|比例|成數")
_WANTS_AMOUNT = re.compile(r"\bhow much\b")
_WANTS_DATE = re.compile(r"\bwhen\b|\bwhat (?:date|day|month|year)\b|幾時|何時|什麼時候|甚麼時候|邊年|哪年|哪一年")
_WANTS_PERSON = re.compile(r"\bwho\b|\bwhose\b|邊個|誰|何人")


class Wanted(StrEnum):
    """What kind of answer a question asks for."""

    COUNT = "count"
    SHARE = "share"
    AMOUNT = "amount"
    DATE = "date"
    PERSON = "person"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was read.

    `words` weigh something; `terms` are their index terms; `years` are those it names, and `places` the places other
    than those whose bodies speak in this library.
    """

    text: str
    words: tuple[str, ...]
    terms: tuple[str, ...]
    years: tuple[Period, ...]
    wanted: Wanted
    places: frozenset[str] = frozenset()


def read_question(text: str, vocabulary: Vocabulary, today: date) -> Question:
    """Return the question as read; "last year" and its like are resolved from `today`."""
    lowered = clean(text)
    dated = clean(_GROUPED.sub(" ", text))  # "1,900" is a number, not a year
    years = _years(dated, today)
    rest = re.sub(rf"(?:{_HAN_YEAR.pattern})年?", " ", lowered)
    for year in years:
        rest = re.sub(rf"(?<!\d){year.iso}(?!\d)\s*年?", " ", rest)
    for pattern, _ in _RELATIVE:
        rest = pattern.sub(" ", rest)
    words = tuple(vocabulary.content_words(rest))
    return Question(
        text=text,
        words=words,
        terms=tuple(dict.fromkeys(term for word in words for term in terms_of(word))),
        years=years,
        wanted=_wanted(lowered),
        places=places_asked_about(text, vocabulary.home_places),
    )


def han_weight(word: str) -> float:
    """Return how much a word weighs: a Chinese run by its length, since it holds several words."""
    return max(1.0, len(word) / 2) if is_han(word) else 1.0


def _years(text: str, today: date) -> tuple[Period, ...]:
    found = [match.group() for match in _YEAR.finditer(text)]
    found += [match.group().translate(_HAN_DIGITS) for match in _HAN_YEAR.finditer(text)]
    found += [str(today.year + step) for pattern, step in _RELATIVE if pattern.search(text)]
    return tuple(Period(year) for year in dict.fromkeys(found))


def _wanted(text: str) -> Wanted:
    kinds = (
        (_WANTS_SHARE, Wanted.SHARE),
        (_WANTS_COUNT, Wanted.COUNT),
        (_WANTS_AMOUNT, Wanted.AMOUNT),
        (_WANTS_DATE, Wanted.DATE),
        (_WANTS_PERSON, Wanted.PERSON),
    )
    return next((kind for pattern, kind in kinds if pattern.search(text)), Wanted.ANYTHING)
