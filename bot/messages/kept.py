"""What was lately made of documents, so that it need not be made twice."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from bot.messages.document import Document

_MOST = 256
_Made = TypeVar("_Made")


class Kept(Generic[_Made]):
    """Keeps what was made last. A document is known by its identity, which it has for as long as it is held here.

    Several threads may ask; at worst something is made twice.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._made: OrderedDict[tuple[int, Hashable], tuple[Document, _Made]] = OrderedDict()

    def of(self, document: Document, make: Callable[[], _Made], variant: Hashable = None) -> _Made:
        """Return what `make` makes of a document, in this variant."""
        key = (id(document), variant)
        found = self._made.get(key)
        if found:
            return found[1]
        made = make()
        self._made[key] = document, made
        if len(self._made) > self._most:
            self._made.popitem(last=False)
        return made
