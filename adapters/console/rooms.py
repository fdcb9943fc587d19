"""What the composition root hands to the console."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.digests.report import TickReport
from bot.installation import Installation
from bot.ports import Messenger


@dataclass(frozen=True, slots=True)
class Rooms:
    """Ways into the other rooms.

    `open` raises StoreUnavailableError, SettingsError or LibraryFileError. `upgrade` brings the database to the newest
    revision and returns the one before and the one after. `tick` enqueues and drains what is due at an instant. `run`
    serves until it is stopped.
    """

    open: Callable[[], Installation]
    upgrade: Callable[[], tuple[str | None, str]]
    tick: Callable[[Installation, datetime, Messenger], TickReport]
    run: Callable[[Installation, Messenger], None]

    @contextmanager
    def opened(self) -> Iterator[Installation]:
        """Open the installation for as long as the block runs."""
        installation = self.open()
        try:
            yield installation
        finally:
            installation.close()
