"""Text from the store as it may be shown anywhere: with nothing in it that is unseen or turns the text around."""

import re

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, and what turns text around, is invisible or stands for nothing. The joiner of an emoji stays.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """Return the text without unseen characters; line ends are newlines, halves of characters joined or replaced."""
    if text.isprintable():  # which nothing is that is taken out here
        return text
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", whole).replace("\t", " "))


def one_line(text: str) -> str:
    """Return the visible text on one line, for titles, labels and buttons."""
    return " ".join(visible(text).split())
