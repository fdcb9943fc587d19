"""Writing things down aside, so that nobody's reply waits for it."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

MOST_WAITING = 200

log = logging.getLogger(__name__)


class Notes:
    """Writes one note after another in a thread of its own. One that fails, or is one too many, is logged and lost."""

    def __init__(self) -> None:
        self._waiting: set[Future[object]] = set()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="notes")

    def add(self, write: Callable[[], object]) -> None:
        """Have something written, after what is waiting."""
        if len(self._waiting) >= MOST_WAITING:
            log.warning("a note was dropped: %d are waiting to be written", MOST_WAITING)
            return
        future = self._thread.submit(write)
        self._waiting.add(future)
        future.add_done_callback(self._written)

    def settle(self, seconds: float) -> None:
        """Wait until all that was added is written, but no longer than this."""
        wait(list(self._waiting), timeout=seconds)

    def _written(self, future: Future[object]) -> None:
        self._waiting.discard(future)
        error = future.exception()
        if error:
            log.error("something was not written down", exc_info=error)
