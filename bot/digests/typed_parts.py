"""What the parts of a typed wish for digests share: how they are looked for, taken out, and refused."""

import re

DEFAULT_ZONE = "Asia/Hong_Kong"
HAN_NUMBER = r"(?:\d{1,2}|[二三四五]?十[一二三四五六七八九]?|[〇零]?[〇零一二兩两三四五六七八九])"
_HAN_DIGITS = {digit: value for value, digits in enumerate(("〇零", *"一二三四五六七八九")) for digit in digits}
_HAN_DIGITS |= {"兩": 2, "两": 2}
_CUT = " \n "  # what stands on its two sides is not one name; nobody types a line break within a line


class ScheduleError(ValueError):
    """A wish for a schedule cannot be read: `part` was not understood as what `kind` says (time, zone, day …), or does
    not go with the rest. `meant` is the word that it is nearest to, where it is near to one.
    """

    def __init__(self, kind: str, part: str, meant: str = "") -> None:
        super().__init__(f"{kind}: {part}")
        self.kind, self.part, self.meant = kind, part, meant


def search(pattern: str, text: str) -> re.Match[str] | None:
    """Return where a pattern stands in a text. It is compiled then: no question needs it, and start-up is measured."""
    return re.search(pattern, text, re.IGNORECASE)


def without(text: str, match: re.Match[str]) -> str:
    """Return the text with a part taken out, and a cut in its place."""
    return f"{text[: match.start()]}{_CUT}{text[match.end() :]}"


def han_number(text: str) -> int:
    """Return the number up to 59 that is written in digits or in Chinese numerals."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    value = _HAN_DIGITS[ones[-1]] if ones else 0
    return 10 * (_HAN_DIGITS[tens] if tens else 1) + value if ten else value
