"""Cutting text into index terms. The store's index and every question go through here, so both databases find the same.

English words are stemmed (Porter), Chinese runs are cut into overlapping pairs of characters, and numbers lose their
thousands separators: "11,000", "11 000" and "11000" are one term.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[, \u00a0\u2009\u202f]\d{3})+(?![\d])")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_PIECE = re.compile(rf"[{_HAN}]+|\d+(?:\.\d+)?|[^\W\d_{_HAN}]+(?:['’][^\W\d_{_HAN}]+)?")
_POSSESSIVE = re.compile(r"['’]s?$")
_SHORT = 2
_HAN_RUN = re.compile(rf"[{_HAN}]+")


def clean(text: str) -> str:
    """Return the text in NFKC with invisible and control characters out, thousands joined, in lower case."""
    text = unicodedata.normalize("NFKC", text)
    text = INVISIBLE.sub("", text)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    text = _DOTTED.sub(lambda match: match.group().replace(".", ""), text)  # U.S. and US are one word
    return _THOUSANDS.sub(lambda match: re.sub(r"\D", "", match.group()), text).lower()


def words(text: str) -> list[str]:
    """Return the text's words in order, as typed but cleaned: English words, numbers, and whole runs of Chinese."""
    return _PIECE.findall(clean(text))


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


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the Porter stem of a lower-case word without its possessive ending; two letters stay as they are."""
    bare = _POSSESSIVE.sub("", word)
    return str(_porter().stemWord(bare)) if len(bare) > _SHORT else bare


@cache
def _porter() -> Any:  # noqa: ANN401 (the library is untyped)
    import snowballstemmer  # noqa: PLC0415 (only when a question is cut)

    return snowballstemmer.stemmer("porter")


def contains_han(text: str) -> bool:
    """Whether a text has Chinese characters."""
    return _HAN_RUN.search(text) is not None
