"""Small readings of plain text that files, forms and typed lines share."""

import re
import unicodedata

from bot.answering.terms import INVISIBLE, contains_han
from bot.domain.text import LocalText

MAX_NUMBER = 10**15  # a float still tells neighbouring whole numbers apart here
_URL = re.compile(r"https?://[^\s<>\"]+")


def is_web_address(text: str) -> bool:
    """Whether a text is a link that may be shown: http or https, without spaces or quotation marks."""
    return _URL.fullmatch(text) is not None


def bare_text(text: str) -> LocalText:
    """Return a text in the language of its script."""
    return LocalText(zh_hant=text) if contains_han(text) else LocalText(en=text)


def as_number(text: str) -> int | float | None:
    """Return the number a text is, None where it is none or too great to be held."""
    number = _float(text)
    if number is None or not abs(number) <= MAX_NUMBER:
        return None
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else number


def is_too_great(text: str) -> bool:
    """Whether a text is a number that cannot be held: infinite, none at all (nan), or beyond MAX_NUMBER."""
    number = _float(text)
    return number is not None and not abs(number) <= MAX_NUMBER


def joined_surrogates(text: str) -> str:
    """Return the text with the surrogate pairs that JSON escapes leave joined and lone surrogates replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def control_character(text: str) -> str | None:
    """Return the first control character other than newline and tab as U+001B, None where there is none."""
    found = next((c for c in text if unicodedata.category(c) == "Cc" and c not in "\n\t"), None)
    return f"U+{ord(found):04X}" if found else None


def one_line(text: str) -> str:
    """Return the text on one line: newlines, tabs and runs of space are one space, and none stands around it."""
    return " ".join(text.split())


def visible(text: str) -> str:
    """Return the text without lone surrogates, invisible and control characters; the latter are a space."""
    text = INVISIBLE.sub("", joined_surrogates(text))
    return "".join(c if c.isprintable() else " " for c in text)


def tidy(text: str) -> str:
    """Return typed text on one line, without characters that no text holds."""
    return one_line(visible(text))


def _float(text: str) -> float | None:
    try:
        return float(text.replace("_", "x"))
    except ValueError:
        return None
