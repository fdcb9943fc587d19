"""How digests are posted on the console: printed."""

from collections.abc import Callable
from datetime import datetime, timedelta

from adapters.console.output import Output, Tone
from bot.domain.digests import Attempt, Posted, TryLater, Unsure
from bot.domain.people import Address, Platform
from bot.messages.document import Document
from bot.wording.wording import wording

_A_WHILE = timedelta(minutes=1)


class ConsoleMessenger:
    """Prints what is posted to console addresses, and nothing meant for another platform."""

    def __init__(self, output: Output) -> None:
        self._output = output

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        """Print one message under a line that names its address."""
        if address.platform is not Platform.CONSOLE:
            return TryLater(_A_WHILE, f"the console does not post to {address.platform}")
        if not fence():
            return TryLater(_A_WHILE, "too slow")
        try:
            self._print(address, document)
        except OSError as error:
            return Unsure(f"standard output: {error.strerror}")
        return Posted(nonce)

    def unshown(self, address: Address, document: Document) -> frozenset[int]:  # noqa: ARG002 (the port has them)
        """Return no ids: all is printed."""
        return frozenset()

    async def find(self, address: Address, nonce: str, since: datetime) -> str | None:  # noqa: ARG002 (the port has them)
        """Raise LookupError: what was printed cannot be looked for."""
        raise LookupError("what was printed cannot be looked for")

    def _print(self, address: Address, document: Document) -> None:
        heading = wording(document.locale).say("Posted to {address}:", address=address.name)
        self._output.tell(heading, Tone.QUIET)
        self._output.show(document)
        self._output.tell()
