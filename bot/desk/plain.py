"""Small readings of plain text that files and forms share."""

import hashlib
import json
import math
import re

from bot.answering.terms import contains_han
from bot.domain.text import LocalText

_URL = re.compile(r"https?://[^\s<>\"]+")


def is_web_address(text: str) -> bool:
    """Whether a text is a link that may be shown: http or https, without spaces or quotation marks."""
    return _URL.fullmatch(text) is not None


def bare_text(text: str) -> LocalText:
    """Return a text in the language of its script."""
    return LocalText(zh_hant=text) if contains_han(text) else LocalText(en=text)


def as_number(text: str) -> int | float | None:
    """Return the number a text is, None where it is none."""
    try:
        number = float(text.replace("_", "x"))
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else number


def joined_surrogates(text: str) -> str:
    """Return the text with the surrogate pairs that JSON escapes leave joined and lone surrogates replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def content_key(*parts: object) -> str:
    """Return a key made from content: the same content always gets the same key."""
    text = json.dumps([str(part) for part in parts], ensure_ascii=False)
    return f"x-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"
