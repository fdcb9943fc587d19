"""Making the tables that stand in `bot/answering/tables`, each from the library it is taken from: `make tables`. That
of English words, which has licences of its own, is never handed on: `make setup` makes it where it is needed.

The libraries have all of this, and take much memory and time to unpack what nobody asks for. A test holds each table to
what its library says, so that a newer library is noticed.
"""

import re
import sys
from collections.abc import Mapping

from babel import Locale
from opencc import OpenCC
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from bot.answering import english, places, terms

_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))  # the planes of characters that are folded
_TO_SIMPLIFIED = ("t2s", "hk2s", "tw2s")
_LOCALES = ("en", "zh_Hant", "zh_Hant_HK")
_ASIDE = re.compile(r"\s*[(（].*|\s+SAR China$|中國(?:香港|澳門)特別行政區$")


def english_forms() -> Mapping[str, str]:
    """Return the words of simplemma's English dictionary with their forms."""
    return DefaultDictionaryFactory().get_dictionary("en")


def english_text() -> str:
    """Return that dictionary as `bot.answering.english` reads it."""
    lines = (f"{word}\t{'' if form == word else form}" for word, form in sorted(english_forms().items()))
    return "".join(f"\n{line}" for line in lines) + "\n"


def folding_text() -> str:
    """Return the variants of Chinese characters, each before the one it is folded into: a line a pair.

    Characters one by one: in a run, its neighbours could decide, and a question would be cut in another way than the
    fact.
    """
    every = [chr(code) for first, last in _HAN for code in range(first, last + 1)]
    table: dict[str, str] = {}
    for config in _TO_SIMPLIFIED:
        simple = OpenCC(config).convert("\n".join(every)).split("\n")
        for one, other in zip(every, simple, strict=True):
            if one != other and len(other) == 1:
                table.setdefault(one, other)
    table |= dict.fromkeys("麼麽幺", "么")
    table.pop("么", None)
    return "".join(f"{one}{table.get(other, other)}\n" for one, other in sorted(table.items()))


def places_text() -> str:
    """Return the names of countries and territories in the Unicode locale data, cleaned, each behind its ISO code."""
    codes: dict[str, str] = {}
    for locale in _LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if code.isalpha():  # numbers are regions: Asia, Europe
                codes.setdefault(" ".join(terms.words(_ASIDE.sub("", name))), code)
    return "".join(f"{code} {name}\n" for name, code in sorted(codes.items()) if name)


def main(*, handed_on: bool) -> None:
    """Write the table of English words, and those that are handed on with the program as well; places last, whose names
    are folded.
    """
    english.FILE.write_text(english_text(), encoding="utf-8", newline="\n")
    if handed_on:
        terms.FOLDING.write_text(folding_text(), encoding="utf-8", newline="\n")
        places.FILE.write_text(places_text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(handed_on="english" not in sys.argv[1:])
