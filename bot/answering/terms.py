"""Cutting text into index terms. The store's index and every question go through here, so both databases find the same.

An English word becomes the Porter stem of its dictionary form in American spelling ("taught" and "teaching", "licence"
and "license"), runs of Chinese become overlapping pairs of characters with the variants of a character folded into one
(裏 and 裡, 臺 and 台, traditional and simplified), and numbers lose their thousands separators: "11,000", "11 000" and
"11000" are one term.
"""

import re
import threading
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from bot.answering import english

VERSION = 3  # of the way words are cut: an index made by another is built anew
FOLDING = Path(__file__).parent / "tables" / "folding.txt"

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[, \u00a0\u2009\u202f]\d{3})+(?![\d])")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_PIECE = re.compile(rf"[{_HAN}]+|\d+(?:\.\d+)?|[^\W\d_{_HAN}]+(?:['’][^\W\d_{_HAN}]+)?")
_HYPHENED = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)+")
_DENIED = re.compile(r"un([a-z]{4,})")
_POSSESSIVE = re.compile(r"['’]s?$")
_SHORT = 2
_HAN_RUN = re.compile(rf"[{_HAN}]+")
_STEMMERS = threading.local()  # a stemmer keeps the word it is at, so each thread has its own

_AMERICAN = (
    (re.compile(r"^practis"), "practic"),
    (re.compile(r"^programme"), "program"),
    (re.compile(r"(?<=...)our(?=$|s$|ed$|ing$|er|able|ite)"), "or"),
    (re.compile(r"(?<=...)is(?=e$|es$|ed$|ing$|er$|ers$|ation)"), "iz"),
    (re.compile(r"(?<=..)ys(?=e$|es$|ed$|ing$|er$)"), "yz"),
    (re.compile(r"(?<=..)tre$"), "ter"),
    (re.compile(r"(?<=...)ogue$"), "og"),
    (re.compile(r"(?<=[def]en|cen)ce$"), "se"),  # defence, offence, licence
)
_LY = 5  # letters: "only" is not of "on"
_NOT_OF = {"nearly", "hardly", "lately", "likely"}  # not of "near", and so on
_FIXED = {"findings"}  # what a report finds is not what somebody found
_SAME = {"us": "usa", "america": "usa", "labelled": "labeled", "cheque": "check", "tyre": "tire", "grey": "gray"}
_SMALL = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
# Words that the Porter stemmer would take for another one: "authority" for "author", "news" for "new".
_WHOLE = {"authority", "organization", "university", "important", "importance", "news", "executive", "general"}
_WHOLE |= {"origin", "original", "international", "nationality", "minority", "conviction"}
_WHOLE |= {"employer", "employee", "employment", "unite"}
_NUMBERS = {name: str(number) for number, name in enumerate(_SMALL, start=2)}
_NUMBERS |= {
    "twenty": "20",
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "hundred": "100",
    "thousand": "1000",
}


def clean(text: str) -> str:
    """Return the text in NFKC with invisible and control characters out, thousands joined, in lower case."""
    text = unicodedata.normalize("NFKC", text)
    text = INVISIBLE.sub("", text)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    text = _DOTTED.sub(lambda match: match.group().replace(".", ""), text)  # U.S. and US are one word
    return _THOUSANDS.sub(lambda match: re.sub(r"\D", "", match.group()), text).lower()


def words(text: str) -> list[str]:
    """Return the text's words in order, cleaned and folded: English words, numbers, and whole runs of Chinese."""
    return _PIECE.findall(folded(clean(text)))


def is_han(word: str) -> bool:
    """Whether a word is a run of Chinese characters."""
    return bool(_HAN_RUN.fullmatch(word))


def terms_of(word: str) -> list[str]:
    """Return the index terms of one word: its stem, or the overlapping pairs of a Chinese run."""
    if is_han(word):
        return [word[i : i + 2] for i in range(len(word) - 1)] or [word]
    return [stem(word)]


def terms(text: str) -> list[str]:
    """Return the index terms of a text in order, repeats included."""
    return [term for word in words(text) for term in terms_of(word)]


@lru_cache(maxsize=4_000)
def stored_terms(text: str) -> Sequence[str]:
    """Return the index terms of a text that is held: those of `terms`, hyphened words also as one ("multifaceted"), and
    what a word denies also by itself, since "fair?" is answered by "unfair".
    """
    joined = (re.sub(r"[-‐‑]", "", match) for match in _HYPHENED.findall(clean(text)))
    denied = (match[1] for word in words(text) if (match := _DENIED.fullmatch(word)) and is_known_word(match[1]))
    return (*terms(text), *(stem(word) for word in joined), *(stem(word) for word in denied))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the term of a lower-case English word or number; two letters stay as they are."""
    bare = _POSSESSIVE.sub("", word)
    bare = _SAME.get(bare) or _NUMBERS.get(bare) or bare
    if len(bare) <= _SHORT or not bare.isalpha() or bare in _FIXED:
        return bare
    plain = _american(english.dictionary_form(bare).lower())
    if plain.endswith("ly") and len(plain) > _LY and plain not in _NOT_OF and is_known_word(plain[:-2]):
        plain = plain[:-2]  # "fairly" asks for "fair"
    return plain if plain in _WHOLE else _porter_stem(plain)


def contains_han(text: str) -> bool:
    """Whether a text has Chinese characters."""
    return _HAN_RUN.search(text) is not None


def folded(text: str) -> str:
    """Return the text with the variants of each Chinese character folded into one, its length unchanged."""
    return text.translate(_fold()) if contains_han(text) else text


def unfolded(text: str) -> str:
    """Return folded text as Hong Kong writes it, to be shown; which variant was typed is not known any more."""
    return str(_to_hong_kong().convert(text)) if contains_han(text) else text


def is_known_word(word: str) -> bool:
    """Whether an English dictionary has the word, in any of its forms."""
    return english.is_known(word)


def _american(word: str) -> str:
    for pattern, spelling in _AMERICAN:
        word = pattern.sub(spelling, word)
    return _SAME.get(word, word)


@cache
def _fold() -> dict[int, int]:
    """Return the character each Chinese character is folded into; `make tables` takes them from OpenCC."""
    pairs = FOLDING.read_text(encoding="utf-8").split()
    return {ord(pair[0]): ord(pair[1]) for pair in pairs}


@cache
def _to_hong_kong() -> Any:  # noqa: ANN401 (made by a compiled module)
    import opencc  # noqa: PLC0415 (only where folded text is shown)

    return opencc.OpenCC("s2hk")


def _porter_stem(word: str) -> str:
    if not hasattr(_STEMMERS, "porter"):
        from Stemmer import Stemmer  # noqa: PLC0415 (only when a question is cut)

        _STEMMERS.porter = Stemmer("porter", 0)  # words are remembered by `stem`
    return str(_STEMMERS.porter.stemWord(word))
