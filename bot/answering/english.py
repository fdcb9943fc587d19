"""The English dictionary: which words there are, and the dictionary form of each, just as simplemma has them.

simplemma unpacks all its words into memory when it is first asked, which takes longer than an answer. The same words
stand sorted in a file that `make setup` writes, and a word is read from where it stands. Where there is no such file
simplemma is asked after all. What to make of a word that no dictionary has is simplemma's to say, over the same words.
"""

import os
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it is imported only for words that are not plain, or not known
    from simplemma import Lemmatizer
    from simplemma.strategies import DictionaryLookupStrategy

FILE = Path(__file__).parent / "tables" / "english.txt"
LONGEST = 512  # bytes: no line of the file is longer
_BLOCK = 4096  # bytes that are looked through for a word
_LANGUAGE = "en"


def is_known(word: str) -> bool:
    """Whether the dictionary has a word, in any of its forms."""
    if _is_plain(word):
        return _looked_up(word) is not None
    return _lookup().get_lemma(unicodedata.normalize("NFC", word), _LANGUAGE) is not None


def dictionary_form(word: str) -> str:
    """Return the dictionary form of a word; of one that is not known, what its ending suggests."""
    known = _looked_up(word) if _is_plain(word) else None
    return known or _lemmatizer().lemmatize(word, _LANGUAGE)


class Dictionary(Mapping[str, str]):
    """Words with their dictionary forms, read from a file of sorted lines: each is a line end, a word, a tab, and the
    form where that is another. The file stays open. What is read of it is not kept, and any thread may read.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY)
        self._size = os.fstat(self._file).st_size
        self._firsts = [self._first_word(start) for start in range(0, self._size - LONGEST, _BLOCK)]

    def __getitem__(self, word: str) -> str:
        sought = word.encode()
        start = max(0, bisect_right(self._firsts, sought) - 1) * _BLOCK
        block = os.pread(self._file, _BLOCK + LONGEST, start)
        _, found, rest = block.partition(b"\n%b\t" % sought)
        if not found or not word.isprintable():  # nothing is found across the end of a line
            raise KeyError(word)
        return rest[: rest.index(b"\n")].decode() or word

    def __iter__(self) -> Iterator[str]:
        lines = os.pread(self._file, self._size, 0).decode().strip("\n").split("\n")
        return (line.partition("\t")[0] for line in lines)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _first_word(self, start: int) -> bytes:
        """Return the word of the first line that begins at a place of the file or behind it."""
        return os.pread(self._file, 2 * LONGEST, start).split(b"\n", 1)[1].split(b"\t", 1)[0]


class _Dictionaries:
    """Gives simplemma our dictionary for its own."""

    def get_dictionary(self, lang: str) -> Mapping[str, str]:  # noqa: ARG002 (it is asked for English alone)
        return _dictionary()


def _is_plain(word: str) -> bool:
    """Whether a word is looked up just as it stands: it has no apostrophe, accent or capital letter."""
    return word.isascii() and word.isalpha() and word.islower()


def _looked_up(word: str) -> str | None:
    """Return the dictionary form of a plain word; some stand there as names only."""
    return _dictionary().get(word) or _dictionary().get(word.capitalize())


@cache
def _dictionary() -> Mapping[str, str]:
    try:
        return Dictionary(FILE)
    except FileNotFoundError:
        from simplemma.strategies.dictionaries import DefaultDictionaryFactory  # noqa: PLC0415 (much memory, and time)

        return DefaultDictionaryFactory().get_dictionary(_LANGUAGE)


@cache
def _lookup() -> "DictionaryLookupStrategy":
    from simplemma.strategies import DictionaryLookupStrategy  # noqa: PLC0415 (30 ms)

    return DictionaryLookupStrategy(_Dictionaries())


@cache
def _lemmatizer() -> "Lemmatizer":
    from simplemma import Lemmatizer  # noqa: PLC0415 (30 ms)
    from simplemma.strategies import DefaultStrategy  # noqa: PLC0415

    return Lemmatizer(cache_max_size=0, lemmatization_strategy=DefaultStrategy(dictionary_factory=_Dictionaries()))
