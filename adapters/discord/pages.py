"""Parts on pages: as many as Discord takes in one message, and the buttons that lead from page to page."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from adapters.discord.components import Button, Json, Press, components
from adapters.discord.escape import escape, plain, small
from adapters.discord.limits import BUTTON_LABEL, PAGE_CONTENT
from adapters.discord.part import Part, fits, laid_out
from bot.domain.text import Locale
from bot.messages.document import Block
from bot.wording.wording import Wording, wording

NO_MENTIONS: Json = {"parse": []}  # Discord, "Allowed Mentions Object": nobody is told of what a message holds


@dataclass(frozen=True, slots=True)
class Source:
    """What a page was made of, for where Discord takes its text alone: see `text_page.as_text`.

    `line` shows all of it where it is typed, empty where none is known to; `mark` is what the message is found by. What
    `is_private` only one person reads.
    """

    blocks: tuple[Block, ...] = ()
    line: str = ""
    mark: str = ""
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One message: its content, its embeds and its buttons, and the language these are in. `unshown` are the ids of
    facts for which one message had no room.
    """

    text: str
    embeds: list[Json]
    buttons: tuple[Button, ...] = ()
    locale: Locale = Locale.EN
    unshown: frozenset[int] = frozenset()
    source: Source = Source()

    @property
    def components(self) -> list[Json]:
        """Its buttons in rows, but for those that carry more than they hold: see `components`."""
        return components(self.buttons)

    def message(self, tokens: Mapping[str, str] | None = None) -> Json:
        """Return the message as Discord takes it, which mentions nobody. `tokens` are those of what was parked."""
        return {
            "content": self.text,
            "embeds": self.embeds,
            "components": components(self.buttons, tokens),
            "allowed_mentions": NO_MENTIONS,
        }


def page_of(parts: Sequence[Part], words: Wording) -> Page:
    """Return one page with all of these parts, or that says there are none."""
    text, embeds = laid_out(parts)
    buttons = tuple(button for part in parts for button in part.buttons)
    if not text and not embeds:
        labels = (f"- {escape(plain(button.label, BUTTON_LABEL))}" for button in buttons)
        text = "\n".join(labels)[:PAGE_CONTENT] or escape(words.say("There is nothing to show."))
    source = Source(tuple(part.block for part in parts if part.block))
    return Page(text, embeds, buttons, words.locale, source=source)


def packed(parts: Sequence[Part], words: Wording) -> tuple[Page, ...]:
    """Return the parts as pages, at least one, each as full as it may be."""
    return tuple(page_of(page, words) for page in _packed(parts)) or (page_of((), words),)


def paged(pages: tuple[Page, ...], index: int, query: str, token: str = "") -> Page:
    """Return the page nearest to number `index` (from 0), with buttons to the ones beside it and which one it is.

    The buttons carry `query`, the line that asks for the pages, and the token of a share. Told as text alone, which
    has no such buttons, the page goes on with the ones behind it.
    """
    last = len(pages) - 1
    index = max(0, min(index, last))
    page = pages[index]
    if not query:
        return page
    blocks = tuple(chain.from_iterable(each.source.blocks for each in pages[index:]))
    page = replace(page, source=replace(page.source, blocks=blocks, line=query))
    if not last:
        return page
    words = wording(page.locale)
    note = words.say("Page {number} of {count}", number=words.number(index + 1), count=words.number(last + 1))
    turning = [Button(words.say("Back"), Press.PAGE, query, index - 1, token)] if index > 0 else []
    turning += [Button(words.say("Next"), Press.PAGE, query, index + 1, token)] if index < last else []
    return with_note(with_buttons(page, turning), note)


def with_buttons(page: Page, buttons: Sequence[Button]) -> Page:
    """Return the page with these buttons at its end."""
    return replace(page, buttons=(*page.buttons, *buttons))


def with_note(page: Page, note: str) -> Page:
    """Return the page with a remark under it: in the last embed's foot, else under the content."""
    if not page.embeds:
        return replace(page, text=f"{page.text}\n{small(escape(note))}")
    *before, last = page.embeds
    return replace(page, embeds=[*before, last | {"footer": {"text": note}}])


def _packed(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """Yield what stands on each page; a heading moves to the next with what it is over."""
    rest = parts
    while rest:
        count = _fitting(rest)
        if 1 < count < len(rest) and rest[count - 1].leads:
            count -= 1
        yield rest[:count]
        rest = rest[count:]


def _fitting(parts: Sequence[Part]) -> int:
    """Return how many of the first parts fit on a page, at least one."""
    if fits(parts):
        return len(parts)
    return max(1, bisect_right(range(1, len(parts)), 0, key=lambda count: not fits(parts[:count])))
