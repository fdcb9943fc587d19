"""Cutting text to what Slack takes: at the end of a line or sentence where there is one, never inside a character.

Lengths are those of the escaped text, in which `&` is five characters.
"""

import re
import unicodedata
from collections.abc import Iterator

from adapters.slack.escape import escape, visible
from adapters.slack.limits import size

ELLIPSIS = "…"
_COSTS = {"&": 5, "<": 4, ">": 4}
_WIDE = 0x10000
_JOINER = "\u200d"
_SENTENCE = re.compile(r"(?:[.!?][\"'”’)\]]*\s|[。！？；…][”’」』）》]*)")
_SPACE = re.compile(r"\s")
_LONG_WORD = 20
_MOST_MARKS = 40  # more marks on one letter are noise


def pieces(text: str, most: int) -> Iterator[str]:
    """Yield the visible text in pieces that take at most `most` characters each once escaped; none is empty.

    Only space at the cuts is lost.
    """
    rest = visible(text).strip()
    while rest:
        fits = _fitting(rest, most)
        cut = fits if fits == len(rest) else _break(rest, fits)
        piece, rest = rest[:cut].rstrip(), rest[cut:].lstrip()
        if piece:
            yield piece


def clip(text: str, most: int) -> str:
    """Return the visible text, cut with an ellipsis where it takes more than `most` characters once escaped."""
    shown = visible(text).strip()
    if size(escape(shown)) <= most:
        return shown
    cut = _whole(shown, _fitting(shown, most - 1))
    word = shown.rfind(" ", cut - _LONG_WORD, cut + 1) if cut > _LONG_WORD else -1
    return shown[: word if word > 0 else cut].rstrip() + ELLIPSIS


def _fitting(text: str, most: int) -> int:
    """Return how many characters fit, at least one."""
    if size(escape(text)) <= most:
        return len(text)
    used = 0
    for at, character in enumerate(text):
        used += _COSTS.get(character, 1 + (ord(character) >= _WIDE))
        if used > most:
            return max(at, 1)
    return len(text)


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
