"""Places that a question names: a figure of Hong Kong is no answer to a question about Malaysia.

Names come from the Unicode locale data in English and in Traditional Chinese as Hong Kong and Taiwan write it.
"""

import re
from functools import cache

from bot.answering.terms import is_han, words

_LOCALES = ("en", "zh_Hant", "zh_Hant_HK")
_LONGEST_NAME = 5
HOME = "HK"  # what the library is about
_ASIDE = re.compile(r"\s*[(（].*|\s+SAR China$|中國(?:香港|澳門)特別行政區$")
_SHORT = {"香港": "HK", "澳門": "MO", "台灣": "TW", "macau": "MO", "uk": "GB", "usa": "US", "英國": "GB"}


# Words that make a place the party that speaks ("the US report") and not the place asked about ("the US tier").
_SPEAKS = re.compile(
    r"\b(?:report|say|sa(?:id|ys)|claim|view|respon|react|critic|accus|alleg|government|department|rank|rate[ds]?\b|place[ds]?\b"
    r"|put|list|blame|oppos|reject|deni|stance)|報告|國務院|美方|政府|點睇|點講|怎[樣麼]看|話|說|指|批評|回應|立場|認為|列|評為|定",
    re.IGNORECASE,
)
_US = re.compile(r"\bU\.S\.|\bUS\b")  # in capitals only: "us" is a pronoun


def places_asked_about(text: str, home: frozenset[str]) -> frozenset[str]:
    """Return the places that a question asks about, other than Hong Kong.

    Of `home`, the places whose bodies speak in the library, those are left out that are named as parties: beside Hong
    Kong, or with a word for what parties do.
    """
    named = places_named(text) | ({"US"} if _US.search(text) else set())
    as_parties = home if HOME in named or "HK" in text.upper() or _SPEAKS.search(text) else frozenset({HOME})
    return named - as_parties


def places_named(text: str) -> frozenset[str]:
    """Return the ISO 3166 codes of the countries and territories that a text names."""
    found = words(text)
    english = [word for word in found if not is_han(word)]
    runs = [" ".join(english[at : at + size]) for at in range(len(english)) for size in range(1, _LONGEST_NAME + 1)]
    chinese = "|".join(word for word in found if is_han(word))
    latin, han = _names()
    return frozenset(
        [latin[run] for run in runs if run in latin] + [code for name, code in han.items() if name in chinese]
    )


@cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Return the codes by name, for names in English and in Chinese."""
    from babel import Locale  # noqa: PLC0415 (locale data is loaded when a question is judged)

    latin: dict[str, str] = {}
    han: dict[str, str] = {}
    for locale in _LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if code.isalpha():  # numbers are regions: Asia, Europe
                bare = " ".join(words(_ASIDE.sub("", name)))
                (han if is_han(bare) else latin).setdefault(bare, code)
    for name, code in _SHORT.items():
        (han if is_han(name) else latin)[name] = code
    latin.pop("", None)
    return latin, han
