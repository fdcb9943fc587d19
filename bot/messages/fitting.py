"""What is posted for everybody: one message, never split.

Where it is too long, facts are left out, and a remark in their place says how many and what to type: from the end, but
of a history, whose newest stand there, from the beginning. What stands at the end of the document, the way to stop it
among that, stays.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain

from bot.messages.document import Block, Choices, Document, FactCard, FactLine, Footnote, Heading
from bot.wording.wording import Wording, wording

_FOOT = 2  # blocks at the end that stay
_MOST_COMMANDS = 3


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is left out first, and what is typed to see it.

    `command` is what a line begins with where it is typed. `line` is what shows all of the document; without, what is
    left out is looked up by its statement. Of one whose newest facts stand last, the oldest go first.
    """

    command: str
    line: str = ""
    newest_last: bool = False


@dataclass(frozen=True, slots=True)
class Fitted:
    """A document as one message holds it, and the ids of the facts for which it had no room."""

    document: Document
    unshown: frozenset[int] = frozenset()


def fitted(
    document: Document, cut: Callable[[Block], Iterable[Block]], fits: Callable[[Document], bool], leaving: Leaving
) -> Fitted:
    """Return as much of a document as fits into one message.

    `cut` yields a block in pieces that can be left out one by one, each of bounded length; `fits` says whether a
    document is taken whole.
    """
    words = wording(document.locale)
    blocks = [piece for block in document.blocks for piece in cut(block)]
    order = _history_order(blocks) if leaving.newest_last else _leaving_order(blocks)

    def kept(left: int) -> Document:
        return Document(document.locale, tuple(_kept(blocks, set(chain(*order[:left])), leaving, words)))

    enough = bisect_left(range(len(order) + 1), 1, key=lambda left: fits(kept(left)))
    gone = set(chain(*order[:enough]))
    shown = _facts(block for at, block in enumerate(blocks) if at not in gone)
    return Fitted(kept(enough), _facts(blocks[at] for at in gone) - shown)


def _leaving_order(blocks: Sequence[Block]) -> list[list[int]]:
    """Return which blocks may go, the first to go first: facts from the end, then the rest from the end."""
    foot = len(blocks)
    while foot > max(0, len(blocks) - _FOOT) and isinstance(blocks[foot - 1], Footnote | Choices):
        foot -= 1
    facts = [[at] for at in range(foot) if _is_fact(blocks[at])]
    rest = [[at] for at in range(foot) if not _is_fact(blocks[at])]
    return [*reversed(facts), *reversed(rest)]


def _history_order(blocks: Sequence[Block]) -> list[list[int]]:
    """Return which blocks of a history may go, the first to go first: facts from the beginning, with the headings over
    them where each has one, then the rest as of any document.
    """
    facts = [at for at, block in enumerate(blocks) if _is_fact(block)]
    over = [at - 1 for at in facts if at and isinstance(blocks[at - 1], Heading)]
    has_each_one = len(over) == len(facts) > 1
    oldest_first = [[at - 1, at] if has_each_one else [at] for at in facts]
    going = set(chain(*oldest_first))
    return [*oldest_first, *(each for each in _leaving_order(blocks) if not going.issuperset(each))]


def _kept(blocks: Sequence[Block], left: AbstractSet[int], leaving: Leaving, words: Wording) -> Iterator[Block]:
    gap: list[Block] = []
    for at, block in enumerate(blocks):
        if at in left:
            gap.append(block)
            continue
        yield from _left_out(gap, leaving, words)
        gap = []
        yield block
    yield from _left_out(gap, leaving, words)


def _left_out(gap: Sequence[Block], leaving: Leaving, words: Wording) -> Iterator[Footnote]:
    """Yield a remark on what was left out in one place: how many facts, and what to type for them."""
    facts = [block.fact for block in gap if isinstance(block, FactLine | FactCard)]
    if facts:
        statements = dict.fromkeys(f"statement {fact.statement.public_id}" for fact in facts)
        lines = [leaving.line] if leaving.line else list(statements)[:_MOST_COMMANDS]
        text = words.say_many(
            "{count} more is left out here: type {commands}.",
            "{count} more are left out here: type {commands}.",
            len(facts),
            commands=words.join(f"{leaving.command} {line}" for line in lines),
        )
        yield Footnote(text)
    elif any(not isinstance(block, Heading) for block in gap):
        yield Footnote(words.say("There is more than fits here."))


def _facts(blocks: Iterable[Block]) -> frozenset[int]:
    return frozenset(block.fact.id for block in blocks if isinstance(block, FactLine | FactCard))


def _is_fact(block: Block) -> bool:
    return isinstance(block, FactLine | FactCard)
