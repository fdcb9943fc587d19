"""Text that is safe to print: what would steer a terminal, or deceive a reader, is made visible instead."""

import re

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, escape among them; tab and line feed are kept
    "\u2028\u2029\u202a-\u202e\u2066-\u2069"  # separators and overrides that reorder what is read
    "\ud800-\udfff]"  # halves of characters, which no output takes
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_PICTURES, _DELETE_PICTURE, _DELETE, _SPACE = 0x2400, "␡", 0x7F, 0x20
REPLACEMENT = "\ufffd"


def visible(text: str) -> str:
    """Return the text with every character that a terminal would obey shown as a picture or a code."""
    return _STEERING.sub(_shown, text.replace("\r\n", "\n"))


def whole(text: str) -> str:
    """Return the text without halves of characters (from undecodable arguments), so that it can be encoded."""
    return _SURROGATE.sub(REPLACEMENT, text)


def _shown(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < _SPACE:
        return chr(_PICTURES + code)
    if code == _DELETE:
        return _DELETE_PICTURE
    return REPLACEMENT if _SURROGATE.match(match.group()) else f"\\u{code:04x}"
