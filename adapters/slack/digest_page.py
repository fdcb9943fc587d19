"""What is posted for everybody: one message, never split.

Where it is too long, facts are left out, and a remark in their place says how many and what to type: from the end, but
of a history, whose newest stand there, from the beginning. What stands at the end of the document, the way to stop it
among that, stays.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain, count

from adapters.slack.cards import card_parts, cited, shortened
from adapters.slack.cutting import clip
from adapters.slack.document_parts import COMMAND, block_parts
from adapters.slack.escape import one_line
from adapters.slack.pages import Page, fits, page_of
from adapters.slack.part import Part
from bot.messages.document import (
    Block,
    Choices,
    Document,
    Entries,
    FactCard,
    FactLine,
    Footnote,
    Heading,
    Paragraph,
    Quotation,
    Table,
)
from bot.wording.wording import Wording, wording

_TITLE = 300
_TEXT = 1_000
_LINE = 1_500
_FOOT = 2  # blocks at the end that stay
_MOST_COMMANDS = 3


@dataclass(frozen=True, slots=True)
class _Item:
    """A block of bounded length, with its parts."""

    block: Block
    parts: tuple[Part, ...]


def for_digest(document: Document, *, line: str = "", newest_last: bool = False) -> Page:
    """Return the document as one message within Slack's limits; its citations are whole.

    `line` is what shows all of it where it is typed; without, what is left out is looked up by its statement.
    """
    words = wording(document.locale)
    items = list(_items(document))
    order = _history_order(items) if newest_last else _leaving_order(items)

    def kept(left: int) -> list[Part]:
        return list(_kept(items, set(chain(*order[:left])), words, line))

    enough = bisect_left(range(len(order) + 1), 1, key=lambda left: fits(kept(left)))
    gone, shown = (_facts(items[at] for at in chain(*part)) for part in (order[:enough], order[enough:]))
    return replace(page_of(kept(enough), words), unshown=gone - shown)


def _items(document: Document) -> Iterator[_Item]:
    numbers = count(1)
    for block in document.blocks:
        for cut in _cut(block):
            parts = tuple(block_parts(cut, numbers))
            if parts:
                yield _Item(cut, parts[:1] if isinstance(cut, Choices) else parts)


def _cut(block: Block) -> Iterator[Block]:
    """Yield the block in pieces that can be left out one by one, each of bounded length."""
    match block:
        case Heading(text):
            yield Heading(clip(one_line(text), _TITLE))
        case Paragraph(text) | Footnote(text):
            yield replace(block, text=clip(text, _TEXT))
        case Quotation(text, attribution):
            yield Quotation(clip(text, _TEXT), clip(attribution, _TITLE))
        case FactLine(_, text, source, url):
            yield replace(block, text=clip(text, _LINE), source=clip(source, _TITLE), url=cited(url, _TITLE))
        case FactCard():
            yield block if len(list(card_parts(block))) <= 1 else shortened(block)
        case Entries(entries):
            yield from (Entries((replace(entry, text=clip(entry.text, _TEXT)),)) for entry in entries)
        case Table(header, rows):
            yield from (Table(header, (tuple(clip(cell, _TITLE) for cell in row),)) for row in rows)
        case Choices():
            yield block


def _leaving_order(items: Sequence[_Item]) -> list[list[int]]:
    """Return which items may go, the first to go first: facts from the end, then the rest from the end."""
    foot = len(items)
    while foot > max(0, len(items) - _FOOT) and isinstance(items[foot - 1].block, Footnote | Choices):
        foot -= 1
    facts = [[at] for at in range(foot) if _is_fact(items[at].block)]
    rest = [[at] for at in range(foot) if not _is_fact(items[at].block)]
    return [*reversed(facts), *reversed(rest)]


def _history_order(items: Sequence[_Item]) -> list[list[int]]:
    """Return which items of a history may go, the first to go first: facts from the beginning, with the headings over
    them where each has one, then the rest as of any document.
    """
    facts = [at for at, item in enumerate(items) if _is_fact(item.block)]
    over = [at - 1 for at in facts if at and isinstance(items[at - 1].block, Heading)]
    has_each_one = len(over) == len(facts) > 1
    oldest_first = [[at - 1, at] if has_each_one else [at] for at in facts]
    going = set(chain(*oldest_first))
    return [*oldest_first, *(each for each in _leaving_order(items) if not going.issuperset(each))]


def _kept(items: Sequence[_Item], left: AbstractSet[int], words: Wording, line: str) -> Iterator[Part]:
    gap: list[Block] = []
    for at, item in enumerate(items):
        if at in left:
            gap.append(item.block)
            continue
        yield from _left_out(gap, words, line)
        gap = []
        yield from item.parts
    yield from _left_out(gap, words, line)


def _left_out(gap: Sequence[Block], words: Wording, line: str) -> Iterator[Part]:
    """Yield a remark on what was left out in one place: how many facts, and what to type for them."""
    facts = [block.fact for block in gap if isinstance(block, FactLine | FactCard)]
    if facts:
        statements = dict.fromkeys(f"statement {fact.statement.public_id}" for fact in facts)
        lines = [line] if line else list(statements)[:_MOST_COMMANDS]
        text = words.say_many(
            "{count} more is left out here: type {commands}.",
            "{count} more are left out here: type {commands}.",
            len(facts),
            commands=words.join(f"{COMMAND} {each}" for each in lines),
        )
    elif any(not isinstance(block, Heading) for block in gap):
        text = words.say("There is more than fits here.")
    else:
        return
    yield from block_parts(Footnote(text), count(1))


def _facts(items: Iterable[_Item]) -> frozenset[int]:
    return frozenset(item.block.fact.id for item in items if isinstance(item.block, FactLine | FactCard))


def _is_fact(block: Block) -> bool:
    return isinstance(block, FactLine | FactCard)
