"""Text that nobody means well by on Discord, and what Discord makes of a text: what it shows, what it acts upon."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from documents import MARKUP, PAGE, PLAIN, SCRIPTS, UNSEEN, ZALGO
from documents import texts as any_texts
from hypothesis import strategies as st

MENTIONS = (
    *("@everyone", "@here", "<@1>", "<@!1>", "<@&1>", "<#1>", "</add:1>", "<:a:1>", "<a:b:1>", "<t:1>", "<t:1:R>"),
    *("<id:customize>", "@EVERYONE", "@every\u200bone", "<@\u200b1>", "\\@everyone", "\\<@1>"),
)
MARKDOWN = (
    *("*", "**", "_", "__", "~~", "||", "`", "```", "```\n", "> ", ">>> ", "# ", "## ", "### ", "-# ", "- ", "* "),
    *("1. ", " 12. ", "\n# ", "\n- ", "\n> ", "[", "](", ")", "[a](http://x.example)", "[a](<http://x.example>)"),
    *(
        ":smile:",
        ":+1:",
        "\\",
        "\\\\",
        "¯\\_(ツ)_/¯",
        "discord.gg/abc",
        "https://discord.gg/abc",
        "steam://x",
        "(",
        "<",
    ),
)
HOSTILE = (*MENTIONS, *MARKDOWN, *MARKUP, *UNSEEN, ZALGO, PAGE, "x" * 10_000, "字" * 10_000, "@everyone " * 1_000)

_pieces = st.sampled_from(MENTIONS + MARKDOWN + UNSEEN + SCRIPTS + PLAIN)
texts = st.lists(_pieces, max_size=12).map("".join) | any_texts

# A backslash takes the meaning of any mark behind it. A masked link shows its label, one in angle brackets itself.
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_LINKS = re.compile(r"\[([^\[\]\\]*)\]\(<https?://[^\s<>()\\]+>\)|<(https?://[^\s<>\\]+)>")
_OURS = re.compile(r"^(?:###|-#|-|>) ", re.MULTILINE)
_LIVE = re.compile(r"[\\*_~|`<>\[\]]|@(?:everyone|here)|://|^ *(?:#{1,3}|-#?|\d+\.)(?:\s|\Z)", re.MULTILINE)
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]|\u200b(?!everyone|here|[!&]?\\d)",
    re.IGNORECASE,
)


def shown(text: str) -> str:
    """Return what is read where Discord shows this text, with our own headings, bullets and bold type as typed."""
    return _ESCAPED.sub(r"\1", _LINKS.sub(r"\1\2", text)).replace("\u200b", "")


def live(text: str) -> list[str]:
    """Return what of a text Discord would act upon, beside links and our own marks."""
    bare = _OURS.sub("", _ESCAPED.sub("x", _LINKS.sub("x", text)).replace("**", "x"))
    return [ascii(text[:200])] if _UNSEEN.search(text) or _LIVE.search(bare) else []


def texts_in(message: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a message says where Discord reads marks."""
    yield message["content"]
    for embed in message["embeds"]:
        yield from (embed[name] for name in ("title", "description") if name in embed)
        yield from (field[name] for field in embed.get("fields", ()) for name in ("name", "value"))


def labels_in(message: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a message says where Discord reads none: on its buttons, and at the foot of its embeds."""
    yield from (button["label"] for row in message["components"] for button in row["components"])
    yield from (embed["footer"]["text"] for embed in message["embeds"] if "footer" in embed)
