"""Text from the store as Slack's text objects take it: unable to mention anyone, and with nothing unseen in it.

Slack: "replace &, < and > with their HTML entities; you should not HTML entity-encode the entire text"
(docs.slack.dev/messaging/formatting-message-text). It says so of text objects of either type: an entity is decoded
wherever one is shown, in plain_text too. Slack gives plain_text back with entities, even where it was sent without
(bolt-python issue 513). Sent without, `&lt;` in a text would be shown as `<`.

Markup has no escape: asterisks, underscores and the like always act, and so do names of emoji between colons. Where a
text has any, it stands in a plain text object without emoji, or it would not be shown as it was written. An underscore
in a word (Asia/Hong_Kong) does nothing, nor do colons around a time of day's digits (09:00:); :100: is an emoji.
"""

import re
from urllib.parse import quote, urlsplit

from adapters.slack.limits import URL, size

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, and what turns text around, is invisible or stands for nothing. The joiner of an emoji stays.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_ADDRESS = re.compile(r"https?://[!-~]+")
_IN_PROSE = re.compile(r"https?://[^\x00-\x20\x7f-\U0010ffff<>`\"]+[^\x00-\x20\x7f-\U0010ffff<>|`\".,;:!?)\]'*_~]")
# In full width the asterisk, low line, grave accent and `>` act as well (jsx-slack, about-escape-and-exact-mode.md).
_MARKUP = re.compile(
    r"[*~`\uff0a\uff3f\uff40]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?![0-9]{1,2}:)[^\s:]+:|^[^\S\n]*[>\uff1e]",
    re.MULTILINE,
)
_KEPT_IN_ADDRESS = "".join(map(chr, range(0x21, 0x7F)))  # what is escaped already, and what parts an address
_CLOSING_IN_ADDRESS = str.maketrans({"|": "%7C", "<": "%3C", ">": "%3E", '"': "%22", "`": "%60"})


def visible(text: str) -> str:
    """Return the text without unseen characters; line ends are newlines, halves of characters joined or replaced."""
    if text.isprintable():  # which nothing is that is taken out here
        return text
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", whole).replace("\t", " "))


def one_line(text: str) -> str:
    """Return the visible text on one line, for titles, labels and buttons."""
    return " ".join(visible(text).split())


def escape(text: str) -> str:
    """Return the text for a text object: it is shown as it stands and mentions nobody."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def has_markup(text: str) -> bool:
    """Whether Slack could show a text other than as it is written, were it mrkdwn; addresses in it are links there."""
    shown = visible(text)
    return bool(_MARKUP.search(_IN_PROSE.sub(_around, shown) if "://" in shown else shown))


def prose(text: str) -> str:
    """Return the text escaped, its web addresses as links: with `verbatim` Slack makes none of its own.

    A link takes two characters more than its address, and shows it as it is written; an address that cannot be such a
    link stays text.
    """
    shown = visible(text)
    if "://" not in shown:
        return escape(shown)
    done, parts = 0, []
    for found in _IN_PROSE.finditer(shown):
        unlinked = _unlinked(found)
        parts += [escape(shown[done : found.start()]), escape(unlinked) if unlinked else link(found.group())]
        done = found.end()
    return "".join((*parts, escape(shown[done:])))


def _around(found: re.Match[str]) -> str:
    """Return what may be markup where an address stands: all of it where it stays text, nothing where it is a link."""
    return _unlinked(found) or " "


def _unlinked(found: re.Match[str]) -> str:
    """Return an address that stays text in a sentence, as one with `|` does: it would read %7C. Else nothing."""
    address = found.group()
    return "" if link(address) == f"<{escape(address)}>" else address


def bold(text: str) -> str:
    """Return an escaped line in bold; one that holds an asterisk stays plain, since Slack has no escape for that."""
    return text if "*" in text or not text.strip() else f"*{text.strip()}*"


def labelled(label: str, text: str) -> str:
    """Return a line of escaped text behind its label, in bold."""
    return f"{bold(f'{label}:')} {text}" if label else text


def link(url: str, label: str = "") -> str:
    """Return `<url|label>`, `<url>` without a label, or just the label where the address is no web address."""
    address = _address(url)
    shown = escape(one_line(label))
    if address is None:
        return shown or escape(one_line(url))
    return f"<{address}|{shown}>" if shown else f"<{address}>"


def _address(url: str) -> str | None:
    """Return the address as it may stand between angle brackets, None where it is none."""
    try:
        host = urlsplit(url).netloc
    except ValueError:
        return None
    plain = url if url.isascii() else quote(visible(url), safe=_KEPT_IN_ADDRESS)
    if not host or not host.isascii() or visible(url) != url or not _ADDRESS.fullmatch(plain):
        return None
    plain = escape(plain.translate(_CLOSING_IN_ADDRESS))
    return plain if size(plain) <= URL else None
