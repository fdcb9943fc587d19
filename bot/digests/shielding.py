"""Topics whose names hold days or times are set aside before a wish is read, and put back into what was read."""

import re
from collections.abc import Callable
from itertools import islice

_PARTED = r"[,;，、；]"
_BEGIN = (
    rf"(?:^|{_PARTED}|(?<!\S)-|(?<!\S)(?:but(?:\s+not)?|except(?:\s+for)?|excluding|not|and|to|me|us)(?=\s)|[及和同]"
    r"|不包括|不含|除了?)\s*"
)
_END = rf"(?=\s|{_PARTED}|$)|(?<=[\u3400-\u9fff])|(?=[\u3400-\u9fff])"
_LONGEST = 80  # characters of a topic's name, from each beginning
_MOST_ENDS, _MOST_ENTRIES = 32, 32  # looked at: a line may be made to be slow
_FIRST = 0xE000  # of the characters that mean nothing to anybody (Unicode: private use)


def shielded(
    text: str, is_topic: Callable[[str], object], is_plain: Callable[[str], bool | None]
) -> tuple[str, Callable[[str], str]]:
    """Return the text with one character in place of each topic's name that would be read as something else, and what
    puts the names back. A name that is all days and times (`is_plain` says None) is a topic's only where it is a whole
    entry of the list.
    """
    text = re.sub(r"[\ue000-\ue0ff]", "", text)
    kept: list[str] = []
    begins = (match.end() for match in re.finditer(_BEGIN, text, re.IGNORECASE))
    for begin in reversed(tuple(islice(begins, _MOST_ENTRIES))):
        name = _name_at(text, begin, is_topic, is_plain)
        if name:
            text = f"{text[:begin]}{chr(_FIRST + len(kept))}{text[begin + len(name) :]}"
            kept.append(name)
    return text, lambda read: re.sub(r"[\ue000-\ue0ff]", lambda match: kept[ord(match.group()) - _FIRST], read)


def _name_at(
    text: str, begin: int, is_topic: Callable[[str], object], is_plain: Callable[[str], bool | None]
) -> str | None:
    """Return the longest name of a topic that begins there and would be read as something else."""
    behind = text[begin : begin + _LONGEST]
    ends = (match.start() for match in re.finditer(_END, behind))
    for end in reversed(tuple(islice(ends, _MOST_ENDS))):
        name = behind[:end]
        if name and name[0].isalnum() and name[-1].isalnum() and is_topic(name):
            plain = is_plain(name)
            is_whole = re.match(rf"\s*(?:{_PARTED}|$)", text[begin + end :]) is not None
            return name if plain is False or (plain is None and is_whole) else None
    return None
