"""What is posted for everybody: one message, never split.

Where it is too long, facts are left out from the end, and a remark in their place says how many and what to type. What
stands at the end of the document, the way to stop it among that, stays.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.messages.document import Block, Choices, Document, FactCard, FactLine, Footnote, Heading
from bot.wording.wording import Wording, wording

_FOOT = 2  # blocks at the end that stay
_MOST_COMMANDS = 3


@dataclass(frozen=True, slots=True)
class Fitted:
    """A document as one message holds it, and the ids of the facts for which it had no room."""

    document: Document
    unshown: frozenset[int] = frozenset()


def fitted(
    document: Document, cut: Callable[[Block], Iterable[Block]], fits: Callable[[Document], bool], command: str
) -> Fitted:
    """Return as much of a document as fits into one message.

    `cut` yields a block in pieces that can be left out one by one, each of bounded length; `fits` says whether a
    document is taken whole; `command` is what a line begins with where it is typed.
    """
    words = wording(document.locale)
    blocks = [piece for block in document.blocks for piece in cut(block)]
    order = _leaving_order(blocks)

    def kept(left: int) -> Document:
        return Document(document.locale, tuple(_kept(blocks, set(order[:left]), command, words)))

    enough = bisect_left(range(len(order) + 1), 1, key=lambda left: fits(kept(left)))
    gone = (blocks[at] for at in order[:enough])
    return Fitted(kept(enough), frozenset(block.fact.id for block in gone if isinstance(block, FactLine | FactCard)))


def _leaving_order(blocks: Sequence[Block]) -> list[int]:
    """Return which blocks may go, the first to go first: facts from the end, then the rest from the end."""
    foot = len(blocks)
    while foot > max(0, len(blocks) - _FOOT) and isinstance(blocks[foot - 1], Footnote | Choices):
        foot -= 1
    facts = [at for at in range(foot) if _is_fact(blocks[at])]
    rest = [at for at in range(foot) if not _is_fact(blocks[at])]
    return [*reversed(facts), *reversed(rest)]


def _kept(blocks: Sequence[Block], left: AbstractSet[int], command: str, words: Wording) -> Iterator[Block]:
    gap: list[Block] = []
    for at, block in enumerate(blocks):
        if at in left:
            gap.append(block)
            continue
        yield from _left_out(gap, command, words)
        gap = []
        yield block
    yield from _left_out(gap, command, words)


def _left_out(gap: Sequence[Block], command: str, words: Wording) -> Iterator[Footnote]:
    """Yield a remark on what was left out in one place: how many facts, and what to type for them."""
    facts = [block.fact for block in gap if isinstance(block, FactLine | FactCard)]
    if facts:
        commands = list(dict.fromkeys(f"{command} statement {fact.statement.public_id}" for fact in facts))
        text = words.say_many(
            "{count} more is left out here: type {commands}.",
            "{count} more are left out here: type {commands}.",
            len(facts),
            commands=words.join(commands[:_MOST_COMMANDS]),
        )
        yield Footnote(text)
    elif any(not isinstance(block, Heading) for block in gap):
        yield Footnote(words.say("There is more than fits here."))


def _is_fact(block: Block) -> bool:
    return isinstance(block, FactLine | FactCard)
