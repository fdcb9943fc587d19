"""Comparing what a file says with what is held under the same keys, and counting what came of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from bot.domain.changes import Applied, ChangeRefusedError, Origin, RefusalReason
from bot.domain.facts import LibraryContent

IDS_TOLD = 200
_WEIGHT = {Origin.SEEDS: 0, Origin.IMPORT: 1, Origin.EDITOR: 2}


class Keyed(Protocol):
    """An entry of a library file."""

    @property
    def key(self) -> str:
        """The name that stays."""


E = TypeVar("E", bound=Keyed)


@dataclass(frozen=True, slots=True)
class Held(Generic[E]):
    """What the store holds under a key, as a file would say it. Without an origin, seeds may always change it."""

    id: int
    entry: E
    version: int = 1
    origin: Origin | None = None


@dataclass
class Tally:
    """What a load did so far."""

    origin: Origin
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    facts: list[int] = field(default_factory=list)

    def to_write(self, entries: Iterable[E], held: Mapping[str, Held[E]]) -> Iterator[tuple[E, Held[E] | None]]:
        """The entries that are new or differ, each with what is held; the others are only counted."""
        for entry in entries:
            old = held.get(entry.key)
            if old is None:
                self.added += 1
                yield entry, None
            elif old.entry == entry:
                self.unchanged += 1
            elif self._is_kept(old):
                self.kept.append(entry.key)
            else:
                self.changed += 1
                yield entry, old

    def _is_kept(self, old: Held[E]) -> bool:
        """Whether what is held stays: seeds never overwrite what anyone else wrote, files never what an editor wrote,
        and an editor who adds never overwrites anything: `correct` does.
        """
        if old.origin is None:
            return False
        return self.origin is Origin.EDITOR or _WEIGHT[old.origin] > _WEIGHT[self.origin]

    def applied(self) -> Applied:
        """The sum, with the ids of the first statements and facts that were written."""
        ids = [f"S{each}" for each in self.statements] + [f"F{each}" for each in self.facts]
        return Applied(tuple(ids[:IDS_TOLD]), self.added, self.changed, self.unchanged, tuple(self.kept))


def refuse_doubles(content: LibraryContent) -> None:
    """Refuse (DANGLING) content that uses a key twice for one kind of thing: a reference to it could mean either."""
    kinds: dict[str, Iterable[Keyed]] = {
        "source": content.sources,
        "speaker": content.speakers,
        "topic": content.topics,
        "statement": content.statements,
        "fact": content.facts,
        "dispute": content.disputes,
        "word list": content.word_lists,
    }
    for kind, entries in kinds.items():
        key, times = next(iter(Counter(entry.key for entry in entries).most_common(1)), ("", 0))
        if times > 1:
            raise ChangeRefusedError(RefusalReason.DANGLING, f"{kind} {key} is there {times} times")
