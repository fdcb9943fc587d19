"""Cutting text to what a platform takes: at the end of a line or sentence where there is one, never inside a character.

How long a text is only its platform knows, which escapes it: a `Measure` says it of a text as it was before that. No
text is shorter than its count of characters, and a longer one is hardly ever shorter than its own beginning.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator

from bot.messages.visible import visible

Measure = Callable[[str], int]

ELLIPSIS = "…"
_JOINER = "\u200d"
_SENTENCE = re.compile(r"(?:[.!?][\"'”’)\]]*\s|[。！？；…][”’」』）》]*)")
_SPACE = re.compile(r"\s")
_LONG_WORD = 20
_MOST_MARKS = 40  # more marks on one letter are noise


def pieces(text: str, most: int, measure: Measure) -> Iterator[str]:
    """Yield the visible text in pieces of at most `most` each; none is empty, and only space at the cuts is lost."""
    rest = visible(text).strip()
    while rest:
        cut = len(rest) if measure(rest) <= most else _cut(rest, most, measure)
        piece, rest = rest[:cut].rstrip(), rest[cut:].lstrip()
        if piece:
            yield piece


def clip(text: str, most: int, measure: Measure) -> str:
    """Return the visible text, cut with an ellipsis where it is longer than `most`."""
    shown = visible(text).strip()
    if measure(shown) <= most:
        return shown
    fits = _fitting(shown, most, lambda part: measure(part + ELLIPSIS))
    whole = _whole(shown, fits)
    near = (shown.rfind(space, whole - _LONG_WORD, whole + 1) for space in " \n")
    word = max(near) if whole > _LONG_WORD else -1
    for cut in (word, whole, fits):
        clipped = shown[: max(cut, 0)].rstrip() + ELLIPSIS
        if cut > 0 and measure(clipped) <= most:
            return clipped
    return ELLIPSIS


def _cut(text: str, most: int, measure: Measure) -> int:
    fits = _fitting(text, most, measure)
    for cut in (_break(text, fits), _whole(text, fits)):
        if measure(text[:cut].rstrip()) <= most:
            return cut
    return fits


def _fitting(text: str, most: int, measure: Measure) -> int:
    """Return how many characters fit, at least one."""
    lengths = range(1, min(len(text), most) + 1)
    return max(1, bisect_right(lengths, most, key=lambda length: measure(text[:length])))


def _break(text: str, end: int) -> int:
    """Return where to cut at or before `end`: behind the last line, else sentence, else word, in the second half."""
    half = end // 2
    line = text.rfind("\n", half, end)
    if line > 0:
        return line + 1
    for pattern in (_SENTENCE, _SPACE):
        last = max((match.end() for match in pattern.finditer(text, half, end)), default=0)
        if last:
            return last
    return _whole(text, end)


def _whole(text: str, end: int) -> int:
    """Return the nearest cut at or before `end` that parts no letter from its marks and no joined emoji."""
    for cut in range(end, max(end - _MOST_MARKS, 0), -1):
        if not _joins(text[cut : cut + 1]) and text[cut - 1] != _JOINER:
            return cut
    return end


def _joins(character: str) -> bool:
    if character == _JOINER or "\U0001f3fb" <= character <= "\U0001f3ff":  # skin tones follow their emoji
        return True
    return bool(character) and unicodedata.category(character) in ("Mn", "Me")
