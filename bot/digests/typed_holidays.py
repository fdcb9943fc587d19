"""What people type of public holidays: except holidays, except UK bank holidays, 公眾假期除外, including holidays."""

import re

from bot.digests.places import calendar_of_place
from bot.digests.typed_parts import search, without

_OFF, _HAN_OFF = r"(?:(?:public|bank|national)\s+)?holidays?\b", r"(?:(?:公眾|公共|銀行)?假期|公假|紅日)"
_LEAVE_OUT = r"\b(?:except(?:\s+for)?|excluding|skip|skipping|but\s+not|not|without)\s+(?:on\s+|for\s+)?(?:the\s+)?"
# What stands between a place and a time is no country: “except holidays at 09:00”. AT and IN are.
_CODE = r"(?:[\s(]+((?-i:AT|IN)|(?!(?:at|on|in|to|of)\b)[a-z]{2}(?:-[a-z0-9]{1,3})?)(?![\w/-])\)?)?"
_NONE = (
    rf"{_LEAVE_OUT}(?:((?:[^\W\d_][\w.]*\s+){{1,3}}?))??{_OFF}{_CODE}"
    rf"|(?:不包括|不含|除了?|跳過)([\u4e00-\u9fff]{{2,5}}?)??的?{_HAN_OFF}[之以]?外?{_CODE}|{_HAN_OFF}除外{_CODE}"
)
_TOO = rf"\bincluding\s+(?:the\s+)?{_OFF}|(?:連|包括){_HAN_OFF}"
_IN = r"\s+(?:in|of)\s+(?:the\s+)?"
_MOST_WORDS = 4  # of a place’s name
_BRACKETS = r"\(\s*\)"


def take_holidays(text: str) -> tuple[str | bool | None, str]:
    """Take out whether holidays are left out: True, or by the code of which calendar; False where they are not, None
    where nothing is said of them.
    """
    match = search(_NONE, text)
    if match:
        return _left_out(text, match)
    match = search(_TOO, text)
    return (None, text) if match is None else (False, _unbracketed(without(text, match)))


def _left_out(text: str, match: re.Match[str]) -> tuple[str | bool, str]:
    before, code, han_before, *codes = match.groups()
    place = (before or han_before or "").strip()
    if place:
        return calendar_of_place(place) or place, _unbracketed(without(text, match))
    code = code or next(filter(None, codes), None)
    if code:
        return code, _unbracketed(without(text, match))
    calendar, behind = _place_behind(text[match.end() :])
    ahead = text[: match.start()]
    if not calendar:
        calendar, ahead = _place_ahead(ahead)
    return calendar or True, _unbracketed(f"{ahead} \n {behind}")


def _place_behind(text: str) -> tuple[str | None, str]:
    """Take out a place that follows: “in Hong Kong”."""
    match = re.match(_IN, text, re.IGNORECASE)
    if match is None:
        return None, text
    words = text[match.end() :].split(" ")
    for size in range(min(_MOST_WORDS, len(words)), 0, -1):
        calendar = calendar_of_place(" ".join(words[:size]).rstrip(",;"))
        if calendar:
            return calendar, " ".join(words[size:])
    return None, text


def _place_ahead(text: str) -> tuple[str | None, str]:
    """Take out a Chinese place that stands right before: 香港公眾假期除外."""
    match = re.search(r"[\u4e00-\u9fff]{2,5}$", text)
    for size in range(len(match.group()) if match else 0, 1, -1):
        calendar = calendar_of_place(text[-size:])
        if calendar:
            return calendar, text[:-size]
    return None, text


def _unbracketed(text: str) -> str:
    return re.sub(_BRACKETS, " ", text)
