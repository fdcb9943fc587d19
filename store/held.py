"""What is held in memory of the newest revision."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from bot.domain.facts import Fact

T = TypeVar("T")
_TOPICS_HELD = 80  # whose newest facts are kept in memory
_DIGESTS_HELD = 64


class RevisionCache:
    """What every answer needs of the newest revision that was read, and that seldom changes: topics, speakers, words
    and counts, the newest facts of the topics that were asked for last, and the digests that were told last. Nothing
    else that there is one of for each fact, nor anything of the search index, which is built anew without a new
    revision.
    """

    def __init__(self) -> None:
        self._held: tuple[int | None, dict[str, Any]] = (None, {})  # one value: threads share this

    def newest(self, topic: str, limit: int, revision: int, read: Callable[[], Sequence[Fact]]) -> Sequence[Fact]:
        """Return a topic's newest facts as of this revision; those of the last few topics are held."""
        return self._recent("newest facts", (topic, limit), _TOPICS_HELD, revision, read)

    def digest(self, key: Hashable, revision: int, read: Callable[[], T]) -> T:
        """Return a digest, or a part of one, by all that it hangs on; the last ones that were read are held."""
        return self._recent("digests", key, _DIGESTS_HELD, revision, read)

    def _recent(self, kind: str, key: Hashable, most: int, revision: int, read: Callable[[], T]) -> T:
        """Return what there is of a kind by a key as of this revision; the last `most` that were read are held."""
        recent = self.get(kind, revision, OrderedDict[Hashable, T])
        found = recent.get(key)
        if found is None:
            found = recent[key] = read()
            if len(recent) > most:
                recent.popitem(last=False)
        return found

    def get(self, what: str, revision: int, read: Callable[[], T]) -> T:
        """Return `what` as of this revision, read if it is not held."""
        held = self._held
        if held[0] != revision:
            held = self._held = (revision, {})
        known = held[1]
        if what not in known:
            known[what] = read()
        found: T = known[what]
        return found
