"""The fence at the bytes themselves: a connection may take long to open, and who sends may be stopped meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_fence: ContextVar[Callable[[], bool] | None] = ContextVar("fence", default=None)


class FencedOutError(Exception):
    """The fence was closed when the bytes were to go out: nothing was sent."""


@contextmanager
def fenced(fence: Callable[[], bool]) -> Iterator[None]:
    """Let `pass_fence` ask this fence meanwhile, in this task."""
    token = _fence.set(fence)
    try:
        yield
    finally:
        _fence.reset(token)


def pass_fence() -> None:
    """Return if the fence is open, or there is none: called once a connection stands. Raises FencedOutError if not."""
    fence = _fence.get()
    if fence and not fence():
        raise FencedOutError
