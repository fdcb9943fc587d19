"""What stays together on a page: some text with its buttons, or a fact in an embed and the text that tells it.

A message's content comes before its embeds. It takes as much as it has room for, and the embeds take the rest. What a
page's first fact says, and who said it, when and where, stands in the content, and the rest of it in an embed: screen
readers, notifications, who copies the text and who sees no embeds have it from the content.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import accumulate, takewhile

from adapters.discord.components import Button, Json
from adapters.discord.limits import DESCRIPTION, EMBEDS, PAGE_CHOICES, PAGE_CONTENT, PAGE_EMBEDS_TEXT, size
from bot.messages.document import Block

_GAP = "\n\n"


class Run(Enum):
    """A list of lines."""

    BULLETS = auto()
    TERMS = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """Escaped text that is not separated. With an `embed` it is what that says, in short. `opening` is what of a
    fact stands over its embed where it is the first, and `rest` what is then left of that.

    Parts of one `run` stand on lines that follow each other. One that `leads` stays with what follows it. `block` is
    what it was made of, None where another part beside it says so.
    """

    text: str
    embed: Json | None = None
    opening: str = ""
    rest: Json | None = None
    run: Run | None = None
    leads: bool = False
    buttons: tuple[Button, ...] = ()
    block: Block | None = None


def text_of(parts: Iterable[Part]) -> str:
    """Return the text of the parts: an empty line between two, none within a list or after a heading."""
    return "".join(_texts([part for part in parts if part.text]))


def laid_out(parts: Sequence[Part]) -> tuple[str, list[Json]]:
    """Return the parts as a message's content and embeds."""
    fact = next((at for at, part in enumerate(parts) if part.embed), None)
    if fact is None:
        end = _leading(parts)
        return text_of(parts[:end]), list(_embeds(parts[end:]))
    before, first, after = parts[:fact], _opened(parts[fact]), parts[fact + 1 :]
    embedded = [first, *after] if first.embed else after
    text = text_of([*before, first])
    if size(text) <= PAGE_CONTENT:
        return text, list(_embeds(embedded))
    return first.text, list(_embeds([*before, *embedded]))


def fits(parts: Sequence[Part]) -> bool:
    """Whether the parts fit in one message, with room for its number and for buttons that turn the page."""
    if sum(len(part.buttons) for part in parts) > PAGE_CHOICES:
        return False
    text, embeds = laid_out(parts)
    used = sum(map(embed_size, embeds))
    return size(text) <= PAGE_CONTENT and len(embeds) <= EMBEDS and used <= PAGE_EMBEDS_TEXT


def embed_size(embed: Json) -> int:
    """Return how much an embed takes of what the embeds of a message may hold together."""
    fields = embed.get("fields", ())
    texts = [embed.get("title", ""), embed.get("description", ""), embed.get("footer", {}).get("text", "")]
    return sum(map(size, [*texts, *(field[name] for field in fields for name in ("name", "value"))]))


def _opened(part: Part) -> Part:
    """Return a fact with what it says in its text and not again in its embed, where that is short enough."""
    if not part.opening or size(part.opening) > PAGE_CONTENT:
        return part
    return replace(part, text=part.opening, embed=part.rest)


def _leading(parts: Sequence[Part]) -> int:
    """Return how many of the first parts stand in the content: all it has room for, or up to a heading in the second
    half of that. No heading stands at its end, unless nothing else has room.
    """
    used = list(accumulate(size(part.text) + len(_GAP) for part in parts))
    end = bisect_right(used, PAGE_CONTENT + len(_GAP))
    if end == len(parts):
        return end
    headings = [at for at in range(1, end) if parts[at].leads and used[at - 1] > PAGE_CONTENT // 2]
    if headings:
        return headings[-1]
    leading = len(list(takewhile(lambda part: part.leads, reversed(parts[:end]))))
    return end - leading or end


def _embeds(parts: Iterable[Part]) -> Iterator[Json]:
    """Yield the facts' own embeds, and embeds for the text between them."""
    run: list[Part] = []
    for part in parts:
        if part.embed:
            yield from _described(run)
            yield part.embed
            run = []
            continue
        if size(text_of((*run, part))) > DESCRIPTION:
            lead = [] if not run[-1].leads else run[-1:]
            yield from _described(run[: len(run) - len(lead)])
            run = lead
        run.append(part)
    yield from _described(run)


def _described(run: Sequence[Part]) -> Iterator[Json]:
    text = text_of(run)
    if text:
        yield {"description": text}


def _texts(parts: Sequence[Part]) -> Iterator[str]:
    for before, part in zip((None, *parts), parts, strict=False):
        if before is not None:
            yield "\n" if before.leads or (part.run and part.run is before.run) else _GAP
        yield part.text
