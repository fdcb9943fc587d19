"""Parts on pages: as many as Slack takes in one message, and the buttons that lead from page to page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, islice, takewhile

from adapters.slack.escape import escape
from adapters.slack.kit import Json, actions, context, mrkdwn, section
from adapters.slack.limits import PAGE_BLOCKS, PAGE_TEXT, SECTION_TEXT
from adapters.slack.part import Part, blocks_of, text_of
from bot.domain.text import Locale
from bot.wording.wording import Wording

_ROW = 5  # more buttons than these do not stand in one row


@dataclass(frozen=True, slots=True)
class Page:
    """One message: its blocks, the text that carries all that they show, and the language of its buttons. `unshown` are
    the ids of facts for which one message had no room.
    """

    blocks: list[Json]
    text: str
    locale: Locale = Locale.EN
    unshown: frozenset[int] = frozenset()


def page_of(parts: Sequence[Part], words: Wording) -> Page:
    """Return one page with all of these parts, or that says there are none."""
    if parts:
        return Page(blocks_of(parts), text_of(parts), words.locale)
    nothing = escape(words.say("There is nothing to show."))
    return Page([section(nothing)], nothing, words.locale)


def packed(parts: Iterable[Part], words: Wording) -> tuple[Page, ...]:
    """Return the parts as pages, at least one, each as full as it may be."""
    return tuple(page_of(page, words) for page in _packed(parts))


def fits(parts: Iterable[Part]) -> bool:
    """Whether these parts fit on one page."""
    return reduce(_Filled.with_part, parts, _Filled()).fits(PAGE_BLOCKS, PAGE_TEXT)


def leading(parts: Iterable[Part], blocks: int, characters: int) -> list[Part]:
    """Return as many of the first parts as fit in so many blocks and characters."""
    filled = accumulate(parts, _Filled.with_part, initial=_Filled())
    room = takewhile(lambda each: each.fits(blocks, characters), islice(filled, 1, None))
    return [each.part for each in room if each.part]


def _packed(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """Yield what stands on each page; a heading moves to the next with what it is over, where that has room for it."""
    page: list[Part] = []
    filled = _Filled()
    for part in parts:
        filled = filled.with_part(part)
        if page and not filled.fits(PAGE_BLOCKS, PAGE_TEXT):
            leads = len(page) > 1 and page[-1].leads and fits((page[-1], part))
            yield page[:-1] if leads else page
            page = page[-1:] if leads else []
            filled = reduce(_Filled.with_part, (*page, part), _Filled())
        page.append(part)
    yield page


@dataclass(frozen=True, slots=True)
class _Filled:
    """How full a page is with its last part: its blocks, its characters, and the section that a run goes on in."""

    part: Part | None = None
    blocks: int = 0
    characters: int = 0
    section: int = 0

    def with_part(self, part: Part) -> "_Filled":
        cost = part.cost
        goes_on = part.goes_on_from(self.part) and self.section + cost <= SECTION_TEXT
        return _Filled(
            part,
            self.blocks + (0 if goes_on else len(part.blocks)),
            self.characters + cost,
            cost + (self.section if goes_on else 0),
        )

    def fits(self, blocks: int, characters: int) -> bool:
        return self.blocks <= blocks and self.characters <= characters


def with_buttons(page: Page, buttons: Sequence[Json]) -> Page:
    """Return the page with these buttons at its end: in its last row where they fit there."""
    if not buttons:
        return page
    blocks = list(page.blocks)
    last = blocks[-1]["elements"] if blocks and blocks[-1]["type"] == "actions" else []
    if last and len(last) + len(buttons) <= _ROW:
        blocks.pop()
        buttons = [*last, *buttons]
    return Page([*blocks, actions(buttons)], page.text, page.locale)


def with_note(page: Page, note: str) -> Page:
    """Return the page with an escaped remark under it."""
    return Page([*page.blocks, context(mrkdwn(note))], f"{page.text}\n\n{note}", page.locale)
