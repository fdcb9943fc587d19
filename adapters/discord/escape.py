"""Text from the store as Discord shows it: as it stands, unable to mention anyone or to format anything.

Discord's markdown takes a backslash before any mark (support.discord.com, "Markdown Text 101"). It is not taken in the
text of a masked link, where it is shown, and such a text may hold neither an address nor an emoji (discord-api-docs
issues 6088, 6185 and 7721). Before a mention a backslash only changes what is seen, so that is broken up as well, with
the space that discord.py's `escape_mentions` puts there.
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit

from adapters.discord.limits import size
from bot.messages.cutting import clip
from bot.messages.visible import one_line, visible

BREAK = "\u200b"  # ends what would be a mention
LINK = 1_000  # of a longer address nothing can be made here

_MENTION = re.compile(r"@(?=everyone|here)|(?<=<)[@#](?=[!&]?\d)", re.IGNORECASE)
_MARKS = re.compile(
    r"[\\*_~|`\[\]<>]"
    r"|:(?=//|[A-Za-z0-9_+-]+:)"  # an address, an emoji by its name
    r"|(?<=discord)\.(?=(?:gg|com)/)|(?<=discordapp)\.(?=com/)"  # an invitation, which gets a card of its own
    rf"|{_MENTION.pattern}",
    re.IGNORECASE,
)
_LINE_START = re.compile(r"^( *)(?=#{1,3}(?:\s|\Z)|-#|-(?:\s|\Z))|^( *\d+)(?=\.(?:\s|\Z))", re.MULTILINE)
_ADDRESS = re.compile(r"https?://[!-~]+")
_IN_PROSE = re.compile(r"https?://[^\x00-\x20\x7f-\U0010ffff<>|`\"]+[^\x00-\x20\x7f-\U0010ffff<>|`\".,;:!?)\]'*_~]")
_KEPT_IN_ADDRESS = "".join(map(chr, range(0x21, 0x7F)))  # what is escaped already, and what parts an address
_CLOSING_IN_ADDRESS = {ord(mark): quote(mark) for mark in '|<>"`\\()*'}
_IN_LABELS = frozenset("LMNPSZ")  # the first letter of what a character is; "S" only where it is no picture


def escape(text: str) -> str:
    """Return the visible text with all marks escaped, for the beginning of a line or for within one."""
    marked = _MARKS.sub(lambda match: match[0] + BREAK if match[0] in "@#" else f"\\{match[0]}", visible(text))
    return _LINE_START.sub(lambda match: f"{match[0]}\\", marked)


def plain(text: str, most: int) -> str:
    """Return the text on one line, of at most so many characters, for where Discord knows no marks: on buttons, say."""
    return _unmentioned(clip(one_line(text), most, lambda part: size(_unmentioned(part))))


def prose(text: str) -> str:
    """Return the text escaped, its web addresses as links; between angle brackets they get no card under a message."""
    shown = visible(text)
    if "://" not in shown:
        return escape(shown)
    done, parts = 0, []
    for found in _IN_PROSE.finditer(shown):
        parts += [escape(shown[done : found.start()]), link(found.group())]
        done = found.end()
    return "".join((*parts, escape(shown[done:])))


def bold(text: str) -> str:
    """Return an escaped line in bold."""
    return f"**{text.strip()}**" if text.strip() else ""


def labelled(label: str, text: str) -> str:
    """Return a line of escaped text behind its label, in bold."""
    return f"{bold(f'{label}:')} {text}" if label else text


def small(text: str) -> str:
    """Return escaped text in small letters, line by line."""
    return "\n".join(f"-# {line.strip()}" for line in text.split("\n") if line.strip())


def quoted(text: str) -> str:
    """Return escaped text as a quotation, line by line."""
    return "\n".join(f"> {line.strip()}" for line in text.split("\n") if line.strip())


def heading(text: str) -> str:
    """Return an escaped line as a heading."""
    return bold(text) if text.endswith("#") else f"### {text}"  # of a heading, Discord drops number signs at the end


def link(url: str, label: str = "") -> str:
    """Return a link that shows the label, or itself without one; just the label where the address is no web address."""
    address, shown = _address(url), one_line(label)
    if address is None:
        return escape(shown or one_line(url))
    if shown and all(map(_is_plain, shown)) and escape(shown) == shown and "//" not in shown:
        return f"[{shown}](<{address}>)"
    return f"{escape(shown)} <{address}>".strip()


def _unmentioned(text: str) -> str:
    return _MENTION.sub(lambda match: match[0] + BREAK, text)


def _is_plain(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in _IN_LABELS and category not in ("So", "Sk", "Me", "Mn")


def _address(url: str) -> str | None:
    """Return the address as it may stand between angle brackets, None where it is none."""
    try:
        host = urlsplit(url).netloc
    except ValueError:
        return None
    address = url if url.isascii() else quote(visible(url), safe=_KEPT_IN_ADDRESS)
    if not host or not host.isascii() or visible(url) != url or not _ADDRESS.fullmatch(address):
        return None
    address = _MENTION.sub("%40", address.translate(_CLOSING_IN_ADDRESS))
    return address if size(address) <= LINK else None
