"""What the composition root hands to the console."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.diagnosis import Finding
from bot.digests.report import TickReport
from bot.installation import Installation
from bot.ports import Messenger


def _no_manifest(_url: str | None) -> str:
    raise LookupError("This command line was put together without Slack.")


def _no_invitation(_application: str | None) -> str:
    raise LookupError("This command line was put together without Discord.")


@dataclass(frozen=True, slots=True)
class Rooms:
    """Ways into the other rooms.

    `open` raises StoreUnavailableError, SettingsError or LibraryFileError. `upgrade` brings the database to the newest
    revision and returns the one before and the one after. `tick` enqueues and drains what is due at an instant. `run`
    serves until it is stopped. `manifest` returns Slack's app manifest as JSON, for Socket Mode, or for signed HTTP at
    a public URL; it raises ValueError where the URL will not do. `diagnose` checks the settings and all that they lead
    to; it may raise SettingsError. `invite` returns the link that brings the bot into a Discord server, for the
    application that is named or else the settings'; it raises ValueError where that is no id, LookupError where the
    settings lead to none, or SettingsError.
    """

    open: Callable[[], Installation]
    upgrade: Callable[[], tuple[str | None, str]]
    tick: Callable[[Installation, datetime, Messenger], TickReport]
    run: Callable[[Installation, Messenger], None]
    manifest: Callable[[str | None], str] = _no_manifest
    diagnose: Callable[[], list[Finding]] = list
    invite: Callable[[str | None], str] = _no_invitation

    @contextmanager
    def opened(self) -> Iterator[Installation]:
        """Open the installation for as long as the block runs."""
        installation = self.open()
        try:
            yield installation
        finally:
            installation.close()
